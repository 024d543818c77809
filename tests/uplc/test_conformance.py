"""Other people's cases: results, budgets and flat twins of the conformance suite, and golden evaluations of real scripts.

Every case runs on every storey and on the reference machine, and under limits of one less than what it takes.
"""

from __future__ import annotations

import pytest

from pagoda.languages.uplc import conformance, outcome
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.execute.later import LaterOutcome
from pagoda.languages.uplc.execute.machine import Script
from pagoda.languages.uplc.language import STOREYS
from pagoda.languages.uplc.scripts import read_closed
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.walk.machine import Prepared
from pagoda.machine.source import DiagnosticError, Source


@pytest.fixture(params=STOREYS)
def storey(request):
    """Each storey in turn."""
    return request.param


@pytest.mark.parametrize("folder", ["conformance", "validation"])
def test_every_case_passes(suites, folder, storey):
    cases = conformance.find_cases(suites / "uplc" / folder)
    assert cases
    verdicts = {case.name: conformance.judge(case, storey, 60.0) for case in cases}
    assert {name: verdict for name, verdict in verdicts.items() if verdict != ("passed", "")} == {}


def _program(case):
    if case.golden:
        return read_closed(case.program.read_bytes())
    return parse_program(Source(case.name, case.program.read_text(encoding="utf-8")))


class _OnlyNative(Script):
    """A script that gives nothing where it is left to ``walk``."""

    def _on_walk(self, *_given):
        return None


@pytest.mark.parametrize("folder", ["conformance", "validation"])
def test_the_storeys_agree_on_every_case_and_on_its_limits(suites, folder):
    costs = default_model("E")
    left = set()
    for case in conformance.find_cases(suites / "uplc" / folder):
        try:
            term = _program(case).term
        except (DiagnosticError, MalformedScript):
            continue
        plain = Prepared(term, costs).evaluate()
        script = _OnlyNative(case.program.read_bytes() if case.golden else term, costs)
        found = script.evaluate()
        if found is None:
            if plain.failure is None:
                left.add(case.name)
            continue
        assert (found.cpu, found.mem, found.logs) == (plain.cpu, plain.mem, plain.logs), case.name
        if not isinstance(found, LaterOutcome):
            assert alpha_equal(found.result, plain.result), case.name
        cpu, mem = plain.cpu, plain.mem
        assert script.evaluate((), (cpu, mem)) is not None, case.name
        assert script.evaluate((), (cpu - 1, mem)) is None, case.name
        assert script.evaluate((), (cpu, mem - 1)) is None, case.name
    assert len(left) < 10  # lists dropped from by numbers beyond 64 bits, and the like


@pytest.mark.parametrize("folder", ["conformance", "validation"])
def test_both_machines_agree_on_every_case_and_on_its_limits(suites, folder):
    costs = default_model("E")
    for case in conformance.find_cases(suites / "uplc" / folder):
        try:
            prepared = Prepared(_program(case).term, costs)
        except (DiagnosticError, MalformedScript):
            continue
        fast, exact = prepared.evaluate(), prepared.evaluate(reference=True)
        assert (fast.cpu, fast.mem, fast.logs) == (exact.cpu, exact.mem, exact.logs), case.name
        if fast.failure is not None:
            assert exact.failure is not None, case.name
            assert fast.failure.cause == exact.failure.cause, case.name
            continue
        cpu, mem = fast.cpu, fast.mem
        assert prepared.evaluate((cpu, mem)).failure is None, case.name
        assert prepared.evaluate((cpu + 1, mem + 1)).failure is None, case.name
        for budget in ((cpu - 1, mem), (cpu, mem - 1)):
            failure = prepared.evaluate(budget).failure
            assert failure is not None, case.name
            assert failure.cause == outcome.OUT_OF_BUDGET, case.name


def _write(folder, name, files):
    place = folder / name
    place.mkdir()
    for end, content in files.items():
        (place / f"{name}{end}").write_text(content, encoding="utf-8")


def test_cases_are_judged(tmp_path, storey):
    program = "(program 1.0.0 [(lam x x) (con integer 1)])"
    result = "(program 1.0.0 (con integer 1))"
    budget = "({cpu: 64100\n| mem: 500})"
    _write(tmp_path, "good", {".uplc": program, ".uplc.expected": result, ".budget.expected": budget})
    _write(tmp_path, "dear", {".uplc": program, ".uplc.expected": result, ".budget.expected": "({cpu: 64101\n| mem: 500})"})
    _write(tmp_path, "wrong", {".uplc": program, ".uplc.expected": "(program 1.0.0 (con integer 2))"})
    _write(tmp_path, "fails", {".uplc": "(program 1.0.0 (error))", ".uplc.expected": "evaluation failure"})
    _write(tmp_path, "refused", {".uplc": "(program 1.0.0 x)", ".uplc.expected": "parse/decode error"})
    _write(tmp_path, "mixed", {".uplc": "(program 1.0.0 (error))", ".uplc.expected": "parse/decode error"})
    verdicts = {case.name.split("/")[0]: conformance.judge(case, storey, 10.0) for case in conformance.find_cases(tmp_path)}
    assert {name for name, (status, _) in verdicts.items() if status == "passed"} == {"good", "fails", "refused"}
    assert verdicts["dear"] == ("failed", "expected the budget (64101, 500), got (64100, 500)")
    assert "(con integer 2)" in verdicts["wrong"][1]
    assert verdicts["mixed"] == ("failed", "expected 'parse/decode error', got 'evaluation failure'")
