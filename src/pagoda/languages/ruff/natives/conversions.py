"""Numbers out of text and text out of numbers."""

from __future__ import annotations

from pagoda.languages.ruff.bridge import let_go, py_as_double, py_clear
from pagoda.languages.ruff.natives.base import ask_library, one_string, text_in
from pagoda.languages.ruff.ops.data import text_of
from pagoda.languages.ruff.ops.model import RuffContext
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.native import extern, f64, i32, i64, inline, native, ptr, u8
from pagoda.native.intrinsics import (
    checked_mul,
    checked_sub,
    i64_of_float,
    is_null,
    literal,
    null,
)  # fmt: skip
from pagoda.runtime.pairs import BOOL, FLOAT, INT, NULL, STRING, Object, Value, float_of, from_float, from_int
from pagoda.runtime.strings import ascii_data, string_from_ascii, string_is_ascii, string_length

REPR = 114  # "r": the shortest digits that read back as the same number


@extern("PyFloat_FromString", "python")
def py_float_from_string(text: Object) -> Object:
    raise NotImplementedError


@extern("PyOS_double_to_string", "python")
def py_double_to_string(number: f64, form: i32, precision: i32, flags: i32, kind: ptr[i32]) -> ptr[u8]:
    raise NotImplementedError


@extern("PyMem_Free", "python")
def py_free(block: ptr[u8]) -> None:
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
def float_text(ctx: RuffContext, v: Value) -> Value:
    """The display form of a float: CPython's digits, unless they have an exponent or are none; the library knows those."""
    digits = py_double_to_string(float_of(v), i32(REPR), i32(0), i32(0), null(ptr[i32]))
    if is_null(digits):
        py_clear()
        return text_of(ctx, v)
    length: i64 = 0
    plain = True
    while digits[length] != 0:
        plain = plain and digits[length] <= 57
        length += 1
    if not plain:
        py_free(digits)
        return text_of(ctx, v)
    made = string_from_ascii(digits, length)
    py_free(digits)
    return string_value(ctx, made)


@native
def scalar_text(ctx: RuffContext, v: Value) -> Value:
    """The display form of a value, owned; quick for those that hold no others."""
    if v.tag == FLOAT:
        return float_text(ctx, v)
    if v.tag == BOOL:
        if v.payload != 0:
            return string_value(ctx, string_from_ascii(literal(b"true"), 4))
        return string_value(ctx, string_from_ascii(literal(b"false"), 5))
    if v.tag == NULL:
        return string_value(ctx, string_from_ascii(literal(b"null"), 4))
    return text_of(ctx, v)


@native
def native_to_string(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1:
        return scalar_text(ctx, row[0])
    return ask_library(ctx, row, count)
