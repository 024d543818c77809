"""JSON. Objects come out with sorted keys; numbers with a fraction or exponent are floats."""

from __future__ import annotations

import math

from pagoda.languages.ruff.display import float_text, type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import STEP
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
        parsed = json.loads(text, parse_constant=_no_constant, parse_float=_float)
    except RecursionError:
        raise RuffError(f"JSON parse error: nesting exceeds {MAX_DEPTH}") from None
    except ValueError as error:
        raise RuffError(f"JSON parse error: {error}") from None
    return from_plain(parsed, MAX_DEPTH)


def _no_constant(name: str) -> Any:
    raise ValueError(f"invalid number {name}")


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("number out of range")
    return number


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


@builtin("to_json", 1, needs_context=True)
def to_json(context: Any, value: Value) -> str:
    """Compact JSON."""
    return json_text(value, context)


@builtin("to_json_pretty", 1, needs_context=True)
def to_json_pretty(context: Any, value: Value) -> str:
    """JSON over several lines, two spaces a level."""
    return _Writer("  ", context).text(value, "\n", MAX_DEPTH)


def json_text(value: Value, context: Any = None) -> str:
    """Compact JSON of a value; raises for what JSON cannot say. With a context, it polls."""
    return _Writer("", context).text(value, "", MAX_DEPTH)


class _Writer:
    """Writes values; ``indent`` is what each level adds, nothing for compact text."""

    def __init__(self, indent: str, context: Any) -> None:
        self.indent = indent
        self.context = context
        self.left = STEP

    def text(self, value: Value, newline: str, depth: int) -> str:
        self.left -= 1
        if self.left < 0:
            self.left = STEP
            if self.context is not None:
                self.context.poll()
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
            return _number(value)
        if kind is str:
            return _quote(value)
        inner = newline + self.indent
        if kind is Array:
            return self.wrap("[]", [self.text(item, inner, depth - 1) for item in value.items], newline)
        pairs: list[tuple[str, Value]]
        if kind is Dict:
            pairs = [(str(key), value.entries[key]) for key in sorted_keys(value.entries)]
        elif kind is Struct:
            pairs = sorted(value.fields.items(), key=lambda pair: pair[0])
        elif kind is ResultValue and value.tag in ("Some", "None"):
            return self.text(value.value, newline, depth)
        else:
            raise RuffError(f"Cannot convert {type_name(value)} to JSON")
        colon = ": " if self.indent else ":"
        return self.wrap("{}", [_quote(key) + colon + self.text(item, inner, depth - 1) for key, item in pairs], newline)

    def wrap(self, ends: str, texts: list[str], newline: str) -> str:
        if not texts:
            return ends
        if not self.indent:
            return ends[0] + ",".join(texts) + ends[1]
        inner = newline + self.indent
        return ends[0] + inner + ("," + inner).join(texts) + newline + ends[1]


def _number(number: float) -> str:
    """The shortest digits that read back, as ``1.0``, ``1e16`` or ``1e-7``."""
    if not math.isfinite(number):
        raise RuffError(f"Cannot convert {float_text(number)} to JSON")
    mantissa, exponent, power = repr(number).partition("e")
    return mantissa + exponent + str(int(power)) if exponent else mantissa


def _quote(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
