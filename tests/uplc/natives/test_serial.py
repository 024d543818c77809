"""Data as CBOR, natively: the bytes of the writer in Python, whatever the numbers, strings and constructors."""

from __future__ import annotations

import random

from native.both_ways import child

from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.natives import values
from pagoda.languages.uplc.types import BYTES, CONSTR, DATA_TYPE, INTEGER, LIST, MAP, Constant, linked
from uplc.natives import generated
from uplc.natives.running import Native, walked
from uplc.natives.words import constant_of, word_at

SERIALISE = by_name("serialiseData").number
LENGTHS = (0, 1, 23, 24, 63, 64, 65, 127, 128, 129, 255, 256, 1000, 65_535, 65_536, 70_000)


def edges():
    """Where the ways of writing change."""
    for power in (5, 8, 16, 32, 61, 62, 63, 64, 65, 128, 504, 512, 513, 520, 1024, 1100):
        for number in range((1 << power) - 2, (1 << power) + 3):
            yield INTEGER, number
            yield INTEGER, -number
    for length in LENGTHS:
        yield BYTES, bytes(at & 255 for at in range(length))
    for tag in (
        0,
        6,
        7,
        8,
        127,
        128,
        129,
        1000,
        1 << 40,
        (1 << 61) - 1,
        (1 << 64) - 1,
        1 << 64,
        -5,
        -(1 << 70),
        (1 << 512) - 1,
    ):
        for fields in ((), linked([(INTEGER, 1), (LIST, ())])):
            yield CONSTR, tag, fields
    for count in (0, 1, 23, 24, 300):
        yield MAP, linked([((INTEGER, key), (LIST, ())) for key in range(count)])
        yield LIST, linked([(MAP, ())] * count)


def test_every_edge():
    native = Native(default_model("E"))

    def work():
        for data in edges():
            constants = [Constant(DATA_TYPE, data)]
            found, expected = native.call(SERIALISE, constants), walked(native.model, SERIALISE, constants)
            if found != expected:
                yield data, found, expected
        yield "done"

    assert child(work, 30) == (["done"], 0)


def test_any_size_of_the_arena():
    """Whatever the room, the bytes are right or there are none, and nothing is written beyond the end."""
    native = Native(default_model("E"))

    def work():
        choice = random.Random(5)
        for _ in range(20):
            native.reset()
            data = generated.data(choice)
            word = native.memory.data(data)
            top = native.memory.top
            for room in range(0, 2000, 8):
                native.reset()
                native.memory.top = top
                native.set("arena_end", top + room)
                guard = values.small(room)
                native.memory.top += room
                at = native.memory.put(guard, guard)
                native.memory.top = top
                found = native.words(SERIALISE, [word])
                if found == values.FAILED:
                    assert native.memory.top == top
                else:
                    native.set("arena_end", native.memory.end)
                    assert constant_of(found).value == walked(native.model, SERIALISE, [Constant(DATA_TYPE, data)])[1]
                yield word_at(at, 0) == guard

    found, status = child(work, 30)
    assert status == 0
    assert len(found) == 20 * 250
    assert all(found)
