"""Mathematics (floats out, even for ints in) and bit operations on ints."""

from __future__ import annotations

import math

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import number_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Value


def _one(name: str) -> str:
    return f"{name}() expects 1 argument"


@builtin("abs", 1, arity_text=_one("abs"))
def absolute(value: Value) -> float:
    """Without its sign."""
    return abs(number_of("abs", value))


@builtin("sqrt", 1, arity_text=_one("sqrt"))
def sqrt(value: Value) -> float:
    """Square root."""
    number = number_of("sqrt", value)
    if number < 0:
        raise RuffError("sqrt() domain error: value must be >= 0")
    return math.sqrt(number)


@builtin("floor", 1, arity_text=_one("floor"))
def floor(value: Value) -> float:
    """The next whole number below."""
    number = number_of("floor", value)
    return float(math.floor(number)) if math.isfinite(number) else number


@builtin("ceil", 1, arity_text=_one("ceil"))
def ceil(value: Value) -> float:
    """The next whole number above."""
    number = number_of("ceil", value)
    return float(math.ceil(number)) if math.isfinite(number) else number


@builtin("round", 1, arity_text=_one("round"))
def round_half_away(value: Value) -> float:
    """The nearest whole number; halves go away from zero."""
    number = number_of("round", value)
    if not math.isfinite(number) or abs(number) >= 2.0**52:
        return number
    whole = float(math.floor(abs(number)))
    rounded = whole + 1.0 if abs(number) - whole >= 0.5 else whole
    return math.copysign(rounded, number)


@builtin("sin", 1, arity_text=_one("sin"))
def sin(value: Value) -> float:
    """Sine."""
    number = number_of("sin", value)
    return math.sin(number) if math.isfinite(number) else math.nan


@builtin("cos", 1, arity_text=_one("cos"))
def cos(value: Value) -> float:
    """Cosine."""
    number = number_of("cos", value)
    return math.cos(number) if math.isfinite(number) else math.nan


@builtin("tan", 1, arity_text=_one("tan"))
def tan(value: Value) -> float:
    """Tangent."""
    number = number_of("tan", value)
    return math.tan(number) if math.isfinite(number) else math.nan


@builtin("log", 1, arity_text=_one("log"))
def log(value: Value) -> float:
    """Natural logarithm."""
    number = number_of("log", value)
    if number <= 0:
        raise RuffError("log() domain error: value must be > 0")
    return math.log(number)


@builtin("exp", 1, arity_text=_one("exp"))
def exp(value: Value) -> float:
    """E to the power."""
    try:
        return math.exp(number_of("exp", value))
    except OverflowError:
        return math.inf


@builtin("pow", 2, arity_text="pow() expects 2 arguments")
def power(base: Value, exponent: Value) -> float:
    """A power; NaN where there is no real one."""
    left, right = number_of("pow", base), number_of("pow", exponent)
    try:
        return math.pow(left, right)
    except OverflowError:
        return -math.inf if left < 0 and right % 2 == 1 else math.inf
    except ValueError:
        return math.inf if left == 0 else math.nan


@builtin("min", 2, arity_text="min() expects 2 arguments")
def minimum(left: Value, right: Value) -> float:
    """The smaller one; a NaN loses."""
    a, b = number_of("min", left), number_of("min", right)
    return b if math.isnan(a) or b < a else a


@builtin("max", 2, arity_text="max() expects 2 arguments")
def maximum(left: Value, right: Value) -> float:
    """The larger one; a NaN loses."""
    a, b = number_of("max", left), number_of("max", right)
    return b if math.isnan(a) or b > a else a


def _bits(name: str, value: Value) -> int:
    if value.__class__ is not int:
        raise RuffError(f"{name}() requires int arguments")
    return int(value)


def _wrap(number: int) -> int:
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >= 1 << 63 else number


def _distance(name: str, value: Value) -> int:
    count = _bits(name, value)
    if not 0 <= count <= 63:
        raise RuffError(f"{name}() shift amount must be between 0 and 63")
    return count


@builtin("bit_and", 2)
def bit_and(left: Value, right: Value) -> int:
    """Bits in both."""
    return _bits("bit_and", left) & _bits("bit_and", right)


@builtin("bit_or", 2)
def bit_or(left: Value, right: Value) -> int:
    """Bits in either."""
    return _bits("bit_or", left) | _bits("bit_or", right)


@builtin("bit_xor", 2)
def bit_xor(left: Value, right: Value) -> int:
    """Bits in one of both."""
    return _bits("bit_xor", left) ^ _bits("bit_xor", right)


@builtin("bit_not", 1)
def bit_not(value: Value) -> int:
    """All bits turned."""
    return ~_bits("bit_not", value)


@builtin("bit_shl", 2)
def bit_shl(value: Value, count: Value) -> int:
    """Shifted left; bits fall off."""
    return _wrap(_bits("bit_shl", value) << _distance("bit_shl", count))


@builtin("bit_shr", 2)
def bit_shr(value: Value, count: Value) -> int:
    """Shifted right; the sign stays."""
    return _bits("bit_shr", value) >> _distance("bit_shr", count)
