"""Choices that become branches: forced builtins that choose among delayed terms, and ``case``.

The terms that are chosen among are compiled where they stand, in blocks of their own: each begins with its charge. What must
hold: a branch leaves its value in the register asked for, whatever way it was come by.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.builtins import NO_OPERATION
from pagoda.languages.uplc.compile.scopes import bind
from pagoda.languages.uplc.compile.state import (
    BEGIN_ALTERNATIVE,
    BEGIN_BRANCH,
    BEGIN_BRANCHES,
    END_BINDERS,
    END_BRANCH,
    END_BRANCHES,
    END_CASE,
    END_SPREAD,
    END_TRACE,
    EVALUATE,
    MOST_CHARGE,
    MOST_REGISTERS,
    Compiler,
    Task,
    charge_builtin,
    charge_step,
    constant,
    emit,
    fields_of,
    give_up,
    push,
    settle,
    slot,
    taken,
    use_registers,
    word_of,
)  # fmt: skip
from pagoda.languages.uplc.compile.terms import (
    HEADER,
    argument,
    arity_of,
    builtin_in,
    charge_instantiated,
    evaluate_later,
    evaluate_row,
    forces_of,
    instantiated,
    is_simple,
    kind_at,
    operand,
)  # fmt: skip
from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.natives.values import UNIT
from pagoda.languages.uplc.ops.table import opcode, opcode_row
from pagoda.languages.uplc.read.nodes import APPLY, DELAY, ERROR, LAM, VAR, after, number_in
from pagoda.languages.uplc.walk import budget
from pagoda.native import i64, inline, native, ptr, u16
from pagoda.native.intrinsics import address, cast, is_null, literal, pointer, unlikely

CHARGE: Final = opcode("charge")
JUMP: Final = opcode("jump")
UNLESS_TRUE: Final = opcode("unless_true")
UNLESS_NULL_LIST: Final = opcode("unless_null_list")
CASE_OF: Final = opcode("case_of")
CASE_OF_DATA: Final = opcode("case_of_data")
UNPACK: Final = opcode("unpack")
SPREAD: Final = opcode("spread")
TAIL_SPREAD: Final = opcode("tail_spread")
TRACE: Final = opcode("trace")
UNLESS: Final = opcode_row("unless_")

# Where an instruction has its target: in the upper half of its first word, or the lower half of its second.
NOWHERE: Final = 0
FIRST_WORD: Final = 1
SECOND_WORD: Final = 2
CONDITION: Final = -1  # the operation that branches is one on a plain truth


# ---------------------------------------------------------------- forced choices


@native
def choice_later(c: Compiler, at: i64, to: i64, free: i64, tail: i64) -> bool:
    """Whether the term at ``at``, applications under a force, is a choice among delayed terms; it is compiled then."""
    count: i64 = 0
    head = at
    while kind_at(c, head) == APPLY and count < 7:
        head += 1
        count += 1
    found = _chooser(c, head)
    if found < 0:
        return False
    number = found >> 2
    if arity_of(c, number) != count or forces_of(c, number) != (found & 3):
        return False
    subject = after(c.nodes, head)
    first = after(c.nodes, subject)
    branch = first
    for _ in range(count - 1):
        if kind_at(c, branch) != DELAY:
            return False
        branch = after(c.nodes, branch)
    charge_step(c, budget.FORCE, 1)
    charge_step(c, budget.APPLY, count)
    charge_step(c, budget.DELAY, count - 1)
    charge_builtin(c, number)
    if kind_at(c, head) == VAR:
        charge_step(c, budget.VAR, 1)
    else:
        charge_instantiated(c, found)
    if number == numbering.TRACE or number == numbering.CHOOSE_UNIT:
        task = push(c, END_TRACE, subject, to, free, tail)
        task.a = number
        task.b = first + 1
        evaluate_row(c, subject, 1, free, True)
        return True
    _condition_later(c, number, subject, first, to, free, tail)
    return True


@native
def _chooser(c: Compiler, head: i64) -> i64:
    """The builtin that a term is, if it is one that chooses; else -1."""
    found = builtin_in(c, _bound_to(c, number_in(c.nodes[head]))) if kind_at(c, head) == VAR else instantiated(c, head)
    number = found >> 2
    if (
        number == numbering.IF_THEN_ELSE or number == numbering.CHOOSE_LIST or number == numbering.TRACE
        or number == numbering.CHOOSE_UNIT or number == numbering.CHOOSE_DATA
    ):  # fmt: skip
        return found
    return -1


@inline
def _bound_to(c: Compiler, index: i64) -> i64:
    """The operand that a variable is where it is bound; looking captures nothing."""
    level = c.binder_count - index
    return c.binders[level].operand if index > 0 and level >= 0 else 0


@inline
def _condition_later(c: Compiler, number: i64, subject: i64, first: i64, to: i64, free: i64, tail: i64) -> None:
    """What is chosen by. Where that is a builtin with a branching operation, its arguments are."""
    operation: i64 = UNLESS_NULL_LIST if number == numbering.CHOOSE_LIST else UNLESS_TRUE
    terms: i64 = 1
    if number == numbering.CHOOSE_DATA:
        operation = CASE_OF_DATA
    if number == numbering.IF_THEN_ELSE and kind_at(c, subject) == APPLY:
        count: i64 = 0
        head = subject
        while kind_at(c, head) == APPLY and count < 3:
            head += 1
            count += 1
        found = instantiated(c, head)
        if found >= 0 and forces_of(c, found >> 2) == (found & 3) and arity_of(c, found >> 2) == count:
            fused = i64(cast(ptr[u16], literal(UNLESS))[found >> 2])
            if fused != NO_OPERATION:
                charge_step(c, budget.APPLY, count)
                charge_instantiated(c, found)
                charge_builtin(c, found >> 2)
                operation = fused
                subject = after(c.nodes, head)
                terms = count
    task = push(c, BEGIN_BRANCHES, subject, to, free, tail)
    task.a = operation
    task.b = terms
    task.c = first
    if evaluate_row(c, subject, terms, free, True) == 0:
        c.task_count -= 1
        begin_branches(c, task)


@native
def begin_branches(c: Compiler, task: Task) -> None:
    """Writes the branching operation; its branches follow."""
    at, operation, terms, first = task.node, task.a, task.b, task.c
    to, free, tail = task.to, task.free, task.tail
    left = argument(c, at, free)
    ending = push(c, END_BRANCHES, 0, 0, 0, 0)
    ending.a = 0
    if operation == CASE_OF_DATA:
        emit(c, word_of(CASE_OF_DATA, left, 0, 0))
        branch = first
        top = c.task_count + 5
        for i in range(5):
            emit(c, JUMP)
            c.task_count = top - 1 - i
            begun = push(c, BEGIN_BRANCH, branch + 1, to, free, tail)
            begun.a = c.words_top - 8
            begun.b = FIRST_WORD
            begun.c = address(ending)
            branch = after(c.nodes, branch)
        c.task_count = top
        return
    here = c.words_top
    if terms == 1:
        emit(c, word_of(operation, left, 0, 0))
    else:
        second = after(c.nodes, at)
        right: i64 = 0
        if is_simple(c, second):
            right = operand(c, second)
        else:
            right = taken(c, free if is_simple(c, at) else free + 1)
        emit(c, word_of(operation, left, right, 0))
        emit(c, 0)
    otherwise = push(c, BEGIN_BRANCH, after(c.nodes, first) + 1, to, free, tail)
    otherwise.a = here
    otherwise.b = FIRST_WORD if terms == 1 else SECOND_WORD
    otherwise.c = address(ending)
    then = push(c, BEGIN_BRANCH, first + 1, to, free, tail)
    then.a = 0
    then.b = NOWHERE
    then.c = address(ending)


@native
def end_trace(c: Compiler, task: Task) -> None:
    """Writes a trace, then goes on with what was delayed. ``chooseUnit`` does the same without a trace."""
    at, number, body, to, free, tail = task.node, task.a, task.b, task.to, task.free, task.tail
    text = argument(c, at, free)
    use_registers(c, free + 1)
    operation: i64 = TRACE if number == numbering.TRACE else CHOOSE_UNIT
    emit(c, word_of(operation, slot(free), text, constant(c, UNIT)))
    push(c, EVALUATE, body, to, free, tail)


CHOOSE_UNIT: Final = opcode("choose_unit")


# ---------------------------------------------------------------- blocks


@inline
def _aim(c: Compiler, instruction: i64, where: i64) -> None:
    """Makes a branch go to what is written next."""
    distance = (c.words_top - instruction) >> 3
    place = pointer(ptr[i64], instruction)
    if where == FIRST_WORD:
        place[0] = place[0] | (distance << 32)
    elif where == SECOND_WORD:
        place[1] = distance


@inline
def _begin_block(c: Compiler, to: i64, free: i64, tail: i64, ending: i64) -> None:
    """Begins a block of code with a charge of its own."""
    block = push(c, END_BRANCH, c.words_top, to, free, tail)
    block.a = c.cpu
    block.b = c.mem
    block.c = ending
    emit(c, CHARGE)
    emit(c, 0)
    c.cpu = 0
    c.mem = 0


@native
def begin_branch(c: Compiler, task: Task) -> None:
    """Begins one of the terms that are chosen among."""
    at, to, free, tail = task.node, task.to, task.free, task.tail
    _aim(c, task.a, task.b)
    if kind_at(c, at) != ERROR:  # which costs nothing and comes to no end
        _begin_block(c, to, free, tail, task.c)
    push(c, EVALUATE, at, to, free, tail)


@native
def end_branch(c: Compiler, task: Task) -> None:
    """Ends a block: its charge is known now. The last branch falls through to the end, the others go there."""
    if task.tail == 0:
        settle(c, task.to)
        if task.c != address(c.tasks[c.task_count - 1]):
            ending = pointer(Task, task.c)
            pointer(ptr[i64], c.words_top)[0] = ending.a
            ending.a = c.words_top
            c.words_top += 8
    if unlikely(c.cpu > MOST_CHARGE or c.mem > MOST_CHARGE):
        give_up(c)
    place = pointer(ptr[i64], task.node)
    place[0] = CHARGE | (c.cpu << 32)
    place[1] = c.mem
    c.cpu = task.a
    c.mem = task.b


@native
def end_branches(c: Compiler, task: Task) -> None:
    """Makes all branches that are done go to what is written next. Until then their jumps are a chain of places."""
    place = task.a
    while place != 0:
        following = pointer(ptr[i64], place)[0]
        pointer(ptr[i64], place)[0] = JUMP
        _aim(c, place, FIRST_WORD)
        place = following


# ---------------------------------------------------------------- case


@native
def case_later(c: Compiler, at: i64, to: i64, free: i64, tail: i64) -> None:
    """A case: first what it looks at."""
    charge_step(c, budget.CASE, 1)
    push(c, END_CASE, at, to, free, tail)
    evaluate_row(c, at + 1, 1, free, True)


@native
def end_case(c: Compiler, task: Task) -> None:
    """Writes the choice by tag; the branches follow."""
    at, to, free, tail = task.node, task.to, task.free, task.tail
    count = number_in(c.nodes[at])
    value = argument(c, at + 1, free)
    if value == slot(free):
        free += 1
        use_registers(c, free)
    if unlikely(count > MOST_REGISTERS or count * 8 + 256 > c.words_end - c.words_top):
        give_up(c)
        return
    ending = push(c, END_BRANCHES, 0, 0, 0, 0)
    ending.a = 0
    emit(c, word_of(CASE_OF, value, count, 0))
    branch = after(c.nodes, at + 1)
    top = c.task_count + count
    for i in range(count):
        emit(c, JUMP)
        c.task_count = top - 1 - i
        begun = push(c, BEGIN_ALTERNATIVE, branch, value, free, tail)
        begun.a = c.words_top - 8
        begun.b = to
        begun.c = address(ending)
        branch = after(c.nodes, branch)
    c.task_count = top


@inline
def _write_spread(c: Compiler, f: i64, value: i64, to: i64, free: i64, tail: i64) -> None:
    """Writes the application of an operand to the fields of a value."""
    use_registers(c, free + HEADER)
    if tail != 0:
        emit(c, word_of(TAIL_SPREAD, f, value, 0))
    else:
        emit(c, word_of(SPREAD, slot(to), slot(free), 0))
        emit(c, fields_of(f, value, 0, 0))


@native
def end_spread(c: Compiler, task: Task) -> None:
    """Applies a branch that was compiled apart."""
    _write_spread(c, taken(c, task.free), task.a, task.to, task.free, task.tail)


@native
def begin_alternative(c: Compiler, task: Task) -> None:
    """Begins a branch of a case. One that is a function is expected to be picked for as many fields as it has parameters, which
    are bound; any other is expected to be picked for none, but for simple terms, which are applied to whatever there is. Where
    that was wrong once, the script is compiled again, with the branch as a function apart."""
    at, value, free, tail, to, ending = task.node, task.to, task.free, task.tail, task.b, task.c
    _aim(c, task.a, FIRST_WORD)
    if kind_at(c, at) == ERROR:
        push(c, EVALUATE, at, to, free, tail)
        return
    _begin_block(c, to, free, tail, ending)
    if is_simple(c, at):
        _write_spread(c, operand(c, at), value, to, free, tail)
        return
    if not is_null(c.apart) and c.apart[at] != 0:
        task = push(c, END_SPREAD, 0, to, free, tail)
        task.a = value
        evaluate_later(c, at, free)
        return
    bound: i64 = 0
    while kind_at(c, at + bound) == LAM:
        bound += 1
    if unlikely(free + bound > MOST_REGISTERS):
        give_up(c)
        return
    emit(c, word_of(UNPACK, slot(free), bound, value))
    emit(c, at)
    charge_step(c, budget.LAM, bound)
    use_registers(c, free + bound)
    for i in range(bound):
        bind(c, slot(free + i))
    done = push(c, END_BINDERS, 0, 0, 0, 0)
    done.a = bound
    push(c, EVALUATE, at + bound, to, free + bound, tail)
