"""Random closed terms: both machines give the same result, budget, logs and failure, with a limit and without."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Var
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    Constant,
    linked,
    list_of,
    pair_of,
)  # fmt: skip
from uplc.walk.running import evaluated

CONSTANTS = [
    Constant(INTEGER_TYPE, 0), Constant(INTEGER_TYPE, 1), Constant(INTEGER_TYPE, 10**30), Constant(BOOL_TYPE, True),
    Constant(BOOL_TYPE, False), Constant(UNIT_TYPE, None), Constant(STRING_TYPE, "text"),
    Constant(list_of(INTEGER_TYPE), linked([1, 2, 3])), Constant(list_of(INTEGER_TYPE), ()),
    Constant(pair_of(INTEGER_TYPE, BOOL_TYPE), (1, True)), Constant(DATA_TYPE, (INTEGER, 5)),
]  # fmt: skip
NAMES = (
    "addInteger", "equalsInteger", "divideInteger", "ifThenElse", "chooseList", "headList", "tailList", "nullList", "fstPair",
    "trace", "chooseData", "unIData", "mkCons", "chooseUnit",
)  # fmt: skip
NUMBERS = [by_name(name).number for name in NAMES]
BUDGET = 40_000_000, 200_000


@st.composite
def terms(draw: Any, depth: int = 5, bound: int = 0) -> Any:
    """A closed term, more likely than not one that gets somewhere."""
    form = draw(st.integers(0, 13)) if depth else draw(st.integers(0, 3))
    smaller = lambda more=0: draw(terms(depth=depth - 1, bound=bound + more))  # noqa: E731
    if form <= 1 and bound:
        return Var(draw(st.integers(1, bound)))
    if form <= 2:
        return Const(draw(st.sampled_from(CONSTANTS)))
    if form == 3 or form == 4:
        number = draw(st.sampled_from(NUMBERS))
        spine: Any = Builtin(number)
        for _ in range(BUILTINS[number].forces):
            spine = Force(spine)
        if form == 4:
            for _ in range(draw(st.integers(1, BUILTINS[number].arity))):
                spine = Apply(spine, smaller())
        return spine
    if form <= 6:
        return Apply(Lam(smaller(1)), smaller())
    if form == 7:
        return Apply(smaller(), smaller())
    if form == 8:
        return Lam(smaller(1))
    if form == 9:
        return draw(st.sampled_from([Delay, Force]))(smaller())
    if form == 10:
        return Force(Delay(smaller()))
    if form == 11:
        return Constr(draw(st.integers(0, 2)), tuple(smaller() for _ in range(draw(st.integers(0, 3)))))
    if form == 12:
        scrutinee = Constr(0, tuple(smaller() for _ in range(draw(st.integers(0, 2))))) if draw(st.booleans()) else smaller()
        branches = [Lam(smaller(1)) if draw(st.booleans()) else smaller() for _ in range(draw(st.integers(0, 3)))]
        return Case(scrutinee, tuple(branches))
    if draw(st.integers(0, 3)):
        condition = Const(Constant(BOOL_TYPE, draw(st.booleans())))
        chooser = Apply(Apply(Apply(Force(Builtin(26)), condition), Delay(smaller())), Delay(smaller()))
        return Force(chooser)
    return Error()


@settings(max_examples=400, deadline=None)
@given(terms())
def test_the_machines_agree(term):
    free = evaluated(term, BUDGET)
    if free.failure is None:
        assert evaluated(term, (free.cpu - 1, free.mem)).failure is not None
        assert evaluated(term).cpu == free.cpu
