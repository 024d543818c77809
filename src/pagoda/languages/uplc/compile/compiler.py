"""The compiler: nodes of a script to code of the machine, in one pass.

Tasks on an explicit stack take the place of recursion. The code of a function is written above that of the one around it and
moved into the script's memory when it is done; by then its captures are known. What must hold: what a block costs is charged
where it is entered, so on success the total is the reference machine's; whatever may fail is left to fail at run time.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.build import DONE, LEFT_TO_WALK, Build
from pagoda.languages.uplc.compile.builtins import call_later, constr_later, end_builtin, end_constr, end_row
from pagoda.languages.uplc.compile.choices import (
    begin_alternative,
    begin_branch,
    begin_branches,
    case_later,
    choice_later,
    end_branch,
    end_branches,
    end_case,
    end_spread,
    end_trace,
)  # fmt: skip
from pagoda.languages.uplc.compile.scopes import bind, leave_capture, variable
from pagoda.languages.uplc.compile.state import (
    APPLY_REST,
    BEGIN_ALTERNATIVE,
    BEGIN_BRANCH,
    BEGIN_BRANCHES,
    END_APPLY,
    END_BINDERS,
    END_BRANCH,
    END_BRANCHES,
    END_BUILTIN,
    END_BUILTIN_ROW,
    END_CASE,
    END_CONSTR,
    END_FORCE,
    END_FUNCTION,
    END_LET,
    END_PARTIAL,
    END_SPREAD,
    END_TRACE,
    EVALUATE,
    GIVE,
    MOST_CONSTANTS,
    MOST_REGISTERS,
    Binder,
    Capture,
    Compiler,
    Open,
    Task,
    charge_step,
    constant,
    emit,
    finish,
    give_up,
    push,
    slot,
    take,
    taken,
    use_registers,
    word_of,
)  # fmt: skip
from pagoda.languages.uplc.compile.terms import (
    apply_later,
    builtin_in,
    charge_instantiated,
    end_apply,
    end_let,
    force_later,
    forces_of,
    instantiated,
    is_simple,
    kind_at,
    let_later,
    operand,
    write_force,
)  # fmt: skip
from pagoda.languages.uplc.natives.values import DELAYED
from pagoda.languages.uplc.ops.model import MOST_ARGUMENTS, UplcCode, captures_of
from pagoda.languages.uplc.ops.table import opcode
from pagoda.languages.uplc.read.nodes import APPLY, CASE, CONST, CONSTR, DELAY, FORCE, LAM, VAR, Node, after, number_in
from pagoda.languages.uplc.walk import budget
from pagoda.native import i64, inline, native, ptr, u16
from pagoda.native.intrinsics import address, cast, copy_memory, pointer, sizeof, unlikely

CLOSURE: Final = opcode("closure")
DELAY_OP: Final = opcode("delay")
ERROR_OP: Final = opcode("error")

SPARE_WORDS: Final = 64  # more than any one task writes, rows apart
SPARE_TASKS: Final = 1024


# ---------------------------------------------------------------- terms


@native
def evaluate(c: Compiler, task: Task) -> None:
    """Compiles a term, and those whose turn is right after it: each as far as it goes without another one."""
    while True:
        _evaluate(c, task.node, task.to, task.free, task.tail)
        task = c.tasks[c.task_count - 1]  # there is one: that of the whole script's end
        if task.kind != EVALUATE or c.words_end - c.words_top < SPARE_WORDS * 8 or c.status != DONE:
            return
        c.task_count -= 1


@inline
def _evaluate(c: Compiler, at: i64, to: i64, free: i64, tail: i64) -> None:
    """Compiles a term, or begins to."""
    use_registers(c, to + 1)
    kind = kind_at(c, at)
    while kind == FORCE and kind_at(c, at + 1) == DELAY:
        charge_step(c, budget.FORCE, 1)
        charge_step(c, budget.DELAY, 1)
        at += 2
        kind = kind_at(c, at)
    if kind == APPLY:
        _application(c, at, to, free, tail)
    elif kind == LAM or kind == DELAY:  # noqa: SIM109
        _begin_function(c, at, to, free, tail)
    elif is_simple(c, at):
        finish(c, operand(c, at), to, tail)
    elif kind == FORCE:
        if kind_at(c, at + 1) != APPLY or not choice_later(c, at + 1, to, free, tail):
            force_later(c, at + 1, to, free, tail)
    elif kind == CASE:
        case_later(c, at, to, free, tail)
    elif kind == CONSTR:
        constr_later(c, at, to, free, tail)
    else:
        emit(c, ERROR_OP)


@inline
def _application(c: Compiler, at: i64, to: i64, free: i64, tail: i64) -> None:
    """A function applied to one argument or more."""
    count: i64 = 0
    head = at
    while kind_at(c, head) == APPLY:
        head += 1
        count += 1
    charge_step(c, budget.APPLY, count)
    arguments = after(c.nodes, head)
    kind = kind_at(c, head)
    if kind == VAR:
        charge_step(c, budget.VAR, 1)
        f = variable(c, number_in(c.nodes[head]))
        known = builtin_in(c, f)
        if known >= 0 and forces_of(c, known >> 2) == (known & 3):
            call_later(c, known, arguments, count, to, free, tail)
        else:
            apply_later(c, f, arguments, count, to, free, tail)
        return
    if kind == LAM:
        let_later(c, head, arguments, count, to, free, tail)
        return
    found = instantiated(c, head)
    if found >= 0 and forces_of(c, found >> 2) == (found & 3):
        charge_instantiated(c, found)
        call_later(c, found, arguments, count, to, free, tail)
        return
    if kind == CONST or found >= 0:
        apply_later(c, operand(c, head), arguments, count, to, free, tail)
        return
    rest = push(c, APPLY_REST, arguments, to, free, tail)
    rest.b = count
    push(c, EVALUATE, head, free, free, 0)


# ---------------------------------------------------------------- functions


@native
def _begin_function(c: Compiler, at: i64, to: i64, free: i64, tail: i64) -> None:
    """Begins the code of a function of up to three arguments, or of a delayed term."""
    parameters: i64 = 0
    if kind_at(c, at) == LAM:
        charge_step(c, budget.LAM, 1)
        while parameters < MOST_ARGUMENTS and kind_at(c, at + parameters) == LAM:
            parameters += 1
    else:
        charge_step(c, budget.DELAY, 1)
    task = push(c, END_FUNCTION, at, to, free, tail)
    task.a = parameters
    body = at + (parameters if parameters > 0 else 1)
    _open(c, parameters, free + 1)
    push(c, EVALUATE, body, parameters, parameters, 1)


@inline
def _open(c: Compiler, parameters: i64, row: i64) -> None:
    """Makes a new function the running one. ``row``: registers of the one around it that may hold something yielded."""
    c.depth += 1
    function = c.opened[c.depth]
    function.words = c.words_top
    function.captures = 0
    function.outer_most = c.most
    function.outer_cpu = c.cpu
    function.outer_mem = c.mem
    function.outer_row = c.row
    above = address(c.row) + row * 8
    if unlikely(above + (MOST_REGISTERS + SPARE_WORDS) * 8 > c.rows_end):
        give_up(c)
    else:
        c.row = pointer(ptr[i64], above)
    c.cpu = 0
    c.mem = 0
    c.most = parameters
    if parameters > 1:
        charge_step(c, budget.LAM, parameters - 1)
    for i in range(parameters):
        bind(c, slot(i))


@native
def _end_function(c: Compiler, task: Task) -> None:
    """Moves the code of a function to its place, and has its closure made in the function around it."""
    at, to, tail, free, parameters = task.node, task.to, task.tail, task.free, task.a
    function = c.opened[c.depth]
    captures = function.captures
    size = c.words_top - function.words
    row = (captures * 2 + 7) & ~7
    code = take(c, sizeof(UplcCode) + row + size)
    if unlikely(code == 0):
        return
    made = pointer(UplcCode, code)
    words = code + sizeof(UplcCode) + row
    made.entry = pointer(ptr[i64], words)
    made.parameters = parameters
    made.frame_bytes = c.most << 3
    made.identity = at
    made.length = size >> 3
    made.cpu = c.cpu
    made.mem = c.mem
    sources = captures_of(made)
    made.capture_count = captures
    copy_memory(made.entry, pointer(ptr[i64], function.words), size)
    c.words_top = function.words
    c.binder_count -= parameters
    c.depth -= 1
    c.most = function.outer_most
    c.cpu = function.outer_cpu
    c.mem = function.outer_mem
    c.row = function.outer_row
    capture = function.first
    for i in range(captures):
        item = pointer(Capture, capture)
        sources[i] = u16(leave_capture(c, item))
        capture = item.following
    delayed = kind_at(c, at) == DELAY or c.depth < 0
    if captures != 0:
        result = free if tail != 0 else to
        emit(c, word_of(DELAY_OP if delayed else CLOSURE, slot(result), 0, 0))
        emit(c, code)
        if tail != 0:
            emit(c, word_of(GIVE, slot(result), 0, 0))
        return
    cell = take(c, 8)
    if unlikely(cell == 0):
        return
    pointer(ptr[i64], cell)[0] = code
    word = cell + (DELAYED if delayed else 0)
    if c.depth < 0:
        c.start = word
    else:
        finish(c, constant(c, word), to, tail)


# ---------------------------------------------------------------- tasks


@inline
def _do(c: Compiler, task: Task) -> None:
    """Does the task that was taken off the stack; its place is the next one's."""
    kind = task.kind
    if kind == EVALUATE:
        evaluate(c, task)
    elif kind == END_APPLY:
        end_apply(c, task)
    elif kind == END_BUILTIN:
        end_builtin(c, task)
    elif kind == END_LET:
        end_let(c, task)
    elif kind == END_BINDERS:
        c.binder_count -= task.a
    elif kind == END_FUNCTION:
        _end_function(c, task)
    elif kind == END_FORCE:
        write_force(c, taken(c, task.free), task.to, task.free, task.tail)
    elif kind == APPLY_REST:
        apply_later(c, taken(c, task.free), task.node, task.b, task.to, task.free, task.tail)
    elif kind == BEGIN_BRANCHES:
        begin_branches(c, task)
    elif kind == BEGIN_BRANCH:
        begin_branch(c, task)
    elif kind == END_BRANCH:
        end_branch(c, task)
    elif kind == END_BRANCHES:
        end_branches(c, task)
    elif kind == END_PARTIAL:
        end_row(c, task, False)
    elif kind == END_BUILTIN_ROW:
        end_row(c, task, True)
    elif kind == END_CONSTR:
        end_constr(c, task)
    elif kind == END_CASE:
        end_case(c, task)
    elif kind == BEGIN_ALTERNATIVE:
        begin_alternative(c, task)
    elif kind == END_TRACE:
        end_trace(c, task)
    elif kind == END_SPREAD:
        end_spread(c, task)


