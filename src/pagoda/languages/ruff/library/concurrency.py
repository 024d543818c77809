"""Promises, tasks, channels and shared values.

Tasks pass a baton (:mod:`pagoda.languages.ruff.tasks`): whoever waits here lets others run. An async function runs to its end
when it is called, on the task that calls it.
"""

from __future__ import annotations

import time
from collections import deque

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, int_of, number_of, text_of
from pagoda.languages.ruff.library.capabilities import require
from pagoda.languages.ruff.library.promises import All, Moment, TaskEnd, Within
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.operators import add
from pagoda.languages.ruff.tasks import DEADLOCK, Task, scheduler_of
from pagoda.languages.ruff.values import GuestFunction, Handle, Promise, Value, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Channel(Handle):
    """A queue between tasks: values that were sent, or tasks that wait for one."""

    __slots__ = ("receivers", "sent")
    type_name = "channel"

    def __init__(self) -> None:
        self.sent: deque[Value] = deque()
        self.receivers: list[Task] = []


def _send(context: Any, channel: Channel, arguments: list[Value]) -> None:
    if len(arguments) != 1:
        raise RuffError(f"Channel.send expects 1 arguments, got {len(arguments)}")
    channel.sent.append(share(arguments[0]))
    if channel.receivers:
        context.tasks.wake(channel.receivers.pop(0))


def _receive(context: Any, channel: Channel, arguments: list[Value]) -> Value:
    if arguments:
        raise RuffError(f"Channel.receive expects 0 arguments, got {len(arguments)}")
    while not channel.sent:
        if context.tasks is None:
            raise RuffError(DEADLOCK)
        context.tasks.wait(channel.receivers)
    return channel.sent.popleft()


Channel.methods = {"send": _send, "receive": _receive}


@builtin("channel", 0)
def channel() -> Channel:
    """A new channel."""
    return Channel()


@builtin("promise_all", 1, 2, also=("await_all",), keeps=True)
def promise_all(promises: Value, limit: Value = None) -> Promise:
    """A promise of all results, in order."""
    return Promise(None, None, All(list(array_of("promise_all", promises).items)))


@builtin("async_sleep", 1, needs_context=True)
def async_sleep(context: Any, milliseconds: Value) -> Promise:
    """A promise of null after a while."""
    require(context, "clock", "async_sleep")
    return Promise(None, None, Moment(time.monotonic() + _milliseconds("async_sleep", milliseconds)))


@builtin("async_timeout", 2, needs_context=True)
def async_timeout(context: Any, promise: Value, milliseconds: Value) -> Value:
    """A promise of what another gives, which fails if that takes too long."""
    require(context, "clock", "async_timeout")
    seconds = _milliseconds("async_timeout", milliseconds)
    if promise.__class__ is not Promise or promise.pending is None:
        return promise
    message = f"Operation timed out after {round(seconds * 1000)}ms"
    return Promise(None, None, Within(promise, time.monotonic() + seconds, message))


def _milliseconds(name: str, value: Value) -> float:
    amount = number_of(name, value)
    if not 0 <= amount < 1e15:
        raise RuffError(f"{name}() requires a non-negative number of milliseconds")
    return float(amount) / 1000.0


@builtin("spawn_task", 1, needs_context=True)
def spawn_task(context: Any, function: Value) -> Value:
    """A promise of what a function without parameters gives; it runs as a task of its own."""
    if not isinstance(function, GuestFunction):
        raise RuffError("spawn_task() requires a function")
    task = scheduler_of(context).spawn(function, detached=False)
    return Promise(None, None, TaskEnd(task))


@builtin("await_task", 1)
def await_task(task: Value) -> Value:
    """The task's promise, to be awaited."""
    return task


@builtin("cancel_task", 1, needs_context=True)
def cancel_task(context: Any, task: Value) -> bool:
    """Ends a task where it waits; whether it was still there."""
    if task.__class__ is not Promise:
        raise RuffError("cancel_task() requires a task")
    if not isinstance(task.pending, TaskEnd):
        return False
    return bool(context.tasks.cancel(task.pending.task))


def _shared(context: Any) -> dict[str, Value]:
    values: dict[str, Value] = context.storage.setdefault("shared", {})
    return values


@builtin("shared_set", 2, needs_context=True)
def shared_set(context: Any, key: Value, value: Value) -> bool:
    """Keep a value under a key for all tasks."""
    _shared(context)[text_of("shared_set", key)] = share(value)
    return True


@builtin("shared_get", 1, needs_context=True)
def shared_get(context: Any, key: Value) -> Value:
    """The value kept under a key."""
    name = text_of("shared_get", key)
    if name not in _shared(context):
        raise RuffError(f"Shared key not found: {name}")
    return _shared(context)[name]


@builtin("shared_has", 1, needs_context=True)
def shared_has(context: Any, key: Value) -> bool:
    """Whether there is a value under a key."""
    return text_of("shared_has", key) in _shared(context)


@builtin("shared_delete", 1, needs_context=True)
def shared_delete(context: Any, key: Value) -> bool:
    """Forget a key; whether it was there."""
    name = text_of("shared_delete", key)
    present = name in _shared(context)
    _shared(context).pop(name, None)
    return present


@builtin("shared_add_int", 2, needs_context=True)
def shared_add_int(context: Any, key: Value, amount: Value) -> int:
    """Add to a shared int; gives the sum."""
    name = text_of("shared_add_int", key)
    values = _shared(context)
    values[name] = add(int_of("shared_add_int", values.get(name, 0)), int_of("shared_add_int", amount))
    return int(values[name])


@builtin("set_task_pool_size", 1, needs_context=True)
def set_task_pool_size(context: Any, size: Value) -> int:
    """Set how many tasks may run at a time; gives the former number."""
    previous = int(context.storage.get("pool", 1))
    wanted = int_of("set_task_pool_size", size)
    if wanted < 1:
        raise RuffError("set_task_pool_size() requires a positive number")
    context.storage["pool"] = wanted
    return previous


@builtin("get_task_pool_size", 0, needs_context=True)
def get_task_pool_size(context: Any) -> int:
    """How many tasks may run at a time."""
    return int(context.storage.get("pool", 1))


@builtin("async_read_file", 1, needs_context=True)
def async_read_file(context: Any, path: Value) -> Promise:
    """A promise of a file's text."""
    from pagoda.languages.ruff.library.files import read_file

    try:
        return Promise(read_file(context, path))
    except RuffError as error:
        return Promise(None, error.message)


@builtin("async_write_file", 2, 3, needs_context=True)
def async_write_file(context: Any, path: Value, content: Value, options: Value = None) -> Promise:
    """A promise of a written file."""
    from pagoda.languages.ruff.library.files import write_file

    try:
        return Promise(write_file(context, path, content, options))
    except RuffError as error:
        return Promise(None, error.message)
