"""From words to Python's constants: native values as :mod:`pagoda.languages.uplc.types` has them.

What must hold: nothing recurses; a part that is shared natively is one object in Python, so the work is bounded by the memory
that a value takes. Everything is copied: nothing of the result refers to native memory.
"""

from __future__ import annotations

from ctypes import c_int64, string_at

from pagoda.languages.uplc.execute.recalled import values
from pagoda.languages.uplc.execute.type_codes import NoForm, type_of
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    MAP,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    Type,
    array_of,
    list_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

OBJECT = values.OBJECT
NIL, CONS, PAIR, ARRAY = values.NIL, values.CONS, values.PAIR, values.ARRAY
DATA_CONSTR, DATA_MAP, DATA_LIST = values.DATA_CONSTR, values.DATA_MAP, values.DATA_LIST
VALUE = values.VALUE

_ATOMS = {
    values.UNIT: Constant(UNIT_TYPE, None),
    values.FALSE: Constant(BOOL_TYPE, False),
    values.TRUE: Constant(BOOL_TYPE, True),
}
_TYPES = {
    values.BIG: INTEGER_TYPE, values.BYTES: BYTESTRING_TYPE, values.STRING: STRING_TYPE, VALUE: VALUE_TYPE,
    values.G1: G1_TYPE, values.G2: G2_TYPE, values.ML: ML_TYPE,
    **dict.fromkeys((DATA_CONSTR, DATA_MAP, DATA_LIST, values.DATA_I, values.DATA_B), DATA_TYPE),
}  # fmt: skip


def word_at(address: int) -> int:
    """The word at an address."""
    return c_int64.from_address(address).value


def constant_of(word: int, points: Sequence[Any]) -> Constant:
    """The constant that a word is. ``points``: the objects that points are numbers of. Raises :class:`NoForm` for others."""
    if word & 3 == 1:
        return Constant(INTEGER_TYPE, word >> 2)
    if word & 7 != OBJECT:
        atom = _ATOMS.get(word)
        if atom is None:
            raise NoForm("no constant")
        return atom
    return Constant(_type_of(word_at(word - OBJECT)), _value_of(word, points))


def _type_of(header: int) -> Type:
    kind = header & 255
    found = _TYPES.get(kind)
    if found is not None:
        return found
    if kind in (NIL, CONS):
        return list_of(type_of(header >> 8))
    if kind == PAIR:
        return type_of(header >> 8)
    if kind == ARRAY:
        return array_of(type_of(header >> 8))
    raise NoForm("no constant")


def _value_of(whole: int, points: Sequence[Any]) -> Any:
    known: dict[int, Any] = {}
    waiting = [whole]
    while waiting:
        word = waiting.pop()
        if word in known:
            continue
        if word & 3 == 1:
            known[word] = word >> 2
        elif word & 7 != OBJECT:
            known[word] = _ATOMS[word].value
        else:
            at = word - OBJECT
            header = word_at(at)
            kind = header & 255
            if kind in (CONS, NIL):
                missing = _list(word, known)
            elif kind in _LEAVES:
                known[word] = _LEAVES[kind](at, points)
                continue
            else:
                missing = _compound(word, kind, at, known)
            if missing:
                waiting.append(word)
                waiting += missing
    return known[whole]


def _list(word: int, known: dict[int, Any]) -> list[int]:
    """Makes a list of cells known, or gives the words that must be known before."""
    cells = []
    while word not in known:
        at = word - OBJECT
        if word_at(at) & 255 == NIL:
            known[word] = ()
            break
        cells.append((word, word_at(at + 8)))
        word = word_at(at + 16)
    missing = [head for _, head in cells if head not in known]
    if not missing:
        made = known[word]
        for cell, head in reversed(cells):
            made = known[cell] = known[head], made
    return missing


def _compound(word: int, kind: int, at: int, known: dict[int, Any]) -> list[int]:
    """The same for what is neither a list nor a leaf."""
    if kind in (PAIR, DATA_CONSTR):
        parts = [word_at(at + 8), word_at(at + 16)]
    elif kind == ARRAY:
        parts = list((c_int64 * word_at(at + 8)).from_address(at + 16))
    elif kind in (DATA_MAP, DATA_LIST, VALUE):
        parts = [word_at(at + 8)]
    else:
        raise NoForm("no constant")
    missing = [part for part in parts if part not in known]
    if missing:
        return missing
    made = tuple([known[part] for part in parts])
    if kind in (PAIR, ARRAY):
        known[word] = made
    elif kind == DATA_CONSTR:
        known[word] = CONSTR, *made
    elif kind == VALUE:
        known[word] = _dictionary(made[0])
    else:
        known[word] = MAP if kind == DATA_MAP else LIST, made[0]
    return missing


def _dictionary(rows: Any) -> dict[bytes, dict[bytes, int]]:
    """A value of currencies, from linked pairs."""
    made: dict[bytes, dict[bytes, int]] = {}
    while rows:
        (currency, tokens), rows = rows
        amounts = made[currency] = {}
        while tokens:
            (token, amount), tokens = tokens
            amounts[token] = amount
    return made


def integer_of(word: int) -> int:
    """The integer that a word is, which must be one."""
    return word >> 2 if word & 3 == 1 else _big(word - OBJECT, ())


def bytes_of(at: int, _points: Sequence[Any] = ()) -> bytes:
    """The bytes of the object of bytes or text at an address."""
    return string_at(word_at(at + 16), word_at(at + 8))


def text_of(at: int, _points: Sequence[Any] = ()) -> str:
    """The text of the string object at an address."""
    return bytes_of(at).decode("utf-8")


def _big(at: int, _points: Sequence[Any]) -> int:
    magnitude = int.from_bytes(string_at(at + 16, 8 * word_at(at + 8)), "little")
    return -magnitude if word_at(at) >> 8 else magnitude


def _point(at: int, points: Sequence[Any]) -> Any:
    return points[word_at(at + 8)]


_LEAVES: dict[int, Callable[[int, Sequence[Any]], Any]] = {
    values.BIG: _big, values.BYTES: bytes_of, values.STRING: text_of,
    values.G1: _point, values.G2: _point, values.ML: _point,
    values.DATA_I: lambda at, _points: (INTEGER, integer_of(word_at(at + 8))),
    values.DATA_B: lambda at, _points: (BYTES, bytes_of(word_at(at + 8) - OBJECT)),
}  # fmt: skip
