"""Strings: parts, ends, replacing, padding. Positions count code points."""

from __future__ import annotations

from pagoda.languages.ruff.natives.assembling import add_block, add_repeated, assembled, given_up, py_repeat
from pagoda.languages.ruff.natives.base import (
    WORDS,
    ask_library,
    moved,
    one_string,
    pay,
    position,
    room_for_text,
    text_in,
    two_strings,
)  # fmt: skip
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.native import extern, i32, i64, inline, native, ptr
from pagoda.native.intrinsics import divide_truncated, is_null, literal, null, offset, pointer
from pagoda.runtime.arrays import array_new
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.layouts import Array, Dict
from pagoda.runtime.pairs import ARRAY, DICT, STRING, Object, Value, from_bool, from_int
from pagoda.runtime.references import retain_object
from pagoda.runtime.strings import (
    ascii_data,
    checked,
    compare_memory,
    give_up,
    string_char_at,
    string_code_at,
    string_concat,
    string_from_ascii,
    string_is_ascii,
    string_length,
    string_substring,
)  # fmt: skip

MAX_TEXT = 64 * 1024 * 1024  # as in the library


@extern("PyUnicode_Tailmatch", "python")
def py_tail_match(text: Object, part: Object, start: i64, end: i64, direction: i32) -> i64:
    raise NotImplementedError


# ---------------------------------------------------------------- parts


