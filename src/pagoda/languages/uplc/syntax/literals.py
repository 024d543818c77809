"""Constants without parts: integers, bytestrings, strings, unit, booleans, points of the curves.

Each function reads a constant at an offset of a reader's text and gives the value and the offset behind the space that follows
it. What must hold: strings never hold a surrogate (it becomes U+FFFD); a point that is made lies in its group.
"""

from __future__ import annotations

import re

from pagoda.languages.uplc.syntax.digits import integer_of
from pagoda.languages.uplc.syntax.reader import SPACE, Reader
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER_TYPE,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.types import Type

_INTEGER = re.compile(r"([+-]?)([0-9]++)" + SPACE)
_DIGITS = re.compile(r"[0-9]++")
_BYTES = re.compile(r"\#([0-9A-Fa-f]*+)" + SPACE)
_POINT = re.compile(r"0x([0-9A-Fa-f]*+)" + SPACE)
_BOOL = re.compile(r"(True|False)" + SPACE)
_UNIT = re.compile(r"\(" + SPACE + r"\)" + SPACE)
_PLAIN = re.compile(r'[^"\\]*+')
_SURROGATE = re.compile("[\ud800-\udfff]")

_CODES = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US SP"
).split()
#: The names that ASCII gives to characters, the longer first where one begins another.
ASCII_NAMES = {name: chr(code) for code, name in enumerate(_CODES)} | {"DEL": "\x7f"}
_SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"', "'": "'",
}  # fmt: skip
_ESCAPE = re.compile(
    r"""\\(?:([abfnrtv\\"'])|([0-9]++)|[xX]([0-9A-Fa-f]++)|[oO]([0-7]++)|\^([@-_])|("""
    + "|".join(sorted(ASCII_NAMES, key=len, reverse=True))
    + "))"
)
_ESCAPE_LENGTH = 10  # the characters of an escape, the backslash with them, that are looked at; digits behind stand for themselves


def read_integer(reader: Reader, at: int) -> tuple[int, int]:
    """An integer: digits after an optional sign."""
    found = _INTEGER.match(reader.text, at)
    if found is None:
        return _spaced_integer(reader, at)
    digits = found[2]
    number = int(digits) if len(digits) < 1000 else integer_of(digits)
    return -number if found[1] == "-" else number, found.end()


def _spaced_integer(reader: Reader, at: int) -> tuple[int, int]:
    at = reader.skip(at)
    sign = reader.text[at : at + 1]
    behind = reader.skip(at + 1) if sign in ("+", "-") else at
    digits = _DIGITS.match(reader.text, behind)
    if digits is None:
        hint = "an integer is written in decimal digits" if sign in ("#", '"') else ""
        reader.expected("an integer", behind, hint, code="UPLPARSE005")
    number = integer_of(digits[0])
    return -number if sign == "-" else number, reader.skip(digits.end())


def _hexadecimal(reader: Reader, found: re.Match[str]) -> bytes:
    digits = found[1]
    if len(digits) % 2:
        end = found.end(1)
        reader.fail("UPLPARSE005", f"An odd number of hexadecimal digits: {len(digits)}", found.start(), end, "a byte is two digits")
    return bytes.fromhex(digits)


def read_bytes(reader: Reader, at: int) -> tuple[bytes, int]:
    """A bytestring: ``#`` and pairs of hexadecimal digits."""
    found = _BYTES.match(reader.text, at)
    if found is None:
        behind = reader.skip(at)
        if behind != at:
            return read_bytes(reader, behind)
        hint = "write '#' and two hexadecimal digits for each byte, as in #00ff"
        reader.expected("a bytestring", at, hint, code="UPLPARSE005")
    return _hexadecimal(reader, found), found.end()


def read_string(reader: Reader, at: int) -> tuple[str, int]:
    """A string: text between double quotes, with escapes."""
    text = reader.text
    if not text.startswith('"', at):
        behind = reader.skip(at)
        if behind != at:
            return read_string(reader, behind)
        reader.expected("a string", at, 'strings are written with double quotes: "text"', code="UPLPARSE005")
    start = at
    at += 1
    parts = []
    while True:
        end = _PLAIN.match(text, at).end()  # type: ignore[union-attr]  # matches everywhere
        parts.append(text[at:end])
        if end == len(text):
            hint = "a string ends with '\"'; a double quote inside one is written '\\\"'"
            reader.fail("UPLPARSE010", "Unterminated string", start, start + 1, hint)
        if text[end] == '"':
            break
        char, at = _escape(reader, end)
        parts.append(char)
    whole = "".join(parts)
    if not whole.isascii():
        whole = _SURROGATE.sub("\ufffd", whole)
    return whole, reader.skip(end + 1)


