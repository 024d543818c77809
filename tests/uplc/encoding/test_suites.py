"""Other people's scripts: they are read, and written again to the same bytes; twins of texts stand for the same term."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.machine.source import DiagnosticError, Source

PARSE_ERROR = b"parse/decode error"
FAILURES = (PARSE_ERROR, b"evaluation failure")


@pytest.fixture(scope="module")
def conformance(suites):
    found = sorted((suites / "uplc" / "conformance").rglob("*.flat"))
    if not found:
        pytest.skip("the conformance cases of UPLC are not among the suites")
    return found


def test_validation_scripts_come_back(suites):
    paths = sorted((suites / "uplc" / "validation").glob("*.flat"))
    if not paths:
        pytest.skip("the validation scripts are not among the suites")
    for path in paths:
        data = path.read_bytes()
        assert write_program(read_program(data)) == data, path.name


def test_conformance_scripts_come_back(conformance):
    for path in conformance:
        data = path.read_bytes()
        expected = path.with_suffix(".flat.expected").read_bytes()
        try:
            program = read_program(data)
        except MalformedScript:
            assert expected == PARSE_ERROR, path.name
            continue
        assert write_program(program) == data, path.name
        if expected not in FAILURES:
            assert write_program(read_program(expected)) == expected, path.name


def test_twins_are_the_same_term(conformance):
    from pagoda.languages.uplc.syntax.parser import parse_program
    from pagoda.languages.uplc.terms_scope import alpha_equal, check_scope

    for path in conformance:
        text = path.with_suffix(".uplc")
        try:
            program = read_program(path.read_bytes())
            closed = check_scope(program.term) is None
        except MalformedScript:
            closed = False
        try:
            parsed = parse_program(Source(text.name, text.read_text(encoding="utf-8")))
        except DiagnosticError:
            assert not closed, path.name
            continue
        assert closed, path.name
        assert parsed.version == program.version, path.name
        assert alpha_equal(parsed.term, program.term), path.name
        assert write_program(parsed) == path.read_bytes(), path.name
