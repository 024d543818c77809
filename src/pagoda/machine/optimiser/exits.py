"""Exits of one compiled function: every place where it leaves for the interpreter, and the text that they share.

An exit hands over the registers at an instruction, owned ones as they are, borrowed ones with a reference of their own;
the block at the function's end writes them into the frame. ``RESUMING``: the interpreter goes on at the instruction.
``RAISING``: the instruction failed here. ``PASSING``: what it called failed. The latter two unwind the frame, or go on
in its handler.

Two shapes were measured (docs/decisions): ``phi``, where the shared block has a phi per register, and ``store``, where
each exit writes its own registers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pagoda.machine.context import HEADER_CODE, HEADER_RETURN, RESUME, Code
from pagoda.machine.optimiser.registers import State
from pagoda.native import types
from pagoda.native.environment import materialise
from pagoda.native.text import Block
from pagoda.native.values import Parts

if TYPE_CHECKING:
    from pagoda.machine.optimiser.emitter import Emitter

RESUMING, RAISING, PASSING = 0, 1, 2
BOXED = 4  # a status of compiled bodies only: the result lies in the context


@dataclass(slots=True)
class Exit:
    """One edge into the shared block."""

    block: Block
    index: int
    mode: int
    values: dict[int, Parts]


class Exits:
    """The exits of the function that ``emitter`` writes."""

    def __init__(self, emitter: Emitter, shape: str) -> None:
        self.emitter, self.shape = emitter, shape
        self.block = Block("exit")
        self.exits: list[Exit] = []

    def leave(self, state: State, index: int, mode: int) -> None:
        """Ends the current block with an exit at instruction ``index``."""
        emitter, out = self.emitter, self.emitter.out
        live = emitter.graph.before[index]
        values: dict[int, Parts] = {}
        for register, held in state.registers.items():
            if live >> register & 1:
                if held.source is not None:
                    emitter.retain(held.value)
                values[register] = held.value
            elif held.source is None and not emitter.owns_nothing(held.value):
                values[register] = held.value
        if self.shape == "store":
            for register, value in values.items():
                self.write(register, value)
            values = {}
        assert out.block is not None
        self.exits.append(Exit(out.block, index, mode, values))
        out.jump(self.block)

    def write(self, register: int, value: Parts) -> None:
        emitter = self.emitter
        emitter.lowering.store(emitter.kind, emitter.lowering.real(register * emitter.slot), value)

    def finish(self) -> None:
        """Writes the shared block. Nothing if the function has no exit."""
        if not self.exits:
            return
        emitter, out = self.emitter, self.emitter.out
        out.enter(self.block)
        number = self.join("i32", [str(self.site(e.index)) for e in self.exits])
        mode = self.join("i64", [str(e.mode) for e in self.exits])
        kinds = emitter.kind.layout.kinds
        for register in sorted({r for e in self.exits for r in e.values}):
            items = []
            for position, kind in enumerate(kinds):
                texts = [materialise(e.values.get(register, emitter.empty).items[position], kind) for e in self.exits]
                items.append((kind, self.join(kind.text, texts)))
            place = emitter.lowering.real(register * emitter.slot)
            for (kind, text), (_, byte) in zip(items, emitter.kind.fields.values(), strict=True):
                out.do(f"store {kind.text} {text}, ptr {emitter.lowering.offset(place, byte)}, align 8")
        self.write_header()
        fields = types.layout_of(Code).fields
        entry_at = out.emit(f"getelementptr inbounds i8, ptr {emitter.code}, i64 {fields['entry'][1]}")
        entry = out.emit(f"load ptr, ptr {entry_at}, align 8")
        row = out.emit(f'getelementptr inbounds i32, ptr @"{emitter.symbol}.sites", i32 {number}')
        word = out.emit(f"load i32, ptr {row}, align 4")
        pc = out.emit(f"getelementptr inbounds i64, ptr {entry}, i32 {word}")
        count_at = out.emit(f'getelementptr inbounds i64, ptr @"{emitter.symbol}.exits", i32 {number}')
        count = out.emit(f"load i64, ptr {count_at}, align 8")
        out.do(f"store i64 {out.emit(f'add i64 {count}, 1')}, ptr {count_at}, align 8")
        going, raising = out.new_block("going"), out.new_block("raising")
        modes = {e.mode == RESUMING for e in self.exits}
        if modes == {True, False}:
            out.branch(out.emit(f"icmp eq i64 {mode}, 0"), going, raising)
        else:
            out.jump(going if True in modes else raising)
        if True in modes:
            out.enter(going)
            context = types.layout_of(emitter.model.context).fields
            for name, text in (("resume_pc", pc), ("resume_registers", "%base")):
                at = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context[name][1]}")
                out.do(f"store ptr {text}, ptr {at}, align 8")
            out.finish(f"ret {{i64, i64}} {{i64 {RESUME}, i64 0}}")
        if False in modes:
            out.enter(raising)
            helper = emitter.support("raise", "i64", "ptr, ptr, ptr, i64")
            status = out.emit(f"call i64 {helper}(ptr %ctx, ptr {pc}, ptr %base, i64 {mode})")
            failed = out.emit(f"icmp ne i64 {status}, 0")
            final = out.emit(f"select i1 {failed}, i64 1, i64 {BOXED}")
            out.finish(f"ret {{i64, i64}} {out.emit(f'insertvalue {{i64, i64}} {{i64 0, i64 0}}, i64 {final}, 0')}")

    def site(self, index: int) -> int:
        """The number of an instruction among those where the function exits."""
        return self.emitter.sites.setdefault(index, len(self.emitter.sites))

    def join(self, kind: str, texts: list[str]) -> str:
        if all(text == texts[0] for text in texts):
            first = texts[0]
            if not first.startswith("%") or first.startswith(("%a", "%t")):  # a constant or parameter is known everywhere
                return first
        return self.emitter.out.phi(self.block, kind, [(t, e.block) for t, e in zip(texts, self.exits, strict=True)])

    def write_header(self) -> None:
        """The frame's header: the interpreter must know whose frame it is, and native code what lies above it."""
        emitter, out = self.emitter, self.emitter.out
        at = out.emit(f"getelementptr inbounds i64, ptr %base, i64 {HEADER_CODE}")
        number = out.emit(f"ptrtoint ptr {emitter.code} to i64")
        out.do(f"store i64 {out.emit(f'sub i64 0, {number}')}, ptr {at}, align 8")
        at = out.emit(f"getelementptr inbounds i64, ptr %base, i64 {HEADER_RETURN}")
        out.do(f"store i64 0, ptr {at}, align 8")
