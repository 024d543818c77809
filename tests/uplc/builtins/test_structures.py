"""Builtins on lists, pairs, arrays and data, and those that choose."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.builtins import data as data_builtins
from pagoda.languages.uplc.builtins.failure import BuiltinFailure, UnliftingFailure
from pagoda.languages.uplc.builtins.semantics import semantics
from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.types import (
    BYTES,
    CONSTR,
    DATA_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    MAP,
    STRING_TYPE,
    UNIT_TYPE,
    Constant,
    array_of,
    linked,
    list_of,
    pair_of,
    unlinked,
)

from .calling import call, constant, integers

DEEP = 1_000_000


def result(name, *arguments):
    """The whole constant that a builtin gives."""
    return semantics("E").call[by_name(name).number](*arguments)


def deep(kind, leaf):
    data = leaf
    for _ in range(DEEP):
        data = (kind, 0, (data, ())) if kind == CONSTR else (kind, (data, ()))
    return data


def test_lists():
    items = integers(1, 2, 3)
    head, tail = result("headList", items), result("tailList", items)
    assert (head.type, head.value) == (INTEGER_TYPE, 1)
    assert (tail.type, tail.value) == (items.type, linked([2, 3]))
    assert tail.value is items.value[1]
    longer = result("mkCons", constant(INTEGER_TYPE, 0), items)
    assert (longer.type, longer.value) == (items.type, linked([0, 1, 2, 3]))
    for name in ("headList", "tailList"):
        with pytest.raises(BuiltinFailure, match="the list is empty"):
            result(name, integers())


def test_an_item_of_another_type():
    with pytest.raises(BuiltinFailure, match="an item of type string cannot go into a list of integer") as failure:
        result("mkCons", constant(STRING_TYPE, ""), integers())
    assert not isinstance(failure.value, UnliftingFailure)
    with pytest.raises(UnliftingFailure, match="expected any constant, found no constant"):
        result("mkCons", ("function",), integers())
    nested = Constant(list_of(list_of(INTEGER_TYPE)), ())
    assert result("mkCons", integers(1), nested).value == (linked([1]), ())


def test_dropping():
    items = integers(*range(5))
    for count, rest in ((-(2**80), 5), (0, 5), (2, 3), (5, 0), (6, 0), (2**80, 0)):
        dropped = result("dropList", constant(INTEGER_TYPE, count), items)
        assert dropped.type is items.type
        assert list(unlinked(dropped.value)) == list(range(5))[5 - rest :]


def test_pairs():
    pair = Constant(pair_of(INTEGER_TYPE, STRING_TYPE), (1, "a"))
    first, second = result("fstPair", pair), result("sndPair", pair)
    assert (first.type, first.value) == (INTEGER_TYPE, 1)
    assert (second.type, second.value) == (STRING_TYPE, "a")


def test_arrays():
    array = result("listToArray", integers(5, 6, 7))
    assert (array.type, array.value) == (array_of(INTEGER_TYPE), (5, 6, 7))
    assert call("lengthOfArray", array) == 3
    assert call("indexArray", array, 2) == 7
    several = result("multiIndexArray", array, integers(2, 0, 2))
    assert (several.type, several.value) == (list_of(INTEGER_TYPE), linked([7, 5, 7]))
    for wrong in (-1, 3, 2**63 - 1, 2**63):
        with pytest.raises(BuiltinFailure):
            call("indexArray", array, wrong)
        with pytest.raises(BuiltinFailure):
            call("multiIndexArray", array, linked([0, wrong]))
    assert len(list(unlinked(call("multiIndexArray", array, linked([0] * 1024))))) == 1024
    with pytest.raises(BuiltinFailure, match="more than 1024 indices"):
        call("multiIndexArray", array, linked([0] * 1025))


def test_choices():
    one, other = ("one",), ("other",)
    assert call("ifThenElse", False, one, other) is other
    assert call("chooseUnit", None, one) is one
    assert call("chooseList", integers(), one, other) is one
    assert call("chooseList", integers(1), one, other) is other
    assert call("trace", "message", one) is one
    kinds = ((CONSTR, 0, ()), (MAP, ()), (LIST, ()), (INTEGER, 0), (BYTES, b""))
    assert [call("chooseData", data, *"CMLIB") for data in kinds] == list("CMLIB")


def test_data_there_and_back():
    items = linked([(INTEGER, 1), (BYTES, b"a")])
    pairs = linked([((INTEGER, 1), (INTEGER, 2))])
    assert call("unConstrData", call("constrData", 7, items)) == (7, items)
    assert call("unMapData", call("mapData", pairs)) == pairs
    assert call("unListData", call("listData", items)) == items
    assert call("unIData", call("iData", -(2**70))) == -(2**70)
    assert call("unBData", call("bData", b"abc")) == b"abc"
    assert result("unConstrData", constant(DATA_TYPE, (CONSTR, 7, ()))).type is pair_of(INTEGER_TYPE, list_of(DATA_TYPE))
    assert result("mkPairData", *[constant(DATA_TYPE, (INTEGER, 1))] * 2).type is pair_of(DATA_TYPE, DATA_TYPE)
    assert result("mkNilData", constant(UNIT_TYPE, None)).type is list_of(DATA_TYPE)
    assert result("mkNilPairData", constant(UNIT_TYPE, None)).type is list_of(pair_of(DATA_TYPE, DATA_TYPE))


def test_data_of_another_kind():
    with pytest.raises(BuiltinFailure, match="expected I data, found B"):
        call("unIData", (BYTES, b""))
    for name in ("unConstrData", "unMapData", "unListData", "unBData"):
        with pytest.raises(BuiltinFailure, match="data, found I"):
            call(name, (INTEGER, 1))


def test_equality_of_data():
    def made(tag=1, number=2, text=b"x", length=1):
        inner = (MAP, linked([((INTEGER, number), (BYTES, text))] * length))
        return CONSTR, tag, linked([inner, (LIST, linked([(INTEGER, 1)]))])

    assert call("equalsData", made(), made()) is True
    for other in (made(tag=2), made(number=3), made(text=b"y"), made(length=0), made(length=2), (LIST, ()), (INTEGER, 1)):
        assert call("equalsData", made(), other) is False
        assert call("equalsData", other, made()) is False
    assert call("equalsData", (LIST, ()), (MAP, ())) is False


@pytest.mark.parametrize("kind", [CONSTR, LIST])
def test_deep_data(kind):
    data, other = deep(kind, (INTEGER, 1)), deep(kind, (INTEGER, 2))
    assert data_builtins.equal(data, other) is False
    assert data_builtins.equal(data, (kind, *other[1:])) is False
    assert len(data_builtins.serialise(data)) > DEEP


def test_long_lists():
    items = integers(*range(DEEP))
    assert result("dropList", constant(INTEGER_TYPE, DEEP - 1), items).value == (DEEP - 1, ())
    assert call("lengthOfArray", result("listToArray", items)) == DEEP
    long = LIST, linked((INTEGER, number) for number in range(DEEP))
    assert call("equalsData", long, (LIST, linked((INTEGER, number) for number in range(DEEP)))) is True
