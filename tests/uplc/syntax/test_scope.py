"""Free variables, and terms compared up to names."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.terms import Apply, Case, Const, Constr, Delay, Error, Force, Lam, Var
from pagoda.languages.uplc.terms_scope import alpha_equal, check_scope, free_variables, same_program, same_value
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant, linked, list_of

from . import reading


def test_free_variables_come_in_the_order_of_the_text():
    term = Apply(
        Lam(Apply(Var(2, "a"), Var(1))),
        Case(Delay(Var(1, "b")), (Lam(Var(3, "c")), Force(Var(0, "d")), Constr(0, (Var(1, "e"), Error())))),
    )
    assert [variable.name for variable in free_variables(term)] == ["a", "b", "c", "d", "e"]
    first = check_scope(term)
    assert first is not None
    assert first.name == "a"
    assert check_scope(Lam(Var(1))) is None
    assert check_scope(Lam(Var(0))) is not None


DIFFERENT = [
    "(error)", "(lam x x)", "(lam x (lam y x))", "(lam x (lam y y))", "(delay (error))", "(force (error))", "[(error) (error)]",
    "[(error) (error) (error)]", "[(error) [(error) (error)]]", "(builtin addInteger)", "(builtin subtractInteger)",
    "(con integer 1)", "(con integer 2)", "(con bool True)", "(con data (I 1))", "(con data (List [I 1]))",
    "(con data (Constr 1 []))", "(con (list integer) [])", "(con (list bool) [])", "(con (list integer) [1])",
    "(con (array integer) [1])", "(con (array integer) [1, 2])", "(con (pair integer integer) (1, 2))", "(con value [])",
    "(con value [(#, [(#, 1)])])", "(constr 0)", "(constr 1)", "(constr 0 (error))", "(case (error))", "(case (error) (error))",
    "(case (error) (lam x x))", "(con string \"1\")", "(con bytestring #31)", "(con unit ())",
]  # fmt: skip


@pytest.mark.parametrize("text", DIFFERENT)
def test_terms_are_equal_to_themselves_only(text):
    term = reading.term(text)
    for other in DIFFERENT:
        assert alpha_equal(term, reading.term(other)) == (text == other)


def test_names_and_places_do_not_count():
    assert alpha_equal(reading.term("(lam x (lam y [x y]))"), reading.term(" (lam y-1 (lam x-2 [  y-1 x-2]))"))
    assert not same_program(reading.program("(program 1.0.0 (error))"), reading.program("(program 1.0.1 (error))"))


def test_long_values_are_compared():
    long = linked(range(100_000))
    assert same_value(long, linked(range(100_000)))
    assert not same_value(long, linked(range(99_999)))
    kind = list_of(INTEGER_TYPE)
    assert not alpha_equal(Const(Constant(kind, long)), Const(Constant(kind, (1, long))))
