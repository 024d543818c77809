"""One instruction of compiled code: its operands bound, its body evaluated, its verbs given their meaning here.

Calls of native functions and of outlined handlers are in ``natives.py``, those of guest functions in ``calls.py``. The order of
what happens is the interpreter's: references that the body takes over are counted first, registers change last.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pagoda.machine import verbs
from pagoda.machine.frames import frame_code
from pagoda.machine.function import Effects, Instruction, Label, field_names
from pagoda.machine.operands import (
    EMBEDDED,
    NOTES,
    Cache,
    ConstantWord,
    Count,
    Immediate,
    Operand,
    Place,
    Target,
    Wide,
    Window,
)  # fmt: skip
from pagoda.machine.operands import State as MachineState
from pagoda.machine.ops import Op, Parameter
from pagoda.machine.optimiser.exits import PASSING, RESUMING, SUSPENDING
from pagoda.machine.optimiser.lowering import CACHED, FUEL, POLLED, SEEN, code_type, slot_name
from pagoda.machine.optimiser.natives import UNGUARDED, NativeCallEmitter
from pagoda.machine.optimiser.outlined import can_be_outlined
from pagoda.machine.optimiser.registers import CONSTANT, Register, State, kind_of
from pagoda.native import types
from pagoda.native.environment import Environment
from pagoda.native.intrinsics import pointer
from pagoda.native.lower import Lowering
from pagoda.native.lower_base import Activation
from pagoda.native.text import Block
from pagoda.native.values import Abstract, Known, Parts, Word, same, type_of

if TYPE_CHECKING:
    from pagoda.machine.optimiser.emitter import Edge, Emitter

RARE = ", !prof !1"


class InstructionEmitter(NativeCallEmitter):
    """Writes one instruction after the other for an :class:`Emitter`."""

    def __init__(self, emitter: Emitter) -> None:
        self.emitter = emitter
        self.following: list[Edge] = []
        self.heads: dict[int, Block] = {}
        self.seen_word = ""

    def hooks(self) -> dict[object, Any]:
        return {
            verbs.slow: self.slow, verbs.call: self.call, verbs.fail: self.fail, verbs.enter: self.enter,
            verbs.leave: self.leave, verbs.poll: self.poll, verbs.charge: self.charge, verbs.suspend: self.suspend,
            frame_code: self.own_code, pointer: self.pointer,
        }  # fmt: skip

    @staticmethod
    def activation(op: Op) -> Activation:
        made = Activation(op.function, Environment({}, {}), None)
        made.node = op.function.tree
        return made

    # -- the instruction

    def write(self, index: int) -> list[Edge]:
        """Writes instruction ``index``; gives the open ends that go on at the next one, none if that is a leader."""
        emitter = self.emitter
        self.index = index
        self.instruction: Instruction = emitter.function.instructions[index]
        self.op = op = self.instruction.op
        self.effect: Effects = emitter.graph.flow.effects[index]
        self.following, self.heads = [], {}
        self.taken: list[tuple[int, Parts, bool]] = []
        self.counted: list[Parts] = []  # what was retained before the body
        self.alias: tuple[Parts, int] | None = None
        self.operands: list[tuple[int, Parts]] = []  # registers whose kind the body may find out
        self.places: list[int] = []
        self.replaced = -1  # the register that the instruction gives another value
        self.matched = False  # whether a way through the body gave the kind that was expected
        self.unknown = False  # whether an operand is of a kind that is not known
        self.reloaded: dict[int, int] = {}  # places that a native function may have changed, and their kinds before
        self.start_block: Block | None = None
        self.window = -1
        lowering = emitter.lowering
        lowering.activations[:] = [self.activation(op)]
        lowering.conditions.clear()
        lowering.bound = {}
        self.direct, self.kept = self.direct_callee(), []
        self.settle_borrowers()
        self.keep_lent()
        self.before = emitter.state.copy()
        if emitter.compiler.stress:
            self.forced_exit()
        self.effects = emitter.out.effects
        with lowering.at(op.function.tree):
            letters = list(self.instruction.letters)
            named = dict(zip(field_names(op), self.instruction.arguments, strict=True))
            args = [self.argument(p, named.get(p.name), letters) for p in op.parameters]
            for value in self.counted:
                emitter.retain(value)
            lowering.bound = {slot_name(r): emitter.read(r) for r in self.places}
            lowering.bound[FUEL] = Word(types.I64, emitter.state.fuel)
            if self.window >= 0:
                lowering.bound.update({slot_name(r): emitter.read(r) for r in self.window_registers()})
            if op in emitter.compiler.outlined and not can_be_outlined(op):
                self.leave_by(RESUMING)  # what can be done neither here nor apart is the interpreter's
            elif self.is_outlined():
                self.call_outlined(args)
            else:
                lowering.op, lowering.native_call = op, self.native_call
                self.start_block = emitter.out.block
                lowering.inline_apart(op.function, args, self.complete)
                lowering.native_call = None
            self.write_heads()
        return self.following

    def settle_borrowers(self) -> None:
        """Borrowers become owners where their source changes, and where they are changed or given away themselves."""
        emitter, effect = self.emitter, self.effect
        state = emitter.state
        ends = effect.takes | effect.consumes | effect.writes | effect.modified | effect.clobbers
        given = (effect.consumes | effect.modified) & ~self.lent_registers()
        for register in state.borrowers(ends):
            if emitter.graph.before[self.index] >> register & 1 or given >> register & 1:
                emitter.own(state, register)
            else:
                del state.registers[register]
        for register in list(state.registers):
            if given >> register & 1:
                emitter.own(state, register)

    # -- operands

    def argument(self, parameter: Parameter, argument: Any, letters: list[str]) -> Abstract:
        """The value that the body gets for a parameter."""
        emitter, kind = self.emitter, parameter.kind
        lowering, out = emitter.lowering, emitter.out
        if isinstance(kind, Operand):
            letter, number = letters.pop(0), argument[1]
            if letter == "I":
                return lowering.inline(emitter.model.from_immediate, [Known(types.I64.python(number))])
            if letter in "RT":
                return self.register_operand(kind, letter, number)
            if letter == "K":
                value = self.constant(number)
                if kind.owned:
                    self.keep(value, CONSTANT)
                return value
            self.unknown = True
            loaded = lowering.load(emitter.kind, self.locate(letter, number))
            assert isinstance(loaded, Parts)
            if kind.owned:
                self.counted.append(loaded)
            return loaded
        if isinstance(kind, Place):
            letter, number = letters.pop(0), argument[1]
            if letter != "R":
                self.unknown = True
                return Word(types.pointer_type(emitter.kind), self.locate(letter, number))
            self.unknown = self.unknown or (kind_of(emitter.read(number)) is None and not kind.replaced)
            self.places.append(number)
            self.replaced = number if kind.replaced else self.replaced
            return lowering.address_of(number)
        if isinstance(kind, Window):
            self.window = argument
            return lowering.address_of(argument)
        if isinstance(kind, Immediate | Wide | Count):
            return Known(types.I64.python(argument))
        if isinstance(kind, Target):
            return Known(types.I64.python(0))
        if isinstance(kind, ConstantWord):
            return Word(types.resolve_type(parameter.type), self.load_constant(argument, 1))
        if isinstance(kind, Cache):
            return self.cache(parameter)
        assert isinstance(kind, MachineState)
        if kind.what == "context":
            return Word(types.resolve_type(parameter.type), "%ctx")
        if kind.what == "code":
            return Word(code_type(), emitter.code)
        assert out.block is not None
        return Word(types.resolve_type(parameter.type), "%frame:0")

    def register_operand(self, kind: Operand, letter: str, register: int) -> Parts:
        emitter = self.emitter
        value = emitter.read(register)
        held = emitter.state.registers.get(register)
        borrowed = held is not None and held.source is not None
        self.operands.append((register, value))
        self.unknown = self.unknown or kind_of(value) is None
        if letter == "T":
            if kind.owned and borrowed:
                assert held is not None
                assert held.source is not None
                if self.op.copies:  # the borrowing passes on
                    self.alias = value, held.source
                else:
                    self.counted.append(value)
            self.taken.append((register, value, kind.owned or borrowed))
        elif kind.owned:
            self.keep(value, held.source if held is not None and held.source is not None else register)
        return value

    def keep(self, value: Parts, source: int) -> None:
        """The body gets a reference of its own, or, where it only passes the value on, the result borrows."""
        if self.op.copies and not self.emitter.owns_nothing(value):
            self.alias = value, source
        elif not self.op.copies:
            self.counted.append(value)

    def locate(self, letter: str, number: int) -> str:
        """The address of one of the language's own places."""
        emitter = self.emitter
        mode = emitter.model.places[letter]
        base = Word(types.pointer_type(emitter.kind), "%frame:0")
        value = emitter.lowering.inline(mode.locate, [emitter.context(), base, Known(types.I64.python(number))])
        return emitter.lowering.operand(value, type_of(value))

    def constant(self, number: int) -> Parts:
        """A constant: its kind is known; its payload too where that is no address."""
        emitter = self.emitter
        item = emitter.function.constants[number]
        assert emitter.model.constant is not None
        words = emitter.model.constant(item)
        kind = Known(types.I64.python(words[0]))
        if type(item) in EMBEDDED:
            return Parts(emitter.kind, (kind, Known(types.I64.python(words[1]))))
        return Parts(emitter.kind, (kind, Word(types.I64, self.load_constant(number, 1))))

    def load_constant(self, number: int, word: int) -> str:
        emitter, out = self.emitter, self.emitter.out
        at = types.layout_of(code_python()).fields["constants"][1]
        row = out.emit(f"load ptr, ptr {out.emit(f'getelementptr inbounds i8, ptr {emitter.code}, i64 {at}')}, align 8")
        place = out.emit(f"getelementptr inbounds i8, ptr {row}, i64 {number * emitter.slot + 8 * word}")
        return out.emit(f"load i64, ptr {place}, align 8")

    def cache(self, parameter: Parameter) -> Abstract:
        """The address of the instruction's own word; feedback goes nowhere, and an inline cache holds what it held before."""
        kind = types.resolve_type(parameter.type)
        if not self.is_outlined():
            held = self.emitter.assumptions.caches.get(self.index)
            text = f"{SEEN}{parameter.name}" if parameter.name in NOTES else f"{CACHED}{parameter.name}:{held}"
            if held is not None or parameter.name in NOTES:
                self.emitter.lowering.caches[text] = lambda: self.cache_word(parameter)
                return Word(kind, text)
        return Word(kind, self.cache_word(parameter))

    def cache_word(self, parameter: Parameter) -> str:
        """The address of the instruction's own word."""
        emitter, out = self.emitter, self.emitter.out
        layout = emitter.compiler.table.variant(self.op, self.instruction.letters).layout
        at = types.layout_of(code_python()).fields["entry"][1]
        entry = out.emit(f"load ptr, ptr {out.emit(f'getelementptr inbounds i8, ptr {emitter.code}, i64 {at}')}, align 8")
        word = emitter.request.starts[self.index] + layout.caches[parameter.name]
        return out.emit(f"getelementptr inbounds i64, ptr {entry}, i64 {word}")

    # -- what follows

    def complete(self, value: Abstract) -> None:
        """What follows one ``return`` of the body."""
        emitter, lowering = self.emitter, self.emitter.lowering
        out, op = emitter.out, self.op
        if op.ends and op.result != "branch":
            lowering.error("an operation that ends a block must leave by a verb")
        state = self.before.copy()
        state.fuel = self.fuel()
        for register, held in self.operands:
            self.learn(state, register, held)
        for register, given, owned in self.taken:
            if not owned:
                emitter.release(given)
            state.registers.pop(register, None)
        for register in self.places:
            contents = lowering.contents(register)
            state.registers[register] = Register(self.settled(contents))
        state.drop(self.effect.consumes | self.effect.clobbers)
        if op.has_destination:
            assert isinstance(value, Parts)
            self.write_destination(state, value)
            if emitter.out.block is None:
                return
        if op.result != "branch":
            self.guard_places(state, self.index + 1)
            self.forced_after(state)
            self.proceed(self.index + 1, state)
            return
        target = next(a.position for a in self.instruction.arguments if isinstance(a, Label))
        truth = lowering.settle(value)
        if isinstance(truth, Known):
            goal = target if truth.value else self.index + 1
            self.guard_places(state, goal)
            if truth.value:
                self.guard_replaced(state, goal)
            self.proceed(goal, state)
            return
        taken, on = out.new_block("taken"), out.new_block("on")
        out.branch(lowering.operand(truth, types.BOOL), taken, on)
        other = state.copy()
        out.enter(taken)
        self.guard_places(state, target)
        self.guard_replaced(state, target)
        self.proceed(target, state)
        out.enter(on)
        self.guard_places(other, self.index + 1)
        self.proceed(self.index + 1, other)

    def guard_places(self, state: State, target: int) -> None:
        """Exits at ``target`` where a place that a native function was given is not of the kind that it was of before."""
        for register, kind in self.reloaded.items():
            if kind == UNGUARDED:
                continue
            value = state.registers[register].value
            if kind_of(value) is None:
                self.guard_register(state, register, kind, target)

    def guard_replaced(self, state: State, target: int) -> None:
        """Exits at ``target`` where the register that got another value did not get one of the kind that was seen."""
        kind = self.emitter.assumptions.kinds.get(self.index)
        held = state.registers.get(self.replaced)
        if kind is None or held is None or kind_of(held.value) == kind:
            return
        if kind_of(held.value) is None:
            self.guard_register(state, self.replaced, kind, target)

    def learn(self, state: State, register: int, value: Parts) -> None:
        """A register whose kind the body tested has that kind from here on."""
        held = state.registers.get(register)
        if held is not None and held.value is value:
            settled = self.settled(value)
            if settled is not value:
                state.registers[register] = Register(settled, held.source)

    def settled(self, value: Parts) -> Parts:
        tag = self.emitter.lowering.settle(value.items[0])
        return value if tag is value.items[0] else Parts(value.type, (tag, *value.items[1:]))

    def write_destination(self, state: State, value: Parts) -> None:
        """Writes the result; leaves after the instruction where it is not of the kind that was expected."""
        emitter, out = self.emitter, self.emitter.out
        value = self.settled(value)
        register = self.instruction.arguments[0]
        assert isinstance(register, int)
        source = None
        if self.alias is not None:
            whole, source = self.alias
            if not same(whole, value):
                raise emitter.lowering.memory("an operation that copies changes its operand")
        state.registers.pop(register, None)  # the youngest value comes last: exits write it first
        state.registers[register] = Register(value, source)
        expected = emitter.assumptions.kinds.get(self.index)
        if expected is None:
            return
        if kind_of(value) == expected:
            self.matched = True
            return
        if self.matched and kind_of(value) is None:  # one way always gives that kind: this one may have been of no use yet
            emitter.exits.leave(state, self.index + 1, RESUMING, self.index)
            return
        if kind_of(value) is not None:  # this path's result is of another kind
            if out.effects == self.effects:
                self.leave_by(RESUMING)
            else:
                emitter.exits.leave(state, self.index + 1, RESUMING, self.index)
            return
        self.guard_register(state, register, expected)

    def guard_register(self, state: State, register: int, kind: int, target: int | None = None) -> None:
        """As :meth:`guard_kind`; the register's value is known to be of that kind from here on."""
        held = state.registers[register]
        self.guard_kind(state, register, held.value, kind, target)
        known = Parts(held.value.type, (Known(types.I64.python(kind)), *held.value.items[1:]))
        state.registers[register] = Register(known, held.source)

    def guard_kind(self, state: State, register: int, value: Parts, kind: int, target: int | None = None) -> None:
        """Exits after the instruction, or at ``target``, unless a register's value is of a kind."""
        emitter, out = self.emitter, self.emitter.out
        tag = emitter.lowering.operand(value.items[0], types.I64)
        good, other = out.new_block("kind"), out.new_block("other")
        out.branch(out.emit(f"icmp eq i64 {tag}, {kind}"), good, other, ", !prof !0")
        out.enter(other)
        emitter.exits.leave(state, self.index + 1 if target is None else target, RESUMING, self.index)
        out.enter(good)

    def proceed(self, target: int, state: State) -> None:
        """Goes on at an instruction: a leader, or the next one."""
        emitter = self.emitter
        if target in emitter.graph.leaders:
            emitter.go(target, state)
            return
        assert target == self.index + 1
        assert emitter.out.block is not None
        self.following.append((emitter.out.block, state))
        emitter.out.block = None

    # -- ways out

    def head(self, mode: int) -> Block:
        """The block in which this instruction's exits of a mode begin."""
        if mode not in self.heads:
            self.heads[mode] = self.emitter.out.new_block(("back", "bad", "pass")[mode])
        return self.heads[mode]

    def leave_by(self, mode: int) -> None:
        self.emitter.out.jump(self.head(mode))

    def write_heads(self) -> None:
        """The beginnings of this instruction's exits: what was retained or charged for the body is given back."""
        emitter, out = self.emitter, self.emitter.out
        for mode, block in self.heads.items():
            out.enter(block)
            state = self.before
            if mode == PASSING:  # the callee has taken what the window held
                state = state.copy()
                state.drop(self.effect.consumes | self.effect.clobbers)
            for value in self.counted:
                emitter.release(value)
            emitter.exits.leave(state, self.index, mode)

    # -- verbs

    def poll(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Where somebody wants attention: looks who, out of line; to stop is the interpreter's, at this same instruction."""
        emitter, out = self.emitter, self.emitter.out
        fuel = self.fuel()
        _, place = emitter.context_field("poll_word")
        word = out.emit(f"load volatile i64, ptr {place}, align 8")
        look, on = out.new_block("look"), out.new_block("on")
        out.branch(out.emit(f"icmp slt i64 {fuel}, {word}"), look, on, RARE)  # 0, or more than any fuel
        out.enter(look)
        self.sync_fuel()
        # No guest code runs in a poll, so that nothing else changes that compiled code looks at.
        status = out.emit(f"call i64 {emitter.support('poll', 'i64', 'ptr')}(ptr %ctx){emitter.lowering.memory_kind(POLLED)}")
        out.branch(out.emit(f"icmp eq i64 {status}, 0"), on, self.head(RESUMING))
        out.enter(on)
        return Known(None)

    def charge(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        self.set_fuel(self.emitter.out.emit(f"sub i64 {self.fuel()}, {lowering.operand(args[0], types.I64)}"))
        return Known(None)

    # -- fuel: a value here, in the context wherever somebody else may look

    def fuel(self) -> str:
        """The fuel that is left."""
        return self.emitter.lowering.operand(self.emitter.lowering.environment.names[FUEL], types.I64)

    def set_fuel(self, text: str) -> None:
        lowering = self.emitter.lowering
        if any(activation.loops for activation in lowering.activations):  # such paths do not join this name
            raise lowering.memory("fuel is used in a loop")
        lowering.environment.names[FUEL] = Word(types.I64, text)

    def sync_fuel(self) -> None:
        """Puts the fuel into the context."""
        self.emitter.store_fuel(self.fuel())

    def reload_fuel(self) -> None:
        """What was called may have used some."""
        self.set_fuel(self.emitter.load_fuel())

    def suspend(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Leaves with SUSPEND; the frame, in memory, goes on after this instruction."""
        emitter = self.emitter
        kind, place = emitter.context_field("result")
        lowering.store(kind, place, args[0])
        state = self.before.copy()
        state.fuel = self.fuel()
        for register, given, owned in self.taken:
            if not owned:
                emitter.release(given)
            state.registers.pop(register, None)
        emitter.exits.leave(state, self.index + 1, SUSPENDING)
        return Known(None)

    # -- forced exits, for tests

    def forced_exit(self) -> None:
        """Exits before the instruction if the test says so."""
        out = self.emitter.out
        bad, good = out.new_block("forced"), out.new_block("free")
        out.branch(self.is_forced(2 * self.index), bad, good)
        out.enter(bad)
        self.emitter.exits.leave(self.before, self.index, RESUMING)
        out.enter(good)

    def forced_after(self, state: State) -> None:
        emitter, out = self.emitter, self.emitter.out
        if not emitter.compiler.stress or self.op.result == "branch":
            return
        bad, good = out.new_block("forced"), out.new_block("free")
        out.branch(self.is_forced(2 * self.index + 1), bad, good)
        out.enter(bad)
        emitter.exits.leave(state, self.index + 1, RESUMING)
        out.enter(good)

    def is_forced(self, site: int) -> str:
        emitter, out = self.emitter, self.emitter.out
        number = (emitter.request.identity << 32) + site
        answer = out.emit(f"call i64 {emitter.support('forced', 'i64', 'i64')}(i64 {number})")
        return out.emit(f"icmp ne i64 {answer}, 0")


def code_python() -> type:
    from pagoda.machine.context import Code

    return Code
