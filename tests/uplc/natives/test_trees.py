"""Data as trees: deep, wide, shared; the work is bounded by the smaller one, and nothing recurses."""

from __future__ import annotations

import pytest
from native.both_ways import child

from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.natives import trees, values
from uplc.natives.running import PLENTY, Native
from uplc.natives.words import code_of

EQUALS_DATA = by_name("equalsData").number
NIL = values.NIL | values.T_DATA << 8
CONS = values.CONS | values.T_DATA << 8


def leaf(memory, number):
    return memory.put(values.DATA_I, values.small(number))


def nested(memory, depth, number):
    """A number inside so many lists of one item."""
    made = leaf(memory, number)
    end = memory.put(NIL)
    for _ in range(depth):
        made = memory.put(values.DATA_LIST, memory.put(CONS, made, end))
    return made


def flat(memory, count, number=0):
    """A list of so many numbers, the last one given."""
    made = memory.put(CONS, leaf(memory, number), memory.put(NIL))
    zero = leaf(memory, 0)
    for _ in range(count - 1):
        made = memory.put(CONS, zero, made)
    return memory.put(values.DATA_LIST, made)


def doubled(memory, levels):
    """A list of the same list twice, and so on down: few objects that stand for many nodes."""
    made = leaf(memory, 1)
    for _ in range(levels):
        made = memory.put(values.DATA_LIST, memory.put(CONS, made, memory.put(CONS, made, memory.put(NIL))))
    return made


def compared(native, a, b):
    """What ``equalsData`` says and what it spent."""
    native.set("cpu", PLENTY)
    native.set("mem", PLENTY)
    word = native.words(EQUALS_DATA, [a, b])
    return {values.TRUE: True, values.FALSE: False}.get(word), PLENTY - native.get("cpu")


def in_child(work):
    found, status = child(lambda: [work()], 20)
    assert status == 0
    return found[0]


@pytest.fixture(scope="module")
def native():
    return Native(default_model("E"), size=1 << 26)


def price(native, size):
    """What comparing costs if the smaller one has that size."""
    return native.model.forms["equalsData"][0][1] + native.model.forms["equalsData"][0][2] * size


def test_deep_data(native):
    def work():
        native.reset()
        deep = 100_000
        one, same, other = (nested(native.memory, deep, number) for number in (1, 1, 2))
        return compared(native, one, same), compared(native, one, other), compared(native, one, one)

    size = 4 * 100_000 + 5
    cost = in_child(lambda: price(native, size))
    assert in_child(work) == ((True, cost), (False, cost), (True, cost))


def test_the_smaller_size_is_what_counts(native):
    def work():
        native.reset()
        small, large = flat(native.memory, 3), flat(native.memory, 100_000)
        visited = native.function(trees.data_size, large, 100, 0)
        return compared(native, small, large), compared(native, large, small), visited

    found = in_child(work)
    assert found[:2] == ((False, price(native, 4 + 3 * 5)),) * 2
    assert 100 < found[2] < 200


def test_shared_parts_count_each_time(native):
    def work():
        native.reset()
        one, same = doubled(native.memory, 10), doubled(native.memory, 10)
        return compared(native, one, same), compared(native, one, one), native.function(trees.data_size, one, 1 << 30, 0)

    size = 5 * 2**10 + 4 * (2**10 - 1)
    cost = price(native, size)
    assert in_child(work) == ((True, cost), (True, cost), size)


def test_what_stands_for_too_many_nodes_is_left_to_others(native):
    def work():
        native.reset()
        one, same, small = doubled(native.memory, 60), doubled(native.memory, 60), flat(native.memory, 3)
        return compared(native, one, same)[0], compared(native, one, one)[0], compared(native, small, one)

    assert in_child(work) == (None, None, (False, price(native, 19)))


def test_a_full_arena(native):
    def work():
        native.reset()
        one, same, small = flat(native.memory, 3), flat(native.memory, 3), leaf(native.memory, 1)
        native.set("arena_end", native.memory.top)
        return compared(native, one, same)[0], compared(native, small, small)

    assert in_child(work) == (None, (True, price(native, 5)))


def test_codes_of_types_are_those_of_headers():
    from pagoda.languages.uplc.builtins.kinds import PAIR_DATA_TYPE

    assert code_of(PAIR_DATA_TYPE) == values.T_PAIR_DATA
