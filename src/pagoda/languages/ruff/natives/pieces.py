"""Strings taken apart and put together: at once if they are of usual size, else in parts, between which a body polls."""

from __future__ import annotations

from pagoda.languages.ruff.bridge import let_go, py_clear, py_list_get, py_list_new, py_list_set, py_list_size
from pagoda.languages.ruff.natives.assembling import add_block, assembled
from pagoda.languages.ruff.natives.base import (
    ITEMS,
    WORDS,
    array_in,
    ask_library,
    one_string,
    pay,
    room_for_text,
    stopped_at,
    text_in,
    two_strings,
)  # fmt: skip
from pagoda.languages.ruff.natives.searching import NO_MEMORY, text_position
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.languages.ruff.ops.text import text_of
from pagoda.native import extern, i64, native, ptr
from pagoda.native.intrinsics import address, is_null, literal, null, pointer
from pagoda.runtime.arrays import array_new, array_new_stored, array_push
from pagoda.runtime.heap import Heap, told_to_stop
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


ALL = -1  # a text was taken apart to its end
USUAL = 24  # characters that an item which is no string may become, more or less


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
def split_text(ctx: RuffContext, text: Object, mark: Object) -> Value:
    """The pieces of a text between marks, or between white space where there is no mark.

    A long text is split in parts; the last piece of a part may go on beyond it, so the next part begins where that piece does.
    """
    length, part = string_length(text), WORDS
    if length <= part:
        return texts_of(ctx, py_split(text, mark, -1))
    made = array_new(ctx.heap, 0)
    if is_null(made):
        return out_of_memory(ctx)
    start: i64 = 0
    while start >= 0:
        end = start + part if start + part < length else length
        rest = add_pieces(ctx, made, text, mark, start, end)
        if rest < 0 or told_to_stop(ctx.heap):
            start = NO_MEMORY
        elif end == length:
            start = ALL
        elif rest < end - start:
            start, part = end - rest, WORDS
        elif is_null(mark):
            part = part + part
        else:
            start = add_long_piece(ctx, made, text, mark, start, end)
    if start == NO_MEMORY:
        release_object(ctx.heap, ARRAY, made)
        return out_of_memory(ctx)
    return Value(ARRAY, address(made))


@native
def add_long_piece(ctx: RuffContext, made: Array, text: Object, mark: Object, start: i64, end: i64) -> i64:
    """Adds the piece that begins at ``start`` and goes on beyond ``end``; where the next one begins, ALL if it was the last,
    NO_MEMORY also to stop."""
    behind = end - string_length(mark) + 1  # the mark may lie across the end
    found = text_position(ctx, text, mark, behind if behind > start else start)
    if found == NO_MEMORY:
        return NO_MEMORY
    piece = string_substring(text, start, found if found >= 0 else string_length(text))
    if is_null(piece):
        return NO_MEMORY
    if not array_push(ctx.heap, made, Value(STRING, address(piece))):
        give_up(piece)
        return NO_MEMORY
    return found + string_length(mark) if found >= 0 else ALL


@native
def add_pieces(ctx: RuffContext, made: Array, text: Object, mark: Object, start: i64, end: i64) -> i64:
    """Adds the pieces of a part to an array; how many characters of the part belong to a piece that may go on, -1 without
    memory."""
    part = string_substring(text, start, end)
    if is_null(part):
        return -1
    pieces = checked(py_split(part, mark, -1))
    if is_null(pieces):
        give_up(part)
        return -1
    count = py_list_size(pieces)
    rest: i64 = 0
    if end < string_length(text) and count > 0:
        last = py_list_get(pieces, count - 1)
        length = string_length(last)
        # A word ends with the part if that ends in the word's last character: no word has white space in it.
        if not is_null(mark) or string_code_at(last, length - 1) == string_code_at(part, end - start - 1):
            rest = length
            count -= 1
    for i in range(count):
        item = py_list_get(pieces, i)
        retain_object(item)
        if not array_push(ctx.heap, made, Value(STRING, address(item))):
            give_up(item)
            rest = -1
            break
    let_go(ctx, pieces)
    give_up(part)
    return rest


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
        if is_null(piece) or stopped_at(ctx.heap, i):
            if not is_null(piece):
                give_up(piece)
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
        return split_text(ctx, text, mark)
    return ask_library(ctx, row, count)


