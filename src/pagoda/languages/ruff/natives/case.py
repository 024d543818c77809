"""Letters and order: upper and lower case, backwards. ASCII text; the library, and CPython's tables, have the rest."""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import ask_library, one_string, pay, text_in
from pagoda.languages.ruff.ops.model import RuffContext, failure
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.native import i64, inline, native, ptr, u8, u32
from pagoda.native.intrinsics import is_null
from pagoda.runtime.pairs import Object, Value
from pagoda.runtime.strings import ascii_data, checked, python_new, string_is_ascii, string_length

A, Z = 65, 90
SMALL = 32  # the bit in which a small letter differs from its capital


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
def backwards(to: ptr[u8], source: ptr[u8], count: i64) -> None:
    for i in range(count):
        to[i] = source[count - 1 - i]


@inline
def ascii_argument(row: ptr[Value], count: i64) -> bool:
    """Whether the only argument is a string of ASCII characters; an empty one is left to the library, for it is shared."""
    return one_string(row, count) and string_is_ascii(text_in(row[0])) and string_length(text_in(row[0])) > 0


@inline
def like(text: Object) -> Object:
    """A new string of the same length, to be filled with ASCII; of one character too, though CPython has those ready."""
    return checked(python_new(string_length(text), u32(127)))


@native
def native_upper(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if ascii_argument(row, count):
        text = text_in(row[0])
        if not pay(ctx, string_length(text)):
            return failure()
        made = like(text)
        if not is_null(made):
            capitals(ascii_data(made), ascii_data(text), string_length(text))
        return string_value(ctx, made)
    return ask_library(ctx, row, count)


@native
def native_lower(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if ascii_argument(row, count):
        text = text_in(row[0])
        if not pay(ctx, string_length(text)):
            return failure()
        made = like(text)
        if not is_null(made):
            small_letters(ascii_data(made), ascii_data(text), string_length(text))
        return string_value(ctx, made)
    return ask_library(ctx, row, count)


@native
def native_capitalize(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if ascii_argument(row, count):
        text = text_in(row[0])
        if not pay(ctx, string_length(text)):
            return failure()
        made = like(text)
        if not is_null(made):
            small_letters(ascii_data(made), ascii_data(text), string_length(text))
            capitals(ascii_data(made), ascii_data(text), 1)
        return string_value(ctx, made)
    return ask_library(ctx, row, count)


@native
def reversed_text(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """An ASCII string backwards, or what the library says."""
    if ascii_argument(row, count):
        text = text_in(row[0])
        if not pay(ctx, string_length(text)):
            return failure()
        made = like(text)
        if not is_null(made):
            backwards(ascii_data(made), ascii_data(text), string_length(text))
        return string_value(ctx, made)
    return ask_library(ctx, row, count)


@native
def native_str_reverse(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return reversed_text(ctx, row, count)
