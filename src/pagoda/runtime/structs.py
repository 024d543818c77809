"""Structs, tagged values, closures and cells: objects with a fixed number of values inline.

Structs that have the same name and the same fields in the same order share one shape, made once and kept as long as the heap:
two structs are alike if and only if their shapes are the same object, so a field's place can be remembered per shape.

What must hold: an object that is not unique must not be changed, except a cell, which is there to be shared. Functions that
allocate answer null where memory runs out; then nothing was consumed. New objects hold null in every place.
"""

from __future__ import annotations

from pagoda.native import cold, i64, inline, native, ptr
from pagoda.native.intrinsics import (
    address,
    cast,
    copy_memory,
    fill_memory,
    is_null,
    likely,
    null,
    offset,
    pointer,
    sizeof,
    wrap_i64,
    wrap_u64,
    wrapping_mul,
)
from pagoda.runtime.heap import MOST_ELEMENTS, SHAPE_BUCKETS, Heap, free_object, malloc, new_object
from pagoda.runtime.layouts import Cell as Cell
from pagoda.runtime.layouts import Closure as Closure
from pagoda.runtime.layouts import Shape as Shape
from pagoda.runtime.layouts import Struct as Struct
from pagoda.runtime.layouts import Tagged as Tagged
from pagoda.runtime.layouts import closure_values, struct_values, tagged_values
from pagoda.runtime.pairs import CELL, CLOSURE, STRUCT, TAGGED, Value, null_value
from pagoda.runtime.references import link_closure, release, release_object, retain

SPREAD = 0x9E3779B97F4A7C15


# ---------------------------------------------------------------- shapes


@native
def shape_hash(name: i64, symbols: ptr[i64], count: i64, last: i64) -> i64:
    """A number from the name and the fields: ``count`` symbols and, unless it is -1, ``last``."""
    mixed = wrapping_mul(wrap_u64(name), SPREAD)
    for i in range(count):
        mixed = wrapping_mul((mixed ^ (mixed >> 29)) ^ wrap_u64(symbols[i]), SPREAD)
    if last != -1:
        mixed = wrapping_mul((mixed ^ (mixed >> 29)) ^ wrap_u64(last), SPREAD)
    return wrap_i64(mixed ^ (mixed >> 32))


@native
def shape_find(heap: Heap, name: i64, symbols: ptr[i64], count: i64) -> Shape:
    """The shape with this name and these fields (different symbols, not -1) in order, made if need be; null without memory."""
    return shape_find_more(heap, name, symbols, count, -1)


@native
def shape_find_more(heap: Heap, name: i64, symbols: ptr[i64], count: i64, last: i64) -> Shape:
    """As :func:`shape_find`, with one more field ``last`` after the ``count`` unless it is -1."""
    whole = count if last == -1 else count + 1
    if is_null(heap.shapes) and not shape_table(heap):
        return null(Shape)
    hash = shape_hash(name, symbols, count, last)
    bucket = hash & (SHAPE_BUCKETS - 1)
    at = heap.shapes[bucket]
    while at != 0:
        shape = pointer(Shape, at)
        if shape.hash == hash and shape.name == name and shape.count == whole and same_fields(shape, symbols, count, last):
            return shape
        at = shape.next
    size = sizeof(Shape) + 8 * whole
    if count > MOST_ELEMENTS or size > heap.bytes_limit - heap.bytes_used - heap.shape_bytes:
        return null(Shape)
    block = malloc(size)
    if is_null(block):
        return null(Shape)
    heap.shape_bytes += size
    made = cast(Shape, block)
    made.next = heap.shapes[bucket]
    heap.shape_count += 1
    made.id = heap.shape_count
    made.name = name
    made.count = whole
    made.symbols = cast(ptr[i64], offset(block, sizeof(Shape)))
    made.hash = hash
    made.grown_symbol = 0
    made.grown = 0
    copy_memory(made.symbols, symbols, 8 * count)
    if last != -1:
        made.symbols[count] = last
    heap.shapes[bucket] = address(made)
    return made


@native
def shape_table(heap: Heap) -> bool:
    """Makes the heap's table of shapes."""
    table = malloc(SHAPE_BUCKETS * 8)
    if is_null(table):
        return False
    fill_memory(table, 0, SHAPE_BUCKETS * 8)
    heap.shapes = cast(ptr[i64], table)
    return True


@native
def same_fields(shape: Shape, symbols: ptr[i64], count: i64, last: i64) -> bool:
    for i in range(count):
        if shape.symbols[i] != symbols[i]:
            return False
    return last == -1 or shape.symbols[count] == last


@native
def struct_field_index(shape: Shape, symbol: i64) -> i64:
    """Where the field of this symbol lies; -1 if there is none."""
    for i in range(shape.count):
        if shape.symbols[i] == symbol:
            return i
    return -1


# ---------------------------------------------------------------- structs


@native
def fill_null(values: ptr[Value], count: i64) -> None:
    for i in range(count):
        values[i] = null_value()


@native
def copy_values(to: ptr[Value], source: ptr[Value], count: i64) -> None:
    """Copies values into places that hold none, with a reference for each."""
    for i in range(count):
        retain(source[i])
        to[i] = source[i]


