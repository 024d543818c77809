"""Arrays: growable rows that store ints, floats and truths bare for as long as they hold nothing else.

What must hold: ``length <= capacity``; ``data`` is null where ``capacity`` elements take no bytes or the storage is EMPTY. An
array that is not unique (its count above 1) must not be changed: call :func:`array_unique` first. An element's storage is not
visible to programs: what was pushed is what is loaded, kind and bits.

Functions that allocate answer null or False where memory runs out; then nothing was consumed and the array holds what it held.
Those that walk through many elements do the same where they find, between two stretches, that the program is to stop.
``i`` and slice bounds are checked by the caller.
"""

from __future__ import annotations

from pagoda.native import cold, i64, inline, native, ptr, u8
from pagoda.native.intrinsics import cast, copy_memory, fill_memory, is_null, likely, move_memory, null, offset, sizeof
from pagoda.runtime.equality import array_index_of as array_index_of
from pagoda.runtime.heap import (
    MOST_ELEMENTS,
    Heap,
    allocate,
    deallocate,
    free_object,
    new_object,
    reallocate,
    told_to_stop,
)  # fmt: skip
from pagoda.runtime.layouts import (
    BOOLS,
    EMPTY,
    FLOATS,
    GENERAL,
    INTS,
    array_ints,
    array_values,
    element_size,
)
from pagoda.runtime.layouts import Array as Array
from pagoda.runtime.layouts import array_load as array_load
from pagoda.runtime.pairs import ARRAY, BOOL, FLOAT, INT, Value, null_value
from pagoda.runtime.references import release, release_object, retain, retain_times
from pagoda.runtime.sorting import array_sort as array_sort

FIRST = 4  # elements that the first growth makes room for
STRETCH = 1 << 16  # elements between two looks whether to stop


@inline
def storage_for(tag: i64) -> i64:
    """How a value of this tag is stored where all elements are like it."""
    if tag == INT:
        return INTS
    if tag == FLOAT:
        return FLOATS
    if tag == BOOL:
        return BOOLS
    return GENERAL


# ---------------------------------------------------------------- making


@native
def array_new(heap: Heap, capacity: i64) -> Array:
    """An empty array that will make room for ``capacity`` elements when the first one comes; null without memory."""
    a = cast(Array, new_object(heap, sizeof(Array), ARRAY))
    if not is_null(a):
        a.storage = EMPTY
        a.length = 0
        a.capacity = capacity
        a.data = null(ptr[u8])
    return a


@native
def array_new_stored(heap: Heap, storage: i64, capacity: i64) -> Array:
    """An array of length 0 with room for ``capacity`` elements of a storage; null without memory."""
    a = array_new(heap, 0)
    if not is_null(a) and not begin(heap, a, storage, capacity):
        free_object(heap, a, sizeof(Array))
        return null(Array)
    return a


@native
def begin(heap: Heap, a: Array, storage: i64, capacity: i64) -> bool:
    """Gives an EMPTY array a storage and a buffer."""
    if capacity > MOST_ELEMENTS:
        return False
    size = capacity * element_size(storage)
    if size > 0:
        data = allocate(heap, size)
        if is_null(data):
            return False
        a.data = data
        a.capacity = capacity
        a.storage = storage
    return True


@native
def array_copy(heap: Heap, a: Array) -> Array:
    """Another array with the same elements; null without memory."""
    return array_slice(heap, a, 0, a.length)


@inline
def array_unique(heap: Heap, a: Array) -> Array:
    """The array with one reference only, to be changed: the same or a copy. Takes one reference of ``a``, or nothing and
    answers null without memory."""
    if likely(a.refcount == 1):
        return a
    return array_unique_slow(heap, a)


@cold
def array_unique_slow(heap: Heap, a: Array) -> Array:
    made = array_copy(heap, a)
    if not is_null(made):
        release_object(heap, ARRAY, a)
    return made


