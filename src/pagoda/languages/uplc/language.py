"""UPLC's front door: what the tools call. Reads a script and its arguments, evaluates them, says how it ended.

What must hold: whatever the script or its bytes are, an outcome comes back. The result, or with ``as_data`` everything as one
JSON object, goes to the output; texts traced go to the error output, a line each, as ``trace: ...``.
"""

from __future__ import annotations

from pagoda.languages.protocol import Failure, Place, RunOutcome, Unavailable
from pagoda.languages.uplc import outcome as endings
from pagoda.languages.uplc.builtins.failure import MissingPackage
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.machine.source import DiagnosticError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pagoda.languages.protocol import BlockResult, ReadLine, RunRequest, Session
    from pagoda.languages.uplc.evaluation import Rules
    from pagoda.languages.uplc.outcome import Outcome
    from pagoda.machine.source import Diagnostic, Source

STOREYS = ("walk", "vm")

_LIMITS = (endings.BUDGET, endings.LIMIT)
#: A result of more nodes is not printed: it is small in memory only because its parts are shared.
_MOST_PRINTED = 20_000_000
_LONGEST_SNIPPET = 100
_HINTS = {
    endings.OUT_OF_BUDGET: "raise it with --budget CPU,MEM",
    endings.OUT_OF_TIME: "raise it with --timeout",
    endings.OUT_OF_MEMORY: "raise it with --memory",
    endings.EXPLICIT_ERROR: "compilers put (error) where a check fails; the traces above it, if any, may say which",
}


class Uplc:
    """The language as the tools see it; implements :class:`~pagoda.languages.protocol.Language`."""

    name = "uplc"
    storeys = STOREYS
    conformance = "pagoda.languages.uplc.conformance"

    def run(self, source: Source, request: RunRequest) -> RunOutcome:
        """Evaluates a script, applied to the request's arguments."""
        storey = self._choose(request.tier)
        _check_limits(request)
        from pagoda.languages.uplc.evaluation import WrongArguments, run_program
        from pagoda.languages.uplc.scripts import UnreadableArgument, read_argument, read_script
        from pagoda.languages.uplc.walk.watch import Watch

        storey = self._present(storey, request.tier)  # before the clock runs: machine code may have to be made
        limits = request.limits
        watch = None if limits.timeout is None and limits.memory is None else Watch(limits.timeout, limits.memory)
        try:
            program, named = read_script(source, _asked_language(request), later=storey == "vm")
            rules = _rules(request, named)
            arguments = [read_argument(text, position) for position, text in enumerate(request.args, 1)]
            result = run_program(program, arguments, rules, limits.budget, watch=watch, storey=storey)
        except DiagnosticError as refused:
            return RunOutcome("malformed", storey, diagnostics=refused.diagnostics)
        except MalformedScript as refused:
            return RunOutcome("malformed", storey, _malformed(refused, source, storey))
        except (UnreadableArgument, WrongArguments) as problem:
            raise Unavailable(str(problem)) from None
        except MissingPackage as problem:
            return RunOutcome("error", storey, Failure("UPLRUN002", storey, "Missing Package", str(problem)))
        except KeyboardInterrupt:
            return RunOutcome("interrupt", storey)
        return _ended(result, source, request, storey)

    def check(self, source: Source) -> Sequence[Diagnostic]:
        """The errors of a script, read to its end."""
        from pagoda.languages.uplc.scripts import read_script

        try:
            read_script(source)
        except DiagnosticError as refused:
            return refused.diagnostics
        except MalformedScript as refused:
            return _as_diagnostics(refused)
        return ()

    def explain(self, code: str) -> str | None:
        """The page of a diagnostic code."""
        from pagoda.languages.uplc.pages import explanation

        return explanation(code)

    def format(self, source: Source, width: int) -> str:
        """Raises :class:`Unavailable`: comments would be lost."""
        raise Unavailable("uplc has no formatter")

    def disassemble(self, source: Source) -> str:
        """The script as text, whatever it is kept in. Raises ``DiagnosticError`` for a malformed text."""
        from pagoda.languages.uplc.scripts import read_script
        from pagoda.languages.uplc.syntax.printer import program_text

        try:
            return program_text(read_script(source)[0])
        except MalformedScript as refused:
            raise DiagnosticError(_as_diagnostics(refused), source) from None

    def code_listing(self, source: Source) -> str:
        """The script's code on ``vm``. Raises as :meth:`disassemble`, and :class:`Unavailable` for a script that has none."""
        from pagoda.languages.uplc.profile.listing import code_listing

        try:
            return code_listing(source)
        except MalformedScript as refused:
            raise DiagnosticError(_as_diagnostics(refused), source) from None

    def operation_reference(self) -> str:
        """Raises :class:`Unavailable`: the builtins are the specification's."""
        raise Unavailable("uplc has no operations of its own yet")

    def run_tests(self, source: Source, request: RunRequest) -> Sequence[BlockResult]:
        """Raises :class:`Unavailable`: scripts have no test blocks."""
        raise Unavailable("uplc scripts have no test blocks; pagoda test FOLDER --lang uplc runs a conformance suite")

    def open_session(self, request: RunRequest, read_line: ReadLine | None = None) -> Session:
        """Raises :class:`Unavailable`: a script is one term."""
        raise Unavailable("uplc has no sessions")

    def lexer(self) -> Any:
        """Raises ``ImportError``: there is none."""
        raise ImportError("uplc has no lexer for highlighting")

    def _choose(self, tier: str) -> str:
        if tier == "auto":
            return STOREYS[-1]
        if tier not in STOREYS:
            raise Unavailable(f"uplc has no storey '{tier}' here (there is: {', '.join(STOREYS)})")
        return tier

    def _present(self, storey: str, tier: str) -> str:
        """The storey to run on: ``walk`` where ``auto`` chose one that is not to be had here. Raises :class:`Unavailable`."""
        if storey == "vm":
            from pagoda.languages.uplc.execute.machine_code import unavailable

            problem = unavailable()
            if problem is not None:
                if tier != "auto":
                    raise Unavailable(f"uplc has no storey 'vm' here: {problem}")
                return "walk"
        return storey


