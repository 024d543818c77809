"""Wraps, envelopes, hashes, and what a ledger accepts."""

from __future__ import annotations

import json

import pytest

from pagoda.languages.uplc.encoding import ledger
from pagoda.languages.uplc.encoding.cbor import head
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.flat import read_program, write_program
from pagoda.languages.uplc.encoding.ledger import bounds_of
from pagoda.languages.uplc.encoding.script import (
    open_script,
    read_serialised,
    script_hash,
    serialised_hash,
    text_envelope,
    unwrap,
    wrap,
)
from pagoda.languages.uplc.terms import Builtin, Const, Constr, Delay, Error, Program
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant, list_of, pair_of

# The script that succeeds always with which everybody begins, as cardano-cli writes it, and its name on the chain.
ALWAYS = bytes.fromhex("01000033222220051200120011")
ALWAYS_TWICE = "4e4d01000033222220051200120011"
ALWAYS_HASH = "67f33146617a5e61936081db3b2117cbf59bd2123748f58ac9678656"


def test_the_hash_of_a_script():
    assert script_hash(ALWAYS, "V1").hex() == ALWAYS_HASH
    assert len({script_hash(ALWAYS, language) for language in ledger.LANGUAGES}) == 4
    assert serialised_hash(wrap(ALWAYS), "V2") == script_hash(ALWAYS, "V2")
    assert serialised_hash(b"\x58" + bytes((len(ALWAYS),)) + ALWAYS, "V1").hex() != ALWAYS_HASH


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 65535, 65536])
def test_wraps_of_any_length(length):
    flat = b"\1" * length
    assert unwrap(wrap(wrap(flat)), "V3") == flat
    assert unwrap(wrap(flat), "V3") == flat
    assert unwrap(wrap(flat).hex().encode(), "V3") == flat


@pytest.mark.parametrize(
    "data",
    [
        ALWAYS,
        wrap(ALWAYS),
        wrap(wrap(ALWAYS)),
        ALWAYS_TWICE.encode(),
        ALWAYS_TWICE.upper().encode() + b"\r\n",
        wrap(ALWAYS).hex().encode(),
        ALWAYS.hex().encode(),
        b"\x59\x00\x0d" + ALWAYS,
        text_envelope(ALWAYS, "V2", "a script").encode(),
        b"\xef\xbb\xbf \n" + text_envelope(ALWAYS, "V2").encode(),
        json.dumps({"cborHex": wrap(ALWAYS).hex()}).encode(),
    ],
)
def test_what_a_script_comes_in(data):
    script = open_script(data)
    assert script.flat == ALWAYS
    assert script.language == ("V2" if b"PlutusScriptV2" in data else None)
    assert unwrap(data, "V1") == ALWAYS


def test_an_envelope():
    assert json.loads(text_envelope(ALWAYS, "V3", 'say "hi"')) == {
        "type": "PlutusScriptV3",
        "description": 'say "hi"',
        "cborHex": ALWAYS_TWICE,
    }


def test_the_serialised_form_is_kept_as_it_came():
    odd = b"\x59\x00\x0d" + ALWAYS
    assert open_script(odd).serialised == odd
    assert open_script(wrap(odd)).serialised == odd
    assert open_script(ALWAYS).serialised == wrap(ALWAYS)
    assert open_script(wrap(odd + b"more"), "V1").serialised == odd + b"more"


@pytest.mark.parametrize("language", [*ledger.LANGUAGES, None])
def test_what_follows_a_script(language):
    for data in (wrap(ALWAYS) + b"xyz", wrap(wrap(ALWAYS) + b"xyz")):
        if language in ("V1", "V2"):
            assert unwrap(data, language) == ALWAYS
            continue
        with pytest.raises(MalformedScript, match="left over after the script") as caught:
            unwrap(data, language)
        assert (caught.value.offset, caught.value.unit) == (len(ALWAYS) + 1, "byte")
    with pytest.raises(MalformedScript, match="left over after the outer"):
        unwrap(wrap(wrap(ALWAYS)) + b"xyz", language)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x4d" + ALWAYS[:-1], "end too early"),
        (b"\x5f\x4d" + ALWAYS + b"\xff", "no stated length"),
        (b"\x5bffffffff", "end too early"),
        (b"\x5c", "end too early"),
        (b"4e4d0", "odd number of digits"),
        (b"{", "not JSON: "),
        (b'{"cborHex": "4e4d01', "not JSON: "),
        (b'{"cborHex": "\xff"}', "not UTF-8"),
        (b'{"a":' + b"[" * 200_000, "cannot be read|can be read"),
        (b'{"a": ' + b"1" * 10_000 + b"}", "can be read"),
        (b"{}", 'no field "cborHex"'),
        (b'{"cborHex": 5}', 'no field "cborHex"'),
        (b'{"cborHex": "zz"}', "hexadecimal"),
        (b'{"cborHex": "01000061"}', "does not hold CBOR bytes"),
        (b'{"type": "PlutusScriptV9", "cborHex": "40"}', "unknown language, Plutus V9"),
        (b'{"type": "SimpleScript", "cborHex": "40"}', "does not hold a Plutus script"),
        (b'{"type": 5, "cborHex": "40"}', "does not hold a Plutus script"),
    ],
)
def test_refused(data, message):
    with pytest.raises(MalformedScript, match=message):
        open_script(data)


