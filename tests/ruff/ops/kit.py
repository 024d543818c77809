"""What the harness of operations must know of Ruff: which values, rows, numbers and words each operation is tried with."""

from __future__ import annotations

import ctypes
from functools import cache
from itertools import product
from typing import Any

from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.methods import METHOD_STEP, SHAPE_STEP
from pagoda.languages.ruff.ops import control, data
from pagoda.languages.ruff.ops.model import MESSAGE, overflow
from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.machine.operands import CALLEE, FEEDBACK, SEVERAL
from pagoda.machine.optest import Kit, Sample, empty_cache
from pagoda.native.intrinsics import address, call_address
from pagoda.runtime.pairs import ARRAY, FLOAT, INT, STRING, Value

from ..storeys import machine_code  # absolute, "ruff" would be the linter
from . import samples as s
from .world import CLOSURE_NAME, Program, World

FIELDS = ("x", "y", "v", "f", "nope")
METHODS = ("get", "plus", "fail", "f", "b", "nope")
TRIED_BUILTINS = (
    "len", "push", "type", "keys", "substring", "slice", "map", "filter", "reduce", "contains", "sort", "to_string", "range",
    "abs", "split", "has_key", "min",
)  # fmt: skip
WRITTEN_OUT = {control.call_len: "len", control.call_sqrt: "sqrt"}
"""Builtins that have an operation of their own, which no other number is given to."""


@cache
def program(overloads: bool) -> Program:
    """The program of a kind, loaded once."""
    return Program(overloads)


refuse_address = call_address.python


def enter_interpreter(result: Any, target: int, *state: Any) -> Any:
    """What ``call_address`` means to code that CPython runs, where there is an interpreter to enter."""
    return ctypes.PYFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * 3)(target)(*(int(address(part)) for part in state))


