"""Data and constants as Python values."""

from __future__ import annotations

import pickle

import pytest

from pagoda.uplc import B, Constr, Data, I, List, MalformedScript, Map, constant, evaluate
from pagoda.uplc.values import python_value

EXAMPLE = Constr(1, [I(-5), b"\x01\x02", [1, []], {1: b"a", b"k": Constr(0)}])


def test_plain_values_stand_for_data():
    assert Data.of([1, b"x", (2,), {3: []}]) == List([I(1), B(b"x"), List([I(2)]), Map({I(3): List()})])
    assert Data.of(EXAMPLE) == EXAMPLE
    assert Data.of(bytearray(b"x")) == B(memoryview(b"x"))


@pytest.mark.parametrize("value", [True, None, "x", 1.5, [1, "x"], {1: None}, object()])
def test_what_stands_for_no_data(value):
    with pytest.raises(TypeError, match="does not stand for data"):
        Data.of(value)


def test_what_holds_itself():
    own: list = []
    own.append([own])
    with pytest.raises(ValueError, match="holds itself"):
        Data.of(own)
    shared = [1]
    assert Data.of([shared, shared]) == Data.of([[1], [1]])


def test_parts():
    assert (EXAMPLE.tag, EXAMPLE.fields[0], EXAMPLE.fields[0].value, EXAMPLE.fields[1].value) == (1, I(-5), -5, b"\x01\x02")
    assert list(EXAMPLE.fields[2]) == EXAMPLE.fields[2].items == [I(1), List()]
    table = EXAMPLE.fields[3]
    assert table.items == [(I(1), B(b"a")), (B(b"k"), Constr(0))]
    assert (table.get(1), table.get(b"k").tag, table.get(2), table.get(2, 7)) == (B(b"a"), 0, None, 7)


def test_a_map_may_have_a_key_twice():
    twice = Map([(1, 2), (1, 3)])
    assert twice.to_cbor().hex() == "a201020103"
    assert twice != Map({1: 3})
    assert twice.get(1) == I(2)


def test_cbor_and_text():
    raw = EXAMPLE.to_cbor()
    assert raw.hex() == "d87a9f244201029f0180ffa2014161416bd87980ff"
    assert Data.from_cbor(raw) == Data.from_cbor(raw.hex()) == EXAMPLE
    assert EXAMPLE.to_text() == "Constr 1 [I -5, B #0102, List [I 1, List []], Map [(I 1, B #61), (B #6b, Constr 0 [])]]"
    assert repr(I(1)) == "<data I 1>"
    assert len(repr(B(bytes(1000)))) < 300
    assert pickle.loads(pickle.dumps(EXAMPLE)) == EXAMPLE
    assert type(Data.from_cbor("80")) is List
    for wrong in (b"", b"\x01\x01", "0", "zz", b"\xf6"):
        with pytest.raises(MalformedScript):
            Data.from_cbor(wrong)


def test_equality_and_hash():
    assert I(1) != B(b"\x01")
    assert I(1) != 1
    assert len({I(1), I(1), B(b""), List(), List([])}) == 3


@pytest.mark.parametrize(
    "make",
    [lambda: I(True), lambda: I(1.5), lambda: B("x"), lambda: Constr("0"), lambda: Constr(0, [None]), lambda: Map([(1, None)])],
)
def test_wrong_parts(make):
    with pytest.raises(TypeError):
        make()


def test_constructor_numbers():
    for number in (0, 6, 7, 127, 128, 2**64 - 1):
        assert Data.from_cbor(Constr(number).to_cbor()) == Constr(number)
    for number in (-1, 2**64):
        with pytest.raises(ValueError, match="64 bits"):
            Constr(number)


class Foreign:
    """As classes of other packages: an object that knows its bytes."""

    def __init__(self, raw):
        self.raw = raw

    def to_cbor(self):
        return self.raw


def test_objects_of_other_packages():
    assert Data.of([Foreign(b"\x05")]) == List([5])
    with pytest.raises(TypeError):
        Data.of(Foreign("05"))


VALUES = [
    ("integer", -(10**30)), ("bytestring", b"\x00"), ("string", "é\n"), ("unit", None), ("bool", True),
    ("(list integer)", [1, 2]), ("(list (list bool))", [[], [False]]), ("(array integer)", [1]),
    ("(pair integer (pair string unit))", (1, ("a", None))), ("data", EXAMPLE), ("(list (pair data data))", [(I(1), B(b""))]),
    ("value", {b"a": {b"": 1, b"t": -1}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), VALUES, ids=[kind for kind, _ in VALUES])
def test_constants_come_back(kind, value):
    made = constant(kind, value)
    assert repr(made.type) == kind
    assert python_value(made) == value
    ended = evaluate("(program 1.1.0 (lam x x))", made, language=None)
    assert ended.value == value
    assert ended.text.startswith(f"(con {kind} ")


def test_values_become_canonical():
    assert python_value(constant("value", {b"b": {b"": 0}, b"a": {b"z": 1, b"c": 2}})) == {b"a": {b"c": 2, b"z": 1}}
    for wrong in ({bytes(33): {b"": 1}}, {b"": {b"": 1 << 127}}):
        with pytest.raises(ValueError):
            constant("value", wrong)


def test_data_of_plain_values_in_constants():
    assert python_value(constant("(list data)", [1, b"x", [2]])) == [I(1), B(b"x"), List([I(2)])]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", True), ("integer", "1"), ("bool", 1), ("unit", 0), ("string", b""), ("bytestring", ""),
        ("(list integer)", 1), ("(list integer)", [b""]), ("(pair integer integer)", 1),
        ("bls12_381_G1_element", 1), ("bls12_381_mlresult", b""),
    ],
)  # fmt: skip
def test_values_of_another_type(kind, value):
    with pytest.raises(TypeError):
        constant(kind, value)


def test_values_that_a_type_does_not_have():
    with pytest.raises(ValueError, match="two parts"):
        constant("(pair integer integer)", (1, 2, 3))
    with pytest.raises(ValueError, match="surrogate"):
        constant("string", "\ud800")


@pytest.mark.parametrize("kind", ["", "int", "list", "(list", "integer integer", "(pair integer)", "list(integer)"])
def test_what_is_no_type(kind):
    with pytest.raises(MalformedScript, match="type:1:"):
        constant(kind, 1)


def test_points():
    pytest.importorskip("pyblst")
    generator = bytes.fromhex(
        "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb"
    )
    made = constant("bls12_381_G1_element", generator)
    ended = evaluate("(program 1.0.0 (builtin bls12_381_G1_compress))", made, language=None)
    assert ended.value == generator
    with pytest.raises(ValueError, match="G1"):
        constant("bls12_381_G1_element", bytes(48))
    assert python_value(made) == python_value(constant("bls12_381_G1_element", python_value(made)))