@native
def array_slice(heap: Heap, a: Array, start: i64, end: i64) -> Array:
    """A new array of the elements from ``start`` up to ``end``; null without memory."""
    count = end - start
    made = array_new_stored(heap, a.storage, count)
    if is_null(made) or count == 0:
        return made
    if not copy_elements(heap, made, offset(a.data, start * element_size(a.storage)), count):
        release_object(heap, ARRAY, made)
        return null(Array)
    return made


@native
def copy_elements(heap: Heap, a: Array, source: ptr[u8], count: i64) -> bool:
    """Adds ``count`` elements of the array's own storage, which are borrowed; there is room. False, with some of them added,
    where the program is to stop."""
    size = element_size(a.storage)
    while count > STRETCH:
        copy_stretch(a, source, STRETCH, size)
        source = offset(source, STRETCH * size)
        count -= STRETCH
        if told_to_stop(heap):
            return False
    copy_stretch(a, source, count, size)
    return True


@inline
def copy_stretch(a: Array, source: ptr[u8], count: i64, size: i64) -> None:
    place = offset(a.data, a.length * size)
    copy_memory(place, source, count * size)
    if a.storage == GENERAL:
        retain_values(cast(ptr[Value], place), count)
    a.length += count


@native
def array_concat(heap: Heap, a: Array, b: Array) -> Array:
    """A new array of the elements of ``a``, then those of ``b``; null without memory."""
    first = b if a.length == 0 else a
    storage = first.storage if b.length == 0 or first.storage == b.storage else GENERAL
    made = array_new_stored(heap, storage, a.length + b.length)
    if not is_null(made) and not (array_extend(heap, made, a) and array_extend(heap, made, b)):
        release_object(heap, ARRAY, made)
        return null(Array)
    return made


@native
def array_fill(heap: Heap, item: Value, count: i64) -> Array:
    """A new array with ``item``, which is borrowed, ``count`` times; null without memory."""
    storage = storage_for(item.tag)
    made = array_new_stored(heap, storage, count)
    if is_null(made) or count == 0:
        return made
    while count > STRETCH:
        fill_stretch(made, item, STRETCH)
        count -= STRETCH
        if told_to_stop(heap):
            release_object(heap, ARRAY, made)
            return null(Array)
    fill_stretch(made, item, count)
    return made


@native
def fill_stretch(a: Array, item: Value, count: i64) -> None:
    """Adds ``item``, which is borrowed and fits the storage, ``count`` times; there is room."""
    start = a.length
    if a.storage == GENERAL:
        retain_times(item, count)
        for i in range(start, start + count):
            array_values(a)[i] = item
    elif a.storage == BOOLS:
        fill_memory(offset(a.data, start), u8(item.payload), count)
    else:
        for i in range(start, start + count):
            array_ints(a)[i] = item.payload
    a.length = start + count


@native
def retain_values(values: ptr[Value], count: i64) -> None:
    """One more reference to each of ``count`` values."""
    for i in range(count):
        retain(values[i])


# ---------------------------------------------------------------- storage


@native
def array_reserve(heap: Heap, a: Array, wanted: i64) -> bool:
    """Makes room for ``wanted`` elements in all; the storage stays. False without memory."""
    if wanted <= a.capacity:
        return True
    if wanted > MOST_ELEMENTS:
        return False
    size = element_size(a.storage)
    if size > 0:
        data = reallocate(heap, a.data, a.capacity * size, wanted * size)
        if is_null(data):
            return False
        a.data = data
    a.capacity = wanted
    return True


@native
def grow(heap: Heap, a: Array) -> bool:
    """Makes room for one more element, and for others to come."""
    capacity = a.capacity
    wanted = capacity + capacity if capacity < 4096 else capacity + (capacity >> 1)
    if wanted < FIRST:
        wanted = FIRST
    if array_reserve(heap, a, wanted):
        return True
    # Near the cap a smaller step may still fit; but not one by one, which would move everything each time.
    return array_reserve(heap, a, a.length + 1 + (capacity >> 5))


