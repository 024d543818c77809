"""Builtins on integers, and between integers and bytestrings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagoda.languages.uplc.builtins.failure import BuiltinFailure

from .calling import call


def size_of(value):
    """The name of a case: numbers by their size, for the digits of some would be too many."""
    return f"{value.bit_length()}bits" if isinstance(value, int) else "numbers"


numbers = st.integers() | st.integers(-(2**300), 2**300)


@pytest.mark.parametrize(
    ("dividend", "divisor", "quotient", "remainder", "divided", "modulo"),
    [(7, 2, 3, 1, 3, 1), (-7, 2, -3, -1, -4, 1), (7, -2, -3, 1, -4, -1), (-7, -2, 3, -1, 3, -1), (0, 5, 0, 0, 0, 0)],
)
def test_division(dividend, divisor, quotient, remainder, divided, modulo):
    assert call("quotientInteger", dividend, divisor) == quotient
    assert call("remainderInteger", dividend, divisor) == remainder
    assert call("divideInteger", dividend, divisor) == divided
    assert call("modInteger", dividend, divisor) == modulo


@given(numbers, numbers.filter(bool))
def test_division_of_any_numbers(dividend, divisor):
    quotient, remainder = call("quotientInteger", dividend, divisor), call("remainderInteger", dividend, divisor)
    assert quotient * divisor + remainder == dividend
    assert abs(remainder) < abs(divisor)
    assert remainder == 0 or (remainder < 0) == (dividend < 0)
    divided, modulo = call("divideInteger", dividend, divisor), call("modInteger", dividend, divisor)
    assert divided * divisor + modulo == dividend
    assert abs(modulo) < abs(divisor)
    assert modulo == 0 or (modulo < 0) == (divisor < 0)


@pytest.mark.parametrize("name", ["quotientInteger", "remainderInteger", "divideInteger", "modInteger"])
def test_division_by_zero(name):
    with pytest.raises(BuiltinFailure, match="division by zero"):
        call(name, 5, 0)


@given(numbers, numbers)
def test_the_rest_of_arithmetic(left, right):
    assert call("addInteger", left, right) == left + right
    assert call("subtractInteger", left, right) == left - right
    assert call("multiplyInteger", left, right) == left * right
    assert call("equalsInteger", left, right) is (left == right)
    assert call("lessThanInteger", left, right) is (left < right)
    assert call("lessThanEqualsInteger", left, right) is (left <= right)


@pytest.mark.parametrize(
    ("base", "exponent", "modulus", "power"),
    [(2, 10, 1000, 24), (3, -1, 7, 5), (0, 0, 5, 1), (0, 0, 1, 0), (0, -1, 1, 0), (-2, 3, 5, 2), (7, 2**8191 - 1, 7, 0)]
    + [(2**9000, 2, 1, 0), (-(2**8191), 1, 3, 1)],
    ids=size_of,
)
def test_powers(base, exponent, modulus, power):
    assert call("expModInteger", base, exponent, modulus) == power


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((2, 2, 0), "not positive"),
        ((2, 2, -3), "not positive"),
        ((2, 2, 2**8191), "the modulus has more than"),
        ((2**8191, 2, 3), "the base has more than"),
        ((2, -(2**8191) - 1, 3), "the exponent has more than"),
        ((0, -1, 5), "0 has no inverse"),
        ((2, -1, 4), "no inverse"),
    ],
)
def test_powers_that_there_are_not(arguments, message):
    with pytest.raises(BuiltinFailure, match=message):
        call("expModInteger", *arguments)


def test_integers_as_bytes():
    assert call("integerToByteString", True, 0, 0) == b""
    assert call("integerToByteString", True, 0, 258) == b"\x01\x02"
    assert call("integerToByteString", False, 4, 258) == b"\x02\x01\x00\x00"
    assert call("integerToByteString", True, 4, 258) == b"\x00\x00\x01\x02"
    assert len(call("integerToByteString", True, 8192, 1)) == 8192
    assert len(call("integerToByteString", True, 0, 2 ** (8 * 8192) - 1)) == 8192


@pytest.mark.parametrize(
    ("width", "number"),
    [(-1, 5), (8193, 5), (0, -1), (1, 256), (0, 2 ** (8 * 8192)), (2**80, 0), (8192, 2 ** (8 * 8192))],
    ids=size_of,
)
def test_integers_that_are_no_bytes(width, number):
    with pytest.raises(BuiltinFailure):
        call("integerToByteString", True, width, number)


@given(st.binary(), st.booleans())
def test_bytes_as_integers_and_back(data, big_endian):
    number = call("byteStringToInteger", big_endian, data)
    assert call("integerToByteString", big_endian, len(data), number) == data
