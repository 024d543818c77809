"""Running a compiled program: a thread with a large stack, the ticker that asks for polls, and an orderly end.

What must hold: output that the program wrote has reached ``output`` before any error leaves; Ctrl-C arrives on the
main thread and
stops the program through its context.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from pagoda.languages.ruff.compile.program import CompiledProgram
from pagoda.languages.ruff.execute.machine_code import image
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH
from pagoda.languages.ruff.walk.limits import Limits as RunLimits
from pagoda.native.threads import run_with_big_stack
from pagoda.runtime.ticker import ticker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.protocol import Limits
    from pagoda.machine.source import Source

PYTHON_FRAMES = 12  # of Python, between two guest functions of which one calls the other through a builtin


def run_compiled(
    compiled: CompiledProgram, source: Source, *, output: Callable[[str], Any], error_output: Callable[[str], Any] |
    None = None,
    limits: Limits | None = None, args: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Loads, runs and closes a program. Raises what it ends with."""
    fuel = limits.fuel if limits else None
    timeout = limits.timeout if limits else None
    depth = limits.max_depth if limits and limits.max_depth is not None else DEFAULT_MAX_DEPTH
    memory = limits.memory if limits else None
    counted = limits is not None and limits.max_depth is not None
    program = LoadedProgram(compiled, image(), RunLimits(fuel, timeout, depth), write=output, args=args, memory=memory, counted=counted)
    program.state.source = source
    program.state.error_output = error_output
    run_loaded(program)


def run_loaded(program: LoadedProgram, closed: Callable[[int], Any] | None = None) -> None:
    """Runs a loaded program and closes it; ``closed`` is told how many objects the program left alive."""

    def run() -> None:
        address = program.context + program.fields["poll_word"]
        ticker().add(address)
        try:
            program.run()
        finally:
            ticker().remove(address)
            left = program.close()
            if closed is not None:
                closed(left)

    # Room for guest functions that builtins call, inside each other: each takes some frames of Python.
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, program.limits.max_depth * PYTHON_FRAMES + 1_000))
    try:
        run_with_big_stack(run, interrupt=lambda: program.stop(3))
    finally:
        sys.setrecursionlimit(before)
