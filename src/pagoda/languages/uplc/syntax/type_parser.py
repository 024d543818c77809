"""Types as they are written: ``integer``, ``(list data)``, ``(pair integer (array bool))``.

``list``, ``array`` and ``pair`` are functions from types to types and are applied inside parentheses only; like other functions
they may be applied to one type after the other, as in ``((pair integer) bool)``. What must hold: whatever the text, however
deep, this fails with a :class:`ParseFailure` only.
"""

from __future__ import annotations

import re

from pagoda.languages.uplc.syntax.reader import SPACE, Reader
from pagoda.languages.uplc.types import SIMPLE_TYPES, Type, array_of, list_of, pair_of
from pagoda.machine.nearest import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_MAKERS: dict[str, tuple[int, Any]] = {"list": (1, list_of), "array": (1, array_of), "pair": (2, pair_of)}
_NAMES = sorted([*SIMPLE_TYPES, *_MAKERS], key=len, reverse=True)
_TYPE = re.compile(r"(?:(\()|(\))|(" + "|".join(_NAMES) + "))" + SPACE)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_']*")


class _Former:
    """A function from types to types and the types that it is applied to already: fewer than it takes."""

    __slots__ = ("given", "name")

    def __init__(self, name: str, given: tuple[Type, ...] = ()) -> None:
        self.name, self.given = name, given


def read_type(reader: Reader, at: int) -> tuple[Type, int]:
    """The type at an offset, and the offset of the word behind it. Raises :class:`ParseFailure`."""
    text = reader.text
    start = at
    open_at: list[int] = []
    #: For each open parenthesis what stands in it so far: types and functions, each with its span.
    inside: list[list[tuple[Type | _Former, int, int]]] = []
    while True:
        found = _TYPE.match(text, at)
        if found is None or (found[2] and not inside):
            word = _WORD.match(text, at)
            hint = did_you_mean(word[0], _NAMES) if word else ""
            reader.expected("a type", at, hint, code="UPLPARSE004")
        if found[1]:
            open_at.append(at)
            inside.append([])
            at = found.end()
            continue
        if found[3]:
            name = found[3]
            made: Type | _Former = SIMPLE_TYPES.get(name) or _Former(name)
            begin, end = at, found.end(3)
        else:
            begin, end = open_at.pop(), found.end(2)
            made = _applied(reader, inside.pop(), begin, end)
        at = found.end()
        if inside:
            inside[-1].append((made, begin, end))
        elif isinstance(made, Type):
            return made, at
        else:
            _incomplete(reader, made, start, end)


def _applied(reader: Reader, parts: list[tuple[Type | _Former, int, int]], start: int, end: int) -> Type | _Former:
    if not parts:
        reader.fail("UPLPARSE004", "Expected a type, found '()'", start, end)
    made = parts[0][0]
    for part, begin, stop in parts[1:]:
        if isinstance(made, Type):
            hint = "only list, array (one type) and pair (two types) are applied to types"
            reader.fail("UPLPARSE004", "This type takes no type here", begin, stop, hint)
        if not isinstance(part, Type):
            _incomplete(reader, part, begin, stop)
        given: tuple[Type, ...] = (*made.given, part)
        count, maker = _MAKERS[made.name]
        made = maker(*given) if len(given) == count else _Former(made.name, given)
    return made


def _incomplete(reader: Reader, former: _Former, start: int, end: int) -> NoReturn:
    hint = (
        "write (pair A B), with types for A and B" if former.name == "pair" else f"write ({former.name} T), with a type for T"
    )
    message = f"'{former.name}' takes one more type" if former.given else f"'{former.name}' is not a type by itself"
    reader.fail("UPLPARSE004", message, start, end, hint)
