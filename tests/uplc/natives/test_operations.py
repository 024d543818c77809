"""The operations of builtins on the machine, and their bodies run by CPython, against the builtins' definitions."""

from __future__ import annotations

import ctypes
import functools
import random

import pytest
from native.both_ways import child

from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.natives import calling, values
from pagoda.languages.uplc.natives.builtins import NATIVES
from pagoda.languages.uplc.natives.numbering import name_of
from pagoda.languages.uplc.ops import (
    builtins_branches,
    builtins_bytes,
    builtins_choices,
    builtins_data,
    builtins_integers,
    builtins_lists,
    table,
)
from pagoda.languages.uplc.ops.model import IN_CONSTANTS, IN_REGISTERS, UplcCode, Value, failed, overflow
from pagoda.languages.uplc.types import BOOL_TYPE, INTEGER_TYPE, Constant, list_of
from pagoda.machine.context import OK
from pagoda.machine.function import Function, Label
from pagoda.machine.interpreter import InterpreterBuilder
from pagoda.machine.linker import Linker
from pagoda.machine.operands import Operand
from pagoda.machine.ops import Op
from pagoda.machine.verbs import Raised, failure_is
from pagoda.native import types
from pagoda.native.image import build_image
from pagoda.native.unit import Unit
from uplc.natives import generated, running
from uplc.natives.running import PLENTY, Native, walked
from uplc.natives.words import constant_of

THEMES = (builtins_branches, builtins_bytes, builtins_choices, builtins_data, builtins_integers, builtins_lists)
OPERATIONS = [item for module in THEMES for item in vars(module).values() if isinstance(item, Op)]
BY_OPERATION = {name_of(builtin.name): builtin for builtin in BUILTINS}
COMPOSED = {"fst_of_constr": "fstPair", "snd_of_constr": "sndPair"}
CASES = 40


def builtin_of(operation):
    """The builtin that an operation is for; ``None`` for those of another sort."""
    return BY_OPERATION.get(operation.name.removeprefix("unless_"))


@functools.cache
def machine():
    """The interpreter, with all that it calls and all native bodies."""
    interpreter = InterpreterBuilder(table.MODEL, table.TABLE, overflow).build()
    library = Unit("uplc.natives.tested", whole=True)
    for function in (*interpreter.imports.values(), *NATIVES.values(), *running.FUNCTIONS):
        library.define(function)
    made, _ = build_image([library, interpreter])
    return made


class Running(Native):
    """Runs single operations."""

    def __init__(self, model):
        super().__init__(model, checked=False, built=machine())
        self.linker = Linker(table.MODEL, table.TABLE)
        self.code = ctypes.create_string_buffer(types.layout_of(UplcCode).size)
        self.steps = running.table([0] * 16)
        self.stack = running.table([values.UNIT] * 64)
        self.constants = running.table([values.UNIT] * 8)
        self.set("constants", ctypes.addressof(self.constants))
        self.set("stack_end", ctypes.addressof(self.stack) + ctypes.sizeof(self.stack))
        self.runs = ctypes.PYFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * 3)(self.image["uplc.run"])

    def prepare(self, operation, places):
        """Makes code that gives what the operation gives; of a branch True where it is taken."""
        give = table.TABLE.ops["give"]
        function = Function("case", 8, 8)
        operands = [("X", place) for place in places]
        if operation.result == "branch":
            target = Label()
            function.emit(operation, *operands, target)
            function.emit(give, ("X", 6 * 8 | IN_REGISTERS))
            function.place(target)
            function.emit(give, ("X", 7 * 8 | IN_REGISTERS))
        else:
            function.emit(operation, 5, *operands)
            function.emit(give, ("X", 5 * 8 | IN_REGISTERS))
        words, _, _ = self.linker.encode(function)
        self.steps[: len(words)] = list(words)
        for name, number in (("entry", ctypes.addressof(self.steps)), ("frame_bytes", 64)):
            offset = types.layout_of(UplcCode).fields[name][1]
            ctypes.c_int64.from_address(ctypes.addressof(self.code) + offset).value = number

    def operation(self, choice, operation, words, charged):
        """The result of an operation on words, some of them given as constants, with cpu and mem; ``None`` where it failed."""
        header = table.MODEL.header_slots
        places = []
        for index, word in enumerate(words):
            where = choice.choice((IN_REGISTERS, IN_CONSTANTS))
            place = self.stack if where == IN_REGISTERS else self.constants
            place[index + (header if where == IN_REGISTERS else 0)] = word
            places.append(index * 8 | where)
        self.stack[header + 6], self.stack[header + 7] = values.FALSE, values.TRUE
        for name, spent in zip(("cpu", "mem"), charged, strict=True):
            self.set(name, PLENTY - spent)
        self.set("arena_top", self.memory.top)
        self.prepare(operation, places)
        status = self.runs(self.context.address, ctypes.addressof(self.code), ctypes.addressof(self.stack) + 8 * header)
        self.memory.top = self.get("arena_top")
        return self.found(self.get("result")) if status == OK else None

    def found(self, word):
        result = constant_of(word)
        return result.type, result.value, PLENTY - self.get("cpu"), PLENTY - self.get("mem")

    def in_python(self, operation, words, charged):
        """The same by the body, run by CPython, and the bodies that it calls."""
        for name, spent in zip(("cpu", "mem"), charged, strict=True):
            self.set(name, PLENTY - spent)
        self.set("arena_top", self.memory.top)
        given = iter(words)
        arguments = [
            Value(next(given)) if isinstance(parameter.kind, Operand) else self.context if parameter.name == "ctx" else 0
            for parameter in operation.parameters
        ]
        try:
            with failure_is(failed):
                answer = operation(*arguments)
        except Raised:
            return None
        finally:
            self.memory.top = self.get("arena_top")
        return self.found(int(answer.word) if operation.result == "value" else values.boolean(bool(answer)))


