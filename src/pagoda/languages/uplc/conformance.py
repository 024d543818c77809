"""Cases of the language's own suites: programs that come with the result and the budget that they must have.

Two forms are known. ``X.uplc`` with ``X.uplc.expected`` and ``X.budget.expected``, and where they are there ``X.flat`` with
``X.flat.expected``, is a case of the conformance suite; ``X.flat`` with ``X.flat.golden.eval`` is an applied script with its
golden evaluation. Results are compared up to the names of variables, budgets to the unit. Must hold: whatever a case does,
a verdict comes back.
"""

from __future__ import annotations

import re
from pathlib import Path

from pagoda.languages.uplc.builtins.failure import MissingPackage
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.evaluation import Rules, run_program
from pagoda.languages.uplc.outcome import LIMIT
from pagoda.languages.uplc.scripts import FlatProgram, read_closed
from pagoda.languages.uplc.syntax.parser import parse_program, parse_term
from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms import Program
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.walk.watch import Watch
from pagoda.machine.source import DiagnosticError, Source
from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN = Rules()
_FAILED = "evaluation failure"
_REFUSED = "parse/decode error"
_BUDGET = re.compile(r"\(\{cpu:\s*(\d+)\s*\|\s*mem:\s*(\d+)\}\)")
_GOLDEN = re.compile(r"CPU:\s*([\d_]+)\s+Memory:\s*([\d_]+)(?:\s+[A-Z][\w ]*:\s*[\d_]+)*\s+(.*)", re.DOTALL)
_SHOWN = 200


class Case(Record, frozen=True):
    """One case. ``name`` is its path below the suite, without suffix; ``golden`` says which of the two forms it has."""

    name: str
    program: Path
    golden: bool


class Observed(Record, frozen=True):
    """How a program ended: its result (``None`` for a failure, which ``said`` words) and its budget."""

    said: str
    program: Program | None = None
    budget: tuple[int, int] | None = None


def find_cases(folder: Path) -> list[Case]:
    """All cases below a folder, in order of their names."""
    found = []
    for end, golden in ((".uplc.expected", False), (".flat.golden.eval", True)):
        for expected in folder.rglob(f"*{end}"):
            program = expected.with_name(expected.name.removesuffix(".golden.eval" if golden else ".expected"))
            if program.is_file():
                found.append(Case(program.relative_to(folder).with_suffix("").as_posix(), program, golden))
    return sorted(found, key=lambda case: case.name)


def judge(case: Case, storey: str, timeout: float) -> tuple[str, str]:
    """``passed``, ``failed`` or ``skipped``, and why. ``timeout``: seconds for each evaluation."""
    if storey == "vm":
        from pagoda.languages.uplc.execute.machine_code import image

        image()  # what it takes to make it is not the case's time
    try:
        problem = _golden_problem(case, storey, timeout) if case.golden else _conformance_problem(case, storey, timeout)
    except MissingPackage as missing:
        return "skipped", str(missing)
    except (OSError, UnicodeDecodeError, ValueError) as unreadable:
        problem = f"the case cannot be read: {unreadable}"
    return ("failed", problem) if problem else ("passed", "")


def _conformance_problem(case: Case, storey: str, timeout: float) -> str:
    path = case.program
    budget = path.with_suffix(".budget.expected")
    said = budget.read_text(encoding="utf-8").strip() if budget.is_file() else None
    expected = path.with_name(f"{path.name}.expected").read_text(encoding="utf-8")
    wanted = _text_wanted(expected, said)
    problem = _difference(_observed(lambda: _parse(path), storey, timeout), wanted)
    flat = path.with_suffix(".flat")
    flat_expected = path.with_name(f"{flat.name}.expected")
    if problem or not flat.is_file() or not flat_expected.is_file():
        return problem
    raw = flat_expected.read_bytes()
    seen = _observed(lambda: _flat(flat, storey), storey, timeout)
    if raw.strip() in (_FAILED.encode(), _REFUSED.encode()):
        twin = Observed(raw.strip().decode())
    else:
        twin = Observed("", read_program(raw), wanted.budget)
        if seen.program is not None and write_program(seen.program) != raw:
            return "flat twin: the result has other bytes"
    problem = _difference(seen, twin)
    return f"flat twin: {problem}" if problem else ""


def _golden_problem(case: Case, storey: str, timeout: float) -> str:
    path = case.program
    found = _GOLDEN.match(path.with_name(f"{path.name}.golden.eval").read_text(encoding="utf-8").strip())
    if found is None:
        return "the golden evaluation cannot be read"
    program = _flat(path, storey)
    budget = int(found[1].replace("_", "")), int(found[2].replace("_", ""))
    term = parse_term(Source("golden evaluation", found[3]))
    return _difference(_observed(lambda: program, storey, timeout), Observed("", Program(program.version, term), budget))


def _flat(path: Path, storey: str) -> Program:
    """The program in a file of flat bytes; on ``vm`` it is decoded natively, or when it has failed."""
    flat = path.read_bytes()
    return FlatProgram(flat) if storey == "vm" else read_closed(flat)


def _parse(path: Path) -> Program:
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as problem:
        raise MalformedScript(str(problem)) from None
    return parse_program(Source(path.name, text))


def _text_wanted(expected: str, budget: str | None) -> Observed:
    if expected.strip() in (_FAILED, _REFUSED):
        return Observed(expected.strip())
    found = None if budget is None else _BUDGET.fullmatch(budget)
    pair = None if found is None else (int(found[1]), int(found[2]))
    return Observed("", parse_program(Source("expected result", expected)), pair)


def _observed(read: Callable[[], Program], storey: str, timeout: float) -> Observed:
    try:
        program = read()
        ended = run_program(program, (), _PLAIN, watch=Watch(timeout), storey=storey)
        version = program.version
    except (DiagnosticError, MalformedScript):
        return Observed(_REFUSED)
    if ended.failure is not None:
        return Observed(ended.failure.message if ended.failure.failure_class == LIMIT else _FAILED)
    assert ended.result is not None
    return Observed("", Program(version, ended.result), (ended.cpu, ended.mem))


def _difference(seen: Observed, wanted: Observed) -> str:
    """What differs, or nothing."""
    if seen.program is None or wanted.program is None:
        return "" if seen.said == wanted.said else f"expected {_shown(wanted)}, got {_shown(seen)}"
    if seen.program.version != wanted.program.version or not alpha_equal(seen.program.term, wanted.program.term):
        return f"expected {_shown(wanted)}, got {_shown(seen)}"
    if wanted.budget is not None and seen.budget != wanted.budget:
        return f"expected the budget {wanted.budget}, got {seen.budget}"
    return ""


def _shown(observed: Observed) -> str:
    if observed.program is None:
        return f"'{observed.said}'"
    return _cut(term_text(observed.program.term))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
