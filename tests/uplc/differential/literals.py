"""Random constants of a type, with a liking for where representations change: 61 to 64 bits, empty, just over a block."""

from __future__ import annotations

from random import Random
from typing import Any

from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    MAP,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    Type,
    linked,
)

_EDGES = (7, 8, 31, 32, 60, 61, 62, 63, 64, 65, 127, 128, 200)
_LENGTHS = (0, 0, 1, 2, 3, 8, 9, 16, 31, 32, 33, 64, 300)
_TEXTS = ("", "a", "text", 'quote " and \\', "\u00e4\u20ac\U0001f600", "x" * 40, "\n\x00\x7f")


def constant(rng: Random, kind: Type) -> Constant:
    """A constant of a type that has literals."""
    return Constant(kind, value(rng, kind))


def has_literals(kind: Type) -> bool:
    """Whether constants of a type can be written down."""
    return not kind.name.startswith("bls") and all(map(has_literals, kind.parts))


def value(rng: Random, kind: Type, depth: int = 2) -> Any:
    """A value of a type, in the form that the module of types tells."""
    if kind is INTEGER_TYPE:
        return integer(rng)
    if kind is BYTESTRING_TYPE:
        return octets(rng)
    if kind is STRING_TYPE:
        return rng.choice(_TEXTS)
    if kind is UNIT_TYPE:
        return None
    if kind is BOOL_TYPE:
        return rng.random() < 0.5
    if kind is DATA_TYPE:
        return data(rng, depth)
    if kind is VALUE_TYPE:
        return _assets(rng)
    if kind.name == "pair":
        return value(rng, kind.parts[0], depth - 1), value(rng, kind.parts[1], depth - 1)
    items = [value(rng, kind.parts[0], depth - 1) for _ in range(_few(rng))]
    return linked(items) if kind.name == "list" else tuple(items)


def integer(rng: Random) -> int:
    """An integer, mostly small."""
    form = rng.random()
    if form < 0.6:
        return rng.randint(-2, 9)
    if form < 0.75:
        return rng.randint(-1000, 1000)
    if form < 0.93:
        return rng.choice((-1, 1)) * (1 << rng.choice(_EDGES)) + rng.randint(-2, 2)
    return rng.getrandbits(rng.randint(1, 300)) * rng.choice((-1, 1))


def octets(rng: Random) -> bytes:
    """A bytestring; now and then one that is valid UTF-8, or all the same."""
    form = rng.random()
    if form < 0.2:
        return rng.choice(_TEXTS).encode()
    return rng.randbytes(rng.choice(_LENGTHS)) if form < 0.9 else rng.choice((b"\x00", b"\xff")) * rng.choice(_LENGTHS)


def data(rng: Random, depth: int) -> Any:
    """A value of the type of data."""
    form = rng.randint(0, 4) if depth > 0 else rng.randint(3, 4)
    if form == 0:
        tag = rng.choice((0, 1, 2, 6, 7, 127, 128, 1 << 31, (1 << 64) - 1))
        return CONSTR, tag, linked(data(rng, depth - 1) for _ in range(_few(rng)))
    if form == 1:
        return MAP, linked((data(rng, depth - 1), data(rng, depth - 1)) for _ in range(_few(rng)))
    if form == 2:
        return LIST, linked(data(rng, depth - 1) for _ in range(_few(rng)))
    return (INTEGER, integer(rng)) if form == 3 else (BYTES, octets(rng))


def _few(rng: Random) -> int:
    return rng.choice((0, 1, 1, 2, 2, 3, 5))


def _assets(rng: Random) -> dict[bytes, dict[bytes, int]]:
    def keys() -> list[bytes]:
        some = (b"", b"a", b"b", b"\xff" * 32, b"c" * rng.randint(0, 32))
        return sorted(set(rng.choices(some, k=rng.randint(1, 3))))

    def quantity() -> int:
        return rng.choice((1, -1, 7, (1 << 127) - 1, -(1 << 127), rng.randint(1, 10**9)))

    if rng.random() < 0.3:
        return {}
    return {currency: {token: quantity() for token in keys()} for currency in keys()}
