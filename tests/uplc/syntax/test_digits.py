"""Integers of any size to digits and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagoda.languages.uplc.syntax.digits import digits_of, integer_of

EDGES = [0, 1, 9, 10, 10**1999, 10**2000 - 1, 10**2000, 10**4000, 10**6001 + 7, 2**5999, 2**6000, 2**6001 - 1, 7**9000]


@pytest.mark.parametrize("number", EDGES, ids=int.bit_length)
def test_edges(number):
    text = digits_of(number)
    assert integer_of(text) == number
    assert digits_of(-number) == ("-" + text if number else "0")
    assert text.isdigit()
    assert text == "0" or not text.startswith("0")


def test_known_digits():
    assert digits_of(10**5000 + 1) == "1" + "0" * 4999 + "1"
    assert integer_of("0" * 9000 + "12") == 12
    assert integer_of("0" * 9000) == 0


@given(st.integers(0, 200_000).flatmap(lambda bits: st.integers(2**bits // 2, 2**bits)))
def test_there_and_back(number):
    assert integer_of(digits_of(number)) == number
