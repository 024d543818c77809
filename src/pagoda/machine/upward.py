"""Up is a call: how the interpreter's handlers enter compiled code, at a call and in the middle of a loop.

A part of the writer of handlers. What must hold: compiled code is entered before an instruction's first effect, from the cold
handler, with the frame in memory as the interpreter has it; and each way that it can end leads back to where the interpreter
would be.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from pagoda.machine.asking import ASKED
from pagoda.machine.context import HEADER_CODE, HEADER_RETURN, RAISE, RESUME, SUSPEND
from pagoda.machine.promotion import announcing
from pagoda.machine.values import ValueModel
from pagoda.native import types
from pagoda.native.lower import Lowering
from pagoda.native.text import FunctionText
from pagoda.native.values import Abstract

if TYPE_CHECKING:
    from pagoda.machine.interpreter import InterpreterBuilder


class UpwardCalls:
    """The part of a handler's writer that enters compiled code."""

    builder: InterpreterBuilder
    model: ValueModel
    out: FunctionText
    cold: bool

    def load_field(self, owner: str, at: int, kind: str = "i64") -> str:
        raise NotImplementedError

    def leave_for_cold(self) -> None:
        raise NotImplementedError

    def leave_raising(self) -> None:
        raise NotImplementedError

    def charge_entry(self, lowering: Lowering, code: str, node: ast.Call) -> None:
        raise NotImplementedError

    def settle_taken(self) -> None:
        raise NotImplementedError

    def give_back_owned(self) -> None:
        raise NotImplementedError

    def give_back_fuel(self) -> None:
        raise NotImplementedError

    def pop_frame(self, lowering: Lowering, value: Abstract) -> None:
        raise NotImplementedError

    def caller_of(self, back: str) -> tuple[str, str]:
        raise NotImplementedError

    def resume(self, pc: str, base: str, words: int) -> None:
        raise NotImplementedError

    def register(self, name: str) -> str:
        raise NotImplementedError

    def state(self, pc: str = "%pc", base: str = "%base", consts: str = "%consts", word: str = "%w") -> str:
        raise NotImplementedError

    def next(self) -> None:
        raise NotImplementedError

    # -- at a call

    def check_storey(self, lowering: Lowering, code: str, base: str, node: ast.Call) -> None:
        """Where the callee is compiled, calls it; where it is just now hot, says so first."""
        out = self.out
        fields = types.layout_of(self.model.code).fields
        calls = self.load_field(code, fields["calls"][1])
        compiled = self.load_field(code, fields["compiled"][1])
        hot = out.emit(f"icmp eq i64 {calls}, -1")  # it counts up to 0
        native = out.emit(f"icmp ne i64 {compiled}, 0")
        special, plain = out.new_block("special"), out.new_block("plain")
        out.branch(out.emit(f"or i1 {hot}, {native}"), special, plain, ", !prof !1")
        out.enter(special)
        if not self.cold:
            self.leave_for_cold()
            out.enter(plain)
            return
        promote, ready, up = out.new_block("promote"), out.new_block("ready"), out.new_block("up")
        out.branch(hot, promote, ready)
        out.enter(promote)
        out.do(f"call void {self.builder.unit.reference(announcing.announce_hot)}(ptr %ctx, ptr {code}, ptr {base})")
        out.jump(ready)
        out.enter(ready)
        entry = self.load_field(code, fields["compiled"][1], "ptr")
        out.branch(out.emit(f"icmp eq ptr {entry}, null"), plain, up)
        out.enter(up)
        self.call_compiled(lowering, code, entry, base, node)
        out.enter(plain)

    def call_compiled(self, lowering: Lowering, code: str, entry: str, base: str, node: ast.Call) -> None:
        """Up is a call: the callee's frame is where the interpreter would have it, its arguments in it; its result lies in the
        context."""
        out, model = self.out, self.model
        context = types.layout_of(model.context).fields
        self.charge_entry(lowering, code, node)
        self.settle_taken()
        frame = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context['frame'][1]}")
        out.do(f"store ptr %base, ptr {frame}, align 8")
        header = out.emit(f"getelementptr inbounds i64, ptr {base}, i64 {HEADER_RETURN}")
        caller = out.emit(f"sub i64 0, {out.emit('ptrtoint ptr %pc to i64')}")
        out.do(f"store i64 {caller}, ptr {header}, align 8")
        status = out.emit(f"call i64 {entry}(ptr %ctx, ptr {code}, ptr {base})")
        fine, failed = out.new_block("fine"), out.new_block("failed")
        out.branch(out.emit(f"icmp eq i64 {status}, 0"), fine, failed, ", !prof !0")
        out.enter(failed)
        self.trace_is_noted(context)
        self.leave_raising()
        out.enter(fine)
        lowering.store(model.type, self.register("dst"), self.take_result(lowering))
        self.next()

    # -- in a loop

    def replace_on_stack(self, lowering: Lowering) -> None:
        """Goes on in compiled code that begins at this instruction, where there is some; it has done nothing yet."""
        out, model = self.out, self.model
        context = types.layout_of(model.context).fields
        announce = self.builder.unit.reference(announcing.announce_loop)
        entry = out.emit(f"call i64 {announce}(ptr %ctx, ptr %pc, ptr %base)")
        up, stay = out.new_block("up"), out.new_block("stay")
        out.branch(out.emit(f"icmp eq i64 {entry}, 0"), stay, up, ", !prof !0")
        out.enter(up)
        self.give_back_owned()
        self.give_back_fuel()
        header = out.emit(f"getelementptr inbounds i64, ptr %base, i64 {HEADER_CODE}")
        code = out.emit(f"inttoptr i64 {out.emit(f'sub i64 0, {self.load_field(header, 0)}')} to ptr")
        target = out.emit(f"inttoptr i64 {entry} to ptr")
        status = out.emit(f"call i64 {target}(ptr %ctx, ptr {code}, ptr %base)")
        done, back, waits = out.new_block("done"), out.new_block("back"), out.new_block("waits")
        failed = out.new_block("failed")
        ways = f"i64 0, label %{done.label} i64 {RESUME}, label %{back.label} i64 {SUSPEND}, label %{waits.label}"
        out.finish(f"switch i64 {status}, label %{failed.label} [ {ways} ]")
        out.enter(done)
        self.pop_frame(lowering, self.take_result(lowering))
        out.enter(back)
        # The next poll of a loop asks for code again; until the next tick there may be thousands of iterations.
        asked = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context['poll_word'][1]}")
        out.emit(f"atomicrmw or ptr {asked}, i64 {ASKED} monotonic, align 8")
        self.resume(self.load_field("%ctx", context["resume_pc"][1], "ptr"), "%base", 0)
        out.enter(waits)  # a generator's frame, the bottom of its entry; the context says where to go on
        out.finish(f"ret i64 {SUSPEND}")
        out.enter(failed)
        self.fail_in_caller()
        out.enter(stay)

    def fail_in_caller(self) -> None:
        """The frame is gone, released and noted; its failure is its caller's, or the native entry's."""
        out = self.out
        context = types.layout_of(self.model.context).fields
        back = self.load_field(out.emit(f"getelementptr inbounds i64, ptr %base, i64 {HEADER_RETURN}"), 0, "ptr")
        done, inner = out.new_block("outermost"), out.new_block("inner")
        out.branch(out.emit(f"icmp sle i64 {out.emit(f'ptrtoint ptr {back} to i64')}, 0"), done, inner)
        out.enter(done)
        out.finish(f"ret i64 {RAISE}")
        out.enter(inner)
        self.trace_is_noted(context)
        base, _ = self.caller_of(back)
        result = out.emit(f"musttail call preserve_nonecc i64 @raise({self.state(back, base)})")
        out.finish(f"ret i64 {result}")

    def take_result(self, lowering: Lowering) -> Abstract:
        """What compiled code left in the context, which owns it no longer."""
        model = self.model
        place = self.out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {self.builder.result_offset}")
        value = lowering.load(model.type, place)
        lowering.store(model.type, place, lowering.inline(model.empty, []))
        return value

    def trace_is_noted(self, context: dict[str, Any]) -> None:
        """What failed has noted the frames that called it too."""
        out = self.out
        kept = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context['trace_kept'][1]}")
        out.do(f"store i64 -1, ptr {kept}, align 8")