@native
def native_substring(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 3 and row[0].tag == STRING:
        first, here = position(row[1])
        last, there = position(row[2])
        if here and there:
            text = text_in(row[0])
            if not pay(ctx, string_length(text)):
                return failure()
            if first < 0:
                first = 0
            if last < first:
                last = first
            return string_value(ctx, string_substring(text, first, last))
    return ask_library(ctx, row, count)


@native
def native_char_at(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == STRING:
        i, valid = position(row[1])
        if valid:
            text = text_in(row[0])
            if i >= 0 and i < string_length(text):
                return string_value(ctx, string_char_at(text, i))
            return string_value(ctx, string_from_ascii(literal(b""), 0))
    return ask_library(ctx, row, count)


@native
def native_is_empty(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1:
        v = row[0]
        if v.tag == STRING:
            return from_bool(string_length(text_in(v)) == 0)
        if v.tag == ARRAY:
            return from_bool(pointer(Array, v.payload).length == 0)
        if v.tag == DICT:
            return from_bool(pointer(Dict, v.payload).length == 0)
    return ask_library(ctx, row, count)


@native
def native_count_chars(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_string(row, count):
        return from_int(string_length(text_in(row[0])))
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- ends


@inline
def has_end(text: Object, part: Object, direction: i64) -> bool:
    """Whether a text begins (-1) or ends (1) with a part."""
    if string_is_ascii(text) and string_is_ascii(part):
        length = string_length(part)
        behind = string_length(text) - length
        if behind < 0:
            return False
        begin = ascii_data(text) if direction < 0 else offset(ascii_data(text), behind)
        return compare_memory(begin, ascii_data(part), length) == 0
    return py_tail_match(text, part, 0, string_length(text), i32(direction)) > 0


@native
def native_starts_with(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_strings(row, count):
        return from_bool(has_end(text_in(row[0]), text_in(row[1]), -1))
    return ask_library(ctx, row, count)


@native
def native_ends_with(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_strings(row, count):
        return from_bool(has_end(text_in(row[0]), text_in(row[1]), 1))
    return ask_library(ctx, row, count)


@inline
def is_white(code: i64) -> bool:
    """White space as ``trim`` takes it away."""
    if code <= 32:
        return code == 32 or (code >= 9 and code <= 13)
    if code < 0x2000:
        return code == 0x85 or code == 0xA0 or code == 0x1680
    return (
        code <= 0x200A or code == 0x2028 or code == 0x2029 or code == 0x202F or code == 0x205F or code == 0x3000
    )


@inline
def trimmed(ctx: RuffContext, row: ptr[Value], count: i64, left: bool, right: bool) -> Value:
    if one_string(row, count):
        text = text_in(row[0])
        length = string_length(text)
        if not pay(ctx, length):
            return failure()
        start: i64 = 0
        end = length
        if left:
            while start < end and is_white(string_code_at(text, start)):
                start += 1
                if (start & (WORDS - 1)) == 0 and told_to_stop(ctx.heap):
                    return out_of_memory(ctx)
        if right:
            while end > start and is_white(string_code_at(text, end - 1)):
                end -= 1
                if (end & (WORDS - 1)) == 0 and told_to_stop(ctx.heap):
                    return out_of_memory(ctx)
        if end - start == length:
            return moved(row, 0)
        return string_value(ctx, string_substring(text, start, end))
    return ask_library(ctx, row, count)


@native
def native_trim(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return trimmed(ctx, row, count, True, True)


@native
def native_trim_start(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return trimmed(ctx, row, count, True, False)


@native
def native_trim_end(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return trimmed(ctx, row, count, False, True)


# ---------------------------------------------------------------- making


@native
def native_repeat(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == STRING:
        times, valid = position(row[1])
        length = string_length(text_in(row[0]))
        if valid and length == 0:
            return moved(row, 0)
        if times < 0:
            times = 0
        if valid and times <= MAX_TEXT and length * times <= MAX_TEXT:
            if not room_for_text(ctx, length * times):
                return out_of_memory(ctx)
            if length * times > WORDS:
                return repeated_in_parts(ctx, text_in(row[0]), length * times)
            return string_value(ctx, checked(py_repeat(text_in(row[0]), times)))
    return ask_library(ctx, row, count)


@native
def repeated_in_parts(ctx: RuffContext, unit: Object, length: i64) -> Value:
    """A text of ``length`` characters: ``unit``, which is not empty, over and over."""
    blocks = array_new(ctx.heap, 0)
    if is_null(blocks):
        return out_of_memory(ctx)
    if not add_repeated(ctx, blocks, unit, length):
        return given_up(ctx, blocks)
    return assembled(ctx, blocks, null(Object))


@inline
def padded(ctx: RuffContext, row: ptr[Value], count: i64, left: bool) -> Value:
    if count == 3 and row[0].tag == STRING and row[2].tag == STRING:
        width, valid = position(row[1])
        text, unit = text_in(row[0]), text_in(row[2])
        length, step = string_length(text), string_length(unit)
        if valid and (width <= length or step == 0):
            return moved(row, 0)
        if valid and width - length <= MAX_TEXT:
            if not room_for_text(ctx, width):
                return out_of_memory(ctx)
            if width > WORDS:
                return padded_in_parts(ctx, text, unit, width - length, left)
            padding = padding_of(unit, width - length)
            if is_null(padding):
                return string_value(ctx, padding)
            made = string_concat(padding, text) if left else string_concat(text, padding)
            give_up(padding)
            return string_value(ctx, made)
    return ask_library(ctx, row, count)


@native
def padded_in_parts(ctx: RuffContext, text: Object, unit: Object, missing: i64, left: bool) -> Value:
    """A text with so many characters of padding."""
    blocks = array_new(ctx.heap, 0)
    if is_null(blocks):
        return out_of_memory(ctx)
    if not left and not add_text(ctx, blocks, text):
        return given_up(ctx, blocks)
    if not add_repeated(ctx, blocks, unit, missing):
        return given_up(ctx, blocks)
    if left and not add_text(ctx, blocks, text):
        return given_up(ctx, blocks)
    return assembled(ctx, blocks, null(Object))


@native
def add_text(ctx: RuffContext, blocks: Array, text: Object) -> bool:
    """Adds a block that is borrowed."""
    retain_object(text)
    return add_block(ctx, blocks, text)


@native
def padding_of(unit: Object, length: i64) -> Object:
    """So many characters of a text that begins anew wherever it ends; null without memory."""
    enough = checked(py_repeat(unit, divide_truncated(length, string_length(unit)) + 1))
    if is_null(enough):
        return enough
    made = string_substring(enough, 0, length)
    give_up(enough)
    return made


@native
def native_pad_left(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return padded(ctx, row, count, True)


@native
def native_pad_right(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return padded(ctx, row, count, False)
