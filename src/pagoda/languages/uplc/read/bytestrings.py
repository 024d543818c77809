"""Byte strings in the flat encoding, and what makes bytes a text.

A byte string is a filler up to the next byte, then blocks, each after its length, up to one of length 0. One of one block is
left where it is; others are put together in the room.
"""

from __future__ import annotations

from pagoda.languages.uplc.compile.build import LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.natives.arena import allocate
from pagoda.languages.uplc.read.reader import PADDING, Reader
from pagoda.native import cold, i64, native, ptr, u8
from pagoda.native.intrinsics import address, big_endian, copy_memory, offset, pointer, unlikely


@native
def read_bytes(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after a byte string."""
    if unlikely(at >= end):
        return -LEFT_TO_WALK
    length = end >> 3
    byte = at >> 3
    filler = i64(data[byte]) & (255 >> (at & 7))
    while unlikely(filler == 0):
        byte += 1
        if byte >= length:
            return -LEFT_TO_WALK
        filler = i64(data[byte])
    if unlikely(filler != 1):
        return -LEFT_TO_WALK
    byte += 1
    if unlikely(byte >= length):
        return -LEFT_TO_WALK
    size = i64(data[byte])
    byte += 1
    reader.start = address(data) + byte
    reader.size = size
    if size == 0:
        return byte << 3
    byte += size
    if unlikely(byte >= length):
        return -LEFT_TO_WALK
    if data[byte] != 0:
        return join_blocks(reader, data, byte - size - 1, length)
    return (byte + 1) << 3


@cold
def join_blocks(reader: Reader, data: ptr[u8], byte: i64, length: i64) -> i64:
    """The position after the blocks that begin at a byte, and them together."""
    after = byte
    total = 0
    size = 1
    while size != 0:
        if after >= length:
            return -LEFT_TO_WALK
        size = i64(data[after])
        after += 1 + size
        total += size
    start = allocate(reader, (total + PADDING + 7) & -8)
    if start == 0:
        return -ROOM_FULL
    to = pointer(ptr[u8], start)
    size = i64(data[byte])
    while size != 0:
        copy_memory(to, offset(data, byte + 1), size)
        to = offset(to, size)
        byte += 1 + size
        size = i64(data[byte])
    reader.start = start
    reader.size = total
    return after << 3


@native
def is_text(text: ptr[u8], size: i64) -> bool:
    """Whether bytes are UTF-8: shortest forms, no surrogates, nothing above U+10FFFF."""
    i = 0
    while i < size:
        first = i64(text[i])
        if first < 128:
            i += 1
            while i + 8 <= size:
                if (big_endian(offset(text, i)) & 0x8080808080808080) != 0:
                    break
                i += 8
            continue
        following = 1
        low = 0x80
        high = 0xBF
        if first < 0xE0:
            if first < 0xC2:
                return False
        elif first < 0xF0:
            following = 2
            if first == 0xE0:
                low = 0xA0
            if first == 0xED:
                high = 0x9F
        else:
            if first > 0xF4:
                return False
            following = 3
            if first == 0xF0:
                low = 0x90
            if first == 0xF4:
                high = 0x8F
        if size - i <= following:
            return False
        second = i64(text[i + 1])
        if second < low:
            return False
        if second > high:
            return False
        for j in range(2, following + 1):
            if (text[i + j] & 0xC0) != 0x80:
                return False
        i += following + 1
    return True
