"""Tasks that pass a baton: ``spawn`` queues a block; it runs when the running task waits for a channel, or at the end.

Exactly one task runs at a time. A task that waits runs others on top of itself until what it waits for is there; what
waits below can go on only when those above have ended or wait in vain, which is then a deadlock error.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.walk.state import Function, State


def start_task(state: State, function: Function) -> None:
    """Queue a task; it begins when the running one waits or ends."""
    queue: list[Function] = state.storage.setdefault("tasks", [])
    queue.append(function)
    frame = state.frame[:3]

    def run_next() -> None:
        state.apply(queue.pop(0), [], frame, function.code.span)

    def wait(condition: Callable[[], bool]) -> None:
        while queue and not condition():
            run_next()

    def finish() -> None:
        while queue:
            run_next()

    state.storage["wait"] = wait
    state.storage["finish"] = finish
