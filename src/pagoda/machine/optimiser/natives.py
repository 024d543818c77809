"""Native functions called from compiled code: by a body's verbs, by a body itself, and as outlined handlers.

``slow`` exits before the instruction, unless its slow path is expected; ``call`` calls; ``fail`` and a failed call raise from
here. Registers whose addresses a native function gets are in memory for that call only. What must hold: where it failed, they
are what memory then has, for it may have changed them before.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from pagoda.machine.operands import State as MachineState
from pagoda.machine.ops import Op
from pagoda.machine.optimiser.calls import RARE, CallEmitter
from pagoda.machine.optimiser.exits import RAISING, RESUMING
from pagoda.machine.optimiser.lowering import slot_name
from pagoda.machine.optimiser.outlined import LEAVE, RESULT, SMALL, TAKEN, can_be_outlined, parameter_type, size_of, symbol_of
from pagoda.machine.optimiser.registers import Register, kind_of
from pagoda.native import types
from pagoda.native.functions import NativeFunction
from pagoda.native.lower import Lowering
from pagoda.native.lower_base import Activation
from pagoda.native.text import Block
from pagoda.native.values import Abstract, Known, Parts, Word, type_of

UNGUARDED = -1  # no kind: that of a place that was of unknown kind before


class NativeCallEmitter(CallEmitter):
    """The part of an instruction's writer that calls native functions."""

    counted: list[Parts]
    places: list[int]
    reloaded: dict[int, int]
    unknown: bool
    start_block: Block | None

    @staticmethod
    def activation(op: Op) -> Activation:
        raise NotImplementedError

    def complete(self, value: Abstract) -> None:
        raise NotImplementedError

    def slow(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Leaves, unless the slow path is ordinary: said to be, or the only one, or cheap to call where nothing is known."""
        known = self.emitter.assumptions
        if self.index in known.slow or self.start_block is self.emitter.out.block:
            return self.call(lowering, args, node)
        if known.outlined and ((self.op.calls and self.direct is None) or (self.unknown and self.op.result != "value")):
            return self.call(lowering, args, node)
        self.leave_by(RESUMING)
        return Known(None)

    def fail(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        self.sync_fuel()
        if self.reloaded:
            self.fail_here(())
        else:
            self.leave_by(RAISING)
        return Known(None)

    def call(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Calls a native function. Registers that it gets the address of are in memory meanwhile."""
        emitter, out = self.emitter, self.emitter.out
        function = args[0]
        if not isinstance(function, Known) or not isinstance(function.value, NativeFunction):
            lowering.error("slow() and call() take a native function")
        called = function.value
        if called.inlined:
            raise emitter.lowering.memory("an inlined function where a native one is called")
        shown = self.show(args[1:])
        emitter.exits.write_header()
        frame_at = types.layout_of(emitter.model.context).fields["frame"][1]
        out.do(f"store ptr %base, ptr {out.emit(f'getelementptr inbounds i8, ptr %ctx, i64 {frame_at}')}, align 8")
        self.sync_fuel()
        value = Lowering.call(lowering, called, args[1:])
        kind = type_of(value)
        if not isinstance(kind, types.Void):
            if isinstance(kind, types.Scalar):
                failed: Abstract = lowering.compare(ast.Lt, value, Known(0))
            else:
                failed = lowering.inline(emitter.model.failed, [value])
            self.go_on_unless(lowering.operand(failed, types.BOOL), shown)
        self.reload_fuel()
        self.hide(shown)
        if isinstance(kind, types.Scalar) and self.op.result == "branch":
            return lowering.compare(ast.NotEq, value, Known(0))
        if isinstance(kind, types.Scalar) and self.op.result == "none":
            return Known(None)
        return value

    def native_call(self, called: NativeFunction[Any, Any], args: list[Abstract]) -> Abstract:
        """A call that the body makes by itself, of a function that cannot fail, with addresses of registers."""
        lowering = self.emitter.lowering
        if any(isinstance(p.kind, MachineState) and p.kind.what == "registers" for p in self.op.parameters):
            shown = sorted(self.emitter.state.registers)  # the whole frame, with its header and what lies below
            for register in shown:
                self.emitter.own(self.emitter.state, register)
                self.emitter.exits.write(register, self.emitter.state.registers[register].value)
            self.before = self.emitter.state.copy()
            self.places = shown
            self.emitter.exits.write_header()
        else:
            shown = self.show(args)
        self.sync_fuel()
        value = lowering.call(called, args)
        self.reload_fuel()
        self.hide(shown)
        return value

    def go_on_unless(self, failed: str, shown: list[int]) -> None:
        """Raises from here where a native function failed."""
        out = self.emitter.out
        good = out.new_block("fine")
        if not shown and not self.reloaded:
            out.branch(failed, self.head(RAISING), good, RARE)
        else:
            bad = out.new_block("failed")
            out.branch(failed, bad, good, RARE)
            out.enter(bad)
            self.fail_here(shown)
        out.enter(good)

    def fail_here(self, shown: Iterable[int]) -> None:
        """Raises with the registers as they are here: what was in memory may have changed before the failure."""
        emitter = self.emitter
        state = self.before.copy()
        for register in self.reloaded:
            state.registers[register] = Register(emitter.lowering.contents(register))
        for register in shown:
            address = emitter.lowering.real(register * emitter.slot)
            value = emitter.lowering.load(emitter.kind, address)
            assert isinstance(value, Parts)
            emitter.lowering.store(emitter.kind, address, emitter.empty)  # a handler may go on in compiled code
            state.registers[register] = Register(value)
        for counted in self.counted:
            emitter.release(counted)
        emitter.exits.leave(state, self.index, RAISING)

    def show(self, args: list[Abstract]) -> list[int]:
        """Puts registers into memory whose addresses are among ``args``; gives them."""
        emitter, lowering = self.emitter, self.emitter.lowering
        found: set[int] = set()
        for value in args:
            at = lowering.virtual(value.text) if isinstance(value, Word) else None
            if at is None or at < 0:
                continue
            register = at // emitter.slot
            found |= set(self.window_registers()) if register == self.window else {register}
        for register in sorted(found):
            emitter.exits.write(register, lowering.contents(register))
        return sorted(found)

    def hide(self, shown: list[int]) -> None:
        """Takes the places among ``shown`` back out of memory, which owns nothing afterwards. What a window held is gone."""
        emitter, lowering = self.emitter, self.emitter.lowering
        for register in [r for r in shown if r in self.places]:
            address = lowering.real(register * emitter.slot)
            before = kind_of(lowering.contents(register))
            if before == kind_of(emitter.empty):  # nothing yet: what comes is of another kind
                before = None
            value = lowering.load(emitter.kind, address)
            assert isinstance(value, Parts)
            lowering.store(emitter.kind, address, emitter.empty)
            self.reloaded.setdefault(register, UNGUARDED if before is None else before)
            lowering.activations[1].environment.names[slot_name(register)] = value

    # -- outlined handlers

    def is_outlined(self) -> bool:
        """Whether the instruction is a call of its operation's outlined handler."""
        emitter, op = self.emitter, self.op
        if op in emitter.compiler.outlined:
            return True
        known = emitter.assumptions
        if not known.outlined or not self.unknown or self.index in known.kinds or self.index in known.slow:
            return False
        return can_be_outlined(op) and size_of(emitter.model, op) > SMALL

    def call_outlined(self, args: list[Abstract]) -> None:
        """Calls the operation's outlined handler."""
        emitter, out, op = self.emitter, self.emitter.out, self.op
        lowering, model = emitter.lowering, emitter.model
        body = self.activation(op)
        body.environment.names.update(lowering.bound)
        lowering.activations.append(body)
        emitter.compiler.handlers.add(op)
        shown = self.show(args)
        emitter.exits.write_header()
        kinds, texts = ["ptr", "ptr"], ["ptr %ctx", "ptr %base"]
        for parameter, value in zip(op.parameters, args, strict=True):
            kind = parameter_type(model, parameter)
            if kind is not None:
                scalars = lowering.scalars(value, kind)
                kinds += [text for text, _ in scalars]
                texts += [f"{text} {name}" for text, name in scalars]
        symbol = symbol_of(model, op)
        emitter.unit.declare(symbol, f'declare {RESULT} @"{symbol}"({", ".join(kinds)}) nounwind')
        self.sync_fuel()
        answer = out.emit(f'call {RESULT} @"{symbol}"({", ".join(texts)})')
        status = out.emit(f"extractvalue {RESULT} {answer}, 0")
        if op.polls:
            on = out.new_block("on")
            out.branch(out.emit(f"icmp eq i64 {status}, {LEAVE}"), self.head(RESUMING), on, RARE)
            out.enter(on)
        if op.raises:
            self.go_on_unless(out.emit(f"icmp slt i64 {status}, 0"), shown)
        self.reload_fuel()
        self.hide(shown)
        if op.result == "branch":
            value = Word(types.BOOL, out.emit(f"icmp eq i64 {status}, {TAKEN}"))
            self.complete(value)
        elif op.has_destination:
            words = (out.emit(f"extractvalue {RESULT} {answer}, {position}") for position in (1, 2))
            self.complete(lowering.assemble(emitter.kind, words))
        else:
            self.complete(Known(None))
        lowering.activations.pop()
