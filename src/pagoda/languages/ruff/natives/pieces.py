"""Strings taken apart and put together."""

from __future__ import annotations

from pagoda.languages.ruff.bridge import let_go, py_clear, py_list_get, py_list_new, py_list_set, py_list_size
from pagoda.languages.ruff.natives.base import array_in, ask_library, one_string, pay, text_in, two_strings
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.languages.ruff.ops.text import text_of
from pagoda.native import extern, i64, native, ptr
from pagoda.native.intrinsics import address, is_null, literal, null, pointer
from pagoda.runtime.arrays import array_new_stored
from pagoda.runtime.layouts import GENERAL, Array, array_load, array_values
from pagoda.runtime.pairs import ARRAY, BUILTIN, STRING, Object, Value
from pagoda.runtime.references import release, release_object, retain_object
from pagoda.runtime.strings import (
    checked,
    give_up,
    string_char_at,
    string_code_at,
    string_from_ascii,
    string_length,
    string_substring,
)  # fmt: skip


@extern("PyUnicode_Split", "python")
def py_split(text: Object, mark: Object, most: i64) -> Object:
    raise NotImplementedError


@extern("PyUnicode_Join", "python")
def py_join(mark: Object, items: Object) -> Object:
    raise NotImplementedError


# ---------------------------------------------------------------- apart


@native
def texts_of(ctx: RuffContext, pieces: Object) -> Value:
    """An array of the strings in a Python list, which is consumed and may be null: no memory."""
    if is_null(pieces):
        py_clear()
        return out_of_memory(ctx)
    count = py_list_size(pieces)
    made = array_new_stored(ctx.heap, GENERAL, count)
    if is_null(made):
        let_go(ctx, pieces)
        return out_of_memory(ctx)
    values = array_values(made)
    for i in range(count):
        item = py_list_get(pieces, i)
        retain_object(item)
        values[i] = Value(STRING, address(item))
    made.length = count
    let_go(ctx, pieces)
    return Value(ARRAY, address(made))


@native
def characters(ctx: RuffContext, text: Object) -> Value:
    """The characters of a string, between two empty strings."""
    length = string_length(text)
    made = array_new_stored(ctx.heap, GENERAL, length + 2)
    if is_null(made):
        return out_of_memory(ctx)
    for i in range(length + 2):
        if i == 0 or i > length:
            piece = string_from_ascii(literal(b""), 0)
        else:
            piece = string_char_at(text, i - 1)
        if is_null(piece):
            release_object(ctx.heap, ARRAY, made)
            return out_of_memory(ctx)
        array_values(made)[i] = Value(STRING, address(piece))
        made.length = i + 1
    return Value(ARRAY, address(made))


@native
def no_items(ctx: RuffContext) -> Value:
    """An empty array."""
    made = array_new_stored(ctx.heap, GENERAL, 0)
    if is_null(made):
        return out_of_memory(ctx)
    return Value(ARRAY, address(made))


@native
def native_split(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_strings(row, count):
        text, mark = text_in(row[0]), text_in(row[1])
        if not pay(ctx, string_length(text)):
            return failure()
        if string_length(text) == 0:
            return no_items(ctx)
        if string_length(mark) == 0:
            return characters(ctx, text)
        return texts_of(ctx, py_split(text, mark, -1))
    return ask_library(ctx, row, count)


@native
def native_words(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_string(row, count):
        if not pay(ctx, string_length(text_in(row[0]))):
            return failure()
        return texts_of(ctx, py_split(text_in(row[0]), null(Object), -1))
    return ask_library(ctx, row, count)


@native
def native_lines(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_string(row, count):
        if not pay(ctx, string_length(text_in(row[0]))):
            return failure()
        mark = string_from_ascii(literal(b"\n"), 1)
        if is_null(mark):
            return out_of_memory(ctx)
        answer = texts_of(ctx, py_split(text_in(row[0]), mark, -1))
        give_up(mark)
        if answer.tag == ARRAY and not strip_ends(ctx, pointer(Array, answer.payload)):
            release(ctx.heap, answer)
            return out_of_memory(ctx)
        return answer
    return ask_library(ctx, row, count)


@native
def strip_ends(ctx: RuffContext, lines: Array) -> bool:
    """Takes the carriage return from every line's end, and away the last line if it is empty. False without memory."""
    values = array_values(lines)
    for i in range(lines.length):
        text = text_in(values[i])
        last = string_length(text) - 1
        if last >= 0 and string_code_at(text, last) == 13:
            cut = string_substring(text, 0, last)
            if is_null(cut):
                return False
            values[i] = Value(STRING, address(cut))
            give_up(text)
    if lines.length > 0 and string_length(text_in(values[lines.length - 1])) == 0:
        lines.length -= 1
        release(ctx.heap, values[lines.length])
    return True


# ---------------------------------------------------------------- together


@native
def scalars_only(a: Array) -> bool:
    """Whether no element is something that ``join`` shows in its debug form."""
    if a.storage == GENERAL:
        for i in range(a.length):
            tag = array_values(a)[i].tag
            if tag >= BUILTIN and tag != STRING:
                return False
    return True


@native
def native_join(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY and row[1].tag == STRING and scalars_only(array_in(row[0])):
        a = array_in(row[0])
        if not pay(ctx, a.length):
            return failure()
        items = checked(py_list_new(a.length))
        if is_null(items):
            return out_of_memory(ctx)
        for i in range(a.length):
            text = text_of(ctx, array_load(a, i))
            if text.tag < 0:
                let_go(ctx, items)
                return text
            py_list_set(items, i, pointer(Object, text.payload))
        made = checked(py_join(text_in(row[1]), items))
        let_go(ctx, items)
        return string_value(ctx, made)
    return ask_library(ctx, row, count)
