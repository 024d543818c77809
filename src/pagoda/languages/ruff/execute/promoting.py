"""Ruff's side of promotion: a running program as :mod:`pagoda.machine.promotion.promoter` sees it.

What must hold: a program that is promoted shows what it shows on the interpreter; nothing heavy is imported before something is
hot, and neither the optimiser nor LLVM ever is where another process compiles, or the code is in the cache.
"""

from __future__ import annotations

import ctypes
import os

from pagoda.languages.ruff.execute.host import FUNCTION_TAG, word_at
from pagoda.languages.ruff.execute.machine_code import state
from pagoda.languages.ruff.methods import METHOD_STEP
from pagoda.languages.ruff.operations import control
from pagoda.machine.asking import ASKED
from pagoda.machine.linker import Linked
from pagoda.machine.promotion.events import Trace, silent
from pagoda.machine.promotion.listener import Ears
from pagoda.machine.promotion.settings import AT_ONCE, Settings
from pagoda.records import changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.protocol import RunRequest
    from pagoda.languages.ruff.execute.program import LoadedProgram
    from pagoda.machine.function import Instruction
    from pagoda.machine.promotion.attendant import Attendant
    from pagoda.machine.promotion.installing import Loaded
    from pagoda.machine.promotion.promoter import Promoter
    from pagoda.machine.promotion.states import Candidate

PROMOTE_AUTO = os.environ.get("PAGODA_PROMOTE", "1") != "0"
"""Whether the storey that Pagoda chooses promotes without being told to."""
DEFINITIONS = "pagoda.languages.ruff.execute.definitions:definitions"
MOST_FRAMES = 1_000  # that are looked through for what runs


def settings_of(request: RunRequest) -> Settings | None:
    """How the code of a run is promoted; ``None``: not at all."""
    asked = PROMOTE_AUTO or not request.settings.keys().isdisjoint(("trace", "tier_threshold"))
    if request.tier not in ("opt", "auto") or (request.tier == "auto" and not asked):
        return None
    settings = AT_ONCE if request.tier == "opt" else Settings()
    if request.limits.memory is not None:
        settings = changed(settings, apart=True)  # what compiling takes is not the program's
    threshold = request.settings.get("tier_threshold")
    if threshold is not None:
        settings = changed(settings, threshold=threshold, samples=min(settings.samples, threshold))
    return settings


def trace_of(request: RunRequest) -> Callable[..., None]:
    """Who is told of events."""
    return Trace(request.error_output) if request.settings.get("trace") == "tier" else silent


