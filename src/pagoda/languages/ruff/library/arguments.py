"""Checks of builtin arguments: each gives the Python value or raises the catchable error with the builtin's name."""

from __future__ import annotations

from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.values import Array, Bytes, Dict, Value


def _wrong(builtin: str, expected: str, value: Value) -> RuffError:
    return RuffError(f"{builtin} expects {expected}, got {type_name(value)}")


def text_of(builtin: str, value: Value) -> str:
    """A string."""
    if value.__class__ is not str:
        raise _wrong(builtin, "a string argument", value)
    return str(value)


def int_of(builtin: str, value: Value) -> int:
    """An int; a float is cut."""
    if value.__class__ is int:
        return int(value)
    if value.__class__ is float and value == value and abs(value) < 9.3e18:
        return int(value)
    raise _wrong(builtin, "an int argument", value)


def number_of(builtin: str, value: Value) -> float:
    """A number, as a float."""
    if value.__class__ is int or value.__class__ is float:
        return float(value)
    raise _wrong(builtin, "a number argument", value)


def array_of(builtin: str, value: Value) -> Array:
    """An array."""
    if not isinstance(value, Array):
        raise _wrong(builtin, "an array argument", value)
    return value


def dict_of(builtin: str, value: Value) -> Dict:
    """A dict."""
    if not isinstance(value, Dict):
        raise _wrong(builtin, "a dict argument", value)
    return value


def bytes_of(builtin: str, value: Value) -> bytes:
    """Bytes, or a string's UTF-8."""
    if isinstance(value, Bytes):
        return value.data
    if value.__class__ is str:
        return str(value).encode("utf-8", "surrogatepass")
    raise _wrong(builtin, "bytes or a string", value)
