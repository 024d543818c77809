"""Parts of CBOR items that data are made of: heads, tags of constructors, strings of bytes.

Positions count bytes; ``end`` is where what is read ends, and ``PADDING`` bytes follow it (see ``reader.py``). What must
hold: a number of items is no larger than the number of bytes that are left.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.build import LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.natives.arena import allocate
from pagoda.languages.uplc.natives.values import FAILED
from pagoda.languages.uplc.read.integers import integer_of
from pagoda.languages.uplc.read.reader import Reader
from pagoda.native import cold, i64, native, ptr, u8, u64
from pagoda.native.intrinsics import (
    address,
    big_endian,
    copy_memory,
    likely,
    offset,
    pointer,
    wrap_i64,
    wrap_u64,
    wrapping_sub,
)

PIECE: Final = 64  # bytes that may stand together
BREAK: Final = 0xFF


@native
def read_argument(data: ptr[u8], at: i64, end: i64) -> tuple[i64, u64]:
    """The position after the head at a position, and its argument."""
    low = i64(data[at]) & 31
    if likely(low < 24):
        return at + 1, wrap_u64(low)
    after = at + 1 + (1 << (low & 3))
    if low > 27:
        after = -LEFT_TO_WALK
    if after > end:
        after = -LEFT_TO_WALK
    return after, big_endian(offset(data, at + 1)) >> (64 - (8 << (low & 3)))


@native
def list_length(data: ptr[u8], at: i64, end: i64) -> tuple[i64, i64]:
    """The position after the head of a list or map, and how many items or entries it has; below zero if a break ends them."""
    if (data[at] & 31) == 31:
        return at + 1, -1
    after, count = read_argument(data, at, end)
    if after < 0:
        return after, 0
    if count > wrap_u64(end - after):  # none is shorter than a byte
        return -LEFT_TO_WALK, 0
    return after, wrap_i64(count)


@native
def read_tag(reader: Reader, data: ptr[u8], at: i64, end: i64) -> tuple[i64, i64, bool]:
    """The position of the fields of a constructor whose head is at a position, its number, and whether a break follows.

    The number is ``FAILED`` where the room is full.
    """
    closed = False
    word = FAILED
    if (data[at] >> 5) != 6:
        return -LEFT_TO_WALK, word, closed
    at, tag = read_argument(data, at, end)
    if at < 0:
        return at, word, closed
    number = wrapping_sub(tag, 121)
    if number >= 7:
        number = wrapping_sub(tag, 1280)
        if number < 121:
            number = number + 7
        elif tag == 102:
            at, number, closed = read_pair(data, at, end)
            if at < 0:
                return at, word, closed
        else:
            return -LEFT_TO_WALK, word, closed
    word = integer_of(reader, number, False)
    if at >= end:
        return -LEFT_TO_WALK, word, closed
    if (data[at] >> 5) != 4:
        return -LEFT_TO_WALK, word, closed
    return at, word, closed


@native
def read_pair(data: ptr[u8], at: i64, end: i64) -> tuple[i64, u64, bool]:
    """The position after the number that begins a pair, the number, and whether a break ends the pair."""
    number: u64 = 0
    if at >= end:
        return -LEFT_TO_WALK, number, False
    if (data[at] >> 5) != 4:
        return -LEFT_TO_WALK, number, False
    at, count = list_length(data, at, end)
    if at < 0:
        return at, number, False
    closed = count < 0
    if not closed:
        if count != 2:
            return -LEFT_TO_WALK, number, False
    if at >= end:
        return -LEFT_TO_WALK, number, False
    if data[at] >= 32:
        return -LEFT_TO_WALK, number, False
    at, number = read_argument(data, at, end)
    return at, number, closed


@native
def read_bytes(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after a string of bytes, whose place is in ``start`` and ``size``."""
    if at >= end:
        return -LEFT_TO_WALK
    if data[at] != 0x5F:
        return read_piece(reader, data, at, end)
    return join_pieces(reader, data, at + 1, end)


@native
def read_piece(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after a string of bytes of a stated length."""
    if (data[at] >> 5) != 2:
        return -LEFT_TO_WALK
    after, size = read_argument(data, at, end)
    if after < 0:
        return after
    if size > PIECE:
        return -LEFT_TO_WALK
    reader.start = address(data) + after
    reader.size = wrap_i64(size)
    after += wrap_i64(size)
    return after if after <= end else -LEFT_TO_WALK


@cold
def join_pieces(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after pieces that a break ends, and them together."""
    after = at
    total = 0
    while True:
        if after >= end:
            return -LEFT_TO_WALK
        if data[after] == BREAK:
            break
        after = read_piece(reader, data, after, end)
        if after < 0:
            return after
        total += reader.size
    start = allocate(reader, (total + 7) & -8)
    if start == 0:
        return -ROOM_FULL
    to = pointer(ptr[u8], start)
    while at < after:
        at = read_piece(reader, data, at, end)
        copy_memory(to, pointer(ptr[u8], reader.start), reader.size)
        to = offset(to, reader.size)
    reader.start = start
    reader.size = total
    return after + 1
