"""Numbers out of text and text out of numbers."""

from __future__ import annotations

from pagoda.languages.ruff.bridge import let_go, py_as_double, py_clear
from pagoda.languages.ruff.natives.base import ask_library, one_string, text_in
from pagoda.languages.ruff.ops.model import RuffContext
from pagoda.languages.ruff.ops.text import text_of
from pagoda.native import extern, f64, i64, inline, native, ptr, u8
from pagoda.native.intrinsics import (
    checked_mul,
    checked_sub,
    i64_of_float,
    is_null,
)  # fmt: skip
from pagoda.runtime.pairs import BOOL, FLOAT, INT, STRING, Object, Value, float_of, from_float, from_int
from pagoda.runtime.strings import ascii_data, string_is_ascii, string_length


@extern("PyFloat_FromString", "python")
def py_float_from_string(text: Object) -> Object:
    raise NotImplementedError


# ---------------------------------------------------------------- ints


@inline
def is_blank(code: u8) -> bool:
    """White space among the ASCII characters, as Python's ``strip`` takes it."""
    return code == 32 or (code >= 9 and code <= 13) or (code >= 28 and code <= 31)


@native
def int_in(text: Object) -> tuple[i64, bool]:
    """The i64 that a text spells, blanks around it and a sign allowed; False for whatever the library should look at."""
    if not string_is_ascii(text):
        return 0, False
    data, end = ascii_data(text), string_length(text)
    at: i64 = 0
    while at < end and is_blank(data[at]):
        at += 1
    while end > at and is_blank(data[end - 1]):
        end -= 1
    negative = at < end and data[at] == 45
    if at < end and (data[at] == 45 or data[at] == 43):
        at += 1
    if at == end or end - at > 400:
        return 0, False
    gathered: i64 = 0  # below zero, where there is room for one more
    while at < end:
        digit = i64(data[at]) - 48
        if digit < 0 or digit > 9:
            return 0, False
        tenfold, high = checked_mul(gathered, 10)
        gathered, low = checked_sub(tenfold, digit)
        if high or low:
            return 0, False
        at += 1
    if negative:
        return gathered, True
    number, over = checked_sub(0, gathered)
    return number, not over


@native
def native_parse_int(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_string(row, count):
        number, valid = int_in(text_in(row[0]))
        if valid:
            return from_int(number)
    return ask_library(ctx, row, count)


@native
def native_to_int(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1:
        v = row[0]
        if v.tag == INT:
            return v
        if v.tag == FLOAT:
            return from_int(i64_of_float(float_of(v)))
        if v.tag == BOOL:
            return from_int(v.payload)
        if v.tag == STRING:
            number, valid = int_in(text_in(v))
            if valid:
                return from_int(number)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- floats


@native
def float_in(ctx: RuffContext, text: Object) -> tuple[f64, bool]:
    """The float that a text spells; False for whatever the library should look at."""
    if not string_is_ascii(text):
        return 0.0, False
    data = ascii_data(text)
    for i in range(string_length(text)):
        if data[i] == 95:  # Python reads "1_000", the language does not
            return 0.0, False
    item = py_float_from_string(text)
    if is_null(item):
        py_clear()
        return 0.0, False
    number = py_as_double(item)
    let_go(ctx, item)
    return number, True


@native
def native_parse_float(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_string(row, count):
        number, valid = float_in(ctx, text_in(row[0]))
        if valid:
            return from_float(number)
    return ask_library(ctx, row, count)


@native
def native_to_float(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1:
        v = row[0]
        if v.tag == FLOAT:
            return v
        if v.tag == INT or v.tag == BOOL:
            return from_float(f64(v.payload))
        if v.tag == STRING:
            number, valid = float_in(ctx, text_in(v))
            if valid:
                return from_float(number)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- text


@native
def native_to_string(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1:
        return text_of(ctx, row[0])
    return ask_library(ctx, row, count)
