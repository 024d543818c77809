"""Terms as text: layout within a width, names that do not clash, variables that nothing binds."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.syntax.printer import program_text, term_text
from pagoda.languages.uplc.terms import Apply, Error, Lam, Program, Var
from pagoda.languages.uplc.terms_scope import alpha_equal

from . import reading


@pytest.mark.parametrize(
    ("text", "width", "printed"),
    [
        ("(program 1.0.0 (lam x x))", 80, "(program 1.0.0 (lam x x))"),
        ("(program 1.0.0 (lam x x))", 20, "(program 1.0.0\n  (lam x x))"),
        (
            "(program 1.1.0 [(builtin addInteger) (con integer 1) (con integer 2)])", 40,
            "(program 1.1.0\n  [(builtin addInteger)\n   (con integer 1)\n   (con integer 2)])",
        ),
        (
            "(program 1.1.0 (case (constr 0 (con unit ())) (lam x x) (error)))", 30,
            "(program 1.1.0\n  (case\n    (constr 0 (con unit ()))\n    (lam x x)\n    (error)))",
        ),
        (
            "(program 1.0.0 (con data (Constr 1 [I 1, B #abcdef, List [I 2]])))", 24,
            "(program 1.0.0\n  (con data\n    (Constr 1 [\n       I 1,\n       B #abcdef,\n       List [I 2]])))",
        ),
        (
            "(program 1.0.0 (con (list integer) [1000, 2000, 3000]))", 30,
            "(program 1.0.0\n  (con (list integer)\n    [1000, 2000, 3000]))",
        ),
    ],
)  # fmt: skip
def test_layout(text, width, printed):
    program = reading.program(text)
    assert program_text(program, width) == printed
    assert program_text(program, None) == text


@pytest.mark.parametrize("width", [1, 10, 40, 80, 200])
def test_lines_keep_to_the_width_where_they_can(width):
    inner = "[(builtin addInteger) (con integer 1) (lam a (lam b (delay (force [a b b]))))]"
    program = reading.program(f"(program 1.0.0 {inner})")
    lines = program_text(program, width).split("\n")
    assert max(map(len, lines)) <= max(width, 32)
    assert " ".join(" ".join(lines).split()).replace("[ ", "[") == f"(program 1.0.0 {inner})"


def test_names_do_not_clash():
    cases = [
        ("(lam x (lam x x))", "(lam x (lam x_1 x_1))"),
        ("(lam x-1 (lam x-2 [x-1 x-2]))", "(lam x (lam x_1 [x x_1]))"),
        ("(lam x [(lam y y) (lam y y)])", "(lam x [(lam y y) (lam y y)])"),
        ("(lam x_1 (lam x (lam x [x_1 x])))", "(lam x_1 (lam x (lam x_2 [x_1 x_2])))"),
        ("(lam x_2 (lam x (lam x [x_2 x])))", "(lam x_2 (lam x (lam x_2_2 [x_2 x_2_2])))"),
        ("(lam `a-b` `a-b`)", "(lam `a-b` `a-b`)"),
    ]
    for text, printed in cases:
        assert term_text(reading.term(text)) == printed


def test_names_that_cannot_be_written_are_replaced():
    for name in ("", "a b", "`", "\u00e9", "#1", "x\n"):
        assert term_text(Lam(Lam(Apply(Var(1), Var(2)), name), name)) == "(lam v0 (lam v1 [v1 v0]))"


def test_what_nothing_binds_is_shown_and_refused():
    assert term_text(Lam(Apply(Var(2), Apply(Var(1), Var(0))), "x")) == "(lam x [`#1` [x `#0`]])"
    assert reading.findings(f"(program 1.0.0 {term_text(Lam(Var(3)))})")


def test_versions_are_printed():
    assert program_text(Program((1, 22, 10**5000), Error())) == f"(program 1.22.1{5000 * '0'} (error))".replace(" (e", "\n  (e")


def test_parts_that_are_shared_are_printed_each_time():
    part = Lam(Var(1), "x")
    text = term_text(Apply(part, Apply(part, part)))
    assert text == "[(lam x x) [(lam x x) (lam x x)]]"
    assert alpha_equal(reading.term(text), Apply(part, Apply(part, part)))
