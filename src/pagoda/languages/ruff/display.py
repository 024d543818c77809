"""The texts of values: display form, the two debug forms, float text, and type names.

Pure functions over :mod:`pagoda.languages.ruff.values`. Everything that prints, on every storey, goes through here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pagoda.languages.ruff.attention import STEP, look
from pagoda.languages.ruff.values import (
    Array,
    Builtin,
    Bytes,
    Dict,
    GuestFunction,
    Handle,
    Promise,
    Queue,
    ResultValue,
    Set,
    Stack,
    Struct,
    StructDefinition,
    Tagged,
    Value,
    sorted_keys,
)


def float_text(number: float) -> str:
    """Shortest digits that read back as the same number, always positional, without a trailing ``.0``."""
    text = repr(number)
    if text.endswith(".0"):
        return text[:-2]
    if "e" in text:
        return _positional(text)
    return "NaN" if text == "nan" else text


def _positional(text: str) -> str:
    mantissa, exponent_text = text.split("e")
    sign = ""
    if mantissa[0] == "-":
        sign, mantissa = "-", mantissa[1:]
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    point = len(whole) + int(exponent_text)
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return sign + digits + "0" * (point - len(digits))


def display(value: Value) -> str:
    """The text that ``print``, ``to_string`` and interpolation use. Nesting costs no recursion, so any depth prints."""
    if value.__class__ in _NESTED:
        return _joined(value, _display_parts)
    return _display_leaf(value)


def _joined(value: Value, parts_of: Callable[[Value], list[Value]]) -> str:
    """The text of a nested value; ``parts_of`` gives texts and nested values in order."""
    written: list[str] = []
    waiting: list[Value] = [value]
    left = STEP
    while waiting:
        part = waiting.pop()
        if part.__class__ is str:
            written.append(part)
            continue
        if part.__class__ is _Rest:
            parts = part.some()
            if parts:
                waiting.append(part)
        else:
            parts = parts_of(part)
        left -= len(parts)
        if left < 0:
            left = STEP
            look()
        parts.reverse()
        waiting += parts
    return "".join(written)


class _Rest:
    """The parts of a long row, to be taken some at a time."""

    __slots__ = ("parts",)

    def __init__(self, parts: Iterator[Value]) -> None:
        self.parts = parts

    def some(self) -> list[Value]:
        """The next parts; none at the end."""
        return [part for _, part in zip(range(STEP), self.parts, strict=False)]


def _row(items: list[Value]) -> Iterable[tuple[str, Value]]:
    """Items without labels: a list of few, lazily for many."""
    if len(items) <= STEP:
        return [("", item) for item in items]
    return (("", item) for item in items)


def _listed(
    open_text: str, items: Iterable[tuple[str, Value]], separator: str, close: str, leaf: Callable[[Value], str]
) -> list[Value]:
    """Texts and nested values of a row: a label before each item, a separator between."""
    if items.__class__ is not list:
        return [open_text, _Rest(_parts(items, separator, leaf)), close]
    return [open_text, *_parts(items, separator, leaf), close]


def _parts(items: Iterable[tuple[str, Value]], separator: str, leaf: Callable[[Value], str]) -> Iterator[Value]:
    first = True
    for label, item in items:
        yield label if first else separator + label
        yield item if item.__class__ in _NESTED else leaf(item)
        first = False


def _display_leaf(value: Value) -> str:
    kind = value.__class__
    if kind is str:
        return str(value)
    if kind is int:
        return str(value)
    if kind is float:
        return float_text(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "null"
    if kind is Builtin:
        return f"<native function: {value.name}>"
    if isinstance(value, Handle) and value.type_name == "iterator":
        return "<iterator>"
    return "<unknown>"


def _display_parts(value: Value) -> list[Value]:
    kind = value.__class__
    if kind is Array:
        return _listed("[", _row(value.items), ", ", "]", _display_leaf)
    if kind is Dict:
        entries = value.entries
        rows = [(f'"{key}": ', entries[key]) for key in sorted_keys(entries)]
        return _listed("{", rows, ", ", "}", _display_leaf)
    if kind is Struct:
        fields = value.fields
        rows = [(f"{name}: ", fields[name]) for name in sorted(fields)]
        return _listed(f"{value.name} {{ ", rows, ", ", " }", _display_leaf)
    if kind is ResultValue:
        return ["None"] if value.tag == "None" else _listed(f"{value.tag}(", [("", value.value)], "", ")", _display_leaf)
    if not value.payload:
        return [f"{value.enum}::{value.tag}"]
    return _listed(f"{value.enum}::{value.tag}(", [("", item) for item in value.payload], ",", ")", _display_leaf)


def assert_text(value: Value) -> str:
    """The debug form in assertion messages and in ``throw`` of a value that is no string: ``Int(5)``, ``Array[5]``."""
    kind = value.__class__
    if kind is Array:
        return "Array[" + ", ".join([display(item) for item in value.items]) + "]"
    if kind is Dict:
        return "Dict" + display(value)
    if kind is str:
        return f'Str("{value}")'
    return debug_text(value)


def debug_text(value: Value) -> str:
    """The form that ``debug()`` prints, nested all the way: ``Array[Int(1)]``, ``Dict{a: String("x")}``."""
    if value.__class__ in _NESTED:
        return _joined(value, _debug_parts)
    return _debug_leaf(value)


def _debug_leaf(value: Value) -> str:
    kind = value.__class__
    if kind is str:
        return f'String("{value}")'
    if kind is int:
        return f"Int({value})"
    if kind is float:
        return f"Float({float_text(value)})"
    if kind is bool:
        return f"Bool({'true' if value else 'false'})"
    if value is None:
        return "Null"
    if kind is Bytes:
        return f"Bytes({len(value.data)})"
    if isinstance(value, GuestFunction):
        return "Function"
    return _display_leaf(value)


def _debug_parts(value: Value) -> list[Value]:
    kind = value.__class__
    if kind is Array:
        return _listed("Array[", _row(value.items), ", ", "]", _debug_leaf)
    if kind is Dict:
        entries = value.entries
        return _listed("Dict{", [(f"{key}: ", entries[key]) for key in sorted_keys(entries)], ", ", "}", _debug_leaf)
    if kind is Struct:
        fields = value.fields
        rows = [(f"{name}: ", fields[name]) for name in sorted(fields)]
        return _listed(f"Struct({value.name}){{", rows, ", ", "}", _debug_leaf)
    if kind is ResultValue:
        return ["None"] if value.tag == "None" else _listed(f"{value.tag}(", [("", value.value)], "", ")", _debug_leaf)
    return _listed(f"{value.enum}::{value.tag}(", [("", item) for item in value.payload], ", ", ")", _debug_leaf)


_NESTED = frozenset({Array, Dict, Struct, ResultValue, Tagged})
"""The classes whose text contains that of other values."""

_TYPE_NAMES: dict[type, str] = {
    int: "int",
    float: "float",
    str: "string",
    bool: "bool",
    type(None): "null",
    Array: "array",
    Dict: "dict",
    Struct: "struct",
    StructDefinition: "structdef",
    Tagged: "tagged",
    Bytes: "bytes",
    Set: "set",
    Queue: "queue",
    Stack: "stack",
    Builtin: "function",
    Promise: "promise",
}

_OPERATOR_NAMES: dict[type, str] = {
    **{kind: _TYPE_NAMES[kind] for kind in (int, float, str, bool, type(None), Array, Dict, Struct)},
    Builtin: "native_function",
}


def type_name(value: Value) -> str:
    """What ``type(value)`` gives."""
    name = _TYPE_NAMES.get(value.__class__)
    if name is not None:
        return name
    if value.__class__ is ResultValue:
        return "result" if value.tag in ("Ok", "Err") else "option"
    if isinstance(value, GuestFunction):
        return "function"
    if isinstance(value, Handle):
        return value.type_name
    return "unknown"


def operator_type_name(value: Value) -> str:
    """The name that operator errors use, which know fewer types."""
    if isinstance(value, GuestFunction):
        return "function"
    return _OPERATOR_NAMES.get(value.__class__, "value")