def case_of(choice, operation, model):
    """Arguments for an operation, what has been charged in advance, and what it is to give and spend."""
    builtin = builtin_of(operation)
    if operation.name == "unless_true":
        constants = [generated.constant(choice, choice.choice((BOOL_TYPE, BOOL_TYPE, INTEGER_TYPE)))]
        given = constants[0]
        return constants, (0, 0), (BOOL_TYPE, not given.value, 0, 0) if given.type is BOOL_TYPE else None
    if operation.name in COMPOSED:
        builtin = by_name("unConstrData")
        constants = generated.arguments(choice, builtin, model.variant)
        pair = walked(model, builtin.number, constants)
        part = walked(model, by_name(COMPOSED[operation.name]).number, [Constant(*pair[:2])]) if pair else None
        return constants, (0, 0), (*part[:2], 0, 0) if part else None
    constants = generated.arguments(choice, builtin, model.variant)
    if len(constants) > 2 and choice.random() < 0.5:
        constants = [constants[0], *reversed(constants[1:])]
    expected = walked(model, builtin.number, constants)
    if expected is not None and operation.name.startswith("unless_"):
        expected = (expected[0], not expected[1], *expected[2:])
    return constants, None, expected


def problems_of(native, operation, unlowered):
    """What differs, in words, and at the end how many cases came to a result."""
    choice = random.Random(f"{native.model.variant} {operation.name}")
    decided = 0
    for _ in range(CASES // 2 if unlowered else CASES):
        constants, charged, expected = case_of(choice, operation, native.model)
        native.reset()
        words = [native.memory.constant(constant) for constant in constants]
        if charged is None:
            number = builtin_of(operation).number
            charged = native.kept[1][2 * number], native.kept[1][2 * number + 1]
        if unlowered:
            found = native.in_python(operation, words, charged)
        else:
            found = native.operation(choice, operation, words, charged)
        decided += found is not None
        if found != expected:
            yield f"{operation.name} {[(c.type, c.value) for c in constants]}: {expected} is {found}"[:2000]
    yield decided


@pytest.mark.parametrize("variant", "AE")
@pytest.mark.parametrize("unlowered", [False, True])
def test_every_operation(variant, unlowered, monkeypatch):
    # Code addresses exist only in lowered code: where a body calls by number, CPython runs the builtin's body.
    monkeypatch.setattr(calling.call_builtin, "_unlowered", lambda ctx, number: NATIVES[number](ctx))

    def work():
        native = Running(default_model(variant))
        for operation in OPERATIONS:
            for problem in problems_of(native, operation, unlowered):
                yield operation.name, problem

    machine()
    found, status = child(work, 60)
    assert status == 0, found[-1:]
    assert [row for row in found if isinstance(row[1], str)] == []
    decided = {name: count for name, count in found if isinstance(count, int)}
    assert set(decided) == {operation.name for operation in OPERATIONS}
    assert [name for name, count in decided.items() if count < 2] == []


def test_operations_are_named_after_builtins():
    for operation in OPERATIONS:
        assert builtin_of(operation) is not None or operation.name in ("unless_true", *COMPOSED)
        builtin = builtin_of(operation)
        assert builtin is None or sum(isinstance(p.kind, Operand) for p in operation.parameters) == builtin.arity


def test_a_list_of_another_type_takes_no_data():
    """The fast path of ``mkCons`` is for data in lists of data only."""
    native = Running(default_model("E"))
    data = Constant(by_name("iData").result, (3, 1))
    for kind, fits in ((data.type, True), (INTEGER_TYPE, False), (list_of(data.type), False)):
        native.reset()
        words = [native.memory.constant(data), native.memory.constant(Constant(list_of(kind), ()))]
        found = native.operation(random.Random(0), table.TABLE.ops["mk_cons"], words, (0, 0))
        assert (found is not None) == fits
