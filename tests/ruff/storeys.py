"""Running one source on one storey, inside this process, and everything that can be seen of the run as one value.

Two storeys agree on a program when the two :class:`Seen` are equal. The native storey's image is loaded once per process. After
every run on it the program is closed, and nothing may be left alive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pagoda.languages.ruff.errors import ExitRequest, LimitError, RuffError
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.syntax.tree import Program
from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
from pagoda.languages.ruff.walk.state import STACK_SHOWN
from pagoda.machine.source import Source

PLENTY = 50_000_000
"""Fuel for every run: as a limit, so that the walker counts what is used; no test should come near it."""


@dataclass(frozen=True)
class Seen:
    """What a run shows: how it ended, what it printed, its error with place and stack, the fuel it took.

    ``sources``: the names of the modules that functions of the stack stand in, by position.
    """

    kind: str  # ok, error, exit, or the kind of the limit
    output: str
    message: str = ""
    span: tuple[int, int] | None = None
    stack: tuple[tuple[str, tuple[int, int]], ...] = ()
    fuel: int = 0
    sources: tuple[tuple[int, str], ...] = ()

    @property
    def lines(self) -> list[str]:
        return self.output.splitlines()

    @property
    def names(self) -> list[str]:
        """The functions that the error left, innermost first."""
        return [name for name, _ in self.stack]


def load(text: str, file: str = "test.ruff") -> tuple[Program, Source]:
    """A parsed and resolved program."""
    source = Source(file, text)
    program = parse(source)
    resolve(program, builtins=registry.builtin_names())
    return program, source


def outcome(action: Callable[[], None]) -> tuple[str, str, Any, Any, Any]:
    """How an action ends: kind, message, span, stack, sources."""
    try:
        action()
    except RuffError as error:
        sources = tuple((at, source.name) for at, source in sorted(error.sources.items()) if at < STACK_SHOWN)
        return "error", error.message, error.span, tuple(error.stack[:STACK_SHOWN]), sources
    except LimitError as limit:
        # Where a limit strikes is part of what is compared only for fuel, and only by the output and the fuel used.
        return limit.kind, limit.message, None, (), ()
    except ExitRequest as request:
        return "exit", str(request.code), None, (), ()
    return "ok", "", None, (), ()


def run_on_walk(
    text: str, *, fuel: int = PLENTY, timeout: float | None = 60, max_depth: int = DEFAULT_MAX_DEPTH, memory: int | None = None,
    file: str = "test.ruff",
) -> Seen:  # fmt: skip
    """Runs on the tree walker."""
    from pagoda.languages.ruff.walk.run import make_state, run_program

    program, source = load(text, file)
    output: list[str] = []
    state = make_state(output.append, Limits(fuel, timeout, max_depth, memory))
    kind, message, span, stack, sources = outcome(lambda: run_program(program, source, output=output.append, state=state))
    return Seen(kind, "".join(output), message, span, stack, min(state.used, fuel), sources)


def run_on_vm(
    text: str, *, fuel: int = PLENTY, timeout: float | None = 60, max_depth: int | None = None, memory: int | None = None,
    options: Any = None, file: str = "test.ruff", foresight: bool = True, settings: Any = None,
) -> Seen:  # fmt: skip
    """Runs on the native interpreter; fails the test if anything is left alive afterwards.

    Without ``foresight`` the compiler does not look into the files of modules. ``settings``: how code is promoted, if it is.
    """
    from pagoda.languages.ruff.compile.function import compile_program
    from pagoda.languages.ruff.compile.program import Unsupported
    from pagoda.languages.ruff.execute.program import LoadedProgram
    from pagoda.languages.ruff.execute.run import run_loaded
    from pagoda.languages.ruff.library.numbering import NUMBERS

    tree, source = load(text, file)
    output: list[str] = []
    try:
        compiled = compile_program(tree, NUMBERS, options, file=file if foresight else None)
    except Unsupported as missing:
        return Seen("error", "", f"{missing.what} is not available on this storey yet", missing.span)
    check(compiled)
    limits = Limits(fuel, timeout, DEFAULT_MAX_DEPTH if max_depth is None else max_depth, memory)
    loaded = LoadedProgram(
        compiled, machine_code(), limits, write=output.append, memory=memory, counted=max_depth is not None
    )
    loaded.state.source = source
    failed: list[str] = []
    if settings is not None:
        loaded.promote(settings, lambda event, name, **facts: failed.append(name) if event in ("failed", "mistake") else None)
    left: list[int] = []
    kind, message, span, stack, sources = outcome(lambda: run_loaded(loaded, left.append))
    assert not failed, f"{failed} could not be compiled in\n{text}"
    assert left == [0], f"{left} objects are left alive after\n{text}"
    return Seen(kind, "".join(output), message, span, stack, min(fuel - loaded.fuel_left, fuel), sources)


@cache
def machine_code() -> Any:
    """The native storey's image."""
    from pagoda.languages.ruff.execute.machine_code import image

    return image()


def check(compiled: Any) -> None:
    """The verifier takes every function that the compiler makes."""
    from pagoda.languages.ruff.compile.function import owns
    from pagoda.languages.ruff.ops.table import MODEL, TABLE
    from pagoda.machine.verifier import verify

    model = replace(MODEL, constant=lambda item: (0, 0))
    for function in compiled.functions:
        verify(function, TABLE, model, owns)


def run_on_opt(
    text: str, *, fuel: int = PLENTY, timeout: float | None = 60, max_depth: int | None = None, memory: int | None = None,
    options: Any = None, file: str = "test.ruff", foresight: bool = True,
) -> Seen:  # fmt: skip
    """Runs with every function compiled at its first call, with LLVM's least effort; no compilation may fail."""
    from pagoda.machine.promotion.settings import AT_ONCE
    from pagoda.records import changed

    settings = changed(AT_ONCE, threshold=1, level=0, codegen=0, cached=False)
    return run_on_vm(
        text, fuel=fuel, timeout=timeout, max_depth=max_depth, memory=memory, options=options, file=file, foresight=foresight,
        settings=settings,
    )  # fmt: skip


STOREYS: dict[str, Callable[..., Seen]] = {"walk": run_on_walk, "vm": run_on_vm, "opt": run_on_opt}
