"""Depth and length without bound: read, compared, printed and dropped without recursion, and refused as cleanly."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.syntax.printer import program_text
from pagoda.languages.uplc.terms_scope import check_scope, same_program

from . import reading

DEEP = 30_000

NESTED = {
    "lambdas": ("(lam x ", "x", ")"),
    "delays": ("(delay ", "(error)", ")"),
    "functions": ("[", "(error)", " (error)]"),
    "arguments": ("[(error) ", "(error)", "]"),
    "constructors": ("(constr 0 ", "(error)", ")"),
    "scrutinees": ("(case ", "(error)", " (error))"),
    "branches": ("(case (error) ", "(error)", ")"),
}


@pytest.mark.parametrize("shape", NESTED)
def test_deep_terms(shape):
    before, core, behind = NESTED[shape]
    text = f"(program 1.1.0 {before * DEEP}{core}{behind * DEEP})"
    program = reading.program(text)
    again = reading.program(program_text(program))
    assert same_program(program, again)
    assert check_scope(program.term) is None


@pytest.mark.parametrize(
    ("before", "core", "behind"),
    [("List [", "", "]"), ("Constr 1 [I 1, ", "I 0", "]"), ("Map [(I 1, ", "I 0", ")]"), ("Map [(", "I 0", ", I 1)]")],
)
def test_deep_data(before, core, behind):
    text = f"(program 1.1.0 (con data ({before * DEEP}{core}{behind * DEEP})))"
    program = reading.program(text)
    assert same_program(program, reading.program(program_text(program)))
    assert program_text(program, None) == text


def test_deep_types():
    deep = 20_000
    text = f"(program 1.1.0 (con {'(list ' * deep}integer{')' * deep} {'[' * deep}1{']' * deep}))"
    program = reading.program(text)
    assert program_text(program, None) == text
    assert same_program(program, reading.program(text))


def test_long_lists_and_numbers():
    digits = "7" * 100_000
    text = f"(program 1.1.0 (con (list integer) [{', '.join(['1'] * DEEP)}, {digits}, -{digits}]))"
    program = reading.program(text)
    assert program_text(program, None) == text
    assert same_program(program, reading.program(text))


@pytest.mark.parametrize(
    "text",
    [
        "(", "[", "(lam x ", "(delay ", "(con (", "(con (list ", "(con (pair integer ", "(con data (List [", "{-", "{--}", "--",
        '"', "`", "x-", "x ", "(con value [", "(con data (Constr ", "[(error) ", "(constr 0 ", "(case ", ")", "]", "\\",
        "\u00a0", "\u3000 ", "1",
    ],
)  # fmt: skip
def test_repeated_pieces_are_refused(text):
    for start in ("", "(program 1.1.0 "):
        assert reading.findings(start + text * DEEP)
