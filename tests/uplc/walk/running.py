"""Running a term's text on both machines of the storey, which must agree on everything that can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.outcome import Outcome
from pagoda.languages.uplc.syntax.parser import parse_term
from pagoda.languages.uplc.syntax.printer import term_text
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.walk.machine import Prepared
from pagoda.machine.source import Source

if TYPE_CHECKING:
    from pagoda.languages.uplc.terms import Term


def term(text: str) -> Term:
    return parse_term(Source("test.uplc", text))


def evaluated(what: str | Term, budget: tuple[int, int] | None = None, variant: str = "E", **options: Any) -> Outcome:
    """The outcome, after both machines have given it."""
    prepared = Prepared(term(what) if isinstance(what, str) else what, default_model(variant), **options)
    fast = prepared.evaluate(budget)
    exact = prepared.evaluate(budget, reference=True)
    again = prepared.evaluate(budget)
    for other in (fast, again):
        assert (other.cpu, other.mem, other.logs) == (exact.cpu, exact.mem, exact.logs)
        if exact.result is None:
            assert other.failure is not None
            assert exact.failure is not None
            assert (other.failure.cause, other.failure.message) == (exact.failure.cause, exact.failure.message)
            assert other.failure.path == exact.failure.path
            assert other.failure.subterm is exact.failure.subterm
        else:
            assert other.failure is None
            assert other.result is not None
            assert alpha_equal(other.result, exact.result)
    return fast


def value(text: str, **options: Any) -> str:
    """The result of a term that has one, as text."""
    outcome = evaluated(text, **options)
    assert outcome.failure is None, outcome.failure
    assert outcome.result is not None
    return term_text(outcome.result)


def cause(text: str, **options: Any) -> str:
    """Why a term fails."""
    outcome = evaluated(text, **options)
    assert outcome.failure is not None
    return outcome.failure.cause
