"""What the scheduler of tasks needs of the walker: the state of a task is the running frame and its copy of the globals.

A task sees the globals as they were when it was made, and what it assigns to them is its own.
"""

from __future__ import annotations

from pagoda.languages.ruff.library.registry import MISSING, lookup
from pagoda.languages.ruff.values import CONTAINERS, Value
from pagoda.languages.ruff.walk.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Saved = tuple[Any, Any, dict[int, dict[str, Value]]]


class WalkTasks:
    """The walker's side of :class:`pagoda.languages.ruff.tasks.Scheduler`."""

    def __init__(self, state: State) -> None:
        self.state = state

    def tables(self) -> list[dict[str, Value]]:
        """The globals of the program and of its modules."""
        modules = self.state.storage.get("modules")
        return [self.state.globals, *(() if modules is None else modules.tables)]

    def fresh(self) -> Saved:
        for table in self.tables():
            for value in table.values():
                if value.__class__ in CONTAINERS:
                    value.shared = True
        return [0, None, None], (0, 0), {id(table): dict(table) for table in self.tables()}

    def save(self) -> Saved:
        return self.state.frame, self.state.span, {id(table): dict(table) for table in self.tables()}

    def load(self, saved: Saved) -> None:
        self.state.frame, self.state.span, contents = saved
        for table in self.tables():
            kept = contents.get(id(table))
            if kept is not None:  # else a module that was loaded meanwhile: its globals are as they are
                for name in table.keys() - kept.keys():
                    table[name] = lookup(name)  # a builtin that was first met meanwhile, or a variable of another task
                    if table[name] is MISSING:
                        del table[name]
                table.update(kept)

    def drop(self, saved: Any) -> None:
        """Python gives it up."""

    def run(self, body: Any) -> Value:
        return self.state.apply(body, [], self.state.frame, body.code.span)

    def poll(self) -> None:
        self.state.poll()
