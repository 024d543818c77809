"""The ``opt`` storey, first form: bytecode to machine code through LLVM, from the same bodies that the interpreter is
made of.

A function's registers become SSA values whose kinds are static wherever operands, constants or feedback say so; every
instruction is its operation's body, evaluated over them. Where a body asks for ``slow``, or a kind is not what was expected,
compiled code *exits*: it writes its live registers into the function's own frame and returns RESUME, and the interpreter
goes on at that instruction. What must hold: compiled code exits before an instruction's first effect or after its last,
so that nothing happens twice; and whatever a frame's memory holds while compiled code runs owns nothing.
"""

from __future__ import annotations

from pagoda.machine.optimiser.assumptions import NOTHING_KNOWN, Assumptions, feedback_kinds
from pagoda.machine.optimiser.compiler import Compiler, Request
from pagoda.machine.optimiser.install import Installed, install
from pagoda.machine.optimiser.lowering import NotCompiled
from pagoda.machine.optimiser.support import Support, support_unit

__all__ = [
    "NOTHING_KNOWN", "Assumptions", "Compiler", "Installed", "NotCompiled", "Request", "Support", "feedback_kinds", "install",
    "support_unit",
]  # fmt: skip
