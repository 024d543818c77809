"""Running a compiled program: a thread with a large stack, the ticker that asks for polls, and an orderly end.

What must hold: output that the program wrote has reached ``output`` before any error leaves; Ctrl-C arrives on the
main thread and
stops the program through its context.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from pagoda.languages.ruff.compile.program import CompiledProgram
from pagoda.languages.ruff.ending import with_tasks
from pagoda.languages.ruff.execute.machine_code import image
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH
from pagoda.languages.ruff.walk.limits import Limits as RunLimits
from pagoda.machine.linker import TooLarge
from pagoda.native.threads import run_with_big_stack
from pagoda.runtime.ticker import ticker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.grants import Grants
    from pagoda.languages.protocol import Limits
    from pagoda.machine.promotion.settings import Settings
    from pagoda.machine.source import Source


class DoesNotFit(Exception):
    """A function has more variables or constants than an instruction can name. Nothing has run yet."""


PYTHON_FRAMES = 12  # of Python, between two guest functions of which one calls the other through a builtin


def run_compiled(
    compiled: CompiledProgram, source: Source, *, output: Callable[[str], Any], error_output: Callable[[str], Any] |
    None = None,
    limits: Limits | None = None, args: tuple[str, ...] = (), grants: Grants | None = None,
    promotion: tuple[Settings, Callable[..., None]] | None = None,
) -> None:  # fmt: skip
    """Loads, runs and closes a program. Raises what it ends with, or :class:`DoesNotFit` instead of beginning.

    ``promotion``: how its code is promoted, and who is told.
    """
    fuel = limits.fuel if limits else None
    timeout = limits.timeout if limits else None
    depth = limits.max_depth if limits and limits.max_depth is not None else DEFAULT_MAX_DEPTH
    memory = limits.memory if limits else None
    counted = limits is not None and limits.max_depth is not None
    bounds = RunLimits(fuel, timeout, depth, memory)
    try:
        program = LoadedProgram(compiled, image(), bounds, write=output, args=args, memory=memory, counted=counted)
    except TooLarge as large:
        raise DoesNotFit(str(large)) from None
    program.state.source = source
    program.state.error_output = error_output
    program.state.capabilities = grants
    if promotion is not None:
        program.promote(*promotion)
    run_loaded(program)


def run_loaded(program: LoadedProgram, closed: Callable[[int], Any] | None = None) -> None:
    """Runs a loaded program and closes it; ``closed`` is told how many objects the program left alive."""

    def run() -> None:
        try:
            with_tasks(program.run, program.state)
        finally:
            left = program.close()
            if closed is not None:
                closed(left)

    attended(program, run)


def attended(program: LoadedProgram, action: Callable[[], Any]) -> None:
    """Does something with a loaded program on a large stack, with limits and interrupts watched."""

    def run() -> None:
        watch = None if program.limits.memory is None else MemoryWatch(program, program.limits.memory)
        address = program.context + program.fields["poll_word"]
        ticker().add(address)
        try:
            action()
        finally:
            ticker().remove(address)
            if watch is not None:
                watch.end()

    # Room for guest functions that builtins call, inside each other: each takes some frames of Python.
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, program.limits.max_depth * PYTHON_FRAMES + 1_000))
    try:
        run_with_big_stack(run, interrupt=lambda: program.stop(3))
    finally:
        sys.setrecursionlimit(before)


class MemoryWatch:
    """Looks every few milliseconds how much the process has grown, and stops the program when that is too much.

    The heap has an exact cap of its own. Strings and what builtins make lie in CPython's memory, which nobody counts: this
    is their cap. It runs whenever the program polls.
    """

    PERIOD = 0.01

    def __init__(self, program: LoadedProgram, limit: int) -> None:
        import _thread

        self.program, self.most = program, memory_in_use() + limit
        self.over = _thread.allocate_lock()
        self.over.acquire()
        self.gone = _thread.allocate_lock()
        self.gone.acquire()
        _thread.start_new_thread(self.look, ())

    def look(self) -> None:
        while not self.over.acquire(timeout=self.PERIOD):
            if memory_in_use() > self.most:
                self.program.stop(4)
                break
        self.gone.release()

    def end(self) -> None:
        """Ends the watch; the program's context may go away afterwards."""
        self.over.release()
        self.gone.acquire()


def memory_in_use() -> int:
    """Bytes of memory that the process has now; where the system does not say, the most it ever had."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * 4096
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
