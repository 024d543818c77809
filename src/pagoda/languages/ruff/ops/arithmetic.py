"""Arithmetic operations: checked 64-bit ints, floats, and whatever the slow side makes of other operands."""

from __future__ import annotations

from pagoda.languages.ruff.ops.model import Ctx, Left, Read, Reg, Slot, Sum, note_tag, number_of
from pagoda.languages.ruff.ops.slow import (
    BINARY_ADD,
    BINARY_DIV,
    BINARY_MOD,
    BINARY_MUL,
    BINARY_SUB,
    INVERT,
    NEGATE,
    add_slow,
    append_to,
    binary_slow,
    unary_slow,
)  # fmt: skip
from pagoda.machine.ops import op
from pagoda.machine.verbs import slow
from pagoda.native.intrinsics import (
    checked_add,
    checked_mul,
    checked_sub,
    divide_truncated,
    float_remainder,
    likely,
    remainder_truncated,
    unlikely,
)  # fmt: skip
from pagoda.runtime.pairs import (
    BOOL,
    FLOAT,
    Value,
    float_of,
    from_bool,
    from_float,
    from_int,
    int_of,
    is_float,
    is_int,
    is_number,
)

LEAST = -(1 << 63)


@op
def add(ctx: Ctx, a: Left, b: Read, seen: Sum) -> Value:
    """The sum of two numbers, or two strings one after the other."""
    if is_int(a) and is_int(b):
        total, overflowed = checked_add(int_of(a), int_of(b))
        if likely(not overflowed):
            return from_int(total)
        return slow(binary_slow, ctx, BINARY_ADD, a, b)
    if is_float(a) and likely(is_float(b)):
        note_tag(seen, FLOAT)
        return from_float(float_of(a) + float_of(b))
    if unlikely(is_number(a) and is_number(b)):
        note_tag(seen, FLOAT)
        return from_float(number_of(a) + number_of(b))
    return slow(add_slow, ctx, a, b)


@op
def sub(ctx: Ctx, a: Left, b: Read, seen: Sum) -> Value:
    """The difference of two numbers."""
    if is_int(a) and is_int(b):
        difference, overflowed = checked_sub(int_of(a), int_of(b))
        if likely(not overflowed):
            return from_int(difference)
        return slow(binary_slow, ctx, BINARY_SUB, a, b)
    if is_float(a) and likely(is_float(b)):
        note_tag(seen, FLOAT)
        return from_float(float_of(a) - float_of(b))
    if unlikely(is_number(a) and is_number(b)):
        note_tag(seen, FLOAT)
        return from_float(number_of(a) - number_of(b))
    return slow(binary_slow, ctx, BINARY_SUB, a, b)


@op
def mul(ctx: Ctx, a: Left, b: Read, seen: Sum) -> Value:
    """The product of two numbers."""
    if is_int(a) and is_int(b):
        product, overflowed = checked_mul(int_of(a), int_of(b))
        if likely(not overflowed):
            return from_int(product)
        return slow(binary_slow, ctx, BINARY_MUL, a, b)
    if is_float(a) and likely(is_float(b)):
        note_tag(seen, FLOAT)
        return from_float(float_of(a) * float_of(b))
    if unlikely(is_number(a) and is_number(b)):
        note_tag(seen, FLOAT)
        return from_float(number_of(a) * number_of(b))
    return slow(binary_slow, ctx, BINARY_MUL, a, b)


@op
def div(ctx: Ctx, a: Left, b: Read, seen: Sum) -> Value:
    """The quotient; of two ints, toward zero."""
    if is_int(a) and is_int(b):
        divisor = int_of(b)
        if likely(divisor != 0 and (divisor != -1 or int_of(a) != LEAST)):
            return from_int(divide_truncated(int_of(a), divisor))
        return slow(binary_slow, ctx, BINARY_DIV, a, b)
    if is_float(a) and is_float(b):
        by = float_of(b)
        if likely(by != 0.0):
            note_tag(seen, FLOAT)
            return from_float(float_of(a) / by)
    if unlikely(is_number(a) and is_number(b)):
        mixed = number_of(b)
        if likely(mixed != 0.0):
            note_tag(seen, FLOAT)
            return from_float(number_of(a) / mixed)
    return slow(binary_slow, ctx, BINARY_DIV, a, b)


@op
def mod(ctx: Ctx, a: Left, b: Read, seen: Sum) -> Value:
    """The remainder, with the sign of the first operand."""
    if is_int(a) and is_int(b):
        divisor = int_of(b)
        if likely(divisor != 0 and (divisor != -1 or int_of(a) != LEAST)):
            return from_int(remainder_truncated(int_of(a), divisor))
        return slow(binary_slow, ctx, BINARY_MOD, a, b)
    if is_number(a) and is_number(b):
        by = number_of(b)
        if likely(by != 0.0):
            note_tag(seen, FLOAT)
            return from_float(float_remainder(number_of(a), by))
    return slow(binary_slow, ctx, BINARY_MOD, a, b)


@op
def add_to(ctx: Ctx, place: Slot, b: Read) -> None:
    """``place := place + b``, in place: a string that nobody else holds grows without a copy."""
    a = place[0]
    if is_int(a) and is_int(b):
        total, overflowed = checked_add(int_of(a), int_of(b))
        if likely(not overflowed):
            place[0] = from_int(total)
            return
        return slow(append_to, ctx, place, b)
    if is_float(a) and is_float(b):
        place[0] = from_float(float_of(a) + float_of(b))
        return
    if unlikely(is_number(a) and is_number(b)):
        place[0] = from_float(number_of(a) + number_of(b))
        return
    return slow(append_to, ctx, place, b)


@op
def neg(ctx: Ctx, a: Reg) -> Value:
    """The number with the other sign."""
    if is_int(a) and int_of(a) != LEAST:
        return from_int(0 - int_of(a))
    if is_float(a):
        return from_float(-float_of(a))
    return slow(unary_slow, ctx, NEGATE, a)


@op
def invert(ctx: Ctx, a: Reg) -> Value:
    """``!a``: the other truth; of a bool only."""
    if a.tag == BOOL:
        return from_bool(a.payload == 0)
    return slow(unary_slow, ctx, INVERT, a)
