"""Constants of the type ``value``: amounts of tokens by currency and token, in canonical form or not at all.

Keys ascend and have at most 32 bytes, no currency is empty, no amount is zero, and each fits a signed integer of 128 bits.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.build import LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.natives.arena import allocate
from pagoda.languages.uplc.natives.values import (
    BYTES,
    CONS,
    NIL,
    OBJECT,
    PAIR,
    T_BYTESTRING,
    T_INTEGER,
    T_LIST,
    T_PAIR,
    VALUE,
    fields,
    is_small,
    small,
)
from pagoda.languages.uplc.read.bytestrings import read_bytes
from pagoda.languages.uplc.read.integers import read_integer
from pagoda.languages.uplc.read.reader import Reader, window
from pagoda.native import i64, inline, native, ptr, u8, u64
from pagoda.native.intrinsics import pointer

KEY_BYTES: Final = 32
T_TOKEN: Final = T_PAIR | T_BYTESTRING << 4 | T_INTEGER << 8
T_CURRENCY: Final = T_PAIR | T_BYTESTRING << 4 | (T_LIST | T_TOKEN << 4) << 8
_HIGHEST = 1 << 63


@native
def read_amounts(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after the amounts, whose word is in ``word``."""
    made = allocate(reader, 16)
    if made == 0:
        return -ROOM_FULL
    pointer(ptr[i64], made)[0] = VALUE
    slot = made + 8
    last = 0
    while True:
        if at >= end:
            return -LEFT_TO_WALK
        at += 1
        if not bit_before(data, at):
            break
        at, slot = read_key(reader, data, at, end, last, slot, T_CURRENCY)
        if at < 0:
            return at
        last = slot - 16
        tokens_slot = slot + 24
        last_token = 0
        while True:
            if at >= end:
                return -LEFT_TO_WALK
            at += 1
            if not bit_before(data, at):
                break
            at, tokens_slot = read_key(reader, data, at, end, last_token, tokens_slot, T_TOKEN)
            if at < 0:
                return at
            last_token = tokens_slot - 16
            at = read_integer(reader, data, at, end)
            if at < 0:
                return at
            if not is_amount(reader.word):
                return -LEFT_TO_WALK
            pointer(ptr[i64], tokens_slot)[3] = reader.word
        if last_token == 0:
            return -LEFT_TO_WALK
        if not end_list(reader, tokens_slot, T_TOKEN):
            return -ROOM_FULL
    if not end_list(reader, slot, T_CURRENCY):
        return -ROOM_FULL
    reader.word = made + OBJECT
    return at


@inline
def bit_before(data: ptr[u8], at: i64) -> bool:
    """The bit that ends at a position."""
    return (window(data, at - 1) >> 63) != 0


@native
def read_key(reader: Reader, data: ptr[u8], at: i64, end: i64, last: i64, slot: i64, kind: i64) -> tuple[i64, i64]:
    """The position after a key, and where the rest of the list goes.

    The list's next cell, with its pair, is linked to ``slot``. ``last``: the address of the cell before, or 0. The second part
    of the pair goes three words after the result.
    """
    at = read_bytes(reader, data, at, end)
    if at < 0:
        return at, 0
    if reader.size > KEY_BYTES:
        return -LEFT_TO_WALK, 0
    cell = allocate(reader, 72)
    if cell == 0:
        return -ROOM_FULL, 0
    words = pointer(ptr[i64], cell)
    words[0] = CONS | kind << 8
    words[1] = cell + 24 + OBJECT
    words[3] = PAIR | kind << 8
    words[4] = cell + 48 + OBJECT
    words[6] = BYTES
    words[7] = reader.size
    words[8] = reader.start
    if last != 0:
        if not ascends(pointer(ptr[i64], last + 48), pointer(ptr[i64], cell + 48)):
            return -LEFT_TO_WALK, 0
    pointer(ptr[i64], slot)[0] = cell + OBJECT
    return at, cell + 16


@native
def ascends(former: ptr[i64], latter: ptr[i64]) -> bool:
    """Whether the bytes of one object are below those of another."""
    a = pointer(ptr[u8], former[2])
    b = pointer(ptr[u8], latter[2])
    count = former[1] if former[1] < latter[1] else latter[1]
    for i in range(count):
        if a[i] != b[i]:
            return a[i] < b[i]
    return former[1] < latter[1]


@native
def is_amount(word: i64) -> bool:
    """Whether an integer is not zero and fits 128 bits with its sign."""
    if is_small(word):
        return word != small(0)
    big = fields(word)
    if big[1] < 2:
        return True
    if big[1] > 2:
        return False
    low = pointer(ptr[u64], word - OBJECT + 16)[0]
    high = pointer(ptr[u64], word - OBJECT + 16)[1]
    if high < _HIGHEST:
        return True
    return (big[0] >> 8) == 1 and high == _HIGHEST and low == 0


@native
def end_list(reader: Reader, slot: i64, kind: i64) -> bool:
    """Ends a list. False where the room is full."""
    at = allocate(reader, 8)
    if at == 0:
        return False
    pointer(ptr[i64], at)[0] = NIL | kind << 8
    pointer(ptr[i64], slot)[0] = at + OBJECT
    return True
