"""Builtins on bytestrings, as operations."""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.natives.calling import general_1, general_2, general_3
from pagoda.languages.uplc.natives.objects import length_of
from pagoda.languages.uplc.natives.values import BYTES, kind_of, small
from pagoda.languages.uplc.ops.model import Any, Ctx, Value
from pagoda.machine.ops import op
from pagoda.machine.verbs import call, slow
from pagoda.native.intrinsics import likely

LONG: Final = 65536  # bytes; of a longer one the semantics variant decides whether it is taken


@op
def length_of_byte_string(ctx: Ctx, a: Any) -> Value:
    """How many bytes."""
    if likely(kind_of(a.word) == BYTES):
        length = length_of(a.word)
        if likely(length <= LONG):
            return Value(small(length))
    return slow(general_1, ctx, numbering.LENGTH_OF_BYTE_STRING, a)


@op
def equals_byte_string(ctx: Ctx, a: Any, b: Any) -> Value:
    """Whether two bytestrings are equal."""
    return call(general_2, ctx, numbering.EQUALS_BYTE_STRING, a, b)


@op
def less_than_byte_string(ctx: Ctx, a: Any, b: Any) -> Value:
    """Whether the first comes earlier in the order of a dictionary."""
    return call(general_2, ctx, numbering.LESS_THAN_BYTE_STRING, a, b)


@op
def less_than_equals_byte_string(ctx: Ctx, a: Any, b: Any) -> Value:
    """Whether the first does not come later in the order of a dictionary."""
    return call(general_2, ctx, numbering.LESS_THAN_EQUALS_BYTE_STRING, a, b)


@op
def append_byte_string(ctx: Ctx, a: Any, b: Any) -> Value:
    """One after the other."""
    return call(general_2, ctx, numbering.APPEND_BYTE_STRING, a, b)


@op
def index_byte_string(ctx: Ctx, a: Any, b: Any) -> Value:
    """The byte at a position."""
    return call(general_2, ctx, numbering.INDEX_BYTE_STRING, a, b)


@op
def slice_byte_string(ctx: Ctx, a: Any, b: Any, c: Any) -> Value:
    """At most so many bytes from a place on."""
    return call(general_3, ctx, numbering.SLICE_BYTE_STRING, a, b, c)
