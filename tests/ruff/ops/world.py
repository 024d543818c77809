"""A world for Ruff's operations: one loaded program in memory, values made in it, described, and accounted for.

Programs are costly to load, so all worlds of one kind share one; a :class:`World` is a stretch of its life. What it makes it
remembers: strings and shared containers are held once more, and :meth:`World.live` finds how many references to them are too
many or too few, beside the heap's own count of objects.
"""

from __future__ import annotations

import ctypes
import gc
from typing import Any

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.execute.host import VmFunction
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.library.numbering import BUILTINS, NUMBERS
from pagoda.languages.ruff.library.registry import get
from pagoda.languages.ruff.ops.model import RuffContext
from pagoda.languages.ruff.values import Promise
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.runtime.heap import NO_LIMIT
from pagoda.runtime.layouts import (
    Array,
    Closure,
    Dict,
    Generator,
    Struct,
    Tagged,
    array_load,
    closure_values,
    generator_values,
    struct_values,
    tagged_values,
)
from pagoda.runtime.pairs import (
    ARRAY,
    BOOL,
    BUILTIN,
    CLOSURE,
    DICT,
    FLOAT,
    FUNCTION,
    GENERATOR,
    HOLE,
    INT,
    NULL,
    OBJECT,
    STRING,
    STRUCT,
    TAGGED,
    Value,
)
from pagoda.runtime.structs import closure_new

from ..storeys import load, machine_code  # absolute, "ruff" would be the linter

SOURCE = """
struct Point { x, y
    func get(self) { return self.x }
    func plus(self, a, b) { return [self, a, b] }
    func fail(self) { throw self.y }
}
struct Over { v
    func op_add(self, o) { return [self.v, o] }
    func op_sub(self, o) { throw "no minus" }
    func op_eq(self, o) { return self.v }
    func op_ne(self, o) { return "differs" }
    func op_lt(self, o) { return o }
    func op_ge(self, o) { return [] }
    func op_neg(self) { return self }
    func op_not(self) { return "not" }
    func get(self) { return self.v }
}
struct Thrower { v
    func op_add(self, o) { throw o }
    func op_eq(self, o) { throw "no equality" }
    func op_ne(self, o) { throw self }
    func op_le(self, o) { throw [o] }
}
func none() { return 7 }
func one(x) { return x }
func two(a, b) { return [a, b] }
func fail(x) { throw x }
func count(n) { t := 0
    for i in range(3) { t := t + n }
    return t }
func outer(a, b) { return func (x) { return [a, b, x] } }
let spare_one := 0
let spare_two := 0
let spare_three := 0
"""
SPARE = ("spare_one", "spare_two", "spare_three")
CLOSURE_NAME = "<lambda>"


class TwoWords(ctypes.Structure):
    """A value as native functions give it back."""

    _fields_ = [("tag", ctypes.c_int64), ("payload", ctypes.c_int64)]


class Program:
    """The loaded program that worlds share. ``overloads``: whether native code asks the host about operators of structs."""

    def __init__(self, overloads: bool = True) -> None:
        tree, source = load(SOURCE)
        compiled = compile_program(tree, NUMBERS)
        for name in SPARE:
            compiled.global_number(name)
        self.output: list[str] = []
        self.loaded = LoadedProgram(compiled, machine_code(), Limits(), write=self.output.append)
        self.loaded.state.source = source
        self.loaded.set("overloads", int(overloads))
        self.context: Any = RuffContext(self.loaded.context)
        self.functions = {linked.function.name: address for address, linked in self.loaded.by_code.items()}
        for owner, symbol, function in compiled.methods:  # as running the definitions would
            method = VmFunction(self.loaded, FUNCTION, self.functions[function.name], function.name)
            self.loaded.define_method(owner, symbol, method)
        self.first_spare = compiled.globals[SPARE[0]]
        assert [compiled.globals[name] for name in SPARE] == [self.first_spare + i for i in range(len(SPARE))]
        kinds = [ctypes.c_void_p, ctypes.py_object, ctypes.c_int64]
        self.from_python = ctypes.PYFUNCTYPE(TwoWords, *kinds)(machine_code()["languages.ruff.bridge.from_python"])
        self.release = ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)(
            machine_code()["languages.ruff.bridge.release_value"]
        )
        self.natives = self.loaded.get("natives")
        self.no_natives = (ctypes.c_int64 * len(BUILTINS))()

    def symbol(self, name: str) -> int:
        return self.loaded.symbol(name)


