"""Builtins on bytestrings as sequences of bytes; as sequences of bits they are in :mod:`.bits`."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import BYTE, BYTES, BYTESTRING, FIRST_BYTE, INT64, WIDTH
from pagoda.languages.uplc.types import BOOL_TYPE, BYTESTRING_TYPE, INTEGER_TYPE

LONGEST_MADE = 8192
"""The longest bytestring, in bytes, that a builtin makes out of a number."""


@builtin(10, "appendByteString", (BYTES, BYTES), BYTESTRING_TYPE)
def append(left: bytes, right: bytes) -> bytes:
    """One after the other."""
    return left + right


@builtin(11, "consByteString", (FIRST_BYTE, BYTES), BYTESTRING_TYPE)
def cons(first: int, rest: bytes) -> bytes:
    """A byte in front of a bytestring; where the variant takes any integer, its lowest byte."""
    return bytes((first & 255,)) + rest


@builtin(12, "sliceByteString", (INT64, INT64, BYTES), BYTESTRING_TYPE)
def slice_of(start: int, count: int, data: bytes) -> bytes:
    """At most ``count`` bytes from ``start`` on; negative numbers count as 0."""
    start = max(start, 0)
    return data[start : start + max(count, 0)]


@builtin(13, "lengthOfByteString", (BYTES,), INTEGER_TYPE)
def length(data: bytes) -> int:
    """How many bytes."""
    return len(data)


@builtin(14, "indexByteString", (BYTES, INT64), INTEGER_TYPE)
def index(data: bytes, position: int) -> int:
    """The byte at a position, the first at 0."""
    if not 0 <= position < len(data):
        raise BuiltinFailure(f"index {position} is outside a bytestring of {len(data)} bytes")
    return data[position]


@builtin(15, "equalsByteString", (BYTESTRING, BYTESTRING), BOOL_TYPE)
def equal(left: bytes, right: bytes) -> bool:
    """Whether two bytestrings are equal."""
    return left == right


@builtin(16, "lessThanByteString", (BYTES, BYTES), BOOL_TYPE)
def less(left: bytes, right: bytes) -> bool:
    """Whether the first comes earlier in the order of a dictionary."""
    return left < right


@builtin(17, "lessThanEqualsByteString", (BYTES, BYTES), BOOL_TYPE)
def less_or_equal(left: bytes, right: bytes) -> bool:
    """Whether the first does not come later in the order of a dictionary."""
    return left <= right


@builtin(81, "replicateByte", (WIDTH, BYTE), BYTESTRING_TYPE, batch="5")
def replicate(count: int, byte: int) -> bytes:
    """A byte, ``count`` times."""
    if not 0 <= count <= LONGEST_MADE:
        raise BuiltinFailure("the length is negative" if count < 0 else f"the length is more than {LONGEST_MADE} bytes")
    return bytes((byte,)) * count
