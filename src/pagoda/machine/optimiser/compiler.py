"""Compiles a group of functions into one unit of LLVM text; functions of a group call one another directly."""

from __future__ import annotations

from dataclasses import dataclass, field

from pagoda.machine.context import RESUME, Code
from pagoda.machine.function import Function
from pagoda.machine.linker import Linker
from pagoda.machine.ops import Op, OpTable
from pagoda.machine.optimiser.assumptions import Assumptions
from pagoda.machine.optimiser.emitter import Emitter
from pagoda.machine.optimiser.exits import ANSWER, BOXED
from pagoda.machine.optimiser.flowgraph import FlowGraph
from pagoda.machine.optimiser.lending import lent_parameters, looks_at_callee, needs_frame
from pagoda.machine.optimiser.lowering import NeedsMemory, NotCompiled
from pagoda.machine.optimiser.progress import ANY, UNSEEN, Progress
from pagoda.machine.values import ValueModel
from pagoda.native import types
from pagoda.native.lower import Lowering
from pagoda.native.text import FunctionText
from pagoda.native.unit import Unit
from pagoda.native.values import Known, Parts, Word

MOST_NESTED, MOST_WEIGHT = 4, 100
SMALL = 24  # instructions of a function that is put into its callers, with those that are put into it
TINY = 12  # instructions of a function that calls itself and is put into itself twice
MOST_WRITINGS = 40  # kinds only ever become fewer, so this is never reached


@dataclass
class Request:
    """One function to compile. ``identity`` names it among all that are loaded; its ``Code`` is imported as
    ``code.IDENTITY``. ``start``: the instruction to begin at, with the registers that a frame in memory has there (a loop's
    head, or where a generator goes on); ``None`` for the function as it is called."""

    function: Function
    identity: int
    assumptions: Assumptions
    symbol: str
    starts: list[int]
    graph: FlowGraph
    start: int | None = None
    progress: Progress = field(default_factory=Progress)
    places: list[int] = field(default_factory=list)  # the instructions at which it can exit
    writings: int = 0
    lent: frozenset[int] = frozenset()  # parameters whose arguments stay the caller's
    looks: bool = False  # it gets the value that it is called as, which stays the caller's
    framed: bool = False  # its frame must be in memory, callee and all: it is not called directly

    @property
    def code_name(self) -> str:
        return f'@"code.{self.identity}"'


