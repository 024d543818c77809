"""Promises that are not settled yet: what they wait for, and waiting for them.

What must hold: a promise is settled once, by whoever waits for it first or by a task's end; ``wait`` gives the baton to other
tasks meanwhile.
"""

from __future__ import annotations

import time

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.tasks import Task, pause
from pagoda.languages.ruff.values import Array, Promise, Value, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def settled(context: Any, value: Value) -> Value:
    """The value of a promise, waited for; anything else as it is. Raises ``RuffError`` for a promise that failed."""
    if value.__class__ is not Promise:
        return value
    settle(context, value, None)
    if value.error is not None:
        raise RuffError(f"Promise rejected: {value.error}")
    return value.value


def settle(context: Any, promise: Promise, deadline: float | None) -> bool:
    """Waits until the promise is settled, or until the deadline; whether it is settled."""
    pending = promise.pending
    if pending is None:
        return True
    if not pending.wait(context, promise, deadline):
        return False
    promise.pending = None
    return True


def wait_until(context: Any, end: float, deadline: float | None) -> bool:
    """Waits for a moment of the monotonic clock; whether it came before the deadline."""
    first = end if deadline is None else min(end, deadline)
    pause(context, first - time.monotonic())
    return deadline is None or end <= deadline


class Moment:
    """Null, at a moment of the monotonic clock."""

    def __init__(self, end: float) -> None:
        self.end = end

    def wait(self, context: Any, promise: Promise, deadline: float | None) -> bool:
        return wait_until(context, self.end, deadline)


class TaskEnd:
    """What a task gives, at its end."""

    def __init__(self, task: Task) -> None:
        self.task = task

    def wait(self, context: Any, promise: Promise, deadline: float | None) -> bool:
        task = self.task
        while not task.done:
            if task is context.tasks.current:
                raise RuffError("A task cannot wait for itself")
            if not context.tasks.wait(task.waiters, deadline) and not task.done:
                return False
        if task.error is not None:
            promise.error = task.error.message
        elif task.value.__class__ is Promise:  # of an async function
            settle(context, task.value, None)
            promise.value, promise.error = task.value.value, task.value.error
        else:
            promise.value = share(task.value)
        return True


class All:
    """The values of several promises, in order; the first failure in that order is the failure of all."""

    def __init__(self, parts: list[Value]) -> None:
        self.parts = parts

    def wait(self, context: Any, promise: Promise, deadline: float | None) -> bool:
        values = []
        for part in self.parts:
            if part.__class__ is not Promise:
                values.append(share(part))
                continue
            if not settle(context, part, deadline):
                return False
            if part.error is not None:
                promise.error = part.error
                return True
            values.append(share(part.value))
        promise.value = Array(values)
        return True


class Within:
    """What another promise gives, unless a moment comes first."""

    def __init__(self, inner: Promise, end: float, message: str) -> None:
        self.inner, self.end, self.message = inner, end, message

    def wait(self, context: Any, promise: Promise, deadline: float | None) -> bool:
        first = self.end if deadline is None else min(self.end, deadline)
        if settle(context, self.inner, first):
            promise.value, promise.error = self.inner.value, self.inner.error
            return True
        if first == self.end:
            promise.error = self.message
            return True
        return False