class RuffKit(Kit):
    """The Ruff table.

    ``overloads``: whether operators of structs are asked for in the program. ``room``: how many bytes the heap has left when
    the operation begins, no limit if None.
    """

    model, table = MODEL, TABLE
    overflow = overflow
    most_cases = 30

    def __init__(self, overloads: bool = True, room: int | None = None) -> None:
        self.program, self.room = program(overloads), room
        self.run = ctypes.PYFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * 3)(machine_code()["ruff.run"])
        self.samples = s.EVERY

    def world(self) -> World:
        return World(self.program)

    def start(self, world: Any, storey: str) -> None:
        """Native bodies of builtins cannot be called from CPython: there the library's functions do their work. Guest
        functions can, by the interpreter's entry."""
        call_address.python = enter_interpreter if storey == "unlowered" else refuse_address
        world.loaded.set("trace_kept", 0)  # an operation that fails in CPython leaves it behind
        if storey == "unlowered":
            world.loaded.set("natives", ctypes.addressof(world.program.no_natives))
        if self.room is not None:
            world.loaded.heap_word("bytes_limit", world.loaded.heap_word("bytes_used") + self.room)

    def running_function(self, world: Any) -> Any:
        """A closure, so that there are captured places; three, for the operations with several."""
        return world.closure(CLOSURE_NAME, [Value(INT, number) for number in range(3)])

    def place_number(self, letter: str) -> int:
        return self.program.first_spare if letter == "G" else 0

    def most_for(self, variant: Any) -> int:
        """Operations with few variants and many ways to go (calls, literals) get more cases for each."""
        return max(self.most_cases, 12 * self.most_cases // len(variant.op.variants()))

    # -- operands

    def samples_for(self, operation: Any, parameter: Any) -> Any:
        name, of = operation.name, parameter.name
        if of == "place":
            return self.samples_for_place(name)
        if of == "index":
            return [s.number(n) for n in (0, 1, 2, 7)] if name == "next_item" else s.INDEXES
        if of == "container":
            return [*s.CONTAINERS, *s.TEXTS, s.LONE, s.NULL, s.INTS[4], s.TAGS[5], s.BUILTIN, s.OBJECTS[0]]
        if of == "item":
            return s.ITEMS
        if of in ("start", "stop"):
            return [s.number(n) for n in (0, 5, 1000, -70, s.MOST, s.LEAST)]
        if of == "items" and name == "next_item":
            return [s.number(3), s.number(-1), *s.ARRAYS, *s.NESTED, *s.DICTS, *s.TEXTS, *s.SHARED[:5], s.NULL]
        if of == "key":
            return [s.text("abc"), s.text("a"), s.number(42), s.text("none")]
        if of == "keys":
            names = s.made("['a', 'abc']", lambda w: s.Array([w.text("a"), w.text("abc")]))
            return [s.number(0), s.number(1), s.number(9), names, s.held(names)]
        return s.EVERY

    def samples_for_place(self, name: str) -> Any:
        if name == "extend":
            return [*s.ARRAYS, *s.SHARED[:3]]
        if name == "extend_dict":
            return [*s.DICTS, *s.SHARED[3:5]]
        if name == "call_global":
            others = [s.HOLE_SAMPLE, s.NULL, s.OBJECTS[0], s.held(s.CLOSURE_SAMPLE)]
            return [*s.FUNCTIONS, self.function("two"), self.function("fail"), *others]
        if name == "add_to":
            texts = [*s.TEXTS, s.LONE, s.lone_text("\xe9\u65e5")]
            return [*s.INTS, *s.FLOATS, *texts, s.HOLE_SAMPLE, s.NULL, s.ARRAYS[1], s.SHARED[0], s.STRUCTS[2]]
        if name == "path_set":
            roots = [s.ARRAYS[1], s.ARRAYS[4], *s.NESTED, *s.DICTS[:3], s.STRUCTS[0], s.STRUCTS[6], *s.SHARED]
            return [*roots, s.HOLE_SAMPLE, s.TEXTS[2], s.NULL, s.TAGS[5]]
        if name in ("index_set", "push_to", "field_set"):
            return [*s.CONTAINERS, s.HOLE_SAMPLE, s.TEXTS[2], s.NULL, s.INTS[4], s.TAGS[5], s.OBJECTS[0], s.STRUCTS[7]]
        return [*s.EVERY, s.HOLE_SAMPLE]

    def function(self, name: str) -> Sample:
        return Sample(name, lambda world: world.function(name))

    def rows_for(self, operation: Any) -> Any:
        name = operation.name
        arguments = [(), *((a,) for a in s.FEW), *zip(s.FEW, reversed(s.FEW), strict=True)]
        if name == "call":
            callees = [*s.FUNCTIONS, *map(self.function, ("none", "two", "fail", "count")), s.held(s.CLOSURE_SAMPLE)]
            callees += [s.made("push", lambda w: w.builtin("push"))]
            callees += [s.HOLE_SAMPLE, s.NULL, s.INTS[4], s.OBJECTS[0], s.STRUCTS[0]]
            return [(callee, *row) for row in arguments for callee in callees]
        if name == "call_method":
            receivers = [*s.STRUCTS, s.SHARED[5], s.ARRAYS[1], s.TEXTS[2], s.DICTS[1], s.NULL, s.TAGS[0], s.FUNCTION]
            return [(receiver, *row) for row in ((), (s.INTS[4],), (s.TEXTS[2], s.ARRAYS[1])) for receiver in receivers]
        if name == "call_builtin":
            more = [(s.SHARED[1], s.INTS[1], s.TEXTS[2]), (s.TEXTS[3], s.INTS[1], s.INTS[4]), (s.ARRAYS[1], s.FUNCTION)]
            return [*arguments, *more]
        if operation in WRITTEN_OUT:  # every kind alone, and counts that the library refuses
            return [(), *((a,) for a in s.EVERY), (s.ARRAYS[1], s.INTS[4]), (s.FLOATS[2], s.FLOATS[2]), tuple(s.INTS[:3])]
        if name == "interpolate":
            more = [(s.TEXTS[2], s.INTS[7], s.FLOATS[1], s.DICTS[1]), (s.STRUCTS[6], s.NESTED[0])]
            return [*(row for row in arguments if row), *more]
        if name == "dict_literal":
            keys = [s.text("abc"), s.text("42"), s.number(42), s.text("x"), s.NULL, s.FLOATS[2], s.ARRAYS[1]]
            pairs = [(key, item) for key in keys for item in (s.TEXTS[2], s.ARRAYS[4], s.INTS[1])]
            twice = zip([*pairs, *pairs[1:]], [*reversed(pairs), *pairs[:-1]], strict=True)
            return [(), *pairs, *(a + b for a, b in twice)]
        if name == "path_set":
            return self.paths()
        return [*arguments, tuple(s.FEW[:5]), tuple(s.ARRAYS), tuple(s.INTS[:3]), tuple(s.FLOATS[:4]), tuple(s.BOOLS)]

    def paths(self) -> list[tuple[Sample, ...]]:
        """Ways to a place: two or three keys, each a symbol or an index; then the value."""
        keys = [*map(s.symbol, ("x", "y", "nope")), *map(s.number, (0, -1, 7, 42)), *map(s.text, ("a", "abc")), s.NULL]
        ways = [*product(keys, keys), (s.number(1), s.number(0), s.number(0)), (s.symbol("y"), s.text("k"), s.symbol("x"))]
        items = [s.TEXTS[2], s.INTS[4], s.ARRAYS[4]]
        return [(*way, items[number % 3]) for number, way in enumerate(ways)]

    def numbers_for(self, operation: Any, parameter: Any) -> Any:
        of = parameter.name
        if of == "symbol" and operation is control.wrap:
            return [control.SYMBOL_OK, control.SYMBOL_ERR, control.SYMBOL_SOME, control.SYMBOL_NONE]
        if of == "symbol":
            return [self.program.symbol(name) for name in (METHODS if operation is control.call_method else FIELDS)]
        if operation in WRITTEN_OUT:
            return [NUMBERS[WRITTEN_OUT[operation]]]
        if of == "number":
            return [NUMBERS[name] for name in TRIED_BUILTINS]
        if of == "kind":
            return [MESSAGE]
        if of == "tag":
            return [ARRAY, STRING]
        if of in ("spare", "failed"):  # what breaks a promise is an error's struct: programs do that
            return [0]
        return (0, 1, -1, 5)

    def words_for(self, operation: Any, parameter: Any) -> Any:
        if operation is data.closure:
            return [lambda w: w.program.functions["one"]]
        if operation is data.struct_literal:
            shapes = [("Point", ("x", "y")), ("Empty", ()), ("One", ("v",)), ("Five", ("a", "b", "c", "d", "e"))]
            return [Shape(name, fields) for name, fields in shapes]
        if operation is data.path_set:
            return [Mask(number) for number in range(8)]
        pairs = [("Result", "Ok"), ("", "Ok"), ("Option", "Some"), ("Color", "Red"), ("", "Green"), ("X", "Red"), ("", "abc")]
        return [Names(*pair) for pair in pairs]

    def caches_for(self, operation: Any, parameter: Any) -> Any:
        if parameter.name == FEEDBACK:  # nothing seen, some kinds, every kind
            return [empty_cache, Held(1 << FLOAT | 1 << STRING), Held(-1)]
        if parameter.name == CALLEE:  # nobody yet, this one or another, several
            return [empty_cache, lambda w: w.program.functions["one"], lambda w: w.program.functions["two"], Held(SEVERAL)]
        if operation in (data.field_get, data.field_set):  # nothing known, the right place, another shape's
            return [empty_cache, Known("Point", ("x", "y"), 0), Known("Point", ("x", "y"), 1), Known("Over", ("v",), 0)]
        if operation is control.call_method:  # nothing known, the right row, another shape's, that of an epoch that is over
            point, over = ("Point", ("x", "y")), ("Over", ("v",))
            now = [Method(*point, "get", 1), Method(*point, "plus", 3), Method(*point, "fail", 1), Method(*over, "get", 1)]
            return [empty_cache, *now, Method(*point, "get", 1, age=1), Method(*point, "plus", 3, age=1)]
        return super().caches_for(operation, parameter)

    def fits(self, variant: Any, choices: tuple[Any, ...]) -> bool:
        if variant.op is data.struct_literal:
            row, shape = choices
            return len(row) == len(shape.fields)
        if variant.op is data.path_set:
            _, row, fields = choices
            steps = row[:-1]
            symbols = sum(1 << k for k, key in enumerate(steps) if key.name.startswith("."))
            return symbols == fields.number
        known = next((choice for choice in choices if isinstance(choice, Known | Method)), None)
        if isinstance(known, Known):  # what a cache says of a shape is so
            return bool(choices[1] == self.program.symbol(known.fields[known.index]))
        if isinstance(known, Method):  # and was noted by this same instruction
            row, symbol = choices[:2]
            return len(row) == known.parameters and symbol == self.program.symbol(known.method)
        return True


class Held:
    """A number as a word."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return bin(self.number)

    def __call__(self, world: Any) -> int:
        return self.number


class Names:
    """The symbols of an enum and a tag as a word."""

    def __init__(self, enum: str, tag: str) -> None:
        self.enum, self.tag = enum, tag

    def __repr__(self) -> str:
        return f"{self.enum}::{self.tag}"

    def __call__(self, world: Any) -> int:
        return world.program.symbol(self.enum) << 32 | world.program.symbol(self.tag)


class Mask(Held):
    """Which keys of a path are fields, as a word."""


class Shape:
    """A shape's address as a word."""

    def __init__(self, name: str, fields: tuple[str, ...]) -> None:
        self.name, self.fields = name, fields

    def __repr__(self) -> str:
        return self.name

    def __call__(self, world: Any) -> int:
        return world.loaded.shape_address(self.name, self.fields)


class Known(Shape):
    """What the cache of ``field_get`` holds once it has seen a struct of a shape: its number, and the field's."""

    def __init__(self, name: str, fields: tuple[str, ...], index: int) -> None:
        super().__init__(name, fields)
        self.index = index

    def __call__(self, world: Any) -> int:
        shape = super().__call__(world)
        at = shape + world.loaded.layouts["Shape"][1]["id"]
        return (ctypes.c_int64.from_address(at).value << 16) + self.index


class Method(Shape):
    """What the cache of ``call_method`` holds once it has called a method of ``parameters`` parameters: the shape's number, the
    epoch and the place of the method's code. ``age``: so many epochs ago, so that nobody may believe it."""

    def __init__(self, name: str, fields: tuple[str, ...], method: str, parameters: int, age: int = 0) -> None:
        super().__init__(name, fields)
        self.method, self.parameters, self.age = method, parameters, age

    def __repr__(self) -> str:
        return f"{self.name}.{self.method}" + f" of {self.age} ago" * bool(self.age)

    def __call__(self, world: Any) -> int:
        shape = super().__call__(world)
        number = ctypes.c_int64.from_address(shape + world.loaded.layouts["Shape"][1]["id"]).value
        symbol = world.program.symbol
        place = world.loaded.method_rows[symbol(self.name), symbol(self.method)] + 1  # its kind lies before its code
        epoch = world.loaded.get("method_epoch") - self.age * METHOD_STEP
        assert epoch > 0
        return int(number * SHAPE_STEP + epoch + place)
