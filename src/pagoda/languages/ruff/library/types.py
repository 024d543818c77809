"""Questions about types, and conversions."""

from __future__ import annotations

import math

from pagoda.languages.ruff.display import display, float_text, type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import stepwise
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.values import INT_MAX, INT_MIN, Array, Builtin, Bytes, Dict, GuestFunction, Struct, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@builtin("type", 1, also=("type_of",))
def type_of(value: Value) -> str:
    """The type's name."""
    return type_name(value)


@builtin("is_int", 1)
def is_int(value: Value) -> bool:
    """Whether it is an int."""
    return value.__class__ is int


@builtin("is_float", 1)
def is_float(value: Value) -> bool:
    """Whether it is a float."""
    return value.__class__ is float


@builtin("is_string", 1)
def is_string(value: Value) -> bool:
    """Whether it is a string."""
    return value.__class__ is str


@builtin("is_bool", 1)
def is_bool(value: Value) -> bool:
    """Whether it is a bool."""
    return value.__class__ is bool


@builtin("is_array", 1)
def is_array(value: Value) -> bool:
    """Whether it is an array."""
    return value.__class__ is Array


@builtin("is_dict", 1)
def is_dict(value: Value) -> bool:
    """Whether it is a dict."""
    return value.__class__ is Dict


@builtin("is_null", 1)
def is_null(value: Value) -> bool:
    """Whether it is null."""
    return value is None


@builtin("is_function", 1)
def is_function(value: Value) -> bool:
    """Whether it can be called."""
    return value.__class__ is Builtin or isinstance(value, GuestFunction)


@builtin("is_truthy", 1)
def is_truthy(value: Value) -> bool:
    """Whether a condition would hold."""
    return truthy(value)


def _is_decimal(text: str) -> bool:
    digits = text[1:] if text[:1] in ("+", "-") else text
    return digits.isascii() and digits.isdigit()


def _integer(text: str) -> int | None:
    if not _is_decimal(text) or len(text) > 400:
        return None
    number = int(text)
    return number if INT_MIN <= number <= INT_MAX else None


def _float(text: str) -> float | None:
    if "_" in text or not text.isascii():
        return None
    try:
        return float(text)
    except ValueError:
        return None


@builtin("parse_int", 1)
def parse_int(value: Value) -> int:
    """The int that a string spells, or an error."""
    text = text_of("parse_int", value)
    number = _integer(text.strip())
    if number is None:
        raise RuffError(f"Cannot parse '{text}' as integer")
    return number


@builtin("parse_float", 1)
def parse_float(value: Value) -> float:
    """The float that a string spells, or an error."""
    text = text_of("parse_float", value)
    number = _float(text.strip())
    if number is None:
        raise RuffError(f"Cannot parse '{text}' as float")
    return number


@builtin("to_int", 1)
def to_int(value: Value) -> int:
    """Numbers cut toward zero (and clamped to i64), bools, and strings that spell an int."""
    kind = value.__class__
    if kind is int:
        return int(value)
    if kind is float:
        if math.isnan(value):
            return 0
        return int(max(INT_MIN, min(INT_MAX, int(value)))) if math.isfinite(value) else (INT_MAX if value > 0 else INT_MIN)
    if kind is bool:
        return 1 if value else 0
    if kind is str:
        number = _integer(value.strip())
        if number is not None:
            return number
        raise RuffError(f"Cannot convert '{value}' to int")
    raise RuffError(f"Cannot convert {type_name(value)} to int")


@builtin("to_float", 1)
def to_float(value: Value) -> float:
    """Numbers, bools, and strings that spell a number."""
    kind = value.__class__
    if kind is int or kind is float:
        return float(value)
    if kind is bool:
        return 1.0 if value else 0.0
    if kind is str:
        number = _float(value.strip())
        if number is not None:
            return number
        raise RuffError(f"Cannot convert '{value}' to float")
    raise RuffError(f"Cannot convert {type_name(value)} to float")


@builtin("to_string", 1, also=("str",))
def to_string(value: Value) -> str:
    """The display form."""
    return display(value)


@builtin("to_bool", 1)
def to_bool(value: Value) -> bool:
    """As a condition, but the strings ``"false"`` and ``"0"`` are false too."""
    if value.__class__ is str:
        return value.lower() not in ("", "false", "0")
    return truthy(value)


@builtin("bytes", 1, needs_context=True, charge=(0,))
def make_bytes(context: Any, value: Value) -> Bytes:
    """Bytes from an array of ints 0 to 255."""
    items = array_of("bytes", value).items
    for item in stepwise(context, items):
        if item.__class__ is not int or not 0 <= item <= 255:
            raise RuffError(f"bytes() requires integers in range 0-255, got {_shown(item)}")
    return Bytes(bytes(items))


def _shown(value: Value) -> str:
    return float_text(value) if value.__class__ is float else display(value)


@builtin("array", 0, -1, keeps=True, returns_part=False)
def make_array(*values: Value) -> Array:
    """An array of the arguments."""
    for value in values:
        if isinstance(value, (Array, Dict, Struct)):
            value.shared = True
    return Array(list(values))


@builtin("error", 1)
def error(message: Value) -> Value:
    """Raise an error with that message."""
    raise RuffError(display(message))
