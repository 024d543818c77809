"""Calls of guest functions from compiled code, and returns.

A callee that is expected, and compiled together with its caller, is called directly: unboxed arguments, the result in a
register. Its frame lies where the interpreter would put it, but nothing of it is in memory unless it exits: then the
helper ``finish`` lets the interpreter complete it, its result comes back boxed, and the caller exits *after* the call,
destination written. Any other callee is entered through its code's own entry, on whatever storey that is.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pagoda.machine.context import HEADER_RETURN, Code
from pagoda.machine.function import Effects, Instruction, fields_of
from pagoda.machine.operands import Count, Window
from pagoda.machine.ops import Op
from pagoda.machine.optimiser.exits import ANSWER, BOXED, FOLLOWING, PASSING, RESUMING
from pagoda.machine.optimiser.lowering import code_type
from pagoda.machine.optimiser.progress import UNSEEN
from pagoda.machine.optimiser.registers import Register, State, kind_of
from pagoda.native import types
from pagoda.native.environment import materialise
from pagoda.native.lower import Lowering
from pagoda.native.text import Block
from pagoda.native.values import Abstract, Known, Parts, Word, type_of

if TYPE_CHECKING:
    from pagoda.machine.optimiser.compiler import Request
    from pagoda.machine.optimiser.emitter import Emitter

LIKELY, RARE = ", !prof !0", ", !prof !1"


def window_of(instruction: Instruction) -> tuple[int, int]:
    """The window's first register and the number of arguments of a call."""
    window = count = 0
    for (_, kind), argument in zip(fields_of(instruction.op), instruction.arguments, strict=True):
        if isinstance(kind, Window) and isinstance(argument, int):
            window = argument
        elif isinstance(kind, Count) and isinstance(argument, int):
            count = argument
    return window, count


