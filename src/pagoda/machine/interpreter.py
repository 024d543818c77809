"""The ``vm`` storey: an interpreter made of one handler per variant of every operation, each lowered from the operation's body.

A handler is a function of the convention ``preserve_none`` that gets the machine's state in registers (instruction, frame,
constants, context, instruction word) and ends with a tail call to the next one. What must hold: a handler writes its
destination only after the body came to its result; on failure it leaves every register as it was and goes to ``raise``.
"""

from __future__ import annotations

import ast
from typing import Any

from pagoda.machine import verbs
from pagoda.machine.context import HEADER_CODE, HEADER_RETURN, Code
from pagoda.machine.frames import Frames
from pagoda.machine.operands import (
    Cache,
    ConstantWord,
    Count,
    Immediate,
    Literal,
    Operand,
    Place,
    State,
    Target,
    Wide,
    Window,
)  # fmt: skip
from pagoda.machine.ops import Layout, OpTable, Parameter, Variant
from pagoda.machine.upward import UpwardCalls
from pagoda.machine.values import ValueModel
from pagoda.native import types
from pagoda.native.functions import NativeFunction
from pagoda.native.lower import Lowering
from pagoda.native.text import FunctionText
from pagoda.native.unit import Unit
from pagoda.native.values import Abstract, Known, Parts, Word, type_of

STATE = "ptr %pc, ptr %base, ptr %consts, ptr %ctx, i64 %w"
CHARGED = "%charged"  # the name under which a path remembers what it charged; no SSA value is called so


