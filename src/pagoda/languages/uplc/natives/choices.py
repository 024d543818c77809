"""Builtins that pick one of their arguments: what operations and native bodies are made of."""

from __future__ import annotations

from pagoda.languages.uplc.natives.objects import failure, is_data
from pagoda.languages.uplc.natives.values import DATA_CONSTR, FALSE, TRUE, UNIT, kind_of
from pagoda.languages.uplc.ops.model import UplcContext, Value
from pagoda.native import i64, inline
from pagoda.native.intrinsics import likely, unlikely


@inline
def if_then_else(ctx: UplcContext, a: Value, b: Value, c: Value) -> tuple[bool, Value]:
    """The second argument if the first is true, else the third."""
    if a.word == TRUE:
        return True, b
    if likely(a.word == FALSE):
        return True, c
    return failure()


@inline
def branch_of_data(word: i64) -> i64:
    """Which of the five that ``chooseData`` chooses among data picks, from 0; -1 for what is no data."""
    return kind_of(word) - DATA_CONSTR if is_data(word) else -1


@inline
def choose_unit(ctx: UplcContext, a: Value, b: Value) -> tuple[bool, Value]:
    """The second argument."""
    if unlikely(a.word != UNIT):
        return failure()
    return True, b
