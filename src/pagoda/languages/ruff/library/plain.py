"""Values as a format's library has them, and back: Python's dicts, lists and scalars.

What must hold: nesting and size are bounded in both directions (a few lines of YAML may stand for more values than memory
holds), and long conversions poll.
"""

from __future__ import annotations

import math

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.waiting import STEP
from pagoda.languages.ruff.values import INT_MAX, INT_MIN, Array, Dict, ResultValue, Struct, Value, canonical_key, sorted_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 128
MAX_VALUES = 1_000_000


class Conversion:
    """One conversion; ``failure`` begins its error messages."""

    def __init__(self, context: Any, failure: str) -> None:
        self.context = context
        self.failure = failure
        self.count = 0

    def step(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise RuffError(f"{self.failure}: nesting exceeds {MAX_DEPTH}")
        self.count += 1
        if self.count % STEP == 0:
            self.context.poll()
            if self.count > MAX_VALUES:
                raise RuffError(f"{self.failure}: more than {MAX_VALUES} values")

    def plain(self, value: Value, depth: int = 0) -> Any:
        """Python's form of a value. What no format knows becomes its display form; ``Some(x)`` is x, ``None`` null."""
        self.step(depth)
        if isinstance(value, Array):
            return [self.plain(item, depth + 1) for item in value.items]
        if isinstance(value, Dict):
            return {str(key): self.plain(value.entries[key], depth + 1) for key in sorted_keys(value.entries)}
        if isinstance(value, Struct):
            return {name: self.plain(value.fields[name], depth + 1) for name in sorted(value.fields)}
        if isinstance(value, ResultValue) and value.tag in ("Some", "None"):
            return self.plain(value.value, depth + 1)
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        return display(value)

    def value(self, plain: Any, depth: int = 0) -> Value:
        """The value of Python's form. Dates become text; ints beyond i64 floats."""
        self.step(depth)
        if isinstance(plain, dict):
            return Dict({canonical_key(_key(key)): self.value(item, depth + 1) for key, item in plain.items()}, False)
        if isinstance(plain, (list, tuple, set)):
            return Array([self.value(item, depth + 1) for item in plain], False)
        if plain is None or isinstance(plain, (bool, float, str)):
            return plain
        if isinstance(plain, int):
            return plain if INT_MIN <= plain <= INT_MAX else _float(plain)
        if hasattr(plain, "isoformat"):
            return plain.isoformat()
        return str(plain)


def _key(key: Any) -> str:
    return display(key) if key is None or isinstance(key, (bool, int, float)) else str(key)


def _float(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
