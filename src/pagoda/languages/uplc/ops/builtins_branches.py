"""Builtins that answer a truth, each fused with the branch on it: ``unless_x`` goes to its target where ``x`` is false."""

from __future__ import annotations

from pagoda.languages.uplc.natives import lists, numbering
from pagoda.languages.uplc.natives.calling import general_2
from pagoda.languages.uplc.natives.values import FALSE, TRUE
from pagoda.languages.uplc.ops.builtins_integers import at_most, both_small, less, same
from pagoda.languages.uplc.ops.model import Any, Ctx, Far, UplcContext, Value
from pagoda.machine.ops import op
from pagoda.machine.verbs import call, fail, slow
from pagoda.native import i64, native
from pagoda.native.intrinsics import likely, unlikely


@native
def untruth(ctx: UplcContext, number: i64, a: Value, b: Value) -> i64:
    """Calls a builtin that answers a truth: 1 where that is False, 0 where it is True, -1 on failure."""
    answer = general_2(ctx, number, a, b)
    if answer.word == TRUE:
        return 0
    return 1 if answer.word == FALSE else -1


@op
def unless_true(a: Any, target: Far) -> bool:
    """Goes to ``target`` for False."""
    if likely(a.word == TRUE):
        return False
    if unlikely(a.word != FALSE):
        return fail()
    return True


@op
def unless_equals_integer(ctx: Ctx, a: Any, b: Any, target: Far) -> bool:
    """Goes to ``target`` unless two integers are equal."""
    if unlikely(not both_small(a, b)):
        return slow(untruth, ctx, numbering.EQUALS_INTEGER, a, b)
    return not same(a, b)


@op
def unless_less_than_integer(ctx: Ctx, a: Any, b: Any, target: Far) -> bool:
    """Goes to ``target`` unless the first integer is smaller."""
    if unlikely(not both_small(a, b)):
        return slow(untruth, ctx, numbering.LESS_THAN_INTEGER, a, b)
    return not less(a, b)


@op
def unless_less_than_equals_integer(ctx: Ctx, a: Any, b: Any, target: Far) -> bool:
    """Goes to ``target`` unless the first integer is not larger."""
    if unlikely(not both_small(a, b)):
        return slow(untruth, ctx, numbering.LESS_THAN_EQUALS_INTEGER, a, b)
    return not at_most(a, b)


@op
def unless_null_list(ctx: Ctx, a: Any, target: Far) -> bool:
    """Goes to ``target`` unless a list is empty."""
    found, empty = lists.null_list(ctx, a)
    if unlikely(not found):
        return fail()
    return empty.word == FALSE


@op
def unless_equals_byte_string(ctx: Ctx, a: Any, b: Any, target: Far) -> bool:
    """Goes to ``target`` unless two bytestrings are equal."""
    return call(untruth, ctx, numbering.EQUALS_BYTE_STRING, a, b)


@op
def unless_equals_data(ctx: Ctx, a: Any, b: Any, target: Far) -> bool:
    """Goes to ``target`` unless two data are the same in all parts."""
    return call(untruth, ctx, numbering.EQUALS_DATA, a, b)
