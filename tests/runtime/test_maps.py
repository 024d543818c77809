"""Dicts against Python's."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.support import Store, World, text

from pagoda.native.intrinsics import address
from pagoda.runtime import layouts, pairs

KEYS = st.one_of(
    st.integers(-3, 12), st.integers(-(2**63), 2**63 - 1), st.sampled_from([8 * i for i in range(20)]),
    st.text(max_size=3), st.sampled_from([f"k{i}" for i in range(15)]), st.sampled_from(["5", "-3", "05", "-0", "", "é"]),
)  # fmt: skip
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "find", "remove", "remove", "share", "take", "clear"]), KEYS, st.integers(-9, 9)
    ),
    max_size=60,
)
RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60
)


def canonical(key: int | str) -> int | str:
    """What the language takes the key for."""
    if isinstance(key, str) and key.isascii():
        digits = key.removeprefix("-")
        if digits.isdigit() and str(int(key)) == key and -(2**63) <= int(key) < 2**63:
            return int(key)
    return key


def entry_at(made: int, number: int) -> int:
    """The address of an entry; 0 for no entry's number."""
    return int(address(layouts.Dict(made).entries[number])) if number >= 0 else 0  # type: ignore[call-arg]


def apply(store: Store, made: int, model: dict[Any, Any], operation: tuple[str, Any, int]) -> int:
    world, heap = store.world, store.heap
    name, key, number = operation
    mine = canonical(key)
    if name == "set":
        value = [number] if number % 2 else number
        assert world.dict_set(heap, made, store.key(key), store.put(value))
        model[mine] = value
    elif name == "find":
        owned = store.key(key)
        found = world.dict_find(made, owned)
        assert (found >= 0) == (mine in model)
        if found >= 0:
            assert store.get(world.dict_value_at(made, found)) == model[mine]
        spelled = store.put(key)
        assert int(world.dict_look_up(made, spelled)) == entry_at(made, found)
        store.release(owned, spelled)
    elif name == "take":
        owned = store.key(key)
        found = world.dict_find(made, owned)
        if found >= 0:
            taken = world.dict_take(made, found)
            assert world.dict_value_at(made, found) == (pairs.NULL, 0)
            world.dict_put(heap, made, found, taken)
        store.release(owned)
    elif name == "remove":
        owned = store.key(key)
        removed = world.dict_remove(heap, made, owned)
        if mine in model:
            assert store.get(removed) == model.pop(mine)
        else:
            assert removed[0] == pairs.HOLE
        store.release(owned, removed)
    elif name == "clear" and number > 6:
        world.dict_clear(heap, made)
        model.clear()
    elif name == "share":
        store.retain((pairs.DICT, made))
        before = store.get((pairs.DICT, made))
        other = int(world.dict_unique(heap, made))
        assert other != made
        assert world.dict_set(heap, other, store.key(key), store.put(number))
        assert list(store.get((pairs.DICT, made)).items()) == list(before.items())
        store.release((pairs.DICT, made))
        model[mine] = number
        return other
    return made


@given(operations=OPERATIONS)
@RELAXED
def test_dicts_do_what_dicts_do(world: World, operations: list[tuple[str, Any, int]]) -> None:
    store = Store(world)
    made = world.dict_new(store.heap)
    model: dict[Any, Any] = {}
    for operation in operations:
        made = apply(store, made, model, operation)
        assert list(store.get((pairs.DICT, made)).items()) == list(model.items())
    store.release((pairs.DICT, made))
    store.close()


@given(key=st.one_of(st.integers(-(2**70), 2**70).map(str), st.text(), st.from_regex(r"\A[-+0-9]{0,21}\Z")))
@RELAXED
def test_canonical_keys(world: World, key: str) -> None:
    store = Store(world)
    owned = store.put(key)
    found, fits = world.dict_key(owned)
    assert fits
    assert found == ((pairs.INT, canonical(key)) if isinstance(canonical(key), int) else owned)
    store.release(owned)
    store.close()


@pytest.mark.parametrize("value", [None, True, 1.5, [1], {}])
def test_other_values_are_no_keys(store: Store, value: Any) -> None:
    with store.owning(value) as owned:
        assert not store.world.dict_key(owned)[1]


def test_strings_are_found_by_text_and_counted(store: Store) -> None:
    world, heap = store.world, store.heap
    first, second = text("some key"), text("some key")
    assert first is not second
    counts = sys.getrefcount(first), sys.getrefcount(second)
    made = world.dict_new(heap)
    assert world.dict_set(heap, made, store.string(first), store.put(1))
    assert world.dict_set(heap, made, store.string(second), store.put(2))
    assert (sys.getrefcount(first), sys.getrefcount(second)) == (counts[0] + 1, counts[1])
    assert store.get((pairs.DICT, made)) == {"some key": 2}
    copy = world.dict_copy(heap, made)
    assert sys.getrefcount(first) == counts[0] + 2
    removed = world.dict_remove(heap, copy, (pairs.STRING, id(second)))
    assert removed == (pairs.INT, 2)
    assert sys.getrefcount(first) == counts[0] + 1
    store.release((pairs.DICT, made), (pairs.DICT, copy))
    assert (sys.getrefcount(first), sys.getrefcount(second)) == counts


