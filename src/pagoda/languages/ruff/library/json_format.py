"""JSON. Objects come out with sorted keys; numbers with a fraction or exponent are floats."""

from __future__ import annotations

import math

from pagoda.languages.ruff.display import float_text, type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import INT_MAX, INT_MIN, Array, Dict, ResultValue, Struct, Value, canonical_key, sorted_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_SIZE = 1024 * 1024
MAX_DEPTH = 64


@builtin("parse_json", 1, charge=(0,))
def parse_json(source: Value) -> Value:
    """The value that a JSON text spells."""
    import json

    text = text_of("parse_json", source)
    if len(text) > MAX_SIZE:
        raise RuffError("JSON parse error: input is too large")
    try:
        parsed = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise RuffError(f"JSON parse error: nesting exceeds {MAX_DEPTH}") from None
    except ValueError as error:
        raise RuffError(f"JSON parse error: {error}") from None
    return from_plain(parsed, MAX_DEPTH)


def _no_constant(name: str) -> Any:
    raise ValueError(f"invalid number {name}")


def from_plain(value: Any, depth: int) -> Value:
    """A Ruff value from Python's dicts, lists and scalars."""
    if depth < 0:
        raise RuffError(f"JSON parse error: nesting exceeds {MAX_DEPTH}")
    if isinstance(value, dict):
        return Dict({canonical_key(str(key)): from_plain(item, depth - 1) for key, item in value.items()}, False)
    if isinstance(value, (list, tuple)):
        return Array([from_plain(item, depth - 1) for item in value], False)
    if isinstance(value, int) and not isinstance(value, bool) and not INT_MIN <= value <= INT_MAX:
        return float(value) if abs(value) < 10**308 else math.inf
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


@builtin("to_json", 1)
def to_json(value: Value) -> str:
    """Compact JSON."""
    return _write(value, "", "", MAX_DEPTH)


@builtin("to_json_pretty", 1)
def to_json_pretty(value: Value) -> str:
    """JSON over several lines, two spaces a level."""
    return _write(value, "\n", "  ", MAX_DEPTH)


def _write(value: Value, newline: str, indent: str, depth: int) -> str:
    if depth < 0:
        raise RuffError(f"Cannot convert to JSON: nesting exceeds {MAX_DEPTH}")
    kind = value.__class__
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is float:
        if not math.isfinite(value):
            raise RuffError(f"Cannot convert {float_text(value)} to JSON")
        return repr(value)
    if kind is str:
        return _quote(value)
    if kind is Array:
        return _wrap("[]", [_write(item, newline + indent, indent, depth - 1) for item in value.items], newline, indent)
    pairs: list[tuple[str, Value]]
    if kind is Dict:
        pairs = [(str(key), value.entries[key]) for key in sorted_keys(value.entries)]
    elif kind is Struct:
        pairs = sorted(value.fields.items(), key=lambda pair: pair[0])
    elif kind is ResultValue and value.tag in ("Some", "None"):
        return _write(value.value, newline, indent, depth)
    else:
        raise RuffError(f"Cannot convert {type_name(value)} to JSON")
    colon = ": " if indent else ":"
    texts = [_quote(key) + colon + _write(item, newline + indent, indent, depth - 1) for key, item in pairs]
    return _wrap("{}", texts, newline, indent)


def _wrap(ends: str, texts: list[str], newline: str, indent: str) -> str:
    if not texts:
        return ends
    if not indent:
        return ends[0] + ",".join(texts) + ends[1]
    return ends[0] + newline + indent + ("," + newline + indent).join(texts) + newline + ends[1]


def _quote(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
