"""Values: a tag and a payload, and the header that counted objects begin with.

What must hold: a tag of ``COUNTED`` or more means that the payload is the address of something whose reference count is the
``i64`` at offset 0. CPython's objects keep theirs there too, so one instruction counts both kinds. Any other payload is plain
bits. A value owned by somebody stands for one reference; reading a place lends the value, it does not count.
"""

from __future__ import annotations

from pagoda.native import f64, i64, inline, struct, value
from pagoda.native.intrinsics import address, float_bits, float_from_bits, pointer

NULL = 0
BOOL = 1  # payload 0 or 1
INT = 2
FLOAT = 3  # payload: the float's bits
BUILTIN = 4  # payload: its number
HOLE = 5  # no value: an unbound global, a deleted entry
FUNCTION = 6  # a function without captured values; payload: the address of its code, which lives as long as the program
COUNTED = 16  # from here on, payloads are addresses of counted objects
STRING = 16  # an exact CPython str
OBJECT = 17  # any other CPython object
ARRAY = 18
DICT = 19
STRUCT = 20
CLOSURE = 21
TAGGED = 22  # enum values; Ok, Err, Some, None
CELL = 23
GENERATOR = 24


@value
class Value:
    """One value of the language."""

    tag: i64
    payload: i64


@struct
class Object:
    """What every object of ours begins with. Of a CPython object only ``refcount`` may be used: its type follows it."""

    refcount: i64
    tag: i64


@inline
def is_int(v: Value) -> bool:
    return v.tag == INT


@inline
def is_float(v: Value) -> bool:
    return v.tag == FLOAT


@inline
def is_bool(v: Value) -> bool:
    return v.tag == BOOL


@inline
def is_number(v: Value) -> bool:
    return v.tag == INT or v.tag == FLOAT


@inline
def is_counted(v: Value) -> bool:
    return v.tag >= COUNTED


@inline
def is_hole(v: Value) -> bool:
    return v.tag == HOLE


@inline
def int_of(v: Value) -> i64:
    """The number in an INT."""
    return v.payload


@inline
def float_of(v: Value) -> f64:
    """The number in a FLOAT."""
    return float_from_bits(v.payload)


@inline
def number_of(v: Value) -> f64:
    """The number in an INT or FLOAT, as a float."""
    if v.tag == INT:
        return f64(v.payload)
    return float_from_bits(v.payload)


@inline
def bool_of(v: Value) -> bool:
    """The truth in a BOOL."""
    return v.payload != 0


@inline
def object_of(v: Value) -> Object:
    """The object that a counted value stands for; borrowed."""
    return pointer(Object, v.payload)


@inline
def from_int(number: i64) -> Value:
    return Value(INT, number)


@inline
def from_float(number: f64) -> Value:
    return Value(FLOAT, float_bits(number))


@inline
def from_bool(truth: bool) -> Value:
    return Value(BOOL, i64(truth))


@inline
def from_object(tag: i64, item: Object) -> Value:
    """The value that stands for an object; takes over the reference that the caller holds."""
    return Value(tag, address(item))


@inline
def null_value() -> Value:
    return Value(NULL, 0)


@inline
def hole() -> Value:
    """No value at all."""
    return Value(HOLE, 0)
