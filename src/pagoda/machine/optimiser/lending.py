"""What a function lets its callers keep: parameters that it only looks at, and the value that it is called as.

A direct call then counts no reference for them: the caller's outlives the call. What must hold: a parameter that is lent never
changes in place and its reference goes nowhere, for a copy would be made where the function alone would have had the value.
"""

from __future__ import annotations

from pagoda.machine.flow import Flow
from pagoda.machine.function import Function, fields_of
from pagoda.machine.operands import Operand, Place, State
from pagoda.machine.values import ValueModel


def lent_parameters(function: Function, flow: Flow) -> frozenset[int]:
    """The parameters that a function only looks at, and never gives another value."""
    kept = set(range(function.parameters))
    for instruction, effect in zip(function.instructions, flow.effects, strict=True):
        changed = effect.modified | effect.consumes | effect.writes
        kept -= {register for register in kept if changed >> register & 1}
        for (_, kind), argument in zip(fields_of(instruction.op), instruction.arguments, strict=True):
            if isinstance(kind, Operand) and isinstance(argument, tuple) and argument[0] == "T" and kind.owned:
                kept.discard(argument[1])
    if needs_frame(function):
        return frozenset()
    return frozenset(kept)


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