class CallEmitter:
    """The part of an instruction's writer that calls and returns."""

    emitter: Emitter
    index: int
    instruction: Instruction
    op: Op
    effect: Effects
    before: State
    window: int
    direct: Request | None
    kept: list[Parts]

    def head(self, mode: int) -> Block:
        raise NotImplementedError

    def leave_by(self, mode: int) -> None:
        raise NotImplementedError

    def charge(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        raise NotImplementedError

    def poll(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        raise NotImplementedError

    # -- what the machine's own helpers mean here

    def own_code(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """``frame_code``: the code of the frame is the code that is being compiled."""
        return Word(code_type(), self.emitter.code)

    def pointer(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """``pointer``: where a call's callee is expected, that it is the one is tested here, so that all the body asks
        of its code is known."""
        from pagoda.native.intrinsics import pointer

        target = self.expected_callee()
        kind = args[0]
        if target is None or not isinstance(kind, Known) or kind.value is not Code:
            return lowering.apply(pointer, args)
        out = self.emitter.out
        payload = lowering.operand(args[1], types.I64)
        known = out.emit(f"ptrtoint ptr {target.code_name} to i64")
        good = out.new_block("callee")
        out.branch(out.emit(f"icmp eq i64 {payload}, {known}"), good, self.head(RESUMING), LIKELY)
        out.enter(good)
        return Word(code_type(), target.code_name)

    def expected_callee(self) -> Request | None:
        if not self.op.calls:
            return None
        identity = self.emitter.assumptions.callees.get(self.index)
        return None if identity is None else self.emitter.compiler.requests.get(identity)

    def direct_callee(self) -> Request | None:
        """The callee that this call can enter with its arguments in registers: the expected one, where the arguments may be of
        the kinds that it was compiled for."""
        target = self.expected_callee()
        if target is None or target.framed or self.emitter.compiler.counted:  # counted: the callee must be wholly over first
            return None
        function = target.function
        window, count = window_of(self.instruction)
        if count != function.parameters:
            return None
        first = window + self.emitter.model.header_slots
        for index in range(count):
            want = target.assumptions.parameter(index)
            if want is not None and kind_of(self.emitter.read(first + index)) not in (None, want):
                return None
        return target

    def lent_registers(self) -> int:
        """A mask of those registers of the window that a direct call leaves to this function, callee included."""
        if self.direct is None:
            return 0
        window, _ = window_of(self.instruction)
        mask = 0 if self.op.fills else 1 << window
        for index in self.direct.lent:
            mask |= 1 << (window + self.emitter.model.header_slots + index)
        return mask

    def keep_lent(self) -> None:
        """Notes what this function has to give back after a direct call."""
        emitter = self.emitter
        mask = self.lent_registers()
        for register, held in emitter.state.registers.items():
            if mask >> register & 1 and held.source is None and not emitter.owns_nothing(held.value):
                self.kept.append(held.value)

    def window_registers(self) -> list[int]:
        """The registers of the window that hold values: a callee's slot, or a literal's first, and the arguments."""
        consumed = self.effect.consumes
        return [r for r in range(self.window, self.emitter.function.registers) if consumed >> r & 1]

    # -- calls

    def enter(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Calls the function whose code the body found."""
        emitter, out, model = self.emitter, self.emitter.out, self.emitter.model
        code = lowering.operand(args[0], type_of(args[0]))
        target = next((r for r in emitter.compiler.requests.values() if r.code_name == code), None)
        direct = target is not None and target is self.direct
        first = self.window + model.header_slots
        base = out.emit(f"getelementptr inbounds i8, ptr %base, i64 {first * emitter.slot}")
        if target is None:
            at = types.layout_of(Code).fields["frame_bytes"][1]
            size = out.emit(f"load i64, ptr {out.emit(f'getelementptr inbounds i8, ptr {code}, i64 {at}')}, align 8")
        else:
            size = str(target.function.registers * emitter.slot)
        end = out.emit(f"getelementptr inbounds i8, ptr {base}, i64 {size}")
        room = out.new_block("room")
        out.branch(self.no_room(end), self.head(RESUMING), room, RARE)
        out.enter(room)
        passed = self.direct_arguments(target, first) if direct and target is not None else []
        self.charge(lowering, [Known(1)], node)
        self.poll(lowering, [], node)
        if direct and target is not None:
            return self.enter_direct(target, base, passed)
        return self.enter_any(code, base)

    def no_room(self, end: str) -> str:
        """Whether a frame must not be entered that would end at ``end``."""
        emitter, out = self.emitter, self.emitter.out
        top = out.emit(f"ptrtoint ptr {end} to i64")
        if emitter.compiler.counted:
            emitter.exits.write_header()
            symbol = f"{emitter.model.name}.refuse"
            emitter.unit.declare(symbol, f'declare i64 @"{symbol}"(ptr, ptr, i64) nounwind cold')
            refused = out.emit(f'call i64 @"{symbol}"(ptr %ctx, ptr %base, i64 {top})')
            return out.emit(f"icmp ne i64 {refused}, 0")
        kind, place = emitter.context_field("stack_end")
        limit = emitter.lowering.operand(emitter.lowering.load(kind, place), types.I64)
        return out.emit(f"icmp ugt i64 {top}, {limit}")

    def guest_call(self, text: str) -> str:
        """A call that enters a guest function; where calls are counted, the frames of this native entry are noted meanwhile."""
        emitter, out = self.emitter, self.emitter.out
        if not emitter.compiler.counted:
            return out.emit(text)
        helper = emitter.support("count", "i64", "ptr, ptr")
        frames = out.emit(f"call i64 {helper}(ptr %ctx, ptr %base)")
        answer = out.emit(text)
        _, place = emitter.context_field("depth")
        depth = out.emit(f"load i64, ptr {place}, align 8")
        out.do(f"store i64 {out.emit(f'sub i64 {depth}, {frames}')}, ptr {place}, align 8")
        return answer

    def direct_arguments(self, target: Request, first: int) -> list[str]:
        """The arguments of a direct call, tested to be of the kinds that the callee was compiled for."""
        out, lowering = self.emitter.out, self.emitter.lowering
        values = [lowering.contents(first + index) for index in range(target.function.parameters)]
        wanted = [target.assumptions.parameter(index) for index in range(len(values))]
        passed: list[str] = []
        if target.looks:
            passed += [f"i64 {materialise(item, types.I64)}" for item in lowering.contents(self.window).items]
        for value, want in zip(values, wanted, strict=True):
            tag = materialise(value.items[0], types.I64)
            if want is None:
                passed.append(f"i64 {tag}")
            elif kind_of(value) is None:
                good = out.new_block("kind")
                out.branch(out.emit(f"icmp eq i64 {tag}, {want}"), good, self.head(RESUMING), LIKELY)
                out.enter(good)
            passed.append(f"i64 {materialise(value.items[1], types.I64)}")
        return passed

    def enter_direct(self, target: Request, base: str, passed: list[str]) -> Abstract:
        emitter, out = self.emitter, self.emitter.out
        self.note_caller(base)
        listed = ", ".join(["ptr %ctx", f"ptr {base}", f"i64 {self.fuel()}", *passed])
        answer = self.guest_call(f'call {ANSWER} @"{target.symbol}"({listed})')
        status, word, fuel = (out.emit(f"extractvalue {ANSWER} {answer}, {position}") for position in range(3))
        kind = target.progress.result
        helper = emitter.support("finish", "i64", "ptr, i64")
        for value in self.kept:
            emitter.release(value)
        if kind == UNSEEN:  # no path has returned yet; written again when one has
            emitter.progress.waits = True
            out.finish("unreachable")
            return Known(None)
        if kind < 0:  # no one kind: the result is always boxed
            settled = out.emit(f"call i64 {helper}(ptr %ctx, i64 {status})")
            return self.boxed_result(settled)
        fine, odd = out.new_block("fine"), out.new_block("odd")
        out.branch(out.emit(f"icmp eq i64 {status}, 0"), fine, odd, LIKELY)
        out.enter(odd)
        boxed = self.boxed_result(out.emit(f"call i64 {helper}(ptr %ctx, i64 {status})"))
        state = self.before.copy()
        state.fuel = self.fuel()
        state.drop(self.effect.consumes | self.effect.clobbers)
        register = self.instruction.arguments[0]
        assert isinstance(register, int)
        state.registers[register] = Register(boxed)
        emitter.exits.leave(state, self.index + 1, FOLLOWING)  # to go on here would make everything unknown that lies in memory
        out.enter(fine)
        self.set_fuel(fuel)
        return Parts(emitter.kind, (Known(types.I64.python(kind)), Word(types.I64, word)))

    def note_caller(self, base: str) -> None:
        """Writes into the callee's header who calls it: the stack of an error that is caught above this frame has it too."""
        emitter, out = self.emitter, self.emitter.out
        symbol = f'@"caller.{emitter.request.identity}"'  # minus the address of the function's words
        emitter.unit.declare(symbol, f"{symbol} = external global i8")
        at = f"ptr getelementptr (i8, ptr {symbol}, i64 {-8 * emitter.request.starts[self.index]})"
        place = out.emit(f"getelementptr inbounds i64, ptr {base}, i64 {HEADER_RETURN}")
        out.do(f"store {at}, ptr {place}, align 8{emitter.lowering.memory_kind('header')}")

    def guard_kind(self, state: State, register: int, value: Parts, kind: int) -> None:
        raise NotImplementedError

    def fuel(self) -> str:
        raise NotImplementedError

    def set_fuel(self, text: str) -> None:
        raise NotImplementedError

    def sync_fuel(self) -> None:
        raise NotImplementedError

    def reload_fuel(self) -> None:
        raise NotImplementedError

    def enter_any(self, code: str, base: str) -> Abstract:
        """Enters a function by its own entry, arguments in memory."""
        emitter, lowering = self.emitter, self.emitter.lowering
        slots = {self.window, *self.window_registers()}
        for register in sorted(slots):
            emitter.exits.write(register, lowering.contents(register))
        self.note_caller(base)
        self.sync_fuel()
        helper = emitter.support("run", "i64", "ptr, ptr, ptr")
        return self.boxed_result(self.guest_call(f"call i64 {helper}(ptr %ctx, ptr {code}, ptr {base})"))

    def boxed_result(self, status: str) -> Parts:
        """The result that lies in the context, which owns it no longer; raises where there is none."""
        emitter, out, lowering = self.emitter, self.emitter.out, self.emitter.lowering
        good = out.new_block("boxed")
        out.branch(out.emit(f"icmp eq i64 {status}, 0"), good, self.head(PASSING), LIKELY)
        out.enter(good)
        kind, place = emitter.context_field("result")
        value = lowering.load(kind, place)
        lowering.store(kind, place, emitter.empty)
        self.reload_fuel()
        assert isinstance(value, Parts)
        return value

    # -- returns

    def leave(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Returns a value: in a register where it is of the kind that all results have, else in the context."""
        emitter = self.emitter
        value = args[0]
        if not isinstance(value, Parts):
            raise emitter.lowering.memory("a result that is no value")
        tag = lowering.settle(value.items[0])
        kind = int(tag.value) if isinstance(tag, Known) else None
        progress = emitter.progress
        progress.give(kind)
        if kind is not None and kind == progress.result:
            word = lowering.operand(value.items[1], types.I64)
            emitter.answer("0", word, self.fuel())
        else:
            place_kind, place = emitter.context_field("result")
            lowering.store(place_kind, place, value)
            self.sync_fuel()
            emitter.answer(str(BOXED))
        return Known(None)
