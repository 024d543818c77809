"""Structs, tagged values, closures, cells."""

from __future__ import annotations

import ctypes

from runtime.support import Store

from pagoda.runtime import layouts, pairs


def test_shapes_are_made_once(store: Store) -> None:
    one = store.shape("Point", "x", "y")
    assert store.shape("Point", "x", "y") == one
    others = {store.shape("Point", "y", "x"), store.shape("Point", "x"), store.shape("Spot", "x", "y"), store.shape("Point")}
    assert len(others) == 4
    assert one not in others
    shape = layouts.Shape(one)  # type: ignore[call-arg]
    assert (shape.count, shape.name) == (2, store.symbol("Point"))
    world = store.world
    assert world.struct_field_index(one, store.symbol("x")) == 0
    assert world.struct_field_index(one, store.symbol("y")) == 1
    assert world.struct_field_index(one, store.symbol("z")) == -1
    many = [store.shape(f"S{i}", *(f"f{j}" for j in range(i % 7))) for i in range(60 if world.slow else 1000)]
    assert len(set(many)) == len(many)
    assert many == [store.shape(f"S{i}", *(f"f{j}" for j in range(i % 7))) for i in range(len(many))]


def test_fields(store: Store) -> None:
    world, heap = store.world, store.heap
    made = world.struct_new(heap, store.shape("Point", "x", "y"))
    assert store.get((pairs.STRUCT, made)) == ("Point", {"x": None, "y": None})
    world.struct_store(heap, made, 1, store.put([1, 2]))
    world.struct_store(heap, made, 1, store.put([3]))
    assert store.get((pairs.STRUCT, made)) == ("Point", {"x": None, "y": [3]})
    assert world.struct_unique(heap, made) == made
    store.retain((pairs.STRUCT, made))
    copy = world.struct_unique(heap, made)
    assert copy != made
    world.struct_store(heap, copy, 0, store.put("text"))
    assert store.get((pairs.STRUCT, made)) == ("Point", {"x": None, "y": [3]})
    assert store.get((pairs.STRUCT, copy)) == ("Point", {"x": "text", "y": [3]})
    store.release((pairs.STRUCT, made), (pairs.STRUCT, copy))


def test_adding_fields(store: Store) -> None:
    world, heap = store.world, store.heap
    made = store.put(("P", {"a": [1]}))[1]
    for shared in (False, True):
        if shared:
            store.retain((pairs.STRUCT, made))
        grown = world.struct_with_field(heap, made, store.symbol("b"), store.put([2]))
        assert store.get((pairs.STRUCT, grown)) == ("P", {"a": [1], "b": [2]})
        assert layouts.Struct(grown).shape == layouts.Shape(store.shape("P", "a", "b"))  # type: ignore[call-arg]
        if shared:
            assert store.get((pairs.STRUCT, made)) == ("P", {"a": [1]})
            store.release((pairs.STRUCT, made))
        store.release((pairs.STRUCT, grown))
        if not shared:
            made = store.put(("P", {"a": [1]}))[1]


def test_tagged_closures_and_cells(store: Store) -> None:
    world, heap = store.world, store.heap
    with store.owning(("Result", "Ok", [[1], "x"])) as tagged:
        assert store.get(tagged) == ("Result", "Ok", [[1], "x"])
    cell = world.cell_new(heap, store.put([1]))
    world.cell_store(heap, cell, store.put([2]))
    assert store.get((layouts.Cell(cell).value.tag, layouts.Cell(cell).value.payload)) == [2]  # type: ignore[call-arg]
    closure = world.closure_new(heap, 4711, 2)
    assert layouts.Closure(closure).code == 4711  # type: ignore[call-arg]
    place = world.closure_field(closure, 1)
    (ctypes.c_int64 * 2).from_address(place)[:] = [pairs.CELL, cell]
    assert store.live == 3
    store.release((pairs.CLOSURE, closure))