class Compiler:
    """``shape`` of exits: see :mod:`exits`. ``stress``: every instruction can be made to exit (``Support.force``).
    ``counted``: for a program with an exact limit of its depth, each call counts the frames."""

    def __init__(
        self, model: ValueModel, table: OpTable, *, shape: str = "auto", stress: bool = False, counted: bool = False
    ) -> None:  # fmt: skip
        self.model, self.table, self.shape, self.stress, self.counted = model, table, shape, stress, counted
        self.requests: dict[int, Request] = {}
        self.middles: list[Request] = []
        self.outlined: set[Op] = set()  # operations that are never inlined, as their bodies need memory
        self.handlers: set[Op] = set()  # those whose outlined handlers the group calls
        self.unit = Unit(f"{model.name}.opt.code")
        self._nothing: dict[int, bool] = {}

    def add(
        self, function: Function, identity: int, assumptions: Assumptions | None = None, start: int | None = None
    ) -> Request:  # fmt: skip
        """Asks for a function, or for one that begins at instruction ``start``; all of a group are added before
        :meth:`compile`. Raises :class:`NotCompiled`."""
        if not function.instructions:
            raise NotCompiled("an empty function")
        _, starts, _ = Linker(self.model, self.table).encode(function)
        graph = FlowGraph(function, self.model.header_slots, start or 0)
        symbol = f"{self.model.name}.opt.code.{identity}.{function.name}"
        if start is not None:
            symbol += f".at.{start}"
        made = Request(function, identity, assumptions or Assumptions(), symbol, starts, graph, start)
        made.framed = needs_frame(function)
        if start is None and not made.framed:
            made.lent, made.looks = lent_parameters(function, graph.flow), looks_at_callee(function, self.model)
        if start is None:
            self.requests[identity] = made
        else:
            self.middles.append(made)
        return made

    def every(self) -> list[Request]:
        """All that the group compiles."""
        return [*self.requests.values(), *self.middles]

    def recurs(self, request: Request) -> bool:
        """Whether a function may come back to itself by direct calls."""
        seen: set[int] = set()
        waiting = [request]
        while waiting:
            for identity in waiting.pop().assumptions.callees.values():
                if identity == request.identity:
                    return True
                if identity not in seen and identity in self.requests:
                    seen.add(identity)
                    waiting.append(self.requests[identity])
        return False

    def is_inlined(self, request: Request) -> bool:
        """Whether a function is put into its callers: where it is small and does not come back to itself."""
        if request.start is not None or request.graph.headers:
            return False
        return self.weight(request) <= SMALL and not self.recurs(request)

    def weight(self, request: Request, depth: int = 0) -> int:
        """The instructions of a function and of what it calls directly, as often as it calls it."""
        total = len(request.function.instructions)
        if depth > MOST_NESTED or total > MOST_WEIGHT:
            return MOST_WEIGHT
        for identity in request.assumptions.callees.values():
            callee = self.requests.get(identity)
            if callee is not None and total <= MOST_WEIGHT:
                total += self.weight(callee, depth + 1)
        return total

    def code_names(self) -> dict[str, Function]:
        return {request.code_name: request.function for request in self.requests.values()}

    def owns_nothing(self, tag: int) -> bool:
        """Whether a value with this first word owns nothing."""
        found = self._nothing.get(tag)
        if found is None:
            model, kind = self.model, self.model.type
            found = model.release is None
            if model.release is not None and isinstance(kind, types.Aggregate):
                out = FunctionText("define void @probe()")
                value = Parts(kind, (Known(types.I64.python(tag)), *(Word(t, "%p") for t in kind.layout.kinds[1:])))
                Lowering(self.unit, out).inline(model.release, [Word(types.resolve_type(model.context), "%ctx"), value])
                found = not any(" call " in line or "store" in line for block in out.blocks for line in block.lines)
            self._nothing[tag] = found
        return found

    def compile(self) -> str:
        """The LLVM text of the group. Raises :class:`NotCompiled`."""
        requests = self.every()
        for _ in range(MOST_WRITINGS):
            written: list[str] = []
            before = [request.progress.result for request in requests]
            self.unit = Unit(f"{self.model.name}.opt.code")
            self.handlers.clear()
            for request in requests:
                request.progress.changed, request.progress.gives, request.progress.waits = False, UNSEEN, False
                request.writings += 1
                written.append(self.write(request))
            after = [request.progress.result for request in requests]
            changed = any(request.progress.changed for request in requests)
            if not changed and not any(request.progress.waits for request in requests):
                break
            if after == before and not changed:
                for request in requests:  # it never returns by itself, but the interpreter may make it
                    if request.progress.result == UNSEEN:
                        request.progress.result = ANY
        else:
            raise NotCompiled("the kinds of values do not settle")
        unit = self.unit
        for request, text in zip(requests, written, strict=True):
            unit.declare(request.code_name, f"{request.code_name} = external global i8")
            unit.add_text(self.unrolled(request, text))
            unit.add_text(self.entry_text(request))
        return unit.render()

    def unrolled(self, request: Request, text: str) -> str:
        """The text of a small function that calls itself, with copies of it put into it: each call of the function then does
        what several did. An inlined copy's exits make a frame each, as those of any callee."""
        size = len(request.function.instructions)
        callees = request.assumptions.callees.values()
        if request.start is not None or request.graph.headers or size > SMALL or request.identity not in callees:
            return text
        depth = 2 if size <= TINY else 1
        own = f'@"{request.symbol}"('
        tables, define, body = text.partition("define internal ")
        parts = [tables]
        for level in range(depth + 1):
            here = own if level == 0 else f'@"{request.symbol}.{level}"('
            there = own if level == depth else f'@"{request.symbol}.{level + 1}"('
            head, brace, rest = body.partition("{\n")
            if level:
                head = head.replace(" noinline", " alwaysinline")
            parts.append(define + head.replace(own, here) + brace + rest.replace(own, there) + "\n")
        return "".join(parts)

    def write(self, request: Request) -> str:
        """The text of one function; an operation that cannot be inlined after all is outlined from then on."""
        while True:
            emitter = Emitter(self, request, request.progress)
            try:
                return emitter.write()
            except NeedsMemory as found:
                if found.op in self.outlined:
                    raise
                self.outlined.add(found.op)

    def entry_text(self, request: Request) -> str:
        """The function's entry, as others see it: takes its arguments out of the frame if they are of the kinds it wants, and
        completes the frame, whatever the body's status. One in the middle of a function answers RESUME where it exited, or
        where a register is not of the kind it wants: its caller's frame is the interpreter's already."""
        name, slot = self.model.name, self.model.slot_size
        function, progress = request.function, request.progress
        header = self.model.header_slots * slot
        context = types.layout_of(self.model.context).fields
        for symbol, parameters in (("opt.stray", "ptr, ptr, ptr"), ("resume", "ptr, ptr, ptr")):
            self.unit.declare(f"{name}.{symbol}", f'declare i64 @"{name}.{symbol}"({parameters}) nounwind')
        self.unit.declare(f"{name}.release_range", f'declare void @"{name}.release_range"(ptr, i64, i64) nounwind cold')
        out = FunctionText(f'define dso_local i64 @"{request.symbol}.entry"(ptr %ctx, ptr %code, ptr %registers) nounwind')
        lowering = Lowering(self.unit, out)
        kind = self.model.type
        assert isinstance(kind, types.Aggregate)
        empty = lowering.inline(self.model.empty, [])
        body, other = out.new_block("body"), out.new_block("other")
        passed, counted = [], []
        lent: list[Parts] = []  # what is to be given back after the call
        fits = ""
        whole = request.start is None
        for index in range(function.parameters) if whole else sorted(request.assumptions.registers):
            place = out.emit(f"getelementptr inbounds i8, ptr %registers, i64 {index * slot}")
            value = lowering.load(kind, place)
            assert isinstance(value, Parts)
            tag, payload = (item.text for item in value.items if isinstance(item, Word))
            want = request.assumptions.parameter(index) if whole else request.assumptions.registers[index]
            if not whole:
                same = out.emit(f"icmp eq i64 {tag}, {want}")
                fits = out.emit(f"and i1 {fits}, {same}") if fits else same
                continue
            if want is None:
                passed.append(f"i64 {tag}")
            else:
                same = out.emit(f"icmp eq i64 {tag}, {want}")
                fits = out.emit(f"and i1 {fits}, {same}") if fits else same
            if want is None or not self.owns_nothing(want):
                counted.append(place)
                if index in request.lent:
                    kept = value if want is None else Parts(kind, (Known(types.I64.python(want)), value.items[1]))
                    lent.append(kept)
            passed.append(f"i64 {payload}")
        if fits:
            out.branch(fits, body, other, ", !prof !0")
            out.enter(other)
            if whole:
                run = out.emit(f'tail call i64 @"{name}.opt.stray"(ptr %ctx, ptr %code, ptr %registers)')
            else:
                at = types.layout_of(Code).fields["entry"][1]
                words = out.emit(f"load ptr, ptr {out.emit(f'getelementptr inbounds i8, ptr %code, i64 {at}')}, align 8")
                first = out.emit(f"getelementptr inbounds i64, ptr {words}, i64 {request.starts[request.graph.start]}")
                for field, text in (("resume_pc", first), ("resume_registers", "%registers")):
                    place = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context[field][1]}")
                    out.do(f"store ptr {text}, ptr {place}, align 8")
                run = str(RESUME)
            out.finish(f"ret i64 {run}")
        else:
            out.jump(body)
        out.enter(body)
        fuel_at = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context['fuel'][1]}")
        if request.looks:
            place = out.emit(f"getelementptr inbounds i8, ptr %registers, i64 {-header}")
            callee = lowering.load(kind, place)
            assert isinstance(callee, Parts)
            counted.append(place)
            lent.append(callee)
            passed[:0] = [f"i64 {lowering.operand(item, types.I64)}" for item in callee.items]
        for place in counted:
            lowering.store(kind, place, empty)
        listed = ["ptr %ctx", "ptr %registers"]
        if whole:
            listed.append(f"i64 {out.emit(f'load i64, ptr {fuel_at}, align 8')}")
        answer = out.emit(f'call {ANSWER} @"{request.symbol}"({", ".join([*listed, *passed])})')
        status = out.emit(f"extractvalue {ANSWER} {answer}, 0")
        for value in lent:
            assert self.model.release is not None
            lowering.inline(self.model.release, [Word(types.resolve_type(self.model.context), "%ctx"), value])
        plain, boxed, exited, failed = (out.new_block(hint) for hint in ("plain", "boxed", "exited", "failed"))
        out.finish(
            f"switch i64 {status}, label %{failed.label} [ i64 0, label %{plain.label} i64 {BOXED}, label %{boxed.label} "
            f"i64 {RESUME}, label %{exited.label} ]"
        )
        out.enter(plain)
        if progress.result >= 0:
            word = out.emit(f"extractvalue {ANSWER} {answer}, 1")
            out.do(f"store i64 {out.emit(f'extractvalue {ANSWER} {answer}, 2')}, ptr {fuel_at}, align 8")
            place = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context['result'][1]}")
            lowering.store(kind, place, Parts(kind, (Known(types.I64.python(progress.result)), Word(types.I64, word))))
        out.jump(boxed)
        out.enter(boxed)
        if not request.looks:
            first = out.emit("ptrtoint ptr %registers to i64")
            called = out.emit(f"sub i64 {first}, {header}")
            out.do(f'call void @"{name}.release_range"(ptr %ctx, i64 {called}, i64 1)')
        out.finish("ret i64 0")
        out.enter(exited)
        if not whole:  # who entered goes on in the interpreter, on this same frame
            out.finish(f"ret i64 {RESUME}")
            out.enter(failed)
            out.finish(f"ret i64 {status}")
            return out.render()
        pc_at = out.emit(f"getelementptr inbounds i8, ptr %ctx, i64 {context['resume_pc'][1]}")
        pc = out.emit(f"load ptr, ptr {pc_at}, align 8")
        resumed = out.emit(f'call i64 @"{name}.resume"(ptr %ctx, ptr {pc}, ptr %registers)')
        out.finish(f"ret i64 {resumed}")
        out.enter(failed)
        out.finish(f"ret i64 {status}")
        return out.render()
