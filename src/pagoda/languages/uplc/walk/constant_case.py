"""``case`` on a constant (specification 1.1): which branch, applied to what."""

from __future__ import annotations

from pagoda.languages.uplc.types import BOOL_TYPE, INTEGER_TYPE, UNIT_TYPE, Constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def branch_of_constant(constant: Constant, count: int) -> tuple[int, Any, str]:
    """The number of the branch among ``count``, the linked values to apply it to, and what is wrong, if anything is."""
    kind, value = constant.type, constant.value
    if kind is BOOL_TYPE:
        if count > 2 or count <= value:
            return _refused("a bool", count, "1 or 2, False first, and there must be one for the value")
        return int(value), (), ""
    if kind is INTEGER_TYPE:
        if not 0 <= value < count:
            shown = value if abs(value) < 1 << 64 else "(a large one)"
            return _refused(f"the integer {shown}", count, "one for the value, from 0")
        return value, (), ""
    if kind is UNIT_TYPE:
        return (0, (), "") if count == 1 else _refused("unit", count, "exactly 1")
    if kind.name == "list":
        if not 1 <= count <= 2 or (not value and count < 2):
            what = "a list" if value else "an empty list"
            return _refused(what, count, "1 or 2: with head and tail, then for the empty list")
        if not value:
            return 1, (), ""
        head, tail = value
        return 0, (Constant(kind.parts[0], head), (Constant(kind, tail), ())), ""
    if kind.name == "pair":
        if count != 1:
            return _refused("a pair", count, "exactly 1")
        first, second = value
        return 0, (Constant(kind.parts[0], first), (Constant(kind.parts[1], second), ())), ""
    return 0, (), f"case of a constant of type {kind.name}, which has no branches"


def _refused(what: str, count: int, wanted: str) -> tuple[int, Any, str]:
    return 0, (), f"case of {what} with {count} branch{'' if count == 1 else 'es'}; there must be {wanted}"
