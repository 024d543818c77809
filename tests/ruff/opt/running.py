"""Running a source with all of its functions compiled and nothing known of any: the storey as it is at its most general.

What must hold: what is seen of such a run is what the interpreter shows, and nothing is left alive.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from typing import Any

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.compile.program import CompiledProgram
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.execute.run import run_loaded
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.machine.optimiser import NOTHING_KNOWN, Assumptions, Compiler, Support, install
from pagoda.machine.optimiser.flowgraph import resume_points
from pagoda.machine.optimiser.support import NONE
from pagoda.machine.values import ValueModel
from pagoda.records import changed

from ..storeys import PLENTY, Seen, load, machine_code, outcome
from .counting import COUNTS
from .forcing import Control, answering
from .soundness import watch

OBJECTS: dict[str, bytes] = {}  # objects by their text: a program is run many times, with exits forced elsewhere


def group(
    program: CompiledProgram, model: ValueModel, known: Mapping[int, Assumptions], *, stress: bool = False,
    only: Collection[str] | None = None, counted: bool = False, part: random.Random | None = None,
) -> Compiler:  # fmt: skip
    """The functions of a program as one group: all, or those of some names, or a quarter that ``part`` picks. ``known``: what is
    expected of them, by number."""
    compiler = Compiler(model, TABLE, stress=stress, counted=counted)
    for identity, function in enumerate(program.functions):
        if (only is not None and function.name not in only) or (part is not None and part.randrange(4)):
            continue
        compiler.add(function, identity, known.get(identity, NOTHING_KNOWN))
        for start in resume_points(function):
            compiler.add(function, identity, NOTHING_KNOWN, start)
    return compiler


class Run:
    """A program run with everything compiled. ``left``: how many objects stayed alive; ``exits``: how often it exited.

    ``level``: LLVM's effort. ``control`` decides where stressed code exits, else ``force`` does. ``again``: a run of the same
    source by the same settings, whose code is used once more. ``reader`` makes the tree of the source; ``counts`` are the
    counters of :mod:`.counting`, if it put some in. ``prepare`` gets the program before it begins.
    """

    def __init__(
        self, text: str, *, fuel: int = PLENTY, timeout: float | None = 60, memory: int | None = None,
        max_depth: int | None = None, options: Any = None, file: str = "test.ruff", foresight: bool = True,
        stress: bool = False, force: int = NONE, after: int = 0, known: Mapping[int, Assumptions] | None = None,
        only: Collection[str] | None = None, level: int = 1, part: random.Random | None = None,
        control: Control | None = None, again: Run | None = None, reader: Callable[[str, str], Any] = load,
        prepare: Callable[[LoadedProgram], None] | None = None,
    ) -> None:  # fmt: skip
        tree, source = reader(text, file)
        output: list[str] = []
        compiled = compile_program(tree, NUMBERS, options, file=file if foresight else None)
        limits = Limits(fuel, timeout, DEFAULT_MAX_DEPTH if max_depth is None else max_depth, memory)
        loaded = self.loaded = LoadedProgram(
            compiled, machine_code(), limits, write=output.append, memory=memory, counted=max_depth is not None
        )
        loaded.state.source = source
        model: ValueModel = changed(MODEL, constant=loaded.constant)
        support = Support(model, loaded.image)
        if again is not None:
            compiler = again.installed.compiler  # it has written its text already
        else:
            compiler = group(compiled, model, known or {}, stress=stress, only=only, counted=loaded.counted, part=part)
        with answering(control, loaded.image):
            self.installed = install(compiler, loaded.image, self.codes(), level=level, codegen=0, objects=OBJECTS)
        text = self.installed.text
        compiler.compile = lambda: text  # type: ignore[method-assign]
        self.installed.enable()
        loaded.set("run_entry", support.run)
        loaded.set("resume_entry", support.resume)
        support.force(force, after)
        watch(loaded)
        if prepare is not None:
            prepare(loaded)
        self.left: list[int] = []
        self.counts: list[int] = []
        if COUNTS in compiled.globals:
            loaded.close = self.closing(loaded.close)  # type: ignore[method-assign]
        try:
            kind, message, span, stack, sources = outcome(lambda: run_loaded(loaded, self.left.append))
        finally:
            support.force()
            self.installed.disable()
        self.exits = self.installed.exited()
        self.seen = Seen(kind, "".join(output), message, span, stack, min(fuel - loaded.fuel_left, fuel), sources)

    def closing(self, close: Callable[[], int]) -> Callable[[], int]:
        """The end of a program, before which its counters are read."""

        def read_and_close() -> int:
            counts = self.loaded.plain(*self.loaded.get_global(self.loaded.compiled.globals[COUNTS]))
            self.counts = list(getattr(counts, "items", ()))
            return close()

        return read_and_close

    def codes(self) -> dict[int, int]:
        """The addresses of the functions' codes."""
        return {identity: self.loaded.linked[id(f)].address for identity, f in enumerate(self.loaded.compiled.functions)}

    def forget(self) -> None:
        """Gives the memory of the code back."""
        self.installed.unit.unmap()

    @property
    def sizes(self) -> dict[int, int]:
        """How many instructions each compiled function has."""
        requests = self.installed.compiler.requests.items()
        return {identity: len(request.function.instructions) for identity, request in requests}

    @property
    def sites(self) -> list[int]:
        """The places where exits can be forced: before and after each instruction."""
        sizes = self.sizes.items()
        return [(identity << 32) + place for identity, size in sizes for place in range(2 * size)]


def run_on_opt(text: str, **settings: Any) -> Seen:
    """As ``run_on_vm``, with everything compiled."""
    from pagoda.languages.ruff.compile.program import Unsupported

    try:
        run = Run(text, **settings)
    except Unsupported as missing:
        return Seen("error", "", f"{missing.what} is not available on this storey yet", missing.span)
    assert run.left == [0], f"{run.left} objects are left alive after\n{text}"
    return run.seen
