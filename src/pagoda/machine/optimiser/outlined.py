"""Outlined handlers: one native function per operation, made from the same body, for operands of which nothing is known.

Compiled code calls one where the body, inlined over unknown kinds, would be large (a test of each kind, and a path for each);
or where it does what only memory can: address a register by a computed number. The caller keeps the references: an operand that
the body owns is counted before the call, one that was taken and only borrowed is released after it. Registers whose addresses
are passed (places, windows) are in memory meanwhile.

What must hold: a handler answers ``LEAVE`` with everything as it was before the instruction, ``FAILED`` with registers that are
in memory as the body left them; else ``DONE``, or ``TAKEN`` for a branch that is to be followed, and the result's two words.
"""

from __future__ import annotations

import ast
from typing import Any

from pagoda.machine import verbs
from pagoda.machine.operands import Cache, ConstantWord, Count, Immediate, Operand, Place, State, Target, Wide, Window
from pagoda.machine.ops import Op, Parameter, names_verb
from pagoda.machine.values import ValueModel
from pagoda.native import types
from pagoda.native.functions import NativeFunction
from pagoda.native.lower import Lowering, assemble
from pagoda.native.text import FunctionText
from pagoda.native.unit import Unit
from pagoda.native.values import Abstract, Known, Word, type_of

DONE, TAKEN, LEAVE, FAILED = 0, 1, 2, -1
RESULT = "{i64, i64, i64}"  # how it ended, and the value's words
SMALL = 30  # lines of a body over unknown kinds that is inlined all the same


def symbol_of(model: ValueModel, op: Op) -> str:
    """The name of an operation's outlined handler."""
    return f"{model.name}.opt.op.{op.name}"


def can_be_outlined(op: Op) -> bool:
    """Whether an operation computes anything, of its operands alone: it neither enters, leaves nor suspends a frame."""
    if op.calls or op.skips or op.copies or (op.ends and op.result != "branch"):
        return False
    return not names_verb(op.function, verbs.enter, verbs.become, verbs.leave, verbs.suspend)


def parameter_type(model: ValueModel, parameter: Parameter) -> types.Type | None:
    """What a parameter of the body is passed as; None for one that is known without being passed."""
    kind = parameter.kind
    if isinstance(kind, Operand):
        return model.type
    if isinstance(kind, Place | Window):
        return types.pointer_type(model.type)
    if isinstance(kind, Immediate | Wide | Count):
        return types.I64
    if isinstance(kind, ConstantWord | Cache):
        return types.resolve_type(parameter.type)
    if isinstance(kind, State) and kind.what == "code":
        return types.resolve_type(parameter.type)
    assert isinstance(kind, State | Target)
    return None


