"""A text made of blocks: what is too long to be made by one call of CPython, which nobody could stop.

The blocks wait in an array until all of them are there; then the text, whose length and make are known, is filled block by
block, and each block is given back as soon as it was copied. What must hold: the array is consumed whatever happens, and a
failure leaves nothing behind.
"""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import WORDS, room_for_text, text_in
from pagoda.languages.ruff.ops.model import RuffContext, out_of_memory
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.native import extern, i64, native, ptr
from pagoda.native.intrinsics import address, divide_truncated, is_null, wrap_u32
from pagoda.runtime.arrays import array_push
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.layouts import Array, array_values
from pagoda.runtime.pairs import ARRAY, NULL, STRING, Object, Value
from pagoda.runtime.references import release_object, retain_object
from pagoda.runtime.strings import (
    checked,
    give_up,
    python_clear_error,
    python_new,
    string_length,
    string_range,
    string_substring,
)  # fmt: skip


@extern("PyUnicode_CopyCharacters", "python")
def py_copy_characters(to: Object, at: i64, source: Object, start: i64, count: i64) -> i64:
    raise NotImplementedError


@extern("PySequence_Repeat", "python")
def py_repeat(text: Object, times: i64) -> Object:
    raise NotImplementedError


@native
def add_block(ctx: RuffContext, blocks: Array, block: Object) -> bool:
    """Adds a block, which is consumed and may be null: no memory. False without memory or where the program is to stop; the
    blocks are still the caller's."""
    if is_null(block):
        return False
    if not array_push(ctx.heap, blocks, Value(STRING, address(block))):
        give_up(block)
        return False
    return not told_to_stop(ctx.heap)


@native
def add_repeated(ctx: RuffContext, blocks: Array, unit: Object, length: i64) -> bool:
    """Adds blocks of ``length`` characters in all: a text that is not empty, over and over. As :func:`add_block`."""
    block = checked(py_repeat(unit, divide_truncated(WORDS, string_length(unit)) + 1))
    if is_null(block):
        return False
    done = True
    while done and length >= string_length(block):
        length -= string_length(block)
        retain_object(block)
        done = add_block(ctx, blocks, block)
    if done and length > 0:
        done = add_block(ctx, blocks, string_substring(block, 0, length))
    give_up(block)
    return done


@native
def given_up(ctx: RuffContext, blocks: Array) -> Value:
    """Releases the blocks of a text that cannot be made."""
    release_object(ctx.heap, ARRAY, blocks)
    return out_of_memory(ctx)


@native
def assembled(ctx: RuffContext, blocks: Array, mark: Object) -> Value:
    """The text of all blocks, with ``mark``, which is borrowed, between them, or nothing where that is null; consumes the
    blocks, of which there is one at least."""
    values = array_values(blocks)
    if blocks.length == 1:
        only = values[0]
        values[0] = Value(NULL, 0)
        release_object(ctx.heap, ARRAY, blocks)
        return only
    length: i64 = 0
    most: i64 = 127
    if not is_null(mark):
        length = (blocks.length - 1) * string_length(mark)
        most = string_range(mark)
    for i in range(blocks.length):
        length += string_length(text_in(values[i]))
        if string_range(text_in(values[i])) > most:
            most = string_range(text_in(values[i]))
    if not room_for_text(ctx, length):
        return given_up(ctx, blocks)
    whole = checked(python_new(length, wrap_u32(most)))
    if is_null(whole):
        return given_up(ctx, blocks)
    if not fill(ctx, whole, values, blocks.length, mark):
        give_up(whole)
        return given_up(ctx, blocks)
    release_object(ctx.heap, ARRAY, blocks)
    return string_value(ctx, whole)


@native
def fill(ctx: RuffContext, whole: Object, values: ptr[Value], count: i64, mark: Object) -> bool:
    """Writes a new text out of blocks, which give way to nulls. False where the program is to stop."""
    at: i64 = 0
    for i in range(count):
        block = text_in(values[i])
        if i > 0 and not is_null(mark):
            if not copied(ctx, whole, at, mark):
                return False
            at += string_length(mark)
        if not copied(ctx, whole, at, block):
            return False
        at += string_length(block)
        values[i] = Value(NULL, 0)
        give_up(block)
    return True


@native
def copied(ctx: RuffContext, whole: Object, at: i64, text: Object) -> bool:
    """Writes a text into one that has room for it. False where the program is to stop."""
    start: i64 = 0
    while start < string_length(text):
        # What is beyond the text's end is not copied; so there is no reason to refuse.
        if py_copy_characters(whole, at + start, text, start, WORDS) < 0:
            python_clear_error()
            return False
        start += WORDS
        if told_to_stop(ctx.heap):
            return False
    return True