def test_growing_and_shrinking(store: Store) -> None:
    """Through every size: all keys stay found; queues of changing keys do not grow without bound."""
    world, heap = store.world, store.heap
    count = 60 if world.slow else 3000
    made = world.dict_new(heap)
    for i in range(count):
        assert world.dict_set(heap, made, (pairs.INT, i * 7), (pairs.INT, i))
        assert world.dict_set(heap, made, store.string(f"s{i}"), (pairs.INT, -i))
    for i in range(count):
        assert world.dict_value_at(made, world.dict_find(made, (pairs.INT, i * 7))) == (pairs.INT, i)
        assert world.dict_find(made, (pairs.INT, i * 7 + 1)) == -1
    capacity = layouts.Dict(made).capacity  # type: ignore[call-arg]
    for i in range(count):
        assert world.dict_remove(heap, made, (pairs.INT, i * 7)) == (pairs.INT, i)
        assert world.dict_set(heap, made, (pairs.INT, -1 - i), (pairs.INT, i))
    assert layouts.Dict(made).capacity <= 2 * capacity  # type: ignore[call-arg]
    assert world.dict_length(made) == 2 * count
    for i in range(count):
        assert world.dict_remove(heap, made, (pairs.INT, -1 - i))[0] == pairs.INT
    for i in range(count):
        with store.owning(f"s{i}") as key:
            assert world.dict_remove(heap, made, key) == (pairs.INT, -i)
    assert world.dict_length(made) == 0
    assert layouts.Dict(made).capacity == 0  # type: ignore[call-arg]
    store.release((pairs.DICT, made))


def test_looking_up_by_the_same_text_or_another(store: Store) -> None:
    """In a dict with an index: the very key, another string of its text, one that was never hashed, an int's spelling."""
    world, heap = store.world, store.heap
    made = store.put({i * 1000: i for i in range(20)})[1]
    first, second = text("some key"), text("some key")
    assert world.dict_set(heap, made, store.string(first), store.put(1))
    entry = entry_at(made, 20)
    assert int(world.dict_look_up(made, (pairs.STRING, id(second)))) == entry
    assert int(world.dict_look_up(made, (pairs.STRING, id(first)))) == entry
    assert int(world.dict_look_up(made, (pairs.INT, id(first)))) == 0
    with store.owning("3000") as spelled, store.owning("3001") as other:
        assert int(world.dict_look_up(made, spelled)) == entry_at(made, 3)
        assert int(world.dict_look_up(made, other)) == 0
    store.release((pairs.DICT, made))


COLLIDING = {
    "same hash": lambda i: (i << 32) ^ (0 if i >= 0 else -1) ^ i,  # folded, the halves take each other out
    "same first slot": lambda i: i << 16,
    "above and below zero": lambda i: i // 2 if i % 2 else -1 - i // 2,
}


@pytest.mark.parametrize("name", COLLIDING)
def test_keys_that_meet_are_told_apart(store: Store, name: str) -> None:
    """While the dict grows, loses keys and closes its gaps."""
    world, heap = store.world, store.heap
    count = 40 if world.slow else 300
    keys = [COLLIDING[name](i) for i in range(count)]
    assert len(set(keys)) == count
    made = world.dict_new(heap)
    for i in range(count):
        assert world.dict_set(heap, made, (pairs.INT, keys[i]), (pairs.INT, i))
        if i % 3 == 0:
            assert world.dict_remove(heap, made, (pairs.INT, keys[i // 2])) in ((pairs.INT, i // 2), (pairs.HOLE, 0))
    gone = {i // 2 for i in range(0, count, 3)}
    assert world.dict_length(made) == count - len(gone)
    for i in range(count):
        found = world.dict_find(made, (pairs.INT, keys[i]))
        assert (found < 0) == (i in gone)
        assert int(world.dict_look_up(made, (pairs.INT, keys[i]))) == entry_at(made, found)
        if found >= 0:
            assert world.dict_value_at(made, found) == (pairs.INT, i)
    store.release((pairs.DICT, made))


def test_entry_numbers_survive_a_copy(store: Store) -> None:
    world, heap = store.world, store.heap
    made = store.put({i: [i] for i in range(20)})[1]
    store.release(world.dict_remove(heap, made, (pairs.INT, 3)))
    copy = world.dict_copy(heap, made)
    for i in range(20):
        assert world.dict_find(copy, (pairs.INT, i)) == world.dict_find(made, (pairs.INT, i))
    store.release((pairs.DICT, made), (pairs.DICT, copy))