@native
def generalise(heap: Heap, a: Array) -> bool:
    """Turns an array of bare elements into one of values. False without memory."""
    data = allocate(heap, a.capacity * 16)
    if is_null(data):
        return False
    values = cast(ptr[Value], data)
    for i in range(a.length):
        values[i] = array_load(a, i)
        if (i & (STRETCH - 1)) == STRETCH - 1 and told_to_stop(heap):
            deallocate(heap, data, a.capacity * 16)
            return False
    deallocate(heap, a.data, a.capacity * element_size(a.storage))
    a.data = data
    a.storage = GENERAL
    return True


@native
def prepare(heap: Heap, a: Array, tag: i64) -> bool:
    """Makes the storage one that can hold a value of ``tag``, with room for an element at least. False without memory."""
    want = storage_for(tag)
    if a.storage == want or a.storage == GENERAL:
        return True
    if a.length > 0:
        return generalise(heap, a)
    wish = a.capacity
    array_clear(heap, a)
    a.capacity = wish  # kept even if this fails
    if wish > FIRST and begin(heap, a, want, wish):
        return True
    return begin(heap, a, want, FIRST)


@inline
def put(a: Array, i: i64, item: Value) -> None:
    """Writes an element whose kind the storage holds over whatever is there; nothing is counted."""
    storage = a.storage
    if storage == GENERAL:
        array_values(a)[i] = item
    elif storage == BOOLS:
        a.data[i] = u8(item.payload)
    else:
        array_ints(a)[i] = item.payload


# ---------------------------------------------------------------- changing one element


@inline
def array_store(heap: Heap, a: Array, i: i64, item: Value) -> bool:
    """Makes ``item`` element ``i`` and releases what was there. Takes over ``item``'s reference, unless False: no memory."""
    storage = a.storage
    if (storage == INTS and item.tag == INT) or (storage == FLOATS and item.tag == FLOAT):
        array_ints(a)[i] = item.payload
        return True
    if storage == GENERAL:
        place = array_values(a)
        old = place[i]
        place[i] = item
        release(heap, old)
        return True
    return array_store_slow(heap, a, i, item)


@native
def array_store_slow(heap: Heap, a: Array, i: i64, item: Value) -> bool:
    if a.storage == BOOLS and item.tag == BOOL:
        a.data[i] = u8(item.payload)
        return True
    if not generalise(heap, a):
        return False
    array_values(a)[i] = item  # over a bare element: nothing to release
    return True


@inline
def array_take(a: Array, i: i64) -> Value:
    """Element ``i`` with its reference, for an operation that stores another in its place; null stands there meanwhile."""
    item = array_load(a, i)
    if a.storage == GENERAL:
        array_values(a)[i] = null_value()
    return item


@inline
def array_push(heap: Heap, a: Array, item: Value) -> bool:
    """Adds ``item`` at the end and takes over the reference to it, unless False: no memory."""
    length = a.length
    if likely(length < a.capacity):
        storage = a.storage
        if (storage == INTS and item.tag == INT) or (storage == FLOATS and item.tag == FLOAT):
            array_ints(a)[length] = item.payload
            a.length = length + 1
            return True
        if storage == GENERAL:
            array_values(a)[length] = item
            a.length = length + 1
            return True
    return array_push_slow(heap, a, item)


@native
def array_push_slow(heap: Heap, a: Array, item: Value) -> bool:
    """As :func:`array_push`, where the storage has to change or grow, and for truths."""
    if not prepare(heap, a, item.tag):
        return False
    if a.length == a.capacity and not grow(heap, a):
        return False
    put(a, a.length, item)
    a.length += 1
    return True


@inline
def array_pop(heap: Heap, a: Array) -> Value:
    """Removes the last element, which must be there, and gives its reference to the caller."""
    last = a.length - 1
    a.length = last
    return array_load(a, last)


# ---------------------------------------------------------------- changing many


