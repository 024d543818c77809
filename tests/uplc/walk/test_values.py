"""What terms evaluate to, on both machines: each form, the forms that the fast machine takes a short way through, read-back."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.syntax.parser import parse_term
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.walk.machine import evaluate
from pagoda.languages.uplc.walk.readback import printed_size
from pagoda.machine.source import Source
from uplc.walk.running import evaluated, term, value

ADD = "(builtin addInteger)"
ITE = "(force (builtin ifThenElse))"
CHOOSE_LIST = "(force (force (builtin chooseList)))"


def number(n: int) -> str:
    return f"(con integer {n})"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(con integer 1)", number(1)),
        ("[(lam x x) (con integer 1)]", number(1)),
        ("[(lam x (lam y x)) (con integer 1) (con integer 2)]", number(1)),
        ("[(lam x (lam y y)) (con integer 1) (con integer 2)]", number(2)),
        (f"[(lam x [(lam y [{ADD} x y]) (con integer 2)]) (con integer 1)]", number(3)),
        (f"[(lam f [f [f (con integer 1)]]) [{ADD} (con integer 5)]]", number(11)),
        ("(force (delay (con integer 1)))", number(1)),
        ("[(lam d (force d)) (delay (con integer 7))]", number(7)),
        (f"[{ITE} (con bool True) (con integer 1) (con integer 2)]", number(1)),
        (f"(force [{ITE} (con bool False) (delay (con integer 1)) (delay (con integer 2))])", number(2)),
        (f"(force [{ITE} (con bool True) (delay (con integer 1)) (delay (error))])", number(1)),
        (f"[(lam x (force [{ITE} (con bool True) (delay x) (delay (error))])) (con integer 4)]", number(4)),
        (f"[[{ITE} (con bool True) (lam x x) (lam x (error))] (con integer 3)]", number(3)),
        (f"(force [{CHOOSE_LIST} (con (list integer) []) (delay (con integer 1)) (delay (error))])", number(1)),
        ("[(lam b [b (con integer 1)]) [(lam x (lam y [(builtin subtractInteger) x y])) (con integer 10)]]", number(9)),
        (f"[(lam f [f (con integer 1) (con integer 2)]) {ADD}]", number(3)),
        ("[(lam f (force f)) (builtin nullList)]", "(force (builtin nullList))"),
        ("[(lam f [f (con (list integer) [])]) (force (builtin nullList))]", "(con bool True)"),
        (f"[{ADD} (con unit ())]", f"[{ADD} (con unit ())]"),
        (f"[{ITE} (con unit ())]", f"[{ITE} (con unit ())]"),
        ("(constr 3 (con integer 1) [(lam x x) (con unit ())])", "(constr 3 (con integer 1) (con unit ()))"),
        ("(constr 0)", "(constr 0)"),
        ("(case (constr 0 (con integer 1) (con integer 2)) (lam x (lam y [(builtin subtractInteger) x y])))", number(-1)),
        ("(case (constr 1 (con integer 1)) (error) (lam x x))", number(1)),
        ("(case (constr 0 (con integer 1) (con integer 2)) (lam x [(builtin addInteger) x]))", number(3)),
        ("(case (constr 0 (con integer 1) (con integer 2)) (builtin addInteger))", number(3)),
        ("(case (constr 0 (con integer 1)) (lam x (lam y x)))", "(lam y (con integer 1))"),
        ("(case (constr 0) (con integer 5))", number(5)),
        ("[(lam z (case (constr 0 (con integer 1)) (lam x [(builtin addInteger) x z]))) (con integer 2)]", number(3)),
        ("[(builtin addInteger) (case (con integer 1) (error) (con integer 2)) (con integer 1)]", number(3)),
        ("(case (con bool True) (error) (con integer 2))", number(2)),
        ("(case (con bool False) (con integer 2))", number(2)),
        ("(case (con unit ()) (con integer 2))", number(2)),
        ("(case (con (list integer) [1,2]) (lam h (lam t t)))", "(con (list integer) [2])"),
        ("(case (con (list integer) []) (error) (con integer 9))", number(9)),
        ("(case (con (pair integer bool) (1, True)) (lam a (lam b b)))", "(con bool True)"),
    ],
)
def test_a_term_has_the_value(text, expected):
    found = evaluated(text)
    assert found.failure is None, found.failure
    assert alpha_equal(found.result, term(expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[(lam x (lam y x)) (con integer 1)]", "(lam y (con integer 1))"),
        ("[(lam x (delay [x x])) (lam y y)]", "(delay [(lam y y) (lam y y)])"),
        ("[(lam a (lam b [(lam c (lam d [a b c d])) (con integer 3)])) (con integer 1)]",
         "(lam b [(lam c (lam d [(con integer 1) b c d])) (con integer 3)])"),
        ("[[(lam a (lam b (lam c [a b c]))) (con integer 1)] (con integer 2)]",
         "(lam c [(con integer 1) (con integer 2) c])"),
        ("[(lam x (lam y (case x (constr 1 y x) (force (delay (error)))))) (con bool True)]",
         "(lam y (case (con bool True) (constr 1 y (con bool True)) (force (delay (error)))))"),
        ("[(lam f (constr 0 f [f (con integer 1)])) (lam x (lam y x))]",
         "(constr 0 (lam x (lam y x)) (lam y (con integer 1)))"),
        ("[(lam x [(builtin addInteger) x]) (con integer 1)]", "[(builtin addInteger) (con integer 1)]"),
    ],
)  # fmt: skip
def test_closures_are_read_back_with_their_variables_filled_in(text, expected):
    assert alpha_equal(evaluated(text).result, term(expected))


def test_a_loop_runs_as_often_as_it_should():
    # The sum from 100 down to 1, by a function that is handed itself.
    text = """
    [(lam go [go go (con integer 100) (con integer 0)])
     (lam self (lam n (lam sum
       (force [(force (builtin ifThenElse)) [(builtin equalsInteger) n (con integer 0)]
         (delay sum)
         (delay [self self [(builtin subtractInteger) n (con integer 1)] [(builtin addInteger) sum n]])]))))]
    """
    outcome = evaluated(text)
    assert value(text) == number(5050)
    assert outcome.mem > 100_000


def test_variables_far_out_are_found():
    names = [f"v{index}" for index in range(120)]
    body = "[(builtin addInteger) v0 [(builtin addInteger) v60 v119]]"
    for name in reversed(names):
        body = f"[(lam {name} {body}) (con integer {names.index(name)})]"
    assert value(body) == number(179)


def test_traces_come_in_the_order_of_evaluation():
    trace = "(force (builtin trace))"
    text = f"""[[{trace} (con string "function") (lam x (lam y [{trace} (con string "body") x]))]
                [{trace} (con string "first") (con integer 1)] [{trace} (con string "second") (con integer 2)]]"""
    assert evaluated(text).logs == ("function", "first", "second", "body")


def test_traces_are_kept_when_the_script_fails():
    found = evaluated('[(lam x (error)) [(force (builtin trace)) (con string "seen") (con unit ())]]')
    assert found.failure is not None
    assert found.logs == ("seen",)


def test_a_result_may_share_more_than_could_be_printed():
    text = "(constr 0)"
    for _ in range(100):
        text = f"[(lam x (constr 0 x x)) {text}]"
    found = evaluate(term(text), default_model("E"))  # on one machine only: comparing two results would take for ever
    assert printed_size(found.result) == 2**101 - 1


def test_places_of_the_text_are_kept_in_the_result():
    found = evaluated(parse_term(Source("t", "[(lam x (lam y x)) (con integer 1)]")))
    assert found.result.place == (8, 17)
