"""Builtins that call a function for each item of an array.

What must hold: the array stays in the row while guest code runs, so that nobody changes it; other callables than functions and
builtins, and every error that is not the function's own, are the library's.
"""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import array_in, ask_library, moved, pay
from pagoda.languages.ruff.ops.calling import call_function
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.languages.ruff.ops.slow import call_builtin_slow, truthy
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import address, is_null
from pagoda.runtime.arrays import array_new, array_new_stored, array_push
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.layouts import GENERAL, array_load, array_values
from pagoda.runtime.pairs import ARRAY, BUILTIN, CLOSURE, FUNCTION, NULL, Value, from_bool, from_int
from pagoda.runtime.references import release, release_object, retain


@inline
def applies(row: ptr[Value], count: i64, expected: i64) -> bool:
    """Whether the arguments are an array first and something that :func:`apply` calls last."""
    if count != expected or row[0].tag != ARRAY:
        return False
    tag = row[expected - 1].tag
    return tag == FUNCTION or tag == CLOSURE or tag == BUILTIN


@native
def apply(ctx: RuffContext, function: Value, count: i64, a: Value, b: Value) -> Value:
    """What a function or builtin, borrowed, gives for one argument or two; takes over the references to these."""
    if function.tag == BUILTIN:
        return apply_builtin(ctx, function, count, a, b)
    return call_function(ctx, function, count, a, b)


@native
def apply_builtin(ctx: RuffContext, builtin: Value, count: i64, a: Value, b: Value) -> Value:
    """As :func:`apply`. The arguments' row is an array's: above the running frame, calls that the builtin makes have theirs.

    A guest function polls by itself, a builtin need not.
    """
    row = array_new_stored(ctx.heap, GENERAL, 2)
    if is_null(row) or told_to_stop(ctx.heap):
        if not is_null(row):
            release_object(ctx.heap, ARRAY, row)
        release(ctx.heap, a)
        release(ctx.heap, b)
        return out_of_memory(ctx)
    array_values(row)[0] = a
    array_values(row)[1] = b
    row.length = 2
    answer = call_builtin_slow(ctx, builtin.payload, array_values(row), count)
    release_object(ctx.heap, ARRAY, row)
    return answer


@native
def apply_to_item(ctx: RuffContext, row: ptr[Value], i: i64) -> Value:
    """What the function in ``row[1]`` gives for item ``i`` of the array in ``row[0]``."""
    item = array_load(array_in(row[0]), i)
    retain(item)
    return apply(ctx, row[1], 1, item, Value(NULL, 0))


@native
def first_item(ctx: RuffContext, row: ptr[Value], wanted: bool) -> i64:
    """The number of the first item for which the function's answer counts as ``wanted``; -1 for none, -2 on failure."""
    for i in range(array_in(row[0]).length):
        answer = apply_to_item(ctx, row, i)
        if answer.tag < 0:
            return -2
        holds = truthy(answer)
        release(ctx.heap, answer)
        if holds == wanted:
            return i
    return -1


@native
def native_map(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if not applies(row, count, 2):
        return ask_library(ctx, row, count)
    length = array_in(row[0]).length
    if not pay(ctx, length):
        return failure()
    made = array_new(ctx.heap, length)
    if is_null(made):
        return out_of_memory(ctx)
    for i in range(length):
        answer = apply_to_item(ctx, row, i)
        if answer.tag < 0:
            release_object(ctx.heap, ARRAY, made)
            return answer
        if not array_push(ctx.heap, made, answer):
            release(ctx.heap, answer)
            release_object(ctx.heap, ARRAY, made)
            return out_of_memory(ctx)
    return Value(ARRAY, address(made))


@native
def native_filter(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if not applies(row, count, 2):
        return ask_library(ctx, row, count)
    length = array_in(row[0]).length
    if not pay(ctx, length):
        return failure()
    made = array_new(ctx.heap, 0)
    if is_null(made):
        return out_of_memory(ctx)
    for i in range(length):
        answer = apply_to_item(ctx, row, i)
        if answer.tag < 0:
            release_object(ctx.heap, ARRAY, made)
            return answer
        holds = truthy(answer)
        release(ctx.heap, answer)
        if holds:
            item = array_load(array_in(row[0]), i)
            retain(item)
            if not array_push(ctx.heap, made, item):
                release(ctx.heap, item)
                release_object(ctx.heap, ARRAY, made)
                return out_of_memory(ctx)
    return Value(ARRAY, address(made))


@native
def native_reduce(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if not applies(row, count, 3):
        return ask_library(ctx, row, count)
    length = array_in(row[0]).length
    if not pay(ctx, length):
        return failure()
    result = moved(row, 1)  # nobody else holds it then, and the function may change it in place
    for i in range(length):
        item = array_load(array_in(row[0]), i)
        retain(item)
        result = apply(ctx, row[2], 2, result, item)
        if result.tag < 0:
            return result
    return result


@native
def native_find(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if not applies(row, count, 2):
        return ask_library(ctx, row, count)
    if not pay(ctx, array_in(row[0]).length):
        return failure()
    i = first_item(ctx, row, True)
    if i == -2:
        return failure()
    if i < 0:
        return from_int(0)
    item = array_load(array_in(row[0]), i)
    retain(item)
    return item


@native
def native_any(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if not applies(row, count, 2):
        return ask_library(ctx, row, count)
    if not pay(ctx, array_in(row[0]).length):
        return failure()
    i = first_item(ctx, row, True)
    return failure() if i == -2 else from_bool(i >= 0)


@native
def native_all(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if not applies(row, count, 2):
        return ask_library(ctx, row, count)
    if not pay(ctx, array_in(row[0]).length):
        return failure()
    i = first_item(ctx, row, False)
    return failure() if i == -2 else from_bool(i < 0)
