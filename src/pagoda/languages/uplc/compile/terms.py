"""Terms into code: variables, constants, functions applied where they stand, applications, forces.

A term is compiled with a register to put its value in, the first register that is free meanwhile, and whether its value is that
of the running code. What is *simple*, a variable, a constant or a builtin, is an operand of whoever needs it and takes no code
of its own. What must hold: what takes code is evaluated in the order of the reference machine; simple terms have no effect, so
when they are looked at makes no difference.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.scopes import bind, variable
from pagoda.languages.uplc.compile.state import (
    APPLY_REST,
    END_APPLY,
    END_BINDERS,
    END_FORCE,
    END_LET,
    EVALUATE,
    Compiler,
    Task,
    charge_step,
    constant,
    emit,
    fields_of,
    push,
    slot,
    taken,
    use_registers,
    word_of,
)  # fmt: skip
from pagoda.languages.uplc.natives.values import ATOM, FIRST_BUILTIN
from pagoda.languages.uplc.ops.model import IN_CONSTANTS, MOST_ARGUMENTS, SIGNATURE_BYTES
from pagoda.languages.uplc.ops.table import MODEL, opcode
from pagoda.languages.uplc.read.nodes import BUILTIN, CONST, FORCE, LAM, VAR, after, kind_of, number_in
from pagoda.languages.uplc.walk import budget
from pagoda.native import i64, inline, native

APPLY_1: Final = opcode("apply_1")
APPLY_2: Final = opcode("apply_2")
APPLY_3: Final = opcode("apply_3")
TAIL_APPLY_1: Final = opcode("tail_apply_1")
TAIL_APPLY_2: Final = opcode("tail_apply_2")
TAIL_APPLY_3: Final = opcode("tail_apply_3")
FORCE_OP: Final = opcode("force")
TAIL_FORCE: Final = opcode("tail_force")

HEADER: Final = MODEL.header_slots  # registers of a call window before the arguments


# ---------------------------------------------------------------- simple terms


@inline
def kind_at(c: Compiler, at: i64) -> i64:
    return kind_of(c.nodes[at])


@inline
def arity_of(c: Compiler, number: i64) -> i64:
    return i64(c.signatures[number * SIGNATURE_BYTES])


@inline
def forces_of(c: Compiler, number: i64) -> i64:
    return i64(c.signatures[number * SIGNATURE_BYTES + 1])


@native
def instantiated(c: Compiler, at: i64) -> i64:
    """A builtin, forced as often as it may be or less: its number times four plus the forces; -1 for any other term."""
    forces: i64 = 0
    while kind_at(c, at) == FORCE and forces < 3:
        forces += 1
        at += 1
    if kind_at(c, at) != BUILTIN:
        return -1
    number = number_in(c.nodes[at])
    return number * 4 + forces if forces <= forces_of(c, number) else -1


@inline
def is_simple(c: Compiler, at: i64) -> bool:
    kind = kind_at(c, at)
    if kind == VAR or kind == CONST or kind == BUILTIN:  # noqa: SIM109
        return True
    return kind == FORCE and instantiated(c, at) >= 0


@inline
def charge_instantiated(c: Compiler, found: i64) -> None:
    """The steps of a builtin and its forces."""
    charge_step(c, budget.BUILTIN, 1)
    charge_step(c, budget.FORCE, found & 3)


@native
def operand(c: Compiler, at: i64) -> i64:
    """The operand of a simple term, whose steps are charged."""
    node = c.nodes[at]
    kind = kind_of(node)
    if kind == VAR:
        charge_step(c, budget.VAR, 1)
        return variable(c, number_in(node))
    if kind == CONST:
        charge_step(c, budget.CONST, 1)
        return constant(c, node.next)
    found = instantiated(c, at)
    charge_instantiated(c, found)
    return constant(c, ((FIRST_BUILTIN + found) << 3) | ATOM)


@inline
def evaluate_later(c: Compiler, at: i64, to: i64) -> None:
    """A task: the value of the term in a register, which is the first free one."""
    push(c, EVALUATE, at, to, to, 0)


@native
def evaluate_row(c: Compiler, at: i64, count: i64, first: i64, dense: bool) -> i64:
    """Tasks for those of ``count`` terms that are not simple, so that they are done in order. They get registers from ``first``
    on: one each, or if not ``dense`` that of their place. Gives how many there are."""
    if count == 1:
        if is_simple(c, at):
            return 0
        evaluate_later(c, at, first)
        return 1
    waiting: i64 = 0
    place = at
    for _ in range(count):
        if not is_simple(c, place):
            waiting += 1
        place = after(c.nodes, place)
    if waiting == 0:
        return 0
    top = c.task_count + waiting
    done: i64 = 0
    for i in range(count):
        if not is_simple(c, at):
            done += 1
            c.task_count = top - done
            evaluate_later(c, at, first + (done - 1 if dense else i))
        at = after(c.nodes, at)
    c.task_count = top
    return waiting


# ---------------------------------------------------------------- applications


@native
def apply_later(c: Compiler, f: i64, at: i64, count: i64, to: i64, free: i64, tail: i64) -> None:
    """Applies an operand to the ``count`` terms from ``at`` on."""
    task = push(c, END_APPLY, at, to, free, tail)
    task.a = f
    task.b = count
    if evaluate_row(c, at, count if count < MOST_ARGUMENTS else MOST_ARGUMENTS, free + HEADER, False) == 0:
        c.task_count -= 1
        end_apply(c, task)


@inline
def argument(c: Compiler, at: i64, register: i64) -> i64:
    """The operand of a term: a simple one's own, or where the value was asked for."""
    return operand(c, at) if is_simple(c, at) else taken(c, register)


