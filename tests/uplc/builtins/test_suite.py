"""The conformance suite's cases that are builtins applied to values: results and budgets."""

from __future__ import annotations

import re

import pytest

from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.languages.uplc.terms import Const
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.types import Constant
from pagoda.machine.source import DiagnosticError, Source

from .direct import Direct, NotDirect


@pytest.fixture(scope="module")
def cases(suites):
    folder = suites / "uplc" / "conformance" / "builtin" / "semantics"
    if not folder.is_dir():
        pytest.skip("the conformance suite of UPLC is not here; PAGODA_SUITES names the folder of suites")
    return sorted(folder.rglob("*.uplc"))


def parsed(path, text):
    return parse_program(Source(path.name, text)).term


def test_results_and_budgets(cases):
    wrong, checked, failing, beyond = [], 0, 0, 0
    for path in cases:
        expected = path.with_suffix(".uplc.expected").read_text(encoding="utf-8")
        budget = path.with_suffix(".budget.expected").read_text(encoding="utf-8")
        try:
            term = parsed(path, path.read_text(encoding="utf-8"))
        except DiagnosticError:
            if "parse" not in expected:
                wrong.append(f"{path.stem}: does not parse")
            continue
        run = Direct(default_model("E"))
        try:
            result = run.evaluate(term)
        except NotDirect:
            beyond += 1
            continue
        except BuiltinFailure as failure:
            failing += 1
            if "evaluation failure" not in expected:
                wrong.append(f"{path.stem}: {failure}")
            continue
        if "evaluation failure" in expected:
            wrong.append(f"{path.stem}: should fail")
            continue
        checked += 1
        spent = tuple(map(int, re.findall(r"\d+", budget)))
        if run.cost != spent:
            wrong.append(f"{path.stem}: costs {run.cost}, not {spent}")
        if isinstance(result, Constant) and not alpha_equal(Const(result), parsed(path, expected)):
            wrong.append(f"{path.stem}: another result")
    assert not wrong, "\n".join(wrong)
    assert checked > 0
    print(f"{checked} with result and budget, {failing} that fail, {beyond} beyond builtins and values")
