"""Deep equality, as programs see it.

Ints are equal exactly; where a float takes part, finite numbers are equal if they differ by less than ``EPSILON``, infinities
only if they are the same, NaN never - so an object that holds one does not equal itself. Strings are compared by text, arrays
element by element, dicts by key, structs by name and fields, tagged values by enum, variant and contents; closures, cells and
CPython's other objects are equal only to themselves. Otherwise different kinds are unequal.

What must hold: the comparison of nested objects uses no native stack in proportion to their depth. Pairs under comparison
wait on a stack in the heap, the last parts of an object without even that.
"""

from __future__ import annotations

from pagoda.native import f64, i64, inline, native, ptr, struct, u8
from pagoda.native.intrinsics import absolute, address, cast, float_from_bits, is_null, null, pointer
from pagoda.runtime.heap import Heap, deallocate, reallocate, told_to_stop
from pagoda.runtime.layouts import (
    BOOLS,
    EMPTY,
    GENERAL,
    INTS,
    Array,
    Dict,
    Struct,
    Tagged,
    array_ints,
    array_load,
    struct_values,
    tagged_values,
)
from pagoda.runtime.maps import dict_find, dict_next
from pagoda.runtime.pairs import ARRAY, DICT, FLOAT, INT, OBJECT, STRING, STRUCT, TAGGED, Value, number_of, object_of
from pagoda.runtime.strings import compare_memory, string_equal

UNEQUAL = 0
EQUAL = 1
NO_MEMORY = -1  # or the program is to stop
UNKNOWN = 3  # it takes CPython to compare two of its objects
DEEPER = 2  # two objects of a kind, alike at first sight: their parts decide

EPSILON = 2.220446049250313e-16
STEP = (1 << 14) - 1  # comparisons between two looks whether to stop
WORDS = 1 << 18  # of ints
FEW = 15  # of objects with parts
FIRST = 8  # pairs that the stack has room for at first


@struct
class Pair:
    """Two objects of one kind whose parts before ``next`` are equal."""

    left: i64
    right: i64
    tag: i64
    next: i64


@inline
def float_equal(left: f64, right: f64) -> bool:
    return left == right or absolute(left - right) < EPSILON


@native
def values_equal(heap: Heap, left: Value, right: Value) -> i64:
    """EQUAL (1) or UNEQUAL (0); UNKNOWN (3) where it depends on two different objects of CPython; NO_MEMORY (-1) where the heap
    cannot hold the comparison's stack."""
    first = shallow(left, right)
    if first != DEEPER:
        return first
    return compare_parts(heap, left, right)


@native
def shallow(left: Value, right: Value) -> i64:
    """EQUAL or UNEQUAL where that needs no look into values held by objects; else DEEPER."""
    if left.tag != right.tag:
        if (left.tag == INT and right.tag == FLOAT) or (left.tag == FLOAT and right.tag == INT):
            return i64(float_equal(number_of(left), number_of(right)))
        return UNEQUAL
    tag = left.tag
    if tag == FLOAT:
        return i64(float_equal(float_from_bits(left.payload), float_from_bits(right.payload)))
    if tag == STRING:
        return i64(string_equal(object_of(left), object_of(right)))
    if tag == ARRAY:
        return shallow_arrays(pointer(Array, left.payload), pointer(Array, right.payload))
    if tag == DICT:
        if pointer(Dict, left.payload).length != pointer(Dict, right.payload).length:
            return UNEQUAL
        return DEEPER
    if tag == STRUCT:
        mine, other = pointer(Struct, left.payload).shape, pointer(Struct, right.payload).shape
        return DEEPER if mine.name == other.name and mine.count == other.count else UNEQUAL
    if tag == TAGGED:
        one, two = pointer(Tagged, left.payload), pointer(Tagged, right.payload)
        if one.name != two.name or one.enum != two.enum or one.count != two.count:
            return UNEQUAL
        return DEEPER if one.count > 0 else EQUAL
    if tag == OBJECT and left.payload != right.payload:
        return UNKNOWN
    return i64(left.payload == right.payload)


@native
def shallow_arrays(left: Array, right: Array) -> i64:
    length = left.length
    if length != right.length:
        return UNEQUAL
    if length == 0:
        return EQUAL
    if left.storage == GENERAL or right.storage == GENERAL:
        return DEEPER
    if left.storage == right.storage and (left.storage == INTS or left.storage == BOOLS):
        size = length if left.storage == BOOLS else length * 8
        return i64(compare_memory(left.data, right.data, size) == 0)
    if left.storage == BOOLS or right.storage == BOOLS:
        return UNEQUAL
    for i in range(length):
        if not float_equal(number_of(array_load(left, i)), number_of(array_load(right, i))):
            return UNEQUAL
    return EQUAL


# ---------------------------------------------------------------- nested