class Promotion:
    """The promotion of one program, from here on to :meth:`end`."""

    name = "ruff"
    definitions = DEFINITIONS

    def __init__(self, program: LoadedProgram, settings: Settings, tell: Callable[..., None] = silent) -> None:
        self.program = program
        self.image, self.table = program.image, program.linker.table
        self.code, self.slot_size = program.layouts["Code"][1], program.slot_size
        self.state = state()
        self.settings, self.tell = settings, tell
        self.made: tuple[Promoter, Attendant] | None = None  # not before something is hot
        self.armed = 0
        self.called: dict[int, list[tuple[int, Instruction]]] = {}
        self.middles: Any = None
        self.resumptions: dict[int, int] = {}
        ears = Ears(self.name, program.image, self.code)
        ears.attach(program.context, self.first_heard)
        program.set("hot_listener", ears.hot)
        program.set("loop_listener", ears.loop)
        program.set("run_entry", ears.enter)
        self.arm()

    @property
    def promoter(self) -> Promoter:
        """The policy, which begins when it is asked for."""
        if self.made is None:
            from pagoda.machine.promotion.attendant import Attendant
            from pagoda.machine.promotion.promoter import Promoter

            promoter = Promoter(self, self.settings, self.tell)
            self.made = promoter, Attendant(promoter)
            Ears.attach(self.program.context, promoter.heard)
        return self.made[0]

    def first_heard(self, code: int, pc: int, registers: int) -> int:
        """Something is warm for the first time."""
        return self.promoter.heard(code, pc, registers)

    def arm(self) -> None:
        """Functions that are new are counted from now on."""
        everything = list(self.program.by_code)
        first = -self.settings.first_look
        for code in everything[self.armed :]:
            ctypes.c_int64.from_address(code + self.code["calls"]).value = first
        self.armed = len(everything)

    def end(self) -> None:
        """The program is over."""
        Ears.detach(self.program.context)
        self.program.set("hot_listener", 0)
        self.program.set("loop_listener", 0)
        if self.made is not None:
            self.made[1].end()
        else:
            self.tell("end", "-", functions=0, bytes=0, longest=0.0)
        if self.middles is not None:
            self.middles.change({}, list(self.resumptions))

    # -- what the promoter asks

    def linked(self, code: int) -> Linked | None:
        """The function of a code."""
        return self.program.by_code.get(code)

    def callees(self, linked: Linked) -> dict[int, int]:
        """Which instructions call one function only, as far as is known, and that function's code: a global that holds it now,
        a value that had it so far, a method found in the table."""
        rows = self.called.get(linked.address)
        if rows is None:
            rows = self.called[linked.address] = [
                (index, instruction)
                for index, instruction in enumerate(linked.function.instructions)
                if instruction.op in (control.call_global, control.call, control.call_method)
            ]
        found = {}
        for index, instruction in rows:
            code = self.callee(linked, index, instruction)
            if code in self.program.by_code:
                found[index] = code
        return found

    def callee(self, linked: Linked, index: int, instruction: Instruction) -> int:
        """The code that an instruction calls, as far as is known; else 0."""
        op = instruction.op
        if op is control.call_global:
            tag, payload = self.program.get_global(next(a[1] for a in instruction.arguments if isinstance(a, tuple)))
            return payload if tag == FUNCTION_TAG else 0
        caches = self.table.variant(op, instruction.letters).layout.caches
        start = linked.starts[index]
        if op is control.call:
            return linked.words[start + caches["callee"]]
        known = linked.words[start + caches["cache"]]
        return self.program.method_at(known & METHOD_STEP - 1) if known else 0

    def line(self, linked: Linked, instruction: int) -> int:
        """The line that an instruction stands in; 0 where that is not known."""
        source = self.program.sources.get(linked.address) or getattr(self.program.state, "source", None)
        if source is None:
            return 0
        line: int = source.position(linked.function.instructions[instruction].span[0])[0]
        return line

    def loaded(self, loaded: Loaded, candidate: Candidate) -> None:
        """Compiled code is in memory, and with it the storey's own helpers."""
        found = {
            place: entry.address
            for entry in loaded.entries
            if (place := loaded.place(entry)) and (entry.number != 0 or entry.start != candidate.start)
        }
        if not found:
            return
        # Frames that were set aside (generators) find compiled code by the helpers' table.
        from pagoda.machine.optimiser.middles import Middles

        self.program.set("resume_entry", self.image[f"{self.name}.opt.resume"])
        self.middles = Middles.of(self.name, self.image)
        self.middles.change(found)
        self.resumptions.update(found)

    def retired(self, loaded: Loaded) -> None:
        """Nothing new enters this code."""
        places = [place for place, address in self.resumptions.items() if address in loaded.unit]
        for place in places:
            del self.resumptions[place]
        if places:
            self.middles.change({}, places)

    def ask_again(self) -> None:
        """Has the next loop that polls announced."""
        self.program.set("poll_word", ASKED)

    def running(self, registers: int) -> set[int] | None:
        """The codes of the functions that have a frame, now that the one at ``registers`` runs. Not known where there are
        tasks, which have stacks of their own, or very many frames."""
        if self.program.state.tasks is not None:
            return None
        found: set[int] = set()
        left = MOST_FRAMES
        frame, record = registers, self.program.get("outer")
        while True:
            for linked in self.program.frames(frame):
                found.add(linked.address)
                left -= 1
                if left < 0:
                    return None
            if not record:
                return found
            frame, record = word_at(record + 8), word_at(record + 24)
