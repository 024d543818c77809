"""What the scheduler of tasks needs of the walker: the state of a task is the running frame and its copy of the globals.

A task sees the globals as they were when it was made, and what it assigns to them is its own. A module that is loaded later
it sees as it was at the end of its loading, whoever loaded it.
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
        self.known = {id(table) for table in self.tables()}  # the tables that are the running task's own
        self.finished: dict[int, dict[str, Value]] = {}  # of modules, as they were at the end of their loading

    def tables(self) -> list[dict[str, Value]]:
        """The globals of the program and of its modules."""
        modules = self.state.storage.get("modules")
        return [self.state.globals, *(() if modules is None else modules.tables)]

    def own(self) -> dict[int, dict[str, Value]]:
        """Copies of the tables; not of a module that another task is loading, which is nobody else's yet."""
        modules = self.state.storage.get("modules")
        others = {id(table) for table in modules.begun_by_others(self.state.tasks)} if modules is not None else set()
        others -= self.known
        return {id(table): dict(table) for table in self.tables() if id(table) not in others}

    def keep(self, table: dict[str, Value]) -> None:
        """The module with these globals is loaded."""
        _share(table)
        self.finished[id(table)] = dict(table)

    def fresh(self) -> Saved:
        for table in self.tables():
            _share(table)
        return [0, None, None], (0, 0), self.own()

    def save(self) -> Saved:
        return self.state.frame, self.state.span, self.own()

    def load(self, saved: Saved) -> None:
        self.state.frame, self.state.span, contents = saved
        self.known = set(contents)
        for table in self.tables():
            kept = contents.get(id(table), self.finished.get(id(table)))
            if kept is not None:  # else a module that another task is loading
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


def _share(table: dict[str, Value]) -> None:
    for value in table.values():
        if value.__class__ in CONTAINERS:
            value.shared = True
