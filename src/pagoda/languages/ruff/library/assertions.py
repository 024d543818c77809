"""Assertions: they give true or raise an error that says what was expected."""

from __future__ import annotations

from pagoda.languages.ruff.display import assert_text, display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import stepwise
from pagoda.languages.ruff.operators import dict_key, equal, truthy
from pagoda.languages.ruff.values import Array, Dict, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@builtin("assert", 1, 2)
def check(condition: Value, message: Value = "Assertion failed") -> bool:
    """The condition must hold."""
    if not truthy(condition):
        raise RuffError(display(message))
    return True


@builtin("assert_equal", 2)
def assert_equal(actual: Value, expected: Value) -> bool:
    """Both must be equal."""
    if not equal(actual, expected):
        raise RuffError(f"Assertion failed: expected {assert_text(expected)}, got {assert_text(actual)}")
    return True


@builtin("assert_true", 1)
def assert_true(value: Value) -> bool:
    """It must be true itself."""
    if value.__class__ is not bool:
        raise RuffError(f"Assertion failed: assert_true requires a boolean argument, got {assert_text(value)}")
    if not value:
        raise RuffError("Assertion failed: expected true, got false")
    return True


@builtin("assert_false", 1)
def assert_false(value: Value) -> bool:
    """It must be false itself."""
    if value.__class__ is not bool:
        raise RuffError(f"Assertion failed: assert_false requires a boolean argument, got {assert_text(value)}")
    if value:
        raise RuffError("Assertion failed: expected false, got true")
    return True


@builtin("assert_contains", 2, needs_context=True, charge=(0,))
def assert_contains(context: Any, container: Value, item: Value) -> bool:
    """An array must hold the item, a string the part, a dict the key."""
    if isinstance(container, Array):
        found = False
        for member in stepwise(context, container.items):
            if equal(member, item):
                found = True
                break
    elif isinstance(container, Dict):
        found = dict_key(item) in container.entries
    elif container.__class__ is str and item.__class__ is str:
        found = item in container
    else:
        raise RuffError("assert_contains requires an array, string or dict")
    if not found:
        raise RuffError(f"Assertion failed: {assert_text(container)} does not contain {assert_text(item)}")
    return True