class Handler(UpwardCalls):
    """The text of one variant's handler, while it is written.

    A handler is written twice: the hot one leaves for the cold one wherever the body says ``slow``, which begins the
    instruction anew (nothing has happened yet) and makes the call. So the hot one spills nothing around calls that it does
    not make.
    """

    def __init__(self, builder: InterpreterBuilder, variant: Variant, cold: bool = False) -> None:
        self.builder, self.variant, self.op, self.model = builder, variant, variant.op, builder.model
        self.cold, self.left_for_cold = cold, False
        name = self.symbol(variant) + (".cold" if cold else "")
        flags = "nounwind cold" if cold else "nounwind"
        self.out = FunctionText(f'define internal preserve_nonecc i64 @"{name}"({STATE}) {flags}')
        hooks: dict[object, Any] = {
            verbs.slow: self.slow, verbs.call: self.call, verbs.fail: self.fail, verbs.enter: self.enter,
            verbs.become: self.become, verbs.leave: self.leave, verbs.poll: self.poll, verbs.charge: self.charge,
            verbs.suspend: self.suspend,
        }  # fmt: skip
        self.lowering = Lowering(builder.unit, self.out, hooks)
        self.words: dict[int, str] = {0: "%w"}
        self.owned: list[tuple[str, Abstract]] = []  # how the operand came, and its value
        self.taken: list[tuple[str, Abstract, bool]] = []  # register address, value, owned by the body

    @staticmethod
    def symbol(variant: Variant) -> str:
        return f"op.{variant.name}"

    # -- operands

    def field(self, name: str, signed: bool = False) -> str:
        """An operand field as i64 text."""
        word, bit, width = self.variant.layout.fields[name]
        if word not in self.words:
            at = self.out.emit(f"getelementptr inbounds i8, ptr %pc, i64 {word * 8}")
            self.words[word] = self.out.emit(f"load i64, ptr {at}, align 8")
        text = self.words[word]
        if signed:
            if 64 - bit - width:
                text = self.out.emit(f"shl i64 {text}, {64 - bit - width}")
            return self.out.emit(f"ashr i64 {text}, {64 - width}")
        if bit:
            text = self.out.emit(f"lshr i64 {text}, {bit}")
        if bit + width < 64:
            text = self.out.emit(f"and i64 {text}, {(1 << width) - 1}")
        return text

    def register(self, name: str) -> str:
        """The address of the register that a field names."""
        return self.out.emit(f"getelementptr inbounds i8, ptr %base, i64 {self.field(name)}")

    def argument(self, parameter: Parameter, letters: list[str]) -> Abstract:
        """The value that the body gets for a parameter."""
        kind = parameter.kind
        model, out, lowering = self.model, self.out, self.lowering
        if isinstance(kind, Operand):
            letter = letters.pop(0)
            if letter == "I":
                number = Word(types.I64, self.field(parameter.name, signed=True))
                return lowering.inline(model.from_immediate, [number])
            if letter == "K":
                place = out.emit(f"getelementptr inbounds i8, ptr %consts, i64 {self.field(parameter.name)}")
            elif letter in "RT":
                place = self.register(parameter.name)
            else:
                place = self.locate(letter, parameter.name)
            value = lowering.load(model.type, place)
            if letter == "T":
                self.taken.append((place, value, kind.owned))
            elif kind.owned:
                self.owned.append((letter, value))
            return value
        if isinstance(kind, Place):
            letter = letters.pop(0)
            place = self.register(parameter.name) if letter == "R" else self.locate(letter, parameter.name)
            return Word(types.resolve_type(types.ptr[model.value]), place)  # type: ignore[name-defined]
        if isinstance(kind, Window):
            return Word(types.resolve_type(types.ptr[model.value]), self.register(parameter.name))  # type: ignore[name-defined]
        if isinstance(kind, Immediate | Wide | Target):
            return Word(types.I64, self.field(parameter.name, signed=True))
        if isinstance(kind, Count):
            return Word(types.I64, self.field(parameter.name))
        if isinstance(kind, ConstantWord):
            place = out.emit(f"getelementptr inbounds i8, ptr %consts, i64 {self.field(parameter.name)}")
            if model.words == 2:
                place = out.emit(f"getelementptr inbounds i8, ptr {place}, i64 8")
            resolved = types.resolve_type(parameter.type)
            return Word(resolved, out.emit(f"load {resolved.text}, ptr {place}, align 8"))
        if isinstance(kind, Cache):
            at = out.emit(f"getelementptr inbounds i8, ptr %pc, i64 {self.variant.layout.caches[parameter.name] * 8}")
            return Word(types.resolve_type(parameter.type), at)
        if isinstance(kind, Literal):
            return Word(types.I64, self.field(parameter.name))
        assert isinstance(kind, State)
        if kind.what == "context":
            return Word(types.resolve_type(parameter.type), "%ctx")
        if kind.what == "registers":
            return Word(types.resolve_type(parameter.type), "%base")
        if kind.what == "code":
            header = out.emit(f"getelementptr inbounds i64, ptr %base, i64 {HEADER_CODE}")
            negative = out.emit(f"load i64, ptr {header}, align 8")
            address = out.emit(f"sub i64 0, {negative}")
            return Word(types.resolve_type(Code), out.emit(f"inttoptr i64 {address} to ptr"))
        raise TypeError(f"unknown state {kind.what!r}")

    def locate(self, letter: str, name: str) -> str:
        mode = self.model.places[letter]
        context = Word(types.resolve_type(self.model.context), "%ctx")
        base = Word(types.resolve_type(types.ptr[self.model.value]), "%base")  # type: ignore[name-defined]
        given: list[Abstract] = [context, base, Word(types.I64, self.field(name))]
        if mode.locate.python.__code__.co_argcount > len(given):
            given.append(Word(base.type, "%consts"))
        value = self.lowering.inline(mode.locate, given)
        return self.lowering.operand(value, type_of(value))

    # -- references

    def retain(self, value: Abstract) -> None:
        if self.model.retain is not None:
            self.lowering.inline(self.model.retain, [value])

    def release(self, value: Abstract) -> None:
        if self.model.release is not None:
            context = Word(types.resolve_type(self.model.context), "%ctx")
            self.lowering.inline(self.model.release, [context, value])

    def settle_taken(self) -> None:
        """After success: what was taken but only borrowed by the body is released; its register is dead."""
        if self.model.release is None:
            return
        for place, value, owned in self.taken:
            if self.known_scalar(value):
                continue
            if not owned:
                self.release(value)
            self.lowering.store(self.model.type, place, self.lowering.inline(self.model.empty, []))

    def known_scalar(self, value: Abstract) -> bool:
        """Whether the value's tag is known here to own nothing."""
        if not isinstance(value, Parts):
            return False
        tag = self.lowering.settle(value.items[0])
        return isinstance(tag, Known) and self.builder.owns_nothing(tag.value)

    # -- ways out

    def state(self, pc: str = "%pc", base: str = "%base", consts: str = "%consts", word: str = "%w") -> str:
        return f"ptr {pc}, ptr {base}, ptr {consts}, ptr %ctx, i64 {word}"

    def dispatch(self, pc: str, base: str = "%base", consts: str = "%consts") -> None:
        """Goes on at the instruction at ``pc``."""
        out = self.out
        word = out.emit(f"load i64, ptr {pc}, align 8")
        opcode = out.emit(f"and i64 {word}, 65535")
        slot = out.emit(f"getelementptr inbounds ptr, ptr @handlers, i64 {opcode}")
        target = out.emit(f"load ptr, ptr {slot}, align 8")
        result = out.emit(f"musttail call preserve_nonecc i64 {target}({self.state(pc, base, consts, word)})")
        out.finish(f"ret i64 {result}")

    def next(self) -> None:
        self.dispatch(self.out.emit(f"getelementptr inbounds i8, ptr %pc, i64 {self.variant.layout.words * 8}"))

    def leave_raising(self) -> None:
        """Gives back what the prelude retained and goes to the unwinder."""
        self.give_back_owned()
        result = self.out.emit(f"musttail call preserve_nonecc i64 @raise({self.state()})")
        self.out.finish(f"ret i64 {result}")

    # -- verbs

    def slow(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """The rare path: in the hot handler, off to the cold one."""
        if self.cold:
            return self.call(lowering, args, node)
        self.leave_for_cold()
        return Known(None)

    def leave_for_cold(self) -> None:
        """Begins the instruction anew in the cold handler; what was charged is given back."""
        self.left_for_cold = True
        self.give_back_owned()
        self.give_back_fuel()
        result = self.out.emit(f'musttail call preserve_nonecc i64 @"{self.symbol(self.variant)}.cold"({self.state()})')
        self.out.finish(f"ret i64 {result}")

    def call(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        function = args[0]
        if not isinstance(function, Known) or not isinstance(function.value, NativeFunction):
            lowering.error("slow() and call() take a native function")
        called = function.value
        offset = types.layout_of(self.model.context).fields["frame"][1]
        frame_at = self.out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {offset}")
        self.out.do(f"store ptr %base, ptr {frame_at}, align 8")
        value = lowering.inline(called, args[1:]) if called.inlined else lowering.call(called, args[1:])
        kind = type_of(value)
        if isinstance(kind, types.Void):
            return value
        if isinstance(kind, types.Scalar):
            failed: Abstract = lowering.compare(ast.Lt, value, Known(0))
        else:
            failed = lowering.inline(self.model.failed, [value])
        bad, good = self.out.new_block("failed"), self.out.new_block("fine")
        self.out.branch(lowering.operand(failed, types.BOOL), bad, good, ", !prof !1")
        self.out.enter(bad)
        self.leave_raising()
        self.out.enter(good)
        if isinstance(kind, types.Scalar) and self.op.result == "branch":
            return lowering.compare(ast.NotEq, value, Known(0))
        if isinstance(kind, types.Scalar) and self.op.result == "none":
            return Known(None)
        return value

    def fail(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        self.leave_raising()
        return Known(None)

    def poll(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        self.check_poll(lowering)
        return Known(None)

    def charge(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        kind, place = lowering.field_address(Word(types.resolve_type(self.model.context), "%ctx"), "fuel")
        fuel = lowering.load(kind, place)
        units = lowering.operand(args[0], types.I64)
        lowering.environment.facts[CHARGED] = units  # a fact of this path; a body charges once
        left = self.out.emit(f"sub i64 {lowering.operand(fuel, types.I64)}, {units}")
        lowering.store(kind, place, Word(types.I64, left))
        return Known(None)

    def check_poll(self, lowering: Lowering) -> None:
        """Leaves raising when fuel ran out or somebody asks to stop."""
        context = Word(types.resolve_type(self.model.context), "%ctx")
        exhausted = self.model.exhausted
        if exhausted is None:
            fuel = lowering.operand(lowering.load(*lowering.field_address(context, "fuel")), types.I64)
        else:
            fuel = lowering.operand(lowering.inline(exhausted, [context]), types.I64)
        kind, place = lowering.field_address(context, "poll_word")
        word = self.out.emit(f"load volatile i64, ptr {place}, align 8")
        sign = self.out.emit(f"lshr i64 {fuel}, 63")
        either = self.out.emit(f"or i64 {sign}, {word}")
        asked = self.out.emit(f"icmp ne i64 {either}, 0")
        look, on, stop = self.out.new_block("look"), self.out.new_block("on"), self.out.new_block("stop")
        self.out.branch(asked, look, on, ", !prof !1")
        self.out.enter(look)
        if not self.cold:
            self.leave_for_cold()
            self.out.enter(on)
            return
        if exhausted is not None:
            within = self.out.new_block("within")
            self.out.branch(self.out.emit(f"icmp slt i64 {fuel}, 0"), stop, within)
            self.out.enter(within)
        status = self.out.emit(f"call i64 {self.builder.unit.reference(self.model.look)}(ptr %ctx)")
        again = self.out.emit(f"icmp eq i64 {status}, 0")
        if self.model.traces and not self.op.calls:
            answered = self.out.new_block("answered")
            self.out.branch(again, answered, stop)
            self.out.enter(answered)
            self.replace_on_stack(lowering)
            self.out.jump(on)
        else:
            self.out.branch(again, on, stop)
        self.out.enter(stop)
        self.leave_raising()
        self.out.enter(on)

    def give_back_owned(self) -> None:
        """Gives back what the prelude retained."""
        for _, value in self.owned:
            if not self.known_scalar(value):
                self.release(value)

    def give_back_fuel(self) -> None:
        """Gives back what this path charged."""
        charged = self.lowering.environment.facts.get(CHARGED)
        if charged is not None:
            context = Word(types.resolve_type(self.model.context), "%ctx")
            kind, place = self.lowering.field_address(context, "fuel")
            fuel = self.lowering.operand(self.lowering.load(kind, place), types.I64)
            self.lowering.store(kind, place, Word(types.I64, self.out.emit(f"add i64 {fuel}, {charged}")))

    def caller_of(self, back: str) -> tuple[str, str]:
        """The registers of the frame that called this one by the instruction at ``back``, and that instruction's word."""
        out, model = self.out, self.model
        word = out.emit(f"load i64, ptr {back}, align 8")
        window = out.emit(f"and i64 {out.emit(f'lshr i64 {word}, 32')}, 65535")
        distance = out.emit(f"add i64 {window}, {model.header_slots * model.slot_size}")
        return out.emit(f"getelementptr inbounds i8, ptr %base, i64 {out.emit(f'sub i64 0, {distance}')}"), word

    def enter(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Pushes the callee's frame over the window and goes to its first instruction.

        Callee and arguments are in the window, or are given behind it; these are stored once it is settled that the frame is
        entered.
        """
        out, model = self.out, self.model
        code = lowering.operand(args[0], types.resolve_type(model.code))
        window = lowering.operand(args[1], type_of(args[1]))
        base = out.emit(f"getelementptr inbounds i8, ptr {window}, i64 {model.header_slots * model.slot_size}")
        self.check_room(code, base)
        if model.traces and self.op.calls:
            self.check_storey(lowering, code, base, node)
        self.charge_entry(lowering, code, node)
        self.settle_taken()
        header = out.emit(f"getelementptr inbounds i64, ptr {base}, i64 {HEADER_RETURN}")
        out.do(f"store ptr %pc, ptr {header}, align 8")
        self.place(lowering, base, args[2:])
        self.go_into(code, base)
        return Known(None)

    def become(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Puts the callee's frame in the place of the running one, whose registers own nothing, and goes to its beginning."""
        model = self.model
        if model.release is not None:
            lowering.error("become() is for languages without reference counts")
        code = lowering.operand(args[0], types.resolve_type(model.code))
        self.check_room(code, "%base")
        self.charge_entry(lowering, code, node)
        self.place(lowering, "%base", args[1:])
        self.go_into(code, "%base")
        return Known(None)

    def place(self, lowering: Lowering, base: str, items: list[Abstract]) -> None:
        """Stores a callee and its arguments where the frame at ``base`` has them."""
        for index, item in enumerate(items):
            slot = (index - 1 if index else -self.model.header_slots) * self.model.slot_size
            lowering.store(self.model.type, self.out.emit(f"getelementptr inbounds i8, ptr {base}, i64 {slot}"), item)

    def check_room(self, code: str, base: str) -> None:
        """Fails where the frame of ``code`` at ``base`` would not fit the stack."""
        out, model = self.out, self.model
        size = self.load_field(code, types.layout_of(model.code).fields["frame_bytes"][1])
        end = out.emit(f"getelementptr inbounds i8, ptr {base}, i64 {size}")
        limit = self.load_field("%ctx", types.layout_of(model.context).fields["stack_end"][1])
        top = out.emit(f"ptrtoint ptr {end} to i64")
        over = out.emit(f"icmp ugt i64 {top}, {limit}")
        deep, room = out.new_block("deep"), out.new_block("room")
        out.branch(over, deep, room, ", !prof !1")
        out.enter(deep)
        if not self.cold:
            self.leave_for_cold()
        else:
            refuse = self.builder.unit.reference(self.builder.frames.refuse)
            refused = out.emit(f"icmp ne i64 {out.emit(f'call i64 {refuse}(ptr %ctx, ptr %base, i64 {top})')}, 0")
            full = out.new_block("full")
            out.branch(refused, full, room, ", !prof !1")
            out.enter(full)
            out.do(f"call void {self.builder.unit.reference(self.builder.overflow)}(ptr %ctx, ptr {code})")
            self.leave_raising()
        out.enter(room)

    def charge_entry(self, lowering: Lowering, code: str, node: ast.Call) -> None:
        """Takes what entering a function costs, and polls."""
        model = self.model
        if model.charge_entry is None:
            self.charge(lowering, [Known(1)], node)
            self.check_poll(lowering)
            return
        self.check_poll(lowering)  # first: what was taken need not be given back when the instruction begins anew
        context = Word(types.resolve_type(model.context), "%ctx")
        lowering.inline(model.charge_entry, [context, Word(types.resolve_type(model.code), code)])

    def go_into(self, code: str, base: str) -> None:
        """The rest of entering a frame, once it is settled that it happens."""
        out, model = self.out, self.model
        fields = types.layout_of(model.code).fields
        if model.traces:
            header = out.emit(f"getelementptr inbounds i64, ptr {base}, i64 {HEADER_CODE}")
            number = out.emit(f"ptrtoint ptr {code} to i64")
            out.do(f"store i64 {out.emit(f'sub i64 0, {number}')}, ptr {header}, align 8")
            calls_at = out.emit(f"getelementptr inbounds i8, ptr {code}, i64 {fields['calls'][1]}")
            calls = out.emit(f"load i64, ptr {calls_at}, align 8")
            out.do(f"store i64 {out.emit(f'add i64 {calls}, 1')}, ptr {calls_at}, align 8")
        entry = self.load_field(code, fields["entry"][1], "ptr")
        shared = model.constants is not None
        self.dispatch(entry, base, "%consts" if shared else self.load_field(code, fields["constants"][1], "ptr"))

    def load_field(self, owner: str, at: int, kind: str = "i64") -> str:
        place = self.out.emit(f"getelementptr inbounds i8, ptr {owner}, i64 {at}") if at else owner
        return self.out.emit(f"load {kind}, ptr {place}, align 8")

    def leave(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Pops the frame and writes the value to the destination of the call it returns to."""
        out, model = self.out, self.model
        value = args[0]
        if model.release_lightly is not None and not self.cold:
            callee = out.emit(f"getelementptr inbounds i8, ptr %base, i64 {-model.header_slots * model.slot_size}")
            light = lowering.inline(model.release_lightly, [lowering.load(model.type, callee)])
            heavy, free = out.new_block("heavy"), out.new_block("free")
            out.branch(lowering.operand(light, types.BOOL), free, heavy, ", !prof !0")
            out.enter(heavy)
            self.leave_for_cold()
            out.enter(free)
            lowering.store(model.type, callee, lowering.inline(model.empty, []))
            self.settle_taken()
        elif model.release is not None:
            self.settle_taken()
            callee = out.emit(f"getelementptr inbounds i8, ptr %base, i64 {-model.header_slots * model.slot_size}")
            held = lowering.load(model.type, callee)
            self.release(held)
            lowering.store(model.type, callee, lowering.inline(model.empty, []))
        else:
            self.settle_taken()
        self.pop_frame(lowering, value)
        return Known(None)

    def pop_frame(self, lowering: Lowering, value: Abstract) -> None:
        """Goes on in the frame that called this one, with the value that the call gives; or ends the native entry."""
        out, model = self.out, self.model
        header = out.emit(f"getelementptr inbounds i64, ptr %base, i64 {HEADER_RETURN}")
        back = out.emit(f"load ptr, ptr {header}, align 8")
        last = out.emit(f"icmp sle i64 {out.emit(f'ptrtoint ptr {back} to i64')}, 0")
        done, inner = out.new_block("done"), out.new_block("inner")
        out.branch(last, done, inner, ", !prof !1")
        out.enter(done)
        result_at = self.builder.result_offset
        lowering.store(model.type, out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {result_at}"), value)
        out.finish("ret i64 0")
        out.enter(inner)
        base, word = self.caller_of(back)
        dst = out.emit(f"and i64 {out.emit(f'lshr i64 {word}, 16')}, 65535")
        lowering.store(model.type, out.emit(f"getelementptr inbounds i8, ptr {base}, i64 {dst}"), value)
        self.resume(back, base, model.call_words)

    def resume(self, pc: str, base: str, words: int) -> None:
        """Goes on in the frame at ``base``, ``words`` after the instruction at ``pc``."""
        consts = "%consts"
        if self.model.constants is None:
            header = self.out.emit(f"getelementptr inbounds i64, ptr {base}, i64 {HEADER_CODE}")
            negative = self.out.emit(f"load i64, ptr {header}, align 8")
            code = self.out.emit(f"inttoptr i64 {self.out.emit(f'sub i64 0, {negative}')} to ptr")
            consts = self.load_field(code, types.layout_of(self.model.code).fields["constants"][1], "ptr")
        following = self.out.emit(f"getelementptr inbounds i8, ptr {pc}, i64 {words * 8}") if words else pc
        self.dispatch(following, base, consts)

    def suspend(self, lowering: Lowering, args: list[Abstract], node: ast.Call) -> Abstract:
        """Leaves the interpreter with SUSPEND; the frame stays as it is, to go on after this instruction."""
        out, model = self.out, self.model
        self.settle_taken()
        result_at = self.builder.result_offset
        lowering.store(model.type, out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {result_at}"), args[0])
        fields = types.layout_of(model.context).fields
        after = out.emit(f"getelementptr inbounds i8, ptr %pc, i64 {self.variant.layout.words * 8}")
        for name, text in (("resume_pc", after), ("resume_registers", "%base")):
            at = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {fields[name][1]}")
            out.do(f"store ptr {text}, ptr {at}, align 8")
        out.finish("ret i64 3")
        return Known(None)

    # -- the whole handler

    def write(self) -> str:
        op, lowering, out = self.op, self.lowering, self.out
        letters = list(self.variant.letters)
        from pagoda.native.environment import Environment
        from pagoda.native.lower_base import Activation

        lowering.activations.append(Activation(op.function, Environment({}, {}), None))
        lowering.activation.node = op.function.tree
        if op.rare and not self.cold:
            self.leave_for_cold()
            return out.render()
        with lowering.at(op.function.tree):
            args = [self.argument(p, letters) for p in op.parameters]
            for _, value in self.owned:
                self.retain(value)
            lowering.inline_apart(op.function, args, self.complete)
        return out.render()

    def complete(self, value: Abstract) -> None:
        """What follows one ``return`` of the body: references settled, destination written, on to the next instruction."""
        op, lowering = self.op, self.lowering
        if op.ends and op.result != "branch":
            lowering.error("an operation that ends a block must leave by a verb")
        self.settle_taken()
        if op.has_destination:
            if isinstance(type_of(value), types.Bool | types.Scalar):
                lowering.error("the result is a value of the language")
            lowering.store(self.model.type, self.register("dst"), value)
        if op.result == "branch":
            self.branch(lowering.operand(value, types.BOOL))
        elif op.skips:
            end = self.out.emit(f"getelementptr inbounds i8, ptr %pc, i64 {self.variant.layout.words * 8}")
            self.dispatch(self.out.emit(f"getelementptr inbounds i64, ptr {end}, i64 {lowering.operand(value, types.I64)}"))
        else:
            self.next()

    def branch(self, condition: str) -> None:
        name = next(p.name for p in self.op.parameters if isinstance(p.kind, Target))
        out = self.out
        if condition == "false":
            self.next()
            return
        if condition == "true":
            distance = self.field(name, signed=True)
            self.dispatch(out.emit(f"getelementptr inbounds i64, ptr %pc, i64 {distance}"))
            return
        taken, on = out.new_block("taken"), out.new_block("on")
        out.branch(condition, taken, on)
        out.enter(taken)
        distance = self.field(name, signed=True)
        self.dispatch(out.emit(f"getelementptr inbounds i64, ptr %pc, i64 {distance}"))
        out.enter(on)
        self.next()


class InterpreterBuilder:
    """Builds the unit of a language's interpreter.

    ``overflow(ctx, code)`` is the language's native function that records the error of a stack that is full. Exports
    ``NAME.run(context, code, registers) -> status``, ``NAME.enter`` likewise, and ``NAME.resume(context, pc, registers)``.
    """

    def __init__(self, model: ValueModel, table: OpTable, overflow: NativeFunction[Any, Any], *, checked: bool = False) -> None:
        self.model, self.table, self.overflow = model, table, overflow
        self.unit = Unit(f"{model.name}.vm", checked=checked)
        self.frames = Frames(model)
        self.result_offset = types.layout_of(model.context).fields["result"][1]
        self._nothing: dict[int, bool] = {}
        for op in {variant.op for variant in table.variants}:
            if op.calls and Layout(op).words != model.call_words:
                raise TypeError(f"operation {op.name}: an instruction that calls has {model.call_words} words")

    def owns_nothing(self, tag: int) -> bool:
        """Whether a value with this first word owns nothing: the model's ``release`` writes no text for it."""
        if tag not in self._nothing:
            if self.model.release is None:
                return True
            out = FunctionText("define void @probe()")
            lowering = Lowering(self.unit, out)
            kind = self.model.type
            assert isinstance(kind, types.Aggregate)
            rest = tuple(Word(t, f"%p{i}") for i, (t, _) in enumerate(list(kind.fields.values())[1:]))
            context = Word(types.resolve_type(self.model.context), "%ctx")
            lowering.inline(self.model.release, [context, Parts(kind, (Known(tag), *rest))])
            self._nothing[tag] = not any("call" in line or "store" in line for b in out.blocks for line in b.lines)
        return self._nothing[tag]

    def build(self) -> Unit:
        """Lowers everything; returns the unit, ready to render."""
        unit = self.unit
        for function in self.frames.functions() if self.model.traces else (self.frames.refuse,):
            unit.define(function)
        for variant in self.table.variants:
            hot = Handler(self, variant)
            unit.add_text(hot.write())
            if hot.left_for_cold:
                unit.add_text(Handler(self, variant, cold=True).write())
        listed = ", ".join(f'ptr @"{Handler.symbol(v)}"' for v in self.table.variants)
        unit.add_text(f"@handlers = internal constant [{len(self.table.variants)} x ptr] [{listed}]")
        unit.add_text(self.raise_text())
        unit.add_text(self.entry_text())
        return unit

    def raise_text(self) -> str:
        """Where failed handlers go: unwinds, then on to the guest's handler or out of the interpreter."""
        if not self.model.traces:
            failed_at = types.layout_of(self.model.context).fields["resume_pc"][1]
            return f"""define internal preserve_nonecc i64 @raise({STATE}) nounwind cold {{
entry:
  %where = getelementptr inbounds i8, ptr %ctx, i64 {failed_at}
  store ptr %pc, ptr %where, align 8
  ret i64 1
}}"""
        offset = types.layout_of(self.model.context).fields["resume_registers"][1]
        consts = types.layout_of(self.model.code).fields["constants"][1]
        return f"""define internal preserve_nonecc i64 @raise({STATE}) nounwind cold {{
entry:
  %at = call i64 {self.unit.reference(self.frames.unwind)}(ptr %ctx, ptr %pc, ptr %base)
  %none = icmp eq i64 %at, 0
  br i1 %none, label %out, label %handler
out:
  ret i64 1
handler:
  %to = inttoptr i64 %at to ptr
  %where = getelementptr inbounds i8, ptr %ctx, i64 {offset}
  %registers = load ptr, ptr %where, align 8
  %header = getelementptr inbounds i64, ptr %registers, i64 {HEADER_CODE}
  %negative = load i64, ptr %header, align 8
  %number = sub i64 0, %negative
  %code = inttoptr i64 %number to ptr
  %constsat = getelementptr inbounds i8, ptr %code, i64 {consts}
  %k = load ptr, ptr %constsat, align 8
  %word = load i64, ptr %to, align 8
  %opcode = and i64 %word, 65535
  %slot = getelementptr inbounds ptr, ptr @handlers, i64 %opcode
  %target = load ptr, ptr %slot, align 8
  %r = musttail call preserve_nonecc i64 %target(ptr %to, ptr %registers, ptr %k, ptr %ctx, i64 %word)
  ret i64 %r
}}"""

    def entry_text(self) -> str:
        """``run`` starts a frame whose arguments are in place, and that nobody called; ``enter`` one that tells who called it;
        ``resume`` goes on in one that is there."""
        fields = types.layout_of(self.model.code).fields
        name = self.model.name
        constants = self.constants_text()
        return f"""define dso_local i64 @"{name}.run"(ptr %ctx, ptr %code, ptr %registers) nounwind {{
entry:
  %backat = getelementptr inbounds i64, ptr %registers, i64 {HEADER_RETURN}
  store i64 0, ptr %backat, align 8
  %r = tail call i64 @"{name}.enter"(ptr %ctx, ptr %code, ptr %registers)
  ret i64 %r
}}

define dso_local i64 @"{name}.enter"(ptr %ctx, ptr %code, ptr %registers) nounwind {{
entry:
  %codeat = getelementptr inbounds i64, ptr %registers, i64 {HEADER_CODE}
  %number = ptrtoint ptr %code to i64
  %negative = sub i64 0, %number
  store i64 %negative, ptr %codeat, align 8
  %entryat = getelementptr inbounds i8, ptr %code, i64 {fields["entry"][1]}
  %pc = load ptr, ptr %entryat, align 8
  %r = call i64 @"{name}.resume"(ptr %ctx, ptr %pc, ptr %registers)
  ret i64 %r
}}

define dso_local i64 @"{name}.resume"(ptr %ctx, ptr %pc, ptr %registers) nounwind {{
entry:
{constants}
  %word = load i64, ptr %pc, align 8
  %opcode = and i64 %word, 65535
  %slot = getelementptr inbounds ptr, ptr @handlers, i64 %opcode
  %target = load ptr, ptr %slot, align 8
  %r = call preserve_nonecc i64 %target(ptr %pc, ptr %registers, ptr %consts, ptr %ctx, i64 %word)
  ret i64 %r
}}"""

    def constants_text(self) -> str:
        """Text that finds the table of constants, ``%consts``, of the frame's code or of the whole program."""
        if self.model.constants is None:
            offset = types.layout_of(self.model.code).fields["constants"][1]
            return f"""  %codeat = getelementptr inbounds i64, ptr %registers, i64 {HEADER_CODE}
  %negative = load i64, ptr %codeat, align 8
  %number = sub i64 0, %negative
  %code = inttoptr i64 %number to ptr
  %constsat = getelementptr inbounds i8, ptr %code, i64 {offset}
  %consts = load ptr, ptr %constsat, align 8"""
        out = FunctionText("define void @probe()")
        lowering = Lowering(self.unit, out)
        table = lowering.inline(self.model.constants, [Word(types.resolve_type(self.model.context), "%ctx")])
        found = lowering.operand(table, type_of(table))
        lines = [line for block in out.blocks for line in block.lines]
        return "\n".join([*lines, f"  %consts = getelementptr i8, ptr {found}, i64 0"])
