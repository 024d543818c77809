"""The flow of a function's instructions: who may follow whom, and which registers are live.

Exceptional flow counts: an instruction inside a guarded range may go to the handler instead of finishing.
"""

from __future__ import annotations

from pagoda.machine.function import Effects, Function, Instruction, Label, effects


class Flow:
    """Successors, the innermost handler (if any) and register effects of every instruction of a function."""

    def __init__(self, function: Function, header_slots: int) -> None:
        self.function = function
        self.effects: list[Effects] = [effects(i, header_slots) for i in function.instructions]
        self.successors: list[tuple[int, ...]] = []
        size = len(function.instructions)
        for index, instruction in enumerate(function.instructions):
            targets = [a.position for a in instruction.arguments if isinstance(a, Label)]
            if not instruction.op.ends and index + 1 <= size:
                targets.append(index + 1)
            self.successors.append(tuple(t for t in dict.fromkeys(targets) if t < size))
        self.handlers: list[tuple[tuple[int, int], ...]] = [()] * size
        for handler in reversed(function.handlers):
            for index in range(handler.start.position, min(handler.end.position, size)):
                if function.instructions[index].op.raises:
                    self.handlers[index] = ((handler.target.position, handler.register),)

    def liveness(self) -> list[int]:
        """For every instruction, the registers that are read after it on some path, as a mask."""
        size = len(self.successors)
        before, after = [0] * (size + 1), [0] * size
        changed = True
        while changed:
            changed = False
            for index in range(size - 1, -1, -1):
                out = 0
                for successor in self.successors[index]:
                    out |= before[successor]
                caught = 0
                for target, register in self.handlers[index][:1]:
                    caught |= before[target] & ~(1 << register)
                out |= caught
                effect = self.effects[index]
                used = effect.reads | effect.takes | effect.consumes | effect.modified
                into = used | (out & ~(effect.writes | effect.clobbers)) | caught
                if out != after[index] or into != before[index]:
                    after[index], before[index] = out, into
                    changed = True
        return after


def is_jump(instruction: Instruction) -> bool:
    return any(isinstance(a, Label) for a in instruction.arguments)
