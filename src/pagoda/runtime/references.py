"""Reference counts: taking, giving back, and what happens when the last one goes.

What must hold: destruction uses no native stack in proportion to what it destroys and needs no memory. Dead objects wait in a
list threaded through their own reference counts, which nobody reads any more. Each destruction has a list of its own, so code
that runs from a dying CPython object may release values again.
"""

from __future__ import annotations

import sys

from pagoda.native import cold, extern, i64, inline, native, ptr, u8
from pagoda.native.intrinsics import address, call_address, cast, is_null, offset, pointer, sizeof, unlikely, wrap_i32
from pagoda.runtime.heap import Heap, deallocate, free_object
from pagoda.runtime.layouts import (
    GENERAL,
    Array,
    Cell,
    Closure,
    Dict,
    Generator,
    Struct,
    Tagged,
    array_values,
    closure_values,
    element_size,
    generator_values,
    struct_values,
    tagged_values,
)
from pagoda.runtime.pairs import ARRAY, CELL, CLOSURE, COUNTED, DICT, GENERATOR, NULL, OBJECT, STRUCT, TAGGED, Object, Value

# From CPython 3.12 on, an object whose count is negative as a 32-bit number is immortal and must not be counted.
IMMORTALS = sys.version_info >= (3, 12)


@extern("_Py_Dealloc", library="python")
def python_dealloc(dead: Object) -> None:
    raise NotImplementedError


@inline
def retain_object(item: Object) -> None:
    """One more reference to an object."""
    if IMMORTALS:
        if wrap_i32(item.refcount) >= 0:
            item.refcount += 1
    else:
        item.refcount += 1


@inline
def retain(v: Value) -> None:
    """One more reference to what ``v`` stands for, if that is counted."""
    if v.tag >= COUNTED:
        retain_object(pointer(Object, v.payload))


@inline
def retain_times(v: Value, times: i64) -> None:
    """``times`` more references at once."""
    if v.tag >= COUNTED:
        item = pointer(Object, v.payload)
        if IMMORTALS:
            if wrap_i32(item.refcount) >= 0:
                item.refcount += times
        else:
            item.refcount += times


@inline
def drop_reference(item: Object) -> bool:
    """One reference less; whether that was the last."""
    count = item.refcount
    if IMMORTALS:
        if wrap_i32(count) < 0:
            return False
    item.refcount = count - 1
    return count == 1


@inline
def release(heap: Heap, v: Value) -> None:
    """Gives up one reference to what ``v`` stands for, if that is counted; the last one destroys it."""
    if v.tag >= COUNTED:
        if unlikely(drop_reference(pointer(Object, v.payload))):
            destroy(heap, v.tag, v.payload)


@inline
def release_object(heap: Heap, tag: i64, item: Object) -> None:
    """As :func:`release`, for an object at hand."""
    if unlikely(drop_reference(item)):
        destroy(heap, tag, address(item))


@cold
def destroy(heap: Heap, tag: i64, payload: i64) -> None:
    """Destroys an object whose last reference is gone, and all that lived only by it."""
    if tag <= OBJECT:
        python_dealloc(pointer(Object, payload))
        return
    dead = pointer(Object, payload)
    dead.refcount = 0
    waiting = payload
    while waiting != 0:
        item = pointer(Object, waiting)
        waiting = item.refcount
        kind = item.tag
        if kind == ARRAY:
            waiting = destroy_array(heap, cast(Array, item), waiting)
        elif kind == STRUCT:
            record = cast(Struct, item)
            count = record.shape.count
            waiting = drop_values(struct_values(record), count, waiting)
            free_object(heap, item, sizeof(Struct) + 16 * count)
        elif kind == DICT:
            waiting = destroy_dict(heap, cast(Dict, item), waiting)
        elif kind == CLOSURE:
            closure = cast(Closure, item)
            unlink_closure(heap, closure)
            waiting = drop_values(closure_values(closure), closure.count, waiting)
            free_object(heap, item, sizeof(Closure) + 16 * closure.count)
        elif kind == TAGGED:
            tagged = cast(Tagged, item)
            waiting = drop_values(tagged_values(tagged), tagged.count, waiting)
            free_object(heap, item, sizeof(Tagged) + 16 * tagged.count)
        elif kind == GENERATOR:
            generator = cast(Generator, item)
            unlink_closure(heap, cast(Closure, item))
            waiting = drop_values(generator_values(generator), generator.count, waiting)
            free_object(heap, item, sizeof(Generator) + 16 * generator.room)
        elif kind == CELL:
            waiting = drop_value(cast(Cell, item).value, waiting)
            free_object(heap, item, sizeof(Cell))
        elif heap.other != 0:
            item.refcount = 0
            call_address(i64, heap.other, heap, item)


@inline
def link_closure(heap: Heap, c: Closure) -> None:
    """Puts a new closure or generator into the list of all."""
    c.before = 0
    c.after = heap.closures
    if heap.closures != 0:
        pointer(Closure, heap.closures).before = address(c)
    heap.closures = address(c)


@native
def unlink_closure(heap: Heap, c: Closure) -> None:
    """Takes a closure or generator out of the list of all; does nothing if it is not in it."""
    if c.before != 0:
        pointer(Closure, c.before).after = c.after
    elif heap.closures == address(c):
        heap.closures = c.after
    if c.after != 0:
        pointer(Closure, c.after).before = c.before
    c.before = 0
    c.after = 0


@native
def sweep_closures(heap: Heap) -> None:
    """Empties every closure and generator, which takes all cycles apart. For the end of a program: no guest code may run
    afterwards."""
    while heap.closures != 0:
        c = pointer(Closure, heap.closures)
        unlink_closure(heap, c)
        c.refcount += 1
        values = closure_values(c) if c.tag == CLOSURE else generator_values(cast(Generator, c))
        for i in range(c.count):
            place = offset(values, 16 * i)
            held = place[0]
            place[0] = Value(NULL, 0)
            release(heap, held)
        release_object(heap, c.tag, c)


@inline
def drop_value(v: Value, waiting: i64) -> i64:
    """Gives up a reference held by a dead object; the new head of the list of the dead."""
    if v.tag < COUNTED:
        return waiting
    item = pointer(Object, v.payload)
    if not drop_reference(item):
        return waiting
    if v.tag <= OBJECT:
        python_dealloc(item)
        return waiting
    item.refcount = waiting
    return v.payload


@native
def drop_values(values: ptr[Value], count: i64, waiting: i64) -> i64:
    """As :func:`drop_value`, for ``count`` values in a row."""
    for i in range(count):
        waiting = drop_value(values[i], waiting)
    return waiting


@native
def destroy_array(heap: Heap, a: Array, waiting: i64) -> i64:
    if a.storage == GENERAL:
        waiting = drop_values(array_values(a), a.length, waiting)
    if not is_null(a.data):
        deallocate(heap, a.data, a.capacity * element_size(a.storage))
    free_object(heap, a, sizeof(Array))
    return waiting


@native
def destroy_dict(heap: Heap, d: Dict, waiting: i64) -> i64:
    if not is_null(d.entries):
        for i in range(d.used):
            entry = d.entries[i]
            waiting = drop_value(entry.key, waiting)
            waiting = drop_value(entry.value, waiting)
        deallocate(heap, cast(ptr[u8], d.entries), d.capacity * 32)
    if not is_null(d.index):
        deallocate(heap, cast(ptr[u8], d.index), (d.mask + 1) * 8)
    free_object(heap, d, sizeof(Dict))
    return waiting
