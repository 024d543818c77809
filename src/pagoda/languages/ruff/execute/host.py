"""The host: what native code asks for everything that it cannot do itself, and where errors take their Python form.

Native code passes a service's number and values as Python objects; the answer goes back as a value. What must hold: no Python
exception leaves :meth:`Host.__call__`. A guest error is kept in ``pending`` and a limit in the context's ``stop``; the
answer is then
the object ``FAILED``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from pagoda.languages.ruff import operators
from pagoda.languages.ruff.compile.program import ImportRequest
from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.ending import Cancelled, ProgramEnded
from pagoda.languages.ruff.errors import ExitRequest, LimitError, RuffError
from pagoda.languages.ruff.library.iterators import Iteration
from pagoda.languages.ruff.library.registry import get
from pagoda.languages.ruff.operations import slow
from pagoda.languages.ruff.values import (
    Array,
    Builtin,
    Dict,
    GuestFunction,
    Promise,
    ResultValue,
    Struct,
    Tagged,
    Value,
)  # fmt: skip
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.ruff.execute.program import LoadedProgram

NO_PLACE = (-1, -1)  # of a call that Python made: it is where the native code around it called Python
FAILED = object()
END = object()
CANCELLED = 6  # Context.stop: the running task ends, and only that
FUNCTION_TAG, CLOSURE_TAG, GENERATOR_TAG = 6, 21, 24
RESULT_TAGS = {"Ok": "Result", "Err": "Result", "Some": "Option", "None": "Option"}
HOLE_TAG = 5
STOPS = {"fuel": 1, "timeout": 2, "interrupt": 3, "memory": 4}


class VmFunction(GuestFunction):
    """A guest function of this storey as Python sees it. A closure holds a reference, which it gives back when it dies."""

    __slots__ = ("name", "payload", "program", "tag")

    def __init__(self, program: LoadedProgram, tag: int, payload: int, name: str) -> None:
        self.program, self.tag, self.payload, self.name = program, tag, payload, name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VmFunction) and other.payload == self.payload

    def __hash__(self) -> int:
        return hash(self.payload)

    def __del__(self) -> None:
        if self.tag == CLOSURE_TAG:
            self.program.release(self.tag, self.payload)


class VmGenerator(Iteration):
    """A guest generator of this storey as Python sees it. It holds a reference, which it gives back when it dies."""

    __slots__ = ("name", "payload", "program")
    type_name = "generator"

    def __init__(self, program: LoadedProgram, payload: int, name: str) -> None:
        self.program, self.payload, self.name = program, payload, name

    def advance(self) -> Value:
        return self.program.advance(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VmGenerator) and other.payload == self.payload

    def __hash__(self) -> int:
        return hash(self.payload)

    def __del__(self) -> None:
        self.program.release(GENERATOR_TAG, self.payload)


class VmState(State):
    """The context that builtins get on this storey: guest calls and fuel go to the native machine."""

    __slots__ = ("program",)

    def __init__(self, program: LoadedProgram, limits: Limits, write: Callable[[str], Any], arguments: tuple[str, ...]) -> None:
        super().__init__(limits, write, arguments)
        self.program = program

    def call(self, function: Value, arguments: list[Value]) -> Value:
        return self.apply(function, arguments, self.frame, NO_PLACE)

    def apply(self, function: Value, arguments: list[Value], frame: Any, span: Any) -> Value:
        if isinstance(function, VmFunction):
            return self.program.call(function, arguments)
        return super().apply(function, arguments, frame, span)

    def task_storey(self) -> Any:
        from pagoda.languages.ruff.execute.tasks import VmTasks

        return VmTasks(self.program)

    def refill(self) -> None:
        """The evaluator's own counter is not used here; fuel is the native context's."""
        self.poll()
        self.left = 1 << 60

    def poll(self) -> None:
        self.program.poll()

    def charge(self, units: int) -> None:
        self.program.charge(units)


class Host:
    """The services of one running program."""

    def __init__(self, program: LoadedProgram, state: VmState) -> None:
        self.program, self.state = program, state
        self.pending: RuffError | None = None
        self.limit: LimitError | None = None  # the innermost native entry's, on its way out
        self.exit: ExitRequest | None = None
        self.escaped: BaseException | None = None
        self.services: dict[int, Callable[..., Value]] = {
            slow.NEGATE: self.negate, slow.INVERT: self.invert, slow.INDEX: operators.index, slow.SET_INDEX: self.set_index,
            slow.FIELD: self.field, slow.SET_FIELD: self.set_field, slow.DISPLAY: display, slow.CATCH: self.caught,
            slow.WRITE: self.write,
            slow.NOT_CALLABLE: self.not_callable, slow.ITERATE: self.iterate, slow.CASE: self.case, slow.TRY: self.try_operand,
            slow.SPREAD: self.spread, slow.SPREAD_DICT: self.spread_dict, slow.DICT_KEY: self.dict_key,
            slow.RANGE_BOUND: self.range_bound, slow.CALL_VALUE: self.call_value, slow.PATH: self.path,
            slow.DESTRUCTURE: self.destructure, slow.DEFINE: self.define, slow.NEXT: self.next_item,
            slow.AWAIT: self.awaited, slow.PROMISE: self.promise, slow.SPAWN: self.spawn,
        }  # fmt: skip
        for number, operator in enumerate(("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">="), slow.BINARY_ADD):
            self.services[number] = self.binary(operator)

    def __call__(self, service: int, *values: Value) -> Value:
        try:
            kind = service & 255
            if kind == slow.CALL_BUILTIN:
                return self.builtin(service >> 8, values)
            if kind == slow.METHOD:
                return self.method(service >> 8, values)
            return self.services[kind](*values)
        except RuffError as error:
            forget_frames(error)
            self.pending = error
        except Cancelled:
            if self.program.get("stop") == 0:
                self.program.stop(CANCELLED)
        except ProgramEnded as end:
            self.escaped = end.reason
            self.program.stop(5)
        except LimitError as limit:
            forget_frames(limit)
            self.limit = limit
            self.program.stop(STOPS.get(limit.kind, 3))
        except ExitRequest as request:
            forget_frames(request)
            self.exit = request
            self.program.stop(5)
        except RecursionError:
            self.pending = RuffError(f"Maximum VM call stack depth of {self.state.max_depth} exceeded")
        except MemoryError:
            self.program.stop(4)
        except BaseException as error:
            # Nothing of the guest: a closed output, or a bug in the library. It ends the program and leaves as it is.
            self.escaped = error
            self.program.stop(5)
        return FAILED

    # -- calls

    def builtin(self, number: int, values: tuple[Value, ...]) -> Value:
        return self.state.call_builtin(self.program.builtin(number), list(values), self.state.frame, None)  # type: ignore[arg-type]

    def call_value(self, function: Value, *values: Value) -> Value:
        if function.__class__ is ImportRequest:
            return self.program.modules.bind(function)
        return self.state.apply(function, list(values), self.state.frame, None)

    def write(self, text: Value) -> None:
        """What was printed."""
        self.state.write(text)

    def not_callable(self, callee: Value) -> Value:
        from pagoda.languages.ruff.walk.state import NOT_CALLABLE

        raise RuffError(NOT_CALLABLE)

    def method(self, symbol: int, values: tuple[Value, ...]) -> Value:
        from pagoda.languages.ruff.walk.functions import dynamic_method

        receiver, name = values[0], self.program.symbol_name(symbol)
        found = self.method_of(receiver, name)
        if found is not None:
            return self.program.call(found, list(values))
        return dynamic_method(self.state, receiver, name, list(values[1:]), self.state.frame, None)  # type: ignore[arg-type]

    def define(self, names: int, function: Value) -> None:
        """A struct's definition: its methods, one by one."""
        self.program.define_method(names >> 32, names & 0xFFFFFFFF, function)

    def method_of(self, receiver: Value, name: str) -> VmFunction | None:
        """The struct method of that name, if the receiver has one."""
        return self.program.method(receiver.name, name) if receiver.__class__ is Struct else None

    # -- operators

    def binary(self, operator: str) -> Callable[[Value, Value], Value]:
        plain, overload = operators.BINARY[operator], operators.OVERLOADS[operator]

        def apply(left: Value, right: Value) -> Value:
            method = self.method_of(left, overload)
            if method is not None:
                return self.program.call(method, [left, right])
            return plain(left, right)

        return apply

    def negate(self, value: Value) -> Value:
        method = self.method_of(value, "op_neg")
        return operators.negate(value) if method is None else self.program.call(method, [value])

    def invert(self, value: Value) -> Value:
        method = self.method_of(value, "op_not")
        return operators.invert(value) if method is None else self.program.call(method, [value])

    def set_index(self, container: Value, index: Value, item: Value) -> Value:
        operators.set_index(container, index, item)
        return container

    def field(self, receiver: Value, symbol: int) -> Value:
        return operators.field(receiver, self.program.symbol_name(symbol))

    def set_field(self, receiver: Value, symbol: int, item: Value) -> Value:
        operators.set_field(receiver, self.program.symbol_name(symbol), item)
        return receiver

    def path(self, root: Value, fields: int, keys: Array) -> Value:
        """``root.a[i] := v`` on copies, which are this call's own."""
        *steps, item = keys.items
        at = root
        for number, key in enumerate(steps[:-1]):
            at = operators.field(at, self.program.symbol_name(key)) if fields >> number & 1 else operators.index(at, key)
        if fields >> (len(steps) - 1) & 1:
            operators.set_field(at, self.program.symbol_name(steps[-1]), item)
        else:
            operators.set_index(at, steps[-1], item)
        return root

    # -- control

    def iterate(self, value: Value) -> Value:
        from pagoda.languages.ruff.walk.statements import iterate

        if isinstance(value, Iteration):
            return value
        return Array(list(iterate(value, self.state, None)))  # type: ignore[arg-type]

    def next_item(self, items: Iteration) -> Value:
        try:
            return items.advance()
        except StopIteration:
            return END

    def case(self, subject: Value, names: int) -> bool:
        from pagoda.languages.ruff.walk.statements import fits

        return fits(subject, self.program.symbol_name(names >> 32), self.program.symbol_name(names & 0xFFFFFFFF))

    def try_operand(self, value: Value) -> Value:
        raise RuffError("Try operator requires Result or Option")

    def spread(self, value: Value) -> Value:
        raise RuffError("Array spread requires an array")

    def spread_dict(self, made: Value, entries: Value) -> Value:
        if entries.__class__ is not Dict:
            raise RuffError("Dict spread requires a dict")
        return Dict({**made.entries, **entries.entries})

    def dict_key(self, key: Value) -> Value:
        return operators.dict_key(key)

    def range_bound(self, bound: Value, stop: Value = None) -> Value:
        """The library's ``range`` says what a bound may be, or what is wrong with two."""
        function = get("range")
        assert function is not None
        try:
            function.call(self.state, bound, bound if stop is None else stop)  # with one bound, an empty range
        except RuffError as error:
            error.from_builtin = True
            raise
        return int(bound)

    def destructure(self, value: Value, key: Value, form: int) -> Value:
        """An array's item (0), a dict's value (1), or the rest of either (2) for a pattern."""
        if form == 0 or (form == 2 and key.__class__ is int):
            if value.__class__ is not Array:
                raise RuffError("Array destructuring requires an array")
            return Array(value.items[key:]) if form == 2 else None
        if value.__class__ is not Dict:
            raise RuffError("Dict destructuring requires a dict")
        if form == 1:
            return value.entries.get(key)
        taken = set(key.items)
        return Dict({name: item for name, item in value.entries.items() if name not in taken})

    def awaited(self, value: Value) -> Value:
        if value.__class__ is not Promise:
            return value
        from pagoda.languages.ruff.library.promises import settled

        return settled(self.state, value)

    def promise(self, value: Value, failed: int) -> Promise:
        return Promise(None, value.fields["message"]) if failed else Promise(value)

    def spawn(self, function: Value) -> None:
        from pagoda.languages.ruff.tasks import scheduler_of

        scheduler_of(self.state).spawn(function)

    def caught(self, kind: int, first: Value, second: Value) -> Value:
        """What a handler gets."""
        from pagoda.languages.ruff.walk.state import error_value

        error = self.program.take_error(kind, first, second)
        error.stack.extend((name, (0, 0)) for name in self.program.outer_names())
        return error_value(error, self.state.frame)

    # -- values that travel in parts

    def pack(self, kind: int, identity: int, parts: Any) -> Value:
        """A struct, tag or function of Python from its parts."""
        program = self.program
        if kind == 0:
            name, fields = program.shape(identity)
            return Struct(name, dict(zip(fields, parts, strict=True)))
        if kind == 1:
            enum, tag = program.symbol_name(identity >> 32), program.symbol_name(identity & 0xFFFFFFFF)
            if RESULT_TAGS.get(tag) == enum:
                return ResultValue(tag, parts[0] if parts else None)
            return Tagged(enum, tag, parts)
        if kind == 4:
            return program.builtin(identity)
        if kind == 5:
            return VmGenerator(program, identity, program.function_name(3, identity))
        return VmFunction(program, FUNCTION_TAG if kind == 2 else CLOSURE_TAG, identity, program.function_name(kind, identity))

    def unpack(self, value: Value) -> tuple[int, int, list[Value] | None]:
        """The opposite of :meth:`pack`."""
        program = self.program
        if isinstance(value, Struct):
            return 0, program.shape_address(value.name, tuple(value.fields)), list(value.fields.values())
        if isinstance(value, ResultValue):
            names = program.symbol(RESULT_TAGS[value.tag]) << 32 | program.symbol(value.tag)
            return 1, names, list(value.payload)
        if isinstance(value, Tagged):
            return 1, program.symbol(value.enum) << 32 | program.symbol(value.tag), list(value.payload)
        if isinstance(value, Builtin):
            return 4, program.builtin_number(value), None
        if isinstance(value, VmGenerator):
            return 5, value.payload, None
        assert isinstance(value, VmFunction)
        return (2 if value.tag == FUNCTION_TAG else 3), value.payload, None


def forget_frames(error: BaseException) -> None:
    """Frees an exception of the frames it passed through, whose variables would keep guest values alive."""
    error.__traceback__ = error.__context__ = error.__cause__ = None


def word_at(address: int) -> int:
    """The signed word in memory at an address."""
    return ctypes.c_int64.from_address(address).value
