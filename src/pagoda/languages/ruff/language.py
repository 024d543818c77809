"""Ruff's front door: what the tools call. Reads a program, picks a storey, turns what comes back into an outcome.

A storey runs a resolved program and raises :class:`~pagoda.languages.ruff.errors.RuffError` and its kin as the program ends.
Storeys are imported when first asked for: a run pays only for the one it uses.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence

from pagoda.languages.protocol import BlockResult, Failure, Frame, HotCode, Place, RunOutcome, RunRequest, Unavailable
from pagoda.languages.ruff.errors import ExitRequest, LimitError, RuffError
from pagoda.machine.source import DiagnosticError
from pagoda.records import changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.protocol import ReadLine, Session
    from pagoda.languages.ruff.syntax import tree
    from pagoda.machine.promotion.settings import Settings
    from pagoda.machine.source import Diagnostic, Source

_HINTS = {
    "fuel": "raise it with --fuel",
    "timeout": "raise it with --timeout",
    "memory": "raise it with --memory",
}

#: Fuel that no run uses up: only under a limit do all storeys count.
_PLENTY = 1 << 60

#: Where a storey keeps only part of the stack, it keeps so many entries.
_STACK_KEPT = 255


class Ruff:
    """The language as the tools see it; implements :class:`~pagoda.languages.protocol.Language`."""

    name = "ruff"

    @property
    def storeys(self) -> tuple[str, ...]:
        """The storeys this installation has."""
        return tuple(name for name in _STOREYS if _present(name))

    def run(self, source: Source, request: RunRequest) -> RunOutcome:
        """Runs a program to its end."""
        storey = self._choose(request.tier)
        try:
            program = _read(source)
        except DiagnosticError as refused:
            return RunOutcome("malformed", storey, diagnostics=refused.diagnostics)
        return _run(program, source, storey, request)

    def measure(self, source: Source, request: RunRequest) -> RunOutcome:
        """Runs a program to its end; the outcome says how much fuel it took."""
        storey = self._choose(request.tier)
        fuel = _PLENTY if request.limits.fuel is None else request.limits.fuel
        request = changed(request, limits=changed(request.limits, fuel=fuel))
        try:
            program = _read(source)
        except DiagnosticError as refused:
            return RunOutcome("malformed", storey, diagnostics=refused.diagnostics)
        used: list[int] = []

        def run() -> None:
            if storey == "walk":
                _run_on_walk(program, source, request, used.append)
                return
            from pagoda.languages.ruff.execute.observing import observe

            observe(program, source, request, lambda loaded: used.append(fuel - loaded.fuel_left), _promotion(request))

        outcome = _ended(run, program, source, storey)
        # What went beyond the limit was asked for and not had.
        return changed(outcome, fuel_used=min(used[0], fuel) if used else None)

    def hot_code(self, source: Source, request: RunRequest, function: str | None) -> HotCode:
        """Runs a program on ``vm`` with promotion, and tells what became of its functions."""
        from pagoda.languages.ruff.execute.explaining import DEFINITIONS, Explanation

        program = _read(source)
        explanation = Explanation(program, source, request, function)
        outcome = _ended(explanation.run, program, source, "vm")
        return HotCode(outcome, explanation.functions, DEFINITIONS)

    def check(self, source: Source) -> Sequence[Diagnostic]:
        """Every error of the syntax or, where there is none, what is likely to be a mistake."""
        try:
            program = _read(source)
        except DiagnosticError as refused:
            return refused.diagnostics
        from pagoda.languages.ruff.check.program import warnings

        return warnings(program, source)

    def explain(self, code: str) -> str | None:
        """The page of a diagnostic code."""
        from pagoda.languages.ruff.check.catalogue import explanation

        return explanation(code)

    def format(self, source: Source, width: int) -> str:
        """The program laid out."""
        from pagoda.languages.ruff.formatting.program import format_source

        return format_source(source, width)

    def disassemble(self, source: Source) -> str:
        """The bytecode listing."""
        return self._listing("disassemble", _read(source), source)

    def operation_reference(self) -> str:
        """The reference of the operations."""
        return self._listing("operation_reference")

    def run_tests(self, source: Source, request: RunRequest) -> Sequence[BlockResult]:
        """Runs each test block as a program of its own."""
        from pagoda.languages.ruff import blocks
        from pagoda.languages.ruff.syntax.parser import parse

        storey = self._choose(request.tier)
        results = []
        for index, title in enumerate(blocks.titles(parse(source))):
            try:
                program = _resolved(blocks.single(source, index))
            except DiagnosticError as refused:
                results.append(BlockResult(title, RunOutcome("malformed", storey, diagnostics=refused.diagnostics)))
                continue
            results.append(BlockResult(title, _run(program, source, storey, request)))
        return results

    def open_session(self, request: RunRequest, read_line: ReadLine | None = None) -> Session:
        """A new session, on the simplest storey unless another is named."""
        from pagoda.languages.ruff.session import RuffSession

        return RuffSession(request, read_line)

    def lexer(self) -> Any:
        """The lexer for highlighting."""
        from pagoda.languages.ruff.highlight import RuffLexer

        return RuffLexer()

    def _choose(self, tier: str) -> str:
        present = self.storeys
        if tier == "auto":
            return "vm" if "vm" in present else present[-1]  # where code begins; it is promoted from there
        if tier not in present:
            raise Unavailable(f"ruff has no storey '{tier}' here (there is: {', '.join(present)})")
        return tier

    def _listing(self, function: str, *arguments: object) -> str:
        if not _present("vm"):
            raise Unavailable("ruff has no bytecode storey here")
        text: str = getattr(importlib.import_module(_STOREYS["vm"][0]), function)(*arguments)
        return text


LANGUAGE = Ruff()


def _present(storey: str) -> bool:
    # Looks for the module's file without importing it.
    name = _STOREYS[storey][0].rpartition(".")[2]
    return os.path.exists(os.path.join(os.path.dirname(__file__), name, "__init__.py"))


def _read(source: Source) -> tree.Program:
    from pagoda.languages.ruff.syntax.parser import parse

    return _resolved(parse(source))


def _resolved(program: tree.Program) -> tree.Program:
    from pagoda.languages.ruff.library.registry import builtin_names
    from pagoda.languages.ruff.syntax.resolve import resolve

    resolve(program, builtins=builtin_names())
    return program


def _run_on_walk(
    program: tree.Program, source: Source, request: RunRequest, spent: Callable[[int], object] | None = None
) -> None:
    """``spent`` is told of the fuel used, which is counted where there is a limit of it."""
    from pagoda.languages.ruff.walk.limits import DEFAULT_MAX_DEPTH, Limits
    from pagoda.languages.ruff.walk.run import make_state, run_program

    asked = request.limits
    depth = DEFAULT_MAX_DEPTH if asked.max_depth is None else asked.max_depth
    limits = Limits(asked.fuel, asked.timeout, depth, asked.memory)
    state = make_state(request.output, limits, tuple(request.args))
    state.error_output = request.error_output
    state.capabilities = request.grants
    try:
        run_program(program, source, output=request.output, state=state)
    except KeyboardInterrupt:
        state.interrupted = True  # the program's own thread has not heard of it
        raise
    finally:
        if spent is not None:
            spent(state.used)


def _run_on_vm(program: tree.Program, source: Source, request: RunRequest) -> None:
    # The module offers run_program(...), disassemble(program, source) and operation_reference().
    importlib.import_module("pagoda.languages.ruff.vm").run_program(
        program,
        source,
        output=request.output,
        error_output=request.error_output,
        limits=request.limits,
        args=tuple(request.args),
        grants=request.grants,
        otherwise=(lambda: _run_on_walk(program, source, request)) if request.tier == "auto" else None,
        promotion=_promotion(request),
    )


def _promotion(request: RunRequest) -> tuple[Settings, Callable[..., None]] | None:
    if request.tier not in ("auto", "opt"):
        return None
    from pagoda.languages.ruff.execute.promoting import settings_of, trace_of

    settings = settings_of(request)
    return None if settings is None else (settings, trace_of(request))


#: Storeys, simplest first: the module that must be there, and how to run on it.
_STOREYS: dict[str, tuple[str, Callable[[tree.Program, Source, RunRequest], None]]] = {
    "walk": ("pagoda.languages.ruff.walk", _run_on_walk),
    "vm": ("pagoda.languages.ruff.vm", _run_on_vm),
    "opt": ("pagoda.languages.ruff.vm", _run_on_vm),  # the same, promoted
}


def _run(program: tree.Program, source: Source, storey: str, request: RunRequest) -> RunOutcome:
    return _ended(lambda: _STOREYS[storey][1](program, source, request), program, source, storey)


def _ended(run: Callable[[], None], program: tree.Program, source: Source, storey: str) -> RunOutcome:
    """How a run of that program ends."""
    try:
        run()
    except (RuffError, LimitError, ExitRequest, KeyboardInterrupt) as ending:
        return outcome_of(ending, program, source, storey)
    return RunOutcome("ok", storey)


def outcome_of(
    ending: RuffError | LimitError | ExitRequest | KeyboardInterrupt, program: tree.Program, source: Source, storey: str
) -> RunOutcome:
    """The outcome of a run of ``source`` that ended with an exception."""
    if isinstance(ending, RuffError):
        hint = _hint(ending, program, source)
        failure = Failure("RUFRUN001", storey, "Runtime Error", ending.message, *_trace(ending, source), hint=hint)
        return RunOutcome("error", storey, failure)
    if isinstance(ending, ExitRequest):
        return RunOutcome("exit", storey, exit_code=ending.code)
    if isinstance(ending, KeyboardInterrupt) or ending.kind == "interrupt":
        return RunOutcome("interrupt", storey)
    failure = Failure("RUFLIM001", storey, "Limit", ending.message, *_trace(ending, source), hint=_HINTS.get(ending.kind))
    return RunOutcome("limit", storey, failure)


def _hint(error: RuffError, program: tree.Program, source: Source) -> str | None:
    """Advice for an error that nobody handled."""
    from pagoda.languages.ruff.check.hints import runtime_hint

    if error.source is not None and error.source is not source:
        try:
            source, program = error.source, _read(error.source)
        except DiagnosticError as refused:
            return refused.diagnostics[0].hint or None  # the module's own mistake: it could not be read
    return runtime_hint(error.message, error.span, source, program) or None


def _trace(error: RuffError | LimitError, source: Source) -> tuple[Place | None, list[Frame]]:
    """Where it happened, and the stack.

    An error lists each call that was left with the place it was *made*; a stack entry shows the place each function had
    reached, so the places move up by one, and the top level comes last. Storeys may keep only the innermost entries.
    """
    place = Place(error.sources.get(0, source), *error.span) if error.span is not None else None
    frames = []
    reached = place
    for position, (name, span) in enumerate(error.stack, 1):
        frames.append(Frame(name or "<lambda>", reached))
        reached = Place(error.sources.get(position, source), *span) if span[0] >= 0 else None
    if frames and reached is not None and len(frames) != _STACK_KEPT:
        frames.append(Frame("<main>", reached))
    return place, frames
