"""Data with one thing changed: what a script was not written for, or was."""

from __future__ import annotations

from random import Random
from typing import Any

from pagoda.languages.uplc.types import BYTES, CONSTR, INTEGER, MAP, linked, unlinked

from .literals import data


def mutated(rng: Random, whole: Any) -> Any:
    """Data that differs in one place, which is likelier deep inside than outside. Data here is not deep: this recurses."""
    kind = whole[0]
    if kind == INTEGER:
        return INTEGER, rng.choice((whole[1] + 1, whole[1] - 1, -whole[1], 0, whole[1] << 64))
    if kind == BYTES:
        return BYTES, _mutated_bytes(rng, whole[1])
    items = list(unlinked(whole[-1]))
    if not items or rng.random() < 0.08:
        return _mutated_list(rng, whole, items)
    at = rng.randrange(len(items))
    if kind == MAP:
        key, value = items[at]
        changed_value = rng.random() < 0.7
        items[at] = (key, mutated(rng, value)) if changed_value else (mutated(rng, key), value)
    else:
        items[at] = mutated(rng, items[at])
    return (*whole[:-1], linked(items))


def _mutated_bytes(rng: Random, octets: bytes) -> bytes:
    if not octets or rng.random() < 0.2:
        return octets + b"\x00"
    at = rng.randrange(len(octets))
    return rng.choice((octets[:at], octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]))


def _mutated_list(rng: Random, whole: Any, items: list[Any]) -> Any:
    """Another tag, or an item more or less."""
    if whole[0] == CONSTR and rng.random() < 0.5:
        return CONSTR, rng.choice((whole[1] + 1, max(whole[1] - 1, 0), 200)), whole[2]
    if items and rng.random() < 0.6:
        at = rng.randrange(len(items))
        items[at : at + 1] = rng.choice(([], [items[at]] * 2))
    else:
        items.append((data(rng, 1), data(rng, 1)) if whole[0] == MAP else data(rng, 1))
    return (*whole[:-1], linked(items))