def test_the_place_in_an_envelope_is_one_in_its_bytes():
    for mark in (b"", b"\xef\xbb\xbf"):
        with pytest.raises(MalformedScript) as caught:
            open_script(mark + '{"description": "é😀" oops}'.encode())
        assert (caught.value.offset, caught.value.unit) == (25 + len(mark), "byte")


def test_other_languages():
    for call in (lambda: open_script(ALWAYS, "V5"), lambda: script_hash(ALWAYS, "v1"), lambda: bounds_of("PlutusV1", 11)):
        with pytest.raises(ValueError, match="the languages are V1, V2, V3, V4"):
            call()


def test_the_languages_are_those_of_the_builtins():
    from pagoda.languages.uplc.builtins.table import LANGUAGES

    assert LANGUAGES == ledger.LANGUAGES


def serialised(term, version=(1, 1, 0)) -> bytes:
    return wrap(write_program(Program(version, term)))


def test_a_serialised_script():
    assert read_serialised(wrap(ALWAYS), "V1", 5).version == (1, 0, 0)
    assert read_serialised(wrap(ALWAYS) + b"!", "V1", 5).version == (1, 0, 0)
    with pytest.raises(MalformedScript, match="left over"):
        read_serialised(wrap(ALWAYS) + b"!", "V3", 9)
    for data in (ALWAYS, b"", b"\x5f" + wrap(ALWAYS) + b"\xff"):
        with pytest.raises(MalformedScript, match="not wrapped"):
            read_serialised(data, "V1", 5)
    with pytest.raises(MalformedScript, match="version 77.1.0"):  # wrapped twice, which no chain knows
        read_serialised(wrap(wrap(ALWAYS)), "V2", 7)


@pytest.mark.parametrize(
    ("language", "protocol", "accepted"),
    [("V1", 10, False), ("V1", 11, True), ("V2", 10, False), ("V2", 11, True), ("V3", 9, True), ("V4", 12, True)],
)
def test_versions_of_programs(language, protocol, accepted):
    assert read_serialised(serialised(Error(), (1, 0, 0)), language, protocol)
    if accepted:
        assert read_serialised(serialised(Error()), language, protocol)
    else:
        with pytest.raises(MalformedScript, match=f"version 1.1.0 are not accepted by Plutus {language} at protocol version"):
            read_serialised(serialised(Error()), language, protocol)
    with pytest.raises(MalformedScript, match="version 1.2.0 are not"):
        read_serialised(serialised(Error(), (1, 2, 0)), language, protocol)
    with pytest.raises(MalformedScript, match=r"version 1.\.\.\..0 are not"):
        read_serialised(serialised(Error(), (1, 10**5000, 0)), language, protocol)


@pytest.mark.parametrize(
    ("number", "name", "language", "refused", "accepted"),
    [(51, "serialiseData", "V2", 6, 7), (54, "bls12_381_G1_add", "V2", 10, 11), (101, "multiIndexArray", "V3", 11, None)],
)
def test_builtins_come_with_a_protocol_version(number, name, language, refused, accepted):
    data = serialised(Delay(Builtin(number)), (1, 0, 0))
    message = f"{name} is not available in Plutus {language} at protocol version {refused}"
    with pytest.raises(MalformedScript, match=message) as caught:
        read_serialised(data, language, refused)
    assert caught.value.offset == 28
    if accepted is not None:
        assert read_serialised(data, language, accepted)
    assert read_program(data[1:])


def test_bounds_on_types():
    kind = INTEGER_TYPE
    for _ in range(15):
        kind = list_of(kind)
    data = [Const(Constant(kind, ())), Const(Constant(pair_of(kind, INTEGER_TYPE), ((), 1)))]  # 31 and 35 tags
    assert read_serialised(serialised(data[0]), "V3", 11)
    assert read_serialised(serialised(data[1]), "V3", 10)
    with pytest.raises(MalformedScript, match="more than 32 parts"):
        read_serialised(serialised(data[1]), "V3", 11)


def test_bounds_on_fields():
    terms = [Constr(0, (Error(),) * count) for count in (1024, 1025)]
    assert read_serialised(serialised(terms[0]), "V3", 11)
    assert read_serialised(serialised(terms[1]), "V3", 10)
    with pytest.raises(MalformedScript, match="more than 1024 fields"):
        read_serialised(serialised(terms[1]), "V3", 11)


def test_heads_are_the_shortest():
    shortest = {23: "57", 24: "5818", 256: "590100", 65536: "5a00010000", 1 << 32: "5b0000000100000000"}
    for argument, written in shortest.items():
        assert head(2, argument).hex() == written
