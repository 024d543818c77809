"""Running one source on the opt storey's first form, with exits forced where a test wants them; see ``storeys.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.execute.run import run_loaded
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.machine.optimiser import Installed, Support
from pagoda.machine.optimiser.support import NONE
from pagoda.tools.spike import Plan, model_of, optimise

from .storeys import PLENTY, Seen, load, machine_code, outcome

OBJECTS: dict[str, bytes] = {}  # the same program is run many times, with exits forced elsewhere


class OptRun:
    """A program compiled once and run: what is seen of it, its exits, its places to force."""

    def __init__(
        self, text: str, plans: Mapping[str, Plan] | None = None, *, fuel: int = PLENTY, stress: bool = False,
        shape: str = "phi", force: int = NONE, after: int = 0, memory: int | None = None, kinds: Any = None,
    ) -> None:  # fmt: skip
        tree, source = load(text)
        compiled = compile_program(tree, NUMBERS)
        output: list[str] = []
        limits = Limits(fuel, 60, DEFAULT_MAX_DEPTH, memory)
        self.loaded = loaded = LoadedProgram(compiled, machine_code(), limits, write=output.append, memory=memory)
        loaded.state.source = source
        self.installed: Installed = optimise(
            loaded, plans or {}, stress=stress, shape=shape, level=1, kinds=kinds, objects=OBJECTS
        )  # fmt: skip
        self.sites = [
            (identity << 32) + 2 * index + after_it
            for identity, request in self.installed.compiler.requests.items()
            for index in range(len(request.function.instructions))
            for after_it in (0, 1)
        ]
        support = Support(model_of(loaded), loaded.image)
        support.force(force, after)
        self.left: list[int] = []
        try:
            kind, message, span, stack, _ = outcome(lambda: run_loaded(loaded, self.left.append))
        finally:
            support.force()
        self.exits = self.installed.exited()
        self.seen = Seen(kind, "".join(output), message, span, stack, min(fuel - loaded.fuel_left, fuel))

    def names(self) -> list[str]:
        """The functions that were compiled."""
        return [request.function.name for request in self.installed.compiler.requests.values()]
