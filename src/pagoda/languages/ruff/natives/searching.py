"""Looking for a value in arrays, dicts and strings, and taking it out.

A search polls now and then; a long text is searched in parts.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.ruff.natives.base import (
    WORDS,
    array_in,
    ask_library,
    moved,
    one_array,
    own_array,
    pair_new,
    pay,
    stopped_at,
    text_in,
    two_strings,
)  # fmt: skip
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.native import i64, native, ptr
from pagoda.native.intrinsics import address, is_null, offset, pointer
from pagoda.runtime.arrays import array_index_of, array_new, array_push, array_remove_at
from pagoda.runtime.heap import Heap, told_to_stop
from pagoda.runtime.layouts import (
    GENERAL,
    INTS,
    Array,
    Dict,
    Struct,
    Tagged,
    array_load,
    array_values,
    struct_values,
    tagged_values,
)  # fmt: skip
from pagoda.runtime.maps import dict_find, dict_key, dict_new, dict_next, dict_remove, dict_set, dict_unique, dict_value_at
from pagoda.runtime.pairs import (
    ARRAY,
    BUILTIN,
    DICT,
    HOLE,
    NULL,
    STRING,
    STRUCT,
    TAGGED,
    Object,
    Value,
    from_bool,
    from_int,
)  # fmt: skip
from pagoda.runtime.references import release, release_object, retain
from pagoda.runtime.sorting import all_strings
from pagoda.runtime.strings import python_clear_error, python_find, string_length

NO_MEMORY: Final = -2
DEEP: Final = 3  # so many levels of a value are looked at before it is searched for


# ---------------------------------------------------------------- equality


@native
def plain(heap: Heap, v: Value, depth: i64) -> bool:
    """Whether a value holds nothing but scalars and strings, ``depth`` levels deep at most; False also to stop.

    Such a value is compared here as the library compares it; functions and CPython's objects have an equality of their own.
    """
    tag = v.tag
    if tag <= BUILTIN or tag == STRING:
        return True
    if depth == 0:
        return False
    if tag == ARRAY:
        a = pointer(Array, v.payload)
        return a.storage != GENERAL or all_plain(heap, array_values(a), a.length, depth - 1)
    if tag == STRUCT:
        s = pointer(Struct, v.payload)
        return all_plain(heap, struct_values(s), s.shape.count, depth - 1)
    if tag == TAGGED:
        t = pointer(Tagged, v.payload)
        return all_plain(heap, tagged_values(t), t.count, depth - 1)
    if tag == DICT:
        return plain_dict(heap, pointer(Dict, v.payload), depth - 1)
    return False


@native
def all_plain(heap: Heap, values: ptr[Value], count: i64, depth: i64) -> bool:
    for i in range(count):  # noqa: SIM110  # native code has no generators
        if not plain(heap, values[i], depth) or stopped_at(heap, i):
            return False
    return True


@native
def plain_dict(heap: Heap, d: Dict, depth: i64) -> bool:
    i = dict_next(d, 0)
    while i >= 0:
        if not plain(heap, dict_value_at(d, i), depth) or stopped_at(heap, i):
            return False
        i = dict_next(d, i + 1)
    return True


# ---------------------------------------------------------------- finding


@native
def text_position(ctx: RuffContext, text: Object, part: Object, start: i64) -> i64:
    """Where ``part`` first begins in a text at ``start`` or later; -1 for nowhere, NO_MEMORY where the program is to stop."""
    length, size = string_length(text), string_length(part)
    stretch = WORDS if size < WORDS else size
    while True:
        end = start + stretch + size  # the parts overlap: what begins in one of them ends in it
        found = python_find(text, part, start, end if end < length else length, 1)
        if found >= 0:
            return found
        if found < -1:
            python_clear_error()
            return -1
        if end >= length:
            return -1
        start += stretch
        if told_to_stop(ctx.heap):
            return NO_MEMORY


@native
def native_contains(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_strings(row, count):
        text = text_in(row[0])
        if not pay(ctx, string_length(text)):
            return failure()
        found = text_position(ctx, text, text_in(row[1]), 0)
        return out_of_memory(ctx) if found == NO_MEMORY else from_int(i64(found >= 0))
    if count == 2 and row[0].tag == DICT:
        key, valid = dict_key(row[1])
        if valid:
            d = pointer(Dict, row[0].payload)
            if not pay(ctx, d.length):
                return failure()
            return from_bool(dict_find(d, key) >= 0)
    if count == 2 and row[0].tag == ARRAY and plain(ctx.heap, row[1], DEEP):
        if not pay(ctx, array_in(row[0]).length):
            return failure()
        found = array_index_of(ctx.heap, array_in(row[0]), row[1])
        if found == NO_MEMORY:
            return out_of_memory(ctx)
        return from_bool(found >= 0)
    return ask_library(ctx, row, count)


@native
def native_index_of(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_strings(row, count):
        text = text_in(row[0])
        if not pay(ctx, string_length(text)):
            return failure()
        found = text_position(ctx, text, text_in(row[1]), 0)
        return out_of_memory(ctx) if found == NO_MEMORY else from_int(found)
    if count == 2 and row[0].tag == ARRAY and plain(ctx.heap, row[1], DEEP):
        if not pay(ctx, array_in(row[0]).length):
            return failure()
        found = array_index_of(ctx.heap, array_in(row[0]), row[1])
        if found == NO_MEMORY:
            return out_of_memory(ctx)
        return from_int(found)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- taking out


@native
def without_key(ctx: RuffContext, row: ptr[Value], key: Value) -> Value:
    """``[dict without the key, its value or 0]``."""
    mine = dict_unique(ctx.heap, pointer(Dict, row[0].payload))
    if is_null(mine):
        return out_of_memory(ctx)
    row[0] = Value(DICT, address(mine))
    made = pair_new(ctx.heap, Value(NULL, 0), Value(NULL, 0))
    if is_null(made):
        return out_of_memory(ctx)
    item = dict_remove(ctx.heap, mine, key)
    array_values(made)[0] = moved(row, 0)
    array_values(made)[1] = from_int(0) if item.tag == HOLE else item
    return Value(ARRAY, address(made))


@native
def native_remove(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == DICT:
        key, valid = dict_key(row[1])
        if valid:
            if not pay(ctx, pointer(Dict, row[0].payload).length):
                return failure()
            return without_key(ctx, row, key)
    if count == 2 and row[0].tag == ARRAY and plain(ctx.heap, row[1], DEEP):
        if not pay(ctx, array_in(row[0]).length):
            return failure()
        found = array_index_of(ctx.heap, array_in(row[0]), row[1])
        if found == NO_MEMORY:
            return out_of_memory(ctx)
        if found >= 0:
            mine = own_array(ctx, row)
            if is_null(mine):
                return out_of_memory(ctx)
            release(ctx.heap, array_remove_at(ctx.heap, mine, found))
        return moved(row, 0)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- repetitions


@native
def add_new(heap: Heap, seen: Dict, made: Array, item: Value) -> bool:
    """Adds ``item``, an int or a string, which is borrowed, to an array unless it was seen. False without memory."""
    key, _ = dict_key(item)  # strings stay apart as keys: two that spell the same int are the same
    if dict_find(seen, key) >= 0:
        return True
    retain(key)
    if not dict_set(heap, seen, key, Value(NULL, 0)):
        release(heap, key)
        return False
    retain(item)
    if not array_push(heap, made, item):
        release(heap, item)
        return False
    return True


@native
def strings_only(heap: Heap, a: Array) -> bool:
    """Whether all of the values are strings; False also to stop."""
    start: i64 = 0
    while start < a.length:
        end = start + WORDS if start + WORDS < a.length else a.length
        if not all_strings(offset(array_values(a), 16 * start), end - start) or told_to_stop(heap):
            return False
        start = end
    return True


@native
def native_unique(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_array(row, count):
        a = array_in(row[0])
        if a.storage == INTS or (a.storage == GENERAL and strings_only(ctx.heap, a)):
            if not pay(ctx, a.length):
                return failure()
            seen = dict_new(ctx.heap)
            if is_null(seen):
                return out_of_memory(ctx)
            made = array_new(ctx.heap, 0)
            done = not is_null(made)
            for i in range(a.length):
                done = done and add_new(ctx.heap, seen, made, array_load(a, i)) and not stopped_at(ctx.heap, i)
            release_object(ctx.heap, DICT, seen)
            if not done:
                if not is_null(made):
                    release_object(ctx.heap, ARRAY, made)
                return out_of_memory(ctx)
            return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)
