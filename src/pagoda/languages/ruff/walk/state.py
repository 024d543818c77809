"""What one run of the evaluator holds: globals, struct definitions, output, budget; and the context that builtins get.

Frames are plain lists: ``[depth, function, caller's frame, slot 0, slot 1, ...]``. Depth is carried downward rather than
counted up and down, so that leaving a call by an error needs no repair.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.errors import RuffError, Span
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import (
    CONTAINERS,
    Array,
    Builtin,
    Bytes,
    Dict,
    GuestFunction,
    Queue,
    Set,
    Stack,
    Struct,
    StructDefinition,
    Value,
)
from pagoda.languages.ruff.walk.limits import Budget, Limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Frame = list[Any]
    Closure = Callable[[Frame], Any]
else:
    Frame, Closure = list, Callable

DEPTH, FUNCTION, CALLER, BASE = 0, 1, 2, 3
"""The fixed positions of a frame; slot ``i`` is at ``BASE + i``."""
STACK_SHOWN = 255
"""The innermost calls that an error shows to a handler: as many as every storey keeps."""


class Signal:
    """What a statement closure returns when no value is being returned from the function."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


NORMAL = Signal("normal")
BREAK = Signal("break")
CONTINUE = Signal("continue")

NOT_CALLABLE = (
    "Cannot call non-function; the value being called is not callable. "
    "Pass a function, closure, or imported callable value instead."
)


