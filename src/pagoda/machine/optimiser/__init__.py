"""The ``opt`` storey, first form: bytecode to machine code through LLVM, from the same bodies that the interpreter is
made of.

A function's registers become SSA values whose kinds are static wherever operands, constants or feedback say so; every
instruction is its operation's body, evaluated over them. Where a body asks for ``slow``, or a kind is not what was expected,
compiled code *exits*: it writes its live registers into the function's own frame and returns RESUME, and the interpreter
goes on at that instruction. What must hold: compiled code exits before an instruction's first effect or after its last,
so that nothing happens twice; and whatever a frame's memory holds while compiled code runs owns nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.machine.optimiser.assumptions import NOTHING_KNOWN, Assumptions, feedback_kinds
    from pagoda.machine.optimiser.compiler import Compiler, Request
    from pagoda.machine.optimiser.installed import Installed, install
    from pagoda.machine.optimiser.lowering import NotCompiled
    from pagoda.machine.optimiser.support import Support, support_unit

__all__ = [
    "NOTHING_KNOWN", "Assumptions", "Compiler", "Installed", "NotCompiled", "Request", "Support", "feedback_kinds", "install",
    "support_unit",
]  # fmt: skip

_PLACES = {
    "NOTHING_KNOWN": "assumptions", "Assumptions": "assumptions", "feedback_kinds": "assumptions", "Compiler": "compiler",
    "Request": "compiler", "Installed": "installed", "install": "installed", "NotCompiled": "lowering", "Support": "support",
    "support_unit": "support",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    # Loading compiled code takes one module of this package, and no time for the others.
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
