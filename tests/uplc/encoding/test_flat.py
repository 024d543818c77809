"""Programs, terms and constants in the flat encoding: what is read, what is written, what is refused and where."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.encoding.bits import natural_digits
from pagoda.languages.uplc.encoding.errors import MalformedScript, Unencodable
from pagoda.languages.uplc.encoding.flat import (
    BUILTIN_COUNT,
    read_flat_constant,
    read_program,
    read_term,
    write_constant,
    write_program,
    write_term,
)
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Program, Var
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    DATA_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER,
    INTEGER_TYPE,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    array_of,
    linked,
    list_of,
    pair_of,
)

from .shapes import show


def packed(digits: str) -> bytes:
    """Binary digits, spaces aside, and a filler."""
    digits = digits.replace(" ", "")
    digits += "0" * (7 - len(digits) % 8) + "1"
    return int(digits, 2).to_bytes(len(digits) // 8, "big")


VERSION = "00000001 00000001 00000000"
TERMS = {
    "variable": ("0000 00000001", "(var 1)"),
    "far variable": ("0000 10000000 00000001", "(var 128)"),
    "free variable": ("0000 00000000", "(var 0)"),
    "delay": ("0001 0110", "(delay error)"),
    "lambda": ("0010 0000 00000001", "(lam (var 1))"),
    "application": ("0011 0010 0000 00000001 0110", "(apply (lam (var 1)) error)"),
    "force": ("0101 0001 0110", "(force (delay error))"),
    "error": ("0110", "error"),
    "builtin": ("0111 0000111", "(builtin 7)"),
    "last builtin": ("0111 1100111", "(builtin 103)"),
    "constr without fields": ("1000 00000101 0", "(constr 5)"),
    "constr": ("1000 00000000 1 0110 1 0001 0110 0", "(constr 0 error (delay error))"),
    "case without branches": ("1001 0110 0", "(case error)"),
    "case": ("1001 1000 00000000 0 1 0110 1 0000 00000010 0", "(case (constr 0) error (var 2))"),
    "constr in constr": ("1000 00000000 1 1000 00000001 1 0110 0 1 0110 0", "(constr 0 (constr 1 error) error)"),
    "integer": ("0100 1 0000 0 00001011", "(con integer -6)"),
    "unit": ("0100 1 0011 0", "(con unit None)"),
    "true": ("0100 1 0100 0 1", "(con bool True)"),
    "bytes": ("0100 1 0001 0 000001 00000010 01100001 01100010 00000000", "(con bytestring b'ab')"),
    "string": ("0100 1 0010 0 000001 00000010 11000011 10101001 00000000", "(con string 'é')"),
    "list": ("0100 1 0111 1 0101 1 0000 0 1 00000010 1 00000100 0", "(con (list integer) (1, (2, ())))"),
    "empty list of points": ("0100 1 0111 1 0101 1 1001 0 0", "(con (list bls12_381_G1_element) ())"),
    "array": ("0100 1 0111 1 1100 1 0100 0 1 1 1 0 0", "(con (array bool) (True, False))"),
    "pair": ("0100 1 0111 1 0111 1 0110 1 0000 1 0100 0 00000010 1", "(con (pair integer bool) (1, True))"),
    "data": ("0100 1 1000 0 000001 00000001 00000111 00000000", "(con data (3, 7))"),
}


@pytest.mark.parametrize("name", TERMS)
def test_terms(name):
    digits, shown = TERMS[name]
    data = packed(digits)
    term = read_term(data)
    assert show(term) == shown
    assert write_term(term) == data
    program = Program((1, 1, 0), term)
    again = read_program(write_program(program))
    assert again.version == (1, 1, 0)
    assert show(again.term) == shown
    if name not in ("bytes", "string", "data"):  # those begin with a byte, so the version's bits do not move them
        assert write_program(program) == packed(VERSION + digits)


REFUSED = {
    "no bytes": ("", "ends too early", 0),
    "no term": (VERSION, "ends too early", 32),
    "term cut short": (VERSION + "0011 0110", "ends too early", 40),
    "unknown term": (VERSION + "0010 1010", "no term begins with the tag 10", 28),
    "unknown builtin": (VERSION + "0111 1101000", "no builtin of number 104", 24),
    "large index": (VERSION + "0000" + natural_digits(1 << 64), "64 bits", 28),
    "large tag": (VERSION + "1000" + natural_digits(1 << 64) + "0", "64 bits", 28),
    "constr too early": ("00000001 00000000 00000000 1000 00000000 0", "from version 1.1.0 on", 24),
    "case too early": ("00000001 00000000 01111111 0001 1001 0110 0", "from version 1.1.0 on", 28),
    "nothing for a type": (VERSION + "0100 0", r"tags \[\]", 28),
    "a list of nothing": (VERSION + "0100 1 0101 0", r"tags \[5\]", 28),
    "pair of one": (VERSION + "0100 1 0111 1 0110 1 0000 0", r"tags \[7, 6, 0\]", 28),
    "list of two": (VERSION + "0100 1 0111 1 0111 1 0101 1 0000 1 0000 0", "tags", 28),
    "two types": (VERSION + "0100 1 0000 1 0000 0", "tags", 28),
    "applied integer": (VERSION + "0100 1 0111 1 0000 1 0000 0", "tags", 28),
    "list of list": (VERSION + "0100 1 0111 1 0101 1 0101 0", "tags", 28),
    "unknown type": (VERSION + "0100 1 1110 0", r"tags \[14\]", 28),
    "a point": (VERSION + "0100 1 1001 0 00000000", "no encoding", 34),
    "a point in a list": (VERSION + "0100 1 0111 1 0101 1 1010 0 1 0", "no encoding", 45),
    "unfinished character": (VERSION + "0100 1 0010 0 000001 00000001 11000011 00000000", "not UTF-8, from its byte 0", 34),
    "a surrogate": (VERSION + "0100 1 0010 0 000001 00000011 11101101 10100000 10000000 00000000", "not UTF-8", 34),
    "data that ends": (VERSION + "0100 1 1000 0 000001 00000001 10000001 00000000", "data ends too early.*byte 1 of", 34),
    "data of no kind": (VERSION + "0100 1 1000 0 000001 00000001 11110110 00000000", "simple value.*byte 0 of", 34),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    digits, message, offset = REFUSED[name]
    digits = digits.replace(" ", "")
    digits += "" if name in ("no bytes", "no term", "term cut short") else "1"
    data = int(digits + "0" * (-len(digits) % 8) or "0", 2).to_bytes(-(-len(digits) // 8), "big")
    if name in ("no term", "term cut short"):
        offset = len(data) * 8
    with pytest.raises(MalformedScript, match=message) as caught:
        read_program(data)
    assert (caught.value.offset, caught.value.unit) == (offset, "bit")


def test_what_follows_the_term():
    good = bytes.fromhex("01010061")
    assert show(read_program(good).term) == "error"
    for data, message in [
        (good[:-1] + b"\x60", "ends too early"),
        (good[:-1] + b"\x60\x01", ""),
        (good[:-1] + b"\x60\x00\x00\x00\x01", ""),
        (good[:-1] + b"\x64", "does not end with its byte"),
        (good + b"\x00", "left over"),
        (good + b"\x01", "left over"),
    ]:
        if not message:
            assert show(read_program(data).term) == "error"
            continue
        with pytest.raises(MalformedScript, match=message):
            read_program(data)


@pytest.mark.parametrize("cut", range(1, 15))
def test_cut_anywhere(cut):
    data = write_program(Program((1, 1, 0), Apply(Lam(Var(1)), Const(Constant(STRING_TYPE, "cut me up")))))
    with pytest.raises(MalformedScript, match="ends too early"):
        read_program(data[:-cut])


def test_versions_of_any_size():
    for version in ((1, 0, 0), (0, 0, 0), (11, 22, 300), (1 << 100, 5, 1 << 70)):
        data = write_program(Program(version, Error()))
        assert read_program(data).version == version


VALUES = [
    (INTEGER_TYPE, -(10**40)),
    (BYTESTRING_TYPE, b""),
    (BYTESTRING_TYPE, bytes(range(256)) * 3),
    (STRING_TYPE, "\0 naïve 😀" * 50),
    (UNIT_TYPE, None),
    (BOOL_TYPE, False),
    (list_of(UNIT_TYPE), linked([None] * 5)),
    (list_of(list_of(INTEGER_TYPE)), linked([(), linked([1, 2]), linked([3])])),
    (array_of(list_of(BOOL_TYPE)), ((), linked([True]))),
    (array_of(array_of(STRING_TYPE)), ((), ("a", "b"), ("",))),
    (
        pair_of(pair_of(INTEGER_TYPE, BYTESTRING_TYPE), list_of(DATA_TYPE)),
        ((1, b"x"), linked([(INTEGER, 5), (INTEGER, 1 << 70)])),
    ),
    (list_of(pair_of(DATA_TYPE, DATA_TYPE)), linked([((INTEGER, 1), (INTEGER, 2))])),
    (VALUE_TYPE, {}),
    (VALUE_TYPE, {b"": {b"": 1}, b"a": {b"": -(1 << 127), bytes(32): (1 << 127) - 1}}),
    (list_of(VALUE_TYPE), linked([{b"k": {b"t": 5}}, {}])),
]


@pytest.mark.parametrize(("kind", "value"), VALUES, ids=lambda part: repr(part)[:40])
def test_constants_come_back(kind, value):
    data = write_constant(Constant(kind, value))
    constant = read_flat_constant(data)
    assert constant.type is kind
    assert constant.value == value
    assert write_constant(constant) == data
    again = read_program(write_program(Program((1, 0, 0), Delay(Const(constant)))))
    assert show(again.term) == f"(delay (con {kind!r} {value!r}))"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({b"b": {b"": 1}, b"a": {b"": 1}}, "do not ascend"),
        ({b"a": {b"b": 1, b"a": 1}}, "do not ascend"),
        ({b"a": {}}, "no tokens"),
        ({b"a": {b"": 0}}, "is zero"),
        ({b"a": {b"": 1 << 127}}, "128 bits"),
        ({b"a": {b"": -(1 << 127) - 1}}, "128 bits"),
        ({bytes(33): {b"": 1}}, "longer than 32"),
        ({b"a": {bytes(33): 1}}, "longer than 32"),
    ],
)
def test_values_that_are_not_canonical(value, message):
    data = write_constant(Constant(VALUE_TYPE, value))
    with pytest.raises(MalformedScript, match=message):
        read_flat_constant(data)


def test_bytes_after_data_in_its_constant_are_left_alone():
    # The reference asks the CBOR reader for what it finds first and no more.
    data = write_constant(Constant(BYTESTRING_TYPE, b"\x07\xff\xff"))
    as_data = bytes((data[0] & ~0b01111000 | 0b01000000, *data[1:]))
    assert read_flat_constant(as_data).value == (INTEGER, 7)


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (Var(-1), "index"),
        (Var(1 << 64), "index"),
        (Constr(1 << 64, ()), "tag"),
        (Const(Constant(G1_TYPE, None)), "bls12"),
        (Const(Constant(list_of(G2_TYPE), (None, ()))), "bls12"),
        (Const(Constant(ML_TYPE, None)), "bls12"),
    ],
)
def test_what_has_no_bytes(term, message):
    with pytest.raises(Unencodable, match=message):
        write_term(term)


def test_constr_is_not_written_into_an_old_program():
    for term in (Constr(0, ()), Case(Error(), ())):
        with pytest.raises(Unencodable, match="1.1.0"):
            write_program(Program((1, 0, 0), Lam(term)))


def test_there_are_as_many_builtins_as_the_table_has():
    from pagoda.languages.uplc.builtins.table import BUILTINS

    assert len(BUILTINS) == BUILTIN_COUNT


DEPTH = 50_000
NESTS = {
    "lam": Lam,
    "force": Force,
    "delay": Delay,
    "function": lambda term: Apply(term, Builtin(3)),
    "argument": lambda term: Apply(Builtin(3), term),
    "field": lambda term: Constr(0, (Error(), term)),
    "scrutinee": lambda term: Case(term, (Error(),)),
    "branch": lambda term: Case(Error(), (term, Error())),
}


@pytest.mark.parametrize("name", NESTS)
def test_deep_terms(name):
    term = Var(1)
    for _ in range(DEPTH):
        term = NESTS[name](term)
    data = write_term(term)
    del term
    assert write_term(read_term(data)) == data


def test_deep_types_and_values():
    kind, value = INTEGER_TYPE, 5
    for _ in range(20_000):
        kind, value = pair_of(list_of(kind), UNIT_TYPE), ((value, ()), None)
    data = write_constant(Constant(kind, value))
    constant = read_flat_constant(data)
    assert constant.type is kind
    assert write_constant(constant) == data


def test_lengths_that_nothing_follows():
    for digits in ("0100 1 0001 0 000001 11111111", "0100 1 0000 0" + "11111111" * 50, "0000" + "11111111" * 50):
        with pytest.raises(MalformedScript):
            read_term(packed(digits))
