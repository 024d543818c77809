"""Damaged bytes: scripts and data with bits flipped, pieces cut out, put in or doubled. Each is read, in this process.

As a script, ``python -m uplc.encoding.mutate COUNT [FIRST]`` (with ``tests`` and ``src`` on the path) prints what came out.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter

from pagoda.languages.uplc.encoding.data_cbor import read_data, write_data
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.encoding.ledger import LANGUAGES, bounds_of
from pagoda.languages.uplc.encoding.script import open_script, text_envelope, wrap
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Program, Var
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
    array_of,
    linked,
    list_of,
    pair_of,
)

SLOW = 5.0  # seconds that one case may take, machine load included
ROOM = 256 << 20  # bytes by which the process may grow over a run
EXTRA = (
    b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\xff" * 9, b"\xff" * 40, b"\x01\xff",
    b"\x9b" + b"\xff" * 8, b"\xbb" + b"\x7f" * 8, b"\x5b" + b"\xff" * 8, b"\x5f\x58\x40", b"\xd8\x66\x82", b"\xc2\x5f",
    b"\x9f" * 30, b"\x81" * 30, b"\xd8\x79\x9f", b"\x11" * 30, b"\x33" * 30,
    b"\x88\x01\x88\x01", b"\xba\xba\xba", b"\xed\xa0\x80", b"{", b'"cborHex":', b"[" * 50,
)  # fmt: skip


def seeds() -> list[bytes]:
    """Small programs of every form of term and type of constant, and data, wrapped in every way."""
    numbers = linked([(INTEGER, 5), (INTEGER, -(1 << 80)), (BYTES, bytes(range(100)))])
    data = (
        CONSTR,
        3,
        linked([(LIST, numbers), (MAP, linked([((INTEGER, 1), (BYTES, b"x")), ((LIST, ()), (CONSTR, 900, ()))]))]),
    )
    constants = [
        Constant(INTEGER_TYPE, -(10**30)),
        Constant(BYTESTRING_TYPE, bytes(range(256)) * 2),
        Constant(STRING_TYPE, "naïve 😀"),
        Constant(UNIT_TYPE, None),
        Constant(DATA_TYPE, data),
        Constant(list_of(pair_of(INTEGER_TYPE, list_of(BOOL_TYPE))), linked([(1, linked([True, False])), (2, ())])),
        Constant(array_of(array_of(STRING_TYPE)), (("a", "b"), ())),
        Constant(VALUE_TYPE, {b"": {b"": 5}, b"cur": {b"a": -1, b"b": 1 << 100}}),
    ]
    spine = Force(Builtin(26))
    for constant in constants:
        spine = Apply(spine, Delay(Const(constant)))
    branches = (Lam(Lam(Var(2))), Error(), spine, Constr(1 << 60, ()))
    whole = Lam(Apply(Case(Constr(3, (Var(1), spine, Error())), branches), Var(200)))
    flats = [write_program(Program((1, 1, 0), term)) for term in (whole, spine, Lam(Force(Delay(Var(1)))))]
    scripts = [
        *flats,
        wrap(flats[0]),
        wrap(wrap(flats[1])),
        text_envelope(flats[2], "V3").encode(),
        wrap(flats[2]).hex().encode(),
    ]
    return [*scripts, write_data(data), write_data((LIST, linked([data, data])))]


def mutant(seed: int, originals: list[bytes]) -> bytes:
    """Damaged bytes."""
    chance = random.Random(seed)
    made = bytearray(chance.choice(originals))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        at = chance.randrange(len(made) + 1)
        width = chance.choice((0, 1, 1, 2, 4, 16, 64))
        kind = chance.randrange(7)
        if kind <= 1 and at < len(made):
            made[at] ^= 1 << chance.randrange(8)
        elif kind == 2 and at < len(made):
            made[at] = chance.randrange(256)
        elif kind == 3:
            del made[at : at + width]
        elif kind == 4:
            made[at:at] = made[at : at + width] * chance.choice((1, 2, 30))
        elif kind == 5:
            made[at : at + width] = chance.choice(EXTRA)
        else:
            other = chance.choice(originals)
            start = chance.randrange(len(other))
            made[at:] = other[start:]
    return bytes(made)


def read_everything(data: bytes, seed: int) -> str:
    """Reads bytes as all that they may be; what is read is written and read again. Says what they were."""
    kinds = []
    bounds = bounds_of(LANGUAGES[seed % 4], 9 + seed // 4 % 4) if seed % 3 else None
    try:
        flat = open_script(data, LANGUAGES[seed % 4]).flat
        if flat != data:
            kinds.append("wrapped")
    except MalformedScript as refused:
        str(refused)
        flat = data
    try:
        written = write_program(read_program(flat, bounds))
        if write_program(read_program(written, bounds)) != written:
            raise AssertionError("a program that was written is read as another")
        kinds.append("script")
    except MalformedScript as refused:
        check_place(refused, flat)
    try:
        written = write_data(read_data(data))
        if write_data(read_data(written)) != written:  # as bytes: comparing nested tuples recurses
            raise AssertionError("data that were written are read as others")
        kinds.append("data")
    except MalformedScript as refused:
        check_place(refused, data)
    return " ".join(kinds) or "refused"


def check_place(refused: MalformedScript, data: bytes) -> None:
    """That the place of an error is one in the bytes, and that the error can be shown."""
    str(refused)
    size = len(data) * (8 if refused.unit == "bit" else 1)
    if refused.offset is None or not 0 <= refused.offset <= size:
        raise AssertionError(f"the place {refused.place} is outside")


class Counts:
    """What came out of many cases."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.bad: list[str] = []
        self.slowest = self.seconds = 0.0
        self.growth = 0

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        return (
            f"{self.kinds.total()} cases ({kinds}), {len(self.bad)} bad, slowest {self.slowest * 1000:.1f} ms, "
            f"{self.seconds:.0f} s in all, grown by {self.growth >> 20} MB"
        )


def run_mutants(count: int, first: int = 0) -> Counts:
    """Reads so many damaged bytes."""
    counts = Counts()
    originals = seeds()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.monotonic()
    for seed in range(first, first + count):
        data = mutant(seed, originals)
        start = time.monotonic()
        try:
            counts.kinds[read_everything(data, seed)] += 1
        except Exception as problem:
            counts.kinds["bad"] += 1
            counts.bad.append(f"{seed}: {type(problem).__name__}: {str(problem)[:200]}: {data.hex()[:400]}")
        counts.slowest = max(counts.slowest, time.monotonic() - start)
    counts.seconds = time.monotonic() - begun
    counts.growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    return counts


if __name__ == "__main__":
    result = run_mutants(*([int(word) for word in sys.argv[1:]] or [10_000]))
    print(result, *result.bad[:20], sep="\n")
