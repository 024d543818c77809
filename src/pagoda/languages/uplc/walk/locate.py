"""Finds where in a script a term stands."""

from __future__ import annotations

from pagoda.languages.uplc.terms import Apply, Case, Constr
from pagoda.languages.uplc.walk.readback import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.terms import Term


def path_to(wanted: Term, script: Term) -> tuple[str, ...] | None:
    """The way from a script to the very term ``wanted`` in it, first one first; ``None`` when it is not there."""
    came_from: dict[int, tuple[Any, int] | None] = {id(script): None}
    tasks: list[Any] = [script]
    while tasks:
        term = tasks.pop()
        if term is wanted:
            return _unwound(term, came_from)
        for position, part in enumerate(children(term)):
            if id(part) not in came_from:
                came_from[id(part)] = term, position
                tasks.append(part)
    return None


def _unwound(term: Any, came_from: dict[int, tuple[Any, int] | None]) -> tuple[str, ...]:
    names = []
    step = came_from[id(term)]
    while step is not None:
        parent, position = step
        names.append(_name(parent, position))
        step = came_from[id(parent)]
    return tuple(reversed(names))


def _name(parent: Any, position: int) -> str:
    shape = parent.__class__
    if shape is Apply:
        return ("function", "argument")[position]
    if shape is Constr:
        return f"field {position}"
    if shape is Case:
        return "scrutinee" if position == 0 else f"branch {position - 1}"
    return "body"


def path_text(path: tuple[str, ...], most: int = 12) -> str:
    """A path for a person; the middle of a long one is left out."""
    if not path:
        return "the whole script"
    if len(path) > most:
        half = most // 2
        path = (*path[:half], f"({len(path) - 2 * half} more)", *path[-half:])
    return " > ".join(path)
