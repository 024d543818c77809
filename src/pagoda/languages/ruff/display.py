"""The texts of values: display form, the two debug forms, float text, and type names.

Pure functions over :mod:`pagoda.languages.ruff.values`. Everything that prints, on every storey, goes through here.
"""

from __future__ import annotations

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
    """The text that ``print``, ``to_string`` and interpolation use."""
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
    if kind is Array:
        return "[" + ", ".join([display(item) for item in value.items]) + "]"
    if kind is Dict:
        entries = value.entries
        return "{" + ", ".join([f'"{key}": {display(entries[key])}' for key in sorted_keys(entries)]) + "}"
    if kind is Struct:
        fields = value.fields
        if not fields:
            return f"{value.name} {{  }}"
        return f"{value.name} {{ " + ", ".join([f"{name}: {display(fields[name])}" for name in sorted(fields)]) + " }"
    if kind is ResultValue:
        return "None" if value.tag == "None" else f"{value.tag}({display(value.value)})"
    if kind is Tagged:
        if not value.payload:
            return f"{value.enum}::{value.tag}"
        return f"{value.enum}::{value.tag}(" + ",".join([display(item) for item in value.payload]) + ")"
    if kind is Builtin:
        return f"<native function: {value.name}>"
    if isinstance(value, Handle) and value.type_name == "iterator":
        return "<iterator>"
    return "<unknown>"


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
    if kind is Array:
        return "Array[" + ", ".join([debug_text(item) for item in value.items]) + "]"
    if kind is Dict:
        entries = value.entries
        return "Dict{" + ", ".join([f"{key}: {debug_text(entries[key])}" for key in sorted_keys(entries)]) + "}"
    if kind is Struct:
        fields = value.fields
        return f"Struct({value.name}){{" + ", ".join([f"{name}: {debug_text(fields[name])}" for name in sorted(fields)]) + "}"
    if kind is ResultValue:
        return "None" if value.tag == "None" else f"{value.tag}({debug_text(value.value)})"
    if kind is Tagged:
        return f"{value.enum}::{value.tag}(" + ", ".join([debug_text(item) for item in value.payload]) + ")"
    if kind is Bytes:
        return f"Bytes({len(value.data)})"
    if isinstance(value, GuestFunction):
        return "Function"
    return display(value)


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
