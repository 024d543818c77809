"""Builtins on bytestrings as sequences of bits. Bit 0 is the lowest bit of the last byte."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import BOOL, BYTES, INT64, INTEGERS, SHIFT, WRITABLE_BYTES
from pagoda.languages.uplc.types import BOOL_TYPE, BYTESTRING_TYPE, INTEGER_TYPE, unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _combine(extend: bool, left: bytes, right: bytes, operation: Callable[[int, int], int]) -> bytes:
    """Combines the bytes that both have, from the first on; what the longer has beyond them stays if ``extend``."""
    shorter, longer = (left, right) if len(left) <= len(right) else (right, left)
    common = len(shorter)
    made = operation(int.from_bytes(shorter), int.from_bytes(longer[:common])).to_bytes(common)
    return made + longer[common:] if extend else made


@builtin(75, "andByteString", (BOOL, BYTES, BYTES), BYTESTRING_TYPE, batch="5")
def conjunction(extend: bool, left: bytes, right: bytes) -> bytes:
    """The bits that are set in both."""
    return _combine(extend, left, right, int.__and__)


@builtin(76, "orByteString", (BOOL, BYTES, BYTES), BYTESTRING_TYPE, batch="5")
def disjunction(extend: bool, left: bytes, right: bytes) -> bytes:
    """The bits that are set in one or both."""
    return _combine(extend, left, right, int.__or__)


@builtin(77, "xorByteString", (BOOL, BYTES, BYTES), BYTESTRING_TYPE, batch="5")
def exclusive(extend: bool, left: bytes, right: bytes) -> bytes:
    """The bits that are set in just one."""
    return _combine(extend, left, right, int.__xor__)


@builtin(78, "complementByteString", (BYTES,), BYTESTRING_TYPE, batch="5")
def complement(data: bytes) -> bytes:
    """Every bit turned over."""
    return (int.from_bytes(data) ^ ((1 << 8 * len(data)) - 1)).to_bytes(len(data))


def _outside(data: bytes) -> BuiltinFailure:
    return BuiltinFailure(f"a bit index is outside a bytestring of {8 * len(data)} bits")


@builtin(79, "readBit", (BYTES, INT64), BOOL_TYPE, batch="5")
def read(data: bytes, index: int) -> bool:
    """Whether a bit is set."""
    if not 0 <= index < 8 * len(data):
        raise _outside(data)
    return bool(data[-1 - index // 8] >> index % 8 & 1)


@builtin(80, "writeBits", (WRITABLE_BYTES, INTEGERS, BOOL), BYTESTRING_TYPE, batch="5")
def write(data: bytes, indices: Any, bit: bool) -> bytes:
    """The same bits, but those at the indices are all set, or all cleared."""
    changed = bytearray(data)
    limit = 8 * len(data)
    for index in unlinked(indices):
        if not 0 <= index < limit:
            raise _outside(data)
        if bit:
            changed[-1 - index // 8] |= 1 << index % 8
        else:
            changed[-1 - index // 8] &= ~(1 << index % 8)
    return bytes(changed)


@builtin(82, "shiftByteString", (BYTES, SHIFT), BYTESTRING_TYPE, batch="5")
def shift(data: bytes, count: int) -> bytes:
    """The bits moved towards the first byte, or for a negative count towards the last; zeros move in."""
    bits = 8 * len(data)
    if abs(count) >= bits:
        return bytes(len(data))
    number = int.from_bytes(data)
    moved = number << count & ((1 << bits) - 1) if count >= 0 else number >> -count
    return moved.to_bytes(len(data))


@builtin(83, "rotateByteString", (BYTES, SHIFT), BYTESTRING_TYPE, batch="5")
def rotate(data: bytes, count: int) -> bytes:
    """The bits moved towards the first byte; what moves out there comes in at the other end."""
    if not data:
        return data
    bits = 8 * len(data)
    count %= bits
    number = int.from_bytes(data)
    return ((number << count | number >> bits - count) & ((1 << bits) - 1)).to_bytes(len(data))


@builtin(84, "countSetBits", (BYTES,), INTEGER_TYPE, batch="5")
def count_set(data: bytes) -> int:
    """How many bits are set."""
    return int.from_bytes(data).bit_count()


@builtin(85, "findFirstSetBit", (BYTES,), INTEGER_TYPE, batch="5")
def first_set(data: bytes) -> int:
    """The smallest index of a bit that is set, −1 if none is."""
    number = int.from_bytes(data)
    return (number & -number).bit_length() - 1
