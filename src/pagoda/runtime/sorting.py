"""Sorting: a stable merge sort of an array's elements, in place with a buffer of the same size.

Numbers stand in numeric order, strings in that of their code points; any other two values count as equal, as does NaN with
everything. One body serves ints, floats and values: the storage is a constant of compile time in it.

A sort may be stopped: it polls every few thousand elements. What must hold: whatever a pass was doing, its source has every
element once.
"""

from __future__ import annotations

from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import cast, copy_memory, float_from_bits, is_null, offset
from pagoda.runtime.heap import Heap, allocate, deallocate, told_to_stop
from pagoda.runtime.layouts import BOOLS, FLOATS, GENERAL, INTS, Array, array_ints, array_values
from pagoda.runtime.pairs import INT, STRING, Object, Value, is_number, number_of, object_of
from pagoda.runtime.strings import string_code_at, string_compare, string_length

RUN = 12  # elements that are sorted by insertion
STRETCH = 1 << 16  # elements between two looks whether to stop
TEXTS = 1 << 14  # strings, likewise: each of them is looked up in memory
LEAST = -(1 << 63)
INFINITY = 0x7FF0000000000000  # its bits


@native
def value_before(left: Value, right: Value) -> bool:
    """Whether ``left`` must stand before ``right``."""
    if left.tag == STRING and right.tag == STRING:
        return string_compare(object_of(left), object_of(right)) < 0
    if left.tag == INT and right.tag == INT:
        return left.payload < right.payload
    if is_number(left) and is_number(right):
        return number_of(left) < number_of(right)
    return False


@inline
def item_before(texts: i64, left: Value, right: Value) -> bool:
    """As :func:`value_before`; where ``texts`` is 1, for strings whose tags were replaced by their beginnings."""
    if texts == 1:
        if left.tag != right.tag:
            return left.tag < right.tag
        return string_compare(object_of(left), object_of(right)) < 0
    return value_before(left, right)


@native
def text_beginning(text: Object) -> i64:
    """The first eight code points as a number that is in order where they are; strings where it is the same may differ.

    Code points from 255 on count as 255 and end it, for what follows them must not decide before they do.
    """
    length = string_length(text)
    gathered: i64 = 0
    open = True
    for i in range(8):
        code: i64 = 0
        if open and i < length:
            code = string_code_at(text, i)
            if code >= 255:
                code = 255
                open = False
        gathered = (gathered << 8) | code
    return gathered ^ LEAST  # unsigned order as signed


@inline
def word_before(storage: i64, left: i64, right: i64) -> bool:
    if storage == INTS:
        return left < right
    return float_from_bits(left) < float_from_bits(right)


@inline
def sort_words(storage: i64, heap: Heap, data: ptr[i64], spare: ptr[i64], count: i64) -> bool:
    """Sorts ``count`` words of a storage; ``spare`` has room for as many. False if told to stop."""
    start: i64 = 0
    while start < count:
        if (start & (4 * STRETCH - 1)) < RUN and told_to_stop(heap):
            return False
        end = start + RUN if start + RUN < count else count
        for i in range(start + 1, end):
            item = data[i]
            at = i
            while at > start and word_before(storage, item, data[at - 1]):
                data[at] = data[at - 1]
                at -= 1
            data[at] = item
        start = end
    source, target = data, spare
    width: i64 = RUN
    while width < count:
        start = 0
        while start < count:
            middle = start + width if start + width < count else count
            end = middle + width if middle + width < count else count
            if middle == end or not word_before(storage, source[middle], source[middle - 1]):
                copy_memory(offset(target, start * 8), offset(source, start * 8), (end - start) * 8)
            elif not merge_words(storage, heap, source, target, start, middle, end):
                copy_back(source == data, data, source, count * 8)
                return False
            start = end
        source, target = target, source
        width = width + width
        if told_to_stop(heap):
            copy_back(source == data, data, source, count * 8)
            return False
    copy_back(source == data, data, source, count * 8)
    return True


@inline
def least(a: i64, b: i64, c: i64) -> i64:
    two = a if a < b else b
    return two if two < c else c


@inline
def merge_words(
    storage: i64, heap: Heap, source: ptr[i64], target: ptr[i64], start: i64, middle: i64, end: i64
) -> bool:
    """Merges two sorted neighbours; False if told to stop. Which side gives the next element is computed, not branched on: it
    is a coin's toss. Neither side can end within as many elements as the shorter one has."""
    left, right, at = start, middle, start
    stretch: i64 = 0
    while left < middle and right < end:
        stop = at + least(middle - left, end - right, STRETCH)
        while at < stop:
            mine, other = source[left], source[right]
            later = word_before(storage, other, mine)
            target[at] = other if later else mine
            step = i64(later)
            right += step
            left += 1 - step
            at += 1
        if at - start >= stretch + STRETCH:
            stretch = at - start
            if told_to_stop(heap):
                return False
    copy_memory(offset(target, at * 8), offset(source, left * 8), (middle - left) * 8)
    copy_memory(offset(target, (at + middle - left) * 8), offset(source, right * 8), (end - right) * 8)
    return True


@inline
def copy_back(there: bool, data: ptr[i64], source: ptr[i64], size: i64) -> None:
    """Copies the sorted elements to where they belong, unless they are there."""
    if not there:
        copy_memory(data, source, size)


@inline
def words_sorted(storage: i64, data: ptr[i64], start: i64, end: i64) -> bool:
    for i in range(start, end):  # noqa: SIM110  # native code has no generators
        if word_before(storage, data[i], data[i - 1]):
            return False
    return True


