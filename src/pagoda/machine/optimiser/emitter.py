"""Writes the LLVM text of one compiled function: its leaders in order, registers as SSA values, phis where control meets.

Kinds at loop headers and of the function's result are taken for what they are on the way in, and the whole function is
written again with fewer kinds known if a back edge or a ``return`` brings another (``progress.py`` remembers).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pagoda.machine.optimiser.exits import ANSWER, RESUMING, Exits
from pagoda.machine.optimiser.flowgraph import FlowGraph
from pagoda.machine.optimiser.instruction import InstructionEmitter
from pagoda.machine.optimiser.lowering import BodyLowering, NotCompiled
from pagoda.machine.optimiser.progress import Progress
from pagoda.machine.optimiser.registers import CALLER, Register, State, kind_of
from pagoda.native import types
from pagoda.native.environment import materialise
from pagoda.native.text import Block, FunctionText
from pagoda.native.values import Abstract, Known, Parts, Word, same

if TYPE_CHECKING:
    from pagoda.machine.optimiser.compiler import Compiler, Request

Edge = tuple[Block, State]
FIRST = 1 << 32  # beyond any instruction
PEELED = 60  # instructions of a loop whose first iteration is written apart


class CountingText(FunctionText):
    """Counts what has an effect, so that an instruction that had none yet can still be left before it began."""

    def __init__(self, header: str) -> None:
        self.effects = 0
        super().__init__(header)

    def emit(self, instruction: str) -> str:
        if instruction.startswith("call ") and "@llvm." not in instruction:
            self.effects += 1
        return super().emit(instruction)

    def do(self, instruction: str) -> None:
        self.effects += 1
        super().do(instruction)


class Emitter:
    """One writing of one function."""

    def __init__(self, compiler: Compiler, request: Request, progress: Progress) -> None:
        self.compiler, self.request, self.progress = compiler, request, progress
        self.model, self.unit = compiler.model, compiler.unit
        kind = self.model.type
        if not isinstance(kind, types.Aggregate) or self.model.words != 2:
            raise NotCompiled("values of one word are not compiled yet")
        self.kind, self.slot = kind, self.model.slot_size
        self.function, self.assumptions = request.function, request.assumptions
        self.symbol = request.symbol
        self.code = request.code_name
        self.sites: dict[tuple[int, int], int] = {}  # where the interpreter goes on, and which instruction made it so
        self.graph: FlowGraph = request.graph
        listed = ["ptr noalias %ctx", "ptr noalias %base"]
        if request.start is None:
            listed.append("i64 %fuel")
        if request.looks:
            listed += ["i64 %ct", "i64 %cp"]
        for index in range(self.function.parameters if request.start is None else 0):
            if self.assumptions.parameter(index) is None:
                listed.append(f"i64 %t{index}")
            listed.append(f"i64 %a{index}")
        self.out = CountingText(f'define internal {ANSWER} @"{self.symbol}"({", ".join(listed)}) nounwind{self.inlining()}')
        self.state = State()
        self.instruction = InstructionEmitter(self)
        self.lowering = BodyLowering(
            self.unit, self.out, self.instruction.hooks(), kind, self.read, compiler.code_names()
        )  # fmt: skip
        self.lowering.activations.append(self.instruction.activation(self.function.instructions[0].op))
        self.empty = self.constant_value(self.model.empty)
        if request.looks:
            self.lowering.callee = Parts(kind, (Word(types.I64, "%ct"), Word(types.I64, "%cp")))
            self.lowering.header_bytes = self.model.header_slots * self.slot
        self.lent: dict[int, Register] = {}
        self.exits = Exits(self, compiler.shape)
        self.header_places: set[int] = set()
        self.order, self.peeled = self.places()
        self.blocks = {place: Block(f"at{place % FIRST}.{'' if place < FIRST else 'first.'}") for place in self.order}
        self.incoming: dict[int, list[Edge]] = {place: [] for place in self.order}
        self.returning = Block("return")
        self.answers: list[tuple[Block, tuple[str, str, str]]] = []
        self.current = -1  # the place that is written
        self.headers: dict[int, dict[int, list[tuple[types.Type, str]]]] = {}
        self.fuels: dict[int, str] = {}  # at loop headers

    def inlining(self) -> str:
        """Whether LLVM is to put the body into its callers."""
        if self.compiler.is_inlined(self.request):
            return " alwaysinline"
        return "" if self.request.start is not None else " noinline"

    # -- values

    def constant_value(self, maker: object) -> Parts:
        value = self.lowering.inline(maker, [])  # type: ignore[arg-type]
        assert isinstance(value, Parts)
        return value

    def read(self, register: int) -> Parts:
        """What a register holds before the instruction at hand."""
        held = self.state.registers.get(register)
        return self.empty if held is None else held.value

    def context(self) -> Word:
        return Word(types.resolve_type(self.model.context), "%ctx")

    def context_field(self, name: str) -> tuple[types.Type, str]:
        return self.lowering.field_address(self.context(), name)

    def load_fuel(self) -> str:
        kind, place = self.context_field("fuel")
        return self.lowering.operand(self.lowering.load(kind, place), types.I64)

    def store_fuel(self, text: str) -> None:
        kind, place = self.context_field("fuel")
        self.lowering.store(kind, place, Word(types.I64, text))

    def owns_nothing(self, value: Parts) -> bool:
        """Whether a value's kind is known, here, to own nothing."""
        tag = self.lowering.settle(value.items[0])
        return isinstance(tag, Known) and self.compiler.owns_nothing(int(tag.value))

    def retain(self, value: Parts) -> None:
        if self.model.retain is not None and not self.owns_nothing(value):
            self.lowering.inline(self.model.retain, [value])

    def release(self, value: Parts) -> None:
        if self.model.release is not None and not self.owns_nothing(value):
            self.lowering.inline(self.model.release, [self.context(), value])

    def own(self, state: State, register: int) -> None:
        """Gives a borrower a reference of its own."""
        held = state.registers[register]
        if held.source is not None:
            self.retain(held.value)
            state.registers[register] = Register(held.value)

    def support(self, name: str, result: str, parameters: str) -> str:
        """The name of one of the storey's own helpers, declared."""
        symbol = f"{self.model.name}.opt.{name}"
        self.unit.declare(symbol, f'declare {result} @"{symbol}"({parameters}) nounwind cold')
        return f'@"{symbol}"'

    # -- the whole function

    def write(self) -> str:
        """The function's text."""
        written: set[int] = set()
        first = self.out.blocks[0]
        self.begin()
        self.go(self.graph.start, self.state)
        for place in self.order:
            if self.incoming[place]:
                written.add(place)
                self.write_from(place)
        for place in self.order:
            if self.incoming[place] and place not in written:  # only a back edge comes here after all
                self.out.enter(self.blocks[place])
                self.state = self.meet(place % FIRST, self.blocks[place], self.incoming[place])
                self.exits.leave(self.state, place % FIRST, RESUMING)
        self.close_headers()
        self.exits.finish()
        self.write_answer()
        if self.exits.needs_header:
            first.lines[:0] = self.exits.header_lines()
        self.progress.settle()
        self.request.places = [blamed for _, blamed in self.sites]
        places = ", ".join(f"i32 {self.request.starts[index]}" for index, _ in self.sites)
        count = max(len(self.sites), 1)
        rows = f"[{places}]" if self.sites else "zeroinitializer"
        return (
            f'@"{self.symbol}.sites" = internal constant [{count} x i32] {rows}\n'
            f'@"{self.symbol}.exits" = global [{count} x i64] zeroinitializer\n\n{self.out.render()}'
        )

    def answer(self, status: str, word: str = "poison", fuel: str = "poison") -> None:
        """Returns from the compiled code."""
        assert self.out.block is not None
        self.answers.append((self.out.block, (status, word, fuel)))
        self.out.jump(self.returning)

    def write_answer(self) -> None:
        """The one return, of scalars put together there: LLVM takes them apart again where it puts the body into a caller."""
        if not self.answers:
            return
        self.out.enter(self.returning)
        packed = "poison"
        for position in range(3):
            text = self.out.phi(self.returning, "i64", [(texts[position], block) for block, texts in self.answers])
            packed = self.out.emit(f"insertvalue {ANSWER} {packed}, i64 {text}, {position}")
        self.out.finish(f"ret {ANSWER} {packed}")

    def begin(self) -> None:
        """The registers at the beginning: the parameters, or, in the middle of a function, what lives in the frame's memory,
        which owns nothing from then on."""
        if self.request.start is None:
            self.state.fuel = "%fuel"
            for index in range(self.function.parameters):
                kind = self.assumptions.parameter(index)
                tag: Abstract = Word(types.I64, f"%t{index}") if kind is None else Known(types.I64.python(kind))
                value = Parts(self.kind, (tag, Word(types.I64, f"%a{index}")))
                lent = index in self.request.lent and not self.owns_nothing(value)
                self.state.registers[index] = Register(value, CALLER if lent else None)
                if lent:
                    self.lent[index] = self.state.registers[index]
            return
        self.state.fuel = self.load_fuel()
        live = self.graph.before[self.graph.start]
        for register in [r for r in range(self.function.registers) if live >> r & 1]:
            address = self.lowering.real(register * self.slot)
            loaded = self.lowering.load(self.kind, address)
            assert isinstance(loaded, Parts)
            value = loaded
            known = self.assumptions.registers.get(register)  # the entry has tested it
            if known is not None:
                value = Parts(self.kind, (Known(types.I64.python(known)), *value.items[1:]))
            if not self.owns_nothing(value):
                self.lowering.store(self.kind, address, self.empty)
            self.state.registers[register] = Register(value)

    def places(self) -> tuple[list[int], dict[int, frozenset[int]]]:
        """The leaders in the order of writing, and those of the loops whose first iteration is written apart, by the header:
        what does not change in the loop is known in the loop then, with all that was tested of it. Such a place of a first
        iteration is a leader and ``FIRST``."""
        graph = self.graph
        peeled = {header: inside for header, inside in graph.innermost.items() if self.weight(inside) <= PEELED}
        order: list[int] = []
        for header, backs in graph.backs.items():
            inside = peeled.get(header, frozenset(backs))
            if backs & inside:
                self.header_places.add(header)
            if backs - inside:
                self.header_places.add(FIRST + header)
        for leader in graph.order:
            order += [FIRST + inner for inner in graph.order if inner in peeled.get(leader, ())]
            order.append(leader)
        return order, peeled

    def weight(self, leaders: Iterable[int]) -> int:
        """The instructions that so many leaders begin, with those of the functions that are put among them."""
        total = 0
        for index in (i for leader in leaders for i in self.graph.run(leader)):
            callee = self.compiler.requests.get(self.assumptions.callees.get(index, -1))
            inlined = callee is not None and self.compiler.is_inlined(callee)
            total += self.compiler.weight(callee) if inlined and callee is not None else 1
        return total

    def place_of(self, target: int) -> int:
        """Where a jump to a leader goes from the place that is written."""
        if self.current >= FIRST:
            here = self.current - FIRST
            header = next(h for h, inside in self.peeled.items() if here in inside)
            return FIRST + target if target != header and target in self.peeled[header] else target
        inside = self.peeled.get(target)
        return target if inside is None or self.current in inside else FIRST + target

    def write_from(self, place: int) -> None:
        """The instructions from a leader up to the next."""
        self.current, leader = place, place % FIRST
        edges = self.incoming[place]
        self.out.enter(self.blocks[place])
        if place in self.header_places:
            self.state = self.open_header(place, edges)
        else:
            self.state = self.meet(leader, self.blocks[place], edges)
        unseen = next((i for i in self.graph.run(leader) if i in self.assumptions.unseen), None)
        if unseen is not None and leader != self.graph.start:
            self.exits.leave(self.state, leader, RESUMING, unseen)
            return
        index = leader
        while True:
            following = self.instruction.write(index)
            if not following:
                return
            index += 1
            if len(following) == 1:
                self.out.block, self.state = following[0]
                continue
            block = self.out.new_block("next")
            for source, _ in following:
                self.out.block = source
                self.out.jump(block)
            self.out.enter(block)
            self.state = self.meet(index, block, following)

    # -- edges

    def go(self, target: int, state: State) -> None:
        """Ends the current block with a jump to a leader."""
        assert self.out.block is not None
        if target in self.graph.joins or target in self.graph.headers:
            live = self.graph.before[target]
            state = state.copy()
            for register, held in list(state.registers.items()):
                if held.source is not None:
                    if live >> register & 1:
                        if register not in self.lent or held.source != CALLER:
                            self.own(state, register)
                    else:
                        del state.registers[register]
        block = self.out.block
        place = self.place_of(target)
        self.out.jump(self.blocks[place])
        self.incoming[place].append((block, state))

    def kept(self, index: int, states: list[State]) -> list[int]:
        """The registers worth a phi: those that are read later, and those that must be given back."""
        live = self.graph.before[index]
        found = set()
        for state in states:
            for register, held in state.registers.items():
                if live >> register & 1 or (held.source is None and not self.owns_nothing(held.value)):
                    found.add(register)
        return sorted(found)

    def meet(self, index: int, block: Block, edges: list[Edge]) -> State:
        """The state at a block that all of its edges have reached."""
        if len(edges) == 1:
            return edges[0][1].copy()
        result = State(None, edges[0][1].fuel)
        if any(state.fuel != result.fuel for _, state in edges):
            result.fuel = self.out.phi(block, "i64", [(state.fuel, source) for source, state in edges])
        for register in self.kept(index, [state for _, state in edges]):
            held = [state.registers.get(register) for _, state in edges]
            first = held[0]
            if first is not None and all(h and h.source == first.source and same(h.value, first.value) for h in held):
                result.registers[register] = first
                continue
            items = []
            for position, kind in enumerate(self.kind.layout.kinds):
                column = [(self.empty if h is None else h.value).items[position] for h in held]
                if all(same(column[0], item) for item in column[1:]):
                    items.append(column[0])
                else:
                    texts = [(materialise(item, kind), source) for item, (source, _) in zip(column, edges, strict=True)]
                    items.append(Word(kind, self.out.phi(block, kind.text, texts)))
            sources = {h.source for h in held if h is not None}
            assert len(sources) == 1, "owners and borrowers meet"
            result.registers[register] = Register(Parts(self.kind, tuple(items)), sources.pop())
        return result

    def open_header(self, place: int, edges: list[Edge]) -> State:
        """The state at a loop's head, its phis to be filled in when the loop is written."""
        leader = place % FIRST
        assumed = self.progress.headers.setdefault(place, {})
        pending = self.headers[place] = {}
        result = State(None, self.out.fresh())
        self.fuels[place] = result.fuel
        live = self.graph.before[leader]
        registers = {r for r in range(self.function.registers) if live >> r & 1}
        for register in sorted(registers | set(self.kept(leader, [state for _, state in edges])) | assumed.keys()):
            if register in self.lent:
                if live >> register & 1:
                    result.registers[register] = self.lent[register]
                continue
            values = [self.value_on(state, register) for _, state in edges]
            kinds = {kind_of(value) for value in values}
            kind = kinds.pop() if len(kinds) == 1 else None
            kind = assumed.setdefault(register, kind)
            items: list[Abstract] = []
            pending[register] = []
            for position, part in enumerate(self.kind.layout.kinds):
                if position == 0 and kind is not None:
                    items.append(Known(types.I64.python(kind)))
                    continue
                name = self.out.fresh()
                pending[register].append((part, name))
                items.append(Word(part, name))
            result.registers[register] = Register(Parts(self.kind, tuple(items)))
        return result

    def value_on(self, state: State, register: int) -> Parts:
        held = state.registers.get(register)
        return self.empty if held is None else held.value

    def close_headers(self) -> None:
        for place, pending in self.headers.items():
            leader, edges = place % FIRST, self.incoming[place]
            fuel = ", ".join(f"[ {state.fuel}, %{block.label} ]" for block, state in edges)
            self.blocks[place].phis.append(f"  {self.fuels[place]} = phi i64 {fuel}")
            assumed = self.progress.headers[place]
            for register in {r for _, state in edges for r in self.kept(leader, [state])} - pending.keys() - self.lent.keys():
                assumed[register], self.progress.changed = None, True  # something to give back came in by the back edge
            for register, phis in pending.items():
                values = [self.value_on(state, register) for _, state in edges]
                kind = assumed[register]
                if kind is not None and any(kind_of(value) != kind for value in values):
                    assumed[register], self.progress.changed = None, True
                for part, name in phis:
                    position = 1 if len(phis) == 1 else phis.index((part, name))
                    sources = ", ".join(
                        f"[ {materialise(value.items[position], part)}, %{block.label} ]"
                        for value, (block, _) in zip(values, edges, strict=True)
                    )
                    self.blocks[place].phis.append(f"  {name} = phi {part.text} {sources}")
