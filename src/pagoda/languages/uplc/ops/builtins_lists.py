"""Builtins on lists and pairs, as operations: their costs are constant, and the block has charged them."""

from __future__ import annotations

from pagoda.languages.uplc.natives import lists, numbering
from pagoda.languages.uplc.natives.calling import general_2
from pagoda.languages.uplc.natives.objects import CONS_DATA, is_data, is_list_of_data, new_2
from pagoda.languages.uplc.ops.answers import given
from pagoda.languages.uplc.ops.model import Any, Ctx, Value
from pagoda.machine.ops import op
from pagoda.machine.verbs import slow
from pagoda.native.intrinsics import likely


@op
def fst_pair(ctx: Ctx, a: Any) -> Value:
    """The first part of a pair."""
    return given(lists.fst_pair(ctx, a))


@op
def snd_pair(ctx: Ctx, a: Any) -> Value:
    """The second part of a pair."""
    return given(lists.snd_pair(ctx, a))


@op
def head_list(ctx: Ctx, a: Any) -> Value:
    """The first item."""
    return given(lists.head_list(ctx, a))


@op
def tail_list(ctx: Ctx, a: Any) -> Value:
    """All items but the first."""
    return given(lists.tail_list(ctx, a))


@op
def null_list(ctx: Ctx, a: Any) -> Value:
    """Whether a list is empty."""
    return given(lists.null_list(ctx, a))


@op
def mk_cons(ctx: Ctx, a: Any, b: Any) -> Value:
    """A list with one more item in front, of the list's own type: nearly always data."""
    if likely(is_data(a.word) and is_list_of_data(b.word)):
        return given(new_2(ctx, CONS_DATA, a.word, b.word))
    return slow(general_2, ctx, numbering.MK_CONS, a, b)


@op
def choose_list(ctx: Ctx, a: Any, b: Any, c: Any) -> Value:
    """The second argument for the empty list, else the third."""
    return given(lists.choose_list(ctx, a, b, c))