def _escape(reader: Reader, at: int) -> tuple[str, int]:
    found = _ESCAPE.match(reader.text, at, at + _ESCAPE_LENGTH)
    if found is None:
        hint = "escapes are \\n \\t \\r \\a \\b \\f \\v \\\\ \\\" \\' \\1234 \\x4d2 \\o2322 \\^A and names such as \\DEL"
        reader.fail("UPLPARSE005", "Invalid escape", at, min(at + 2, len(reader.text)), hint)
    simple, decimal, hexadecimal, octal, control, name = found.groups()
    if simple is not None:
        return _SIMPLE[simple], found.end()
    if control is not None:
        return chr(ord(control) - 64), found.end()
    if name is not None:
        return ASCII_NAMES[name], found.end()
    code = int(decimal) if decimal is not None else int(hexadecimal, 16) if hexadecimal is not None else int(octal, 8)
    if code > 0x10FFFF:
        reader.fail("UPLPARSE005", "No character has this number", at, found.end(), "the last one is \\1114111, or \\x10ffff")
    return chr(code), found.end()


def read_unit(reader: Reader, at: int) -> tuple[None, int]:
    """The unit: ``()``."""
    found = _UNIT.match(reader.text, at)
    if found is not None:
        return None, found.end()
    at = reader.skip(at)
    if not reader.text.startswith("(", at):
        reader.expected("'()'", at, "the only constant of type unit is '()'", code="UPLPARSE005")
    return None, reader.past(")", at + 1)


def read_bool(reader: Reader, at: int) -> tuple[bool, int]:
    """``True`` or ``False``."""
    found = _BOOL.match(reader.text, at)
    if found is None:
        behind = reader.skip(at)
        if behind != at:
            return read_bool(reader, behind)
        hint = "booleans begin with a capital letter" if reader.text.startswith(("true", "false"), at) else ""
        reader.expected("'True' or 'False'", at, hint, code="UPLPARSE005")
    return found[1] == "True", found.end()


def _point(reader: Reader, at: int, name: str, length: int) -> tuple[bytes, int, int]:
    found = _POINT.match(reader.text, at)
    if found is None:
        behind = reader.skip(at)
        if behind != at:
            return _point(reader, behind, name, length)
        hint = f"write '0x' and the {2 * length} hexadecimal digits of the compressed point"
        reader.expected(f"a point of {name}", at, hint, code="UPLPARSE005")
    data = _hexadecimal(reader, found)
    if len(data) != length:
        hint = f"a compressed point of {name} takes {length}"
        reader.fail("UPLPARSE007", f"A point of {len(data)} bytes", found.start(), found.end(1), hint)
    return data, found.end(1), found.end()


def read_g1(reader: Reader, at: int) -> tuple[Any, int]:
    """A point of G1: ``0x`` and its 48 compressed bytes."""
    from pagoda.languages.uplc.builtins.curves import g1_uncompress

    data, end, behind = _point(reader, at, "G1", 48)
    return _uncompressed(reader, g1_uncompress, data, end), behind


def read_g2(reader: Reader, at: int) -> tuple[Any, int]:
    """A point of G2: ``0x`` and its 96 compressed bytes."""
    from pagoda.languages.uplc.builtins.curves import g2_uncompress

    data, end, behind = _point(reader, at, "G2", 96)
    return _uncompressed(reader, g2_uncompress, data, end), behind


def _uncompressed(reader: Reader, uncompress: Callable[[bytes], Any], data: bytes, end: int) -> Any:
    from pagoda.languages.uplc.builtins.failure import BuiltinFailure

    try:
        return uncompress(data)
    except BuiltinFailure as failure:
        start = end - 2 * len(data) - 2
        reader.fail("UPLPARSE007", f"Not a point of the group: {failure}", start, end)


def read_ml_result(reader: Reader, at: int) -> tuple[Any, int]:
    """There are no constants of this type in texts."""
    hint = "such results come from the builtin bls12_381_millerLoop only"
    reader.fail("UPLPARSE005", "A result of a Miller loop cannot be written down", at, at, hint)


#: How constants of the types without parts are read, except data and value.
SCALARS: dict[Type, Callable[[Reader, int], tuple[Any, int]]] = {
    INTEGER_TYPE: read_integer,
    BYTESTRING_TYPE: read_bytes,
    STRING_TYPE: read_string,
    UNIT_TYPE: read_unit,
    BOOL_TYPE: read_bool,
    G1_TYPE: read_g1,
    G2_TYPE: read_g2,
    ML_TYPE: read_ml_result,
}
