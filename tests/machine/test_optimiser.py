"""The parts of the optimiser that know no language: control flow as it walks it, kinds that settle, what it refuses."""

from __future__ import annotations

import pytest
from machine import counted, tiny

from pagoda.machine.function import Function, Label
from pagoda.machine.optimiser import Assumptions, Compiler, NotCompiled, support_unit
from pagoda.machine.optimiser.flowgraph import FlowGraph
from pagoda.machine.optimiser.progress import ANY, UNSEEN, Progress
from pagoda.machine.optimiser.registers import CONSTANT, Register, State, kind_of
from pagoda.native import types
from pagoda.native.values import Known, Parts, Word

KIND = types.resolve_type(counted.Value)


def value(tag: object) -> Parts:
    assert isinstance(KIND, types.Aggregate)
    first = Word(types.I64, tag) if isinstance(tag, str) else Known(tag)
    return Parts(KIND, (first, Word(types.I64, "%p")))


def adder() -> Function:
    function = Function("adder", 2, 3)
    function.emit(counted.add, 2, ("R", 0), ("R", 1))
    function.emit(counted.drop, ("T", 0))
    function.emit(counted.drop, ("T", 1))
    function.emit(counted.give, ("T", 2))
    return function


def test_leaders_and_headers_of_a_loop():
    function, top, out = Function("f", 1, 2), Label(), Label()
    function.emit(counted.move, 1, ("R", 0))
    function.place(top)
    function.emit(counted.jump_less, ("R", 1), ("I", 0), out)
    function.emit(counted.jump, top)
    function.place(out)
    function.emit(counted.give, ("T", 0))
    graph = FlowGraph(function, counted.MODEL.header_slots)
    assert graph.order[0] == 0
    assert set(graph.order) == {0, 1, 2, 3}
    assert graph.headers == {1}
    assert graph.joins == {1}
    assert graph.before[0] & 1


def test_a_state_knows_who_borrows():
    held = {0: Register(value("%t")), 1: Register(value("%t"), 0), 2: Register(value("%u"), CONSTANT), 3: Register(value(2))}
    state = State(held)
    assert state.borrowers(0b1) == [1]
    assert state.borrowers(-2) == []
    copied = state.copy()
    copied.drop(-2)
    assert (sorted(copied.registers), sorted(state.registers)) == ([0], [0, 1, 2, 3])
    assert kind_of(value(2)) == 2
    assert kind_of(value("%t")) is None


def test_the_kind_of_a_result_only_ever_widens():
    progress = Progress()
    assert progress.result == UNSEEN
    progress.give(2)
    assert progress.result == 2
    progress.settle()
    assert not progress.changed
    progress.give(3)
    progress.settle()
    assert (progress.result, progress.changed) == (ANY, True)


def test_known_kinds_leave_no_test_in_another_language():
    for kinds, tested in (((None, None), True), ((counted.INT, counted.INT), False)):
        compiler = Compiler(counted.MODEL, counted.TABLE)
        compiler.add(adder(), 0, Assumptions(kinds))
        text = compiler.compile()
        body = text[text.index("define internal {i64, i64, i64}") :]
        body = body[: body.index("\n}")]
        assert ("%t0" in body) is tested


def test_one_word_values_are_refused_and_said_so():
    function = Function("f", 1, 2)
    function.emit(tiny.give, ("T", 0))
    compiler = Compiler(tiny.MODEL, tiny.TABLE)
    compiler.add(function, 0)
    with pytest.raises(NotCompiled, match="one word"):
        compiler.compile()
    with pytest.raises(NotCompiled, match="empty"):
        compiler.add(Function("nothing", 0, 0), 1)


@pytest.mark.parametrize("language", [tiny, counted])
def test_every_language_has_the_helpers(language):
    text = support_unit(language.MODEL).render()
    for name in ("run", "finish", "raise", "poll", "unwind", "forced"):
        assert f'@"{language.MODEL.name}.opt.{name}"' in text


def test_the_text_is_the_same_each_time():
    texts = set()
    for _ in range(2):
        compiler = Compiler(counted.MODEL, counted.TABLE)
        compiler.add(adder(), 7, Assumptions((counted.INT, None)))
        texts.add(compiler.compile())
    assert len(texts) == 1
    assert "inttoptr (i64" not in texts.pop()