class OutlinedHandler:
    """The text of one operation's outlined handler."""

    def __init__(self, model: ValueModel, op: Op, unit: Unit) -> None:
        self.model, self.op, self.unit = model, op, unit
        listed, self.args = ["ptr %ctx", "ptr %base"], []
        number = 0
        for parameter in op.parameters:
            kind = parameter_type(model, parameter)
            if kind is not None:
                flat = types.flatten(kind)
                names = [f"%a{number + i}" for i in range(len(flat))]
                listed += [f"{part.text} {name}" for part, name in zip(flat, names, strict=True)]
                number += len(flat)
                self.args.append(assemble(kind, names))
            elif isinstance(parameter.kind, Target):
                self.args.append(Known(types.I64.python(0)))
            else:
                assert isinstance(parameter.kind, State)
                name = "%ctx" if parameter.kind.what == "context" else "%base"
                self.args.append(Word(types.resolve_type(parameter.type), name))
        header = f'define dso_local {RESULT} @"{symbol_of(model, op)}"({", ".join(listed)}) nounwind'
        self.out = FunctionText(header)
        hooks: dict[object, Any] = {
            verbs.slow: self.call, verbs.call: self.call, verbs.fail: self.fail, verbs.poll: self.poll,
            verbs.charge: self.charge,
        }  # fmt: skip
        self.lowering = Lowering(unit, self.out, hooks)
        self.fuel = ""

    def write(self) -> str:
        """The text."""
        if self.op.polls:
            self.fuel = self.lowering.operand(self.lowering.load(*self.context_field("fuel")), types.I64)
        self.lowering.inline_apart(self.op.function, self.args, self.complete)
        return self.out.render()

    def context_field(self, name: str) -> tuple[types.Type, str]:
        return self.lowering.field_address(Word(types.resolve_type(self.model.context), "%ctx"), name)

    def finish(self, status: int) -> None:
        self.out.finish(f"ret {RESULT} {{i64 {status}, i64 0, i64 0}}")

    def complete(self, value: Abstract) -> None:
        """What follows a ``return`` of the body."""
        op, out, lowering = self.op, self.out, self.lowering
        if op.result == "branch":
            flag = out.emit(f"zext i1 {lowering.operand(value, types.BOOL)} to i64")
            packed = out.emit(f"insertvalue {RESULT} {{i64 0, i64 0, i64 0}}, i64 {flag}, 0")
            out.finish(f"ret {RESULT} {packed}")
        elif op.has_destination:
            packed = f"{{i64 {DONE}, i64 poison, i64 poison}}"
            for position, (_, text) in enumerate(lowering.scalars(value, self.model.type)):
                packed = out.emit(f"insertvalue {RESULT} {packed}, i64 {text}, {position + 1}")
            out.finish(f"ret {RESULT} {packed}")
        else:
            self.finish(DONE)

    # -- verbs

    def call(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Calls a native function; its failure is the operation's."""
        function = args[0]
        if not isinstance(function, Known) or not isinstance(function.value, NativeFunction):
            lowering.error("slow() and call() take a native function")
        called, out = function.value, self.out
        _, place = self.context_field("frame")
        out.do(f"store ptr %base, ptr {place}, align 8")
        value = lowering.inline(called, args[1:]) if called.inlined else lowering.call(called, args[1:])
        kind = type_of(value)
        if isinstance(kind, types.Void):
            return value
        if isinstance(kind, types.Scalar):
            failed: Abstract = lowering.compare(ast.Lt, value, Known(0))
        else:
            failed = lowering.inline(self.model.failed, [value])
        bad, good = out.new_block("failed"), out.new_block("fine")
        out.branch(lowering.operand(failed, types.BOOL), bad, good, ", !prof !1")
        out.enter(bad)
        self.finish(FAILED)
        out.enter(good)
        if isinstance(kind, types.Scalar) and self.op.result == "branch":
            return lowering.compare(ast.NotEq, value, Known(0))
        if isinstance(kind, types.Scalar) and self.op.result == "none":
            return Known(None)
        return value

    def fail(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        self.finish(FAILED)
        return Known(None)

    def charge(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        kind, place = self.context_field("fuel")
        fuel = lowering.operand(lowering.load(kind, place), types.I64)
        left = self.out.emit(f"sub i64 {fuel}, {lowering.operand(args[0], types.I64)}")
        lowering.store(kind, place, Word(types.I64, left))
        return Known(None)

    def poll(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """To stop is the interpreter's, at this same instruction: what was charged is given back."""
        out = self.out
        kind, place = self.context_field("fuel")
        fuel = lowering.operand(lowering.load(kind, place), types.I64)
        _, asked_at = self.context_field("poll_word")
        word = out.emit(f"load volatile i64, ptr {asked_at}, align 8")
        either = out.emit(f"or i64 {out.emit(f'lshr i64 {fuel}, 63')}, {word}")
        look, stop, on = out.new_block("look"), out.new_block("stop"), out.new_block("on")
        out.branch(out.emit(f"icmp ne i64 {either}, 0"), look, on, ", !prof !1")
        out.enter(look)
        symbol = f"{self.model.name}.opt.poll"
        self.unit.declare(symbol, f'declare i64 @"{symbol}"(ptr) nounwind cold')
        status = out.emit(f'call i64 @"{symbol}"(ptr %ctx)')
        out.branch(out.emit(f"icmp eq i64 {status}, 0"), on, stop)
        out.enter(stop)
        lowering.store(kind, place, Word(types.I64, self.fuel))
        self.finish(LEAVE)
        out.enter(on)
        return Known(None)


def handler_unit(model: ValueModel, op: Op) -> Unit:
    """The unit of one operation's outlined handler."""
    unit = Unit(symbol_of(model, op))
    unit.add_text(OutlinedHandler(model, op, unit).write())
    return unit


_sizes: dict[tuple[str, Op], int] = {}


def size_of(model: ValueModel, op: Op) -> int:
    """How many lines the body takes where nothing is known of its operands."""
    key = model.name, op
    if key not in _sizes:
        _sizes[key] = handler_unit(model, op).texts[0].count("\n")
    return _sizes[key]
