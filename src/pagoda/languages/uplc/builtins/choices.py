"""Builtins that pick one of their arguments, and ``trace``.

What must hold: all arguments are values already, so nothing is evaluated here. ``trace`` only returns its second argument:
writing the log is the machine's part, which knows the builtin by :data:`TRACE`.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.kinds import ANY, BOOL, DATA, LIST, STRING, UNIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.types import Constant

TRACE = 28
"""The number of ``trace``."""


@builtin(26, "ifThenElse", (BOOL, ANY, ANY), None, forces=1)
def if_then_else(condition: bool, then: Any, otherwise: Any) -> Any:
    """The second argument if the first is true, else the third."""
    return then if condition else otherwise


@builtin(27, "chooseUnit", (UNIT, ANY), None, forces=1)
def choose_unit(_unit: None, chosen: Any) -> Any:
    """The second argument."""
    return chosen


@builtin(TRACE, "trace", (STRING, ANY), None, forces=1)
def trace(_message: str, value: Any) -> Any:
    """The second argument; the machine writes the first to its log."""
    return value


@builtin(31, "chooseList", (LIST, ANY, ANY), None, forces=2)
def choose_list(items: Constant, empty: Any, otherwise: Any) -> Any:
    """The second argument for the empty list, else the third."""
    return otherwise if items.value else empty


@builtin(36, "chooseData", (DATA, ANY, ANY, ANY, ANY, ANY), None, forces=1)
def choose_data(data: Any, constructor: Any, map: Any, list: Any, integer: Any, bytestring: Any) -> Any:
    """One of the other arguments, by the kind of the data."""
    return (constructor, map, list, integer, bytestring)[data[0]]
