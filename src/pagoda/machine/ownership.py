"""Ownership: marks the last use of every register as a take, and drops what would otherwise be overwritten or left behind.

Every register that holds something owns its reference. After this pass: no instruction writes to a register that may still own
something, and at a return nothing is owned but what is returned. The verifier checks both.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.machine.flow import Flow
from pagoda.machine.function import Argument, Effects, Function, Instruction, Label, field_names
from pagoda.machine.operands import Operand
from pagoda.machine.ops import Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def mark_last_uses(function: Function, header_slots: int, *, overwritten_only: bool = False) -> None:
    """Turns ``R`` into ``T`` wherever the register is not read again before it is written.

    With ``overwritten_only``, just where the instruction itself writes to the register: what else would give up the old value?
    """
    flow = Flow(function, header_slots)
    after = [-1] * len(function.instructions) if overwritten_only else flow.liveness()
    for index, instruction in enumerate(function.instructions):
        live = after[index]
        kinds = {p.name: p.kind for p in instruction.op.parameters}
        destination = instruction.arguments[0] if instruction.op.has_destination else -1
        taken: set[int] = set()
        busy = flow.effects[index].consumes | flow.effects[index].modified
        for position, name in reversed(list(enumerate(field_names(instruction.op)))):
            argument = instruction.arguments[position]
            kind = kinds.get(name)
            if not isinstance(kind, Operand) or not isinstance(argument, tuple) or argument[0] != "R" or "T" not in kind.modes:
                continue
            register = argument[1]
            if register in taken or busy >> register & 1:
                continue
            if kind.owned and _borrowed_elsewhere(instruction, position, register):
                continue  # the body would give away what another operand of the same instruction still looks at
            if register == destination or not live >> register & 1:
                instruction.arguments[position] = ("T", register)
                taken.add(register)


def _borrowed_elsewhere(instruction: Instruction, position: int, register: int) -> bool:
    kinds = {p.name: p.kind for p in instruction.op.parameters}
    for other, name in enumerate(field_names(instruction.op)):
        kind = kinds.get(name)
        if other != position and isinstance(kind, Operand) and not kind.owned:
            if instruction.arguments[other] == ("R", register):
                return True
    return False


def owned_after(
    instruction: Instruction, owned: int, flow_effects: Effects, owns_constant: Callable[[Any], bool],
    constants: list[Any],
) -> int:  # fmt: skip
    """The registers that may own something after ``instruction``, given those before it."""
    owned &= ~(flow_effects.takes | flow_effects.consumes | flow_effects.clobbers)
    written = flow_effects.writes
    if written:
        op = instruction.op
        if op.scalar or (op.copies and not _copies_owned(instruction, owns_constant, constants)):
            owned &= ~written
        else:
            owned |= written
    return owned | flow_effects.modified


def _copies_owned(instruction: Instruction, owns_constant: Callable[[Any], bool], constants: list[Any]) -> bool:
    source = instruction.arguments[1]
    assert isinstance(source, tuple)
    if source[0] == "I":
        return False
    if source[0] == "K":
        return owns_constant(constants[source[1]])
    return True


def ownership(function: Function, header_slots: int, owns_constant: Callable[[Any], bool]) -> tuple[list[int], Flow]:
    """For every instruction, the registers that may own something before it, as a mask; -1 where it cannot be reached."""
    flow = Flow(function, header_slots)
    size = len(function.instructions)
    before = [-1] * size
    if not size:
        return before, flow
    before[0] = (1 << function.parameters) - 1
    work = [0]
    while work:
        index = work.pop()
        owned = before[index]
        instruction = function.instructions[index]
        after = owned_after(instruction, owned, flow.effects[index], owns_constant, function.constants)
        edges = [(s, after) for s in flow.successors[index]]
        edges += [(target, owned | 1 << register) for target, register in flow.handlers[index][:1]]
        for successor, mask in edges:
            known = before[successor]
            merged = mask if known < 0 else known | mask
            if merged != known:
                before[successor] = merged
                work.append(successor)
    return before, flow


def insert_drops(function: Function, header_slots: int, drop: Op, owns_constant: Callable[[Any], bool]) -> None:
    """Puts a drop before every write to, or return past, a register that may still own something.

    Also before a call whose frame would lie over such a register. What this cannot do: an instruction that may fail, inside a
    guarded range, must not write to a register that the handler reads, for the old value would be gone by then. The compiler
    writes to another register first; the verifier refuses the rest.
    """
    kinds = [p.kind for p in drop.parameters]
    letter = "T" if any(isinstance(kind, Operand) and "T" in kind.modes for kind in kinds) else "R"
    before, flow = ownership(function, header_slots, owns_constant)
    added: dict[int, list[int]] = {}
    for index, instruction in enumerate(function.instructions):
        owned = before[index]
        if owned <= 0:
            continue
        effect = flow.effects[index]
        left = owned & ~(effect.takes | effect.consumes)
        if instruction.op.leaves:
            doomed = left & ~effect.reads
        else:
            doomed = left & (effect.writes | effect.clobbers)
        if doomed:
            added[index] = [r for r in range(doomed.bit_length()) if doomed >> r & 1]
    if not added:
        return
    old = function.instructions
    new: list[Instruction] = []
    moved: list[int] = []
    for index, instruction in enumerate(old):
        moved.append(len(new))
        for register in added.get(index, ()):
            argument: Argument = (letter, register)
            new.append(Instruction(drop, [argument], instruction.span))
        new.append(instruction)
    moved.append(len(new))
    for label in labels_of(function):
        label.position = moved[label.position]
    function.instructions = new


def labels_of(function: Function) -> list[Label]:
    """Every label of the function, once."""
    found: dict[int, Label] = {}
    for instruction in function.instructions:
        for argument in instruction.arguments:
            if isinstance(argument, Label):
                found[id(argument)] = argument
    for handler in function.handlers:
        for label in (handler.start, handler.end, handler.target):
            found[id(label)] = label
    return list(found.values())


def remove_unreachable(function: Function, header_slots: int) -> None:
    """Removes instructions that no path reaches."""
    flow = Flow(function, header_slots)
    reached = [False] * len(function.instructions)
    work = [0] if function.instructions else []
    while work:
        index = work.pop()
        if reached[index]:
            continue
        reached[index] = True
        work.extend(s for s in flow.successors[index] if not reached[s])
        work.extend(t for t, _ in flow.handlers[index] if not reached[t])
    # A handler that no failure reaches goes with its code; what is left of its target would be some other instruction.
    function.handlers = [h for h in function.handlers if h.target.position < len(reached) and reached[h.target.position]]
    moved: list[int] = []
    new: list[Instruction] = []
    for index, instruction in enumerate(function.instructions):
        moved.append(len(new))
        if reached[index]:
            new.append(instruction)
    moved.append(len(new))
    for label in labels_of(function):
        label.position = moved[label.position]
    function.instructions = new
    function.handlers = [h for h in function.handlers if h.start.position < h.end.position]
