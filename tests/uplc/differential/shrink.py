"""Makes a term that fails a check small: parts are replaced by their own parts or by constants as long as it keeps failing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pagoda.languages.uplc.terms import Apply, Case, Const, Constr, Delay, Error, Force, Lam, Var
from pagoda.languages.uplc.terms_scope import check_scope
from pagoda.languages.uplc.types import BOOL_TYPE, INTEGER_TYPE, UNIT_TYPE, Constant
from pagoda.languages.uplc.walk.readback import children, printed_size

_SIMPLE = [
    Const(Constant(UNIT_TYPE, None)), Const(Constant(INTEGER_TYPE, 0)), Const(Constant(BOOL_TYPE, True)), Lam(Var(1)), Error(),
]  # fmt: skip


def smallest(term: Any, still_fails: Callable[[Any], bool], attempts: int = 3000) -> Any:
    """A term of which no part can be made smaller without losing the failure, or what ``attempts`` reached.

    Terms are small and not deep here: parts are found by recursion.
    """
    improved = True
    while improved:
        improved = False
        for candidate in _candidates(term):
            if printed_size(candidate) >= printed_size(term) or check_scope(candidate) is not None:
                continue
            attempts -= 1
            if attempts < 0:
                return term
            if still_fails(candidate):
                term, improved = candidate, True
                break
    return term


def _candidates(term: Any) -> Iterator[Any]:
    """Smaller terms, the greatest leaps first."""
    yield from _own(term)
    parts = children(term)
    for position, part in enumerate(parts):
        for smaller in _candidates(part):
            yield rebuilt(term, (*parts[:position], smaller, *parts[position + 1 :]))


def _own(term: Any) -> Iterator[Any]:
    parts = children(term)
    for part in parts:
        yield lowered(part) if term.__class__ is Lam else part
    if term.__class__ is Apply and term.function.__class__ is Lam:
        yield lowered(term.function.body)
    if parts or term.__class__ is Const:
        yield from _SIMPLE
    if term.__class__ is Constr or term.__class__ is Case:
        first = 1 if term.__class__ is Case else 0
        for at in range(first, len(parts)):
            yield rebuilt(term, (*parts[:at], *parts[at + 1 :]))


def rebuilt(term: Any, parts: tuple[Any, ...]) -> Any:
    """A term of the same form with other parts."""
    kind = term.__class__
    if kind is Constr:
        return Constr(term.tag, parts)
    if kind is Case:
        return Case(parts[0], parts[1:])
    assert kind in (Lam, Apply, Delay, Force)
    return kind(*parts)


def lowered(term: Any, depth: int = 0) -> Any:
    """A term without the binder around it. What the binder bound is free then, and refused by who asked."""
    if term.__class__ is Var:
        if term.index == depth + 1:
            return Var(1 << 40)
        return Var(term.index - 1) if term.index > depth + 1 else term
    parts = children(term)
    inner = depth + (term.__class__ is Lam)
    return rebuilt(term, tuple(lowered(part, inner) for part in parts)) if parts else term
