"""How counted objects lie in memory. Each container's module re-exports its own; destruction and equality need them all.

What must hold: every class begins with :class:`Object`; where values follow inline, they begin at the class's size.
"""

from __future__ import annotations

from pagoda.native import i64, inline, ptr, struct, u8
from pagoda.native.intrinsics import cast, offset, sizeof
from pagoda.runtime.pairs import BOOL, FLOAT, INT, Object, Value

# How an array stores its elements.
EMPTY = 0  # no element seen since it was made or cleared; no buffer, ``capacity`` is a wish
INTS = 1  # 8 bytes each
FLOATS = 2  # 8 bytes each
BOOLS = 3  # 1 byte each
GENERAL = 4  # a Value each


@struct
class Array(Object):
    """A growable row. ``data`` has room for ``capacity`` elements of the storage's size."""

    storage: i64
    length: i64
    capacity: i64
    data: ptr[u8]


@struct
class Entry:
    """One key of a dict with its value. The key is HOLE once deleted."""

    key: Value
    value: Value


@struct
class Dict(Object):
    """An insertion-ordered hash map: ``used`` entries of which ``length`` live; ``index`` is null while it is small."""

    length: i64
    used: i64
    capacity: i64
    mask: i64  # slots of the index, less one
    index: ptr[i64]
    entries: ptr[Entry]


@struct
class Shape:
    """The name and fields of structs that are alike. ``symbols`` follow it in memory. Lives as long as the heap."""

    next: i64  # in the heap's table
    id: i64  # from 1 on
    name: i64
    count: i64
    symbols: ptr[i64]
    hash: i64
    grown_symbol: i64  # the shape last reached from here by adding a field, and that field; 0 in grown: none
    grown: i64


@struct
class Struct(Object):
    """A struct; its shape's ``count`` values follow."""

    shape: Shape


@struct
class Tagged(Object):
    """An enum's value: symbols of the enum and of the variant; ``count`` values follow."""

    enum: i64
    name: i64
    count: i64


@struct
class Closure(Object):
    """A function with what it captured; ``count`` values, cells mostly, follow.

    ``before`` and ``after``: addresses of the neighbours among all closures of the heap, 0 at the ends.
    """

    code: i64
    count: i64
    before: i64
    after: i64


@struct
class Generator(Object):
    """A function that waits in the middle: ``room`` values follow, the callee first and then the registers of its frame.

    It begins as a closure does, because both are in the heap's list of what can form cycles. ``count`` is ``room`` while it
    waits, and 0 while it runs and once it has ended. ``at``: address of the instruction where it goes on.
    """

    code: i64
    count: i64
    before: i64
    after: i64
    room: i64
    state: i64
    at: i64


@struct
class Cell(Object):
    """A variable that closures share."""

    value: Value


@inline
def struct_values(s: Struct) -> ptr[Value]:
    """The fields of a struct, in the order of its shape."""
    return offset(cast(ptr[Value], s), sizeof(Struct))


@inline
def tagged_values(t: Tagged) -> ptr[Value]:
    """The values that a tag carries."""
    return offset(cast(ptr[Value], t), sizeof(Tagged))


@inline
def closure_values(c: Closure) -> ptr[Value]:
    """What a closure captured."""
    return offset(cast(ptr[Value], c), sizeof(Closure))


@inline
def generator_values(g: Generator) -> ptr[Value]:
    """What a generator keeps while it waits."""
    return offset(cast(ptr[Value], g), sizeof(Generator))


@inline
def array_values(a: Array) -> ptr[Value]:
    """The elements of a GENERAL array."""
    return cast(ptr[Value], a.data)


@inline
def array_ints(a: Array) -> ptr[i64]:
    """The elements of an INTS array (of a FLOATS array, their bits)."""
    return cast(ptr[i64], a.data)


@inline
def element_size(storage: i64) -> i64:
    """Bytes of one element; 0 for EMPTY."""
    if storage == GENERAL:
        return 16
    if storage == BOOLS:
        return 1
    if storage == EMPTY:
        return 0
    return 8


@inline
def array_load(a: Array, i: i64) -> Value:
    """Element ``i``, which must be there; borrowed."""
    storage = a.storage
    if storage == INTS:
        return Value(INT, array_ints(a)[i])
    if storage == GENERAL:
        return array_values(a)[i]
    if storage == FLOATS:
        return Value(FLOAT, array_ints(a)[i])
    return Value(BOOL, i64(a.data[i]))
