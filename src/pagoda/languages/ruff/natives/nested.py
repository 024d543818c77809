"""Arrays of arrays: pairs, neighbours, and one level of nesting taken away.

The loops poll once in so many items that they make.
"""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import array_in, ask_library, one_array, pair_new, pay, position, stopped_at
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import address, checked_mul, is_null
from pagoda.runtime.arrays import array_extend, array_new, array_new_stored, array_push, array_slice
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.layouts import GENERAL, Array, array_load, array_values
from pagoda.runtime.pairs import ARRAY, Value, from_int
from pagoda.runtime.references import release, release_object, retain

MAX_ITEMS = 50_000_000  # of all windows, as in the library
MANY = 1 << 14  # items that are copied between two looks whether to stop


@inline
def set_array(made: Array, i: i64, item: Array) -> None:
    """Makes an owned array the next element of one that has room for it."""
    array_values(made)[i] = Value(ARRAY, address(item))
    made.length = i + 1


@native
def pair_of(ctx: RuffContext, first: Value, second: Value) -> Array:
    """``[first, second]`` of two borrowed values; null without memory."""
    retain(first)
    retain(second)
    made = pair_new(ctx.heap, first, second)
    if is_null(made):
        release(ctx.heap, first)
        release(ctx.heap, second)
    return made


@native
def give_up_pair(ctx: RuffContext, pair: Array) -> None:
    """Releases a pair, which may be null."""
    if not is_null(pair):
        release_object(ctx.heap, ARRAY, pair)


@native
def unfinished(ctx: RuffContext, made: Array) -> Value:
    """Gives up an array that memory, or time, did not suffice for."""
    release_object(ctx.heap, ARRAY, made)
    return out_of_memory(ctx)


@native
def native_enumerate(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_array(row, count):
        a = array_in(row[0])
        if not pay(ctx, a.length):
            return failure()
        made = array_new_stored(ctx.heap, GENERAL, a.length)
        if is_null(made):
            return out_of_memory(ctx)
        for i in range(a.length):
            pair = pair_of(ctx, from_int(i), array_load(a, i))
            if is_null(pair) or stopped_at(ctx.heap, i):
                give_up_pair(ctx, pair)
                return unfinished(ctx, made)
            set_array(made, i, pair)
        return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)


@native
def native_zip(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY and row[1].tag == ARRAY:
        a, b = array_in(row[0]), array_in(row[1])
        if not pay(ctx, a.length + b.length):
            return failure()
        length = a.length if a.length < b.length else b.length
        made = array_new_stored(ctx.heap, GENERAL, length)
        if is_null(made):
            return out_of_memory(ctx)
        for i in range(length):
            pair = pair_of(ctx, array_load(a, i), array_load(b, i))
            if is_null(pair) or stopped_at(ctx.heap, i):
                give_up_pair(ctx, pair)
                return unfinished(ctx, made)
            set_array(made, i, pair)
        return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)


@native
def native_chunk(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY:
        size, valid = position(row[1])
        if valid and size > 0:
            a = array_in(row[0])
            if not pay(ctx, a.length):
                return failure()
            if size > a.length:
                size = a.length if a.length > 0 else 1
            made = array_new(ctx.heap, 0)
            if is_null(made):
                return out_of_memory(ctx)
            start: i64 = 0
            fresh: i64 = 0  # items since the last look whether to stop
            while start < a.length:
                end = start + size if start + size < a.length else a.length
                if not push_slice(ctx, made, a, start, end):
                    return unfinished(ctx, made)
                start = end
                fresh += size + 1
                if fresh > MANY:
                    fresh = 0
                    if told_to_stop(ctx.heap):
                        return unfinished(ctx, made)
            return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)


@native
def push_slice(ctx: RuffContext, made: Array, a: Array, start: i64, end: i64) -> bool:
    """Adds an array of the elements of ``a`` from ``start`` up to ``end``. False without memory."""
    piece = array_slice(ctx.heap, a, start, end)
    if is_null(piece):
        return False
    if not array_push(ctx.heap, made, Value(ARRAY, address(piece))):
        release_object(ctx.heap, ARRAY, piece)
        return False
    return True


@native
def windows_fit(count: i64, width: i64) -> bool:
    """Whether so many windows have no more items than the library allows."""
    items, over = checked_mul(count if count > 0 else 0, width)
    return items <= MAX_ITEMS and not over


@native
def native_windows(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY:
        width, valid = position(row[1])
        if valid and width > 0 and windows_fit(array_in(row[0]).length - width + 1, width):
            a = array_in(row[0])
            if not pay(ctx, a.length):
                return failure()
            made = array_new(ctx.heap, 0)
            if is_null(made):
                return out_of_memory(ctx)
            fresh: i64 = 0
            for i in range(a.length - width + 1):
                if not push_slice(ctx, made, a, i, i + width):
                    return unfinished(ctx, made)
                fresh += width + 1
                if fresh > MANY:
                    fresh = 0
                    if told_to_stop(ctx.heap):
                        return unfinished(ctx, made)
            return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)


@native
def native_flatten(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_array(row, count):
        a = array_in(row[0])
        if not pay(ctx, a.length):
            return failure()
        made = array_new(ctx.heap, 0)
        if is_null(made):
            return out_of_memory(ctx)
        fresh: i64 = 0
        for i in range(a.length):
            item = array_load(a, i)
            fresh += 1
            if fresh > MANY:
                fresh = 0
                if told_to_stop(ctx.heap):
                    return unfinished(ctx, made)
            if item.tag == ARRAY:
                fresh += array_in(item).length
                if not array_extend(ctx.heap, made, array_in(item)):
                    return unfinished(ctx, made)
            else:
                retain(item)
                if not array_push(ctx.heap, made, item):
                    release(ctx.heap, item)
                    return unfinished(ctx, made)
        return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)
