"""Builtins on integers. Division comes in two kinds: towards minus infinity (divide, mod) and towards zero (quotient,
remainder)."""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import INTEGER, OPERAND
from pagoda.languages.uplc.types import BOOL_TYPE, INTEGER_TYPE

_EXPONENTIATION_BITS = 8191
_LARGEST = (1 << _EXPONENTIATION_BITS) - 1


@builtin(0, "addInteger", (OPERAND, OPERAND), INTEGER_TYPE)
def add(left: int, right: int) -> int:
    """The sum."""
    return left + right


@builtin(1, "subtractInteger", (OPERAND, OPERAND), INTEGER_TYPE)
def subtract(left: int, right: int) -> int:
    """The difference."""
    return left - right


@builtin(2, "multiplyInteger", (OPERAND, OPERAND), INTEGER_TYPE)
def multiply(left: int, right: int) -> int:
    """The product."""
    return left * right


def _by_zero() -> BuiltinFailure:
    return BuiltinFailure("division by zero")


@builtin(3, "divideInteger", (OPERAND, OPERAND), INTEGER_TYPE)
def divide(dividend: int, divisor: int) -> int:
    """The quotient, rounded down."""
    if divisor == 0:
        raise _by_zero()
    return dividend // divisor


@builtin(4, "quotientInteger", (OPERAND, OPERAND), INTEGER_TYPE)
def quotient(dividend: int, divisor: int) -> int:
    """The quotient, rounded towards zero."""
    if divisor == 0:
        raise _by_zero()
    if (dividend < 0) == (divisor < 0):
        return dividend // divisor
    return -(-dividend // divisor)


@builtin(5, "remainderInteger", (OPERAND, OPERAND), INTEGER_TYPE)
def remainder(dividend: int, divisor: int) -> int:
    """What :func:`quotient` leaves; it has the sign of the dividend."""
    if divisor == 0:
        raise _by_zero()
    rest = abs(dividend) % abs(divisor)
    return -rest if dividend < 0 else rest


@builtin(6, "modInteger", (OPERAND, OPERAND), INTEGER_TYPE)
def modulo(dividend: int, divisor: int) -> int:
    """What :func:`divide` leaves; it has the sign of the divisor."""
    if divisor == 0:
        raise _by_zero()
    return dividend % divisor


@builtin(7, "equalsInteger", (INTEGER, INTEGER), BOOL_TYPE)
def equal(left: int, right: int) -> bool:
    """Whether two integers are equal."""
    return left == right


@builtin(8, "lessThanInteger", (OPERAND, OPERAND), BOOL_TYPE)
def less(left: int, right: int) -> bool:
    """Whether the first is smaller."""
    return left < right


@builtin(9, "lessThanEqualsInteger", (OPERAND, OPERAND), BOOL_TYPE)
def less_or_equal(left: int, right: int) -> bool:
    """Whether the first is not larger."""
    return left <= right


@builtin(87, "expModInteger", (INTEGER, INTEGER, INTEGER), INTEGER_TYPE, batch="6")
def power_modulo(base: int, exponent: int, modulus: int) -> int:
    """A power modulo a positive number; a negative exponent stands for a power of the inverse."""
    if modulus <= 0:
        raise BuiltinFailure("the modulus is not positive")
    if modulus > _LARGEST:
        raise BuiltinFailure(f"the modulus has more than {_EXPONENTIATION_BITS} bits")
    if modulus == 1:
        return 0
    if base == 0 and exponent < 0:
        raise BuiltinFailure("0 has no inverse")
    for name, number in (("base", base), ("exponent", exponent)):
        if not -_LARGEST - 1 <= number <= _LARGEST:
            raise BuiltinFailure(f"the {name} has more than {_EXPONENTIATION_BITS} bits")
    try:
        return pow(base, exponent, modulus)
    except ValueError:
        raise BuiltinFailure("the base has no inverse modulo the modulus") from None
