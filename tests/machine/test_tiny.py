"""The tiny language end to end on the machine: calls, loops, errors, limits, suspension, far branches."""

from __future__ import annotations

import ctypes

import pytest
from machine import tiny
from machine.harness import Machine

from pagoda.machine.asking import ASKED
from pagoda.machine.context import OK, RAISE, STOP_FUEL, STOP_INTERRUPT, SUSPEND, Code
from pagoda.machine.function import Function, Handler, Label
from pagoda.machine.ownership import insert_drops, mark_last_uses
from pagoda.machine.verifier import verify
from pagoda.native.types import layout_of

HEADER = tiny.MODEL.header_slots
N = tiny.Number


@pytest.fixture
def machine():
    return Machine(tiny)


def owns(constant):
    if type(constant) is not int:
        raise TypeError("a constant is a number")
    return False


def ready(function):
    """The function after the passes and the verifier."""
    mark_last_uses(function, HEADER)
    insert_drops(function, HEADER, tiny.drop, owns)
    verify(function, tiny.TABLE, tiny.MODEL, owns)
    return function


def link(machine, function, *callees):
    """Links; constants are the callees' addresses, ``None`` for the function itself."""
    function.constants = [0] * len(callees) if callees else function.constants
    linked = machine.link(ready(function))
    for index, callee in enumerate(callees):
        linked.constants[index] = (callee or linked).address
    return linked


def result(machine):
    return machine.context.result.word


def fib():
    f = Function("fib", 1, 8)
    small = Label()
    f.emit(tiny.jump_less, ("R", 0), ("I", 2), small)
    f.emit(tiny.sub, 5, ("R", 0), ("I", 1))
    f.emit(tiny.move, 2, ("K", 0))
    f.emit(tiny.call, 1, 2, 1)
    f.emit(tiny.sub, 5, ("R", 0), ("I", 2))
    f.emit(tiny.move, 2, ("K", 0))
    f.emit(tiny.call, 6, 2, 1)
    f.emit(tiny.add, 1, ("R", 1), ("R", 6))
    f.emit(tiny.give, ("R", 1))
    f.place(small)
    f.emit(tiny.give, ("R", 0))
    return f


def counting_loop():
    """The sum of 0 .. n-1."""
    f = Function("sum", 1, 3)
    head, done = Label(), Label()
    f.emit(tiny.move, 1, ("I", 0))
    f.emit(tiny.move, 2, ("I", 0))
    f.place(head)
    f.emit(tiny.loop)
    f.emit(tiny.jump_less, ("R", 2), ("R", 0), done)
    f.emit(tiny.give, ("R", 1))
    f.place(done)
    f.emit(tiny.add, 1, ("R", 1), ("R", 2))
    f.emit(tiny.add, 2, ("R", 2), ("I", 1))
    f.emit(tiny.jump, head)
    return f


def descend(name="down"):
    """Calls itself n times, then gives 0."""
    f = Function(name, 1, 6)
    deeper = Label()
    f.emit(tiny.jump_less, ("R", 0), ("I", 1), deeper)
    f.emit(tiny.sub, 5, ("R", 0), ("I", 1))
    f.emit(tiny.move, 2, ("K", 0))
    f.emit(tiny.call, 1, 2, 1)
    f.emit(tiny.give, ("R", 1))
    f.place(deeper)
    f.emit(tiny.give, ("R", 0))
    return f


def thrower():
    f = Function("thrower", 1, 1)
    f.emit(tiny.throw, ("R", 0))
    return f


def caller(name, *, guarded):
    """Calls its constant with its argument; a handler adds 1000 to the error."""
    f = Function(name, 1, 7)
    start, end, target = Label(), Label(), Label()
    f.emit(tiny.move, 5, ("R", 0))
    f.place(start)
    f.emit(tiny.move, 2, ("K", 0))
    f.emit(tiny.call, 1, 2, 1)
    f.place(end)
    f.emit(tiny.give, ("R", 1))
    if guarded:
        f.place(target)
        f.emit(tiny.add, 1, ("R", 6), ("K", 1))
        f.emit(tiny.give, ("R", 1))
        f.handlers.append(Handler(start, end, target, 6))
    return f


