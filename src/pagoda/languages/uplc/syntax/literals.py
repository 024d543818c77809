"""Constants without parts: integers, bytestrings, strings, unit, booleans, points of the curves.

Each function reads a constant at an offset of a reader's text; it gives the value and the offset of the word behind it. What
must hold: strings never hold a surrogate (it becomes U+FFFD); a point that is made lies in its group.
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

_INTEGER = re.compile(r"([+-]?+)" + SPACE + r"([0-9]++)" + SPACE)
_SIGN = re.compile(r"[+-]" + SPACE)
_BYTES = re.compile(r"\#([0-9A-Fa-f]*+)" + SPACE)
_POINT = re.compile(r"0x([0-9A-Fa-f]*+)" + SPACE)
_BOOL = re.compile(r"(True|False)" + SPACE)
_UNIT = re.compile(r"\(" + SPACE + r"\)" + SPACE)
_PLAIN = re.compile(r'[^"\\]*+')
_SURROGATE = re.compile("[\ud800-\udfff]")

_CODES = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE", "DC1", "DC2",
    "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US", "SP",
]  # fmt: skip
#: The names that ASCII gives to characters.
ASCII_NAMES = {name: chr(code) for code, name in enumerate(_CODES)} | {"DEL": "\x7f"}
_SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", '"': '"', "'": "'",
}  # fmt: skip
_ESCAPE = re.compile(
    r"""\\(?:([abfnrtv\\"'])|([0-9]++)|[xX]([0-9A-Fa-f]++)|[oO]([0-7]++)|\^([@-_])|("""
    + "|".join(sorted(ASCII_NAMES, key=len, reverse=True))
    + "))"
)
_ESCAPE_LENGTH = 10  # characters, with the backslash, that an escape may take; digits behind them stand for themselves


def read_integer(reader: Reader, at: int) -> tuple[int, int]:
    """An integer: digits after an optional sign."""
    found = _INTEGER.match(reader.text, at)
    if found is None:
        sign = _SIGN.match(reader.text, at)
        reader.expected("an integer", sign.end() if sign else at, "an integer is written in decimal digits", code="UPLPARSE005")
    digits = found[2]
    number = int(digits) if len(digits) < 1000 else integer_of(digits)
    return -number if found[1] == "-" else number, found.end()


def _hexadecimal(reader: Reader, found: re.Match[str]) -> bytes:
    digits = found[1]
    if len(digits) % 2:
        message = f"An odd number of hexadecimal digits: {len(digits)}"
        reader.fail("UPLPARSE005", message, found.start(), found.end(1), "a byte is two digits")
    return bytes.fromhex(digits)


def read_bytes(reader: Reader, at: int) -> tuple[bytes, int]:
    """A bytestring: ``#`` and pairs of hexadecimal digits."""
    found = _BYTES.match(reader.text, at)
    if found is None:
        hint = "write '#' and two hexadecimal digits for each byte, as in #00ff"
        reader.expected("a bytestring", at, hint, code="UPLPARSE005")
    return _hexadecimal(reader, found), found.end()


def read_string(reader: Reader, at: int) -> tuple[str, int]:
    """A string: text between double quotes, with escapes."""
    text = reader.text
    if not text.startswith('"', at):
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
    if found is None:
        reader.expected("'()'", at, "the only constant of type unit is '()'", code="UPLPARSE005")
    return None, found.end()


def read_bool(reader: Reader, at: int) -> tuple[bool, int]:
    """``True`` or ``False``."""
    found = _BOOL.match(reader.text, at)
    if found is None:
        hint = "booleans begin with a capital letter" if reader.text.startswith(("true", "false"), at) else ""
        reader.expected("'True' or 'False'", at, hint, code="UPLPARSE005")
    return found[1] == "True", found.end()


def _point(reader: Reader, at: int, group: int) -> tuple[Any, int]:
    from pagoda.languages.uplc.builtins.curves import POINT_BYTES, uncompress
    from pagoda.languages.uplc.builtins.failure import BuiltinFailure, MissingPackage

    form = f"'0x' and the {2 * POINT_BYTES[group]} hexadecimal digits of the compressed point"
    found = _POINT.match(reader.text, at)
    if found is None:
        reader.expected(f"a point of G{group}", at, f"write {form}", code="UPLPARSE005")
    data = _hexadecimal(reader, found)
    try:
        return uncompress(group, data), found.end()
    except BuiltinFailure as failure:
        message = failure.message[0].upper() + failure.message[1:]
        hint = f"a point is written as {form}" if len(data) != POINT_BYTES[group] else ""
        reader.fail("UPLPARSE007", message, at, found.end(1), hint)
    except MissingPackage as missing:
        reader.fail("UPLPARSE013", f"This point cannot be read: {missing}", at, found.end(1))


def read_g1(reader: Reader, at: int) -> tuple[Any, int]:
    """A point of G1: ``0x`` and its 48 compressed bytes."""
    return _point(reader, at, 1)


def read_g2(reader: Reader, at: int) -> tuple[Any, int]:
    """A point of G2: ``0x`` and its 96 compressed bytes."""
    return _point(reader, at, 2)


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
