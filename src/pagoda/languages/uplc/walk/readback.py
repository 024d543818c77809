"""Turns a value back into a term: closures get the values of their free variables written into their bodies.

What must hold: nothing recurses; a value that is met twice becomes one term that stands in two places, so the work is bounded
by the size of the closures and not by the size of the term when printed (:func:`printed_size` tells that one).
"""

from __future__ import annotations

from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Force, Lam, Var
from pagoda.languages.uplc.types import Constant
from pagoda.languages.uplc.walk.values import CONSTRUCTED, DELAYED, LAMBDA, lookup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.walk.values import Environment, Value

# What is still to be done, last first. Each task leaves one term on the stack of results.
_VALUE, _TERM, _BUILD, _KEEP = range(4)


def term_of(whole: Value, code_term: Callable[[Any], Any] = lambda code: code) -> Term:
    """The term that a value stands for. ``code_term`` gives the ``Lam`` or ``Delay`` of what a closure holds as its code."""
    done: list[Any] = []
    known: dict[int, Any] = {}  # by identity of values, all of which the first one keeps alive
    tasks: list[tuple[Any, ...]] = [(_VALUE, whole)]
    while tasks:
        task = tasks.pop()
        kind = task[0]
        if kind == _VALUE:
            value: Any = task[1]
            found = known.get(id(value))
            if found is not None:
                done.append(found)
                continue
            tasks.append((_KEEP, id(value)))
            if value.__class__ is Constant:
                done.append(Const(value))
                continue
            shape, first, second = value[0], value[1], value[2]
            if shape in (LAMBDA, DELAYED):
                tasks.append((_TERM, code_term(first), second, 0))
            elif shape == CONSTRUCTED:
                tasks.append((_BUILD, Constr(first, ()), len(second), None))
                tasks.extend((_VALUE, field) for field in second)
            else:
                spine: Any = Builtin(first)
                for _ in range(second):
                    spine = Force(spine)
                arguments = value[3]
                tasks.append((_BUILD, None, len(arguments), spine))
                tasks.extend((_VALUE, argument) for argument in arguments)
        elif kind == _TERM:
            _open(task[1], task[2], task[3], tasks, done)
        elif kind == _KEEP:
            known[task[1]] = done[-1]
        else:
            _build(task, done)
    result: Term = done[0]
    return result


def _open(term: Any, environment: Environment, depth: int, tasks: list[tuple[Any, ...]], done: list[Any]) -> None:
    """Deals with a term under ``depth`` of its own binders: a free variable becomes a value's term, parts become tasks."""
    if not environment:  # closed: stays as it is
        done.append(term)
        return
    shape = term.__class__
    if shape is Var:
        if term.index > depth:
            value = lookup(environment, term.index - depth)
            if value is not None:
                tasks.append((_VALUE, value))
                return
        done.append(term)
    elif shape is Lam:
        tasks.append((_BUILD, term, 1, None))
        tasks.append((_TERM, term.body, environment, depth + 1))
    elif shape is Apply:
        tasks.append((_BUILD, term, 2, None))
        tasks.append((_TERM, term.function, environment, depth))
        tasks.append((_TERM, term.argument, environment, depth))
    elif shape is Delay or shape is Force:
        tasks.append((_BUILD, term, 1, None))
        tasks.append((_TERM, term.body, environment, depth))
    elif shape is Constr:
        tasks.append((_BUILD, term, len(term.fields), None))
        tasks.extend((_TERM, field, environment, depth) for field in term.fields)
    elif shape is Case:
        tasks.append((_BUILD, term, len(term.branches) + 1, None))
        tasks.append((_TERM, term.scrutinee, environment, depth))
        tasks.extend((_TERM, branch, environment, depth) for branch in term.branches)
    else:
        done.append(term)


def _build(task: tuple[Any, ...], done: list[Any]) -> None:
    """Makes a term of parts that are done. Tasks run last first, so the parts lie with the first one on top."""
    like, count, spine = task[1], task[2], task[3]
    cut = len(done) - count
    parts = done[cut:]
    parts.reverse()
    del done[cut:]
    shape = like.__class__
    made: Any
    if like is None:
        made = spine
        for argument in parts:
            made = Apply(made, argument)
    elif shape is Lam:
        made = like if parts[0] is like.body else Lam(parts[0], like.name, like.place)
    elif shape is Apply:
        made = like if parts[0] is like.function and parts[1] is like.argument else Apply(parts[0], parts[1], like.place)
    elif shape is Delay or shape is Force:
        made = like if parts[0] is like.body else shape(parts[0], like.place)
    elif shape is Constr:
        made = Constr(like.tag, tuple(parts), like.place)
    else:
        made = Case(parts[0], tuple(parts[1:]), like.place)
    done.append(made)


def printed_size(term: Term) -> int:
    """How many nodes a term has when every part is counted wherever it stands."""
    sizes: dict[int, int] = {}
    tasks: list[tuple[Any, bool]] = [(term, False)]
    while tasks:
        node, opened = tasks.pop()
        if id(node) in sizes:
            continue
        parts = children(node)
        if opened or not parts:
            sizes[id(node)] = 1 + sum(sizes[id(part)] for part in parts)
        else:
            tasks.append((node, True))
            tasks.extend((part, False) for part in parts)
    return sizes[id(term)]


def children(term: Any) -> tuple[Any, ...]:
    """The parts of a term, in the order in which they are written."""
    shape = term.__class__
    if shape is Lam or shape is Delay or shape is Force:
        return (term.body,)
    if shape is Apply:
        return term.function, term.argument
    if shape is Constr:
        fields: tuple[Any, ...] = term.fields
        return fields
    if shape is Case:
        return (term.scrutinee, *term.branches)
    return ()
