"""The heads of CBOR items: a major type of 3 bits and an argument, in the head itself or in the 1, 2, 4 or 8 bytes after it."""

from __future__ import annotations

from pagoda.languages.uplc.encoding.errors import MalformedScript

_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_SHORTEST = [bytes((byte,)) for byte in range(256)]


def read_argument(data: bytes, at: int) -> tuple[int, int]:
    """The argument of the head at an offset, however wide it is written, and the offset after it.

    Raises ``IndexError`` where the bytes end too early, :class:`MalformedScript` for a head without an argument.
    """
    low = data[at] & 31
    if low < 24:
        return low, at + 1
    if low == 24:
        return data[at + 1], at + 2
    width = _WIDTHS.get(low)
    if width is None:
        raise MalformedScript("the head of this item gives no length or number", at, "byte")
    end = at + 1 + width
    if end > len(data):
        raise IndexError
    return int.from_bytes(data[at + 1 : end], "big"), end


def head(major: int, argument: int) -> bytes:
    """The shortest head with an argument, which is below 2 ** 64."""
    lead = major << 5
    if argument < 24:
        return _SHORTEST[lead | argument]
    if argument < 0x100:
        return bytes((lead | 24, argument))
    if argument < 0x10000:
        return bytes((lead | 25,)) + argument.to_bytes(2, "big")
    if argument < 0x100000000:
        return bytes((lead | 26,)) + argument.to_bytes(4, "big")
    return bytes((lead | 27,)) + argument.to_bytes(8, "big")


def read_whole_bytes(data: bytes, at: int = 0) -> tuple[bytes, int] | None:
    """The payload of the byte string of a stated length at an offset, and where it ends; ``None`` if there is none."""
    if at >= len(data) or data[at] >> 5 != 2 or data[at] == 0x5F:
        return None
    try:
        length, start = read_argument(data, at)
    except (IndexError, MalformedScript):
        return None
    if start + length > len(data):
        return None
    return data[start : start + length], start + length
