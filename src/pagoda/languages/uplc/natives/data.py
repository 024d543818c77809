"""Builtins that make data and take it apart, at constant cost: what operations and native bodies are made of."""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives.costs import row_of
from pagoda.languages.uplc.natives.numbering import CONSTR_DATA
from pagoda.languages.uplc.natives.objects import (
    CONS_DATA,
    NIL_DATA,
    empty_list,
    failure,
    header_of,
    is_data,
    is_integer,
    is_list_of_data,
    new_1,
    new_2,
)
from pagoda.languages.uplc.natives.prices import FLAGS, TAG_IS_WORD64
from pagoda.languages.uplc.natives.values import (
    BIG,
    BYTES,
    CONS,
    DATA_B,
    DATA_CONSTR,
    DATA_I,
    DATA_LIST,
    DATA_MAP,
    NIL,
    PAIR,
    T_PAIR_DATA,
    T_PAIR_INTEGER_LIST_DATA,
    UNIT,
    fields,
    is_small,
    kind_of,
)
from pagoda.languages.uplc.ops.model import UplcContext, Value
from pagoda.native import i64, inline, native
from pagoda.native.intrinsics import unlikely

TAG_AND_FIELDS: Final = PAIR | T_PAIR_INTEGER_LIST_DATA << 8
PAIR_OF_DATA: Final = PAIR | T_PAIR_DATA << 8
NIL_PAIRS: Final = NIL | T_PAIR_DATA << 8
CONS_PAIRS: Final = CONS | T_PAIR_DATA << 8


@inline
def un_constr_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The pair of a constructor's tag and fields."""
    if unlikely(kind_of(a.word) != DATA_CONSTR):
        return failure()
    return new_2(ctx, TAG_AND_FIELDS, fields(a.word)[1], fields(a.word)[2])


@inline
def fst_of_constr(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The tag of a constructor: ``fstPair`` of ``unConstrData``, without the pair."""
    if unlikely(kind_of(a.word) != DATA_CONSTR):
        return failure()
    return True, Value(fields(a.word)[1])


@inline
def snd_of_constr(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The fields of a constructor: ``sndPair`` of ``unConstrData``, without the pair."""
    if unlikely(kind_of(a.word) != DATA_CONSTR):
        return failure()
    return True, Value(fields(a.word)[2])


@inline
def content(a: Value, kind: i64) -> tuple[bool, Value]:
    """What is in data of one part, if it is of the kind."""
    if unlikely(kind_of(a.word) != kind):
        return failure()
    return True, Value(fields(a.word)[1])


@inline
def un_map_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The pairs of a map."""
    return content(a, DATA_MAP)


@inline
def un_list_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The items of a list."""
    return content(a, DATA_LIST)


@inline
def un_i_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The integer."""
    return content(a, DATA_I)


@inline
def un_b_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The bytestring."""
    return content(a, DATA_B)


@native
def is_tag(ctx: UplcContext, word: i64) -> bool:
    """Whether a word may be the tag of a constructor."""
    checked = (row_of(ctx, CONSTR_DATA)[FLAGS] & TAG_IS_WORD64) != 0
    if is_small(word):
        return word >= 0 or not checked
    if kind_of(word) != BIG:
        return False
    return not checked or (fields(word)[0] == BIG and fields(word)[1] == 1)


@inline
def constr_data(ctx: UplcContext, a: Value, b: Value) -> tuple[bool, Value]:
    """A constructor of a tag and fields."""
    if unlikely(not is_list_of_data(b.word)):
        return failure()
    if unlikely(not (is_small(a.word) and a.word >= 0) and not is_tag(ctx, a.word)):
        return failure()
    return new_2(ctx, DATA_CONSTR, a.word, b.word)


@inline
def map_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """A map of pairs."""
    header = header_of(a.word)
    if unlikely(header != CONS_PAIRS and header != NIL_PAIRS):
        return failure()
    return new_1(ctx, DATA_MAP, a.word)


@inline
def list_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """A list of data as data."""
    header = header_of(a.word)
    if unlikely(header != CONS_DATA and header != NIL_DATA):
        return failure()
    return new_1(ctx, DATA_LIST, a.word)


@inline
def i_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """An integer as data."""
    if unlikely(not is_integer(a.word)):
        return failure()
    return new_1(ctx, DATA_I, a.word)


@inline
def b_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """A bytestring as data."""
    if unlikely(kind_of(a.word) != BYTES):
        return failure()
    return new_1(ctx, DATA_B, a.word)


@inline
def mk_pair_data(ctx: UplcContext, a: Value, b: Value) -> tuple[bool, Value]:
    """A pair of data."""
    if unlikely(not is_data(a.word) or not is_data(b.word)):
        return failure()
    return new_2(ctx, PAIR_OF_DATA, a.word, b.word)


@inline
def mk_nil_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The empty list of data."""
    if unlikely(a.word != UNIT):
        return failure()
    return empty_list(ctx, NIL_DATA)


@inline
def mk_nil_pair_data(ctx: UplcContext, a: Value) -> tuple[bool, Value]:
    """The empty list of pairs of data."""
    if unlikely(a.word != UNIT):
        return failure()
    return empty_list(ctx, NIL_PAIRS)
