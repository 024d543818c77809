"""Native bodies of the builtins on integers; what is too large for native arithmetic goes to the host.

Each function with a context only is the body of the builtin of its name, as :mod:`.builtins` tells.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.natives.calling import arguments, ask_host
from pagoda.languages.uplc.natives.costs import charge
from pagoda.languages.uplc.natives.division import divided
from pagoda.languages.uplc.natives.numbers import MOST_PRODUCTS, added, compared, multiplied, words_of
from pagoda.languages.uplc.natives.objects import is_integer
from pagoda.languages.uplc.natives.values import FAILED, boolean, small
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native

TOO_LONG: Final = 1 << 12  # words; integers of the variants with bounds have fewer, but for one number


@inline
def are_operands(a: i64, b: i64) -> bool:
    """Whether two values are integers that every variant calculates with."""
    return is_integer(a) and is_integer(b) and words_of(a) < TOO_LONG and words_of(b) < TOO_LONG


@inline
def paid(ctx: UplcContext, number: i64, a: i64, b: i64) -> bool:
    """Charges for a builtin on two integers."""
    return charge(ctx, number, words_of(a), words_of(b), 0, 0)


@native
def add_integer(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not are_operands(a, b) or not paid(ctx, numbering.ADD_INTEGER, a, b):
        return FAILED
    return added(ctx, a, b, False)


@native
def subtract_integer(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not are_operands(a, b) or not paid(ctx, numbering.SUBTRACT_INTEGER, a, b):
        return FAILED
    return added(ctx, a, b, True)


@native
def multiply_integer(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not are_operands(a, b):
        return FAILED
    if words_of(a) * words_of(b) > MOST_PRODUCTS:
        return ask_host(ctx, numbering.MULTIPLY_INTEGER)
    if not paid(ctx, numbering.MULTIPLY_INTEGER, a, b):
        return FAILED
    return multiplied(ctx, a, b)


@inline
def division(ctx: UplcContext, number: i64, wants_rest: bool, down: bool) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not are_operands(a, b) or b == small(0):
        return FAILED
    if words_of(a) * words_of(b) > MOST_PRODUCTS:
        return ask_host(ctx, number)
    if not paid(ctx, number, a, b):
        return FAILED
    return divided(ctx, a, b, wants_rest, down)


@native
def divide_integer(ctx: UplcContext) -> i64:
    return division(ctx, numbering.DIVIDE_INTEGER, False, True)


@native
def mod_integer(ctx: UplcContext) -> i64:
    return division(ctx, numbering.MOD_INTEGER, True, True)


@native
def quotient_integer(ctx: UplcContext) -> i64:
    return division(ctx, numbering.QUOTIENT_INTEGER, False, False)


@native
def remainder_integer(ctx: UplcContext) -> i64:
    return division(ctx, numbering.REMAINDER_INTEGER, True, False)


@native
def equals_integer(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not is_integer(a) or not is_integer(b) or not paid(ctx, numbering.EQUALS_INTEGER, a, b):
        return FAILED
    return boolean(compared(a, b) == 0)


@native
def less_than_integer(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not are_operands(a, b) or not paid(ctx, numbering.LESS_THAN_INTEGER, a, b):
        return FAILED
    return boolean(compared(a, b) < 0)


@native
def less_than_equals_integer(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not are_operands(a, b) or not paid(ctx, numbering.LESS_THAN_EQUALS_INTEGER, a, b):
        return FAILED
    return boolean(compared(a, b) <= 0)
