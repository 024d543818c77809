"""What lowering knows of a value: a constant of compile time, an SSA word, or an aggregate of both.

This is the domain of the partial evaluator: a ``Known`` operand folds whatever depends on it, so the same body becomes a
generic handler or specialised code, depending only on what its operands are bound to.
"""

from __future__ import annotations

import math
import struct
from typing import Any, TypeAlias

from pagoda.native import types


class Known:
    """A Python object of compile time.

    An integer of a fixed width is an instance of its class (``u8(5)``), so that folding does what unlowered code does. A plain
    ``int``, and an i64, takes the width of what it meets, where it fits.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Known({self.value!r})"


class Word:
    """An SSA value: ``text`` is its LLVM name."""

    __slots__ = ("text", "type")

    def __init__(self, type: types.Type, text: str) -> None:
        self.type, self.text = type, text

    def __repr__(self) -> str:
        return f"Word({self.type!r}, {self.text!r})"


class Parts:
    """A value class or tuple, taken apart."""

    __slots__ = ("items", "type")

    def __init__(self, type: types.Aggregate | types.Tuple, items: tuple[Abstract, ...]) -> None:
        self.type, self.items = type, items

    def __repr__(self) -> str:
        return f"Parts({self.type!r}, {self.items!r})"


Abstract: TypeAlias = Known | Word | Parts  # never changed once made
NOTHING = Known(None)


def constant_text(kind: types.Type, number: Any) -> str:
    """``number`` as an LLVM constant of ``kind``. Raises ``TypeError`` or ``OverflowError`` where it does not fit."""
    if isinstance(kind, types.Scalar):
        if not kind.is_float:
            return int.__repr__(typed_integer(kind, number))
        exact = types.FIXED.get(type(number), types.I64)
        if isinstance(number, bool) or not isinstance(number, int | float) or exact is not types.I64:
            raise TypeError(f"expected f64, got {described(number)}")
        return "0x" + struct.pack(">d", float(number)).hex().upper()
    if isinstance(kind, types.Bool):
        if not isinstance(number, bool):
            raise TypeError(f"expected bool, got {described(number)}")
        return "true" if number else "false"
    if isinstance(kind, types.Pointer | types.Reference) and type(number) in (int, types.I64.python) and number == 0:
        return "null"
    raise TypeError(f"expected {kind.name}, got {described(number)}")


def typed_integer(kind: types.Scalar, number: Any) -> int:
    """``number`` as the class of an integer ``kind``. Raises as :func:`constant_text`."""
    exact = type(number)
    if exact is kind.python:
        return number  # type: ignore[no-any-return]
    if exact is not int:
        if isinstance(number, bool) or not isinstance(number, int) or types.FIXED.get(exact, types.I64) is not types.I64:
            raise TypeError(f"expected {kind.name}, got {described(number)}")
    found = kind.small.get(number)
    if found is None:
        try:
            found = kind.python(number)
        except types.NativeOverflow as problem:
            raise OverflowError(str(problem)) from None
        if -16 <= number < 256:
            kind.small[number] = found
    return found


def described(value: Any) -> str:
    """A compile-time object as an error names it."""
    fixed = types.FIXED.get(type(value))
    if fixed is not None:
        return fixed.name
    return value.__name__ if isinstance(value, type) else repr(value)[:80]


def default_type(number: Any) -> types.Type:
    """The type that a constant has where nothing else decides. Raises ``TypeError`` for an object without one."""
    fixed = types.FIXED.get(type(number))
    if fixed is not None:
        return fixed
    if isinstance(number, bool):
        return types.BOOL
    if isinstance(number, int):
        return types.I64
    if isinstance(number, float):
        return types.F64
    if number is None:
        return types.VOID
    raise TypeError(f"{described(number)} has no native type")


def type_of(value: Abstract) -> types.Type:
    return default_type(value.value) if isinstance(value, Known) else value.type


def same(a: Abstract, b: Abstract) -> bool:
    """Whether two values are surely one: equal constants (sign of zero and kind included) or the same SSA name."""
    if isinstance(a, Known) and isinstance(b, Known):
        soft = (int, types.I64.python)
        if type(a.value) is not type(b.value) and not (type(a.value) in soft and type(b.value) in soft):
            return False
        if isinstance(a.value, float):
            if math.isnan(a.value):
                return math.isnan(b.value)
            return a.value == b.value and math.copysign(1, a.value) == math.copysign(1, b.value)
        return a.value is b.value or bool(a.value == b.value)
    if isinstance(a, Word) and isinstance(b, Word):
        return a.text == b.text and types.same_type(a.type, b.type)  # a cast shares the text of what it casts
    if isinstance(a, Parts) and isinstance(b, Parts):
        return types.same_type(a.type, b.type) and all(same(x, y) for x, y in zip(a.items, b.items, strict=True))
    return False
