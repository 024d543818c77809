"""``replace``: at once in texts of usual size, in parts in long ones.

A part ends where no occurrence can lie across: what might begin one is left for the next part. What must hold: the parts'
occurrences are those that a search from the left through the whole text finds; no result is longer than the library allows.
"""

from __future__ import annotations

from pagoda.languages.ruff.bridge import let_go, py_list_get, py_list_set, py_list_size
from pagoda.languages.ruff.natives.assembling import add_block, assembled, given_up
from pagoda.languages.ruff.natives.base import WORDS, ask_library, pay, room_for_text, text_in
from pagoda.languages.ruff.natives.pieces import py_join, py_split
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.native import extern, i64, native, ptr
from pagoda.native.intrinsics import checked_mul, divide_truncated, is_null, null
from pagoda.runtime.arrays import array_new
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.pairs import STRING, Object, Value
from pagoda.runtime.strings import (
    checked,
    give_up,
    python_clear_error,
    python_find,
    string_length,
    string_substring,
)  # fmt: skip

MAX_TEXT = 64 * 1024 * 1024  # characters by which a text may grow unseen, as in the library
MAX_REPLACED = 1 << 30  # characters of a text that grew more, as in the library
PART_RESULT = 1 << 22  # characters that a part may become, more or less
PART_LEAST = 64  # characters of a part
NO = -1  # the program is to stop


@extern("PyUnicode_Replace", "python")
def py_replace(text: Object, old: Object, new: Object, most: i64) -> Object:
    raise NotImplementedError


@extern("PyUnicode_Count", "python")
def py_count(text: Object, part: Object, start: i64, end: i64) -> i64:
    raise NotImplementedError


@native
def native_replace(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 3 and row[0].tag == STRING and row[1].tag == STRING and row[2].tag == STRING:
        text, old, new = text_in(row[0]), text_in(row[1]), text_in(row[2])
        length, growth = string_length(text), string_length(new) - string_length(old)
        most, over = checked_mul(length, growth if growth > 0 else 0)
        if over:
            return ask_library(ctx, row, count)
        if most > MAX_TEXT:
            within = may_grow(ctx, text, old, growth)
            if within == NO:
                return out_of_memory(ctx)
            if within == 0:
                return ask_library(ctx, row, count)
        if not pay(ctx, length):
            return failure()
        if length <= WORDS and most <= PART_RESULT:
            return string_value(ctx, checked(py_replace(text, old, new, -1)))
        return replaced_in_parts(ctx, text, old, new)
    return ask_library(ctx, row, count)


@native
def may_grow(ctx: RuffContext, text: Object, old: Object, growth: i64) -> i64:
    """1 where a text with so many more characters for each occurrence is not too long, 0 where it is; NO to stop."""
    length, size = string_length(text), string_length(old)
    room = MAX_REPLACED - length
    if size == 0:
        return i64(divide_truncated(room, growth) >= length + 1)
    if room >= 0 and divide_truncated(room, growth) >= divide_truncated(length, size):
        return 1
    start: i64 = 0
    while start < length:
        end = start + WORDS if start + WORDS < length else length
        if size == 1:
            room -= py_count(text, old, start, end) * growth
            start = end
        else:
            room, start = rest_of_room(text, old, start, end, room, growth)
        if room < 0:
            return 0
        if told_to_stop(ctx.heap):
            return NO
    return i64(room >= 0)


@native
def rest_of_room(text: Object, old: Object, start: i64, end: i64, room: i64, growth: i64) -> tuple[i64, i64]:
    """What is left of ``room`` after the occurrences that begin at ``start`` or later, up to ``end`` or until there is none
    left; and where to go on."""
    size = string_length(old)
    while room >= 0 and start < end:
        found = python_find(text, old, start, end + size - 1, 1)
        if found < 0:
            if found < -1:
                python_clear_error()
            return room, end
        start = found + size
        room -= growth
    return room, start


# ---------------------------------------------------------------- parts


@native
def replaced_in_parts(ctx: RuffContext, text: Object, old: Object, new: Object) -> Value:
    blocks = array_new(ctx.heap, 0)
    if is_null(blocks):
        return out_of_memory(ctx)
    length, part = string_length(text), part_length(string_length(old), string_length(new))
    start: i64 = 0
    made: i64 = 0
    while start < length:
        end = start + part if start + part < length else length
        block, start = replaced_part(ctx, text, old, new, start, end)
        if not is_null(block):
            made += string_length(block)
        if not add_block(ctx, blocks, block) or not room_for_text(ctx, made):
            return given_up(ctx, blocks)
    return assembled(ctx, blocks, null(Object))


@native
def part_length(old: i64, new: i64) -> i64:
    """How long the parts of a text are: shorter where much may come of them, but longer than what is looked for."""
    part = WORDS
    if new > old:
        part = divide_truncated(PART_RESULT * (old + 1), new + 1)
    if part > WORDS:
        part = WORDS
    if part < PART_LEAST:
        part = PART_LEAST
    return part if part > 4 * old else 4 * old


@native
def replaced_part(ctx: RuffContext, text: Object, old: Object, new: Object, start: i64, end: i64) -> tuple[Object, i64]:
    """What becomes of the text from ``start`` up to ``end`` or a little less, null without memory; and where to go on."""
    part = string_substring(text, start, end)
    if is_null(part):
        return part, end
    size = string_length(old)
    if end == string_length(text) or size == 1:
        block = checked(py_replace(part, old, new, -1))
    elif size == 0:
        block = without_end(checked(py_replace(part, old, new, -1)), string_length(new))
    else:
        block, kept = replaced_but_end(ctx, part, old, new)
        end -= kept
    give_up(part)
    return block, end


@native
def without_end(text: Object, count: i64) -> Object:
    """A text, which is consumed and may be null, without its last characters; null without memory."""
    if is_null(text):
        return text
    made = string_substring(text, 0, string_length(text) - count)
    give_up(text)
    return made


@native
def replaced_but_end(ctx: RuffContext, part: Object, old: Object, new: Object) -> tuple[Object, i64]:
    """What becomes of a part but for an end in which an occurrence might begin, and how long that end is; null without
    memory."""
    pieces = checked(py_split(part, old, -1))
    if is_null(pieces):
        return pieces, 0
    last = py_list_size(pieces) - 1
    rest = string_length(py_list_get(pieces, last))
    kept = string_length(old) - 1
    if kept > rest:
        kept = rest
    block = string_substring(py_list_get(pieces, last), 0, rest - kept)
    if not is_null(block):
        py_list_set(pieces, last, block)
        block = checked(py_join(new, pieces))
    let_go(ctx, pieces)
    return block, kept
