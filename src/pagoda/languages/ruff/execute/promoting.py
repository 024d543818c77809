"""Ruff's side of promotion: a running program as :mod:`pagoda.machine.promotion.promoter` sees it.

What must hold: a program that is promoted shows what it shows on the interpreter; nothing heavy is imported before something is
hot, and neither the optimiser nor LLVM ever is where another process compiles, or the code is in the cache.
"""

from __future__ import annotations

import os

from pagoda.languages.ruff.execute.host import FUNCTION_TAG
from pagoda.languages.ruff.execute.machine_code import state
from pagoda.languages.ruff.operations import control
from pagoda.machine.linker import Linked
from pagoda.machine.promotion.attendant import Attendant
from pagoda.machine.promotion.events import Trace, silent
from pagoda.machine.promotion.listener import Ears
from pagoda.machine.promotion.promoter import Promoter
from pagoda.machine.promotion.settings import AT_ONCE, Settings
from pagoda.records import changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.protocol import RunRequest
    from pagoda.languages.ruff.execute.program import LoadedProgram
    from pagoda.machine.ops import OpTable
    from pagoda.machine.promotion.installing import Loaded
    from pagoda.machine.promotion.states import Candidate
    from pagoda.machine.values import ValueModel

PROMOTE_AUTO = os.environ.get("PAGODA_PROMOTE", "0") != "0"
"""Whether the storey that Pagoda chooses promotes without being told to: not before compiled code keeps every promise."""
DEFINITIONS = f"{__name__}:definitions"


def definitions() -> tuple[ValueModel, OpTable]:
    """What compiling takes of Ruff."""
    from pagoda.languages.ruff.ops.table import MODEL, TABLE

    return MODEL, TABLE


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
        self.promoter = Promoter(self, settings, tell)
        self.attendant = Attendant(self.promoter)
        self.armed = 0
        self.called: dict[int, list[tuple[int, int]]] = {}
        self.middles: Any = None
        self.resumptions: dict[int, int] = {}
        ears = Ears(self.name, program.image, self.code)
        ears.attach(program.context, self.promoter.heard)
        program.set("hot_listener", ears.hot)
        program.set("loop_listener", ears.loop)
        program.set("run_entry", ears.enter)
        self.arm()

    def arm(self) -> None:
        """Functions that are new are counted from now on."""
        everything = list(self.program.by_code.values())
        for linked in everything[self.armed :]:
            self.promoter.arm(linked)
        self.armed = len(everything)

    def end(self) -> None:
        """The program is over."""
        Ears.detach(self.program.context)
        self.program.set("hot_listener", 0)
        self.program.set("loop_listener", 0)
        self.attendant.end()
        if self.middles is not None:
            self.middles.change({}, list(self.resumptions))

    # -- what the promoter asks

    def linked(self, code: int) -> Linked | None:
        """The function of a code."""
        return self.program.by_code.get(code)

    def callees(self, linked: Linked) -> dict[int, int]:
        """Which instructions call a global that holds a function now, and that function's code."""
        rows = self.called.get(linked.address)
        if rows is None:
            rows = self.called[linked.address] = [
                (index, next(a[1] for a in instruction.arguments if isinstance(a, tuple)))
                for index, instruction in enumerate(linked.function.instructions)
                if instruction.op is control.call_global
            ]  # fmt: skip
        found = {}
        for index, number in rows:
            tag, payload = self.program.get_global(number)
            if tag == FUNCTION_TAG and payload in self.program.by_code:
                found[index] = payload
        return found

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
        from pagoda.languages.ruff.ops.table import MODEL
        from pagoda.machine.optimiser.middles import Middles

        self.program.set("resume_entry", self.image[f"{self.name}.opt.resume"])
        self.middles = Middles.of(MODEL, self.image)
        self.middles.change(found)
        self.resumptions.update(found)