class World:
    """See the module. The reference to a made value is the caller's."""

    def __init__(self, program: Program) -> None:
        self.program, self.loaded, self.context = program, program.loaded, program.context
        self.texts: list[str] = []  # strings that are watched: in the end nobody else may hold them
        self.held: list[Any] = []  # values that are shared: each is held once by this list
        self.began = self.loaded.heap_word("live_objects")
        self.loaded.set("natives", program.natives)
        self.loaded.heap_word("bytes_limit", NO_LIMIT)
        program.output.clear()

    # -- making values

    def text(self, text: str) -> str:
        """A string of its own, watched if it is not one of those that CPython keeps."""
        fresh = text.encode().decode()
        if len(fresh) > 1:
            self.texts.append(fresh)
        return fresh

    def value(self, item: Any) -> Any:
        """A Python object as a value."""
        made = self.program.from_python(self.loaded.context, item, 0)
        assert made.tag >= 0
        return Value(made.tag, made.payload)

    def shared(self, value: Any) -> Any:
        """The value, held once more until the end."""
        ctypes.c_int64.from_address(value.payload).value += 1
        self.held.append(value)
        return value

    def closure(self, name: str, captures: list[Any]) -> Any:
        """A closure over values, whose references it takes."""
        made = closure_new(self.context.heap, self.program.functions[name], len(captures))
        assert made.address
        for index, item in enumerate(captures):
            closure_values(made)[index] = item
        return Value(CLOSURE, made.address)

    def function(self, name: str) -> Any:
        return Value(FUNCTION, self.program.functions[name])

    def guest_function(self, name: str) -> VmFunction:
        """A function as Python has it."""
        return VmFunction(self.loaded, FUNCTION, self.program.functions[name], name)

    def builtin(self, name: str) -> Any:
        return get(name)

    # -- describing them

    def describe(self, value: Any) -> object:
        """Kind, storage and contents, in full."""
        tag, payload = int(value.tag), int(value.payload)
        if tag == FLOAT:
            number = ctypes.c_double.from_buffer(ctypes.c_int64(payload)).value
            return "float", "nan" if number != number else number.hex()
        if tag in (STRING, OBJECT):
            item = ctypes.cast(payload, ctypes.py_object).value
            return ("string", repr(item)) if type(item) is str else ("object", describe_object(item))
        if tag == ARRAY:
            array = Array(payload)
            return "array", int(array.storage), [self.describe(array_load(array, i)) for i in range(array.length)]
        if tag == DICT:
            table = Dict(payload)
            entries = [table.entries[i] for i in range(table.used)]
            return "dict", [(self.describe(e.key), self.describe(e.value)) for e in entries if e.key.tag != HOLE]
        if tag == STRUCT:
            shape = Struct(payload).shape
            return "struct", self.loaded.shape(shape.address), self.row(struct_values(Struct(payload)), shape.count)
        if tag == TAGGED:
            tagged = Tagged(payload)
            return "tagged", int(tagged.enum), int(tagged.name), self.row(tagged_values(tagged), tagged.count)
        if tag == CLOSURE:
            closure = Closure(payload)
            return "closure", self.name_of(closure.code), self.row(closure_values(closure), closure.count)
        if tag == FUNCTION:
            return "function", self.name_of(payload)
        if tag == GENERATOR:
            generator = Generator(payload)
            kept = self.row(generator_values(generator), generator.count)
            return "generator", self.name_of(generator.code), int(generator.state), kept
        names = {NULL: "null", BOOL: "bool", INT: "int", HOLE: "hole", BUILTIN: "builtin"}
        return names[tag], payload

    def row(self, values: Any, count: int) -> list[object]:
        return [self.describe(values[index]) for index in range(count)]

    def name_of(self, code: int) -> str:
        linked = self.loaded.by_code.get(code)
        return linked.function.name if linked else "?"

    def error(self) -> object:
        """The error or limit that the context holds; it and the host forget it."""
        context, host = self.context, self.loaded.host
        kind, stop = int(context.error_kind), int(context.stop)
        values = [self.error_part(kind, context.error_a), self.error_part(0, context.error_b)]
        message = host.pending and (repr(host.pending.message), repr(host.pending.cause))
        code = host.exit and host.exit.args
        for name in ("error_a", "error_b"):
            old = getattr(context, name)
            setattr(context, name, Value(NULL, 0))
            self.program.release(self.loaded.context, old.tag, old.payload)
        context.error_kind = context.stop = context.poll_word = 0
        host.pending = host.exit = None
        return "error", kind, stop, values, message, code

    def error_part(self, kind: int, value: Any) -> object:
        """ARITY and DEPTH hold the address of code."""
        return self.name_of(value.payload) if kind in (3, 4) else self.describe(value)

    # -- the account

    def live(self) -> int:
        """References and objects too many; ends what was held."""
        gone = 0
        host, state = self.loaded.host, self.loaded.state
        if state.tasks is not None:  # begun by ``spawn``
            state.tasks.abandon()
            state.tasks = None
        for value in self.held:
            count = ctypes.c_int64.from_address(value.payload).value
            gone += 1000 * (count - 1)
            if count == 1:
                self.program.release(self.loaded.context, value.tag, value.payload)
        self.held.clear()
        if self.context.error_kind or self.context.stop or host.pending or host.exit:
            gone += 1_000_000  # an error that nobody raised
            self.error()
        if self.loaded.heap_word("live_objects") != self.began:
            gc.collect()  # functions that Python objects still hold
        gone += self.loaded.heap_word("live_objects") - self.began
        while self.texts:
            text = self.texts.pop()
            gone += 100 * (ctypes.c_int64.from_address(id(text)).value - 1)
            del text
        return gone


def describe_object(item: Any) -> object:
    """A Python object in equal terms for equal ones."""
    if isinstance(item, VmFunction):
        return "function", item.name
    if isinstance(item, Promise):
        return "promise", item.error, repr(display(item.value))
    slots = [name for kind in type(item).__mro__ for name in getattr(kind, "__slots__", ())]
    return type(item).__name__, [(name, repr(getattr(item, name, None))) for name in slots]
