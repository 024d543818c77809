"""Strings against Python's, and their reference counts."""

from __future__ import annotations

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.support import Store, World, text

from pagoda.runtime import pairs

TEXTS = st.one_of(st.text(max_size=8), st.text("ab", max_size=6), st.text("aé€𐍈", max_size=5))
RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=80
)


def taken(store: Store, payload: int) -> str:
    """A new string's text; gives its reference up."""
    assert payload
    made = store.get((pairs.STRING, payload))
    store.release((pairs.STRING, payload))
    assert type(made) is str
    return made


@given(left=TEXTS, right=TEXTS)
@RELAXED
def test_two_strings(world: World, left: str, right: str) -> None:
    store = Store(world)
    a, b = store.put(text(left)), store.put(text(right))
    assert world.string_equal(a[1], b[1]) == (left == right)
    order = world.string_compare(a[1], b[1])
    assert (order > 0) - (order < 0) == (left > right) - (left < right)
    assert world.string_find(a[1], b[1], 0) == left.find(right)
    assert world.string_contains(a[1], b[1]) == (right in left)
    assert taken(store, world.string_concat(a[1], b[1])) == left + right
    kept = store.retain(a)
    assert taken(store, world.string_append(kept[1], b[1])) == left + right
    store.release(a, b)
    store.close()


@given(whole=TEXTS, start=st.integers(0, 10), end=st.integers(0, 10))
@RELAXED
def test_parts(world: World, whole: str, start: int, end: int) -> None:
    store = Store(world)
    a = store.put(whole)
    assert world.string_length(a[1]) == len(whole)
    assert world.string_is_empty(a[1]) == (not whole)
    assert world.string_hash(a[1]) == hash(whole)
    assert taken(store, world.string_substring(a[1], start, end)) == whole[start:end]
    for i, letter in enumerate(whole):
        assert world.string_code_at(a[1], i) == ord(letter)
        assert taken(store, world.string_char_at(a[1], i)) == letter
    store.release(a)
    store.close()


EDGES = st.sampled_from([0, 9, 10, -1, -9, -10, 99, 100, 2**63 - 1, -(2**63)])


@given(number=st.one_of(st.integers(-(2**63), 2**63 - 1), EDGES))
@RELAXED
def test_from_int(world: World, number: int) -> None:
    store = Store(world)
    made = world.string_from_int(number)
    assert world.string_as_int(made) == (number, True)
    assert taken(store, made) == str(number)
    store.close()


@pytest.mark.parametrize(
    "spelling",
    ["", "-", "+5", "05", "-0", "00", "-05", " 5", "5 ", "5a", "٥", "9223372036854775808", "-9223372036854775809", "1" * 30],
)
def test_what_is_no_canonical_number(store: Store, spelling: str) -> None:
    with store.owning(spelling) as a:
        assert store.world.string_as_int(a[1])[1] is False


@pytest.mark.parametrize("part", ["ab", "é", "€x"])
def test_append_grows_in_place(store: Store, part: str) -> None:
    world = store.world
    count = 50 if world.slow else 20000
    payload = world.string_from_int(1234567)
    for _ in range(count):
        with store.owning(part) as owned:
            payload = world.string_append(payload, owned[1])
    made, expected = taken(store, payload), "1234567" + part * count
    assert made == expected
    assert (made.encode(), hash(made)) == (expected.encode(), hash(expected))


def test_append_to_itself(store: Store) -> None:
    for start in (1234567, 5):
        payload = store.world.string_from_int(start)
        assert taken(store, store.world.string_append(payload, payload)) == str(start) * 2


def test_append_to_a_hashed_string(store: Store) -> None:
    """Changed in place, it would keep its old hash."""
    world = store.world
    for start, part in ((7654321, "x"), (7654321, "é")):
        hashed = world.string_from_int(start)
        assert world.string_hash(hashed) == hash(str(start))
        with store.owning(part) as owned:
            made = taken(store, world.string_append(hashed, owned[1]))
        assert made == f"{start}{part}"
        assert hash(made) == hash(f"{start}{part}")


def test_append_leaves_a_shared_string_alone(store: Store) -> None:
    left, right = text("shared text"), text("more")
    counts = sys.getrefcount(left), sys.getrefcount(right)
    made = store.world.string_append(store.string(left)[1], id(right))
    assert taken(store, made) == "shared textmore"
    assert left == "shared text"
    assert (sys.getrefcount(left), sys.getrefcount(right)) == counts


def test_references_of_results(store: Store) -> None:
    word = text("a longer word")
    before = sys.getrefcount(word)
    for _ in range(3):
        whole = store.world.string_substring(id(word), 0, len(word))  # CPython answers the string itself
        store.release((pairs.STRING, whole))
        taken(store, store.world.string_concat(id(word), id(word)))
    assert sys.getrefcount(word) == before
    assert taken(store, store.world.string_from_ascii(id(word) + sys.getsizeof("") - 1, 8)) == "a longer"