def test_fib(machine):
    linked = link(machine, fib(), None)
    assert machine.run(linked, N(20)) == OK
    assert result(machine) == 6765
    assert machine.context.fuel == (1 << 60) - 21891 + 1  # one unit per entry but the first, which the host makes


def test_a_loop(machine):
    linked = link(machine, counting_loop())
    assert machine.run(linked, N(1000)) == OK
    assert result(machine) == 499500
    assert machine.context.fuel == (1 << 60) - 1001


def test_overflow_of_a_sum_is_an_error(machine):
    f = Function("f", 1, 2)
    f.emit(tiny.add, 1, ("R", 0), ("R", 0))
    f.emit(tiny.give, ("R", 1))
    assert machine.run(link(machine, f), N(1 << 62)) == RAISE
    assert machine.context.error == 1


def test_a_handler_catches_across_frames(machine):
    inner = link(machine, thrower())
    middle = link(machine, caller("middle", guarded=False), inner)
    outer = caller("outer", guarded=True)
    outer.constants = [0, 1000]
    linked = machine.link(ready(outer))
    linked.constants[0] = middle.address
    assert machine.run(linked, N(7)) == OK
    assert result(machine) == 1007


def test_the_innermost_handler_catches(machine):
    f = Function("f", 0, 3)
    labels = [Label() for _ in range(6)]
    f.place(labels[0])
    f.place(labels[1])
    f.emit(tiny.throw, ("I", 5))
    f.place(labels[2])
    f.place(labels[3])
    f.emit(tiny.give, ("I", 0))
    f.place(labels[4])
    f.emit(tiny.give, ("R", 0))
    f.place(labels[5])
    f.emit(tiny.give, ("I", -1))
    f.handlers = [Handler(labels[1], labels[2], labels[4], 0), Handler(labels[0], labels[3], labels[5], 1)]
    assert machine.run(link(machine, f)) == OK
    assert result(machine) == 5


def test_an_uncaught_error_leaves_a_trace(machine):
    inner = link(machine, thrower())
    middle = link(machine, caller("middle", guarded=False), inner)
    outer = link(machine, caller("outer", guarded=False), middle)
    assert machine.run(outer, N(9)) == RAISE
    assert machine.context.error == 9
    assert machine.frames() == [("thrower", 0), ("middle", 2), ("outer", 2)]
    assert machine.context.trace_depth == 3


def test_suspend_and_resume(machine):
    f = Function("f", 1, 2)
    f.emit(tiny.pause, ("R", 0))
    f.emit(tiny.add, 1, ("R", 0), ("I", 1))
    f.emit(tiny.pause, ("R", 1))
    f.emit(tiny.give, ("R", 1))
    outer = link(machine, caller("outer", guarded=False), link(machine, f))
    assert machine.run(outer, N(4)) == SUSPEND
    assert result(machine) == 4
    assert machine.resume() == SUSPEND
    assert result(machine) == 5
    assert machine.resume() == OK
    assert result(machine) == 5


def test_an_error_after_a_suspension_unwinds_all_frames(machine):
    f = Function("f", 1, 1)
    f.emit(tiny.pause, ("R", 0))
    f.emit(tiny.throw, ("R", 0))
    outer = link(machine, caller("outer", guarded=False), link(machine, f))
    assert machine.run(outer, N(4)) == SUSPEND
    assert machine.resume() == RAISE
    assert [name for name, _ in machine.frames()] == ["f", "outer"]


def endless(handler=False):
    f = Function("endless", 0, 2)
    head, end = Label(), Label()
    f.place(head)
    f.emit(tiny.loop)
    f.emit(tiny.jump, head)
    f.place(end)
    if handler:
        f.emit(tiny.give, ("R", 0))
        f.handlers.append(Handler(head, end, end, 0))
    return f


