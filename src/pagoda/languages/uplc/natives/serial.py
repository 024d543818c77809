"""Data as CBOR, written as :func:`pagoda.languages.uplc.encoding.data_cbor.write_data` writes it.

The bytes grow from the lower end of the arena's free part, the stack of what is still to be written from its upper end. What
must hold: nothing is taken from the arena unless all was written.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.encoding.data_cbor import PIECE
from pagoda.languages.uplc.natives.numbers import is_negative, limbs_of
from pagoda.languages.uplc.natives.objects import NIL_DATA, bytes_of, length_of
from pagoda.languages.uplc.natives.values import (
    BYTES,
    CONS,
    DATA_B,
    DATA_CONSTR,
    DATA_I,
    DATA_MAP,
    FAILED,
    NIL,
    OBJECT,
    PAIR,
    fields,
    is_small,
    kind_of,
    number_of,
)
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native, ptr, u8, u64
from pagoda.native.intrinsics import copy_memory, leading_zeros, offset, pointer, wrap_u8, wrap_u64, wrapping_sub

HEADS: Final = 32  # more bytes than the heads around one item take

NATURAL: Final = 0
NEGATIVE: Final = 1
STRING: Final = 2
LIST: Final = 4
MAP: Final = 5
TAG: Final = 6
BREAK: Final = 0xFF
INDEFINITE: Final = 31


@inline
def put(at: i64, byte: i64) -> i64:
    """Writes a byte; gives the address after it."""
    pointer(ptr[u8], at)[0] = wrap_u8(byte)
    return at + 1


@native
def put_head(at: i64, major: i64, argument: u64) -> i64:
    """Writes the shortest head of an item."""
    lead = major << 5
    if argument < 24:
        return put(at, lead | i64(argument))
    width = 8
    if argument < 0x100:
        width = 1
        at = put(at, lead | 24)
    elif argument < 0x10000:
        width = 2
        at = put(at, lead | 25)
    elif argument < 0x100000000:
        width = 4
        at = put(at, lead | 26)
    else:
        at = put(at, lead | 27)
    while width > 0:
        width -= 1
        at = put(at, i64((argument >> u64(width * 8)) & 255))
    return at


@inline
def room_of(length: i64) -> i64:
    """More bytes than so many take with all heads."""
    return length + (length >> 5) + HEADS


@native
def put_bytes(at: i64, source: ptr[u8], length: i64) -> i64:
    """Writes a string of bytes, in pieces where it is long."""
    if length <= PIECE:
        at = put_head(at, STRING, u64(length))
        copy_memory(pointer(ptr[u8], at), source, length)
        return at + length
    at = put(at, (STRING << 5) | INDEFINITE)
    done = 0
    while done < length:
        piece = PIECE if length - done > PIECE else length - done
        at = put_head(at, STRING, u64(piece))
        copy_memory(pointer(ptr[u8], at), offset(source, done), piece)
        at += piece
        done += piece
    return put(at, BREAK)


@native
def limb_of(word: i64, place: i64) -> u64:
    """A limb of what a number beyond 62 bits is written as: its magnitude, or that less one where it is negative."""
    limbs = limbs_of(word)
    limb = limbs[place]
    if not is_negative(word):
        return limb
    for i in range(place):
        if limbs[i] != 0:
            return limb
    return wrapping_sub(limb, u64(1))


@native
def put_integer(at: i64, word: i64) -> i64:
    """Writes an integer."""
    if is_small(word):
        number = number_of(word)
        if number < 0:
            return put_head(at, NEGATIVE, wrap_u64(-1 - number))
        return put_head(at, NATURAL, wrap_u64(number))
    count = fields(word)[1]
    while limb_of(word, count - 1) == 0:
        count -= 1
    if count == 1:
        return put_head(at, NEGATIVE if is_negative(word) else NATURAL, limb_of(word, 0))
    at = put(at, (TAG << 5) | (3 if is_negative(word) else 2))
    length = count * 8 - (i64(leading_zeros(limb_of(word, count - 1))) >> 3)
    if length > PIECE:
        at = put(at, (STRING << 5) | INDEFINITE)
    left = length
    while left > 0:
        piece = PIECE if left > PIECE else left
        at = put_head(at, STRING, u64(piece))
        for i in range(piece):
            place = left - 1 - i
            at = put(at, i64((limb_of(word, place >> 3) >> u64((place & 7) * 8)) & 255))
        left -= piece
    if length > PIECE:
        at = put(at, BREAK)
    return at


@inline
def room_of_integer(word: i64) -> i64:
    return HEADS if is_small(word) else room_of(fields(word)[1] * 8)


@native
def put_constructor(at: i64, word: i64) -> i64:
    """Writes what stands before the fields of a constructor with this number."""
    if is_small(word):
        number = number_of(word)
        if number >= 0 and number < 7:
            return put_head(at, TAG, u64(121 + number))
        if number >= 0 and number < 128:
            return put_head(at, TAG, u64(1273 + number))
    at = put_head(at, TAG, u64(102))
    at = put(at, (LIST << 5) | 2)
    return put_integer(at, word)


@native
def list_length(word: i64) -> i64:
    """How many items a list has."""
    count = 0
    while kind_of(word) == CONS:
        count += 1
        word = fields(word)[2]
    return count


@native
def serialised(ctx: UplcContext, word: i64) -> i64:
    """A new bytestring, the CBOR of data. ``FAILED`` where the arena is full, or a constructor's number is very long."""
    start = ctx.arena_top + 24
    at = start
    end = ctx.arena_end - 8
    waiting = end  # the stack: its words are above
    here = word
    while True:
        place = fields(here)
        kind = place[0] & 255
        if at + HEADS > waiting - 16:
            return FAILED
        here = 0
        if kind == CONS or kind == PAIR:
            waiting -= 8
            pointer(ptr[i64], waiting)[0] = place[2]
            here = place[1]
        elif kind == NIL:
            if place[0] == NIL_DATA:
                at = put(at, BREAK)
        elif kind == DATA_I:
            if at + room_of_integer(place[1]) > waiting:
                return FAILED
            at = put_integer(at, place[1])
        elif kind == DATA_B:
            length = length_of(place[1])
            if length > waiting - at or at + room_of(length) > waiting:
                return FAILED
            at = put_bytes(at, bytes_of(place[1]), length)
        elif kind == DATA_MAP:
            at = put_head(at, MAP, u64(list_length(place[1])))
            here = place[1]
        else:
            here = place[1]
            if kind == DATA_CONSTR:
                if at + room_of_integer(here) + HEADS > waiting or room_of_integer(here) > room_of(PIECE):
                    return FAILED  # a longer number would be written in one piece here, and in several as data
                at = put_constructor(at, here)
                here = place[2]
            if kind_of(here) == NIL:
                at = put(at, LIST << 5)
                here = 0
            else:
                at = put(at, (LIST << 5) | INDEFINITE)
        if here == 0:
            if waiting == end:
                break
            here = pointer(ptr[i64], waiting)[0]
            waiting += 8
    made = pointer(ptr[i64], ctx.arena_top)
    made[0] = BYTES
    made[1] = at - start
    made[2] = start
    answer = ctx.arena_top + OBJECT
    ctx.arena_top = (at + 7) & ~7
    return answer
