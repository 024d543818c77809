"""What the scheduler of tasks needs of the vm: each task has a register stack and globals of its own, in the one context.

The context's address is in the registers of every native frame, so a switch exchanges what the context and the table of globals
hold. What must hold: what a task does not own (fuel, limits, code, the heap) is never exchanged; a state that was saved owns
the references in its globals. A module that is loaded when there are tasks brings globals that older states do not have: for
those, they stay as they are.
"""

from __future__ import annotations

import ctypes

from pagoda.languages.ruff.ending import Cancelled
from pagoda.languages.ruff.execute.host import CANCELLED, VmFunction
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    import mmap
    from typing import Any

    from pagoda.languages.ruff.execute.program import LoadedProgram

#: The context's fields that belong to a task, and how many words each has.
OWN = {
    "stack_start": 1, "stack_end": 1, "exact_end": 1, "frame": 1, "outer": 1, "raised": 1, "resume_pc": 1,
    "resume_registers": 1,
    "trace_count": 1, "trace_depth": 1, "trace_kept": 1, "depth": 1, "result": 2, "error_kind": 1, "error_a": 2, "error_b": 2,
    "asked": 1,
}  # fmt: skip


class Saved:
    """The state of a task that does not run. ``words`` is ``None`` until it has begun."""

    __slots__ = ("frame", "globals", "span", "stack", "words")

    def __init__(self, globals: Any, frame: Any, span: Any) -> None:
        self.globals, self.frame, self.span = globals, frame, span
        self.words: list[int] | None = None
        self.stack: mmap.mmap | None = None


class VmTasks:
    """The vm's side of :class:`pagoda.languages.ruff.tasks.Scheduler`."""

    def __init__(self, program: LoadedProgram) -> None:
        self.program = program
        self.places = [program.fields[name] + 8 * word for name, count in OWN.items() for word in range(count)]
        self.stack: mmap.mmap | None = None
        self.common = program.globals_made  # globals that every state has; further ones stay owned by the row as well

    def copy_of_globals(self) -> Any:
        words = 2 * self.program.globals_made
        row = (ctypes.c_int64 * words)()
        ctypes.memmove(row, self.program.get("globals"), 8 * words)
        return row

    def fresh(self) -> Saved:
        row = self.copy_of_globals()
        self.program.retain_row(row)
        return Saved(row, [0, None, None], (0, 0))

    def save(self) -> Saved:
        state = self.program.state
        saved = Saved(self.copy_of_globals(), state.frame, state.span)
        self.program.retain_row(saved.globals, self.common)
        at = self.program.context
        saved.words = [ctypes.c_int64.from_address(at + place).value for place in self.places]
        saved.stack, self.stack = self.stack, None
        return saved

    def load(self, saved: Saved) -> None:
        program = self.program
        program.state.frame, program.state.span = saved.frame, saved.span
        before = self.copy_of_globals()
        ctypes.memmove(program.get("globals"), saved.globals, ctypes.sizeof(saved.globals))
        at = program.context
        for place, word in zip(self.places, saved.words or [0] * len(self.places), strict=True):
            ctypes.c_int64.from_address(at + place).value = word
        self.stack = saved.stack
        if saved.words is None:
            self.stack = program.lay_stack()
        program.release_row(before, self.common, len(saved.globals) >> 1)

    def drop(self, saved: Saved) -> None:
        self.program.release_row(saved.globals)
        saved.stack = None

    def run(self, body: VmFunction) -> Value:
        try:
            return self.program.start_task(body)
        except Cancelled:
            if self.program.get("stop") == CANCELLED:
                self.program.set("stop", 0)
            raise

    def poll(self) -> None:
        self.program.poll()
