"""Constants of type ``value``: ``[(#currency, [(#token, quantity), ...]), ...]``.

What must hold: what is read is canonical. Keys have at most 32 bytes and ascend, no currency is without tokens, no quantity is
zero or beyond a signed integer of 128 bits. Whatever is not is refused here, never put in order.
"""

from __future__ import annotations

from pagoda.languages.uplc.syntax.literals import read_bytes, read_integer
from pagoda.languages.uplc.syntax.reader import Reader

_LONGEST_KEY = 32  # bytes
_BOUND = 2**127
_FORM = "a value is written [(#currency, [(#token, quantity)])]"


def read_currencies(reader: Reader, at: int) -> tuple[dict[bytes, dict[bytes, int]], int]:
    """The value at an offset, and the offset of the word behind it. Raises :class:`ParseFailure`."""
    made: dict[bytes, dict[bytes, int]] = {}
    at = reader.past("[", at, "a value", _FORM)
    last: bytes | None = None
    while last is not None or not reader.text.startswith("]", at):
        at = reader.past("(", at, "a currency with its tokens", _FORM)
        currency, at = _key(reader, at, last, "currency")
        at = reader.past(",", at)
        start = at
        tokens, at = _tokens(reader, at)
        if not tokens:
            reader.fail("UPLPARSE006", "A currency without tokens", start, start + 1, "leave the currency out")
        made[currency] = tokens
        last = currency
        at = reader.past(")", at)
        if not reader.text.startswith(",", at):
            break
        at = reader.past(",", at)
    return made, reader.past("]", at, "',' or ']'")


def _tokens(reader: Reader, at: int) -> tuple[dict[bytes, int], int]:
    made: dict[bytes, int] = {}
    at = reader.past("[", at, "the tokens of the currency", _FORM)
    last: bytes | None = None
    while last is not None or not reader.text.startswith("]", at):
        at = reader.past("(", at, "a token with its quantity", _FORM)
        token, at = _key(reader, at, last, "token")
        at = reader.past(",", at)
        start = at
        quantity, at = read_integer(reader, at)
        if quantity == 0:
            reader.fail("UPLPARSE006", "A quantity of zero", start, at, "leave the token out")
        if not -_BOUND <= quantity < _BOUND:
            reader.fail("UPLPARSE006", "A quantity beyond 128 bits", start, at, "quantities are from -2^127 to 2^127-1")
        made[token] = quantity
        last = token
        at = reader.past(")", at)
        if not reader.text.startswith(",", at):
            break
        at = reader.past(",", at)
    return made, reader.past("]", at, "',' or ']'")


def _key(reader: Reader, at: int, last: bytes | None, kind: str) -> tuple[bytes, int]:
    start = at
    key, at = read_bytes(reader, at)
    end = start + 1 + 2 * len(key)
    if len(key) > _LONGEST_KEY:
        reader.fail("UPLPARSE006", f"A {kind} of {len(key)} bytes", start, end, f"at most {_LONGEST_KEY} bytes are allowed")
    if last is not None and key <= last:
        message = f"The same {kind} twice" if key == last else f"A {kind} out of order"
        reader.fail("UPLPARSE006", message, start, end, "keys ascend, compared byte by byte")
    return key, at
