"""What the optimiser is told to expect of a function: kinds of parameters and results, callees, ordinary slow paths.

Nothing here is trusted: each assumption becomes a guard, and a wrong one costs an exit, never a wrong result.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, field

from pagoda.machine.linker import Linked
from pagoda.machine.operands import FEEDBACK, Cache
from pagoda.machine.ops import OpTable


@dataclass(frozen=True)
class Assumptions:
    """``parameters``: the kind (first word) of each parameter, or None. The rest is by the instruction's index:

    ``kinds``: the kind of its result; ``slow``: its slow path is ordinary, and called instead of left for; ``callees``: the
    identity of the function that a call enters; ``caches``: what its inline cache holds;
    ``unseen``: it never ran, so that code which comes to it leaves for the interpreter.

    ``outlined``: of what is not mentioned here nothing is known, so an operation whose operands are of unknown kinds calls its
    outlined handler, and slow paths are called where that loses no kind. Otherwise they are taken for what never happens.
    ``registers``: for code that begins in the middle of a function, the kinds of registers there.
    """

    parameters: tuple[int | None, ...] = ()
    kinds: Mapping[int, int] = field(default_factory=dict)
    slow: frozenset[int] = frozenset()
    callees: Mapping[int, int] = field(default_factory=dict)
    outlined: bool = False
    registers: Mapping[int, int] = field(default_factory=dict)
    caches: Mapping[int, int] = field(default_factory=dict)
    unseen: frozenset[int] = frozenset()

    def parameter(self, index: int) -> int | None:
        return self.parameters[index] if index < len(self.parameters) else None


NOTHING_KNOWN = Assumptions(outlined=True)


def feedback_kinds(linked: Linked, table: OpTable) -> dict[int, int]:
    """The kinds of results that the interpreter saw, by instruction, where it saw exactly one."""
    found: dict[int, int] = {}
    start = ctypes.addressof(linked.words)
    for index, instruction in enumerate(linked.function.instructions):
        layout = table.variant(instruction.op, instruction.letters).layout
        for parameter in instruction.op.parameters:
            if isinstance(parameter.kind, Cache) and parameter.name == FEEDBACK:
                place = start + 8 * (linked.starts[index] + layout.caches[parameter.name])
                bits = ctypes.c_uint64.from_address(place).value
                if bits and bits & (bits - 1) == 0:
                    found[index] = bits.bit_length() - 1
    return found
