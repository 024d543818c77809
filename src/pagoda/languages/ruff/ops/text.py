"""Values as text: the display form of one, and interpolation, which makes its whole text at once.

What must hold: the text is what the library's ``display`` makes; whatever holds other values is left to it.
"""

from __future__ import annotations

from pagoda.languages.ruff.bridge import py_clear
from pagoda.languages.ruff.ops.model import RuffContext, out_of_memory
from pagoda.languages.ruff.ops.slow import DISPLAY, LARGE_TEXT, ask1, release_row, string_value
from pagoda.native import extern, f64, i32, i64, native, ptr, u8
from pagoda.native.intrinsics import address, copy_memory, is_null, literal, null, offset, pointer
from pagoda.runtime.pairs import BOOL, FLOAT, INT, NULL, STRING, Object, Value, float_of
from pagoda.runtime.references import release, retain
from pagoda.runtime.strings import (
    ascii_data,
    decimal_length,
    give_up,
    string_append,
    string_ascii_new,
    string_from_ascii,
    string_from_int,
    string_is_ascii,
    string_length,
    string_of_code,
    write_decimal,
)

SPACE, NEWLINE = 32, 10
REPR = 114  # "r": the shortest digits that read back as the same number


@extern("PyOS_double_to_string", "python")
def py_double_to_string(number: f64, form: i32, precision: i32, flags: i32, kind: ptr[i32]) -> ptr[u8]:
    raise NotImplementedError


@extern("PyMem_Free", "python")
def py_free(block: ptr[u8]) -> None:
    raise NotImplementedError


# ---------------------------------------------------------------- one value


@native
def text_of(ctx: RuffContext, v: Value) -> Value:
    """The display form of a value, owned."""
    if v.tag == STRING:
        retain(v)
        return v
    if v.tag == INT:
        return string_value(ctx, string_from_int(v.payload))
    if v.tag == FLOAT:
        return float_text(ctx, v)
    if v.tag == BOOL:
        if v.payload != 0:
            return string_value(ctx, string_from_ascii(literal(b"true"), 4))
        return string_value(ctx, string_from_ascii(literal(b"false"), 5))
    if v.tag == NULL:
        return string_value(ctx, string_from_ascii(literal(b"null"), 4))
    return ask1(ctx, DISPLAY, v)


@native
def float_text(ctx: RuffContext, v: Value) -> Value:
    """The display form of a float: CPython's digits, unless they have an exponent or are none; the library knows those."""
    digits = py_double_to_string(float_of(v), i32(REPR), i32(0), i32(0), null(ptr[i32]))
    if is_null(digits):
        py_clear()
        return ask1(ctx, DISPLAY, v)
    length: i64 = 0
    plain = True
    while digits[length] != 0:
        plain = plain and digits[length] <= 57
        length += 1
    if not plain:
        py_free(digits)
        return ask1(ctx, DISPLAY, v)
    made = string_from_ascii(digits, length)
    py_free(digits)
    return string_value(ctx, made)


# ---------------------------------------------------------------- several


@native
def join_text(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """The texts of a row of owned values, one after the other; empties the row on success."""
    return join_row(ctx, row, count, False)


@native
def join_line(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """As :func:`join_text`, with spaces between the texts and a newline behind."""
    return join_row(ctx, row, count, True)


@native
def join_row(ctx: RuffContext, row: ptr[Value], count: i64, line: bool) -> Value:
    """Either of the above. What is neither a string nor an int gives way to its text in the row, so that the length of the
    whole is known."""
    length: i64 = 0
    if line:
        length = count if count > 0 else 1
    plain = True
    for i in range(count):
        v = row[i]
        if v.tag == INT:
            length += decimal_length(v.payload)
        else:
            if v.tag != STRING:
                text = text_of(ctx, v)
                if text.tag < 0:
                    return text
                row[i] = text
                release(ctx.heap, v)
                v = text
            length += string_length(pointer(Object, v.payload))
            plain = plain and string_is_ascii(pointer(Object, v.payload))
    if length >= LARGE_TEXT and length > ctx.heap.bytes_limit - ctx.heap.bytes_used:
        return out_of_memory(ctx)
    whole = joined_plain(row, count, length, line) if plain else joined(row, count, line)
    if is_null(whole):
        return out_of_memory(ctx)
    release_row(ctx, row, count)
    return Value(STRING, address(whole))


@native
def joined_plain(row: ptr[Value], count: i64, length: i64, line: bool) -> Object:
    """The text of strings that are all ASCII and of ints, ``length`` characters in all; null without memory."""
    whole = string_ascii_new(length)
    if is_null(whole) or length == 0:
        return whole
    at = ascii_data(whole)
    for i in range(count):
        v = row[i]
        if v.tag == INT:
            size = decimal_length(v.payload)
            write_decimal(at, v.payload, size)
        else:
            text = pointer(Object, v.payload)
            size = string_length(text)
            copy_memory(at, ascii_data(text), size)
        at = offset(at, size)
        if line and i < count - 1:
            at[0] = u8(SPACE)
            at = offset(at, 1)
    if line:
        at[0] = u8(NEWLINE)
    return whole


@native
def joined(row: ptr[Value], count: i64, line: bool) -> Object:
    """The text of any strings and of ints; null without memory."""
    whole = string_ascii_new(0)
    for i in range(count):
        if is_null(whole):
            return whole
        v = row[i]
        if v.tag == INT:
            digits = string_from_int(v.payload)
            if is_null(digits):
                give_up(whole)
                return digits
            whole = string_append(whole, digits)
            give_up(digits)
        else:
            whole = string_append(whole, pointer(Object, v.payload))
        if line and not is_null(whole):
            mark = string_of_code(SPACE if i < count - 1 else NEWLINE)  # CPython keeps these
            whole = string_append(whole, mark)
            give_up(mark)
    return whole