@inline
def part_count(tag: i64, item: i64) -> i64:
    """How many parts an object has; of a dict, its entries with the deleted ones."""
    if tag == ARRAY:
        return pointer(Array, item).length
    if tag == DICT:
        return pointer(Dict, item).used
    if tag == STRUCT:
        return pointer(Struct, item).shape.count
    return pointer(Tagged, item).count


@native
def field_of(s: Struct, like: Struct, i: i64) -> i64:
    """Where ``s`` has the field that is the ``i``-th of ``like``; -1 for nowhere."""
    if address(s.shape) == address(like.shape):
        return i
    symbol = like.shape.symbols[i]
    for at in range(s.shape.count):
        if s.shape.symbols[at] == symbol:
            return at
    return -1


@native
def parts_at(pair: Pair, i: i64) -> tuple[Value, Value, bool]:
    """Part ``i`` of the left object and what the right one has in its place; false where it has nothing there."""
    if pair.tag == ARRAY:
        return array_load(pointer(Array, pair.left), i), array_load(pointer(Array, pair.right), i), True
    if pair.tag == DICT:
        mine, other = pointer(Dict, pair.left), pointer(Dict, pair.right)
        found = dict_find(other, mine.entries[i].key)
        value = mine.entries[i].value
        if found < 0:
            return value, value, False
        return value, other.entries[found].value, True
    if pair.tag == STRUCT:
        one, two = pointer(Struct, pair.left), pointer(Struct, pair.right)
        field = struct_values(one)[i]
        at = field_of(two, one, i)
        if at < 0:
            return field, field, False
        return field, struct_values(two)[at], True
    return tagged_values(pointer(Tagged, pair.left))[i], tagged_values(pointer(Tagged, pair.right))[i], True


@native
def next_part(pair: Pair) -> i64:
    """The first part that is still to be compared; -1 if there is none."""
    if pair.tag == DICT:
        return dict_next(pointer(Dict, pair.left), pair.next)
    if pair.next < part_count(pair.tag, pair.left):
        return pair.next
    return -1


@inline
def set_pair(pair: Pair, left: Value, right: Value) -> None:
    pair.left = left.payload
    pair.right = right.payload
    pair.tag = left.tag
    pair.next = 0


@native
def compare_parts(heap: Heap, left: Value, right: Value) -> i64:
    """As :func:`values_equal`, for two objects that are alike at first sight."""
    room: i64 = FIRST
    stack = cast(ptr[Pair], reallocate(heap, null(ptr[u8]), 0, room * 32))
    if is_null(stack):
        return NO_MEMORY
    set_pair(stack[0], left, right)
    depth: i64 = 1
    outcome: i64 = EQUAL
    steps: i64 = 0
    while depth > 0 and outcome == EQUAL:
        steps += 1
        if (steps & STEP) == 0 and told_to_stop(heap):  # parts that are shared are compared as often as they are met
            outcome = NO_MEMORY
            continue
        pair = stack[depth - 1]
        i = next_part(pair)
        if i < 0:
            depth -= 1
            continue
        pair.next = i + 1
        mine, other, there = parts_at(pair, i)
        outcome = shallow(mine, other) if there else UNEQUAL
        if outcome == DEEPER:
            outcome = EQUAL
            if next_part(pair) < 0:  # the last part takes the place of the whole
                set_pair(pair, mine, other)
                continue
            if depth == room:
                larger = reallocate(heap, cast(ptr[u8], stack), room * 32, room * 64)
                if is_null(larger):
                    outcome = NO_MEMORY
                    continue
                stack = cast(ptr[Pair], larger)
                room = room + room
            set_pair(stack[depth], mine, other)
            depth += 1
    deallocate(heap, cast(ptr[u8], stack), room * 32)
    return outcome


@native
def array_index_of(heap: Heap, a: Array, item: Value) -> i64:
    """Where the first element lies that equals ``item``; -1 for nowhere, -2 where memory runs out or the program is to stop."""
    if a.storage == INTS and item.tag == INT:
        return index_of_word(heap, array_ints(a), a.length, item.payload)
    if a.storage == EMPTY:
        return -1
    often = STEP if item.tag <= STRING else FEW
    for i in range(a.length):
        found = values_equal(heap, array_load(a, i), item)
        if found == EQUAL:
            return i
        if found == NO_MEMORY or ((i & often) == often and told_to_stop(heap)):
            return -2
    return -1


@native
def index_of_word(heap: Heap, words: ptr[i64], count: i64, wanted: i64) -> i64:
    """As :func:`array_index_of`, among ints."""
    start: i64 = 0
    while start < count:
        end = start + WORDS if start + WORDS < count else count
        for i in range(start, end):
            if words[i] == wanted:
                return i
        start = end
        if start < count and told_to_stop(heap):
            return -2
    return -1
