"""Builtins on values: amounts of tokens, by currency and token.

What must hold: results are canonical as :mod:`pagoda.languages.uplc.types` tells: keys ascending and at most 32 bytes, no
empty currency, no amount zero, every amount a signed integer of 128 bits.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.definition import builtin
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.kinds import BYTES, DATA_BY_NODES, INTEGER, VALUE, VALUE_BY_DEPTH
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    DATA_TYPE,
    INTEGER_TYPE,
    MAP,
    VALUE_TYPE,
    linked,
    list_of,
    unlinked,
)
from pagoda.languages.uplc.types import BYTES as BYTES_DATA
from pagoda.languages.uplc.types import INTEGER as INTEGER_DATA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Value: TypeAlias = dict[bytes, dict[bytes, int]]

LONGEST_KEY = 32
"""The longest name of a currency or token, in bytes."""

LARGEST_AMOUNT = (1 << 127) - 1
SMALLEST_AMOUNT = -(1 << 127)

_MOST_ENTRIES_AS_DATA = 40000


def _amount(number: int) -> int:
    if not SMALLEST_AMOUNT <= number <= LARGEST_AMOUNT:
        raise BuiltinFailure("the amount does not fit into a signed integer of 128 bits")
    return number


def _sorted(tokens: dict[Any, Any]) -> dict[Any, Any]:
    return {key: tokens[key] for key in sorted(tokens)}


@builtin(94, "insertCoin", (BYTES, BYTES, INTEGER, VALUE_BY_DEPTH), VALUE_TYPE, batch="6")
def insert(currency: bytes, token: bytes, amount: int, value: Value) -> Value:
    """The value with another amount of one token; amount 0 takes the token out."""
    if amount == 0:
        tokens = value.get(currency)
        if tokens is None or token not in tokens:
            return value
        if len(tokens) == 1:
            return {key: part for key, part in value.items() if key != currency}
        return {**value, currency: {key: part for key, part in tokens.items() if key != token}}
    for what, key in (("currency", currency), ("token", token)):
        if len(key) > LONGEST_KEY:
            raise BuiltinFailure(f"the name of the {what} has {len(key)} bytes; at most {LONGEST_KEY} are allowed")
    tokens = value.get(currency)
    if tokens is None:
        return _sorted({**value, currency: {token: _amount(amount)}})
    changed = {**tokens, token: _amount(amount)}
    return {**value, currency: changed if token in tokens else _sorted(changed)}


@builtin(95, "lookupCoin", (BYTES, BYTES, VALUE_BY_DEPTH), INTEGER_TYPE, batch="6")
def lookup(currency: bytes, token: bytes, value: Value) -> int:
    """The amount of one token, 0 if there is none."""
    return value.get(currency, {}).get(token, 0)


@builtin(96, "unionValue", (VALUE, VALUE), VALUE_TYPE, batch="6")
def union(left: Value, right: Value) -> Value:
    """The sum of two values, token by token."""
    if not left or not right:
        return left or right
    made = dict(left)
    for currency, tokens in right.items():
        here = left.get(currency)
        if here is None:
            made[currency] = tokens
            continue
        sums = dict(here)
        for token, amount in tokens.items():
            total = _amount(sums.pop(token, 0) + amount)
            if total:
                sums[token] = total
        if sums:
            made[currency] = _sorted(sums)
        else:
            del made[currency]
    return _sorted(made)


@builtin(97, "valueContains", (VALUE, VALUE), BOOL_TYPE, batch="6")
def contains(whole: Value, part: Value) -> bool:
    """Whether the first has at least as much of every token as the second; both must have no negative amounts."""
    for value in (whole, part):
        for tokens in value.values():
            if any(amount < 0 for amount in tokens.values()):
                raise BuiltinFailure("an amount is negative")
    for currency, tokens in part.items():
        here = whole.get(currency)
        if here is None or any(here.get(token, 0) < amount for token, amount in tokens.items()):
            return False
    return True


def entries(value: Value) -> int:
    """How many amounts a value has."""
    return sum(map(len, value.values()))


@builtin(98, "valueData", (VALUE,), DATA_TYPE, batch="6")
def to_data(value: Value) -> Any:
    """The value as data: a map of maps."""
    if entries(value) > _MOST_ENTRIES_AS_DATA:
        raise BuiltinFailure(f"the value has more than {_MOST_ENTRIES_AS_DATA} entries")
    return MAP, linked(
        (
            (BYTES_DATA, currency),
            (MAP, linked(((BYTES_DATA, token), (INTEGER_DATA, amount)) for token, amount in tokens.items())),
        )
        for currency, tokens in value.items()
    )


def _keyed(data: Any, what: str) -> list[tuple[bytes, Any]]:
    """The entries of a map whose keys are names in strictly ascending order."""
    if data[0] != MAP:
        raise BuiltinFailure(f"the {what} are not Map data")
    found: list[tuple[bytes, Any]] = []
    for key, item in unlinked(data[1]):
        if key[0] != BYTES_DATA:
            raise BuiltinFailure(f"a key of the {what} is not B data")
        if len(key[1]) > LONGEST_KEY:
            raise BuiltinFailure(f"a key of the {what} has {len(key[1])} bytes; at most {LONGEST_KEY} are allowed")
        if found and found[-1][0] >= key[1]:
            raise BuiltinFailure(f"the keys of the {what} are not in strictly ascending order")
        found.append((key[1], item))
    return found


@builtin(99, "unValueData", (DATA_BY_NODES,), VALUE_TYPE, batch="6")
def from_data(data: Any) -> Value:
    """The value that data stands for; only canonical data stands for one."""
    value: Value = {}
    for currency, inner in _keyed(data, "currencies"):
        tokens: dict[bytes, int] = {}
        for token, amount in _keyed(inner, "tokens"):
            if amount[0] != INTEGER_DATA:
                raise BuiltinFailure("an amount is not I data")
            if amount[1] == 0:
                raise BuiltinFailure("an amount is zero")
            tokens[token] = _amount(amount[1])
        if not tokens:
            raise BuiltinFailure("a currency has no tokens")
        value[currency] = tokens
    return value


@builtin(100, "scaleValue", (INTEGER, VALUE), VALUE_TYPE, batch="6")
def scale(factor: int, value: Value) -> Value:
    """The value with every amount multiplied."""
    if factor == 0:
        return {}
    return {
        currency: {token: _amount(factor * amount) for token, amount in tokens.items()} for currency, tokens in value.items()
    }


@builtin(102, "policies", (VALUE,), list_of(BYTESTRING_TYPE), batch="7")
def currencies(value: Value) -> Any:
    """The list of the currencies, ascending."""
    return linked(value)


@builtin(103, "assetCount", (VALUE,), INTEGER_TYPE, batch="7")
def count(value: Value) -> int:
    """How many amounts a value has."""
    return entries(value)
