"""Running a source with all of its functions compiled and nothing known of any: the storey as it is at its most general.

What must hold: what is seen of such a run is what the interpreter shows, and nothing is left alive.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.compile.program import CompiledProgram
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.execute.run import run_loaded
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.machine.optimiser import NOTHING_KNOWN, Assumptions, Compiler, Installed, Support, install
from pagoda.machine.optimiser.flowgraph import resume_points
from pagoda.machine.optimiser.support import NONE
from pagoda.machine.values import ValueModel
from pagoda.records import changed

from ..storeys import PLENTY, Seen, load, machine_code, outcome

OBJECTS: dict[str, bytes] = {}  # objects by their text: a program is run many times, with exits forced elsewhere


def group(
    program: CompiledProgram, model: ValueModel, known: Mapping[int, Assumptions], *, stress: bool = False,
    only: Collection[str] | None = None, counted: bool = False,
) -> Compiler:  # fmt: skip
    """The functions of a program as one group, all or those of some names. ``known``: what is expected of them, by number."""
    compiler = Compiler(model, TABLE, stress=stress, counted=counted)
    for identity, function in enumerate(program.functions):
        if only is not None and function.name not in only:
            continue
        compiler.add(function, identity, known.get(identity, NOTHING_KNOWN))
        for start in resume_points(function):
            compiler.add(function, identity, NOTHING_KNOWN, start)
    return compiler


def optimise(
    loaded: LoadedProgram, known: Mapping[int, Assumptions] | None = None, *, stress: bool = False,
    only: Collection[str] | None = None,
) -> Installed:  # fmt: skip
    """Compiles the functions of a loaded program; they run compiled from now on."""
    program = loaded.compiled
    model: ValueModel = changed(MODEL, constant=loaded.constant)
    compiler = group(program, model, known or {}, stress=stress, only=only, counted=loaded.counted)
    support = Support(model, loaded.image)
    codes = {identity: loaded.linked[id(f)].address for identity, f in enumerate(program.functions)}
    installed = install(compiler, loaded.image, codes, level=1, codegen=0, objects=OBJECTS)
    installed.enable()
    loaded.set("run_entry", support.run)
    loaded.set("resume_entry", support.resume)
    return installed


class Run:
    """A program run with everything compiled. ``left``: how many objects stayed alive; ``exits``: how often it exited."""

    def __init__(
        self, text: str, *, fuel: int = PLENTY, timeout: float | None = 60, memory: int | None = None,
        max_depth: int | None = None, options: Any = None, file: str = "test.ruff", foresight: bool = True,
        stress: bool = False, force: int = NONE, after: int = 0, known: Mapping[int, Assumptions] | None = None,
        only: Collection[str] | None = None,
    ) -> None:  # fmt: skip
        tree, source = load(text, file)
        output: list[str] = []
        compiled = compile_program(tree, NUMBERS, options, file=file if foresight else None)
        limits = Limits(fuel, timeout, DEFAULT_MAX_DEPTH if max_depth is None else max_depth, memory)
        loaded = LoadedProgram(
            compiled, machine_code(), limits, write=output.append, memory=memory, counted=max_depth is not None
        )
        loaded.state.source = source
        self.installed = optimise(loaded, known, stress=stress, only=only)
        support = Support(self.installed.compiler.model, loaded.image)
        support.force(force, after)
        self.left: list[int] = []
        try:
            kind, message, span, stack, sources = outcome(lambda: run_loaded(loaded, self.left.append))
        finally:
            support.force()
            self.installed.disable()
        self.exits = self.installed.exited()
        self.seen = Seen(kind, "".join(output), message, span, stack, min(fuel - loaded.fuel_left, fuel), sources)

    @property
    def sites(self) -> list[int]:
        """The places where exits can be forced: before and after each instruction."""
        requests = self.installed.compiler.requests.items()
        return [
            (identity << 32) + 2 * index + after_it
            for identity, request in requests
            for index in range(len(request.function.instructions))
            for after_it in (0, 1)
        ]


def run_on_opt(text: str, **settings: Any) -> Seen:
    """As ``run_on_vm``, with everything compiled."""
    from pagoda.languages.ruff.compile.program import Unsupported

    try:
        run = Run(text, **settings)
    except Unsupported as missing:
        return Seen("error", "", f"{missing.what} is not available on this storey yet", missing.span)
    assert run.left == [0], f"{run.left} objects are left alive after\n{text}"
    return run.seen
