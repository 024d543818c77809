"""Which variables of a term nothing binds; whether two terms are the same up to names.

What must hold: nothing is walked by recursion; parts that are the same object are not compared again.
"""

from __future__ import annotations

from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Var

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pagoda.languages.uplc.terms import Program, Term
    from pagoda.languages.uplc.types import Constant


def free_variables(term: Term) -> Iterator[Var]:
    """The variables of a term that nothing in it binds, in the order of the text."""
    todo: list[tuple[Term, int]] = [(term, 0)]
    while todo:
        node, depth = todo.pop()
        while True:  # down the first part, so that long chains leave little behind
            kind = type(node)
            if kind is Lam:
                depth += 1
                node = node.body  # type: ignore[union-attr]
            elif kind is Apply:
                todo.append((node.argument, depth))  # type: ignore[union-attr]
                node = node.function  # type: ignore[union-attr]
            elif kind is Force or kind is Delay:
                node = node.body  # type: ignore[union-attr]
            else:
                break
        if isinstance(node, Var):
            if not 0 < node.index <= depth:
                yield node
        elif isinstance(node, Case):
            todo.extend((branch, depth) for branch in reversed(node.branches))
            todo.append((node.scrutinee, depth))
        elif isinstance(node, Constr):
            todo.extend((field, depth) for field in reversed(node.fields))


def check_scope(term: Term) -> Var | None:
    """The first variable that nothing binds, or ``None``."""
    return next(free_variables(term), None)


def alpha_equal(first: Term, second: Term) -> bool:
    """Whether two terms are the same, whatever their variables are called and wherever they were read."""
    todo: list[tuple[Term, Term]] = [(first, second)]
    while todo:
        one, other = todo.pop()
        if one is other:
            continue
        if type(one) is not type(other):
            return False
        if isinstance(one, Var) and isinstance(other, Var):
            if one.index != other.index:
                return False
        elif isinstance(one, Apply) and isinstance(other, Apply):
            todo += ((one.argument, other.argument), (one.function, other.function))
        elif isinstance(one, Lam | Delay | Force) and isinstance(other, Lam | Delay | Force):
            todo.append((one.body, other.body))
        elif isinstance(one, Const) and isinstance(other, Const):
            if not same_constant(one.constant, other.constant):
                return False
        elif isinstance(one, Builtin) and isinstance(other, Builtin):
            if one.number != other.number:
                return False
        elif isinstance(one, Constr) and isinstance(other, Constr):
            if one.tag != other.tag or len(one.fields) != len(other.fields):
                return False
            todo.extend(zip(one.fields, other.fields, strict=True))
        elif isinstance(one, Case) and isinstance(other, Case):
            if len(one.branches) != len(other.branches):
                return False
            todo.append((one.scrutinee, other.scrutinee))
            todo.extend(zip(one.branches, other.branches, strict=True))
        elif not isinstance(one, Error):
            raise TypeError(f"not a term: {type(one).__name__}")
    return True


def same_program(first: Program, second: Program) -> bool:
    """Whether two programs have the same version and the same term up to names."""
    return first.version == second.version and alpha_equal(first.term, second.term)


def same_constant(first: Constant, second: Constant) -> bool:
    """Whether two constants have the same type and the same value."""
    return first.type is second.type and same_value(first.value, second.value)


def same_value(first: Any, second: Any) -> bool:
    """Whether two values of one type are the same. Lists, pairs, arrays and data are tuples: see :mod:`..types`."""
    todo: list[tuple[Any, Any]] = [(first, second)]
    while todo:
        one, other = todo.pop()
        if one is other:
            continue
        if type(one) is tuple and type(other) is tuple:
            if len(one) != len(other):
                return False
            todo.extend(zip(one, other, strict=True))
        elif one != other:
            return False
    return True
