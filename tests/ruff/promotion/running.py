"""Running a source with its code promoted, and everything that can be seen of the run.

What must hold: what is seen is what the interpreter shows, and nothing is left alive.
"""

from __future__ import annotations

from typing import Any

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.execute.run import run_loaded
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.machine.promotion.promoter import Promoter
from pagoda.machine.promotion.settings import AT_ONCE, Settings
from pagoda.records import changed

from ..storeys import PLENTY, Seen, load, machine_code, outcome

QUICK = changed(AT_ONCE, threshold=1, level=1, codegen=0)
"""Everything is compiled at its first call, with little effort."""
BESIDE = Settings(threshold=4, samples=2, level=1, codegen=0)
"""The program goes on while another process compiles."""

Event = tuple[str, str, dict[str, Any]]


class Run:
    """A run. ``events``: what was told, as (event, name, facts). ``prepare`` gets the promoter before the program begins."""

    def __init__(
        self, text: str, settings: Settings = QUICK, *, fuel: int = PLENTY, timeout: float | None = 60, memory: int | None = None,
        max_depth: int | None = None, file: str = "test.ruff", prepare: Any = None,
    ) -> None:  # fmt: skip
        tree, source = load(text, file)
        output: list[str] = []
        compiled = compile_program(tree, NUMBERS, file=file)
        limits = Limits(fuel, timeout, DEFAULT_MAX_DEPTH if max_depth is None else max_depth, memory)
        loaded = LoadedProgram(
            compiled, machine_code(), limits, write=output.append, memory=memory, counted=max_depth is not None
        )
        loaded.state.source = source
        self.events: list[Event] = []
        loaded.promote(settings, lambda event, name, **facts: self.events.append((event, name, facts)))
        if loaded.promotion is not None:
            self.promoter: Promoter = loaded.promotion.promoter
            if prepare is not None:
                prepare(self.promoter)
        self.left: list[int] = []
        kind, message, span, stack, sources = outcome(lambda: run_loaded(loaded, self.left.append))
        self.seen = Seen(kind, "".join(output), message, span, stack, min(fuel - loaded.fuel_left, fuel), sources)

    def names(self, event: str) -> list[str]:
        """The functions of an event, in order."""
        return [name for what, name, _ in self.events if what == event]

    def states(self) -> dict[str, str]:
        """Where each function came in the end."""
        return {candidate.name: candidate.state for candidate in self.promoter.functions.values()}
