"""Letters and order: upper and lower case, backwards. ASCII text; the library, and CPython's tables, have the rest.

Text is spelled anew in parts, between which a body polls.
"""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import WORDS, ask_library, one_string, pay, room_for_text, text_in
from pagoda.languages.ruff.ops.model import RuffContext, failure
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.native import i64, inline, native, ptr, u8, u32
from pagoda.native.intrinsics import is_null, null, offset
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.pairs import Object, Value
from pagoda.runtime.strings import ascii_data, checked, give_up, python_new, string_is_ascii, string_length

A, Z = 65, 90
SMALL = 32  # the bit in which a small letter differs from its capital
CAPITALS, SMALL_LETTERS, BACKWARDS = 0, 1, 2  # ways to spell a text anew


@native
def small_letters(to: ptr[u8], source: ptr[u8], count: i64) -> None:
    for i in range(count):
        code = source[i]
        to[i] = (code | u8(SMALL)) if code >= A and code <= Z else code


@native
def capitals(to: ptr[u8], source: ptr[u8], count: i64) -> None:
    for i in range(count):
        code = source[i]
        to[i] = (code ^ u8(SMALL)) if code >= A + SMALL and code <= Z + SMALL else code


@native
def backwards(to: ptr[u8], last: ptr[u8], count: i64) -> None:
    for i in range(count):
        to[i] = offset(last, -i)[0]


@inline
def ascii_argument(row: ptr[Value], count: i64) -> bool:
    """Whether the only argument is a string of ASCII characters; an empty one is left to the library, for it is shared."""
    return one_string(row, count) and string_is_ascii(text_in(row[0])) and string_length(text_in(row[0])) > 0


@inline
def like(ctx: RuffContext, text: Object) -> Object:
    """A new string of the same length, to be filled with ASCII; of one character too, though CPython has those ready. Null
    without memory."""
    if not room_for_text(ctx, string_length(text)):
        return null(Object)
    return checked(python_new(string_length(text), u32(127)))


@inline
def part_spelled(way: i64, to: ptr[u8], text: ptr[u8], length: i64, start: i64, end: i64) -> None:
    """Writes the characters from ``start`` up to ``end`` of what becomes of a text in one of the ways."""
    if way == CAPITALS:
        capitals(offset(to, start), offset(text, start), end - start)
    elif way == SMALL_LETTERS:
        small_letters(offset(to, start), offset(text, start), end - start)
    else:
        backwards(offset(to, start), offset(text, length - 1 - start), end - start)


@inline
def spelled(ctx: RuffContext, way: i64, text: Object) -> Object:
    """An ASCII text spelled in one of the ways; null without memory or where the program is to stop."""
    length = string_length(text)
    made = like(ctx, text)
    start: i64 = 0
    while not is_null(made) and start < length:
        end = start + WORDS if start + WORDS < length else length
        part_spelled(way, ascii_data(made), ascii_data(text), length, start, end)
        start = end
        if start < length and told_to_stop(ctx.heap):
            give_up(made)
            made = null(Object)
    return made


@native
def native_upper(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if ascii_argument(row, count):
        if not pay(ctx, string_length(text_in(row[0]))):
            return failure()
        return string_value(ctx, spelled(ctx, CAPITALS, text_in(row[0])))
    return ask_library(ctx, row, count)


@native
def native_lower(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if ascii_argument(row, count):
        if not pay(ctx, string_length(text_in(row[0]))):
            return failure()
        return string_value(ctx, spelled(ctx, SMALL_LETTERS, text_in(row[0])))
    return ask_library(ctx, row, count)


@native
def native_capitalize(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if ascii_argument(row, count):
        text = text_in(row[0])
        if not pay(ctx, string_length(text)):
            return failure()
        made = spelled(ctx, SMALL_LETTERS, text)
        if not is_null(made):
            capitals(ascii_data(made), ascii_data(text), 1)
        return string_value(ctx, made)
    return ask_library(ctx, row, count)


@native
def reversed_text(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """An ASCII string backwards, or what the library says."""
    if ascii_argument(row, count):
        if not pay(ctx, string_length(text_in(row[0]))):
            return failure()
        return string_value(ctx, spelled(ctx, BACKWARDS, text_in(row[0])))
    return ask_library(ctx, row, count)


@native
def native_str_reverse(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return reversed_text(ctx, row, count)
