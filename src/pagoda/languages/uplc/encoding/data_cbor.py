"""Data as CBOR: the reader takes what the ledger takes, the writer writes what ``serialiseData`` does.

A constructor is a tag over the list of its fields: 121 to 127 for the first seven, 1280 to 1400 for the next, else 102 over its
number and the list. No string of bytes is longer than 64: longer ones are cut into pieces of that length, and so are the bytes
of integers beyond 64 bits. Lists that are not empty are written without their length, maps with it.
"""

from __future__ import annotations

from pagoda.languages.uplc.encoding.cbor import head, read_argument
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.types import BYTES, CONSTR, INTEGER, LIST, MAP, unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PIECE = 64
"""How many bytes stand together at most."""

_BREAK = 0xFF
_WORD = 1 << 64
_INDEFINITE = -1
_NOT_TWO = "a constructor (tag 102) has to hold its number and its fields and no more"
_WHOLE = 5  # beside the kinds of data: what was asked for, which is one item


def read_data(data: bytes) -> Any:
    """The data that bytes stand for, all of them. Raises :class:`MalformedScript`, with an offset in bytes."""
    value, end = read_leading_data(data)
    if end != len(data):
        raise MalformedScript("bytes are left over after the data", end, "byte")
    return value


def read_leading_data(data: bytes, at: int = 0) -> tuple[Any, int]:
    """The data that begins at an offset, and where it ends. Raises :class:`MalformedScript`, with an offset in bytes."""
    try:
        return _read(data, at)
    except IndexError:
        raise MalformedScript("the data ends too early", len(data), "byte") from None


def _read(data: bytes, at: int) -> tuple[Any, int]:
    # What is being read: its kind and number, the items so far, how many are to come (below zero: a break ends them), and
    # whether a break must follow it. What it is inside of stands in `outside`.
    kind, number, left, closed = _WHOLE, 0, 1, False
    items: list[Any] = []
    outside: list[tuple[int, int, list[Any], int, bool]] = []
    while True:
        while not left or (left < 0 and data[at] == _BREAK):
            if left < 0:
                at += 1
            if closed:
                if data[at] != _BREAK:
                    raise MalformedScript(_NOT_TWO, at, "byte")
                at += 1
            if kind == _WHOLE:
                return items[0], at
            linked: Any = ()
            if kind == MAP:
                if len(items) & 1:
                    raise MalformedScript("a map ends after a key", at - 1, "byte")
                for place in range(len(items) - 2, -1, -2):
                    linked = ((items[place], items[place + 1]), linked)
            else:
                for item in reversed(items):
                    linked = (item, linked)
            value = (CONSTR, number, linked) if kind == CONSTR else (kind, linked)
            kind, number, items, left, closed = outside.pop()
            items.append(value)
            left -= 1
        start = at
        first = data[at]
        major = first >> 5
        if first < 24:  # most numbers are small
            at += 1
            items.append((INTEGER, first))
            left -= 1
        elif major <= 1:
            argument, at = read_argument(data, at)
            items.append((INTEGER, ~argument if major else argument))
            left -= 1
        elif major == 2:
            payload, at = _read_bytes(data, at)
            items.append((BYTES, payload))
            left -= 1
        elif major == 4 or major == 5:
            outside.append((kind, number, items, left, closed))
            kind, items, closed = (LIST if major == 4 else MAP), [], False
            left, at = _read_length(data, at)
            if major == 5 and left > 0:
                left *= 2
        elif first == 0xC2 or first == 0xC3:
            payload, at = _read_bytes(data, at + 1)
            magnitude = int.from_bytes(payload, "big")
            items.append((INTEGER, magnitude if first == 0xC2 else ~magnitude))
            left -= 1
        elif major == 6:
            tag, at = read_argument(data, at)
            closes = False
            if 121 <= tag < 128:
                tag -= 121
            elif 1280 <= tag < 1401:
                tag -= 1273
            elif tag == 102:
                length, at = _read_list_length(data, at)
                if length != 2 and length != _INDEFINITE:
                    raise MalformedScript(_NOT_TWO, start, "byte")
                if data[at] >> 5:
                    raise MalformedScript("the number of a constructor has to be one of 64 bits", at, "byte")
                closes = length == _INDEFINITE
                tag, at = read_argument(data, at)
            else:
                raise MalformedScript(f"the tag {tag} has no meaning in data", start, "byte")
            outside.append((kind, number, items, left, closed))
            kind, number, items, closed = CONSTR, tag, [], closes
            left, at = _read_list_length(data, at)
        else:
            raise MalformedScript(f"{_FOREIGN[first]} cannot stand in data", start, "byte")


