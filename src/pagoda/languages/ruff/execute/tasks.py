"""What the scheduler of tasks needs of the vm: each task has a register stack and globals of its own, in the one context.

The context's address is in the registers of every native frame, so a switch exchanges what the context and the table of globals
hold. What must hold: what a task does not own (fuel, limits, code, the heap) is never exchanged; a state that was saved owns
the references in its globals. A module that is loaded when there are tasks brings globals that older states do not have: those
find them as they were at the end of its loading.
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
    """The state of a task that does not run. ``words`` is ``None`` until it has begun.

    ``rows``: its globals, each row with the number of its first; those of modules that other tasks were loading are left out.
    ``known``: the places of the modules that were being loaded and are not left out.
    """

    __slots__ = ("frame", "known", "rows", "span", "stack", "words")

    def __init__(self, rows: list[tuple[int, Any]], known: set[tuple[int, int]], frame: Any, span: Any) -> None:
        self.rows, self.known, self.frame, self.span = rows, known, frame, span
        self.words: list[int] | None = None
        self.stack: mmap.mmap | None = None


class VmTasks:
    """The vm's side of :class:`pagoda.languages.ruff.tasks.Scheduler`."""

    def __init__(self, program: LoadedProgram) -> None:
        self.program = program
        self.places = [program.fields[name] + 8 * word for name, count in OWN.items() for word in range(count)]
        self.stack: mmap.mmap | None = None
        self.common = program.globals_made  # globals that every state has; further ones stay owned by the row as well
        self.known: set[tuple[int, int]] = set()  # of the running task
        self.finished: dict[int, Any] = {}  # rows of modules, by their first global, as they were at the end of their loading

    def copy(self, first: int, end: int) -> Any:
        """A row of the globals, whose references are not its own."""
        words = 2 * (end - first)
        row = (ctypes.c_int64 * words)()
        ctypes.memmove(row, self.program.get("globals") + 16 * first, 8 * words)
        return row

    def own(self) -> tuple[list[tuple[int, Any]], set[tuple[int, int]]]:
        """The running task's globals in rows, and the modules being loaded that are among them.

        A module that another task is loading is nobody else's yet.
        """
        loaded = self.program.loaded_modules
        if loaded is None:
            return [(0, self.copy(0, self.program.globals_made))], self.known
        files = loaded.files
        others = [place for place in files.begun_by_others(self.program.state.tasks) if place[0] >= self.common]
        rows, start = [], 0
        for first, end in sorted(place for place in others if place not in self.known):
            if start < first:
                rows.append((start, self.copy(start, first)))
            start = end
        rows.append((start, self.copy(start, self.program.globals_made)))
        mine = {module.place for module in files.loading.values() if module.place is not None and module.place not in others}
        return rows, mine | self.known

    def keep(self, first: int, end: int) -> list[tuple[int, int]]:
        """The module with these globals is loaded. Gives the values that are kept here, each with a reference."""
        row = self.finished[first] = self.copy(first, end)
        self.program.retain_row(row)
        return list(zip(row[::2], row[1::2], strict=True))

    def fresh(self) -> Saved:
        rows, known = self.own()
        for _, row in rows:
            self.program.retain_row(row)
        return Saved(rows, known, [0, None, None], (0, 0))

    def save(self) -> Saved:
        state = self.program.state
        saved = Saved(*self.own(), state.frame, state.span)
        for first, row in saved.rows:
            self.program.retain_row(row, min(max(self.common - first, 0), len(row) >> 1))
        at = self.program.context
        saved.words = [ctypes.c_int64.from_address(at + place).value for place in self.places]
        saved.stack, self.stack = self.stack, None
        return saved

    def load(self, saved: Saved) -> None:
        program = self.program
        program.state.frame, program.state.span = saved.frame, saved.span
        self.known = saved.known
        before = self.copy(0, program.globals_made)
        rows = saved.rows
        for first, row in self.finished.items():
            if not any(start <= first < start + (len(other) >> 1) for start, other in saved.rows):
                program.retain_row(row)
                rows = [*rows, (first, row)]
        for first, row in rows:
            ctypes.memmove(program.get("globals") + 16 * first, row, ctypes.sizeof(row))
        at = program.context
        for place, word in zip(self.places, saved.words or [0] * len(self.places), strict=True):
            ctypes.c_int64.from_address(at + place).value = word
        self.stack = saved.stack
        if saved.words is None:
            self.stack = program.lay_stack()
        for first, row in rows:
            program.release_row(before, max(first, self.common), first + (len(row) >> 1))

    def drop(self, saved: Saved) -> None:
        for _, row in saved.rows:
            self.program.release_row(row)
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
