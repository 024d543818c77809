"""What a language may bring of its own: code, costs, constants, polls; tail calls, skips, literals, rare operations."""

from __future__ import annotations

import ctypes

import pytest
from machine import lean
from machine.harness import entry, language

from pagoda.machine.asking import ASKED
from pagoda.native import types

REGISTERS, HEADER = 4096, 3


class Program:
    """A context with a register stack; code is words by hand."""

    def __init__(self, *, left=1 << 40, slots=REGISTERS):
        self.size = types.layout_of(lean.LeanContext).size
        self.memory = (ctypes.c_int64 * (self.size // 8 + slots + 256))()
        self.context = lean.LeanContext(ctypes.addressof(self.memory))
        self.stack = ctypes.addressof(self.memory) + self.size
        self.context.stack_end = self.stack + slots * 8
        self.context.left = left
        self.kept = []
        self.table([])

    def table(self, numbers):
        self.constants = (ctypes.c_int64 * max(len(numbers), 1))(*numbers)
        self.context.table = types.convert(types.resolve_type(types.ptr[types.i64]), ctypes.addressof(self.constants))

    def code(self, *words, registers=8, cost=1):
        """A code object, as the value that calls take."""
        row = (ctypes.c_int64 * len(words))(*words)
        made = (ctypes.c_int64 * 3)(ctypes.addressof(row), registers * 8, cost)
        self.kept += [row, made]
        return ctypes.addressof(made) + 1

    def run(self, code, *arguments):
        base = self.stack + HEADER * 8
        for place, argument in enumerate(arguments):
            ctypes.c_int64.from_address(base + 8 * place).value = argument
        ctypes.c_int64.from_address(base - 24).value = code
        status = entry(language(lean), "lean.run")(self.context.address, code - 1, base)
        return status, self.context.result.word


def opcode(name):
    (variant,) = lean.TABLE.ops[name].variants()
    return lean.TABLE.by_name[variant.name].opcode


def word(name, a=0, b=0, c=0):
    return opcode(name) | a << 16 | b << 32 | c << 48


def register(number):
    return number << 3


def constant(number):
    return number << 3 | 1


def test_operands_say_where_they_are():
    program = Program()
    program.table([5, 40])
    first, second = word("add", register(1), constant(0), register(0)), word("add", 0, register(1), constant(1))
    code = program.code(first, second, word("give"))
    assert program.run(code, 3) == (0, 48)


def test_a_literal_has_all_its_bits():
    program = Program()
    assert program.run(program.code(word("load"), 0x7123456789ABCDEF, word("give"))) == (0, 0x7123456789ABCDEF)


@pytest.mark.parametrize(("picked", "result"), [(0, 100), (1, 200), (2, 300)])
def test_a_switch_skips_jumps(picked, result):
    program = Program()
    program.table([100, 200, 300])
    jumps = [word("jump") | 3 << 32] * 3
    gives = [word("give", constant(place)) for place in range(3)]
    code = program.code(word("switch", register(0), 3), *jumps, *gives)
    assert program.run(code, picked) == (0, result)
    assert program.run(code, 3)[0] == 1


def test_a_tail_call_takes_no_stack_and_its_cost_is_taken():
    program = Program(slots=64, left=10_000)
    again = program.code(word("tail_call", register(-3 & 0x1FFF), register(0)), cost=3)
    program.table([again])
    again = program.code(word("tail_call", constant(0), register(0)), cost=3)
    program.table([again])
    status, _ = program.run(again, 1)
    assert status == 1  # exhausted, not out of stack
    assert -3 <= program.context.left < 0
    assert program.context.looked == 0


def test_calls_fail_where_the_stack_ends():
    program = Program(slots=64)
    deep = program.code(word("call", register(1), register(2), 1), constant(0) | register(0) << 16)
    program.table([deep])
    assert program.run(deep, 1)[0] == 1
    assert program.context.looked == -1


def test_an_operation_that_polls_first_finds_its_operands_again():
    program = Program()
    inner = program.code(word("give", register(0)))
    # The callee is in the window's first register, which entering overwrites.
    outer = program.code(
        word("load", register(2)), inner, word("call", register(1), register(2), 1), register(2) | constant(0) << 16,
        word("give", register(1)),
    )  # fmt: skip
    program.table([77])
    program.context.poll_word = ASKED
    assert program.run(outer) == (0, 77)
    assert program.context.looked == 1


def test_a_look_may_stop_the_program():
    program = Program()
    inner = program.code(word("give", register(0)))
    program.table([inner])
    outer = program.code(word("tail_call", constant(0), register(0)))
    program.context.poll_word, program.context.stop_at = ASKED, 1
    assert program.run(outer, 5)[0] == 1


def test_a_failure_says_at_which_instruction():
    program = Program()
    code = program.code(word("load", register(1)), 9, word("switch", register(1), 3))
    assert program.run(code)[0] == 1
    assert program.context.resume_pc == ctypes.addressof(program.kept[-2]) + 16


def test_a_rare_operation_does_nothing_twice():
    program = Program()
    code = program.code(word("count_down"))
    program.context.poll_word = ASKED
    assert program.run(code, 10) == (0, 7)
    assert program.context.counted == 10
