"""A text made of blocks: what is too long to be made by one call of CPython, which nobody could stop.

The blocks wait in an array until all of them are there; then the text, whose length and make are known, is filled block by
block, and each block is given back as soon as it was copied. What must hold: the array is consumed whatever happens, and a
failure leaves nothing behind.
"""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import room_for_text, text_in
from pagoda.languages.ruff.ops.model import RuffContext, out_of_memory
from pagoda.languages.ruff.ops.slow import string_value
from pagoda.native import extern, i64, native, ptr
from pagoda.native.intrinsics import address, is_null, wrap_u32
from pagoda.runtime.arrays import array_push
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.layouts import Array, array_values
from pagoda.runtime.pairs import ARRAY, NULL, STRING, Object, Value
from pagoda.runtime.references import release_object
from pagoda.runtime.strings import checked, give_up, python_clear_error, python_new, string_length, string_range


@extern("PyUnicode_CopyCharacters", "python")
def py_copy_characters(to: Object, at: i64, source: Object, start: i64, count: i64) -> i64:
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
def given_up(ctx: RuffContext, blocks: Array) -> Value:
    """Releases the blocks of a text that cannot be made."""
    release_object(ctx.heap, ARRAY, blocks)
    return out_of_memory(ctx)


@native
def assembled(ctx: RuffContext, blocks: Array, mark: Object) -> Value:
    """The text of all blocks, with ``mark``, which is borrowed, between them; consumes the blocks, of which there is one at
    least."""
    values = array_values(blocks)
    if blocks.length == 1:
        only = values[0]
        values[0] = Value(NULL, 0)
        release_object(ctx.heap, ARRAY, blocks)
        return only
    length = (blocks.length - 1) * string_length(mark)
    most = string_range(mark) if string_length(mark) > 0 else 127
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
        if i > 0:
            if told_to_stop(ctx.heap):
                return False
            at += copied(whole, at, mark)
        block = text_in(values[i])
        at += copied(whole, at, block)
        values[i] = Value(NULL, 0)
        give_up(block)
    return True


@native
def copied(whole: Object, at: i64, text: Object) -> i64:
    """Writes a text into one that has room for it; how many characters that are."""
    count = py_copy_characters(whole, at, text, 0, string_length(text))
    if count < 0:  # it has no reason to refuse
        python_clear_error()
        return 0
    return count
