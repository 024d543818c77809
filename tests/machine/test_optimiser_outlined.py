"""What the optimiser does where nothing is known: outlined handlers, caught errors, code that begins in the middle."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from machine import counted

from pagoda.machine.function import Function, Handler, Label
from pagoda.machine.optimiser import NOTHING_KNOWN, Assumptions, Compiler
from pagoda.machine.optimiser.flowgraph import FlowGraph, resume_points
from pagoda.machine.optimiser.middles import Middles
from pagoda.machine.optimiser.outlined import can_be_outlined, handler_unit, size_of, symbol_of
from pagoda.native.emit import emit_object

OPERATIONS = list(counted.TABLE.ops.values())


def adder() -> Function:
    function = Function("adder", 2, 3)
    function.emit(counted.add, 2, ("R", 0), ("R", 1))
    function.emit(counted.drop, ("T", 0))
    function.emit(counted.drop, ("T", 1))
    function.emit(counted.give, ("T", 2))
    return function


@pytest.mark.parametrize("op", [op for op in OPERATIONS if can_be_outlined(op)], ids=lambda op: op.name)
def test_each_operation_has_a_handler_that_compiles(op):
    text = handler_unit(counted.MODEL, op).render()
    assert f'@"{symbol_of(counted.MODEL, op)}"' in text
    assert size_of(counted.MODEL, op) > 1
    assert emit_object(text, level=0, codegen=0)


def test_what_enters_or_leaves_a_frame_has_none():
    assert not any(can_be_outlined(op) for op in OPERATIONS if op.calls or op.leaves)


def test_a_large_operation_over_unknown_kinds_is_called(monkeypatch):
    monkeypatch.setattr("pagoda.machine.optimiser.natives.SMALL", 0)
    symbol = symbol_of(counted.MODEL, counted.add)
    texts = {}
    for name, known in (("unknown", NOTHING_KNOWN), ("known", Assumptions((counted.INT, counted.INT), outlined=True))):
        compiler = Compiler(counted.MODEL, counted.TABLE)
        compiler.add(adder(), 0, known)
        texts[name] = compiler.compile()
        assert (counted.add in compiler.handlers) is (name == "unknown")
    assert f'@"{symbol}"(' in texts["unknown"]
    assert f'@"{symbol}"(' not in texts["known"]


def guarded() -> Function:
    function, start, end, target = Function("guarded", 2, 4), Label(), Label(), Label()
    function.place(start)
    function.emit(counted.add, 2, ("R", 0), ("R", 1))
    function.place(end)
    function.emit(counted.drop, ("T", 0))
    function.emit(counted.drop, ("T", 1))
    function.emit(counted.give, ("T", 2))
    function.place(target)
    function.emit(counted.drop, ("T", 0))
    function.emit(counted.drop, ("T", 1))
    function.emit(counted.give, ("T", 3))
    function.handlers.append(Handler(start, end, target, 3))
    return function


def test_a_handler_is_reached_from_what_it_guards():
    graph = FlowGraph(guarded(), counted.MODEL.header_slots)
    assert graph.handler(0) == (4, 3)
    assert graph.handler(1) is None
    assert set(graph.order) == {0, 4}
    assert graph.headers == set()
    assert graph.before[0] & 0b11 == 0b11


def test_code_that_begins_in_the_middle_takes_what_lives_there():
    function = adder()
    compiler = Compiler(counted.MODEL, counted.TABLE)
    made = compiler.add(function, 0, NOTHING_KNOWN, 2)
    assert compiler.every() == [made]
    assert made.graph.order == [2]
    text = compiler.compile()
    body = text[text.index("define internal {i64, i64, i64}") :]
    body = body[: body.index("\n}")]
    assert "(ptr noalias %ctx, ptr noalias %base) nounwind" in body
    assert "%a0" not in body
    assert f'"{made.symbol}.entry"' in text


def test_only_what_suspends_has_points_to_go_on_at():
    assert resume_points(adder()) == []


def test_rows_of_the_table_are_found_and_go_away():
    head = ctypes.c_int64(0)
    middles = Middles(ctypes.addressof(head))

    def found(place: int) -> int:
        table: Any = (ctypes.c_int64 * 1).from_address(head.value)
        mask = table[0]
        rows = (ctypes.c_int64 * (2 * mask + 3)).from_address(head.value)
        at = place >> 3 & mask
        while rows[2 * at + 1] not in (0, place):
            at = at + 1 & mask
        return rows[2 * at + 2] if rows[2 * at + 1] else 0

    places = [0x1000 + 8 * number * number for number in range(40)]
    middles.change({place: place + 1 for place in places})
    assert all(found(place) == place + 1 for place in places)
    middles.change({}, places[:30])
    assert [found(place) for place in places] == [0] * 30 + [place + 1 for place in places[30:]]
