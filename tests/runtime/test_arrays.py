"""Arrays against Python's lists."""

from __future__ import annotations

import math
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.support import Store, World, text

from pagoda.runtime import layouts, pairs

INTS = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats()
SCALARS = st.one_of(INTS, FLOATS, st.booleans(), st.none(), st.text(max_size=3))
ITEMS = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
ROWS = st.one_of(*(st.lists(kind, max_size=20) for kind in (INTS, FLOATS, st.booleans(), ITEMS)))
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["push", "store", "pop", "insert", "remove", "slice", "concat", "copy", "reverse", "extend", "clear"]
            + ["truncate", "share", "self", "take"]
        ),
        st.integers(0, 30), st.integers(0, 30), ITEMS, ROWS,
    ),
    max_size=30,
)  # fmt: skip
RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60
)


def same(left: Any, right: Any) -> bool:
    """Equality in kind and bits."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return left == right and math.copysign(1, left) == math.copysign(1, right) or left != left and right != right
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def apply(store: Store, array: int, model: list[Any], operation: tuple[Any, ...]) -> int:
    """One operation on both; the array afterwards."""
    world, heap = store.world, store.heap
    name, i, j, item, row = operation
    size = len(model)
    if name == "push":
        assert world.array_push(heap, array, store.put(item))
        model.append(item)
    elif name == "store" and size:
        assert world.array_store(heap, array, i % size, store.put(item))
        model[i % size] = item
    elif name == "take" and size:
        taken = world.array_take(array, i % size)
        assert same(store.get(taken), model[i % size])
        assert world.array_store(heap, array, i % size, taken)
    elif name == "pop" and size:
        popped = world.array_pop(heap, array)
        assert same(store.get(popped), model.pop())
        store.release(popped)
    elif name == "insert":
        assert world.array_insert(heap, array, i % (size + 1), store.put(item))
        model.insert(i % (size + 1), item)
    elif name == "remove" and size:
        removed = world.array_remove_at(heap, array, i % size)
        assert same(store.get(removed), model.pop(i % size))
        store.release(removed)
    elif name == "slice":
        start = min(i, size)
        end = max(start, min(j, size))
        other = world.array_slice(heap, array, start, end)
        store.release((pairs.ARRAY, array))
        model[:] = model[start:end]
        return int(other)
    elif name == "copy":
        other = world.array_copy(heap, array)
        store.release((pairs.ARRAY, array))
        return int(other)
    elif name in ("concat", "extend"):
        right = store.put(row)
        if name == "concat":
            other = world.array_concat(heap, array, right[1])
            store.release((pairs.ARRAY, array))
        else:
            other = array
            assert world.array_extend(heap, array, right[1])
        store.release(right)
        model.extend(row)
        return int(other)
    elif name == "self" and size < 50:
        assert world.array_extend(heap, array, array)
        model.extend(list(model))
    elif name == "reverse":
        world.array_reverse(array)
        model.reverse()
    elif name == "clear":
        world.array_clear(heap, array)
        model.clear()
    elif name == "truncate":
        world.array_truncate(heap, array, min(i, size))
        del model[i:]
    elif name == "share":  # a second reference, dropped after the change
        store.retain((pairs.ARRAY, array))
        before = store.get((pairs.ARRAY, array))
        mine = int(world.array_unique(heap, array))
        assert mine != array
        assert world.array_push(heap, mine, store.put(item))
        assert same(store.get((pairs.ARRAY, array)), before)
        store.release((pairs.ARRAY, array))
        model.append(item)
        return mine
    return array


@given(row=ROWS, operations=OPERATIONS)
@RELAXED
def test_arrays_do_what_lists_do(world: World, row: list[Any], operations: list[tuple[Any, ...]]) -> None:
    store = Store(world)
    model = list(row)
    array = store.put(row)[1]
    for operation in operations:
        array = apply(store, array, model, operation)
        assert same(store.get((pairs.ARRAY, array)), model)
        assert world.array_unique(store.heap, array) == array
    store.release((pairs.ARRAY, array))
    store.close()


@pytest.mark.parametrize(
    ("row", "storage"),
    [
        ([1, 2], layouts.INTS), ([1.5], layouts.FLOATS), ([True, False], layouts.BOOLS), (["a"], layouts.GENERAL),
        ([1, 2.5], layouts.GENERAL), ([True, 1], layouts.GENERAL), ([None], layouts.GENERAL), ([], layouts.EMPTY),
    ],
)  # fmt: skip
def test_storage(store: Store, row: list[Any], storage: int) -> None:
    with store.owning(row) as pair:
        assert layouts.Array(pair[1]).storage == storage  # type: ignore[call-arg]


def test_capacity_is_used(store: Store) -> None:
    world, heap = store.world, store.heap
    array = world.array_new(heap, 100)
    assert store.used == 48
    assert world.array_push(heap, array, (pairs.INT, 1))
    place = layouts.Array(array).data  # type: ignore[call-arg]
    for i in range(99):
        assert world.array_push(heap, array, (pairs.INT, i))
    assert layouts.Array(array).data == place  # type: ignore[call-arg]
    store.release((pairs.ARRAY, array))


def test_an_emptied_array_changes_its_mind(store: Store) -> None:
    world, heap = store.world, store.heap
    array = store.put([1])[1]
    world.array_pop(heap, array)
    assert world.array_push(heap, array, store.put(2.5))
    assert layouts.Array(array).storage == layouts.FLOATS  # type: ignore[call-arg]
    assert store.get((pairs.ARRAY, array)) == [2.5]
    store.release((pairs.ARRAY, array))


@pytest.mark.parametrize("item", [7, -1.5, True, "text", None, [1]])
@pytest.mark.parametrize("count", [0, 1, 5, 100])
def test_fill(store: Store, item: Any, count: int) -> None:
    owned = store.put(item)
    array = store.world.array_fill(store.heap, owned, count)
    store.release(owned)
    assert same(store.get((pairs.ARRAY, array)), [item] * count)
    store.release((pairs.ARRAY, array))


def test_absurd_sizes_are_refused(store: Store) -> None:
    world, heap = store.world, store.heap
    assert not world.array_fill(heap, (pairs.INT, 1), 1 << 45)
    assert not world.array_fill(heap, (pairs.INT, 1), (1 << 63) - 1)
    with store.owning([1]) as pair:
        assert not world.array_reserve(heap, pair[1], 1 << 60)


def test_string_elements_are_counted(store: Store) -> None:
    world, heap = store.world, store.heap
    word = text("counted")
    before = sys.getrefcount(word)
    array = store.put([word])[1]
    assert sys.getrefcount(word) == before + 1
    copy = world.array_copy(heap, array)
    both = world.array_concat(heap, array, copy)
    assert sys.getrefcount(word) == before + 4
    assert world.array_store(heap, copy, 0, (pairs.INT, 5))
    assert sys.getrefcount(word) == before + 3
    store.release((pairs.ARRAY, array), (pairs.ARRAY, copy), (pairs.ARRAY, both))
    assert sys.getrefcount(word) == before
    filled = world.array_fill(heap, (pairs.STRING, id(word)), 10)
    assert sys.getrefcount(word) == before + 10
    world.array_clear(heap, filled)
    assert sys.getrefcount(word) == before
    store.release((pairs.ARRAY, filled))


@given(row=ROWS, item=ITEMS)
@RELAXED
def test_index_of(world: World, row: list[Any], item: Any) -> None:
    store = Store(world)
    array = store.put([*row, item, *row])
    wanted = store.put(item)
    found = world.array_index_of(store.heap, array[1], wanted)
    if found >= 0:
        assert found <= len(row)
        there = world.array_load(array[1], found)
        assert world.values_equal(store.heap, there, wanted) == 1
        for i in range(found):
            assert world.values_equal(store.heap, world.array_load(array[1], i), wanted) == 0
    else:
        assert world.values_equal(store.heap, wanted, wanted) == 0  # a NaN inside
    store.release(array, wanted)
    store.close()


# ---------------------------------------------------------------- sorting


LONG_TEXTS = st.text("aÿĀ\0", max_size=11)  # around what a text's beginning tells
SORTABLE = st.one_of(
    st.lists(INTS), st.lists(st.integers(0, 5), max_size=200), st.lists(st.floats(allow_nan=False)), st.lists(st.booleans()),
    st.lists(st.text(max_size=4)), st.lists(st.sampled_from("ab é€𐍈z"), max_size=60), st.lists(LONG_TEXTS, max_size=40),
)  # fmt: skip


@given(row=SORTABLE)
@RELAXED
def test_sort(world: World, row: list[Any]) -> None:
    store = Store(world)
    array = store.put(row)
    assert world.array_sort(store.heap, array[1])
    if row and isinstance(row[0], bool):
        assert store.get(array) == row  # truths have no order
    else:
        assert store.get(array) == sorted(row)
    store.release(array)
    store.close()


@given(row=st.lists(st.one_of(st.integers(-3, 3), st.sampled_from([-1.5, 0.5, 2.0, -0.0])), max_size=80))
@RELAXED
def test_sort_is_stable_over_mixed_numbers(world: World, row: list[Any]) -> None:
    store = Store(world)
    array = store.put([*row, None, *row][: len(row)] + [None])  # general storage
    world.array_truncate(store.heap, array[1], len(row))
    assert world.array_sort(store.heap, array[1])
    assert same(store.get(array), sorted(row))
    store.release(array)
    store.close()


@given(row=st.lists(st.one_of(st.floats(), ITEMS), max_size=60))
@RELAXED
def test_sort_keeps_every_element_of_anything(world: World, row: list[Any]) -> None:
    store = Store(world)
    array = store.put(row)
    assert world.array_sort(store.heap, array[1])
    assert sorted(map(repr, store.get(array))) == sorted(map(repr, row))
    store.release(array)
    store.close()


def test_sort_many(store: Store) -> None:
    if store.world.slow:
        pytest.skip("too long unlowered")
    import random

    random.seed(5)
    for count in (11, 12, 13, 24, 25, 1000, 4097):
        for make in (lambda: random.randrange(-(2**63), 2**63), random.random, lambda: str(random.random())):
            row = [make() for _ in range(count)]
            with store.owning(row) as array:
                assert store.world.array_sort(store.heap, array[1])
                assert store.get(array) == sorted(row)
