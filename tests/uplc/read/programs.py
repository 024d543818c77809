"""Random programs and data, the same for the same seed, and CBOR of data in any form that a reader must take."""

from __future__ import annotations

import random

from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Program, Var
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    G1_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    MAP,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    array_of,
    linked,
    list_of,
    pair_of,
    unlinked,
)

SIMPLE = (INTEGER_TYPE, BYTESTRING_TYPE, STRING_TYPE, UNIT_TYPE, BOOL_TYPE, DATA_TYPE, VALUE_TYPE)
# Around every boundary of the integer forms: groups of 7 bits, 62 bits, limbs, heads of CBOR.
BITS = (0, 3, 5, 6, 7, 8, 13, 14, 32, 48, 49, 55, 56, 60, 61, 62, 63, 64, 65, 127, 128, 129, 191, 192, 500, 4000)
TEXTS = ("", "a", "plain text", "naïve", "\x7f\x80\u07ff\u0800\ud7ff\ue000\uffff", "\U00010000\U0010ffff", "😀" * 80)
LENGTHS = (0, 1, 2, 8, 23, 24, 28, 32, 63, 64, 65, 128, 254, 255, 256, 510, 511)


class Maker:
    """Makes random things of a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def integer(self) -> int:
        chance = self.chance
        number = (1 << chance.choice(BITS)) + chance.choice((-2, -1, 0, 1, 2))
        if chance.random() < 0.3:
            number = chance.getrandbits(chance.choice(BITS))
        return -number if chance.random() < 0.5 else number

    def octets(self, most: int = 600) -> bytes:
        return self.chance.randbytes(min(most, self.chance.choice(LENGTHS)))

    def type(self, depth: int = 3):
        chance = self.chance
        if depth and chance.random() < 0.4:
            form = chance.randrange(3)
            if form == 0:
                return list_of(self.type(depth - 1))
            if form == 1:
                return array_of(self.type(depth - 1))
            return pair_of(self.type(depth - 1), self.type(depth - 1))
        return chance.choice(SIMPLE)

    def value(self, kind):
        chance = self.chance
        if kind is INTEGER_TYPE:
            return self.integer()
        if kind is BYTESTRING_TYPE:
            return self.octets()
        if kind is STRING_TYPE:
            return chance.choice(TEXTS) + chance.choice(TEXTS)
        if kind is UNIT_TYPE:
            return None
        if kind is BOOL_TYPE:
            return chance.random() < 0.5
        if kind is DATA_TYPE:
            return self.data()
        if kind is VALUE_TYPE:
            return {key: self.tokens() for key in self.keys()}
        if kind.name == "pair":
            return self.value(kind.parts[0]), self.value(kind.parts[1])
        count = 0 if kind.parts[0] is G1_TYPE else chance.choice((0, 0, 1, 2, 5))
        items = [self.value(kind.parts[0]) for _ in range(count)]
        return tuple(items) if kind.name == "array" else linked(items)

    def keys(self) -> list[bytes]:
        chance = self.chance
        return sorted({chance.choice((b"", b"a", b"ab", bytes(32), self.octets(32))) for _ in range(chance.randrange(4))})

    def tokens(self) -> dict[bytes, int]:
        chance = self.chance
        amounts = (1, -1, (1 << 127) - 1, -(1 << 127), 1 << 63, -(1 << 64))
        return {key: chance.choice(amounts) for key in self.keys() or [b"x"]}

    def data(self, size: int = 12):
        chance = self.chance
        form = chance.randrange(6) if size > 1 else chance.randrange(2)
        if form == 0:
            return INTEGER, self.integer()
        if form == 1:
            return BYTES, self.octets()
        parts = linked([self.data(size // 3) for _ in range(chance.choice((0, 1, 2, 3)))])
        if form == 2:
            return MAP, linked([(part, self.data(size // 3)) for part in unlinked(parts)])
        if form == 3:
            return LIST, parts
        return CONSTR, chance.choice((0, 1, 6, 7, 126, 127, 128, 1 << 61, (1 << 64) - 1)), parts

    def term(self, size: int, modern: bool):
        """A term of about so many nodes; its variables need not be bound."""
        chance = self.chance
        if size <= 1:
            form = chance.randrange(8)
            if form < 3:
                return Var(chance.choice((0, 1, 1, 2, 2, 3, 127, 128, 300, 1 << 20, (1 << 55) - 1)))
            if form < 5:
                return Builtin(chance.randrange(104))
            if form < 6:
                return Error()
            kind = self.type()
            return Const(Constant(kind, self.value(kind)))
        form = chance.randrange(8 if modern else 6)
        if form < 3:
            return (Lam, Delay, Force)[form](self.term(size - 1, modern))
        if form < 6:
            share = chance.randrange(1, size)
            return Apply(self.term(share, modern), self.term(size - share, modern))
        parts = tuple(self.term(size // 4, modern) for _ in range(chance.randrange(4)))
        if form == 6:
            return Constr(chance.choice((0, 1, 127, 128, 1 << 63, (1 << 64) - 1)), parts)
        return Case(self.term(size // 4, modern), parts)

    def program(self, size: int) -> Program:
        version = self.chance.choice(((1, 0, 0), (1, 1, 0), (1, 1, 0), (1, 0, 7), (2, 0, 0), (1, 200, 1 << 62)))
        return Program(version, self.term(size, version >= (1, 1, 0)))

    # ------------------------------------------------------------ CBOR in other forms

    def head(self, major: int, argument: int) -> bytes:
        """A head, not always the shortest."""
        widths = [width for width in (1, 2, 4, 8) if argument < 1 << 8 * width]
        if argument < 24 and self.chance.random() < 0.6:
            return bytes((major << 5 | argument,))
        width = self.chance.choice(widths)
        return bytes((major << 5 | {1: 24, 2: 25, 4: 26, 8: 27}[width],)) + argument.to_bytes(width, "big")

    def cbor_bytes(self, data: bytes) -> bytes:
        if len(data) <= 64 and self.chance.random() < 0.7:
            return self.head(2, len(data)) + data
        made = b"\x5f"
        while data:
            count = self.chance.choice((0, 1, 30, 64, 64))
            made += self.head(2, len(data[:count])) + data[:count]
            data = data[count:]
        return made + b"\xff"

    def cbor_row(self, major: int, items: list[bytes], count: int) -> bytes:
        if self.chance.random() < 0.5:
            return bytes((major << 5 | 31,)) + b"".join(items) + b"\xff"
        return self.head(major, count) + b"".join(items)

    def cbor(self, data) -> bytes:
        """Bytes of data in any form. By recursion: for small data only."""
        kind = data[0]
        chance = self.chance
        if kind == INTEGER:
            number = data[1]
            magnitude = ~number if number < 0 else number
            if magnitude < 1 << 64 and chance.random() < 0.8:
                return self.head(1 if number < 0 else 0, magnitude)
            payload = bytes(chance.randrange(3)) + magnitude.to_bytes((magnitude.bit_length() + 7) // 8, "big")
            return (b"\xc3" if number < 0 else b"\xc2") + self.cbor_bytes(payload)
        if kind == BYTES:
            return self.cbor_bytes(data[1])
        if kind == MAP:
            entries = [self.cbor(part) for entry in unlinked(data[1]) for part in entry]
            return self.cbor_row(5, entries, len(entries) // 2)
        items = [self.cbor(part) for part in unlinked(data[-1])]
        row = self.cbor_row(4, items, len(items))
        if kind == LIST:
            return row
        number = data[1]
        if number < 128 and chance.random() < 0.7:
            return self.head(6, 121 + number if number < 7 else 1273 + number) + row
        return self.head(6, 102) + self.cbor_row(4, [self.head(0, number), row], 2)
