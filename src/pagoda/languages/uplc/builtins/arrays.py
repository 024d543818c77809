"""Builtins on arrays of any type."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import ARRAY, INT64, INTEGERS, LIST
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant, array_of, linked, list_of, unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MOST_INDICES = 1024


@builtin(89, "lengthOfArray", (ARRAY,), INTEGER_TYPE, forces=1, batch="6")
def length(array: Constant) -> int:
    """How many items."""
    return len(array.value)


@builtin(90, "listToArray", (LIST,), None, forces=1, batch="6")
def from_list(items: Constant) -> Constant:
    """An array of the items of a list."""
    return Constant(array_of(items.type.parts[0]), tuple(unlinked(items.value)))


def _outside(index: int, array: Constant) -> BuiltinFailure:
    return BuiltinFailure(f"index {index} is outside an array of {len(array.value)} items")


@builtin(91, "indexArray", (ARRAY, INT64), None, forces=1, batch="6")
def item(array: Constant, index: int) -> Constant:
    """The item at an index, the first at 0."""
    if not 0 <= index < len(array.value):
        raise _outside(index, array)
    return Constant(array.type.parts[0], array.value[index])


@builtin(101, "multiIndexArray", (ARRAY, INTEGERS), None, forces=1, batch="7")
def items_at(array: Constant, indices: Any) -> Constant:
    """The list of the items at some indices."""
    found: list[Any] = []
    values = array.value
    for index in unlinked(indices):
        if len(found) == _MOST_INDICES:
            raise BuiltinFailure(f"more than {_MOST_INDICES} indices")
        if not 0 <= index < len(values):
            raise BuiltinFailure("an index is outside the array") if abs(index) >> 64 else _outside(index, array)
        found.append(values[index])
    return Constant(list_of(array.type.parts[0]), linked(found))
