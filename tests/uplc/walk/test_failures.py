"""How terms fail: the cause, its class, the subterm, the way to it. Both machines tell the same."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.terms import Apply, Const, Force, Lam, Var
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant
from pagoda.languages.uplc.walk.machine import evaluate
from uplc.walk.running import cause, evaluated, term

FAILING = [
    ("(error)", outcome.EXPLICIT_ERROR),
    ("[(lam x (error)) (con unit ())]", outcome.EXPLICIT_ERROR),
    ("[(con integer 1) (con integer 2)]", outcome.NOT_A_FUNCTION),
    ("[(delay (con integer 1)) (con integer 2)]", outcome.NOT_A_FUNCTION),
    ("(force (con integer 1))", outcome.NOT_POLYMORPHIC),
    ("(force (lam x x))", outcome.NOT_POLYMORPHIC),
    ("(force (builtin addInteger))", outcome.ARGUMENT_EXPECTED),
    ("(force (force (builtin headList)))", outcome.ARGUMENT_EXPECTED),
    ("[(lam f (force (force f))) (builtin headList)]", outcome.ARGUMENT_EXPECTED),
    ("(force [(builtin addInteger) (con integer 1)])", outcome.ARGUMENT_EXPECTED),
    ("[(builtin headList) (con (list integer) [1])]", outcome.FORCE_EXPECTED),
    ("[(lam f [f (con (list integer) [1])]) (builtin headList)]", outcome.FORCE_EXPECTED),
    ("[(builtin addInteger) (con unit ()) (con integer 1)]", outcome.WRONG_TYPE),
    ("[(builtin addInteger) (lam x x) (con integer 1)]", outcome.WRONG_TYPE),
    ("[(builtin divideInteger) (con integer 1) (con integer 0)]", outcome.BUILTIN_FAILURE),
    ("[(force (builtin headList)) (con (list integer) [])]", outcome.BUILTIN_FAILURE),
    ("[(builtin addInteger) (con integer 1) (con integer 2) (con integer 3)]", outcome.NOT_A_FUNCTION),
    ("[(force (builtin ifThenElse)) (con integer 1) (delay (error)) (delay (error))]", outcome.WRONG_TYPE),
    ("(force [(force (builtin ifThenElse)) (con integer 1) (delay (error)) (delay (error))])", outcome.WRONG_TYPE),
    ("(case (lam x x) (con integer 1))", outcome.NOT_A_CONSTRUCTOR),
    ("(case (constr 1) (con integer 1))", outcome.MISSING_BRANCH),
    ("(case (constr 18446744073709551615) (con integer 1))", outcome.MISSING_BRANCH),
    ("(case (constr 0 (con integer 1)) (con integer 1))", outcome.NOT_A_FUNCTION),
    ("(case (con integer 2) (con integer 1) (con integer 1))", outcome.CASE_OF_CONSTANT),
    ("(case (con integer -1) (con integer 1))", outcome.CASE_OF_CONSTANT),
    ("(case (con bool True) (con integer 1))", outcome.CASE_OF_CONSTANT),
    ("(case (con bool True) (con integer 1) (con integer 1) (con integer 1))", outcome.CASE_OF_CONSTANT),
    ("(case (con unit ()))", outcome.CASE_OF_CONSTANT),
    ("(case (con unit ()) (con integer 1) (con integer 1))", outcome.CASE_OF_CONSTANT),
    ("(case (con (list integer) []) (con integer 1))", outcome.CASE_OF_CONSTANT),
    ("(case (con (pair integer integer) (1, 2)) (lam x x) (lam x x))", outcome.CASE_OF_CONSTANT),
    ("(case (con bytestring #00) (con integer 1))", outcome.CASE_OF_CONSTANT),
]


@pytest.mark.parametrize(("text", "expected"), FAILING)
def test_a_term_fails_for_the_cause(text, expected):
    assert cause(text) == expected


def test_every_cause_of_the_machine_has_a_class():
    assert {expected for _, expected in FAILING} <= set(outcome.CLASS_OF)
    assert evaluated("(error)").failure.failure_class == outcome.OPERATIONAL
    assert evaluated("(force (lam x x))").failure.failure_class == outcome.STRUCTURAL


def test_a_variable_that_nothing_binds_fails():
    one = Const(Constant(INTEGER_TYPE, 1))
    for open_term in (Var(1), Var(0), Lam(Var(2)), Apply(Lam(Var(2)), one), Apply(Lam(Var(900)), one), Force(Var(3))):
        found = evaluated(open_term)
        if found.failure is None:
            assert open_term.__class__ is Lam
        else:
            assert found.failure.cause == outcome.OPEN_TERM


def test_case_of_constants_can_be_off():
    text = "(case (con bool True) (con integer 1) (con integer 2))"
    assert cause(text, case_on_constants=False) == outcome.NOT_A_CONSTRUCTOR


@pytest.mark.parametrize(
    ("text", "failing", "path"),
    [
        ("(error)", "(error)", ()),
        ("[(lam x [x (error)]) (lam y y)]", "(error)", ("function", "body", "argument")),
        ("(case (constr 0) (error))", "(error)", ("branch 0",)),
        ("(case (constr 0 (con integer 1) (error)) (lam x x))", "(error)", ("scrutinee", "field 1")),
        ("[(lam f (force f)) (con unit ())]", "(force f)", ("function", "body")),
        ("(delay (error))", None, None),
        ("[(lam f [f (con integer 1)]) [(builtin divideInteger) (con integer 1)]]", None, None),
        ("[(lam f [f (con unit ())]) [(builtin addInteger) (con integer 1)]]", "[f (con unit ())]", ("function", "body")),
        ("(case (constr 0 (con integer 1)) (con integer 1))", "(case (constr 0 (con integer 1)) (con integer 1))", ()),
    ],
)
def test_the_failing_subterm_and_its_place(text, failing, path):
    found = evaluated(text)
    if failing is None:
        assert found.failure is None
        return
    start, end = found.failure.subterm.place
    assert text[start:end] == failing
    assert found.failure.path == path


def test_a_failing_script_has_spent_what_the_reference_has_flushed():
    # Steps are spent in groups of 200: before that only the start and the builtins show.
    assert (evaluated("(error)").cpu, evaluated("(error)").mem) == (100, 100)
    found = evaluated("[(lam x (error)) [(force (builtin headList)) (con (list integer) [1])]]")
    assert (found.cpu, found.mem) == (100 + 83150, 100 + 32)
    text = "(error)"
    for _ in range(99):
        text = f"[(lam x {text}) (con integer 1)]"
    assert evaluated(text).mem == 100 + 200 * 100  # of the 297 steps


def test_the_message_names_the_builtin():
    assert evaluated("[(builtin divideInteger) (con integer 1) (con integer 0)]").failure.message.startswith("divideInteger: ")


def test_deep_terms_end_cleanly():
    deep = term("(con integer 1)")
    add = term("[(builtin addInteger) (con integer 1)]")
    for _ in range(50_000):
        deep = Apply(add, deep)
    assert evaluated(deep).result.constant.value == 50_001
    deep = term("(error)")
    for _ in range(50_000):
        deep = Apply(Lam(Var(1)), deep)
    found = evaluate(deep, default_model("E"))
    assert found.failure.cause == outcome.EXPLICIT_ERROR
    assert found.failure.path == ("argument",) * 50_000