@inline
def _part(c: Compiler, size: i64) -> i64:
    """A part of the scratch memory."""
    at = c.scratch
    c.scratch = at + ((size + 15) & ~15)
    if unlikely(c.scratch > c.scratch_end):
        give_up(c)
    return at


@native
def compile_nodes(build: Build, nodes: ptr[Node], count: i64) -> i64:
    """Compiles a script of ``count`` nodes: ``DONE``, ``LEFT_TO_WALK`` or ``ROOM_FULL``."""
    if unlikely(build.scratch_end - build.scratch < SPARE_TASKS * 8):
        return LEFT_TO_WALK
    c = pointer(Compiler, build.scratch)
    copy_memory(cast(ptr[i64], c), cast(ptr[i64], build), sizeof(Build))
    c.scratch += (sizeof(Compiler) + 15) & ~15
    c.status = DONE
    c.nodes = nodes
    c.opened = pointer(ptr[Open], _part(c, (count + 4) * sizeof(Open)))
    c.tasks = pointer(ptr[Task], _part(c, (count * 4 + SPARE_TASKS) * sizeof(Task)))
    c.binders = pointer(ptr[Binder], _part(c, (count + SPARE_TASKS) * sizeof(Binder)))
    c.table = pointer(ptr[i64], _part(c, (MOST_CONSTANTS + SPARE_WORDS) * 8))
    c.row = pointer(ptr[i64], _part(c, (count + 2 * (MOST_REGISTERS + SPARE_WORDS)) * 8))
    c.rows_end = c.scratch
    c.captures_top = _part(c, (count * 8 + SPARE_TASKS) * sizeof(Capture))
    c.captures_end = c.scratch
    c.words_top = _part(c, (count * 8 + SPARE_TASKS) * 8)
    c.words_end = c.scratch
    if c.status != DONE:
        return c.status
    c.task_count = 0
    c.binder_count = 0
    c.depth = -1
    c.table_count = 0
    c.cpu = 0
    c.mem = 0
    c.most = 0
    c.start = 0
    _open(c, 0, 0)
    whole = push(c, END_FUNCTION, 0, 0, 0, 1)
    whole.a = 0
    push(c, EVALUATE, 0, 0, 0, 1)
    while c.task_count > 0 and c.status == DONE:
        if unlikely(c.words_end - c.words_top < SPARE_WORDS * 8):
            give_up(c)
            break
        c.task_count -= 1
        _do(c, c.tasks[c.task_count])
    if c.status == DONE:
        size = c.table_count * 8
        table = take(c, size)
        if table != 0:
            copy_memory(pointer(ptr[i64], table), c.table, size)
            build.constants = table
    build.room_top = c.room_top
    build.start = c.start
    return c.status
