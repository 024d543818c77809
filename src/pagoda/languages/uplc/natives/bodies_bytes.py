"""Native bodies of the builtins on bytestrings and strings.

Each function with a context only is the body of the builtin of its name, as :mod:`.builtins` tells.
"""

from __future__ import annotations

from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.natives.calling import arguments, ask_host
from pagoda.languages.uplc.natives.costs import charge, row_of
from pagoda.languages.uplc.natives.hashing import STATE_BYTES, blake2b, sha256
from pagoda.languages.uplc.natives.numbers import int64_of
from pagoda.languages.uplc.natives.objects import bytes_of, is_integer, length_of, object_2, text_object
from pagoda.languages.uplc.natives.prices import BYTE_IS_CHECKED, FLAGS, LONGEST, TEXT_BY_BYTES
from pagoda.languages.uplc.natives.texts import characters, is_utf8, joined, ordered, same_text, size_of_bytes
from pagoda.languages.uplc.natives.values import BYTES, FAILED, STRING, boolean, fields, is_small, kind_of, number_of, small
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native
from pagoda.native.intrinsics import copy_memory, offset, wrap_u8


@inline
def are_bytes(ctx: UplcContext, number: i64, word: i64) -> bool:
    """Whether a value is a bytestring that a builtin takes."""
    return kind_of(word) == BYTES and length_of(word) <= row_of(ctx, number)[LONGEST]


@inline
def size_of(word: i64) -> i64:
    """The size of a bytestring."""
    return size_of_bytes(length_of(word))


@inline
def size_of_text(ctx: UplcContext, number: i64, word: i64) -> i64:
    """The size of a string that a builtin works on."""
    by_bytes = (row_of(ctx, number)[FLAGS] & TEXT_BY_BYTES) != 0
    return length_of(word) >> 2 if by_bytes else characters(word)


@native
def append_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    number = numbering.APPEND_BYTE_STRING
    if not are_bytes(ctx, number, a) or not are_bytes(ctx, number, b):
        return FAILED
    if not charge(ctx, number, size_of(a), size_of(b), 0, 0):
        return FAILED
    return joined(ctx, BYTES, a, b)


@native
def cons_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    number = numbering.CONS_BYTE_STRING
    if not is_integer(a) or not are_bytes(ctx, number, b):
        return FAILED
    if not is_small(a):
        return ask_host(ctx, number)
    first = number_of(a)
    if (row_of(ctx, number)[FLAGS] & BYTE_IS_CHECKED) != 0 and (first < 0 or first > 255):
        return FAILED
    if not charge(ctx, number, 1, size_of(b), 0, 0):
        return FAILED
    length = length_of(b)
    made = text_object(ctx, BYTES, length + 1)
    if made == 0:
        return FAILED
    place = bytes_of(made)
    place[0] = wrap_u8(first)
    copy_memory(offset(place, 1), bytes_of(b), length)
    return made


@native
def slice_byte_string(ctx: UplcContext) -> i64:
    c = arguments(ctx)[2]
    number = numbering.SLICE_BYTE_STRING
    starts, start = int64_of(arguments(ctx)[0])
    counts, count = int64_of(arguments(ctx)[1])
    if not starts or not counts or not are_bytes(ctx, number, c):
        return FAILED
    if not charge(ctx, number, 1, 1, size_of(c), 0):
        return FAILED
    length = length_of(c)
    if start < 0:
        start = 0
    if start > length:
        start = length
    if count < 0:
        count = 0
    if count > length - start:
        count = length - start
    return object_2(ctx, BYTES, count, fields(c)[2] + start)


@native
def length_of_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    if not are_bytes(ctx, numbering.LENGTH_OF_BYTE_STRING, a):
        return FAILED
    return small(length_of(a))


@native
def index_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    fits, at = int64_of(arguments(ctx)[1])
    if not fits or not are_bytes(ctx, numbering.INDEX_BYTE_STRING, a) or at < 0 or at >= length_of(a):
        return FAILED
    return small(i64(bytes_of(a)[at]))


@native
def equals_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if kind_of(a) != BYTES or kind_of(b) != BYTES:
        return FAILED
    if not charge(ctx, numbering.EQUALS_BYTE_STRING, size_of(a), size_of(b), 0, 0):
        return FAILED
    return boolean(same_text(a, b))


@native
def less_than_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    number = numbering.LESS_THAN_BYTE_STRING
    if not are_bytes(ctx, number, a) or not are_bytes(ctx, number, b):
        return FAILED
    if not charge(ctx, number, size_of(a), size_of(b), 0, 0):
        return FAILED
    return boolean(ordered(a, b) < 0)


@native
def less_than_equals_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    number = numbering.LESS_THAN_EQUALS_BYTE_STRING
    if not are_bytes(ctx, number, a) or not are_bytes(ctx, number, b):
        return FAILED
    if not charge(ctx, number, size_of(a), size_of(b), 0, 0):
        return FAILED
    return boolean(ordered(a, b) <= 0)


@native
def append_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    number = numbering.APPEND_STRING
    if kind_of(a) != STRING or kind_of(b) != STRING:
        return FAILED
    if not charge(ctx, number, size_of_text(ctx, number, a), size_of_text(ctx, number, b), 0, 0):
        return FAILED
    return joined(ctx, STRING, a, b)


@native
def equals_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    number = numbering.EQUALS_STRING
    if kind_of(a) != STRING or kind_of(b) != STRING:
        return FAILED
    if not charge(ctx, number, size_of_text(ctx, number, a), size_of_text(ctx, number, b), 0, 0):
        return FAILED
    return boolean(same_text(a, b))


@native
def encode_utf8(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    number = numbering.ENCODE_UTF8
    if kind_of(a) != STRING or not charge(ctx, number, size_of_text(ctx, number, a), 0, 0, 0):
        return FAILED
    return object_2(ctx, BYTES, length_of(a), fields(a)[2])


@native
def decode_utf8(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    number = numbering.DECODE_UTF8
    if not are_bytes(ctx, number, a) or not charge(ctx, number, size_of(a), 0, 0, 0):
        return FAILED
    if not is_utf8(bytes_of(a), length_of(a)):
        return FAILED
    return object_2(ctx, STRING, length_of(a), fields(a)[2])


@inline
def hashed(ctx: UplcContext, number: i64, size: i64, is_sha: bool) -> i64:
    """The digest of a bytestring, of ``size`` bytes."""
    a = arguments(ctx)[0]
    if not are_bytes(ctx, number, a) or not charge(ctx, number, size_of(a), 0, 0, 0):
        return FAILED
    made = text_object(ctx, BYTES, size)
    if made == 0 or ctx.arena_end - ctx.arena_top < STATE_BYTES:
        return FAILED
    if is_sha:
        sha256(ctx.arena_top, bytes_of(a), length_of(a), bytes_of(made))
    else:
        blake2b(ctx.arena_top, bytes_of(a), length_of(a), bytes_of(made), size)
    return made


@native
def sha2_256(ctx: UplcContext) -> i64:
    return hashed(ctx, numbering.SHA2_256, 32, True)


@native
def blake2b_256(ctx: UplcContext) -> i64:
    return hashed(ctx, numbering.BLAKE2B_256, 32, False)


@native
def blake2b_224(ctx: UplcContext) -> i64:
    return hashed(ctx, numbering.BLAKE2B_224, 28, False)
