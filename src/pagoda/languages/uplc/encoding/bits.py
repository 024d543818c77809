"""Bits, most significant first: a reader's view of bytes, and a writer.

Positions are counted in bits from the first. What must hold: reading past the end raises ``IndexError`` or gives a position
past ``end``, and finds zeros there; whoever starts a reading turns both into :class:`MalformedScript`, with
:meth:`BitSource.ended`. Numbers and byte strings of any length are read and written in time in proportion to it.
"""

from __future__ import annotations

import sys
from array import array

from pagoda.languages.uplc.encoding.errors import MalformedScript, Unencodable

WORD = 1 << 64
"""Numbers of 64 bits are below it."""

# The digits of a group of 7 bits.
_DIGITS = [format(group, "07b") for group in range(128)]
# How many groups are put together number by number; more of them go by way of digits, in linear time.
_FEW_GROUPS = 24


class BitSource:
    """Bytes to be read bit by bit.

    ``windows[i]`` holds the 24 bits that begin with byte ``i``: any 17 bits are found by one look and one shift. ``end`` is the
    number of bits.
    """

    __slots__ = ("data", "end", "windows")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.end = len(data) * 8
        # Made by whole columns: the bytes of each window stand beside each other in the machine's order.
        padded = data + bytes(4)
        columns = bytearray(4 * (len(data) + 2))
        order = (2, 1, 0) if sys.byteorder == "little" else (1, 2, 3)
        for shift, column in enumerate(order):
            columns[column::4] = padded[shift : shift + len(data) + 2]
        self.windows = array("I", bytes(columns))

    def ended(self) -> MalformedScript:
        """The error of bytes that end in the middle of something."""
        return MalformedScript("the script ends too early", self.end)


def read_bit(source: BitSource, position: int) -> int:
    """The bit at a position."""
    return source.windows[position >> 3] >> (23 - (position & 7)) & 1


def read_natural(source: BitSource, position: int) -> tuple[int, int]:
    """A natural number, and the next position: groups of 7 bits, the lowest first, after a bit that says if more follow."""
    windows = source.windows
    shift = 16 - (position & 7)
    at = position >> 3
    group = windows[at] >> shift & 255
    if group < 128:
        return group, position + 8
    groups = [group & 127]
    while group >= 128:
        at += 1
        group = windows[at] >> shift & 255
        groups.append(group & 127)
    position += 8 * len(groups)
    if len(groups) > _FEW_GROUPS:
        return int("".join([_DIGITS[group] for group in reversed(groups)]), 2), position
    value = 0
    for group in reversed(groups):
        value = value << 7 | group
    return value, position


def read_word(source: BitSource, position: int) -> tuple[int, int]:
    """A natural number of 64 bits, in ten groups at most."""
    value, after = read_natural(source, position)
    if value >= WORD or after - position > 80:
        if after > source.end:
            raise source.ended()
        raise MalformedScript("a number of 64 bits was expected; this one is larger", position)
    return value, after


def read_integer(source: BitSource, position: int) -> tuple[int, int]:
    """An integer: 2n stands for n, 2n + 1 for -n - 1."""
    value, position = read_natural(source, position)
    return (-(value >> 1) - 1 if value & 1 else value >> 1), position


def skip_filler(source: BitSource, position: int) -> int:
    """The position after a filler: zeros and the first one."""
    windows = source.windows
    at = position >> 3
    rest = windows[at] >> 16 & 255 >> (position & 7)
    while not rest:
        at += 1
        rest = windows[at] >> 16
    return at * 8 + 9 - rest.bit_length()


def read_bytes(source: BitSource, position: int) -> tuple[bytes, int]:
    """A byte string: a filler up to the next byte, then blocks, each after its length, up to one of length 0."""
    start, position = position, skip_filler(source, position)
    if position & 7:
        raise MalformedScript("a byte string has to begin at the beginning of a byte", start)
    data = source.data
    at = position >> 3
    length = data[at]
    at += 1
    if not length:
        return b"", at * 8
    block = data[at : at + length]
    at += length
    length = data[at]  # an IndexError if the block is cut short
    at += 1
    if not length:
        return block, at * 8
    blocks = [block]
    while length:
        blocks.append(data[at : at + length])
        at += length
        length = data[at]
        at += 1
    return b"".join(blocks), at * 8


class BitSink:
    """Collects bits: ``pieces`` of binary digits after whole bytes that are done with."""

    __slots__ = ("done", "pieces")

    def __init__(self) -> None:
        self.done = bytearray()
        self.pieces: list[str] = []

    def align(self) -> None:
        """Puts a filler, which ends at the end of a byte, and turns the pieces into bytes."""
        digits = "".join(self.pieces)
        fill = 8 - len(digits) % 8
        self.done += int(digits + "0" * (fill - 1) + "1", 2).to_bytes((len(digits) + fill) // 8, "big")
        self.pieces.clear()

    def finish(self) -> bytes:
        """All the bits, and a filler to the end of the last byte."""
        self.align()
        return bytes(self.done)


def natural_digits(number: int) -> str:
    """The bits of a natural number, in groups of 7. Raises :class:`Unencodable` for a negative one."""
    if number < 128:
        if number < 0:
            raise Unencodable("a negative number stands where only natural ones can be written")
        return "0" + _DIGITS[number]
    digits = format(number, "b")
    digits = digits.zfill(-(-len(digits) // 7) * 7)
    groups = [digits[at : at + 7] for at in range(len(digits) - 7, -7, -7)]
    return "1" + "1".join(groups[:-1]) + "0" + groups[-1]


def word_digits(number: int, what: str) -> str:
    """The bits of a number of 64 bits. Raises :class:`Unencodable`, naming ``what`` it was to be, for any other."""
    if not 0 <= number < WORD:
        raise Unencodable(f"{what} does not fit in 64 bits")
    return natural_digits(number)


def integer_digits(number: int) -> str:
    """The bits of an integer."""
    return natural_digits(number << 1 if number >= 0 else (~number << 1) + 1)


def put_bytes(sink: BitSink, data: bytes) -> None:
    """Writes a byte string, in blocks of 255 bytes and a last one of the rest."""
    sink.align()
    done = sink.done
    for at in range(0, len(data), 255):
        block = data[at : at + 255]
        done.append(len(block))
        done += block
    done.append(0)