@native
def end_apply(c: Compiler, task: Task) -> None:
    """Writes the application of up to three arguments; what comes of it is then applied to the others."""
    at, f, count, free = task.node, task.a, task.b, task.free
    now = count if count < MOST_ARGUMENTS else MOST_ARGUMENTS
    to, tail = task.to, task.tail
    if count > now:
        to = free
        tail = 0
    first = argument(c, at, free + HEADER)
    at = after(c.nodes, at)
    second: i64 = 0
    third: i64 = 0
    if now > 1:
        second = argument(c, at, free + HEADER + 1)
        at = after(c.nodes, at)
    if now > 2:
        third = argument(c, at, free + HEADER + 2)
        at = after(c.nodes, at)
    use_registers(c, free + HEADER + now)
    if tail != 0:
        if now == 1:
            emit(c, word_of(TAIL_APPLY_1, f, first, 0))
        elif now == 2:
            emit(c, word_of(TAIL_APPLY_2, f, first, second))
        else:
            emit(c, word_of(TAIL_APPLY_3, f, first, second))
            emit(c, third)
        return
    opcode_now: i64 = APPLY_1 if now == 1 else (APPLY_2 if now == 2 else APPLY_3)
    emit(c, word_of(opcode_now, slot(to), slot(free), now))
    emit(c, fields_of(f, first, second, third))
    if count > now:
        rest = push(c, APPLY_REST, at, task.to, free, task.tail)
        rest.b = count - now


# ---------------------------------------------------------------- functions applied where they stand


@native
def let_later(c: Compiler, lam: i64, at: i64, count: i64, to: i64, free: i64, tail: i64) -> None:
    """Functions from ``lam`` on, applied to the ``count`` terms from ``at`` on."""
    bound: i64 = 0
    while bound < count and kind_at(c, lam + bound) == LAM:
        bound += 1
    charge_step(c, budget.LAM, bound)
    task = push(c, END_LET, lam, to, free, tail)
    task.a = at
    task.b = count
    task.c = bound
    if evaluate_row(c, at, bound, free, True) == 0:
        c.task_count -= 1
        end_let(c, task)


@native
def end_let(c: Compiler, task: Task) -> None:
    """Binds the arguments, then goes on with the body, and with the arguments that are left."""
    at, count, bound, free = task.a, task.b, task.c, task.free
    lam, to, tail = task.node, task.to, task.tail
    outside = c.binder_count
    used: i64 = 0
    for i in range(bound):
        value: i64 = 0
        if is_simple(c, at):
            value = operand(c, at)
        else:
            value = taken(c, free + used)
            used += 1
        c.binder_count = outside + i
        bind(c, value)
        c.binder_count = outside  # arguments do not see the variables
        at = after(c.nodes, at)
    c.binder_count = outside + bound
    free += used
    use_registers(c, free)
    if count > bound:
        rest = push(c, APPLY_REST, at, to, free, tail)
        rest.b = count - bound
        to = free
        tail = 0
    ending = push(c, END_BINDERS, 0, 0, 0, 0)
    ending.a = bound
    push(c, EVALUATE, lam + bound, to, free, tail)


# ---------------------------------------------------------------- forces


@inline
def write_force(c: Compiler, f: i64, to: i64, free: i64, tail: i64) -> None:
    """Writes the force of an operand."""
    if tail != 0:
        emit(c, word_of(TAIL_FORCE, f, 0, 0))
        return
    use_registers(c, free + HEADER)
    emit(c, word_of(FORCE_OP, slot(to), slot(free), 0))
    emit(c, f)


@native
def force_later(c: Compiler, body: i64, to: i64, free: i64, tail: i64) -> None:
    """The force of a term that is no builtin."""
    charge_step(c, budget.FORCE, 1)
    if is_simple(c, body):
        write_force(c, operand(c, body), to, free, tail)
    else:
        push(c, END_FORCE, body, to, free, tail)
        evaluate_later(c, body, free)


@inline
def builtin_in(c: Compiler, f: i64) -> i64:
    """The builtin that an operand is known to be, as :func:`instantiated` gives it; -1 for any other."""
    if (f & 3) != IN_CONSTANTS:
        return -1
    word = c.table[f >> 3]
    if (word & 7) != ATOM or (word >> 3) < FIRST_BUILTIN:
        return -1
    return (word >> 3) - FIRST_BUILTIN
