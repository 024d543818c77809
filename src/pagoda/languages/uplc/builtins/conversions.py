"""Builtins that turn integers into bytestrings and back."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.bytestrings import LONGEST_MADE
from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import BOOL, BYTES, INTEGER, WIDTH
from pagoda.languages.uplc.types import BYTESTRING_TYPE, INTEGER_TYPE


@builtin(73, "integerToByteString", (BOOL, WIDTH, INTEGER), BYTESTRING_TYPE, batch="4b")
def integer_to_bytes(big_endian: bool, width: int, number: int) -> bytes:
    """The digits of a natural number in base 256, filled up to ``width`` bytes; width 0 is as many as it takes."""
    if width < 0:
        raise BuiltinFailure("the width is negative")
    if width > LONGEST_MADE:
        raise BuiltinFailure(f"the width is more than {LONGEST_MADE} bytes")
    if number < 0:
        raise BuiltinFailure("a negative integer has no bytes")
    needed = (number.bit_length() + 7) // 8
    if needed > (width or LONGEST_MADE):
        raise BuiltinFailure(f"the integer takes {needed} bytes; there is room for {width or LONGEST_MADE}")
    return number.to_bytes(width or needed, "big" if big_endian else "little")


@builtin(74, "byteStringToInteger", (BOOL, BYTES), INTEGER_TYPE, batch="4b")
def bytes_to_integer(big_endian: bool, data: bytes) -> int:
    """The natural number whose digits in base 256 the bytes are."""
    return int.from_bytes(data, "big" if big_endian else "little")
