"""Which builtins give what: of the monomorphic ones as their table says, of the polymorphic ones for any type."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TypeAlias

from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    DATA_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER_TYPE,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Type,
    array_of,
    list_of,
    pair_of,
)

#: A constant's type; or what only terms have: ("->", from, to), ("delay", of), ("sum", fields of each tag).
Kind: TypeAlias = "Type | tuple[str, object] | tuple[str, object, object]"
Signature: TypeAlias = tuple[int, tuple["Kind", ...]]

#: Everyday types more often than the others.
TYPES = [INTEGER_TYPE] * 5 + [BOOL_TYPE] * 2 + [BYTESTRING_TYPE] * 3 + [DATA_TYPE] * 3 + [STRING_TYPE, UNIT_TYPE, VALUE_TYPE]
_DATA_LIST, _DATA_PAIR = list_of(DATA_TYPE), pair_of(DATA_TYPE, DATA_TYPE)
#: What builtins over data give and take.
COMPOUND = (_DATA_LIST, _DATA_PAIR, list_of(_DATA_PAIR), pair_of(INTEGER_TYPE, _DATA_LIST))
POINTS = (G1_TYPE, G2_TYPE, ML_TYPE)


def random_type(rng: Random, depth: int = 2) -> Type:
    """A type of constants that have literals."""
    form = rng.random()
    if depth <= 0 or form < 0.65:
        return rng.choice(TYPES)
    if form < 0.75:
        return rng.choice(COMPOUND)
    if form < 0.9:
        return list_of(random_type(rng, depth - 1))
    if form < 0.97:
        return pair_of(random_type(rng, depth - 1), random_type(rng, depth - 1))
    return array_of(random_type(rng, depth - 1))


def _monomorphic() -> dict[Type, list[Signature]]:
    found: dict[Type, list[Signature]] = {}
    for builtin in BUILTINS:
        kinds = tuple(kind.type for kind in builtin.signature("E"))
        if builtin.result is not None and None not in kinds:
            found.setdefault(builtin.result, []).append((builtin.number, kinds))  # type: ignore[arg-type]
    return found


MONOMORPHIC = _monomorphic()


def signatures(rng: Random, wanted: Kind) -> Iterator[Signature]:
    """Builtins whose result may be of a kind, with the kinds of their arguments."""
    other = random_type(rng, 1)
    yield _named("ifThenElse", BOOL_TYPE, wanted, wanted)
    yield _named("chooseUnit", UNIT_TYPE, wanted)
    yield _named("trace", STRING_TYPE, wanted)
    yield _named("chooseList", list_of(other), wanted, wanted)
    yield _named("chooseData", DATA_TYPE, *(wanted,) * 5)
    if not isinstance(wanted, Type):
        return
    yield from MONOMORPHIC.get(wanted, ())
    yield _named("fstPair", pair_of(wanted, other))
    yield _named("sndPair", pair_of(other, wanted))
    yield _named("headList", list_of(wanted))
    yield _named("indexArray", array_of(wanted), INTEGER_TYPE)
    if wanted is BOOL_TYPE:
        yield _named("nullList", list_of(other))
    elif wanted is INTEGER_TYPE:
        yield _named("lengthOfArray", array_of(other))
    elif wanted.name == "list":
        yield _named("mkCons", wanted.parts[0], wanted)
        yield _named("tailList", wanted)
        yield _named("dropList", INTEGER_TYPE, wanted)
        yield _named("multiIndexArray", array_of(wanted.parts[0]), list_of(INTEGER_TYPE))
    elif wanted.name == "array":
        yield _named("listToArray", list_of(wanted.parts[0]))


def _named(name: str, *kinds: Kind) -> Signature:
    found = by_name(name)
    assert found is not None
    return found.number, kinds
