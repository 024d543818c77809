"""Builtins on values (amounts of tokens)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.types import BYTES, INTEGER, LIST, MAP, linked, unlinked

from .calling import call

MOST = 2**127 - 1

names = st.binary(max_size=2)
entries = st.dictionaries(st.tuples(names, names), st.integers(-5, 5).filter(bool), max_size=8)


def value_of(amounts):
    """The canonical value with the amounts that are not zero."""
    made = {}
    for (currency, token), amount in sorted(amounts.items()):
        if amount:
            made.setdefault(currency, {})[token] = amount
    return made


def same(left, right):
    """Whether two values are the same, order included."""
    return [(key, list(tokens.items())) for key, tokens in left.items()] == [
        (key, list(tokens.items())) for key, tokens in right.items()
    ]


@given(entries, names, names, st.integers(-3, 3))
def test_inserting_and_looking_up(amounts, currency, token, amount):
    value = value_of(amounts)
    assert call("lookupCoin", currency, token, value) == amounts.get((currency, token), 0)
    changed = call("insertCoin", currency, token, amount, value)
    assert same(changed, value_of({**amounts, (currency, token): amount}))
    assert same(value, value_of(amounts))


@given(entries, entries)
def test_union(left, right):
    sums = {key: left.get(key, 0) + right.get(key, 0) for key in {*left, *right}}
    first, second = value_of(left), value_of(right)
    assert same(call("unionValue", first, second), value_of(sums))
    assert same(first, value_of(left))
    assert same(second, value_of(right))


@given(entries, entries)
def test_containing(left, right):
    negative = any(amount < 0 for amount in (*left.values(), *right.values()))
    if negative:
        with pytest.raises(BuiltinFailure, match="an amount is negative"):
            call("valueContains", value_of(left), value_of(right))
    else:
        expected = all(left.get(key, 0) >= amount for key, amount in right.items())
        assert call("valueContains", value_of(left), value_of(right)) is expected


@given(entries, st.integers(-3, 3))
def test_scaling_and_counting(amounts, factor):
    value = value_of(amounts)
    assert same(call("scaleValue", factor, value), value_of({key: factor * amount for key, amount in amounts.items()}))
    assert call("assetCount", value) == len(amounts)
    assert list(unlinked(call("policies", value))) == sorted({currency for currency, _ in amounts})


@given(entries)
def test_data_and_back(amounts):
    value = value_of(amounts)
    assert same(call("unValueData", call("valueData", value)), value)


def test_amounts_have_bounds():
    for amount in (MOST, -MOST - 1):
        assert call("insertCoin", b"", b"", amount, {}) == {b"": {b"": amount}}
    for amount in (MOST + 1, -MOST - 2):
        with pytest.raises(BuiltinFailure, match="128 bits"):
            call("insertCoin", b"", b"", amount, {})
    full = {b"": {b"": MOST}}
    with pytest.raises(BuiltinFailure, match="128 bits"):
        call("unionValue", full, {b"": {b"": 1}})
    with pytest.raises(BuiltinFailure, match="128 bits"):
        call("scaleValue", 2, full)
    assert call("scaleValue", 0, full) == {}


def test_names_have_bounds():
    assert call("insertCoin", bytes(32), bytes(32), 1, {})
    for currency, token in ((bytes(33), b""), (b"", bytes(33))):
        with pytest.raises(BuiltinFailure, match="has 33 bytes; at most 32"):
            call("insertCoin", currency, token, 1, {})
        assert call("insertCoin", currency, token, 0, {}) == {}
        assert call("lookupCoin", currency, token, {}) == 0


def test_too_many_entries_for_data():
    tokens = {number.to_bytes(4): 1 for number in range(40_000)}
    assert call("valueData", {b"": tokens})[0] == MAP
    with pytest.raises(BuiltinFailure, match="more than 40000 entries"):
        call("valueData", {b"": tokens, b"a": {b"": 1}})


ONE = (INTEGER, 1)


def a_map(*pairs):
    return MAP, linked(pairs)


def key(text):
    return BYTES, text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((LIST, ()), "currencies are not Map data"),
        (a_map((ONE, a_map((key(b""), ONE)))), "a key of the currencies is not B data"),
        (a_map((key(b""), ONE)), "tokens are not Map data"),
        (a_map((key(b""), a_map())), "a currency has no tokens"),
        (a_map((key(b""), a_map((key(b""), (INTEGER, 0))))), "an amount is zero"),
        (a_map((key(b""), a_map((key(b""), key(b""))))), "an amount is not I data"),
        (a_map((key(b""), a_map((key(b""), (INTEGER, MOST + 1))))), "128 bits"),
        (a_map((key(bytes(33)), a_map((key(b""), ONE)))), "has 33 bytes"),
        (a_map((key(b"b"), a_map((key(b""), ONE))), (key(b"a"), a_map((key(b""), ONE)))), "ascending"),
        (a_map((key(b"a"), a_map((key(b""), ONE))), (key(b"a"), a_map((key(b""), ONE)))), "ascending"),
        (a_map((key(b"a"), a_map((key(b"x"), ONE), (key(b"x"), ONE)))), "ascending"),
    ],
)
def test_data_that_is_no_value(data, message):
    with pytest.raises(BuiltinFailure, match=message):
        call("unValueData", data)
