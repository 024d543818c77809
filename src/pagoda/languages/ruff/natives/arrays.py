"""Arrays: longer, shorter, parts, order, sums. An array that nobody else holds is changed in place.

Long loops run in stretches, between which a body polls.
"""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import WORDS, array_in, ask_library, moved, one_array, own_array, pay, position
from pagoda.languages.ruff.natives.case import reversed_text
from pagoda.languages.ruff.ops.model import RuffContext, failure, out_of_memory
from pagoda.native import f64, i64, inline, native, ptr
from pagoda.native.intrinsics import (
    address,
    checked_add,
    checked_sub,
    divide_truncated,
    float_from_bits,
    is_null,
    offset,
    pointer,
)  # fmt: skip
from pagoda.runtime.arrays import (
    array_concat,
    array_extend,
    array_insert,
    array_new_stored,
    array_push,
    array_remove_at,
    array_slice,
    swap_ends,
)  # fmt: skip
from pagoda.runtime.heap import Heap, told_to_stop
from pagoda.runtime.layouts import EMPTY, FLOATS, GENERAL, INTS, Array, Dict, array_ints, array_values
from pagoda.runtime.maps import dict_new
from pagoda.runtime.pairs import (
    ARRAY,
    DICT,
    FLOAT,
    INT,
    NULL,
    STRING,
    Object,
    Value,
    float_of,
    from_float,
    from_int,
)  # fmt: skip
from pagoda.runtime.references import release_object
from pagoda.runtime.sorting import all_strings, array_sort
from pagoda.runtime.strings import string_length

MAX_ITEMS = 50_000_000  # as in the library
EXACT = 1 << 53  # ints nearer to zero are floats too
LEAST = -(1 << 63)


@inline
def stretch_end(start: i64, length: i64) -> i64:
    """Where the stretch of a long loop ends that begins at ``start``."""
    return start + WORDS if start + WORDS < length else length


@inline
def as_value(ctx: RuffContext, made: Array) -> Value:
    """An owned array as a value; null becomes the memory limit."""
    if is_null(made):
        return out_of_memory(ctx)
    return Value(ARRAY, address(made))


