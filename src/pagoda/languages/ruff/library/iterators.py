"""Iterators: ``array.filter(f).map(g).take(n).collect()`` and ``.next()``, over arrays and generators. Lazy, single use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import int_of
from pagoda.languages.ruff.values import Array, Handle, ResultValue, Value, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Iteration(Handle):
    """A lazy stream of values. ``advance`` gives the next value or raises ``StopIteration``."""

    __slots__ = ("advance",)
    type_name = "iterator"

    def __init__(self, advance: Callable[[], Value]) -> None:
        self.advance = advance


def stream_of(value: Value) -> Iteration | None:
    """The value as a stream: an iterator or generator itself, or a walk over an array."""
    if isinstance(value, Iteration):
        return value
    if isinstance(value, Array):
        items = value.items
        value.loose = True
        position = 0
        value.shared = True

        def advance() -> Value:
            nonlocal position
            if position >= len(items):
                raise StopIteration
            position += 1
            return share(items[position - 1])

        return Iteration(advance)
    return None


def iterator_over(context: Any, value: Value) -> Iteration | None:
    """As :func:`stream_of`; the name under which method calls on arrays come in."""
    return stream_of(value)


def items_of(context: Any, value: Value, frame: Any = None, span: Any = None) -> Iterator[Value] | None:
    """What ``for`` walks over for a stream; ``frame`` and ``span``, where given, tell who asks for each item."""
    if not isinstance(value, Iteration):
        return None
    return _walk(context, value, frame, span)


class _walk:
    """A Python iterator over a stream (no generator: guest code may recurse through it)."""

    __slots__ = ("context", "frame", "span", "stream")

    def __init__(self, context: Any, stream: Iteration, frame: Any, span: Any) -> None:
        self.context = context
        self.stream = stream
        self.frame = frame
        self.span = span

    def __iter__(self) -> _walk:
        return self

    def __next__(self) -> Value:
        if self.frame is not None:
            self.context.frame, self.context.span = self.frame, self.span
        try:
            return self.stream.advance()
        except RuffError as error:
            if error.span is None:
                error.span = self.span
                error.from_builtin = True
            raise


def _arguments(name: str, arguments: list[Value], expected: int) -> None:
    if len(arguments) != expected:
        raise RuffError(f"{name} expects {expected} arguments, got {len(arguments)}")


def _map(context: Any, receiver: Iteration, arguments: list[Value]) -> Iteration:
    _arguments("map", arguments, 1)
    function = arguments[0]
    return Iteration(lambda: context.call(function, [receiver.advance()]))


def _filter(context: Any, receiver: Iteration, arguments: list[Value]) -> Iteration:
    _arguments("filter", arguments, 1)
    function = arguments[0]

    def advance() -> Value:
        while True:
            item = receiver.advance()
            if context.call(function, [item]) is True:
                return item

    return Iteration(advance)


def _take(context: Any, receiver: Iteration, arguments: list[Value]) -> Iteration:
    _arguments("take", arguments, 1)
    left = int_of("take", arguments[0])

    def advance() -> Value:
        nonlocal left
        if left <= 0:
            raise StopIteration
        left -= 1
        return receiver.advance()

    return Iteration(advance)


def _collect(context: Any, receiver: Iteration, arguments: list[Value]) -> Array:
    _arguments("collect", arguments, 0)
    items = []
    while True:
        context.charge(1)
        try:
            items.append(receiver.advance())
        except StopIteration:
            return Array(items)


def _next(context: Any, receiver: Iteration, arguments: list[Value]) -> ResultValue:
    _arguments("next", arguments, 0)
    try:
        return ResultValue("Some", share(receiver.advance()))
    except StopIteration:
        return ResultValue("None")


Iteration.methods = {"map": _map, "filter": _filter, "take": _take, "collect": _collect, "next": _next}