def _foreign(first: int) -> str:
    if first == _BREAK:
        return "the end of something not begun"
    return "text" if first >> 5 == 3 else "a float" if first in (0xF9, 0xFA, 0xFB) else "a simple value"


_FOREIGN = [_foreign(first) for first in range(256)]


def _read_length(data: bytes, at: int) -> tuple[int, int]:
    """How many items a list or map has; below zero if a break ends them."""
    if data[at] & 31 == 31:
        return _INDEFINITE, at + 1
    return read_argument(data, at)


def _read_list_length(data: bytes, at: int) -> tuple[int, int]:
    if data[at] >> 5 != 4:
        raise MalformedScript("the fields of a constructor have to be a list", at, "byte")
    return _read_length(data, at)


def _read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    first = data[at]
    if first <= 0x57 and first >= 0x40:  # the usual: shorter than 24
        end = at + first - 0x3F
        if end > len(data):
            raise IndexError
        return data[at + 1 : end], end
    if first != 0x5F:
        return _read_piece(data, at)
    at += 1
    pieces = []
    while data[at] != _BREAK:
        piece, at = _read_piece(data, at)
        pieces.append(piece)
    return b"".join(pieces), at + 1


def _read_piece(data: bytes, at: int) -> tuple[bytes, int]:
    if data[at] >> 5 != 2 or data[at] == 0x5F:
        raise MalformedScript("bytes are expected here", at, "byte")
    length, start = read_argument(data, at)
    if length > PIECE:
        raise MalformedScript(f"more than {PIECE} bytes stand together", at, "byte")
    if start + length > len(data):
        raise IndexError
    return data[start : start + length], start + length


def write_data(data: Any) -> bytes:
    """The bytes of data, canonical.

    A constructor whose number does not fit in 64 bits is written, too, as ``serialiseData`` does, though nobody reads it back.
    """
    out: list[bytes] = []
    put = out.append
    # What is still to be written, the next last; None ends a list.
    rest: list[Any] = [data]
    while rest:
        node = rest.pop()
        if node is None:
            put(b"\xff")
            continue
        kind = node[0]
        if kind == INTEGER:
            put(_integer(node[1]))
        elif kind == BYTES:
            put(_bytes(node[1]))
        elif kind == MAP:
            entries = list(unlinked(node[1]))
            put(head(5, len(entries)))
            for key, value in reversed(entries):
                rest.append(value)
                rest.append(key)
        else:
            if kind == CONSTR:
                put(_constructor(node[1]))
            fields = node[2] if kind == CONSTR else node[1]
            if not fields:
                put(b"\x80")
                continue
            put(b"\x9f")
            rest.append(None)
            items = list(unlinked(fields))
            items.reverse()
            rest += items
    return b"".join(out)


def _constructor(number: int) -> bytes:
    if 0 <= number < 7:
        return head(6, 121 + number)
    if 7 <= number < 128:
        return head(6, 1273 + number)
    if -_WORD <= number < _WORD:
        return head(6, 102) + b"\x82" + _integer(number)
    magnitude = number if number >= 0 else ~number
    payload = magnitude.to_bytes((magnitude.bit_length() + 7) // 8, "big")
    return head(6, 102) + b"\x82" + (b"\xc2" if number >= 0 else b"\xc3") + head(2, len(payload)) + payload


def _integer(number: int) -> bytes:
    magnitude = number if number >= 0 else ~number
    if magnitude < _WORD:
        return head(0 if number >= 0 else 1, magnitude)
    payload = magnitude.to_bytes((magnitude.bit_length() + 7) // 8, "big")
    return (b"\xc2" if number >= 0 else b"\xc3") + _bytes(payload)


def _bytes(payload: bytes) -> bytes:
    if len(payload) <= PIECE:
        return head(2, len(payload)) + payload
    pieces = [b"\x5f"]
    for at in range(0, len(payload), PIECE):
        piece = payload[at : at + PIECE]
        pieces.append(head(2, len(piece)))
        pieces.append(piece)
    pieces.append(b"\xff")
    return b"".join(pieces)
