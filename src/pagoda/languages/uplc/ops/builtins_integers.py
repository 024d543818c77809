"""Builtins on integers, as operations. Integers that fit 62 bits are dealt with here; the block has charged for these.

What must hold: nothing has happened yet where an operation goes to ``slow``.
"""

from __future__ import annotations

from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.natives.calling import general_2
from pagoda.languages.uplc.natives.values import boolean
from pagoda.languages.uplc.ops.model import Any, Ctx, Value
from pagoda.machine.ops import op
from pagoda.machine.verbs import slow
from pagoda.native import i64, inline
from pagoda.native.intrinsics import (
    checked_add,
    checked_mul,
    checked_sub,
    divide_truncated,
    likely,
    remainder_truncated,
    unlikely,
)


@inline
def both_small(a: Value, b: Value) -> bool:
    """Whether two words are integers at once: no other words have the lowest bit set."""
    return (a.word & b.word & 1) != 0


@inline
def same(a: Value, b: Value) -> bool:
    """Whether two small integers are equal."""
    return a.word == b.word


@inline
def less(a: Value, b: Value) -> bool:
    """Whether the first of two small integers is smaller."""
    return a.word < b.word


@inline
def at_most(a: Value, b: Value) -> bool:
    """Whether the first of two small integers is not larger."""
    return a.word <= b.word


@inline
def divides_at_once(b: Value) -> bool:
    """Whether a small integer may divide any other: all but 0 and -1 may, whose quotient might not be small."""
    return b.word != 1 and b.word != -3


@inline
def divided(a: i64, b: i64) -> tuple[i64, i64]:
    """Quotient and remainder of small integers' words, both rounded down, as numbers."""
    dividend = a >> 2
    divisor = b >> 2
    quotient = divide_truncated(dividend, divisor)
    rest = remainder_truncated(dividend, divisor)
    if rest != 0 and (rest ^ divisor) < 0:
        quotient -= 1
        rest += divisor
    return quotient, rest


@op
def add_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """The sum."""
    if likely(both_small(a, b)):
        total, over = checked_add(a.word - 1, b.word)
        if likely(not over):
            return Value(total)
    return slow(general_2, ctx, numbering.ADD_INTEGER, a, b)


@op
def subtract_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """The difference."""
    if likely(both_small(a, b)):
        rest, over = checked_sub(a.word, b.word - 1)
        if likely(not over):
            return Value(rest)
    return slow(general_2, ctx, numbering.SUBTRACT_INTEGER, a, b)


@op
def multiply_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """The product."""
    if likely(both_small(a, b)):
        product, over = checked_mul(a.word - 1, b.word >> 2)
        if likely(not over):
            return Value(product | 1)
    return slow(general_2, ctx, numbering.MULTIPLY_INTEGER, a, b)


@op
def divide_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """The quotient, rounded down."""
    if likely(both_small(a, b) and divides_at_once(b)):
        quotient, _ = divided(a.word, b.word)
        return Value((quotient << 2) | 1)
    return slow(general_2, ctx, numbering.DIVIDE_INTEGER, a, b)


@op
def mod_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """What is left by the quotient, rounded down."""
    if likely(both_small(a, b) and divides_at_once(b)):
        _, rest = divided(a.word, b.word)
        return Value((rest << 2) | 1)
    return slow(general_2, ctx, numbering.MOD_INTEGER, a, b)


@op
def quotient_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """The quotient, rounded towards zero."""
    if likely(both_small(a, b) and divides_at_once(b)):
        return Value((divide_truncated(a.word >> 2, b.word >> 2) << 2) | 1)
    return slow(general_2, ctx, numbering.QUOTIENT_INTEGER, a, b)


@op
def remainder_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """What is left by the quotient, rounded towards zero."""
    if likely(both_small(a, b) and divides_at_once(b)):
        return Value((remainder_truncated(a.word >> 2, b.word >> 2) << 2) | 1)
    return slow(general_2, ctx, numbering.REMAINDER_INTEGER, a, b)


@op
def equals_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """Whether two integers are equal."""
    if unlikely(not both_small(a, b)):
        return slow(general_2, ctx, numbering.EQUALS_INTEGER, a, b)
    return Value(boolean(same(a, b)))


@op
def less_than_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """Whether the first is smaller."""
    if unlikely(not both_small(a, b)):
        return slow(general_2, ctx, numbering.LESS_THAN_INTEGER, a, b)
    return Value(boolean(less(a, b)))


@op
def less_than_equals_integer(ctx: Ctx, a: Any, b: Any) -> Value:
    """Whether the first is not larger."""
    if unlikely(not both_small(a, b)):
        return slow(general_2, ctx, numbering.LESS_THAN_EQUALS_INTEGER, a, b)
    return Value(boolean(at_most(a, b)))
