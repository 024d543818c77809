"""Constants into native memory and back: every type, any depth, shared parts, types without a code."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from hypothesis import given, settings

from pagoda.languages.uplc.execute.from_native import constant_of
from pagoda.languages.uplc.execute.memory import Region
from pagoda.languages.uplc.execute.recalled import values
from pagoda.languages.uplc.execute.to_native import RoomFull, Writer
from pagoda.languages.uplc.execute.type_codes import NoForm, code_of, type_of
from pagoda.languages.uplc.terms_scope import same_constant
from pagoda.languages.uplc.types import (
    BYTES,
    CONSTR,
    DATA_TYPE,
    G1_TYPE,
    INTEGER,
    INTEGER_TYPE,
    LIST,
    UNIT_TYPE,
    Constant,
    array_of,
    linked,
    list_of,
    pair_of,
)
from uplc.syntax import strategies


@pytest.fixture(scope="module")
def region():
    return Region(1 << 28)


def there_and_back(region: Region, constant: Constant, points: list[Any] | None = None) -> tuple[Constant, int]:
    """The constant that was read back, and the bytes that it took."""
    points = [] if points is None else points
    writer = Writer(region.start, region.end, points)
    word = writer.constant(constant)
    return constant_of(writer.finish() and word, points), writer.at - region.start


@settings(max_examples=300, deadline=None)
@given(strategies.constants)
def test_a_constant_comes_back(region, constant):
    try:
        code_of(constant.type)
    except NoForm:
        return
    assert same_constant(there_and_back(region, constant)[0], constant)


@pytest.mark.parametrize("number", [n + d for n in (0, 1 << 61, -(1 << 61), 1 << 63, 1 << 64, 1 << 128) for d in (-1, 0, 1)])
def test_integers_at_the_borders(region, number):
    found, size = there_and_back(region, Constant(INTEGER_TYPE, number))
    assert found.value == number
    assert (size == 0) == (values.LEAST_SMALL <= number <= values.MOST_SMALL)


def test_depth_and_length_are_no_matter(region):
    deep: Any = (INTEGER, 1)
    for tag in range(40_000):
        deep = (CONSTR, tag % 7, (deep, ()))
    constant = Constant(DATA_TYPE, deep)
    assert same_constant(there_and_back(region, constant)[0], constant)
    long = Constant(list_of(INTEGER_TYPE), linked(range(40_000)))
    assert same_constant(there_and_back(region, long)[0], long)


def test_shared_parts_stay_shared(region):
    data: Any = (BYTES, b"x" * 100)
    items: Any = ()
    for _ in range(200):
        items = (data, (data, items))
        data = (LIST, items)
    found, size = there_and_back(region, Constant(DATA_TYPE, data))
    assert size < 200_000  # unshared it would not fit any memory
    assert found.value[1][0] is found.value[1][1][0]


def test_types_have_codes_that_tell_them_apart():
    some = [INTEGER_TYPE, UNIT_TYPE, DATA_TYPE]
    kinds = [*some, *map(list_of, some), *map(array_of, some), *(pair_of(a, list_of(b)) for a in some for b in some)]
    assert [type_of(code_of(kind)) for kind in kinds] == kinds
    assert len({code_of(kind) for kind in kinds}) == len(kinds)
    deep = INTEGER_TYPE
    for _ in range(values.MOST_TYPE_NODES - 1):
        deep = list_of(deep)
    assert type_of(code_of(deep)) is deep
    with pytest.raises(NoForm):
        code_of(list_of(deep))


def test_points_are_numbers_of_objects(region):
    point = object()
    points = ["another"]
    assert there_and_back(region, Constant(G1_TYPE, point), points)[0].value is point
    assert points == ["another", point]


def test_what_is_no_constant_is_refused(region):
    function = region.start
    for word in (function, function + values.DELAYED, values.ATOM | values.FIRST_BUILTIN << 3):
        with pytest.raises(NoForm):
            constant_of(word, [])
    ctypes.c_int64.from_address(function).value = values.CONSTR
    with pytest.raises(NoForm):
        constant_of(function + values.OBJECT, [])


def test_a_room_that_is_too_small_stays_as_it_was(region):
    ctypes.memset(region.start, 0xAA, 64)
    for size in (0, 8, 64):
        writer = Writer(region.start, region.start + size, [])
        with pytest.raises(RoomFull):
            writer.constant(Constant(DATA_TYPE, (BYTES, bytes(100)))) and writer.finish()
    assert ctypes.string_at(region.start, 64) == b"\xaa" * 64
