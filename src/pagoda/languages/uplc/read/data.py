"""Data as CBOR, into objects: what ``encoding/data_cbor.py`` reads, with the same meaning.

A list or constructor is handed to what it is inside of as soon as it begins; its items are linked to it as they come. What is
begun and not yet done are frames of three words on the stack: how many items are to come (below zero: a break ends them), where
the word of the rest of the list goes, and the mode.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.build import DONE, LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.natives.arena import allocate
from pagoda.languages.uplc.natives.values import (
    BYTES,
    CONS,
    DATA_B,
    DATA_CONSTR,
    DATA_I,
    DATA_LIST,
    DATA_MAP,
    FAILED,
    NIL,
    OBJECT,
    PAIR,
    T_DATA,
    T_PAIR_DATA,
    small,
)
from pagoda.languages.uplc.read.cbor import BREAK, list_length, read_argument, read_bytes, read_tag
from pagoda.languages.uplc.read.integers import integer_of, integer_of_bytes
from pagoda.languages.uplc.read.reader import Reader, own_copy
from pagoda.native import i64, native, ptr, u8
from pagoda.native.intrinsics import (
    address,
    big_endian,
    likely,
    offset,
    pointer,
    unlikely,
    wrap_i64,
)

# What an item is: of a list, a key or what it stands for, or all there is. With CLOSED, a break follows the list.
ITEM: Final = 0
KEY: Final = 1
MEANING: Final = 2
WHOLE: Final = 3
CLOSED: Final = 4

MOST_AT_ONCE: Final = 128  # bytes that one item takes without asking, its place in a list included


@native
def read_data(reader: Reader, data: ptr[u8], length: i64) -> i64:
    """The word of the data that bytes stand for, all of them; ``FAILED`` with the status otherwise. They are copied."""
    reader.no_data = 0
    start = own_copy(reader, data, length)
    if start == 0:
        reader.status = ROOM_FULL
        return FAILED
    after = read_item(reader, pointer(ptr[u8], start), length)
    if after == length:
        reader.status = DONE
        return reader.word
    reader.status = ROOM_FULL if after == -ROOM_FULL else LEFT_TO_WALK
    return FAILED


@native
def make_empty_lists(reader: Reader) -> bool:
    """Makes the lists that every other one ends with. False where the room is full."""
    at = allocate(reader, 16)
    if at == 0:
        return False
    words = pointer(ptr[i64], at)
    words[0] = NIL | T_DATA << 8
    words[1] = NIL | T_PAIR_DATA << 8
    reader.no_data = at + OBJECT
    reader.no_pairs = at + 8 + OBJECT
    return True


@native
def read_item(reader: Reader, data: ptr[u8], end: i64) -> i64:
    """The position after the item that bytes begin with, before ``end``; positions are bytes. ``word`` is its word."""
    if reader.no_data == 0:
        if not make_empty_lists(reader):
            return -ROOM_FULL
    top = reader.top
    most_top = reader.end - MOST_AT_ONCE
    stack = reader.stack
    most_stack = reader.stack_end - 24
    at = 0
    left = 1
    mode = WHOLE
    slot = 0
    whole = 0
    while True:
        # What ends here.
        while True:
            if left != 0:
                if unlikely(at >= end):
                    return -LEFT_TO_WALK
                if left > 0:
                    break
                if data[at] != BREAK:
                    break
                at += 1
            if mode >= WHOLE:
                if mode == WHOLE:
                    reader.top = top
                    reader.word = whole
                    return at
                if at >= end:
                    return -LEFT_TO_WALK
                if data[at] != BREAK:
                    return -LEFT_TO_WALK
                at += 1
                mode = ITEM
            if unlikely(mode == MEANING):
                return -LEFT_TO_WALK
            pointer(ptr[i64], slot)[0] = reader.no_data if mode == ITEM else reader.no_pairs
            stack -= 24
            frame = pointer(ptr[i64], stack)
            left = frame[0]
            slot = frame[1]
            mode = frame[2]
        if unlikely(top > most_top):
            return -ROOM_FULL
        # The item, or its beginning.
        inner_left = 0
        inner_slot = 0
        inner_mode = ITEM
        first = i64(data[at])
        major = first >> 5
        if major == 2:
            size = first - 0x40
            start = address(data) + at + 1
            after = at + 1 + size
            if unlikely(size >= 24):
                reader.top = top
                after = read_bytes(reader, data, at, end)
                if after < 0:
                    return after
                top = reader.top
                if unlikely(top > most_top):
                    return -ROOM_FULL
                start = reader.start
                size = reader.size
            if unlikely(after > end):
                return -LEFT_TO_WALK
            at = after
            words = pointer(ptr[i64], top)
            words[0] = DATA_B
            words[1] = top + 16 + OBJECT
            words[2] = BYTES
            words[3] = size
            words[4] = start
            word = top + OBJECT
            top += 40
        elif major == 4:
            at, inner_left = list_length(data, at, end)
            if unlikely(at < 0):
                return at
            pointer(ptr[i64], top)[0] = DATA_LIST
            word = top + OBJECT
            inner_slot = top + 8
            top += 16
        elif major == 5:
            at, inner_left = list_length(data, at, end)
            if unlikely(at < 0):
                return at
            if inner_left > 0:
                inner_left = inner_left * 2
            inner_mode = KEY
            pointer(ptr[i64], top)[0] = DATA_MAP
            word = top + OBJECT
            inner_slot = top + 8
            top += 16
        else:
            number = small(first)
            constr = False
            if likely(first < 24):
                at += 1
            else:
                reader.top = top
                if major <= 1:
                    at, argument = read_argument(data, at, end)
                    if at >= 0:
                        number = integer_of(reader, argument, major == 1)
                elif first == 0xC2 or first == 0xC3:  # "in" does not lower
                    at = read_bytes(reader, data, at + 1, end)
                    if at >= 0:
                        number = integer_of_bytes(reader, pointer(ptr[u8], reader.start), reader.size, first == 0xC3)
                else:
                    constr = True
                    head = big_endian(offset(data, at)) >> 40  # mostly one of tags 121 to 127, then a list
                    if likely((head & 0xFFF8E0) == 0xD87880 and head >= 0xD87980 and at + 2 < end):
                        number = small((wrap_i64(head >> 8) & 7) - 1)
                        at += 2
                    else:
                        at, number, closed = read_tag(reader, data, at, end)
                        if closed:
                            inner_mode = ITEM | CLOSED
                    if likely(at >= 0):
                        at, inner_left = list_length(data, at, end)
                if unlikely(at < 0):
                    return at
                if unlikely(number == FAILED):
                    return -ROOM_FULL
                top = reader.top
                if unlikely(top > most_top):
                    return -ROOM_FULL
            words = pointer(ptr[i64], top)
            words[1] = number
            word = top + OBJECT
            if constr:
                words[0] = DATA_CONSTR
                inner_slot = top + 16
                top += 24
            else:
                words[0] = DATA_I
                top += 16
        # It goes where it belongs.
        left -= 1
        if (mode & 3) == ITEM:
            cell = pointer(ptr[i64], top)
            cell[0] = CONS | T_DATA << 8
            cell[1] = word
            pointer(ptr[i64], slot)[0] = top + OBJECT
            slot = top + 16
            top += 24
        elif mode == KEY:
            cell = pointer(ptr[i64], top)
            cell[0] = CONS | T_PAIR_DATA << 8
            cell[1] = top + 24 + OBJECT
            cell[3] = PAIR | T_PAIR_DATA << 8
            cell[4] = word
            pointer(ptr[i64], slot)[0] = top + OBJECT
            slot = top + 16
            top += 48
            mode = MEANING
        elif mode == MEANING:
            pointer(ptr[i64], slot)[3] = word
            mode = KEY
        else:
            whole = word
        if inner_slot != 0:
            if unlikely(stack > most_stack):
                return -ROOM_FULL
            frame = pointer(ptr[i64], stack)
            frame[0] = left
            frame[1] = slot
            frame[2] = mode
            stack += 24
            left = inner_left
            slot = inner_slot
            mode = inner_mode