LANGUAGE = Uplc()


def _as_diagnostics(refused: MalformedScript) -> list[Diagnostic]:
    """Bytes that are no script, as the finding that a text would have."""
    from pagoda.machine.source import Diagnostic

    return [Diagnostic("UPLFLAT001", "error", str(refused), (0, 0))]


def _check_limits(request: RunRequest) -> None:
    limits = request.limits
    if limits.fuel is not None:
        raise Unavailable("uplc counts cpu and mem instead of fuel; limit them with --budget CPU,MEM")
    if limits.max_depth is not None:
        raise Unavailable("uplc has no limit of depth; --budget CPU,MEM limits cpu and mem")


def _asked_language(request: RunRequest) -> str | None:
    asked = request.settings.get("ledger")
    return None if asked in (None, "none") else str(asked)


def _rules(request: RunRequest, named: str | None) -> Rules:
    """The rules asked for; those of the language that an envelope names where nothing is."""
    from pagoda.languages.uplc.evaluation import Rules

    language = _asked_language(request)
    if request.settings.get("ledger") is None:
        language = named
    protocol = request.settings.get("protocol")
    if protocol is None:
        return Rules(language)
    if language is None:
        raise Unavailable("--protocol needs the language of the ledger: --ledger V1, V2, V3 or V4")
    return Rules(language, int(protocol))


def _malformed(refused: MalformedScript, source: Source, storey: str) -> Failure:
    return Failure("UPLFLAT001", storey, "Malformed Script", f"{source.name}: {refused}")


def _ended(result: Outcome, source: Source, request: RunRequest, storey: str) -> RunOutcome:
    """Reports a result or failure."""
    if request.as_data:
        import json

        row = {"status": "ok", **result.as_data()}
        if result.failure is not None:
            row["status"] = "limit" if result.failure.failure_class in _LIMITS else "error"
            row["message"] = result.failure.message
        else:
            row["result"] = _text(result.result)
        request.output(json.dumps(row) + "\n")
    else:
        for line in result.logs:
            request.error_output(f"trace: {line}\n")
        if result.result is not None and result.failure is None:
            request.output(_text(result.result) + "\n")
    if result.failure is None:
        return RunOutcome("ok", storey)
    limited = result.failure.failure_class in _LIMITS
    failure = Failure(
        "UPLLIM001" if limited else "UPLRUN001",
        storey,
        "Limit" if limited else "Evaluation Failure",
        _told(result.failure, source),
        _place(result.failure, source),
        hint=_HINTS.get(result.failure.cause),
    )
    return RunOutcome("limit" if limited else "error", storey, failure)


def _text(term: Any) -> str:
    from pagoda.languages.uplc.syntax.printer import term_text
    from pagoda.languages.uplc.walk.readback import printed_size

    size = printed_size(term)
    return term_text(term) if size <= _MOST_PRINTED else f"-- a term of {size} nodes, too large to be printed"


def _place(failure: endings.Failure, source: Source) -> Place | None:
    """Where the term that failed stands in the script's text, if it stands there."""
    span = None if failure.subterm is None else failure.subterm.place
    if span is None or failure.path is None or (failure.path and failure.path[0].startswith("argument ")):
        return None
    return Place(source, *span)


def _told(failure: endings.Failure, source: Source) -> str:
    """The message; where no source line can be shown, with the term that failed and the way to it."""
    if failure.subterm is None or failure.cause == endings.NOT_UNIT or _place(failure, source) is not None:
        return failure.message
    from pagoda.languages.uplc.walk.locate import path_text

    lines = [failure.message, f"  in: {_snippet(failure.subterm)}"]
    if failure.path is not None:
        lines.append(f"  at: {path_text(failure.path)}")
    return "\n".join(lines)


def _snippet(term: Any) -> str:
    from pagoda.languages.uplc.syntax.printer import term_text
    from pagoda.languages.uplc.walk.readback import printed_size

    size = printed_size(term)
    if size > 2000:
        return f"a term of {size} nodes"
    text = term_text(term)
    return text if len(text) <= _LONGEST_SNIPPET else text[: _LONGEST_SNIPPET - 3] + "..."
