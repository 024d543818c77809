"""Counts, destruction, the heap's accounts, and what happens when memory runs out."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from runtime.support import Store, World, text

from pagoda.runtime import layouts, pairs

RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40
)


def test_plain_values_are_not_counted(store: Store) -> None:
    for pair in ((pairs.NULL, 0), (pairs.BOOL, 1), (pairs.INT, 12345), (pairs.FLOAT, 99), (pairs.BUILTIN, 3), (pairs.HOLE, 0)):
        store.retain(pair)
        store.release(pair)


def test_strings_and_objects(store: Store) -> None:
    word, thing = text("counted word"), [1, 2]
    counts = sys.getrefcount(word), sys.getrefcount(thing)
    for pair in ((pairs.STRING, id(word)), (pairs.OBJECT, id(thing))):
        store.retain(pair)
        store.retain(pair)
        store.world.retain_times(pair, 5)
    assert (sys.getrefcount(word), sys.getrefcount(thing)) == (counts[0] + 7, counts[1] + 7)
    for pair in ((pairs.STRING, id(word)), (pairs.OBJECT, id(thing))):
        store.release(*[pair] * 7)
    assert (sys.getrefcount(word), sys.getrefcount(thing)) == counts


def test_a_cpython_object_dies_here_and_may_release_ours(store: Store) -> None:
    seen: list[int] = []
    inner = store.put([[1], "x"])

    class Dying:
        def __del__(self) -> None:
            store.release(inner)
            seen.append(store.live)

    thing = Dying()
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))
    array = store.world.array_new(store.heap, 0)
    assert store.world.array_push(store.heap, array, (pairs.OBJECT, id(thing)))
    assert store.world.array_push(store.heap, array, store.put([2]))
    del thing
    assert not seen
    store.release((pairs.ARRAY, array))
    assert len(seen) == 1


def chain(store: Store, length: int, make: Callable[[Store, Any], Any]) -> Any:
    link: Any = (pairs.NULL, 0)
    for _ in range(length):
        link = make(store, link)
    return link


def array_link(store: Store, tail: Any) -> Any:
    array = store.world.array_new(store.heap, 1)
    assert store.world.array_push(store.heap, array, tail)
    return pairs.ARRAY, array


def dict_link(store: Store, tail: Any) -> Any:
    made = store.world.dict_new(store.heap)
    assert store.world.dict_set(store.heap, made, (pairs.INT, 1), tail)
    return pairs.DICT, made


def tagged_link(store: Store, tail: Any) -> Any:
    tagged = store.world.tagged_new(store.heap, 1, 2, 1)
    (ctypes.c_int64 * 2).from_address(store.world.tagged_field(tagged, 0))[:] = tail
    return pairs.TAGGED, tagged


def struct_first(store: Store, tail: Any) -> Any:
    made = store.world.struct_new(store.heap, store.shape("N", "next", "rest"))
    store.world.struct_store(store.heap, made, 0, tail)
    return pairs.STRUCT, made


def struct_last(store: Store, tail: Any) -> Any:
    made = store.world.struct_new(store.heap, store.shape("N", "value", "next"))
    store.world.struct_store(store.heap, made, 1, tail)
    return pairs.STRUCT, made


def cell_link(store: Store, tail: Any) -> Any:
    return pairs.CELL, store.world.cell_new(store.heap, tail)


LINKS = [array_link, dict_link, tagged_link, struct_first, struct_last, cell_link]


@pytest.mark.parametrize("link", LINKS)
def test_long_chains_die_and_compare(world: World, link: Callable[[Store, Any], Any]) -> None:
    """No native recursion, however deep: the loops below would overflow an 8 MB stack at any frame size."""
    length = 50 if world.slow else 1_000_000 if link is struct_first else 300_000
    store = Store(world)
    one, two = chain(store, length, link), chain(store, length, link)
    assert store.live == 2 * length
    assert world.values_equal(store.heap, one, two) == int(link is not cell_link)
    used = store.used
    store.limit(0)  # destruction needs no memory
    store.release(two)
    assert (store.live, store.used) == (length, used // 2)
    store.release(one)
    store.close()


def test_the_last_field_needs_no_stack(world: World) -> None:
    store = Store(world)
    length = 50 if world.slow else 100_000
    one, two = chain(store, length, struct_last), chain(store, length, struct_last)
    store.limit(256)
    assert world.values_equal(store.heap, one, two) == 1
    store.limit(255)
    assert world.values_equal(store.heap, one, two) == -1
    store.limit(None)
    one_more = chain(store, length, struct_first)
    two_more = chain(store, length, struct_first)
    store.limit(1024)
    assert world.values_equal(store.heap, one_more, two_more) == -1
    store.release(one, two, one_more, two_more)
    store.close()


# ---------------------------------------------------------------- the heap


@given(
    sizes=st.lists(st.tuples(st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 50)), max_size=40),
)
@RELAXED
def test_blocks_do_not_overlap_and_are_accounted(world: World, sizes: list[tuple[int, int, int]]) -> None:
    store = Store(world)
    blocks: list[tuple[int, int, int]] = []
    for mark, (size, new, pick) in enumerate(sizes):
        place = world.allocate(store.heap, size)
        assert place % 16 == 0
        ctypes.memset(place, mark, size)
        blocks.append((place, size, mark))
        at = pick % len(blocks)
        place, size, mark = blocks[at]
        assert ctypes.string_at(place, size) == bytes([mark]) * size
        if pick % 3 == 0:
            world.deallocate(store.heap, place, size)
            del blocks[at]
        elif pick % 3 == 1:
            place = world.reallocate(store.heap, place, size, new)
            assert ctypes.string_at(place, min(size, new)) == bytes([mark]) * min(size, new)
            ctypes.memset(place, mark, new)
            blocks[at] = place, new, mark
        assert store.used == sum(-(-size // 16) * 16 for _, size, _ in blocks)
    for place, size, mark in blocks:
        assert ctypes.string_at(place, size) == bytes([mark]) * size
        world.deallocate(store.heap, place, size)
    store.close()


def test_the_cap_holds_to_the_byte(store: Store) -> None:
    world, heap = store.world, store.heap
    store.limit(1000)
    places = [world.allocate(heap, 100) for _ in range(8)]  # 112 each
    assert all(places)
    assert store.used == 896
    assert not world.allocate(heap, 105)
    assert not world.allocate(heap, 5000)
    last = world.allocate(heap, 96)
    assert last
    assert not world.allocate(heap, 1)
    assert not world.reallocate(heap, last, 96, 97)
    for place in places:
        world.deallocate(heap, place, 100)
    world.deallocate(heap, last, 96)


def test_destroying_a_heap_with_contents(world: World) -> None:
    store = Store(world)
    for size in (10, 500, 600, 100_000):
        for _ in range(20):
            assert world.allocate(store.heap, size)
    store.shape("P", "x")
    store.discard()


# ---------------------------------------------------------------- memory that runs out

def shape_of(record: int) -> int:
    shape: Any = layouts.Struct(record).shape  # type: ignore[call-arg]
    return int(shape.address)


Attempt = Callable[[Store, list[Any]], list[Any] | None]


def attempt(name: str) -> Attempt:
    """A call that allocates; answers what the caller owns then, or None for no memory."""

    def run(store: Store, owned: list[Any]) -> list[Any] | None:
        world, heap = store.world, store.heap
        ints, mixed, entries, record, shared = (pair[1] for pair in owned)
        if name == "push":
            return owned if world.array_push(heap, ints, (pairs.INT, 1)) else None
        if name == "push other":
            return owned if world.array_push(heap, ints, (pairs.NULL, 0)) else None
        if name == "store other":
            return owned if world.array_store(heap, ints, 0, (pairs.NULL, 0)) else None
        if name == "insert":
            return owned if world.array_insert(heap, mixed, 1, (pairs.INT, 1)) else None
        if name == "extend":
            return owned if world.array_extend(heap, mixed, ints) else None
        if name == "extend other":
            return owned if world.array_extend(heap, ints, mixed) else None
        if name == "sort":
            return owned if world.array_sort(heap, mixed) else None
        if name == "set":
            return owned if world.dict_set(heap, entries, (pairs.INT, 99), (pairs.NULL, 0)) else None
        if name == "compare":
            return owned if world.values_equal(heap, owned[1], owned[1]) != -1 else None
        if name == "index of":
            return owned if world.array_index_of(heap, mixed, owned[4]) != -2 else None
        if name == "unique":
            made = world.array_unique(heap, shared)
            if made:
                store.retain(owned[4])  # the caller's fixture releases both
            return [*owned, (pairs.ARRAY, made)] if made else None
        if name == "with field":
            store.retain(owned[3])
            made = world.struct_with_field(heap, record, store.symbol("new"), (pairs.NULL, 0))
            if not made:
                store.release(owned[3])
            return [*owned, (pairs.STRUCT, made)] if made else None
        makers: dict[str, tuple[int, Callable[[], int]]] = {
            "array": (pairs.ARRAY, lambda: world.array_new(heap, 5)),
            "stored": (pairs.ARRAY, lambda: world.array_new_stored(heap, layouts.INTS, 5)),
            "copy": (pairs.ARRAY, lambda: world.array_copy(heap, mixed)),
            "slice": (pairs.ARRAY, lambda: world.array_slice(heap, mixed, 1, 3)),
            "concat": (pairs.ARRAY, lambda: world.array_concat(heap, ints, mixed)),
            "fill": (pairs.ARRAY, lambda: world.array_fill(heap, owned[1], 7)),
            "dict": (pairs.DICT, lambda: world.dict_new(heap)),
            "copy dict": (pairs.DICT, lambda: world.dict_copy(heap, entries)),
            "struct": (pairs.STRUCT, lambda: world.struct_new(heap, shape_of(record))),
            "copy struct": (pairs.STRUCT, lambda: world.struct_copy(heap, record)),
            "tagged": (pairs.TAGGED, lambda: world.tagged_new(heap, 1, 2, 3)),
            "closure": (pairs.CLOSURE, lambda: world.closure_new(heap, 1, 2)),
            "cell": (pairs.CELL, lambda: world.cell_new(heap, (pairs.INT, 1))),
        }
        tag, make = makers[name]
        made = make()
        return [*owned, (tag, made)] if made else None

    return run


CALLS = [
    "push", "push other", "store other", "insert", "extend", "extend other", "sort", "set", "compare", "index of", "unique",
    "with field", "array", "stored", "copy", "slice", "concat", "fill", "dict", "copy dict", "struct", "copy struct", "tagged",
    "closure", "cell",
]  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_every_allocation_may_fail(world: World, name: str) -> None:
    """With ever more bytes allowed, each call fails and changes nothing, until at last it succeeds."""
    run = attempt(name)
    outcomes: list[bool] = []
    for more in range(0, 4096, 16):
        store = Store(world)
        contents: list[Any] = [
            [1, 2, 3, 4], [3, 2, [1, [2]], "a"], {i: [i] for i in range(16)}, ("P", {"x": [1], "y": "s"}), [1, [2]],
        ]  # fmt: skip
        owned = [store.put(item) for item in contents]
        store.retain(owned[4])  # shared
        before = store.live, store.used
        store.limit(more)
        after = run(store, owned)
        outcomes.append(after is not None)
        assert store.used <= store.state.bytes_limit
        store.limit(None)
        if after is None:
            assert store.live == before[0]
            assert store.used == before[1] or name in ("push other", "extend other")  # the wider storage may stay
            assert [store.get(pair) for pair in owned] == contents
        store.release(*(after or owned), owned[4])
        store.close()
        if after is not None:
            break
    assert outcomes[-1], "it never succeeded"
    assert outcomes[0] is False
    assert outcomes == sorted(outcomes)


# ---------------------------------------------------------------- the rest


def test_objects_of_others_are_destroyed_by_them(world: World) -> None:
    if world.slow:
        pytest.skip("unlowered code cannot call an address")
    store = Store(world)
    seen: list[int] = []

    def destroy(heap: int, dead: int) -> int:
        seen.append(dead)
        world.free_object(heap, dead, 48)
        return 0

    callback = ctypes.PYFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(destroy)
    store.state.other = ctypes.cast(callback, ctypes.c_void_p).value or 0
    strange = world.new_object(store.heap, 48, 99)
    array = store.put([1, None])
    assert world.array_push(store.heap, array[1], (99, strange))
    store.release(array)
    assert seen == [strange]
    store.close()


@pytest.mark.parametrize("lowered", [False, True])
def test_immortals_of_newer_cpythons_are_not_counted(monkeypatch: pytest.MonkeyPatch, lowered: bool) -> None:
    """What is compiled on CPython 3.12 and later, whichever runs this test."""
    from pagoda.native import i64, native, types
    from pagoda.native.emit import emit_object
    from pagoda.native.loader import load
    from pagoda.native.unit import Unit
    from pagoda.runtime import references
    from pagoda.runtime.heap import Heap
    from pagoda.runtime.pairs import Value

    monkeypatch.setattr(references, "IMMORTALS", True)
    for function in (references.retain, references.retain_object, references.drop_reference, references.release):
        monkeypatch.setattr(function, "_unlowered", None)

    def both(heap: Heap, tag: i64, payload: i64) -> None:
        references.retain(Value(tag, payload))
        references.retain(Value(tag, payload))
        references.release(heap, Value(tag, payload))

    both.__annotations__.update(heap=Heap, tag=types.i64, payload=types.i64)
    made = native(both)
    if lowered:
        unit = Unit(__name__)
        unit.define(made)
        address = load(emit_object(unit.render()), {"runtime.references.destroy": 1}).symbols[made.symbol]
        run: Any = ctypes.PYFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(address)
    else:
        def run(heap: int, tag: int, payload: int) -> None:
            made(Heap(heap), types.i64(tag), types.i64(payload))  # type: ignore[call-arg]

    for count, expected in ((0xFFFFFFFF, 0xFFFFFFFF), (0x80000000, 0x80000000), (5, 6), (0x7FFFFFF0, 0x7FFFFFF1)):
        memory = (ctypes.c_int64 * 2)(count, 0)
        run(0, pairs.STRING, ctypes.addressof(memory))
        assert memory[0] == expected
