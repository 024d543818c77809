"""Builtins on lists and pairs of any type. Results carry the types that the arguments tell."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import CONSTANT, LIST, MAGNITUDE, PAIR
from pagoda.languages.uplc.types import BOOL_TYPE, Constant


@builtin(29, "fstPair", (PAIR,), None, forces=2)
def first(pair: Constant) -> Constant:
    """The first part of a pair."""
    return Constant(pair.type.parts[0], pair.value[0])


@builtin(30, "sndPair", (PAIR,), None, forces=2)
def second(pair: Constant) -> Constant:
    """The second part of a pair."""
    return Constant(pair.type.parts[1], pair.value[1])


@builtin(32, "mkCons", (CONSTANT, LIST), None, forces=1)
def cons(item: Constant, items: Constant) -> Constant:
    """A list with one more item in front, which has to be of the list's own type."""
    if item.type is not items.type.parts[0]:
        raise BuiltinFailure(f"an item of type {item.type!r} cannot go into a list of {items.type.parts[0]!r}")
    return Constant(items.type, (item.value, items.value))


@builtin(33, "headList", (LIST,), None, forces=1)
def head(items: Constant) -> Constant:
    """The first item."""
    if not items.value:
        raise BuiltinFailure("the list is empty")
    return Constant(items.type.parts[0], items.value[0])


@builtin(34, "tailList", (LIST,), None, forces=1)
def tail(items: Constant) -> Constant:
    """All items but the first."""
    if not items.value:
        raise BuiltinFailure("the list is empty")
    return Constant(items.type, items.value[1])


@builtin(35, "nullList", (LIST,), BOOL_TYPE, forces=1)
def is_empty(items: Constant) -> bool:
    """Whether a list is empty."""
    return not items.value


@builtin(88, "dropList", (MAGNITUDE, LIST), None, forces=1, batch="6")
def drop(count: int, items: Constant) -> Constant:
    """All items but the first ``count``; of a negative number none is dropped."""
    rest = items.value
    while count > 0 and rest:
        rest = rest[1]
        count -= 1
    return Constant(items.type, rest)
