"""Making and looking at objects: what natives and operations have in common.

What must hold: whoever makes an object answers 0 where the room is full.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives.arena import allocate, arena
from pagoda.languages.uplc.natives.values import (
    ARRAY,
    BIG,
    BYTES,
    CONS,
    DATA_B,
    DATA_CONSTR,
    FAILED,
    FALSE,
    G1,
    G2,
    ML,
    MOST_TYPE_NODES,
    NIL,
    OBJECT,
    PAIR,
    STRING,
    T_ARRAY,
    T_BOOL,
    T_BYTESTRING,
    T_DATA,
    T_G1,
    T_G2,
    T_INTEGER,
    T_LIST,
    T_ML,
    T_PAIR,
    T_STRING,
    T_UNIT,
    T_VALUE,
    TRUE,
    UNIT,
    VALUE,
    fields,
    is_object,
    is_small,
    kind_of,
)
from pagoda.languages.uplc.ops.model import UplcContext, Value
from pagoda.native import i64, inline, native, ptr, u8
from pagoda.native.intrinsics import pointer, unlikely

TYPE_MASK: Final = (1 << 56) - 1

NIL_DATA: Final = NIL | T_DATA << 8
CONS_DATA: Final = CONS | T_DATA << 8
UNKNOWN_TYPE: Final = -1


@inline
def header_of(word: i64) -> i64:
    """The header of an object, 0 for what has none."""
    return fields(word)[0] if is_object(word) else 0


@inline
def type_in(header: i64) -> i64:
    """What a header has above its kind."""
    return (header >> 8) & TYPE_MASK


@inline
def is_data(word: i64) -> bool:
    kind = kind_of(word)
    return kind >= DATA_CONSTR and kind <= DATA_B


@inline
def is_list(word: i64) -> bool:
    kind = kind_of(word)
    return kind == NIL or kind == CONS


@inline
def is_integer(word: i64) -> bool:
    return is_small(word) or kind_of(word) == BIG


@inline
def is_list_of_data(word: i64) -> bool:
    header = header_of(word)
    return header == NIL_DATA or header == CONS_DATA


@inline
def length_of(word: i64) -> i64:
    """How many bytes a bytestring or string has."""
    return fields(word)[1]


@inline
def bytes_of(word: i64) -> ptr[u8]:
    """The bytes of a bytestring or string."""
    return pointer(ptr[u8], fields(word)[2])


@inline
def new_object(ctx: UplcContext, words: i64) -> tuple[bool, i64]:
    """Room for an object of so many words, of which the first is to be its header: whether there is any, and its word."""
    room = arena(ctx)
    at = room.top
    size = words * 8
    if unlikely(size > room.end - at):
        return False, 0
    room.top = at + size
    return True, at + OBJECT


@inline
def new_1(ctx: UplcContext, header: i64, first: i64) -> tuple[bool, Value]:
    """A new object of one word after its header, where there is room for it."""
    fits, made = new_object(ctx, 2)
    if fits:
        fields(made)[0] = header
        fields(made)[1] = first
    return fits, Value(made)


@inline
def new_2(ctx: UplcContext, header: i64, first: i64, second: i64) -> tuple[bool, Value]:
    """A new object of two words after its header, where there is room for it."""
    fits, made = new_object(ctx, 3)
    if fits:
        fields(made)[0] = header
        fields(made)[1] = first
        fields(made)[2] = second
    return fits, Value(made)


@inline
def object_2(ctx: UplcContext, header: i64, first: i64, second: i64) -> i64:
    """The same as a word, ``FAILED`` where there is no room."""
    _, made = new_2(ctx, header, first, second)
    return made.word


@inline
def empty_list(ctx: UplcContext, header: i64) -> tuple[bool, Value]:
    """A new empty list, of the type that the header says."""
    fits, made = new_object(ctx, 1)
    if fits:
        fields(made)[0] = header
    return fits, Value(made)


@native
def text_object(ctx: UplcContext, kind: i64, length: i64) -> i64:
    """A new bytestring or string with room for so many bytes behind it, yet to be written. ``length`` is not negative."""
    if length > ctx.arena_end - ctx.arena_top:  # so that no sum below overflows
        return 0
    at = allocate(arena(ctx), 24 + ((length + 7) & ~7))
    if at == 0:
        return 0
    place = pointer(ptr[i64], at)
    place[0] = kind
    place[1] = length
    place[2] = at + 24
    return at + OBJECT


@native
def type_nodes(code: i64) -> i64:
    """How many nodes the type with a code has."""
    count = 0
    waiting = 1
    while waiting > 0:
        tag = code & 15
        code = code >> 4
        count += 1
        waiting -= 1
        if tag == T_LIST or tag == T_ARRAY:
            waiting += 1
        elif tag == T_PAIR:
            waiting += 2
    return count


@native
def type_within(outer: i64, item: i64) -> i64:
    """The code of a list's or array's type by that of its items; ``UNKNOWN_TYPE`` where it has none."""
    if item > 15 and type_nodes(item) >= MOST_TYPE_NODES:
        return UNKNOWN_TYPE
    return outer | item << 4


@native
def type_of(word: i64) -> i64:
    """The code of a constant's type. ``UNKNOWN_TYPE`` for what is no constant, and for a type that has no code."""
    if is_small(word):
        return T_INTEGER
    if not is_object(word):
        if word == UNIT:
            return T_UNIT
        return T_BOOL if word == TRUE or word == FALSE else UNKNOWN_TYPE
    header = fields(word)[0]
    kind = header & 255
    if kind >= DATA_CONSTR and kind <= DATA_B:
        return T_DATA
    if kind == BIG:
        return T_INTEGER
    if kind == BYTES:
        return T_BYTESTRING
    if kind == STRING:
        return T_STRING
    if kind == NIL or kind == CONS:
        return type_within(T_LIST, type_in(header))
    if kind == PAIR:
        return type_in(header)
    if kind == ARRAY:
        return type_within(T_ARRAY, type_in(header))
    if kind == VALUE:
        return T_VALUE
    if kind == G1:
        return T_G1
    if kind == G2:
        return T_G2
    return T_ML if kind == ML else UNKNOWN_TYPE


@inline
def failure() -> tuple[bool, Value]:
    """What does not fit: the answer of a function that says whether it has a value, and which."""
    return False, Value(FAILED)
