"""Random types, constants, closed terms and programs."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pagoda.languages.uplc.terms import (
    Apply,
    Builtin,
    Case,
    Const,
    Constr,
    Delay,
    Error,
    Force,
    Lam,
    Program,
    Var,
)
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    MAP,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    Type,
    array_of,
    linked,
    list_of,
    pair_of,
)

integers = st.one_of(st.integers(-300, 300), st.integers(), st.integers(2**63 - 2, 2**65), st.integers(-(10**5000), 10**5000))
octets = st.binary(max_size=80)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

types = st.recursive(
    st.sampled_from([INTEGER_TYPE, BYTESTRING_TYPE, STRING_TYPE, UNIT_TYPE, BOOL_TYPE, DATA_TYPE, VALUE_TYPE]),
    lambda inner: st.one_of(inner.map(list_of), inner.map(array_of), st.builds(pair_of, inner, inner)),
    max_leaves=4,
)

datas: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.tuples(st.just(INTEGER), integers), st.tuples(st.just(BYTES), octets)),
    lambda inner: st.one_of(
        st.tuples(st.just(CONSTR), st.integers(0, 2**64), st.lists(inner, max_size=4).map(linked)),
        st.tuples(st.just(MAP), st.lists(st.tuples(inner, inner), max_size=3).map(linked)),
        st.tuples(st.just(LIST), st.lists(inner, max_size=4).map(linked)),
    ),
    max_leaves=8,
)


def _ascending(entries: dict[bytes, Any]) -> dict[bytes, Any]:
    return dict(sorted(entries.items()))


keys = st.binary(max_size=32)
quantities = st.integers(-(2**127), 2**127 - 1).filter(bool)
values = st.dictionaries(
    keys, st.dictionaries(keys, quantities, min_size=1, max_size=3).map(_ascending), max_size=3
).map(_ascending)  # fmt: skip

_SCALARS: dict[Type, st.SearchStrategy[Any]] = {
    INTEGER_TYPE: integers,
    BYTESTRING_TYPE: octets,
    STRING_TYPE: texts,
    UNIT_TYPE: st.none(),
    BOOL_TYPE: st.booleans(),
    DATA_TYPE: datas,
    VALUE_TYPE: values,
}


def values_of(kind: Type) -> st.SearchStrategy[Any]:
    if kind in _SCALARS:
        return _SCALARS[kind]
    if kind.name == "pair":
        return st.tuples(values_of(kind.parts[0]), values_of(kind.parts[1]))
    items = st.lists(values_of(kind.parts[0]), max_size=4)
    return items.map(linked if kind.name == "list" else tuple)


constants = types.flatmap(lambda kind: st.builds(Constant, st.just(kind), values_of(kind)))

names = st.one_of(st.sampled_from(["", "x", "y", "lam", "x_1", "a b", "#1", "con", "`", "x-1"]), texts)

# Terms are first drawn as makers: called with the number of binders around, they give a term that is closed there.
_leaves = st.one_of(
    st.integers(0, 50).map(lambda n: lambda depth: Var(1 + n % depth) if depth else Error()),
    constants.map(lambda constant: lambda depth: Const(constant)),
    st.integers(0, 103).map(lambda number: lambda depth: Builtin(number)),
    st.just(lambda depth: Error()),
)


def _larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, max_size=3)
    return st.one_of(
        st.tuples(inner, names).map(lambda drawn: lambda depth: Lam(drawn[0](depth + 1), drawn[1])),
        st.tuples(inner, inner).map(lambda drawn: lambda depth: Apply(drawn[0](depth), drawn[1](depth))),
        inner.map(lambda body: lambda depth: Delay(body(depth))),
        inner.map(lambda body: lambda depth: Force(body(depth))),
        st.tuples(st.integers(0, 2**64 - 1), several).map(
            lambda drawn: lambda depth: Constr(drawn[0], tuple(field(depth) for field in drawn[1]))
        ),
        st.tuples(inner, several).map(
            lambda drawn: lambda depth: Case(drawn[0](depth), tuple(branch(depth) for branch in drawn[1]))
        ),
    )


terms: st.SearchStrategy[Any] = st.recursive(_leaves, _larger, max_leaves=15).map(lambda maker: maker(0))
programs = terms.map(lambda term: Program((1, 1, 0), term))