@inline
def struct_new(heap: Heap, shape: Shape) -> Struct:
    """A struct of a shape, its fields null; null without memory."""
    count = shape.count
    s = cast(Struct, new_object(heap, sizeof(Struct) + 16 * count, STRUCT))
    if likely(not is_null(s)):
        s.shape = shape
        fill_null(struct_values(s), count)
    return s


@inline
def struct_made(heap: Heap, shape: Shape, count: i64) -> Struct:
    """A struct of a shape of ``count`` fields, whatever is in them: the caller puts a value into each at once. Null without
    memory."""
    s = cast(Struct, new_object(heap, sizeof(Struct) + 16 * count, STRUCT))
    if likely(not is_null(s)):
        s.shape = shape
    return s


@inline
def struct_field(s: Struct, i: i64) -> ptr[Value]:
    """The place of field ``i``, which must be there."""
    return offset(struct_values(s), 16 * i)


@inline
def struct_store(heap: Heap, s: Struct, i: i64, item: Value) -> None:
    """Makes ``item``, whose reference it takes over, field ``i`` of a unique struct and releases what was there."""
    place = struct_field(s, i)
    old = place[0]
    place[0] = item
    release(heap, old)


@native
def struct_copy(heap: Heap, s: Struct) -> Struct:
    """Another struct with the same shape and fields; null without memory."""
    count = s.shape.count
    made = cast(Struct, new_object(heap, sizeof(Struct) + 16 * count, STRUCT))
    if not is_null(made):
        made.shape = s.shape
        copy_values(struct_values(made), struct_values(s), count)
    return made


@inline
def struct_unique(heap: Heap, s: Struct) -> Struct:
    """The struct with one reference only, to be changed: the same or a copy. Takes one reference of ``s``, or nothing and
    answers null without memory."""
    if likely(s.refcount == 1):
        return s
    return struct_unique_slow(heap, s)


@cold
def struct_unique_slow(heap: Heap, s: Struct) -> Struct:
    made = struct_copy(heap, s)
    if not is_null(made):
        release_object(heap, STRUCT, s)
    return made


@native
def struct_with_field(heap: Heap, s: Struct, symbol: i64, item: Value) -> Struct:
    """A struct like ``s`` with one more field, whose symbol it must not have. Takes over one reference to ``s`` and that to
    ``item``, or nothing and answers null without memory."""
    shape = shape_with_field(heap, s.shape, symbol)
    if is_null(shape):
        return null(Struct)
    count = s.shape.count
    made = cast(Struct, new_object(heap, sizeof(Struct) + 16 * count + 16, STRUCT))
    if is_null(made):
        return made
    made.shape = shape
    values = struct_values(made)
    values[count] = item
    if s.refcount == 1:
        copy_memory(values, struct_values(s), 16 * count)
        free_object(heap, s, sizeof(Struct) + 16 * count)
    else:
        copy_values(values, struct_values(s), count)
        release_object(heap, STRUCT, s)
    return made


@native
def shape_with_field(heap: Heap, shape: Shape, symbol: i64) -> Shape:
    """The shape of structs that have one more field; null without memory."""
    if shape.grown != 0 and shape.grown_symbol == symbol:
        return pointer(Shape, shape.grown)
    found = shape_find_more(heap, shape.name, shape.symbols, shape.count, symbol)
    if not is_null(found):
        shape.grown_symbol = symbol
        shape.grown = address(found)
    return found


# ---------------------------------------------------------------- tagged values, closures, cells


@native
def tagged_new(heap: Heap, enum: i64, name: i64, count: i64) -> Tagged:
    """A value of an enum's variant with ``count`` values, all null yet; null without memory."""
    t = cast(Tagged, new_object(heap, sizeof(Tagged) + 16 * count, TAGGED))
    if not is_null(t):
        t.enum = enum
        t.name = name
        t.count = count
        fill_null(tagged_values(t), count)
    return t


@inline
def tagged_field(t: Tagged, i: i64) -> ptr[Value]:
    """The place of value ``i``, which must be there."""
    return offset(tagged_values(t), 16 * i)


@native
def closure_new(heap: Heap, code: i64, count: i64) -> Closure:
    """A function that captures ``count`` values, all null yet; null without memory."""
    c = cast(Closure, new_object(heap, sizeof(Closure) + 16 * count, CLOSURE))
    if not is_null(c):
        c.code = code
        c.count = count
        link_closure(heap, c)
        fill_null(closure_values(c), count)
    return c


@inline
def closure_field(c: Closure, i: i64) -> ptr[Value]:
    """The place of captured value ``i``, which must be there."""
    return offset(closure_values(c), 16 * i)


@native
def cell_new(heap: Heap, item: Value) -> Cell:
    """A variable of its own that holds ``item`` and takes over the reference to it; null, and nothing taken, without memory."""
    c = cast(Cell, new_object(heap, sizeof(Cell), CELL))
    if not is_null(c):
        c.value = item
    return c


@inline
def cell_store(heap: Heap, c: Cell, item: Value) -> None:
    """Makes ``item``, whose reference it takes over, what the cell holds and releases what was there."""
    old = c.value
    c.value = item
    release(heap, old)
