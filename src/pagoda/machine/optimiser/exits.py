"""Exits of one compiled function: every place where it leaves for the interpreter, and the text that they share.

An exit hands over the registers at an instruction, owned ones as they are, borrowed ones with a reference of their own;
the block at the function's end writes them into the frame. ``RESUMING``: the interpreter goes on at the instruction.
``RAISING``: the instruction failed here. ``PASSING``: what it called failed. The latter two unwind the frame, or go on
in its handler. ``FOLLOWING``: as ``RESUMING``, where it was the callee whose promise was broken. ``SUSPENDING``: the frame
stays, to go on at the instruction when somebody asks for it.

Shapes: ``phi``, where the shared block has a phi for every register; ``store``, where each exit writes its own registers;
``chain``, where a register's value is written by one block for all exits that have it, the youngest first, each such block
going on to that of the value before it. The text of the first two grows with exits times registers, that of a chain with
their sum; ``auto`` takes it for large functions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pagoda.machine.context import HEADER_CODE, STOP_NONE, Code
from pagoda.machine.optimiser.registers import Register, State
from pagoda.native import types
from pagoda.native.environment import materialise
from pagoda.native.text import Block
from pagoda.native.values import Parts

if TYPE_CHECKING:
    from pagoda.machine.optimiser.emitter import Emitter

RESUMING, RAISING, PASSING, SUSPENDING, FOLLOWING = 0, 1, 2, 3, 4
ANSWER = "{i64, i64, i64}"  # of compiled bodies: status, the result's second word, the fuel that is left (if it has a result)
BOXED = 4  # a status of compiled bodies only: the result lies in the context


@dataclass(slots=True)
class Exit:
    """One edge into the shared block."""

    block: Block
    index: int
    mode: int
    values: dict[int, Parts]


@dataclass(slots=True)
class Link:
    """A block of a chain: writes ``value`` to ``register`` and goes on to ``parent``. ``edges``: from where it is reached, with
    the number of the place and the mode."""

    block: Block
    parent: Link | None = None
    register: int = -1
    value: Parts | None = None
    edges: list[tuple[Block, str, str]] = field(default_factory=list)


LARGE = 60  # instructions of a function whose exits form a chain


class Exits:
    """The exits of the function that ``emitter`` writes."""

    def __init__(self, emitter: Emitter, shape: str) -> None:
        if shape == "auto":
            shape = "phi" if len(emitter.function.instructions) <= LARGE else "chain"
        self.emitter, self.shape = emitter, shape
        self.block = Block("exit")
        self.root = Link(self.block)
        self.links: dict[tuple[int, int, tuple[str, ...]], Link] = {}
        self.exits: list[Exit] = []
        self.needs_header = False

    def leave(self, state: State, index: int, mode: int, blamed: int | None = None) -> None:
        """Ends the current block with an exit at instruction ``index``; a failure goes to the handler, if it has one.
        ``blamed``: the instruction whose promise was broken, if it is another."""
        emitter, out = self.emitter, self.emitter.out
        if mode in (RAISING, PASSING) and emitter.graph.handler(index) is not None:
            state = self.catch(state, index, mode)
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
        link = self.root
        if self.shape == "chain":
            for register, value in values.items():
                link = self.link(link, register, value)
            values = {}
        if mode in (RESUMING, SUSPENDING, FOLLOWING):  # else the context has it: what failed, or what called that, put it there
            emitter.store_fuel(state.fuel)
        assert out.block is not None
        self.exits.append(Exit(out.block, index, mode, values))
        link.edges.append((out.block, str(self.site(index, blamed)), str(mode)))
        out.jump(link.block)

    def link(self, parent: Link, register: int, value: Parts) -> Link:
        """The block that writes ``value`` on its way to ``parent``."""
        texts = tuple(
            materialise(item, kind) for item, kind in zip(value.items, self.emitter.kind.layout.kinds, strict=True)
        )  # fmt: skip
        key = id(parent), register, texts
        found = self.links.get(key)
        if found is None:
            found = self.links[key] = Link(self.emitter.out.new_block("link"), parent, register, value)
        return found

    def finish_links(self) -> None:
        """Writes the blocks of the chain; each stands before the one that it goes on to."""
        out = self.emitter.out
        for link in reversed(self.links.values()):
            assert link.parent is not None
            assert link.value is not None
            out.enter(link.block)
            number, mode = self.meet(link, 1, "i32"), self.meet(link, 2, "i64")
            self.write(link.register, link.value)
            link.parent.edges.append((link.block, number, mode))
            out.jump(link.parent.block)

    def meet(self, link: Link, column: int, kind: str) -> str:
        """The number or mode with which a block of the chain is reached."""
        texts = [(str(edge[column]), edge[0]) for edge in link.edges]
        if all(text == texts[0][0] for text, _ in texts) and (len(texts) == 1 or not texts[0][0].startswith("%")):
            return texts[0][0]
        return self.emitter.out.phi(link.block, kind, texts)

    def catch(self, state: State, index: int, mode: int) -> State:
        """Goes on in the handler of instruction ``index``, unless a limit stopped the program: that goes on here, with the
        state that it gives."""
        emitter, out = self.emitter, self.emitter.out
        model, found = emitter.model, emitter.graph.handler(index)
        assert found is not None
        assert model.catch is not None
        target, register = found
        stop = out.emit(f"load i64, ptr {emitter.context_field('stop')[1]}, align 8")
        stopped, going = out.new_block("stopped"), out.new_block("caught")
        out.branch(out.emit(f"icmp eq i64 {stop}, {STOP_NONE}"), going, stopped)
        out.enter(going)
        self.write_header()
        note = emitter.support("remember", "void", "ptr, ptr, ptr, i64")
        out.do(f"call void {note}(ptr %ctx, ptr {self.instruction_address(index)}, ptr %base, i64 {mode})")
        kept = state.copy()
        kept.fuel = emitter.load_fuel()
        for borrower in kept.borrowers(1 << register):
            emitter.own(kept, borrower)
        held = kept.registers.get(register)
        if held is not None and held.source is None:
            emitter.release(held.value)
        value = emitter.lowering.call(model.catch, [emitter.context()])
        assert isinstance(value, Parts)
        kept.registers[register] = Register(value)
        emitter.go(target, kept)
        out.enter(stopped)
        return state

    def instruction_address(self, index: int) -> str:
        """The address of an instruction's words."""
        emitter, out = self.emitter, self.emitter.out
        at = types.layout_of(Code).fields["entry"][1]
        entry = out.emit(f"load ptr, ptr {out.emit(f'getelementptr inbounds i8, ptr {emitter.code}, i64 {at}')}, align 8")
        return out.emit(f"getelementptr inbounds i64, ptr {entry}, i64 {emitter.request.starts[index]}")

    def write(self, register: int, value: Parts) -> None:
        emitter = self.emitter
        emitter.lowering.store(emitter.kind, emitter.lowering.real(register * emitter.slot), value)

    def finish(self) -> None:
        """Writes the shared block. Nothing if the function has no exit."""
        if not self.exits:
            return
        emitter, out = self.emitter, self.emitter.out
        self.finish_links()
        out.enter(self.block)
        number, mode = self.meet(self.root, 1, "i32"), self.meet(self.root, 2, "i64")
        kinds = emitter.kind.layout.kinds
        for register in sorted({r for e in self.exits for r in e.values}):
            items = []
            for position, kind in enumerate(kinds):
                texts = [materialise(e.values.get(register, emitter.empty).items[position], kind) for e in self.exits]
                items.append((kind, self.join(kind.text, texts)))
            place = emitter.lowering.real(register * emitter.slot)
            for (kind, text), (_, byte) in zip(items, emitter.kind.fields.values(), strict=True):
                out.do(f"store {kind.text} {text}, ptr {emitter.lowering.offset(place, byte)}, align 8")
        callee = emitter.lowering.callee
        if callee is not None:  # the caller's until now; a frame in memory owns it
            emitter.retain(callee)
            self.write(-emitter.model.header_slots, callee)
        helper = emitter.support("exit", "i64", "ptr, ptr, ptr, ptr, ptr, i32, i64")
        rows = f'ptr @"{emitter.symbol}.sites", ptr @"{emitter.symbol}.exits"'
        never_ok = f"!range {emitter.unit.note('!{i64 1, i64 16}')}"
        listed = f"ptr %ctx, ptr %base, ptr {emitter.code}, {rows}, i32 {number}, i64 {mode}"
        status = out.emit(f"call i64 {helper}({listed}), {never_ok}")
        emitter.answer(status)

    def site(self, index: int, blamed: int | None) -> int:
        """The number of a place where the function exits."""
        return self.emitter.sites.setdefault((index, index if blamed is None else blamed), len(self.emitter.sites))

    def join(self, kind: str, texts: list[str]) -> str:
        if all(text == texts[0] for text in texts):
            first = texts[0]
            if not first.startswith("%") or first.startswith(("%a", "%t")):  # a constant or parameter is known everywhere
                return first
        return self.emitter.out.phi(self.block, kind, [(t, e.block) for t, e in zip(texts, self.exits, strict=True)])

    def write_header(self) -> None:
        """Has the frame's header written where the function begins: the interpreter must know whose frame it is, and native
        code what lies above it. Nothing writes over it while the frame is there."""
        self.needs_header = True

    def header_lines(self) -> list[str]:
        """The text that writes whose frame it is; the caller has written who called it. Code that begins in the middle finds
        both."""
        if self.emitter.request.start is not None:
            return []
        code, number = self.emitter.code, "%header"
        return [
            f"  {number}.code = ptrtoint ptr {code} to i64",
            f"  {number}.negative = sub i64 0, {number}.code",
            f"  {number}.at = getelementptr inbounds i64, ptr %base, i64 {HEADER_CODE}",
            f"  store i64 {number}.negative, ptr {number}.at, align 8",
        ]
