"""Dicts. Keys come out as strings, sorted: by number if all are ints, else by text. The loops over all entries poll."""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import ask_library, moved, pair_new, pay, stopped_at
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.native import i64, native, ptr
from pagoda.native.intrinsics import address, is_null, null, pointer
from pagoda.runtime.arrays import array_new_stored, array_sort
from pagoda.runtime.heap import Heap
from pagoda.runtime.layouts import GENERAL, INTS, Array, Dict, array_ints, array_load, array_values
from pagoda.runtime.maps import (
    dict_find,
    dict_key,
    dict_key_at,
    dict_new,
    dict_next,
    dict_set,
    dict_unique,
    dict_value_at,
)  # fmt: skip
from pagoda.runtime.pairs import ARRAY, DICT, INT, NULL, STRING, Value, from_int
from pagoda.runtime.references import release, release_object, retain
from pagoda.runtime.strings import string_from_int

# ---------------------------------------------------------------- sorted keys


@native
def all_ints(heap: Heap, d: Dict) -> bool:
    """Whether all keys are ints; False also to stop."""
    i = dict_next(d, 0)
    while i >= 0:
        if dict_key_at(d, i).tag != INT or stopped_at(heap, i):
            return False
        i = dict_next(d, i + 1)
    return True


@native
def key_text(heap: Heap, key: Value) -> Value:
    """A key as text, owned; NULL without memory."""
    if key.tag == STRING:
        retain(key)
        return key
    made = string_from_int(key.payload)
    return Value(NULL, 0) if is_null(made) else Value(STRING, address(made))


@native
def sorted_keys(heap: Heap, d: Dict) -> Array:
    """The keys in order, as ints if all are, else as texts; null without memory or where the program is to stop."""
    ints = all_ints(heap, d)
    made = array_new_stored(heap, INTS if ints else GENERAL, d.length)
    if is_null(made):
        return made
    at: i64 = 0
    i = dict_next(d, 0)
    while i >= 0:
        key = dict_key_at(d, i)
        if ints:
            array_ints(made)[at] = key.payload
        else:
            text = key_text(heap, key)
            if text.tag == NULL:
                release_object(heap, ARRAY, made)
                return null(Array)
            array_values(made)[at] = text
        at += 1
        made.length = at
        if stopped_at(heap, at):
            release_object(heap, ARRAY, made)
            return null(Array)
        i = dict_next(d, i + 1)
    if not array_sort(heap, made):
        release_object(heap, ARRAY, made)
        return null(Array)
    return made


@native
def as_texts(heap: Heap, keys: Array) -> Array:
    """The texts of keys; consumes their array. Null without memory."""
    if keys.storage != INTS:
        return keys
    made = array_new_stored(heap, GENERAL, keys.length)
    for i in range(keys.length):
        if not is_null(made):
            text = key_text(heap, array_load(keys, i))
            if text.tag == NULL or stopped_at(heap, i):
                release(heap, text)
                release_object(heap, ARRAY, made)
                made = null(Array)
            else:
                array_values(made)[i] = text
                made.length = i + 1
    release_object(heap, ARRAY, keys)
    return made


@native
def entry_of(d: Dict, key: Value) -> Value:
    """The value of a key that is there, given as an int or text; borrowed."""
    canonical, _ = dict_key(key)
    return dict_value_at(d, dict_find(d, canonical))


