"""Running a compiled program: a thread with a large stack, the ticker that asks for polls, and an orderly end.

What must hold: output that the program wrote has reached ``output`` before any error leaves; Ctrl-C arrives on the main thread and
stops the program through its context.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pagoda.languages.ruff.compile.program import CompiledProgram
from pagoda.languages.ruff.execute.machine_code import image
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH
from pagoda.languages.ruff.walk.limits import Limits as RunLimits
from pagoda.native.threads import run_with_big_stack
from pagoda.runtime.ticker import ticker

if TYPE_CHECKING:
    from pagoda.languages.protocol import Limits
    from pagoda.machine.source import Source


def run_compiled(
    compiled: CompiledProgram, source: Source, *, output: Callable[[str], Any], error_output: Callable[[str], Any] | None = None,
    limits: Limits | None = None, args: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Loads, runs and closes a program. Raises what it ends with."""
    fuel = limits.fuel if limits else None
    timeout = limits.timeout if limits else None
    depth = limits.max_depth if limits and limits.max_depth is not None else DEFAULT_MAX_DEPTH
    memory = limits.memory if limits else None
    code = image()

    def run() -> None:
        program = LoadedProgram(compiled, code, RunLimits(fuel, timeout, depth), write=output, args=args, memory=memory)
        program.state.source = source
        program.state.error_output = error_output
        started.append(program)
        address = program.context + program.fields["poll_word"][1]
        ticker().add(address)
        try:
            program.run()
        finally:
            ticker().remove(address)
            program.close()

    started: list[LoadedProgram] = []

    def interrupt() -> None:
        for program in started:
            program.stop(3)

    run_with_big_stack(run, interrupt=interrupt)
