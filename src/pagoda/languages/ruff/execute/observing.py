"""A run on the native storeys that somebody looks at before its memory goes away: at its fuel, at what its code has seen.

What must hold: the program runs as :func:`pagoda.languages.ruff.vm.run_program` would run it; whoever looks does so once,
however the run ended, after the program's last instruction and before anything is given back.
"""

from __future__ import annotations

from pagoda.languages.ruff.ending import with_tasks
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.execute.machine_code import image
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.execute.run import attended
from pagoda.languages.ruff.vm import compiled
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.machine.linker import TooLarge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pagoda.languages.protocol import RunRequest
    from pagoda.languages.ruff.syntax import tree
    from pagoda.machine.promotion.settings import Settings
    from pagoda.machine.source import Source


def observe(
    program: tree.Program, source: Source, request: RunRequest, look: Callable[[LoadedProgram], None],
    promotion: tuple[Settings, Callable[..., None]] | None = None, ready: Callable[[LoadedProgram], None] | None = None,
) -> None:  # fmt: skip
    """Runs a resolved program and shows it to ``look`` at its end, and to ``ready`` before its beginning.

    ``promotion``: how its code comes to be compiled, and who is told. Raises what the program ends with, ``RuffError`` also
    where it does not fit this storey.
    """
    asked = request.limits
    counted = asked.max_depth is not None
    depth = DEFAULT_MAX_DEPTH if asked.max_depth is None else asked.max_depth
    limits = Limits(asked.fuel, asked.timeout, depth, asked.memory)
    made = compiled(program, source)
    try:
        loaded = LoadedProgram(
            made, image(), limits, write=request.output, args=tuple(request.args), memory=asked.memory, counted=counted
        )
    except TooLarge as large:
        raise RuffError(f"{large} for this storey") from None
    loaded.state.source = source
    loaded.state.error_output = request.error_output
    loaded.state.capabilities = request.grants
    try:
        if promotion is not None:
            loaded.promote(*promotion)
        if ready is not None:
            ready(loaded)
    except BaseException:
        loaded.close()
        raise

    def run() -> None:
        try:
            with_tasks(loaded.run, loaded.state)
        finally:
            try:
                look(loaded)
            finally:
                loaded.close()

    attended(loaded, run)