class EarlyReturn(BaseException):
    """``?`` leaves the function with a value; caught by the body of that very function."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class Function(GuestFunction):
    """A function of the guest: translated body plus the cells that it captured. Identity is the value's identity.

    ``source``: that of the module it stands in, or ``None`` in the program itself.
    """

    __slots__ = ("arity", "body", "cells", "code", "name", "pad", "source")

    def __init__(
        self, name: str, arity: int, body: Closure, pad: list[None], cells: list[Value], code: tree.Function, source: Any = None
    ) -> None:
        self.name = name
        self.arity = arity
        self.body = body
        self.pad = pad
        self.cells = cells
        self.code = code
        self.source = source


def arity_error(name: str, expected: int, given: int) -> RuffError:
    """The error for a wrong number of arguments."""
    return RuffError(f"{name} expects {expected} arguments, got {given}")


def depth_error(limit: int, name: str) -> RuffError:
    """The error for calls nested too deeply."""
    return RuffError(f"Maximum VM call stack depth of {limit} exceeded while calling {name}")


def builtin_arity_error(builtin: Builtin, given: int) -> RuffError:
    """The error for a wrong number of arguments to a builtin."""
    if builtin.arity_text:
        return RuffError(builtin.arity_text)
    low, high = builtin.low, builtin.high
    if high < 0:
        return RuffError(f"{builtin.name} expects at least {low} arguments, got {given}")
    if high != low:
        return RuffError(f"{builtin.name} expects {low} to {high} arguments, got {given}")
    return arity_error(builtin.name, low, given)


def size_of(value: Value) -> int:
    """The number of items a builtin walks through, for fuel."""
    kind = value.__class__
    if kind is str:
        return len(value)
    if kind is Array or kind is Queue or kind is Stack:
        return len(value.items)
    if kind is Dict:
        return len(value.entries)
    if kind is Bytes:
        return len(value.data)
    if kind is Set:
        return len(value.members)
    return 0


class State(Budget):
    """One run. It is also the ``context`` of builtins: ``call``, ``write``, ``charge`` and the settings below.

    ``frame`` is the guest frame that called the builtin now running, ``span`` the place of that
    call; ``source`` has the text for positions.
    """

    __slots__ = (
        "arguments",
        "capabilities",
        "error_output",
        "frame",
        "globals",
        "input",
        "kinds",
        "source",
        "span",
        "storage",
        "structs",
        "tasks",
        "write",
    )

    def __init__(self, limits: Limits, write: Callable[[str], Any], arguments: tuple[str, ...] = ()) -> None:
        super().__init__(limits)
        self.globals: dict[str, Value] = {}
        self.structs: dict[str, StructDefinition] = {}
        self.write = write
        self.error_output: Callable[[str], Any] | None = None
        self.input: Callable[[str], str] | None = None
        self.capabilities: Any = None
        self.arguments = arguments
        self.storage: dict[str, Any] = {}
        self.tasks: Any = None
        self.source: Any = None
        self.frame: Frame = [0, None, None]
        self.span: Span = (0, 0)

    def task_storey(self) -> Any:
        """What the scheduler of tasks needs of this storey."""
        from pagoda.languages.ruff.walk.tasks import WalkTasks

        return WalkTasks(self)

    # -- calls -----------------------------------------------------------------------------------------------------

    def call(self, function: Value, arguments: list[Value]) -> Value:
        """Call any callable from a builtin, in the frame that called the builtin."""
        frame, span = self.frame, self.span
        for argument in arguments:
            if argument.__class__ in CONTAINERS:
                argument.shared = True
        try:
            return self.apply(function, arguments, frame, span)
        finally:
            self.frame, self.span = frame, span

    def apply(self, function: Value, arguments: list[Value], frame: Frame, span: Span) -> Value:
        """Call any callable. Arguments for a guest function must be marked shared where needed already."""
        if function.__class__ is Function:
            if function.arity != len(arguments):
                raise _at(arity_error(function.name, function.arity, len(arguments)), span)
            return self.enter(function, arguments, frame, span)
        if function.__class__ is Builtin:
            return self.call_builtin(function, arguments, frame, span)
        raise _at(RuffError(NOT_CALLABLE), span)

    def enter(self, function: Function, slots: list[Value], frame: Frame, span: Span) -> Value:
        """Run a guest function's body on its first slots: the receiver, if it is a method, and the arguments."""
        depth = frame[0] + 1
        if depth > self.max_depth:
            raise _at(depth_error(self.max_depth, function.name), span)
        self.left -= 1
        if self.left < 0:
            self.refill()
        try:
            result = function.body([depth, function, frame, *slots, *function.pad])
        except RuffError as error:
            error.leave(function.name, span, function.source)
            raise
        return None if result is NORMAL else result

    def call_builtin(self, builtin: Builtin, arguments: list[Value], frame: Frame, span: Span) -> Value:
        """Call a builtin: arity, fuel, sharing marks, and the place of its errors."""
        count = len(arguments)
        if count < builtin.low or count > builtin.high >= 0:
            raise _at(builtin_arity_error(builtin, count), span)
        if builtin.charge:
            units = 0
            for position in builtin.charge:
                if position < count:
                    units += size_of(arguments[position])
            if units >= 64:
                self.charge(units >> 6)
        if builtin.keeps:
            for position, argument in enumerate(arguments):
                if argument.__class__ in CONTAINERS:
                    if position:
                        argument.shared = True
                    else:
                        argument.loose = True
        try:
            if builtin.needs_context:
                self.frame, self.span = frame, span
                result = builtin.call(self, *arguments)
            else:
                result = builtin.call(*arguments)
        except RuffError as error:
            if error.span is None:
                error.span = span
                error.from_builtin = True
            raise
        if builtin.returns_part and result.__class__ in CONTAINERS:
            result.shared = True
        return result

    def call_method(self, receiver: Struct, name: str, arguments: list[Value], frame: Frame, span: Span) -> Value:
        """Call a method that the struct's definition has."""
        method = self.structs[receiver.name].methods[name]
        if method.arity != len(arguments):
            raise _at(arity_error(method.name, method.arity, len(arguments)), span)
        return self.enter(method, [receiver, *arguments], frame, span)

    def has_method(self, value: Value, name: str) -> bool:
        """Whether the value is a struct whose definition has the method."""
        if value.__class__ is not Struct:
            return False
        definition = self.structs.get(value.name)
        return definition is not None and name in definition.methods


def _at(error: RuffError, span: Span) -> RuffError:
    error.span = span
    return error


def guest_stack(frame: Frame) -> list[str]:
    """The names of the functions that are running, outermost first."""
    names: list[str] = []
    current: Frame | None = frame
    while current is not None:
        function = current[FUNCTION]
        if function is not None and function.name:
            names.append(function.name)
        current = current[CALLER]
    names.reverse()
    return names


def error_value(error: RuffError, frame: Frame) -> Struct:
    """What ``except e`` binds, given the frame of the handler."""
    if error.from_builtin:
        names: list[Value] = []
    else:
        names = [*guest_stack(frame), *(name for name, _ in reversed(error.stack))][-STACK_SHOWN:]
    fields: dict[str, Value] = {"message": error.message, "stack": Array(names, loose=False), "line": 0}
    if error.has_cause:
        fields["cause"] = error.cause
    return Struct("Error", fields)
