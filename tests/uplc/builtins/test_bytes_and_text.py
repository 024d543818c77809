"""Builtins on bytestrings, as bytes and as bits, and on strings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.types import linked

from .calling import call


def bits_of(data):
    """The bits of a bytestring by their index."""
    return [byte >> bit & 1 for byte in reversed(data) for bit in range(8)]


def bytes_of(bits):
    """The bytestring with these bits."""
    return sum(bit << index for index, bit in enumerate(bits)).to_bytes(len(bits) // 8)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [(1, 2, b"bc"), (-5, 2, b"ab"), (2, -1, b""), (3, 99, b"d"), (9, 1, b""), (-(2**63), 2**63 - 1, b"abcd")],
)
def test_slices(start, count, expected):
    assert call("sliceByteString", start, count, b"abcd") == expected


def test_slices_out_of_range():
    for arguments in ((2**63, 1), (0, -(2**63) - 1)):
        with pytest.raises(BuiltinFailure, match="expected integer of 64 bits"):
            call("sliceByteString", *arguments, b"abcd")


def test_index():
    assert call("indexByteString", b"abc", 2) == 99
    for wrong in (-1, 3, 2**63 - 1):
        with pytest.raises(BuiltinFailure, match=r"is outside a bytestring of 3 bytes"):
            call("indexByteString", b"abc", wrong)


def test_order_of_bytestrings():
    assert call("lessThanByteString", b"\x7f", b"\x80") is True
    assert call("lessThanByteString", b"a", b"a") is False
    assert call("lessThanEqualsByteString", b"a", b"a") is True
    assert call("lessThanByteString", b"", b"\x00") is True


def test_replicate():
    assert call("replicateByte", 3, 255) == b"\xff" * 3
    assert len(call("replicateByte", 8192, 0)) == 8192
    for count, byte in ((-1, 0), (8193, 0), (1, 256), (1, -1)):
        with pytest.raises(BuiltinFailure):
            call("replicateByte", count, byte)


@given(st.binary(max_size=9), st.binary(max_size=9), st.booleans())
def test_bitwise(left, right, extend):
    for name, operation, neutral in (
        ("andByteString", int.__and__, 255),
        ("orByteString", int.__or__, 0),
        ("xorByteString", int.__xor__, 0),
    ):
        length = max(len(left), len(right)) if extend else min(len(left), len(right))
        filled = [data + bytes([neutral]) * (length - len(data)) for data in (left, right)]
        expected = bytes(operation(one, other) for one, other in zip(*(data[:length] for data in filled), strict=True))
        assert call(name, extend, left, right) == expected


@given(st.binary(max_size=9))
def test_looking_at_bits(data):
    bits = bits_of(data)
    assert [call("readBit", data, index) for index in range(len(bits))] == [bit == 1 for bit in bits]
    assert call("countSetBits", data) == sum(bits)
    assert call("findFirstSetBit", data) == (bits.index(1) if 1 in bits else -1)
    assert call("complementByteString", data) == bytes(255 - byte for byte in data)


@given(st.binary(max_size=5), st.integers(-50, 50))
def test_moving_bits(data, count):
    bits = bits_of(data)
    here = range(len(bits))
    shifted = [bits[index - count] if 0 <= index - count < len(bits) else 0 for index in here]
    assert call("shiftByteString", data, count) == bytes_of(shifted)
    assert call("rotateByteString", data, count) == bytes_of([bits[(index - count) % len(bits)] for index in here])


@given(st.binary(min_size=1, max_size=5), st.data(), st.booleans())
def test_writing_bits(data, draw, bit):
    indices = draw.draw(st.lists(st.integers(0, 8 * len(data) - 1)))
    expected = [int(bit) if index in indices else old for index, old in enumerate(bits_of(data))]
    assert call("writeBits", data, linked(indices), bit) == bytes_of(expected)


@pytest.mark.parametrize("index", [-1, 16, 2**62, 2**200])
def test_bits_that_there_are_not(index):
    with pytest.raises(BuiltinFailure):
        call("writeBits", b"ab", linked([0, index]), True)
    with pytest.raises(BuiltinFailure):
        call("readBit", b"ab", index)


def test_text():
    assert call("appendString", "ä", "b") == "äb"
    assert call("equalsString", "ä", "a\u0308") is False
    assert call("encodeUtf8", "ä€😀") == "ä€😀".encode()
    assert call("decodeUtf8", "ä€😀".encode()) == "ä€😀"


@pytest.mark.parametrize("data", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"a\xe2\x82", b"\xf4\x90\x80\x80"])
def test_bytes_that_are_no_text(data):
    with pytest.raises(BuiltinFailure, match="not valid UTF-8"):
        call("decodeUtf8", data)