@pytest.mark.parametrize("handler", [False, True])
def test_fuel_runs_out_and_no_handler_sees_it(machine, handler):
    machine.context.fuel = 1000
    assert machine.run(link(machine, endless(handler))) == RAISE
    assert machine.context.stop == STOP_FUEL
    assert machine.context.fuel == -1


def test_fuel_runs_out_in_a_recursion(machine):
    machine.context.fuel = 100
    assert machine.run(link(machine, descend(), None), N(1000)) == RAISE
    assert machine.context.stop == STOP_FUEL
    assert machine.context.trace_depth == 101


def test_the_poll_word_is_answered(machine):
    machine.context.poll_word = ASKED
    linked = link(machine, counting_loop())
    assert machine.run(linked, N(10)) == OK
    assert machine.context.poll_word == 0
    assert machine.context.polls == 1
    assert machine.context.fuel == (1 << 60) - 11  # an answered poll costs nothing of its own
    machine.context.holds_gil = 1
    machine.context.poll_word = ASKED
    assert machine.run(linked, N(10)) == OK
    assert machine.context.polls == 2


def test_a_poll_at_a_call_charges_once(machine):
    machine.context.poll_word = ASKED
    assert machine.run(link(machine, descend(), None), N(10)) == OK
    assert machine.context.polls == 1
    assert machine.context.fuel == (1 << 60) - 10


@pytest.mark.parametrize("handler", [False, True])
def test_an_interrupt_stops(machine, handler):
    machine.context.stop = STOP_INTERRUPT
    machine.context.poll_word = ASKED
    assert machine.run(link(machine, endless(handler))) == RAISE


def test_a_full_stack_is_an_error_that_can_be_caught():
    machine = Machine(tiny, slots=2000)
    linked = link(machine, descend(), None)
    assert machine.run(linked, N(100_000)) == RAISE
    assert machine.context.error == 2
    outer = caller("outer", guarded=True)
    outer.constants = [0, 1000]
    guarded = machine.link(ready(outer))
    guarded.constants[0] = linked.address
    assert machine.run(guarded, N(100_000)) == OK
    assert result(machine) == 1002


def test_deep_recursion(machine):
    assert machine.run(link(machine, descend(), None), N(100_000)) == OK
    assert result(machine) == 0


def far(padding):
    """A short branch forward over much code, and one back."""
    f = Function("far", 1, 2)
    back, ahead, again = Label(), Label(), Label()
    f.emit(tiny.move, 1, ("I", 0))
    f.place(back)
    f.emit(tiny.loop)
    f.emit(tiny.add, 1, ("R", 1), ("I", 1))
    f.emit(tiny.jump_less, ("R", 0), ("I", 5), ahead)
    f.emit(tiny.give, ("R", 1))
    f.place(again)
    f.emit(tiny.loop)
    for _ in range(padding):
        f.emit(tiny.add, 1, ("R", 1), ("I", 1))
    f.place(ahead)
    f.emit(tiny.add, 1, ("R", 1), ("I", 2))
    f.emit(tiny.jump_less, ("R", 1), ("I", 100), back)
    f.emit(tiny.jump_less, ("R", 1), ("K", 0), again)
    f.emit(tiny.give, ("R", 1))
    f.constants = [200]
    return f


@pytest.mark.parametrize("padding", [10, 32_750, 40_000])
def test_far_branches(machine, padding):
    linked = link(machine, far(padding))
    assert machine.run(linked, N(1)) == OK
    expected = 0
    while expected < 100:
        expected += 3
    while expected < 200:
        expected += padding + 2
        if expected < 100:
            raise AssertionError
    assert result(machine) == expected


def test_code_is_shared_between_contexts(machine):
    linked = link(machine, fib(), None)
    other = Machine(tiny)
    assert machine.run(linked, N(10)) == OK
    assert other.run(linked, N(11)) == OK
    assert (result(machine), result(other)) == (55, 89)


def test_calls_are_counted(machine):
    linked = link(machine, fib(), None)
    machine.run(linked, N(10))
    offset = layout_of(Code).fields["calls"][1]
    assert ctypes.c_int64.from_address(linked.address + offset).value == 176
