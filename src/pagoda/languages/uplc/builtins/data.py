"""Builtins on data. The lists inside data are linked as those of constants are, so none is copied."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import (
    BYTESTRING,
    CONSTRUCTOR_TAG,
    DATA,
    DATA_LIST,
    DATA_PAIRS,
    INTEGER,
    LIST_DATA_TYPE,
    LIST_PAIR_DATA_TYPE,
    PAIR_DATA_TYPE,
    UNIT,
)
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    INTEGER_TYPE,
    LIST,
    MAP,
    pair_of,
)
from pagoda.languages.uplc.types import INTEGER as INTEGER_DATA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMES = ("Constr", "Map", "List", "I", "B")
_TAG_AND_FIELDS = pair_of(INTEGER_TYPE, LIST_DATA_TYPE)


@builtin(37, "constrData", (CONSTRUCTOR_TAG, DATA_LIST), DATA_TYPE)
def constructor(tag: int, fields: Any) -> tuple[Any, ...]:
    """A constructor with its fields."""
    return CONSTR, tag, fields


@builtin(38, "mapData", (DATA_PAIRS,), DATA_TYPE)
def from_pairs(pairs: Any) -> tuple[Any, ...]:
    """A map."""
    return MAP, pairs


@builtin(39, "listData", (DATA_LIST,), DATA_TYPE)
def from_list(items: Any) -> tuple[Any, ...]:
    """A list."""
    return LIST, items


@builtin(40, "iData", (INTEGER,), DATA_TYPE)
def from_integer(number: int) -> tuple[Any, ...]:
    """An integer."""
    return INTEGER_DATA, number


@builtin(41, "bData", (BYTESTRING,), DATA_TYPE)
def from_bytes(data: bytes) -> tuple[Any, ...]:
    """A bytestring."""
    return BYTES, data


def _other(expected: int, data: Any) -> BuiltinFailure:
    return BuiltinFailure(f"expected {_NAMES[expected]} data, found {_NAMES[data[0]]}")


@builtin(42, "unConstrData", (DATA,), _TAG_AND_FIELDS)
def to_constructor(data: Any) -> Any:
    """The tag and the fields of a constructor."""
    if data[0] != CONSTR:
        raise _other(CONSTR, data)
    return data[1:]


@builtin(43, "unMapData", (DATA,), LIST_PAIR_DATA_TYPE)
def to_pairs(data: Any) -> Any:
    """The pairs of a map."""
    if data[0] != MAP:
        raise _other(MAP, data)
    return data[1]


@builtin(44, "unListData", (DATA,), LIST_DATA_TYPE)
def to_list(data: Any) -> Any:
    """The items of a list."""
    if data[0] != LIST:
        raise _other(LIST, data)
    return data[1]


@builtin(45, "unIData", (DATA,), INTEGER_TYPE)
def to_integer(data: Any) -> Any:
    """The integer."""
    if data[0] != INTEGER_DATA:
        raise _other(INTEGER_DATA, data)
    return data[1]


@builtin(46, "unBData", (DATA,), BYTESTRING_TYPE)
def to_bytes(data: Any) -> Any:
    """The bytestring."""
    if data[0] != BYTES:
        raise _other(BYTES, data)
    return data[1]


@builtin(47, "equalsData", (DATA, DATA), BOOL_TYPE)
def equal(left: Any, right: Any) -> bool:
    """Whether two data are the same in all parts."""
    waiting = [(left, right)]
    while waiting:
        left, right = waiting.pop()
        if left is right:
            continue
        if left[0] != right[0]:
            return False
        kind = left[0]
        if kind >= INTEGER_DATA:
            if left[1] != right[1]:
                return False
            continue
        if kind == CONSTR and left[1] != right[1]:
            return False
        lefts, rights = left[-1], right[-1]
        while lefts and rights:
            # What two lists share needs no look, and the bound on the work is then what is in memory.
            if lefts is rights:
                break
            if kind == MAP:
                waiting.append((lefts[0][0], rights[0][0]))
                waiting.append((lefts[0][1], rights[0][1]))
            else:
                waiting.append((lefts[0], rights[0]))
            lefts, rights = lefts[1], rights[1]
        if lefts is not rights:
            return False
    return True


@builtin(48, "mkPairData", (DATA, DATA), PAIR_DATA_TYPE)
def pair(first: Any, second: Any) -> tuple[Any, Any]:
    """A pair of data."""
    return first, second


@builtin(49, "mkNilData", (UNIT,), LIST_DATA_TYPE)
def no_items(_unit: None) -> Any:
    """The empty list of data."""
    return ()


@builtin(50, "mkNilPairData", (UNIT,), LIST_PAIR_DATA_TYPE)
def no_pairs(_unit: None) -> Any:
    """The empty list of pairs of data."""
    return ()


@builtin(51, "serialiseData", (DATA,), BYTESTRING_TYPE, batch="2")
def serialise(data: Any) -> bytes:
    """The CBOR of data, in the ledger's own way of writing it."""
    from pagoda.languages.uplc.encoding.data_cbor import write_data

    return write_data(data)
