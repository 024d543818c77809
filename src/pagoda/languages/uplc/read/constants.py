"""Constants in the flat encoding: a type, then a value of it, which becomes a word of ``natives/values.py``.

Lists, arrays and pairs that are begun and not yet done are frames on the stack; the items of an array stand above its frame
until they are all there. A value is stored in what it is part of as soon as it is done, lists and pairs as soon as they begin.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.build import LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.natives.arena import allocate
from pagoda.languages.uplc.natives.values import (
    ARRAY,
    BYTES,
    CONS,
    FAILED,
    OBJECT,
    PAIR,
    STRING,
    T_ARRAY,
    T_BOOL,
    T_BYTESTRING,
    T_DATA,
    T_INTEGER,
    T_LIST,
    T_PAIR,
    T_STRING,
    T_UNIT,
    T_VALUE,
    UNIT,
    boolean,
)
from pagoda.languages.uplc.read.amounts import bit_before, end_list, read_amounts
from pagoda.languages.uplc.read.bytestrings import is_text, read_bytes
from pagoda.languages.uplc.read.data import read_item
from pagoda.languages.uplc.read.integers import read_integer
from pagoda.languages.uplc.read.reader import Reader, make_bytes
from pagoda.languages.uplc.read.type_codes import first_part, is_row, read_type, second_part
from pagoda.native import i64, native, ptr, u8
from pagoda.native.intrinsics import copy_memory, pointer, unlikely

# A frame: where the one around it stands (0: nowhere); what it is (a tag, or SECOND for a pair whose first part is there);
# where the word of the rest of the list, of the array, or of the pair's second part goes; the type of the items or that part.
FRAME: Final = 32
SECOND: Final = 16


@native
def read_constant(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after a constant, whose word is in ``word``."""
    at = read_type(reader, data, at, end)
    if unlikely(at < 0):
        return at
    kind = reader.word
    if (kind & 15) == T_PAIR or is_row(kind):
        return read_compound(reader, data, at, end, kind)
    return read_simple(reader, data, at, end, kind)


@native
def read_simple(reader: Reader, data: ptr[u8], at: i64, end: i64, kind: i64) -> i64:
    """The position after a value of a type without parts, whose word is in ``word``."""
    if kind == T_INTEGER:
        return read_integer(reader, data, at, end)
    if kind == T_BYTESTRING:
        at = read_bytes(reader, data, at, end)
        if unlikely(at < 0):
            return at
        reader.word = make_bytes(reader, BYTES, reader.start, reader.size)
        return at if reader.word != FAILED else -ROOM_FULL
    if kind == T_DATA:
        at = read_bytes(reader, data, at, end)
        if unlikely(at < 0):
            return at
        after = read_item(reader, pointer(ptr[u8], reader.start), reader.size)
        return at if after >= 0 else after  # what follows the item in its bytes is left alone, as the ledger does
    if kind == T_STRING:
        at = read_bytes(reader, data, at, end)
        if unlikely(at < 0):
            return at
        if not is_text(pointer(ptr[u8], reader.start), reader.size):
            return -LEFT_TO_WALK
        reader.word = make_bytes(reader, STRING, reader.start, reader.size)
        return at if reader.word != FAILED else -ROOM_FULL
    if kind == T_UNIT:
        reader.word = UNIT
        return at
    if kind == T_BOOL:
        if at >= end:
            return -LEFT_TO_WALK
        reader.word = boolean(bit_before(data, at + 1))
        return at + 1
    if kind == T_VALUE:
        return read_amounts(reader, data, at, end)
    return -LEFT_TO_WALK  # points of curves have no encoding


@native
def read_compound(reader: Reader, data: ptr[u8], at: i64, end: i64, kind: i64) -> i64:
    """The position after a list, array or pair, whose word is in ``word``."""
    bottom = reader.stack
    reader.stack = bottom + 8
    if reader.stack > reader.stack_end:
        return -ROOM_FULL
    at = read_parts(reader, data, at, end, kind, bottom)
    reader.word = pointer(ptr[i64], bottom)[0] if at >= 0 else FAILED
    reader.stack = bottom
    return at


@native
def read_parts(reader: Reader, data: ptr[u8], at: i64, end: i64, kind: i64, place: i64) -> i64:
    """The position after a value of any type, whose word goes to a place."""
    current = 0
    while True:
        tag = kind & 15
        if tag == T_PAIR or is_row(tag):
            frame = reader.stack
            if unlikely(frame + FRAME + 8 > reader.stack_end):
                return -ROOM_FULL
            reader.stack = frame + FRAME
            words = pointer(ptr[i64], frame)
            words[0] = current
            words[1] = tag
            words[2] = place
            words[3] = kind >> 4
            current = frame
            if tag == T_PAIR:
                pair = allocate(reader, 24)
                if unlikely(pair == 0):
                    return -ROOM_FULL
                pointer(ptr[i64], pair)[0] = PAIR | kind << 8
                pointer(ptr[i64], place)[0] = pair + OBJECT
                words[2] = pair + 16
                words[3] = second_part(kind)
                kind = first_part(kind)
                place = pair + 8
                continue
        else:
            at = read_simple(reader, data, at, end, kind)
            if unlikely(at < 0):
                return at
            pointer(ptr[i64], place)[0] = reader.word
        # What comes next, after what ends here.
        while True:
            if current == 0:
                return at
            words = pointer(ptr[i64], current)
            tag = words[1]
            kind = words[3]
            place = words[2]
            if tag == T_PAIR:
                words[1] = SECOND
                break
            if tag != SECOND:
                if unlikely(at >= end):
                    return -LEFT_TO_WALK
                at += 1
                if bit_before(data, at):
                    place = next_place(reader, words, tag, kind)
                    if unlikely(place == 0):
                        return -ROOM_FULL
                    break
                if tag == T_LIST:
                    if unlikely(not end_list(reader, place, kind)):
                        return -ROOM_FULL
                elif unlikely(not end_array(reader, current, place, kind)):
                    return -ROOM_FULL
            reader.stack = current
            current = words[0]


@native
def next_place(reader: Reader, frame: ptr[i64], tag: i64, kind: i64) -> i64:
    """Where the word of one more item of a list or array goes; 0 where the room or the stack is full."""
    if tag == T_ARRAY:
        place = reader.stack
        if place + 8 > reader.stack_end:
            return 0
        reader.stack = place + 8
        return place
    cell = allocate(reader, 24)
    if cell == 0:
        return 0
    pointer(ptr[i64], cell)[0] = CONS | kind << 8
    pointer(ptr[i64], frame[2])[0] = cell + OBJECT
    frame[2] = cell + 16
    return cell + 8


@native
def end_array(reader: Reader, frame: i64, place: i64, kind: i64) -> bool:
    """Makes an array of the items above its frame. False where the room is full."""
    size = reader.stack - frame - FRAME
    made = allocate(reader, 16 + size)
    if made == 0:
        return False
    words = pointer(ptr[i64], made)
    words[0] = ARRAY | kind << 8
    words[1] = size >> 3
    copy_memory(pointer(ptr[i64], made + 16), pointer(ptr[i64], frame + FRAME), size)
    pointer(ptr[i64], place)[0] = made + OBJECT
    return True
