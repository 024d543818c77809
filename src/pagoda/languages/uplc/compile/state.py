"""The state of a compilation: stacks in the scratch memory, and how code is written.

What must hold: every stack is as long as the term could ever need, or whoever pushes looks; where something does not fit,
``status`` says so and the compilation ends at the next task.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.build import DONE, LEFT_TO_WALK, ROOM_FULL, Build
from pagoda.languages.uplc.natives.arena import Room, allocate
from pagoda.languages.uplc.ops.model import IN_CONSTANTS, IN_REGISTERS
from pagoda.languages.uplc.ops.table import opcode
from pagoda.languages.uplc.read.nodes import Node
from pagoda.native import i64, inline, native, ptr, struct
from pagoda.native.intrinsics import cast, field_pointer, pointer, unlikely

MOVE: Final = opcode("move")
GIVE: Final = opcode("give")

# Limits of the encoding: fields of 16 bits that hold offsets in bytes.
MOST_REGISTERS: Final = 8000
MOST_CAPTURES: Final = 8000
MOST_CONSTANTS: Final = 8000
MOST_CHARGE: Final = (1 << 31) - 1

# Kinds of tasks. The fields of a task, beside its kind: node, destination, first free register, and three more.
(
    EVALUATE, END_BINDERS, END_FUNCTION, END_APPLY, APPLY_REST, END_LET, END_BUILTIN, END_PARTIAL, END_BUILTIN_ROW, END_CONSTR,
    END_FORCE, END_TRACE, BEGIN_BRANCHES, BEGIN_BRANCH, END_BRANCH, END_BRANCHES, END_CASE, BEGIN_ALTERNATIVE, END_SPREAD,
) = range(19)  # fmt: skip


@struct
class Task:
    """Something that is still to be done. ``tail``: its value is that of the running code."""

    kind: i64
    node: i64
    to: i64
    free: i64
    tail: i64
    a: i64
    b: i64
    c: i64


@struct
class Binder:
    """A variable: the depth of the function that binds it, the operand it is there, and the innermost capture of it."""

    depth: i64
    operand: i64
    capture: i64


@struct
class Capture:
    """A variable captured by the function at a depth: its number there, and how functions further out have it."""

    depth: i64
    index: i64
    level: i64
    outer: i64  # the address of the capture by the function around it, or 0 where that one binds it
    following: i64  # the next capture of the same function


@struct
class Open:
    """A function whose code is being written, and what of the function around it waits until it is done."""

    words: i64  # address of its first word
    first: i64  # its captures
    last: i64
    captures: i64
    outer_most: i64
    outer_cpu: i64
    outer_mem: i64
    outer_row: ptr[i64]


@struct
class Compiler(Build):
    """A compilation. The running function is ``opened[depth]``; ``cpu`` and ``mem`` are those of the running block, ``most`` is
    how many registers the function uses. ``row``: for each register the operand that was yielded instead of a value written
    to it, plus one, or 0 (see :func:`yield_operand`)."""

    status: i64
    nodes: ptr[Node]
    tasks: ptr[Task]
    task_count: i64
    binders: ptr[Binder]
    binder_count: i64
    opened: ptr[Open]
    depth: i64
    captures_top: i64
    captures_end: i64
    words_top: i64
    words_end: i64
    table: ptr[i64]
    table_count: i64
    row: ptr[i64]
    rows_end: i64
    cpu: i64
    mem: i64
    most: i64


@inline
def room_of(c: Compiler) -> Room:
    return cast(Room, field_pointer(c, "room_top"))


@inline
def take(c: Compiler, size: i64) -> i64:
    """Memory of the script; 0, with the status set, where there is none left."""
    at = allocate(room_of(c), size)
    if unlikely(at == 0):
        c.status = ROOM_FULL
    return at


@inline
def give_up(c: Compiler) -> None:
    """Leaves the script to ``walk``."""
    if c.status == DONE:
        c.status = LEFT_TO_WALK


@inline
def push(c: Compiler, kind: i64, node: i64, to: i64, free: i64, tail: i64) -> Task:
    """A new task, the next to be done; the room for it was seen to before. Its three further fields are the caller's."""
    task = c.tasks[c.task_count]
    c.task_count += 1
    task.kind = kind
    task.node = node
    task.to = to
    task.free = free
    task.tail = tail
    return task


@inline
def use_registers(c: Compiler, count: i64) -> None:
    """Notes that the running function uses registers below ``count``."""
    if count > c.most:
        _use_more(c, count)


@native
def _use_more(c: Compiler, count: i64) -> None:
    if unlikely(count > MOST_REGISTERS):
        give_up(c)
        return
    while c.most < count:
        c.row[c.most] = 0
        c.most += 1


# ---------------------------------------------------------------- charges


@inline
def charge_step(c: Compiler, kind: i64, count: i64) -> None:
    """Adds steps of a kind (the order of ``costs/model.py``) to the running block."""
    c.cpu += c.steps[kind * 2] * count
    c.mem += c.steps[kind * 2 + 1] * count


@inline
def charge_builtin(c: Compiler, number: i64) -> None:
    """Adds what is charged in advance for a call of a builtin."""
    c.cpu += c.charged[number * 2]
    c.mem += c.charged[number * 2 + 1]


# ---------------------------------------------------------------- words


@inline
def word_of(opcode: i64, a: i64, b: i64, c: i64) -> i64:
    """An instruction's first word: the opcode and three fields."""
    return opcode | (a << 16) | (b << 32) | (c << 48)


@inline
def fields_of(a: i64, b: i64, c: i64, d: i64) -> i64:
    """A following word: four fields."""
    return a | (b << 16) | (c << 32) | (d << 48)


@inline
def emit(c: Compiler, word: i64) -> None:
    """Writes a word of code. There is always room for it: it was looked for when the task began."""
    pointer(ptr[i64], c.words_top)[0] = word
    c.words_top += 8


@inline
def slot(register: i64) -> i64:
    """A register as an operand."""
    return register << 3


@inline
def constant(c: Compiler, word: i64) -> i64:
    """A value as an operand."""
    count = c.table_count
    if unlikely(count >= MOST_CONSTANTS):
        give_up(c)
        return IN_CONSTANTS
    c.table[count] = word
    c.table_count = count + 1
    return (count << 3) | IN_CONSTANTS


# ---------------------------------------------------------------- results


@inline
def yield_operand(c: Compiler, operand: i64, to: i64) -> None:
    """Ends a term whose value is at hand. What stays where it is while the function runs (a constant, a captured value) is not
    moved: whoever asked for the value gets the operand."""
    if (operand & 3) != IN_REGISTERS:
        c.row[to] = operand + 1
    elif operand != slot(to):
        emit(c, word_of(MOVE, slot(to), operand, 0))


@inline
def taken(c: Compiler, register: i64) -> i64:
    """The operand of a value that was asked for in a register."""
    held = c.row[register]
    if held == 0:
        return slot(register)
    c.row[register] = 0
    return held - 1


@inline
def settle(c: Compiler, register: i64) -> None:
    """Sees to it that a value that was asked for in a register is there."""
    held = c.row[register]
    if held != 0:
        c.row[register] = 0
        emit(c, word_of(MOVE, slot(register), held - 1, 0))


@inline
def finish(c: Compiler, operand: i64, to: i64, tail: i64) -> None:
    """Ends a term whose value is at hand: the running code's value, or the one asked for in ``to``."""
    if tail != 0:
        emit(c, word_of(GIVE, operand, 0, 0))
    else:
        yield_operand(c, operand, to)