@native
def sort_ints(heap: Heap, data: ptr[i64], spare: ptr[i64], count: i64) -> bool:
    return sort_words(INTS, heap, data, spare, count)


@native
def sort_floats(heap: Heap, data: ptr[i64], spare: ptr[i64], count: i64) -> bool:
    """Sorts floats: as ints, which is faster, unless there is one whose order its bits do not tell."""
    plain = True
    for i in range(count):
        bits = data[i]
        # NaN is equal to all, and zero to negative zero
        plain = plain and bits != LEAST and (bits & ~LEAST) <= INFINITY
    if not plain:
        return sort_words(FLOATS, heap, data, spare, count)
    for i in range(count):
        data[i] = data[i] ^ ((data[i] >> 63) & ~LEAST)
    done = sort_words(INTS, heap, data, spare, count)
    for i in range(count):
        data[i] = data[i] ^ ((data[i] >> 63) & ~LEAST)
    return done


@inline
def sort_items(texts: i64, heap: Heap, data: ptr[Value], spare: ptr[Value], count: i64) -> bool:
    """As :func:`sort_words`, for values."""
    start: i64 = 0
    while start < count:
        if (start & (4 * STRETCH - 1)) < RUN and told_to_stop(heap):
            return False
        end = start + RUN if start + RUN < count else count
        for i in range(start + 1, end):
            item = data[i]
            at = i
            while at > start and item_before(texts, item, data[at - 1]):
                data[at] = data[at - 1]
                at -= 1
            data[at] = item
        start = end
    source, target = data, spare
    width: i64 = RUN
    while width < count:
        start = 0
        while start < count:
            middle = start + width if start + width < count else count
            end = middle + width if middle + width < count else count
            left, right, at = start, middle, start
            if middle < end and item_before(texts, source[middle], source[middle - 1]):
                while left < middle and right < end:
                    if item_before(texts, source[right], source[left]):
                        target[at] = source[right]
                        right += 1
                    else:
                        target[at] = source[left]
                        left += 1
                    at += 1
                    if (at & (STRETCH - 1)) == 0 and told_to_stop(heap):
                        copy_back(source == data, cast(ptr[i64], data), cast(ptr[i64], source), count * 16)
                        return False
            copy_memory(offset(target, at * 16), offset(source, left * 16), (middle - left) * 16)
            at += middle - left
            copy_memory(offset(target, at * 16), offset(source, right * 16), (end - right) * 16)
            start = end
        source, target = target, source
        width = width + width
        if told_to_stop(heap):
            copy_back(source == data, cast(ptr[i64], data), cast(ptr[i64], source), count * 16)
            return False
    copy_back(source == data, cast(ptr[i64], data), cast(ptr[i64], source), count * 16)
    return True


@native
def sort_values(heap: Heap, data: ptr[Value], spare: ptr[Value], count: i64) -> bool:
    return sort_items(0, heap, data, spare, count)


@native
def sort_texts(heap: Heap, data: ptr[Value], spare: ptr[Value], count: i64) -> bool:
    """Sorts strings. Most comparisons are decided by their first characters, which stand in the tags' place meanwhile."""
    ready: i64 = 0
    done = True
    while done and ready < count:
        end = ready + TEXTS if ready + TEXTS < count else count
        for i in range(ready, end):
            data[i] = Value(text_beginning(object_of(data[i])), data[i].payload)
        ready = end
        done = ready == count or not told_to_stop(heap)
    done = done and sort_items(1, heap, data, spare, count)
    for i in range(ready):
        data[i] = Value(STRING, data[i].payload)
    return done


@native
def all_strings(values: ptr[Value], count: i64) -> bool:
    for i in range(count):  # noqa: SIM110
        if values[i].tag != STRING:
            return False
    return True


@native
def in_order(a: Array, start: i64, end: i64) -> bool:
    """Whether none of the elements from ``start`` >= 1 up to ``end`` must stand before its neighbour on the left."""
    if a.storage == INTS:
        return words_sorted(INTS, array_ints(a), start, end)
    if a.storage == FLOATS:
        return words_sorted(FLOATS, array_ints(a), start, end)
    for i in range(start, end):  # noqa: SIM110
        if value_before(array_values(a)[i], array_values(a)[i - 1]):
            return False
    return True


@native
def array_sort(heap: Heap, a: Array) -> bool:
    """Sorts a unique array in place. False without memory or where the program is to stop: its order is some order then."""
    count = a.length
    if count < 2 or a.storage == BOOLS:
        return True
    sorted: i64 = 1  # so many elements are in order already
    while sorted < count:
        end = sorted + TEXTS if sorted + TEXTS < count else count
        if not in_order(a, sorted, end):
            break
        sorted = end
        if told_to_stop(heap):
            return False
    if sorted == count:
        return True
    size = count * 16 if a.storage == GENERAL else count * 8
    spare = allocate(heap, size)
    if is_null(spare):
        return False
    done = False
    if a.storage == GENERAL and all_strings(array_values(a), count):
        done = sort_texts(heap, array_values(a), cast(ptr[Value], spare), count)
    elif a.storage == GENERAL:
        done = sort_values(heap, array_values(a), cast(ptr[Value], spare), count)
    elif a.storage == INTS:
        done = sort_ints(heap, array_ints(a), cast(ptr[i64], spare), count)
    else:
        done = sort_floats(heap, array_ints(a), cast(ptr[i64], spare), count)
    deallocate(heap, spare, size)
    return done
