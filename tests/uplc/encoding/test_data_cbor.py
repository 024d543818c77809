"""Data as CBOR: what is written, what else is read, what is refused and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagoda.languages.uplc.encoding.data_cbor import read_data, read_leading_data, write_data
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.types import BYTES, CONSTR, INTEGER, LIST, MAP, linked

from .mutate import check_place


def constr(tag, *fields):
    return (CONSTR, tag, linked(fields))


def items(*fields):
    return (LIST, linked(fields))


def entries(*pairs):
    return (MAP, linked(pairs))


def number(value):
    return (INTEGER, value)


def text(value):
    return (BYTES, value)


LONG = bytes(range(130))
PIECES = "5f" + "5840" + LONG[:64].hex() + "5840" + LONG[64:128].hex() + "42" + LONG[128:].hex() + "ff"
CANONICAL = [
    (number(0), "00"),
    (number(23), "17"),
    (number(24), "1818"),
    (number(255), "18ff"),
    (number(256), "190100"),
    (number(65536), "1a00010000"),
    (number(1 << 32), "1b0000000100000000"),
    (number((1 << 64) - 1), "1bffffffffffffffff"),
    (number(1 << 64), "c249010000000000000000"),
    (number(-1), "20"),
    (number(-25), "3818"),
    (number(-(1 << 64)), "3bffffffffffffffff"),
    (number(-(1 << 64) - 1), "c349010000000000000000"),
    (number(int.from_bytes(b"\1" + bytes(63), "big")), "c25840" + "01" + "00" * 63),
    (number(int.from_bytes(b"\1" + bytes(64), "big")), "c25f5840" + "01" + "00" * 63 + "4100ff"),
    (number(~int.from_bytes(b"\1" + bytes(64), "big")), "c35f5840" + "01" + "00" * 63 + "4100ff"),
    (text(b""), "40"),
    (text(b"abc"), "43616263"),
    (text(LONG[:64]), "5840" + LONG[:64].hex()),
    (text(LONG[:65]), "5f5840" + LONG[:64].hex() + "4140ff"),
    (text(LONG), PIECES),
    (items(), "80"),
    (items(number(1)), "9f01ff"),
    (items(items(), items(items())), "9f809f80ffff"),
    (entries(), "a0"),
    (entries((number(2), text(b"")), (number(1), number(5))), "a202400105"),
    (entries((items(number(1)), entries())), "a19f01ffa0"),
    (constr(0), "d87980"),
    (constr(6, number(1), number(2)), "d87f9f0102ff"),
    (constr(7), "d9050080"),
    (constr(127, constr(0)), "d905789fd87980ff"),
    (constr(128), "d86682188080"),
    (constr((1 << 64) - 1, number(0)), "d866821bffffffffffffffff9f00ff"),
]


@pytest.mark.parametrize(("data", "written"), CANONICAL, ids=lambda part: part[:24] if isinstance(part, str) else "")
def test_canonical(data, written):
    assert write_data(data).hex() == written
    assert read_data(bytes.fromhex(written)) == data


@pytest.mark.parametrize(
    ("data", "written"),
    [
        (number(5), "1805"),
        (number(5), "1b0000000000000005"),
        (number(-6), "390005"),
        (number(0), "c240"),
        (number(-1), "c340"),
        (number(7), "c2420007"),
        (number(7), "c25f41004107ff"),
        (text(b"ab"), "580261" + "62"),
        (text(b"ab"), "5b0000000000000002" + "6162"),
        (text(b""), "5fff"),
        (text(b"abc"), "5f416140426263ff"),
        (items(), "9fff"),
        (items(number(1), number(2)), "820102"),
        (items(number(1)), "980101"),
        (items(number(1)), "9b000000000000000101"),
        (entries(), "bfff"),
        (entries((number(2), number(2)), (number(1), number(1)), (number(2), number(3))), "bf020201010203ff"),
        (constr(0), "d8799fff"),
        (constr(0), "da0000007980"),
        (constr(1, number(1)), "d87a8101"),
        (constr(0), "d866820080"),
        (constr(0, number(1)), "d8669f008101ff"),
        (constr(5), "d8669f189f9fffff".replace("189f", "05")),
        (constr(300, items(number(0))), "d8669f19012c9f8100ffff"),
    ],
)
def test_other_ways_to_write_it(data, written):
    assert read_data(bytes.fromhex(written)) == data


BEYOND = [
    (1 << 64, "d86682c249010000000000000000" + "80"),
    (-1, "d866822080"),
    (-(1 << 64) - 1, "d86682c34901000000000000000080"),
]


@pytest.mark.parametrize(("tag", "written"), BEYOND)
def test_constructors_beyond_64_bits_are_written_only(tag, written):
    assert write_data(constr(tag)).hex() == written
    with pytest.raises(MalformedScript, match="number of a constructor"):
        read_data(bytes.fromhex(written))


REFUSED = [
    ("", "ends too early", 0),
    ("18", "ends too early", 1),
    ("1b00000000000000", "ends too early", 8),
    ("436162", "ends too early", 3),
    ("584061", "ends too early", 3),
    ("5f4161", "ends too early", 3),
    ("81", "ends too early", 1),
    ("9f01", "ends too early", 2),
    ("a101", "ends too early", 2),
    ("9bffffffffffffffff00", "ends too early", 10),
    ("bbffffffffffffffff0000", "ends too early", 11),
    ("5bffffffffffffffff00", "more than 64 bytes", 0),
    ("5841" + "00" * 65, "more than 64 bytes", 0),
    ("5f40" + "5841" + "00" * 65 + "ff", "more than 64 bytes", 2),
    ("c25841" + "01" * 65, "more than 64 bytes", 1),
    ("5f5f4161ffff", "bytes are expected", 1),
    ("5f6161ff", "bytes are expected", 1),
    ("c201", "bytes are expected", 1),
    ("d8024101", "tag 2 has no meaning", 0),
    ("d8037840", "tag 3 has no meaning", 0),
    ("c000", "tag 0 has no meaning", 0),
    ("81d87880", "tag 120 has no meaning", 1),
    ("d88080", "tag 128 has no meaning", 0),
    ("d904ff80", "tag 1279 has no meaning", 0),
    ("d9057980", "tag 1401 has no meaning", 0),
    ("d87901", "have to be a list", 2),
    ("d879a0", "have to be a list", 2),
    ("d866a100" + "80", "have to be a list", 2),
    ("d866810080", "number and its fields and no more", 0),
    ("d86683008000", "number and its fields and no more", 0),
    ("d8669f008000ff", "number and its fields and no more", 5),
    ("d866822080", "number of a constructor", 3),
    ("d866820001", "have to be a list", 4),
    ("bf01ff", "ends after a key", 2),
    ("ff", "end of something not begun", 0),
    ("81ff", "end of something not begun", 1),
    ("a1ff00", "end of something not begun", 1),
    ("6161", "text", 0),
    ("f4", "simple value", 0),
    ("f6", "simple value", 0),
    ("f93c00", "float", 0),
    ("1c", "no length or number", 0),
    ("1f", "no length or number", 0),
    ("9c", "no length or number", 0),
    ("df00", "no length or number", 0),
    ("0000", "left over", 1),
    ("9fffff", "left over", 2),
]


@pytest.mark.parametrize(("written", "message", "offset"), REFUSED, ids=[row[0][:20] or "nothing" for row in REFUSED])
def test_refused(written, message, offset):
    with pytest.raises(MalformedScript, match=message) as caught:
        read_data(bytes.fromhex(written))
    assert (caught.value.offset, caught.value.unit) == (offset, "byte")


def test_data_within_other_bytes():
    assert read_leading_data(bytes.fromhex("ffff9f01ff07"), 2) == (items(number(1)), 5)


leaves = st.one_of(st.integers().map(number), st.integers(-(1 << 70), 1 << 70).map(number), st.binary(max_size=200).map(text))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(lambda parts: items(*parts)),
        st.lists(st.tuples(inner, inner), max_size=4).map(lambda parts: entries(*parts)),
        st.tuples(st.integers(0, (1 << 64) - 1) | st.integers(0, 130), st.lists(inner, max_size=4)).map(
            lambda parts: constr(parts[0], *parts[1])
        ),
    ),
    max_leaves=30,
)


@given(trees)
def test_data_comes_back(data):
    assert read_data(write_data(data)) == data


@given(st.binary(max_size=40))
def test_any_bytes_are_data_or_refused(written):
    try:
        data = read_data(written)
    except MalformedScript as refused:
        check_place(refused, written)
    else:
        assert read_data(write_data(data)) == data


NESTS = {
    "list": lambda data: items(data),
    "last of a list": lambda data: items(number(0), data),
    "key": lambda data: entries((data, number(1))),
    "value": lambda data: entries((number(1), data)),
    "field": lambda data: constr(3, data),
    "field of another": lambda data: constr(1000, data, number(2)),
}


@pytest.mark.parametrize("name", NESTS)
def test_deep_data(name):
    data = number(1)
    for _ in range(50_000):
        data = NESTS[name](data)
    written = write_data(data)
    del data
    again = read_data(written)
    assert write_data(again) == written


def test_a_long_list():
    written = b"\x9f" + b"\x01" * 300_000 + b"\xff"
    assert write_data(read_data(written)) == written


def test_an_integer_of_many_digits():
    value = number(-(3**2_000_000))
    assert read_data(write_data(value)) == value
