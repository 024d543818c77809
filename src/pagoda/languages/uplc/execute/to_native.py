"""From Python's constants to words: constants of :mod:`pagoda.languages.uplc.types` as native values in a room.

What must hold: nothing recurses; what is one object in Python is one object natively, so the work is bounded by the memory that
a value takes. Nothing is written before all is made, so a room that is too small stays as it was.
"""

from __future__ import annotations

import ctypes
from array import array

from pagoda.languages.uplc.execute.recalled import values
from pagoda.languages.uplc.execute.type_codes import NoForm, code_of
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    MAP,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    Type,
    linked,
    list_of,
    pair_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DATA_LIST = list_of(DATA_TYPE)
_DATA_PAIRS = list_of(pair_of(DATA_TYPE, DATA_TYPE))
_TOKENS = list_of(pair_of(BYTESTRING_TYPE, INTEGER_TYPE))
_CURRENCIES = list_of(pair_of(BYTESTRING_TYPE, _TOKENS))
_POINTS = {"bls12_381_G1_element": values.G1, "bls12_381_G2_element": values.G2, "bls12_381_mlresult": values.ML}


class RoomFull(NoForm):
    """The room has no space for a value."""


class Writer:
    """Writes constants into the memory from ``at``, a multiple of 8, to ``end``. ``points`` gets the points of curves.

    Keeps what it wrote alive until :meth:`finish`, for identities tell which parts are shared.
    """

    def __init__(self, at: int, end: int, points: list[Any]) -> None:
        self.at, self.end, self.points = at, end, points
        self._words = array("q")
        self._known: dict[tuple[int, Type], int] = {}
        self._nils: dict[Type, int] = {}
        self._kept: list[Any] = []

    def finish(self) -> int:
        """Writes all of it; gives the first address behind. Raises :class:`RoomFull`."""
        size = 8 * len(self._words)
        if self.at + size > self.end:
            raise RoomFull("no room")
        ctypes.memmove(self.at, self._words.buffer_info()[0], size)
        self.at += size
        self._words = array("q")
        self._known.clear()
        self._nils.clear()
        self._kept.clear()
        return self.at

    def constant(self, constant: Constant) -> int:
        """The word of a constant. Raises :class:`NoForm`, :class:`RoomFull`."""
        kind, value = constant.type, constant.value
        leaf = self._leaf(kind, value)
        if leaf:
            return leaf
        self._kept.append(value)
        known = self._known
        waiting = [(kind, value)]
        while waiting:
            kind, value = waiting.pop()
            if (id(value), kind) in known:
                continue
            missing = self._list(kind, value) if kind.name == "list" else self._compound(kind, value)
            if missing:
                waiting.append((kind, value))
                waiting += missing
        return known[id(value), kind]

    # -- parts

    def _object(self, *words: int) -> int:
        made = self._words
        at = self.at + 8 * len(made)
        if at > self.end:
            raise RoomFull("no room")
        made.extend(words)
        return at + values.OBJECT

    def _integer(self, number: int) -> int:
        if values.LEAST_SMALL <= number <= values.MOST_SMALL:
            return number << 2 | 1
        count = (number.bit_length() + 63) >> 6
        made = self._object(values.BIG | (256 if number < 0 else 0), count)
        self._words.frombytes(abs(number).to_bytes(8 * count, "little"))
        return made

    def _bytes(self, kind: int, content: bytes) -> int:
        made = self._object(kind, len(content))
        self._words.append(made - values.OBJECT + 24)
        self._words.frombytes(content + bytes(-len(content) & 7))
        return made

    def _leaf(self, kind: Type, value: Any) -> int:
        """The word of what has no parts that could be shared; 0 for the rest."""
        if kind is INTEGER_TYPE:
            return self._integer(value)
        if kind is BYTESTRING_TYPE:
            return self._bytes(values.BYTES, value)
        if kind is DATA_TYPE:
            if value[0] == INTEGER:
                return self._object(values.DATA_I, self._integer(value[1]))
            return self._object(values.DATA_B, self._bytes(values.BYTES, value[1])) if value[0] > INTEGER else 0
        if kind is BOOL_TYPE:
            return values.TRUE if value else values.FALSE
        if kind is STRING_TYPE:
            return self._bytes(values.STRING, value.encode("utf-8"))
        if kind is UNIT_TYPE:
            return values.UNIT
        if kind.name == "list":
            return 0 if value else self._nil(kind)
        if kind.name in _POINTS:
            self.points.append(value)
            return self._object(_POINTS[kind.name], len(self.points) - 1)
        return 0

    def _nil(self, kind: Type) -> int:
        found = self._nils.get(kind)
        if found is None:
            found = self._nils[kind] = self._object(values.NIL | code_of(kind.parts[0]) << 8)
        return found

    def _missing(self, parts: list[tuple[Type, Any]]) -> list[tuple[Type, Any]]:
        known = self._known
        return [part for part in parts if not _is_leaf(*part) and (id(part[1]), part[0]) not in known]

    def _part(self, kind: Type, value: Any) -> int:
        return self._known[id(value), kind] if not _is_leaf(kind, value) else self._leaf(kind, value)

    def _list(self, kind: Type, value: Any) -> list[tuple[Type, Any]]:
        """Makes a list known, or gives the parts that must be known before."""
        known, item = self._known, kind.parts[0]
        cells = []
        while value and (id(value), kind) not in known:
            cells.append(value)
            value = value[1]
        missing = self._missing([(item, cell[0]) for cell in cells])
        if not missing:
            word = known[id(value), kind] if value else self._nil(kind)
            header = values.CONS | code_of(item) << 8
            for cell in reversed(cells):
                word = known[id(cell), kind] = self._object(header, self._part(item, cell[0]), word)
        return missing

    def _compound(self, kind: Type, value: Any) -> list[tuple[Type, Any]]:
        """The same for what is neither a list nor a leaf."""
        header: tuple[int, ...]
        if kind is DATA_TYPE:
            if value[0] == CONSTR:
                header, parts = (values.DATA_CONSTR,), [(INTEGER_TYPE, value[1]), (_DATA_LIST, value[2])]
            elif value[0] == MAP:
                header, parts = (values.DATA_MAP,), [(_DATA_PAIRS, value[1])]
            else:
                header, parts = (values.DATA_LIST,), [(_DATA_LIST, value[1])]
        elif kind is VALUE_TYPE:
            rows = linked((currency, linked(tokens.items())) for currency, tokens in value.items())
            self._kept.append(rows)
            word = self.constant(Constant(_CURRENCIES, rows))
            self._known[id(value), kind] = self._object(values.VALUE, word)
            return []
        elif kind.name == "pair":
            header = (values.PAIR | code_of(kind) << 8,)
            parts = list(zip(kind.parts, value, strict=True))
        else:
            header = values.ARRAY | code_of(kind.parts[0]) << 8, len(value)
            parts = [(kind.parts[0], item) for item in value]
        missing = self._missing(parts)
        if not missing:
            words = [self._part(*part) for part in parts]
            self._known[id(value), kind] = self._object(*header, *words)
        return missing


def _is_leaf(kind: Type, value: Any) -> bool:
    """Whether :meth:`Writer._leaf` has a word for it."""
    if kind is DATA_TYPE:
        return bool(value[0] >= INTEGER)
    if kind.parts:
        return kind.name == "list" and not value
    return kind is not VALUE_TYPE
