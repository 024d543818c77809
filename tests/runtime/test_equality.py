"""Deep equality against a plain recursive definition."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.support import Store, World, text

from pagoda.runtime import pairs
from pagoda.runtime.equality import EPSILON

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2),
    st.sampled_from([0.0, -0.0, 1.0, 1.0 - 2**-53, 1.0 + EPSILON, 2.0, math.nan, math.inf]),
    st.sampled_from(["", "a", "é", "1"]),
)  # fmt: skip
NAMES = st.sampled_from(["x", "y", "z"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(st.sampled_from([1, 1.0, 2]), max_size=3),
        st.dictionaries(st.sampled_from([1, 2, "a", "b"]), inner, max_size=3),
        st.tuples(st.sampled_from("PQ"), st.dictionaries(NAMES, inner, max_size=2)),
        st.tuples(st.just("E"), st.sampled_from(["A", "B"]), st.lists(inner, max_size=2)),
    ),
    max_leaves=6,
)  # fmt: skip
RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150
)


def equal(a: Any, b: Any) -> bool:
    """The definition."""
    numbers = [isinstance(x, int | float) and not isinstance(x, bool) for x in (a, b)]
    if all(numbers):
        if isinstance(a, int) and isinstance(b, int):
            return a == b
        return a == b or math.isfinite(a) and math.isfinite(b) and abs(a - b) < EPSILON
    if type(a) is not type(b):
        return False
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[k], b[k]) for k in a)
    return bool(a == b)


def fresh(item: Any) -> Any:
    """The same, of other objects."""
    if isinstance(item, str):
        return text(item)
    if isinstance(item, list | tuple):
        return type(item)(map(fresh, item))
    if isinstance(item, dict):
        return {fresh(k): fresh(v) for k, v in reversed(item.items())}
    return item


@given(a=VALUES, b=VALUES)
@RELAXED
def test_values(world: World, a: Any, b: Any) -> None:
    store = Store(world)
    for left, right in ((a, b), (a, fresh(a)), ([1, a], [1, b]), ([a, 1], [fresh(a), 1.0])):
        one, two = store.put(left), store.put(right)
        assert world.values_equal(store.heap, one, two) == int(equal(left, right)), (left, right)
        assert world.values_equal(store.heap, two, one) == int(equal(right, left))
        store.release(one, two)
    store.close()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (2**53 + 1, float(2**53), 1), (1, 1.0, 1), (1, True, 0), (0, False, 0), (0, None, 0), (math.nan, math.nan, 0),
        (math.inf, math.inf, 1), (math.inf, -math.inf, 0), (1e308, math.inf, 0), (0.0, -0.0, 1), ("1", 1, 0),
        (0.1 + 0.2, 0.3, 1), (1.0, 1.0 + 2**-52, 0), (1.0, 1.0 - 2**-53, 1), (0.0, 2.3e-16, 0),
        ([], {}, 0), ([1], [1.0], 1), ([True], [1], 0), ([], [], 1),
        (2**62, 2**62 + 1, 0),
    ],
)  # fmt: skip
def test_cases(store: Store, a: Any, b: Any, expected: int) -> None:
    with store.owning(a) as one, store.owning(b) as two:
        assert store.world.values_equal(store.heap, one, two) == expected


def test_what_is_equal_only_to_itself(store: Store) -> None:
    world, heap = store.world, store.heap
    one, two = ((pairs.CLOSURE, world.closure_new(heap, 1, 0)) for _ in range(2))
    assert world.values_equal(heap, one, one) == 1
    assert world.values_equal(heap, one, two) == 0
    things = b"a", b"b"
    assert world.values_equal(heap, (pairs.OBJECT, id(things[0])), (pairs.OBJECT, id(things[0]))) == 1
    assert world.values_equal(heap, (pairs.OBJECT, id(things[0])), (pairs.OBJECT, id(things[1]))) == 3
    store.release(one, two)