@native
def native_keys(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag == DICT:
        d = pointer(Dict, row[0].payload)
        if not pay(ctx, d.length):
            return failure()
        found = sorted_keys(ctx.heap, d)
        if not is_null(found):
            found = as_texts(ctx.heap, found)
        if is_null(found):
            return out_of_memory(ctx)
        return Value(ARRAY, address(found))
    return ask_library(ctx, row, count)


@native
def native_values(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag == DICT:
        d = pointer(Dict, row[0].payload)
        if not pay(ctx, d.length):
            return failure()
        found = sorted_keys(ctx.heap, d)
        if is_null(found):
            return out_of_memory(ctx)
        made = array_new_stored(ctx.heap, GENERAL, d.length)
        if not is_null(made):
            for i in range(d.length):
                v = entry_of(d, array_load(found, i))
                retain(v)
                array_values(made)[i] = v
                made.length = i + 1
                if stopped_at(ctx.heap, i):
                    release_object(ctx.heap, ARRAY, made)
                    made = null(Array)
                    break
        release_object(ctx.heap, ARRAY, found)
        if is_null(made):
            return out_of_memory(ctx)
        return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)


@native
def entry_pairs(ctx: RuffContext, d: Dict, found: Array) -> Value:
    """``[key's text, value]`` for each of the keys, which are borrowed."""
    made = array_new_stored(ctx.heap, GENERAL, d.length)
    if is_null(made):
        return out_of_memory(ctx)
    for i in range(d.length):
        text = key_text(ctx.heap, array_load(found, i))
        pair = null(Array)
        if text.tag == STRING:
            v = entry_of(d, text)
            retain(v)
            pair = pair_new(ctx.heap, text, v)
            if is_null(pair):
                release(ctx.heap, v)
                release(ctx.heap, text)
        if is_null(pair):
            release_object(ctx.heap, ARRAY, made)
            return out_of_memory(ctx)
        array_values(made)[i] = Value(ARRAY, address(pair))
        made.length = i + 1
        if stopped_at(ctx.heap, i):
            release_object(ctx.heap, ARRAY, made)
            return out_of_memory(ctx)
    return Value(ARRAY, address(made))


@native
def native_items(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag == DICT:
        d = pointer(Dict, row[0].payload)
        if not pay(ctx, d.length):
            return failure()
        found = sorted_keys(ctx.heap, d)
        if is_null(found):
            return out_of_memory(ctx)
        answer = entry_pairs(ctx, d, found)
        release_object(ctx.heap, ARRAY, found)
        return answer
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- one key


@native
def native_has_key(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == DICT:
        key, valid = dict_key(row[1])
        if valid:
            return from_int(i64(dict_find(pointer(Dict, row[0].payload), key) >= 0))
    return ask_library(ctx, row, count)


@native
def native_get(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if (count == 2 or count == 3) and row[0].tag == DICT:
        key, valid = dict_key(row[1])
        if valid:
            d = pointer(Dict, row[0].payload)
            i = dict_find(d, key)
            if i >= 0:
                v = dict_value_at(d, i)
                retain(v)
                return v
            return moved(row, 2) if count == 3 else Value(NULL, 0)
    return ask_library(ctx, row, count)


@native
def native_get_default(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 3:
        return native_get(ctx, row, count)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- whole dicts


@native
def set_all(heap: Heap, d: Dict, other: Dict) -> bool:
    """Sets every entry of another dict in a unique one. False without memory or where the program is to stop."""
    i = dict_next(other, 0)
    while i >= 0:
        key, v = dict_key_at(other, i), dict_value_at(other, i)
        retain(key)
        retain(v)
        if not dict_set(heap, d, key, v):
            release(heap, key)
            release(heap, v)
            return False
        if stopped_at(heap, i):
            return False
        i = dict_next(other, i + 1)
    return True


@native
def native_merge(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == DICT and row[1].tag == DICT:
        left, right = pointer(Dict, row[0].payload), pointer(Dict, row[1].payload)
        if not pay(ctx, left.length + right.length):
            return failure()
        mine = dict_unique(ctx.heap, left)
        if is_null(mine):
            return out_of_memory(ctx)
        row[0] = Value(DICT, address(mine))
        if not set_all(ctx.heap, mine, right):
            return out_of_memory(ctx)
        return moved(row, 0)
    return ask_library(ctx, row, count)


@native
def native_dict(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 0:
        made = dict_new(ctx.heap)
        if is_null(made):
            return out_of_memory(ctx)
        return Value(DICT, address(made))
    return ask_library(ctx, row, count)
