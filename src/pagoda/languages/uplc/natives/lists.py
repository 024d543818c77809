"""Builtins on lists and pairs that cost the same for all arguments: what operations and native bodies are made of."""

from __future__ import annotations

from pagoda.languages.uplc.natives.objects import failure, header_of, is_list, new_2, type_in, type_of
from pagoda.languages.uplc.natives.values import CONS, NIL, PAIR, boolean, fields, kind_of
from pagoda.languages.uplc.ops.model import UplcContext, Value
from pagoda.native import inline
from pagoda.native.intrinsics import likely, unlikely


@inline
def fst_pair(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The first part of a pair."""
    if unlikely(kind_of(a.word) != PAIR):
        return failure()
    return True, Value(fields(a.word)[1])


@inline
def snd_pair(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The second part of a pair."""
    if unlikely(kind_of(a.word) != PAIR):
        return failure()
    return True, Value(fields(a.word)[2])


@inline
def head_list(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The first item."""
    if unlikely(kind_of(a.word) != CONS):
        return failure()
    return True, Value(fields(a.word)[1])


@inline
def tail_list(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """All items but the first."""
    if unlikely(kind_of(a.word) != CONS):
        return failure()
    return True, Value(fields(a.word)[2])


@inline
def null_list(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """Whether a list is empty."""
    kind = kind_of(a.word)
    if unlikely(kind != CONS and kind != NIL):
        return failure()
    return True, Value(boolean(kind == NIL))


@inline
def mk_cons(ctx: UplcContext, a: Value, b: Value) -> tuple[bool, Value]:
    """A list with one more item in front, of the list's own type."""
    if unlikely(not is_list(b.word)):
        return failure()
    header = header_of(b.word)
    if unlikely(type_of(a.word) != type_in(header)):
        return failure()
    return new_2(ctx, (header & ~255) | CONS, a.word, b.word)


@inline
def choose_list(ctx: UplcContext, a: Value, b: Value, c: Value) -> tuple[bool, Value]:
    """The second argument for the empty list, else the third."""
    kind = kind_of(a.word)
    if likely(kind == CONS):
        return True, c
    if likely(kind == NIL):
        return True, b
    return failure()
