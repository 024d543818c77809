"""Calls of builtins that have all their arguments, or fewer.

A builtin with an operation of its own is that operation; the others are called by their number. A tag or the fields of data
that are taken out of the pair of ``unConstrData`` at once need no pair.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.state import (
    APPLY_REST,
    END_BUILTIN,
    END_BUILTIN_ROW,
    END_CONSTR,
    END_PARTIAL,
    GIVE,
    MOST_REGISTERS,
    MOVE,
    Compiler,
    Task,
    charge_builtin,
    charge_step,
    emit,
    fields_of,
    give_up,
    push,
    slot,
    taken,
    use_registers,
    word_of,
)  # fmt: skip
from pagoda.languages.uplc.compile.terms import (
    argument,
    arity_of,
    charge_instantiated,
    evaluate_row,
    instantiated,
    is_simple,
    kind_at,
    operand,
)  # fmt: skip
from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.ops.table import opcode, opcode_row
from pagoda.languages.uplc.read.nodes import APPLY, after, number_in
from pagoda.languages.uplc.walk import budget
from pagoda.native import i64, inline, native, ptr, u16
from pagoda.native.intrinsics import cast, literal, unlikely

BUILTIN_1: Final = opcode("builtin_1")
BUILTIN_2: Final = opcode("builtin_2")
BUILTIN_3: Final = opcode("builtin_3")
BUILTIN_ROW: Final = opcode("builtin_row")
PARTIAL: Final = opcode("partial")
CONSTR: Final = opcode("constr")
FST_OF_CONSTR: Final = opcode("fst_of_constr")
SND_OF_CONSTR: Final = opcode("snd_of_constr")

OWN: Final = opcode_row()
NO_OPERATION: Final = 0xFFFF
MOST_OPERANDS: Final = 3


@inline
def own_operation(number: i64) -> i64:
    """The opcode of the operation of a builtin, or ``NO_OPERATION``."""
    return i64(cast(ptr[u16], literal(OWN))[number])


@native
def call_later(c: Compiler, found: i64, at: i64, count: i64, to: i64, free: i64, tail: i64) -> None:
    """A builtin (as :func:`instantiated` gives it) with all its forces, applied to the ``count`` terms from ``at`` on."""
    number = found >> 2
    arity = arity_of(c, number)
    now = arity if count > arity else count
    operation = own_operation(number)
    if now < arity or arity > MOST_OPERANDS:
        row = push(c, END_PARTIAL if now < arity else END_BUILTIN_ROW, at, to, free, tail)
        row.a = found
        row.b = count
        evaluate_row(c, at, now, free, False)
        if now == arity:
            charge_builtin(c, number)
        return
    charge_builtin(c, number)
    if (number == numbering.FST_PAIR or number == numbering.SND_PAIR) and kind_at(c, at) == APPLY:
        inner = instantiated(c, at + 1)
        if inner == numbering.UN_CONSTR_DATA * 4:
            charge_step(c, budget.APPLY, 1)
            charge_instantiated(c, inner)
            charge_builtin(c, numbering.UN_CONSTR_DATA)
            operation = FST_OF_CONSTR if number == numbering.FST_PAIR else SND_OF_CONSTR
            at = after(c.nodes, at + 1)
    task = push(c, END_BUILTIN, at, to, free, tail)
    task.a = found
    task.b = count
    task.c = operation
    if evaluate_row(c, at, now, free, True) == 0:
        c.task_count -= 1
        end_builtin(c, task)


@native
def end_builtin(c: Compiler, task: Task) -> None:
    """Writes the call of a builtin of up to three arguments."""
    at, found, count, operation = task.node, task.a, task.b, task.c
    to, free, tail = task.to, task.free, task.tail
    number = found >> 2
    arity = arity_of(c, number)
    used: i64 = 0
    first: i64 = 0
    second: i64 = 0
    third: i64 = 0
    for i in range(arity):
        value: i64 = 0
        if is_simple(c, at):
            value = operand(c, at)
        else:
            value = taken(c, free + used)
            used += 1
        if i == 0:
            first = value
        elif i == 1:
            second = value
        else:
            third = value
        at = after(c.nodes, at)
    result = to if count == arity and tail == 0 else free
    use_registers(c, free + used + 1)
    place = slot(result)
    if operation != NO_OPERATION:
        emit(c, word_of(operation, place, first, second))
        if arity == 3:
            emit(c, third)
    elif arity == 1:
        emit(c, word_of(BUILTIN_1, place, number, first))
    else:
        emit(c, word_of(BUILTIN_2 if arity == 2 else BUILTIN_3, place, number, first))
        emit(c, fields_of(second, third, 0, 0))
    _go_on(c, at, count - arity, result, to, free, tail)


@inline
def _go_on(c: Compiler, at: i64, rest: i64, result: i64, to: i64, free: i64, tail: i64) -> None:
    """What follows a builtin's result in a register: more arguments, or the end of the running code."""
    if rest > 0:
        task = push(c, APPLY_REST, at, to, free, tail)
        task.b = rest
    elif tail != 0:
        emit(c, word_of(GIVE, slot(result), 0, 0))


@native
def write_row(c: Compiler, at: i64, count: i64, first: i64) -> i64:
    """Puts the values of ``count`` terms, evaluated as far as they are not simple, into a row of registers. Gives the
    place of the term after them."""
    use_registers(c, first + count + 1)
    if unlikely(count * 8 + 256 > c.words_end - c.words_top or first + count > MOST_REGISTERS):
        give_up(c)
        return at
    for i in range(count):
        value = argument(c, at, first + i)
        if value != slot(first + i):
            emit(c, word_of(MOVE, slot(first + i), value, 0))
        at = after(c.nodes, at)
    return at


@native
def end_row(c: Compiler, task: Task, whole: bool) -> None:
    """Writes the call of a builtin of many arguments, or if not ``whole`` the making of one that lacks some."""
    found, count, free, to, tail = task.a, task.b, task.free, task.to, task.tail
    number = found >> 2
    now = arity_of(c, number) if whole else count
    at = write_row(c, task.node, now, free)
    result = to if count == now and tail == 0 else free
    emit(c, word_of(BUILTIN_ROW if whole else PARTIAL, slot(result), slot(free), now))
    emit(c, fields_of(number, 0 if whole else found & 3, 0, 0))
    _go_on(c, at, count - now, result, to, free, tail)


@native
def constr_later(c: Compiler, at: i64, to: i64, free: i64, tail: i64) -> None:
    """A constructor's value."""
    charge_step(c, budget.CONSTR, 1)
    push(c, END_CONSTR, at, to, free, tail)
    if unlikely(free + number_in(c.nodes[at]) > MOST_REGISTERS):
        give_up(c)
        return
    evaluate_row(c, at + 2, number_in(c.nodes[at]), free, False)


@native
def end_constr(c: Compiler, task: Task) -> None:
    """Writes the making of a constructor's value, its fields in a row."""
    at, free, to, tail = task.node, task.free, task.to, task.tail
    count = number_in(c.nodes[at])
    write_row(c, at + 2, count, free)
    result = free if tail != 0 else to
    emit(c, word_of(CONSTR, slot(result), slot(free), count))
    emit(c, c.nodes[at + 1].next)
    _go_on(c, at, 0, result, to, free, tail)