@native
def native_len(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1:
        v = row[0]
        if v.tag == ARRAY:
            return from_int(array_in(v).length)
        if v.tag == STRING:
            return from_int(string_length(pointer(Object, v.payload)))
        if v.tag == DICT:
            return from_int(pointer(Dict, v.payload).length)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- longer and shorter


@native
def native_push(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY:
        mine = own_array(ctx, row)
        if is_null(mine) or not array_push(ctx.heap, mine, row[1]):
            return out_of_memory(ctx)
        row[1] = Value(NULL, 0)
        return moved(row, 0)
    return ask_library(ctx, row, count)


@native
def native_insert(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 3 and row[0].tag == ARRAY:
        i, valid = position(row[1])
        length = array_in(row[0]).length
        if valid and i >= 0 and i <= length:
            if not pay(ctx, length):
                return failure()
            mine = own_array(ctx, row)
            if is_null(mine) or not array_insert(ctx.heap, mine, i, row[2]):
                return out_of_memory(ctx)
            row[2] = Value(NULL, 0)
            return moved(row, 0)
    return ask_library(ctx, row, count)


@native
def without(ctx: RuffContext, row: ptr[Value], i: i64) -> Value:
    """``[array without item i, that item]``."""
    made = array_new_stored(ctx.heap, GENERAL, 2)
    if is_null(made):
        return out_of_memory(ctx)
    mine = own_array(ctx, row)
    if is_null(mine):
        release_object(ctx.heap, ARRAY, made)
        return out_of_memory(ctx)
    array_values(made)[1] = array_remove_at(ctx.heap, mine, i)
    array_values(made)[0] = moved(row, 0)
    made.length = 2
    return Value(ARRAY, address(made))


@native
def native_pop(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_array(row, count):
        length = array_in(row[0]).length
        if length > 0:
            return without(ctx, row, length - 1)
        made = array_new_stored(ctx.heap, GENERAL, 2)
        if is_null(made):
            return out_of_memory(ctx)
        array_values(made)[0] = moved(row, 0)
        array_values(made)[1] = from_int(0)
        made.length = 2
        return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)


@native
def native_remove_at(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY:
        i, valid = position(row[1])
        length = array_in(row[0]).length
        if valid and i >= 0 and i < length:
            if not pay(ctx, length):
                return failure()
            return without(ctx, row, i)
    return ask_library(ctx, row, count)


@native
def native_clear(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag == ARRAY:
        return as_value(ctx, array_new_stored(ctx.heap, EMPTY, 0))
    if count == 1 and row[0].tag == DICT:
        made = dict_new(ctx.heap)
        if is_null(made):
            return out_of_memory(ctx)
        return Value(DICT, address(made))
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- parts


@native
def part(ctx: RuffContext, row: ptr[Value], first: i64, last: i64) -> Value:
    """The first argument's items from ``first`` up to ``last``, as far as they are there."""
    a = array_in(row[0])
    if last > a.length:
        last = a.length
    if first > last:
        first = last
    if first == 0 and last == a.length:
        return moved(row, 0)
    return as_value(ctx, array_slice(ctx.heap, a, first, last))


@inline
def from_end(i: i64, length: i64) -> i64:
    """A position that counts from the end where it is negative, but not beyond the start."""
    if i >= 0:
        return i
    return i + length if i + length > 0 else 0


@native
def native_slice(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 3 and row[0].tag == ARRAY:
        first, here = position(row[1])
        last, there = position(row[2])
        if here and there:
            length = array_in(row[0]).length
            if not pay(ctx, length):
                return failure()
            first, last = from_end(first, length), from_end(last, length)
            return part(ctx, row, first if first < last else last, last)
    return ask_library(ctx, row, count)


@native
def native_take(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY:
        many, valid = position(row[1])
        if valid:
            if not pay(ctx, array_in(row[0]).length):
                return failure()
            return part(ctx, row, 0, many if many > 0 else 0)
    return ask_library(ctx, row, count)


@native
def native_skip(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY:
        many, valid = position(row[1])
        if valid:
            if not pay(ctx, array_in(row[0]).length):
                return failure()
            return part(ctx, row, many if many > 0 else 0, array_in(row[0]).length)
    return ask_library(ctx, row, count)


@native
def native_concat(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and row[0].tag == ARRAY and row[1].tag == ARRAY:
        left, right = array_in(row[0]), array_in(row[1])
        if not pay(ctx, left.length + right.length):
            return failure()
        if left.refcount != 1:
            return as_value(ctx, array_concat(ctx.heap, left, right))
        if not array_extend(ctx.heap, left, right):
            return out_of_memory(ctx)
        return moved(row, 0)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- order


@native
def sortable(heap: Heap, a: Array) -> bool:
    """Whether the elements have one order on which the library's sort and ours must agree; False also to stop.

    NaN and mixed kinds have none: there the result shows the algorithm. Nor do our comparisons tell large ints from floats.
    """
    if a.storage != FLOATS and a.storage != GENERAL:
        return True
    strings = a.storage == GENERAL and a.length > 0 and array_values(a)[0].tag == STRING
    start: i64 = 0
    while start < a.length:
        end = stretch_end(start, a.length)
        if a.storage == FLOATS:
            if not ordered_floats(array_ints(a), start, end):
                return False
        elif strings:
            if not all_strings(offset(array_values(a), 16 * start), end - start):
                return False
        elif not ordered_numbers(array_values(a), start, end):
            return False
        start = end
        if start < a.length and told_to_stop(heap):
            return False
    return True


@native
def ordered_floats(words: ptr[i64], start: i64, end: i64) -> bool:
    """Whether none of the floats is NaN."""
    for i in range(start, end):  # noqa: SIM110  # native code has no generators
        if float_from_bits(words[i]) != float_from_bits(words[i]):
            return False
    return True


@native
def ordered_numbers(values: ptr[Value], start: i64, end: i64) -> bool:
    """Whether all are numbers that compare as their floats do."""
    for i in range(start, end):
        v = values[i]
        if v.tag == INT:
            if v.payload > EXACT or v.payload < -EXACT:
                return False
        elif v.tag != FLOAT or float_of(v) != float_of(v):
            return False
    return True


@native
def native_sort(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_array(row, count) and sortable(ctx.heap, array_in(row[0])):
        if not pay(ctx, array_in(row[0]).length):
            return failure()
        mine = own_array(ctx, row)
        if is_null(mine) or not array_sort(ctx.heap, mine):
            return out_of_memory(ctx)
        return moved(row, 0)
    return ask_library(ctx, row, count)


@native
def native_reverse(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_array(row, count):
        if not pay(ctx, array_in(row[0]).length):
            return failure()
        mine = own_array(ctx, row)
        if is_null(mine):
            return out_of_memory(ctx)
        middle = mine.length >> 1
        start: i64 = 0
        while start < middle:
            end = stretch_end(start, middle)
            swap_ends(mine, start, end)
            start = end
            if start < middle and told_to_stop(ctx.heap):
                return out_of_memory(ctx)
        return moved(row, 0)
    return reversed_text(ctx, row, count)


# ---------------------------------------------------------------- numbers


@native
def add_ints(words: ptr[i64], start: i64, end: i64, total: i64) -> tuple[i64, bool]:
    """A sum with some more ints, and whether it left the range of i64 on the way."""
    for i in range(start, end):
        total, over = checked_add(total, words[i])
        if over:
            return 0, True
    return total, False


@native
def add_floats(words: ptr[i64], start: i64, end: i64, total: f64) -> f64:
    for i in range(start, end):
        total += float_from_bits(words[i])
    return total


@native
def add_values(
    values: ptr[Value], start: i64, end: i64, whole: i64, fraction: f64, is_float: bool
) -> tuple[i64, f64, bool, bool]:
    """The sums of the numbers among values, as an int and as a float; whether there was a float, and whether the ints before
    the first one left their range."""
    for i in range(start, end):
        v = values[i]
        if v.tag == INT:
            fraction += f64(v.payload)
            if not is_float:
                whole, over = checked_add(whole, v.payload)
                if over:
                    return 0, fraction, False, True
        elif v.tag == FLOAT:
            fraction += float_of(v)
            is_float = True
    return whole, fraction, is_float, False


@native
def native_sum(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_array(row, count):
        a = array_in(row[0])
        whole: i64 = 0
        fraction = f64(0.0)
        is_float, over = a.storage == FLOATS and a.length > 0, False
        start: i64 = 0
        while start < a.length and not over:
            end = stretch_end(start, a.length)
            if a.storage == INTS:
                whole, over = add_ints(array_ints(a), start, end, whole)
            elif a.storage == FLOATS:
                fraction = add_floats(array_ints(a), start, end, fraction)
            elif a.storage == GENERAL:
                whole, fraction, is_float, over = add_values(array_values(a), start, end, whole, fraction, is_float)
            start = end
            if start < a.length and told_to_stop(ctx.heap):
                return out_of_memory(ctx)
        if not over:
            if not pay(ctx, a.length):
                return failure()
            return from_float(fraction) if is_float else from_int(whole)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- range


@native
def range_count(start: i64, stop: i64, step: i64) -> i64:
    """How many numbers a range has; -1 for one that the library should look at."""
    if step == 0 or start == LEAST or stop == LEAST or step == LEAST:
        return -1
    distance, far = checked_sub(stop, start)
    if far or distance == LEAST:
        return -1
    stride = step
    if step < 0:
        distance, stride = -distance, -step
    if distance <= 0:
        # The library's bound holds for a range that runs the other way, too.
        return 0 if divide_truncated(-distance, stride) <= MAX_ITEMS else -1
    return divide_truncated(distance - 1, stride) + 1 if divide_truncated(distance, stride) <= MAX_ITEMS else -1


@native
def write_range(words: ptr[i64], first: i64, end: i64, start: i64, step: i64) -> None:
    """Writes the numbers ``first`` up to ``end`` of a range."""
    for i in range(first, end):
        words[i] = start + i * step


@native
def native_range(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count >= 1 and count <= 3:
        start: i64 = 0
        step: i64 = 1
        stop, valid = position(row[0])
        if count > 1:
            start = stop
            stop, also = position(row[1])
            valid = valid and also
        if count > 2:
            step, also = position(row[2])
            valid = valid and also
        many = range_count(start, stop, step) if valid else -1
        if many >= 0:
            if not pay(ctx, many):
                return failure()
            made = array_new_stored(ctx.heap, INTS, many)
            if is_null(made):
                return out_of_memory(ctx)
            first: i64 = 0
            while first < many:
                end = stretch_end(first, many)
                write_range(array_ints(made), first, end, start, step)
                first = end
                if first < many and told_to_stop(ctx.heap):
                    release_object(ctx.heap, ARRAY, made)
                    return out_of_memory(ctx)
            made.length = many
            return Value(ARRAY, address(made))
    return ask_library(ctx, row, count)
