"""Random programs of the counted language: the passes give what the verifier accepts, mean the same, and lose no reference."""

from __future__ import annotations

import copy
import ctypes
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from machine import counted
from machine.harness import Machine
from machine.kits import CountedWorld
from machine.programs import HEADER, program

from pagoda.machine.assembler import assemble, same_function
from pagoda.machine.context import OK, RAISE, SUSPEND
from pagoda.machine.decoder import decode
from pagoda.machine.disassembler import disassemble
from pagoda.machine.function import Function
from pagoda.machine.linker import Linker
from pagoda.machine.ownership import insert_drops, mark_last_uses, remove_unreachable
from pagoda.machine.verifier import verify

choices = st.lists(st.integers(0, 255), max_size=150)
many = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def owns(constant):
    return constant[0] == "box"


def passes(function: Function) -> None:
    remove_unreachable(function, HEADER)
    mark_last_uses(function, HEADER)
    insert_drops(function, HEADER, counted.drop, owns)


class Run:
    """A program linked and run once in a world of its own."""

    def __init__(self, functions: list[Function], boxes: int = CountedWorld.BOXES) -> None:
        self.machine = Machine(counted, slots=4096)
        self.machine.context.fuel = 300
        self.world = CountedWorld.__new__(CountedWorld)
        self.room = (ctypes.c_int64 * (CountedWorld.BOXES * 2 + 16))()
        self.world.attach(self.machine.context, ctypes.addressof(self.room), boxes)
        self.constants: list[counted.Value] = []
        self.functions = functions
        self.linked = []
        for function in functions:
            shell = copy.copy(function)
            shell.constants = [(0, 0)] * len(function.constants)
            self.linked.append(self.machine.link(shell))
        for function, linked in zip(functions, self.linked, strict=True):
            for index, (kind, number) in enumerate(function.constants):
                value = self.constant(kind, number)
                linked.constants[2 * index], linked.constants[2 * index + 1] = value.tag, value.payload

    def constant(self, kind: str, number: int) -> counted.Value:
        if kind == "function":
            return counted.Value(counted.FUNCTION, self.linked[number].address)
        if kind == "int":
            return counted.Value(counted.INT, number)
        self.constants.append(self.world_box(number))
        return self.constants[-1]

    def world_box(self, number: int) -> counted.Value:
        c = self.machine.context
        limit, c.limit = c.limit, CountedWorld.BOXES
        made = counted.new_box(c, number)
        c.limit = limit
        return made

    def outcome(self, argument: int) -> tuple[object, ...]:
        """How it ended: the suspensions, the result or error, the globals, the fuel left."""
        context = self.machine.context
        status = self.machine.run(self.linked[0], self.world_box(argument))
        seen: list[object] = []
        while status == SUSPEND:
            seen.append(self.taken())
            status = self.machine.resume()
        end = self.taken() if status == OK else self.world.error()
        places = [self.world.describe(self.world.get_global(i)) for i in range(8)]
        return status, seen, end, places, int(context.stop), int(context.fuel)

    def taken(self) -> object:
        context = self.machine.context
        value, context.result = context.result, counted.Value(counted.EMPTY, 0)
        described = self.world.describe(value)
        counted.release(context, value)
        return described

    def left(self) -> int:
        """References that nobody gave up, after the world has given up its own."""
        for index in range(8):
            counted.release(self.machine.context, self.world.get_global(index))
        for value in self.constants:
            counted.release(self.machine.context, value)
        return self.world.live()


@many
@given(choices, st.integers(-3, 12))
def test_the_passes_keep_the_meaning_and_lose_nothing(stream, argument):
    plain, passed = program(stream), program(stream)
    for function in passed:
        passes(function)
        verify(function, counted.TABLE, counted.MODEL, owns)
    before = Run(plain).outcome(argument)
    run = Run(passed)
    after = run.outcome(argument)
    assert after == before
    assert run.left() == 0


@many
@given(choices, st.integers(4, 30))
def test_nothing_is_lost_when_memory_runs_out_anywhere(stream, limit):
    functions = program(stream)
    for function in functions:
        passes(function)
    run = Run(functions, boxes=limit)
    run.outcome(5)
    assert run.left() == 0


@many
@given(choices)
def test_text_and_words_read_back(stream):
    for function in program(stream):
        passes(function)
        again = assemble(disassemble(function, counted.TABLE), counted.TABLE)
        assert same_function(function, again)
        assert disassemble(again, counted.TABLE) == disassemble(function, counted.TABLE)
        shell = copy.copy(function)
        shell.constants = [(0, 0)] * len(function.constants)
        linked = Linker(counted.MODEL, counted.TABLE).link(shell)
        rows = list(linked.handlers)[: 4 * len(function.handlers)]
        decoded = decode(list(linked.words), rows, function, counted.TABLE, counted.MODEL)
        assert same_function(function, decoded)


def test_the_programs_do_something():
    """The generator reaches every ending; else the tests above would prove little."""
    endings, suspended, failed = set(), 0, 0
    for seed in range(150):
        chance = random.Random(seed)
        functions = program([chance.randrange(256) for _ in range(150)])
        for function in functions:
            passes(function)
        status, seen, *_, stop, _ = Run(functions).outcome(seed % 7)
        endings.add((status, stop))
        suspended += bool(seen)
        failed += status == RAISE
    assert endings == {(OK, 0), (RAISE, 0), (RAISE, 1)}
    assert suspended > 10
    assert failed > 10
