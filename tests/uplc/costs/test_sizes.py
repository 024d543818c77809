"""How large values are to cost functions (specification 2.7)."""

from __future__ import annotations

import random

import pytest

from pagoda.languages.uplc.costs import sizes
from pagoda.languages.uplc.types import BYTES, CONSTR, INTEGER, LIST, MAP, linked


def size(measure, value):
    return eval(sizes.MEASURES[measure].format("value"), {**sizes.FUNCTIONS, "value": value})


@pytest.mark.parametrize(
    ("measure", "value", "expected"),
    [
        ("words", 0, 1),
        ("words", 1, 1),
        ("words", 2**64 - 1, 1),
        ("words", 2**64, 2),
        ("words", -(2**64) + 1, 1),
        ("words", -(2**64), 2),
        ("words", 2**128 - 1, 2),
        ("magnitude", -7, 7),
        ("magnitude", 0, 0),
        ("words of bytes", 0, 0),
        ("words of bytes", 1, 1),
        ("words of bytes", 8, 1),
        ("words of bytes", 9, 2),
        ("words of bytes", -9, 2),
        ("bytes", b"", 1),
        ("bytes", bytes(8), 1),
        ("bytes", bytes(9), 2),
        ("bytes", bytes(16), 2),
        ("characters", "", 0),
        ("characters", "äöü", 3),
        ("quarters of utf-8", "", 0),
        ("quarters of utf-8", "abc", 0),
        ("quarters of utf-8", "äö", 1),
        ("length", linked([1, 2, 3]), 3),
        ("length", (), 0),
        ("entries", {}, 0),
        ("entries", {b"": {b"": 1}, b"a": {b"x": 1, b"y": 2}}, 3),
        ("depth", {}, 0),
        ("depth", {b"a": {b"x": 1}}, 2),
        ("depth", {b"a": {b"x": 1}, b"b": {b"x": 1, b"y": 1, b"z": 1}, b"c": {b"": 1}, b"d": {b"": 1}}, 5),
        ("data", (INTEGER, 2**64), 6),
        ("data", (BYTES, bytes(17)), 7),
        ("data", (CONSTR, 2**70, linked([(INTEGER, 0), (BYTES, b"")])), 14),
        ("data", (MAP, linked([((INTEGER, 1), (INTEGER, 2)), ((INTEGER, 3), (LIST, ()))])), 4 + 5 * 3 + 4),
        ("nodes of data", (MAP, linked([((INTEGER, 1), (INTEGER, 2)), ((INTEGER, 3), (LIST, ()))])), 5),
        ("nodes of data", (INTEGER, 2**1000), 1),
    ],
)
def test_measure(measure, value, expected):
    assert size(measure, value) == expected


def some_data(random, depth):
    kind = random.randrange(5) if depth else random.choice((INTEGER, BYTES))
    if kind == INTEGER:
        return INTEGER, random.randrange(-(2**100), 2**100)
    if kind == BYTES:
        return BYTES, random.randbytes(random.randrange(20))
    items = [some_data(random, depth - 1) for _ in range(random.randrange(4))]
    if kind == MAP:
        return MAP, linked((item, some_data(random, depth - 1)) for item in items)
    return (CONSTR, random.randrange(9), linked(items)) if kind == CONSTR else (LIST, linked(items))


def test_both_ways_of_counting_agree():
    chance = random.Random(5)
    for _ in range(200):
        data = some_data(chance, 5)
        for per_node, leaves in ((4, True), (1, False)):
            assert sizes._total_of_shared(data, per_node, leaves=leaves) == sizes._total(data, per_node, leaves=leaves)


def test_shared_parts_count_each_time_and_take_no_time():
    data = (INTEGER, 1)
    for _ in range(300):
        data = LIST, linked([data, data])
    assert sizes.data_nodes(data) == 2**301 - 1
    data = (INTEGER, 1)
    for _ in range(300):
        data = MAP, linked([(data, data)])
    assert sizes.data_size(data) == 4 * (2**301 - 1) + 2**300


def test_lists_that_share_their_tails():
    nodes, tail = [], ()
    for number in range(3000):
        tail = (INTEGER, number), tail
        nodes.append((LIST, tail))
    data = LIST, linked(nodes)
    assert sizes.data_nodes(data) == sizes._total(data, 1, leaves=False) == 1 + 3000 + 3000 * 3001 // 2


def test_a_million_deep():
    data = (INTEGER, 1)
    for _ in range(1_000_000):
        data = CONSTR, 0, (data, ())
    assert sizes.data_nodes(data) == 1_000_001
    assert sizes.data_size((LIST, linked([(INTEGER, 0)] * 200_000))) == 1_000_004
