"""Builtins on strings, which are sequences of characters, and between strings and UTF-8."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import BYTES, TEXT
from pagoda.languages.uplc.types import BOOL_TYPE, BYTESTRING_TYPE, STRING_TYPE


@builtin(22, "appendString", (TEXT, TEXT), STRING_TYPE)
def append(left: str, right: str) -> str:
    """One after the other."""
    return left + right


@builtin(23, "equalsString", (TEXT, TEXT), BOOL_TYPE)
def equal(left: str, right: str) -> bool:
    """Whether two strings are equal, character by character."""
    return left == right


@builtin(24, "encodeUtf8", (TEXT,), BYTESTRING_TYPE)
def encode(text: str) -> bytes:
    """The string in UTF-8."""
    return text.encode()


@builtin(25, "decodeUtf8", (BYTES,), STRING_TYPE)
def decode(data: bytes) -> str:
    """The string that the bytes are in UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BuiltinFailure(f"the bytes are not valid UTF-8 (byte {error.start})") from None
