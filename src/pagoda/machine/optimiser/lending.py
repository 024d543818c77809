"""What a function lets its callers keep: parameters that it only looks at, and the value that it is called as.

A direct call then counts no reference for them: the caller's outlives the call. What must hold: a parameter that is lent never
changes in place and its reference goes nowhere, for a copy would be made where the function alone would have had the value.
"""

from __future__ import annotations

from pagoda.machine.flow import Flow
from pagoda.machine.function import Function, fields_of
from pagoda.machine.operands import Operand, Place, State, Window
from pagoda.machine.values import ValueModel


def lent_parameters(function: Function, flow: Flow) -> frozenset[int]:
    """The parameters that a function only looks at, and never gives another value."""
    kept = set(range(function.parameters))
    for index, (instruction, effect) in enumerate(zip(function.instructions, flow.effects, strict=True)):
        changed = effect.modified | effect.consumes | effect.writes
        kept -= {register for register in kept if changed >> register & 1}
        for (_, kind), argument in zip(fields_of(instruction.op), instruction.arguments, strict=True):
            if isinstance(kind, Operand) and isinstance(argument, tuple) and argument[0] == "T" and kind.owned:
                if not (instruction.op.copies and becomes_callee(function, flow, index)):
                    kept.discard(argument[1])
    if needs_frame(function):
        return frozenset()
    return frozenset(kept)


def becomes_callee(function: Function, flow: Flow, index: int) -> bool:
    """Whether what an instruction copies is called next, and nothing else: its reference goes nowhere then."""
    target = function.instructions[index].arguments[0]
    while isinstance(target, int) and flow.successors[index] == (index + 1,):
        index += 1
        effect, op = flow.effects[index], function.instructions[index].op
        if (effect.reads | effect.takes | effect.consumes | effect.modified | effect.writes | effect.clobbers) >> target & 1:
            windows = [
                argument
                for (_, kind), argument in zip(fields_of(op), function.instructions[index].arguments, strict=True)
                if isinstance(kind, Window)
            ]
            return op.calls and not op.fills and windows == [target]
    return False


def looks_at_callee(function: Function, model: ValueModel) -> bool:
    """Whether a function has places that lie in the value that it is called as."""
    captured = [mode.letter for mode in model.places.values() if mode.captured]
    return any(
        isinstance(kind, Operand | Place) and isinstance(argument, tuple) and argument[0] in captured
        for instruction in function.instructions
        for (_, kind), argument in zip(fields_of(instruction.op), instruction.arguments, strict=True)
    )


def needs_frame(function: Function) -> bool:
    """Whether an operation works on the frame itself, header and callee included."""
    return any(
        isinstance(parameter.kind, State) and parameter.kind.what == "registers"
        for instruction in function.instructions
        for parameter in instruction.op.parameters
    )
