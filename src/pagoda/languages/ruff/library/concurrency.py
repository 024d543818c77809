"""Promises, tasks, channels and shared values.

Async functions run to their end when called, so a promise is always settled. Tasks and channels switch only where a storey
says so: the storey puts ``wait(condition)`` into ``context.storage["wait"]``; without it a wait that cannot end is a
deadlock error.
"""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, int_of, text_of
from pagoda.languages.ruff.library.higher import settled
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.operators import add
from pagoda.languages.ruff.values import Array, Handle, Promise, Value, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Channel(Handle):
    """A queue between tasks."""

    __slots__ = ("waiting",)
    type_name = "channel"

    def __init__(self) -> None:
        self.waiting: list[Value] = []


def _send(context: Any, channel: Channel, arguments: list[Value]) -> None:
    if len(arguments) != 1:
        raise RuffError(f"Channel.send expects 1 arguments, got {len(arguments)}")
    channel.waiting.append(share(arguments[0]))


def _receive(context: Any, channel: Channel, arguments: list[Value]) -> Value:
    if arguments:
        raise RuffError(f"Channel.receive expects 0 arguments, got {len(arguments)}")
    wait = context.storage.get("wait")
    if not channel.waiting and wait is not None:
        wait(lambda: bool(channel.waiting))
    if not channel.waiting:
        raise RuffError("Deadlock: every task is waiting")
    return channel.waiting.pop(0)


Channel.methods = {"send": _send, "receive": _receive}


@builtin("channel", 0)
def channel() -> Channel:
    """A new channel."""
    return Channel()


@builtin("promise_all", 1, 2, also=("await_all",), keeps=True)
def promise_all(promises: Value, limit: Value = None) -> Promise:
    """A promise of all results, in order."""
    return Promise(Array([settled(promise) for promise in array_of("promise_all", promises).items]))


@builtin("async_sleep", 1, needs_context=True)
def async_sleep(context: Any, milliseconds: Value) -> Promise:
    """A promise of null after a while."""
    from pagoda.languages.ruff.library.clock import sleep

    sleep(context, milliseconds)
    return Promise(None)


@builtin("async_timeout", 2)
def async_timeout(promise: Value, milliseconds: Value) -> Value:
    """The promise; being settled, it is never late."""
    return promise


@builtin("spawn_task", 1, needs_context=True)
def spawn_task(context: Any, function: Value) -> Value:
    """Run an async function as a task."""
    result = context.call(function, [])
    return result if isinstance(result, Promise) else Promise(result)


@builtin("await_task", 1)
def await_task(task: Value) -> Value:
    """The task's promise, to be awaited."""
    return task


@builtin("cancel_task", 1)
def cancel_task(task: Value) -> bool:
    """Whether a task could still be stopped; one that has ended cannot."""
    return False


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
