"""Constants of every type, as they are written after their type in ``(con TYPE VALUE)``.

Lists are ``[v, v]``, pairs ``(a, b)``; their items carry no type. Data is ``Constr 0 [...]``, ``Map [(k, v)]``, ``List [...]``,
``I 5`` or ``B #00``: in parentheses where it is a constant of its own, without them inside anything else. What must hold: no
depth of nesting matters, for what is open is kept on a list of frames.
"""

from __future__ import annotations

import re

from pagoda.languages.uplc.syntax.literals import SCALARS, read_bytes, read_integer
from pagoda.languages.uplc.syntax.reader import SPACE, ParseFailure, Reader
from pagoda.languages.uplc.syntax.type_parser import read_type
from pagoda.languages.uplc.syntax.value_literal import read_currencies
from pagoda.languages.uplc.types import (
    BYTES,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    LIST,
    MAP,
    VALUE_TYPE,
    Constant,
    Type,
    linked,
    pair_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DATA = re.compile(r"(Constr|Map|List|I|B)" + SPACE)
_GLUED = re.compile("[A-Za-z0-9_][A-Za-z0-9_]")
_SEPARATOR = re.compile(r"," + SPACE)
_DATA_PAIR = pair_of(DATA_TYPE, DATA_TYPE)
_READERS = {**SCALARS, VALUE_TYPE: read_currencies}

# What a frame makes of its items.
_LIST, _ARRAY, _PAIR, _DATA_CONSTR, _DATA_MAP, _DATA_LIST = range(6)


#: In place of a value that was only begun.
_OPENED = object()


class _Frame:
    """Something that is open: what it becomes, its items so far, the type of the next one, of a pair that of the second."""

    __slots__ = ("items", "kind", "next", "second", "tag")

    def __init__(self, kind: int, next: Type, second: Type, tag: int = 0) -> None:
        self.kind, self.next, self.second, self.tag = kind, next, second, tag
        self.items: list[Any] = []

    def made(self) -> Any:
        kind, items = self.kind, self.items
        if kind in (_ARRAY, _PAIR):
            return tuple(items)
        chain = linked(items)
        if kind == _LIST:
            return chain
        if kind == _DATA_CONSTR:
            return CONSTR, self.tag, chain
        return (MAP if kind == _DATA_MAP else LIST), chain


def read_constant(reader: Reader, at: int) -> tuple[Constant, int]:
    """A type and a constant of it, and the offset of the word behind it. Raises :class:`ParseFailure`."""
    kind, at = read_type(reader, at)
    try:
        value, behind = read_value(reader, kind, at)
    except ParseFailure as failure:
        if not failure.diagnostic.hint and _GLUED.fullmatch(reader.text, at - 1, at + 1):
            failure.diagnostic.hint = f"the type here is '{kind.name}', for its name ends where the last letter of a type does"
        raise
    return Constant(kind, value), behind


def read_value(reader: Reader, kind: Type, at: int) -> tuple[Any, int]:
    """A constant of a type, and the offset of the word behind it. Raises :class:`ParseFailure`."""
    scalar = _READERS.get(kind)
    if scalar is not None:
        return scalar(reader, at)
    if kind is not DATA_TYPE:
        return _nested(reader, kind, at)
    hint = "data that is a constant of its own stands in parentheses: (con data (I 5))"
    at = reader.past("(", at, "'(' and data", hint, "UPLPARSE005")
    value, at = _nested(reader, kind, at)
    return value, reader.past(")", at, "')' after the data")


def _nested(reader: Reader, kind: Type, at: int) -> tuple[Any, int]:
    text = reader.text
    frames: list[_Frame] = []
    while True:
        scalar = _READERS.get(kind)
        if scalar is not None:
            value, at = scalar(reader, at)
        elif kind is DATA_TYPE:
            value, at = _data(reader, at, frames)
        else:
            value, at = _open(reader, kind, at, frames)
        if value is _OPENED:
            frame = frames[-1]
            if frame.kind == _PAIR or not text.startswith("]", at):
                kind = frame.next
                continue
            at = reader.past("]", at)
            value = frames.pop().made()
        while frames:
            frame = frames[-1]
            frame.items.append(value)
            if frame.kind == _PAIR:
                if len(frame.items) == 1:
                    at = reader.past(",", at, "',' and the second half of the pair")
                    kind = frame.second
                    break
                at = reader.past(")", at, "')' after the second half of the pair")
            else:
                separator = _SEPARATOR.match(text, at)
                if separator is not None:
                    at = separator.end()
                    kind = frame.next
                    break
                at = reader.past("]", at, "',' or ']'")
            value = frames.pop().made()
        else:
            return value, at


def _open(reader: Reader, kind: Type, at: int, frames: list[_Frame]) -> tuple[Any, int]:
    if kind.name == "pair":
        frames.append(_Frame(_PAIR, kind.parts[0], kind.parts[1]))
        return _OPENED, reader.past("(", at, "a pair", "a pair is written (a, b)", "UPLPARSE005")
    item = kind.parts[0]
    frames.append(_Frame(_LIST if kind.name == "list" else _ARRAY, item, item))
    return _OPENED, reader.past("[", at, f"'[' and the items of the {kind.name}", "", "UPLPARSE005")


def _data(reader: Reader, at: int, frames: list[_Frame]) -> tuple[Any, int]:
    found = _DATA.match(reader.text, at)
    if found is None:
        bracketed = reader.text.startswith("(", at)
        hint = "data inside something else has no parentheses" if bracketed else "data is Constr, Map, List, I or B"
        reader.expected("data", at, hint, code="UPLPARSE005")
    word, at = found[1], found.end()
    if word == "I":
        number, at = read_integer(reader, at)
        return (INTEGER, number), at
    if word == "B":
        data, at = read_bytes(reader, at)
        return (BYTES, data), at
    if word == "Constr":
        tag, at = read_integer(reader, at)
        frames.append(_Frame(_DATA_CONSTR, DATA_TYPE, DATA_TYPE, tag))
    elif word == "Map":
        frames.append(_Frame(_DATA_MAP, _DATA_PAIR, _DATA_PAIR))
    else:
        frames.append(_Frame(_DATA_LIST, DATA_TYPE, DATA_TYPE))
    return _OPENED, reader.past("[", at, f"'[' and what '{word}' holds", "", "UPLPARSE005")