@native
def native_words(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_string(row, count):
        if not pay(ctx, string_length(text_in(row[0]))):
            return failure()
        return split_text(ctx, text_in(row[0]), null(Object))
    return ask_library(ctx, row, count)


@native
def native_lines(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_string(row, count):
        if not pay(ctx, string_length(text_in(row[0]))):
            return failure()
        mark = string_from_ascii(literal(b"\n"), 1)
        if is_null(mark):
            return out_of_memory(ctx)
        answer = split_text(ctx, text_in(row[0]), mark)
        give_up(mark)
        if answer.tag == ARRAY and not strip_ends(ctx, pointer(Array, answer.payload)):
            release(ctx.heap, answer)
            return out_of_memory(ctx)
        return answer
    return ask_library(ctx, row, count)


@native
def strip_ends(ctx: RuffContext, lines: Array) -> bool:
    """Takes the carriage return from every line's end, and away the last line if it is empty. False without memory or where the
    program is to stop."""
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
        if stopped_at(ctx.heap, i):
            return False
    if lines.length > 0 and string_length(text_in(values[lines.length - 1])) == 0:
        lines.length -= 1
        release(ctx.heap, values[lines.length])
    return True


# ---------------------------------------------------------------- together


@native
def scalars_only(heap: Heap, a: Array) -> bool:
    """Whether no element is something that ``join`` shows in its debug form; False also to stop."""
    if a.storage == GENERAL:
        for i in range(a.length):
            tag = array_values(a)[i].tag
            if (tag >= BUILTIN and tag != STRING) or stopped_at(heap, i):
                return False
    return True


@native
def stretch_of(a: Array, start: i64, mark: i64) -> tuple[i64, i64]:
    """How many elements from ``start`` on one call may join, and how many characters they have with marks of that length."""
    end = start + ITEMS if start + ITEMS < a.length else a.length
    length: i64 = 0
    at = start
    while at < end and length < WORDS:
        size: i64 = USUAL
        if a.storage == GENERAL and array_values(a)[at].tag == STRING:
            size = string_length(text_in(array_values(a)[at]))
        length += size + mark
        at += 1
    return at - start, length


@native
def joined_stretch(ctx: RuffContext, a: Array, start: i64, count: i64, mark: Object) -> Value:
    """The text of so many elements with the mark between them."""
    items = checked(py_list_new(count))
    if is_null(items):
        return out_of_memory(ctx)
    for i in range(count):
        text = text_of(ctx, array_load(a, start + i))
        if text.tag < 0:
            let_go(ctx, items)
            return text
        py_list_set(items, i, pointer(Object, text.payload))
    made = checked(py_join(mark, items))
    let_go(ctx, items)
    return string_value(ctx, made)


@native
def joined_in_parts(ctx: RuffContext, a: Array, mark: Object) -> Value:
    """As :func:`joined_stretch`, for a whole array that is long or has long texts."""
    blocks = array_new(ctx.heap, 0)
    if is_null(blocks):
        return out_of_memory(ctx)
    start: i64 = 0
    made: i64 = 0
    while start < a.length:
        count, length = stretch_of(a, start, string_length(mark))
        room = room_for_text(ctx, made + length)
        block = joined_stretch(ctx, a, start, count, mark) if room else out_of_memory(ctx)
        if block.tag < 0:
            release_object(ctx.heap, ARRAY, blocks)
            return block
        made += string_length(text_in(block))
        if not add_block(ctx, blocks, text_in(block)):
            release_object(ctx.heap, ARRAY, blocks)
            return out_of_memory(ctx)
        start += count
    return assembled(ctx, blocks, mark)


@native
def native_join(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY and row[1].tag == STRING and scalars_only(ctx.heap, array_in(row[0])):
        a, mark = array_in(row[0]), text_in(row[1])
        if not pay(ctx, a.length):
            return failure()
        many, length = stretch_of(a, 0, string_length(mark))
        if many < a.length:
            return joined_in_parts(ctx, a, mark)
        if not room_for_text(ctx, length):
            return out_of_memory(ctx)
        return joined_stretch(ctx, a, 0, many, mark)
    return ask_library(ctx, row, count)
