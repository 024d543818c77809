"""Numbers, byte strings and fillers, bit by bit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagoda.languages.uplc.encoding.bits import (
    BitSink,
    BitSource,
    integer_digits,
    natural_digits,
    put_bytes,
    read_bit,
    read_bytes,
    read_integer,
    read_natural,
    read_word,
    skip_filler,
    word_digits,
)
from pagoda.languages.uplc.encoding.errors import MalformedScript, Unencodable


def source_of(digits: str) -> BitSource:
    """Bits, filled up with zeros to whole bytes."""
    digits += "0" * (-len(digits) % 8)
    return BitSource(int(digits or "0", 2).to_bytes(len(digits) // 8, "big"))


@given(st.binary(min_size=1, max_size=20), st.data())
def test_a_window_holds_the_bits_of_its_bytes(data, draw):
    position = draw.draw(st.integers(0, len(data) * 8 - 1))
    digits = format(int.from_bytes(data, "big"), f"0{len(data) * 8}b")
    assert read_bit(BitSource(data), position) == int(digits[position])


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        (0, "00000000"),
        (1, "00000001"),
        (127, "01111111"),
        (128, "1000000000000001"),
        (300, "1010110000000010"),
        (1 << 14, "100000001000000000000001"),
    ],
)
def test_naturals(number, digits):
    assert natural_digits(number) == digits
    for offset in range(8):
        assert read_natural(source_of("1" * offset + digits), offset) == (number, offset + len(digits))


@given(st.integers(), st.integers(0, 7))
def test_integers_come_back(number, offset):
    digits = integer_digits(number)
    assert read_integer(source_of("0" * offset + digits), offset) == (number, offset + len(digits))


@pytest.mark.parametrize(("number", "digits"), [(0, "0"), (-1, "1"), (1, "10"), (-2, "11"), (-64, "1111111"), (63, "1111110")])
def test_integers_are_folded_onto_naturals(number, digits):
    assert integer_digits(number) == digits.zfill(8)


def test_a_natural_may_have_more_groups_than_it_needs():
    assert read_natural(source_of("10000101" + "10000000" * 40 + "00000000"), 0) == (5, 42 * 8)


@pytest.mark.parametrize("bits", [100, 168, 175, 176, 100_003, 1_000_000])
def test_long_numbers(bits):
    for number in (1 << bits, (1 << bits) - 1, -(1 << bits) + 12345):
        digits = integer_digits(number)
        assert read_integer(source_of(digits), 0) == (number, len(digits))


def test_words_end_at_64_bits():
    largest = (1 << 64) - 1
    assert read_word(source_of(word_digits(largest, "")), 0) == (largest, 80)
    assert read_word(source_of("10000001" + "10000000" * 8 + "00000000"), 0) == (1, 80)
    for digits in (natural_digits(1 << 64), natural_digits(1 << 69), "10000001" + "10000000" * 9 + "00000000"):
        with pytest.raises(MalformedScript, match="64 bits") as caught:
            read_word(source_of("000" + digits), 3)
        assert caught.value.offset == 3
    for number in (-1, 1 << 64):
        with pytest.raises(Unencodable, match="the thing does not fit"):
            word_digits(number, "the thing")


@pytest.mark.parametrize("position", range(9))
@pytest.mark.parametrize("length", [1, 2, 7, 8, 9, 16, 40])
def test_fillers(position, length):
    assert skip_filler(source_of("1" * position + "0" * (length - 1) + "1"), position) == position + length


@given(st.binary(max_size=1200), st.integers(0, 8))
def test_byte_strings_come_back(data, offset):
    sink = BitSink()
    sink.pieces.append("1" * offset)
    put_bytes(sink, data)
    written = bytes(sink.done)
    assert len(written) == offset // 8 + 1 + len(data) + -(-len(data) // 255) + 1
    assert read_bytes(BitSource(written), offset) == (data, len(written) * 8)


def test_blocks_of_any_length_are_read():
    written = b"\x01" + b"\x01a" * 300 + b"\x02bc" + b"\xff" + b"d" * 255 + b"\x00rest"
    assert read_bytes(BitSource(written), 0) == (b"a" * 300 + b"bc" + b"d" * 255, (len(written) - 4) * 8)


def test_a_byte_string_begins_with_a_byte():
    with pytest.raises(MalformedScript, match="beginning of a byte"):
        read_bytes(BitSource(b"\x02\x00"), 0)


def test_what_ends_too_early():
    for data in (b"\x01", b"\x01\x05abcd", b"\x01\x05abcde", b"\x01\x01a\xff", b"\x00" * 50):
        with pytest.raises(IndexError):
            read_bytes(BitSource(data), 0)
    source = BitSource(b"\xff" * 1000)
    assert read_natural(source, 4)[1] > source.end  # the zeros behind the end ended it


@pytest.mark.parametrize(
    ("offset", "unit", "place"), [(3, "byte", "byte 3"), (16, "bit", "byte 2"), (21, "bit", "byte 2, bit 5")]
)
def test_places(offset, unit, place):
    problem = MalformedScript("bad", offset, unit)
    assert problem.place == place
    assert str(problem) == f"bad (at {place})"
    assert str(MalformedScript("bad")) == "bad"