@native
def array_insert(heap: Heap, a: Array, i: i64, item: Value) -> bool:
    """Puts ``item`` before element ``i`` (at the end for the length) and takes over its reference, unless False: no memory.
    Where the program is to stop some element stands twice, if it is bare, or is followed by a null."""
    if not array_push(heap, a, item):
        return False
    size = element_size(a.storage)
    at = a.length - 1
    while at - i > STRETCH:
        at -= STRETCH
        place = offset(a.data, at * size)
        move_memory(offset(place, size), place, STRETCH * size)
        if told_to_stop(heap):
            if a.storage == GENERAL:
                array_values(a)[at] = null_value()
            return False
    place = offset(a.data, i * size)
    move_memory(offset(place, size), place, (at - i) * size)
    put(a, i, item)
    return True


@native
def array_remove_at(heap: Heap, a: Array, i: i64) -> Value:
    """Removes element ``i``, which must be there, and gives its reference to the caller."""
    item = array_load(a, i)
    size = element_size(a.storage)
    place = offset(a.data, i * size)
    a.length -= 1
    move_memory(place, offset(place, size), (a.length - i) * size)
    return item


@native
def array_extend(heap: Heap, a: Array, b: Array) -> bool:
    """Adds the elements of ``b``, which may be ``a`` itself, at the end of ``a``. False without memory: then none is added."""
    count = b.length
    if count == 0:
        return True
    before = a.length
    if a.storage != b.storage:
        if not prepare(heap, a, storage_tag(b.storage)):
            return False
    if before + count > a.capacity:
        wanted = before + (before >> 1)
        if wanted < before + count or not array_reserve(heap, a, wanted):
            if not array_reserve(heap, a, before + count):
                return False
    if a.storage == b.storage:
        if not copy_elements(heap, a, b.data, count):
            array_truncate(heap, a, before)
            return False
        return True
    for i in range(count):  # bare elements into values: nothing is counted
        array_values(a)[before + i] = array_load(b, i)
        if (i & (STRETCH - 1)) == STRETCH - 1 and told_to_stop(heap):
            return False
    a.length = before + count
    return True


@inline
def storage_tag(storage: i64) -> i64:
    """A tag that an array of this storage may hold; one that needs values for GENERAL."""
    if storage == INTS:
        return INT
    if storage == FLOATS:
        return FLOAT
    if storage == BOOLS:
        return BOOL
    return ARRAY


@native
def array_truncate(heap: Heap, a: Array, length: i64) -> None:
    """Removes the elements from ``length`` on; the room stays."""
    if a.storage == GENERAL:
        while a.length > length:  # one at a time: a dying object may run code, which must find the array whole
            release(heap, array_pop(heap, a))
    elif a.length > length:
        a.length = length


@native
def array_clear(heap: Heap, a: Array) -> None:
    """Removes all elements and gives the buffer back; the next element chooses the storage anew."""
    array_truncate(heap, a, 0)
    if not is_null(a.data):
        deallocate(heap, a.data, a.capacity * element_size(a.storage))
    a.data = null(ptr[u8])
    a.capacity = 0
    a.storage = EMPTY


@inline
def array_reverse(a: Array) -> None:
    """Turns the order of the elements around, in place."""
    swap_ends(a, 0, a.length >> 1)


@native
def swap_ends(a: Array, low: i64, middle: i64) -> None:
    """Swaps each element from ``low`` up to ``middle``, in the first half, with the one that is as far from the end."""
    high = a.length - 1 - low
    if a.storage == GENERAL:
        values = array_values(a)
        while low < middle:
            value = values[low]
            values[low] = values[high]
            values[high] = value
            low += 1
            high -= 1
    elif a.storage == BOOLS:
        while low < middle:
            byte = a.data[low]
            a.data[low] = a.data[high]
            a.data[high] = byte
            low += 1
            high -= 1
    else:
        words = array_ints(a)
        while low < middle:
            word = words[low]
            words[low] = words[high]
            words[high] = word
            low += 1
            high -= 1
