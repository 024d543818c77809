"""Values of the ``vm`` storey: one word of 64 bits each. Objects lie in an arena and are never changed once made.

The low bits of a word say what it is::

    .. 01   an integer of 62 bits, shifted left by two
    .. 000  a function: the address of a closure
    .. 010  a delayed term: the address of a closure, plus 2
    .. 100  an object with a header: its address, plus 4
    .. 110  an atom: unit, False, True, or a builtin without arguments

A closure is the address of its ``Code`` and the captured values. Every other object begins with a header: its kind in the low
eight bits, 56 bits of what the kind needs above them::

    BIG          1 if negative   count of limbs, limbs: the magnitude, least significant first, the last one not 0
    BYTES                        length, address of the bytes (they may lie anywhere that lives as long)
    STRING                       length in bytes, address of the UTF-8 text
    NIL          item's type
    CONS         item's type     head, tail
    PAIR         own type        first, second
    ARRAY        item's type     length, items
    DATA_CONSTR                  tag (an integer's word), list of data
    DATA_MAP                     list of pairs of data
    DATA_LIST                    list of data
    DATA_I                       integer
    DATA_B                       bytestring
    VALUE                        list of pairs (bytestring, list of pairs (bytestring, integer)), in canonical form
    G1 G2 ML                     number of a point in the machine's list of Python objects
    PARTIAL      builtin | forces << 8 | count << 16    arguments so far
    APPLIED      count           a function of several arguments, arguments so far
    CONSTR       count of fields tag (64 bits as they are), fields

A type is its flat tags in prefix order, four bits each, the first one lowest: integer 0, bytestring 1, string 2, unit 3, bool
4, list 5 T, pair 6 A B, data 8, G1 9, G2 10, mlresult 11, array 12 T, value 13. A type of more than 13 nodes has no code: what
meets one leaves the evaluation to ``walk``.

What must hold: an integer that fits 62 bits is never a BIG. 0 is no value; natively it says that something failed or that the
evaluation is to be decided by ``walk``.
"""

from __future__ import annotations

from typing import Final

from pagoda.native import i64, inline, ptr
from pagoda.native.intrinsics import pointer

# The low three bits of a word.
FUNCTION: Final = 0
DELAYED: Final = 2
OBJECT: Final = 4
ATOM: Final = 6

FAILED: Final = 0
UNIT: Final = ATOM | 0 << 3
FALSE: Final = ATOM | 1 << 3
TRUE: Final = ATOM | 2 << 3
FIRST_BUILTIN: Final = 16  # atoms from here on are builtins: FIRST_BUILTIN + number * 4 + forces

(
    BIG, BYTES, STRING, NIL, CONS, PAIR, ARRAY, DATA_CONSTR, DATA_MAP, DATA_LIST, DATA_I, DATA_B, VALUE, G1, G2, ML, PARTIAL,
    APPLIED, CONSTR,
) = range(1, 20)  # fmt: skip

T_INTEGER: Final = 0
T_BYTESTRING: Final = 1
T_STRING: Final = 2
T_UNIT: Final = 3
T_BOOL: Final = 4
T_LIST: Final = 5
T_PAIR: Final = 6
T_DATA: Final = 8
T_G1: Final = 9
T_G2: Final = 10
T_ML: Final = 11
T_ARRAY: Final = 12
T_VALUE: Final = 13
MOST_TYPE_NODES: Final = 13  # so that no header is negative

T_PAIR_DATA: Final = T_PAIR | T_DATA << 4 | T_DATA << 8
T_PAIR_INTEGER_LIST_DATA: Final = T_PAIR | T_INTEGER << 4 | T_LIST << 8 | T_DATA << 12

LEAST_SMALL: Final = -(1 << 61)
MOST_SMALL: Final = (1 << 61) - 1


@inline
def is_small(word: i64) -> bool:
    """Whether a word is an integer at once."""
    return (word & 3) == 1


@inline
def small(number: i64) -> i64:
    """The word of an integer that fits 62 bits."""
    return (number << 2) | 1


@inline
def number_of(word: i64) -> i64:
    """The integer of a small word."""
    return word >> 2


@inline
def is_object(word: i64) -> bool:
    return (word & 7) == OBJECT


@inline
def fields(word: i64) -> ptr[i64]:
    """The words of an object, header first. ``word`` must be one."""
    return pointer(ptr[i64], word - OBJECT)


@inline
def kind_of(word: i64) -> i64:
    """The kind of an object, 0 for what has no header."""
    return fields(word)[0] & 255 if is_object(word) else 0


@inline
def boolean(truth: bool) -> i64:
    """The word of a truth."""
    return TRUE if truth else FALSE
