"""Programs: every form they are kept in."""

from __future__ import annotations

import json
import pickle

import pytest

from pagoda.uplc import I, MalformedScript, Program, Unencodable, constant
from pagoda.uplc import terms as t

TEXT = "(program 1.1.0 (lam d (con unit ())))"
FLAT = bytes.fromhex("0101002499")
ONCE = bytes.fromhex("450101002499")
TWICE = bytes.fromhex("46450101002499")
HASH = "186e32faa80a26810392fda6d559c7ed4721a65ce1c9d4ef3e1c87b4"


def test_every_form_is_the_same_program():
    program = Program.from_text(TEXT)
    assert (program.to_flat(), program.to_cbor(), program.to_cbor(double=True)) == (FLAT, ONCE, TWICE)
    assert program.to_hex() == ONCE.hex()
    assert program.hash("V3") == HASH
    for other in (
        Program.from_flat(FLAT),
        Program.from_cbor(ONCE),
        Program.from_cbor(TWICE),
        Program.from_hex(FLAT.hex()),
        Program.from_hex(TWICE.hex()),
        Program.from_bytes(TWICE.hex().encode()),
        Program.from_bytes(program.to_envelope("V2", "a script").encode()),
        Program("(lam x (con unit ()))"),
        Program(t.Lam(t.Const(constant("unit", None)))),
        pickle.loads(pickle.dumps(program)),
        pickle.loads(pickle.dumps(Program.from_cbor(TWICE))),
    ):
        assert other == program
        assert hash(other) == hash(program)
        assert other.to_flat() == FLAT
        assert other.hash("V3") == HASH
        assert other.version == (1, 1, 0)


def test_envelopes():
    envelope = json.loads(Program.from_text(TEXT).to_envelope("V2", "mine"))
    assert envelope == {"type": "PlutusScriptV2", "description": "mine", "cborHex": TWICE.hex()}
    assert Program.from_bytes(json.dumps(envelope).encode()).language == "V2"
    assert Program.from_text(TEXT).language is None
    with pytest.raises(ValueError, match="no Plutus V9"):
        Program.from_text(TEXT).to_envelope("V9")


def test_files(tmp_path):
    program = Program.from_text(TEXT)
    for name, data in {
        "a.uplc": TEXT.encode(),
        "b.uplc": b"\xef\xbb\xbf" + TEXT.encode(),
        "a.flat": FLAT,
        "a.cbor": TWICE,
        "b.cbor": TWICE.hex().encode() + b"\n",
        "a.plutus": program.to_envelope("V3").encode(),
    }.items():
        (tmp_path / name).write_bytes(data)
        assert Program.from_file(tmp_path / name) == program
    (tmp_path / "c.uplc").write_bytes(b"\xff")
    with pytest.raises(MalformedScript, match="not UTF-8"):
        Program.from_file(tmp_path / "c.uplc")
    with pytest.raises(FileNotFoundError):
        Program.from_file(tmp_path / "nowhere.uplc")


def test_bytes_are_kept_as_they_were():
    # The version written with more bytes than it takes: the same program to the reader, another script to the chain.
    odd = bytes.fromhex("8100" + FLAT.hex()[2:])
    program = Program.from_flat(odd)
    assert program == Program.from_flat(FLAT)
    assert program.to_flat() == odd
    assert program.hash("V3") != HASH
    assert Program.from_text(program.to_text()).to_flat() == FLAT
    # So are bytes after the script, which V1 and V2 tolerate.
    longer = ONCE + b"\x00"
    assert Program.from_cbor(longer, "V2").to_cbor() == longer
    with pytest.raises(MalformedScript, match="left over"):
        Program.from_cbor(longer, "V3")


def test_applying():
    program = Program.from_text("(program 1.0.0 (lam a (lam b a)))")
    applied = program.apply(I(1), "(con integer 2)")
    assert applied.to_text() == "(program 1.0.0 [(lam a (lam b a)) (con data (I 1)) (con integer 2)])"
    assert program.to_text() == "(program 1.0.0 (lam a (lam b a)))"
    assert program.apply() is program
    assert program.apply(1).apply(t.Const(constant("integer", 2))) == applied
    newer = Program.from_text("(program 1.1.0 (constr 0))")
    assert program.apply(newer).version == (1, 1, 0)
    assert program.apply(newer).to_flat()


def test_names_do_not_matter_but_the_version_does():
    assert Program.from_text("(program 1.0.0 (lam x x))") == Program.from_text("(program 1.0.0 (lam y y))")
    assert Program.from_text("(program 1.0.0 (lam x x))") != Program.from_text("(program 1.1.0 (lam x x))")
    assert Program.from_text("(program 1.0.0 (lam x x))") != Program.from_text("(program 1.0.0 (lam x (lam y x)))")
    assert Program.from_text(TEXT) != TEXT


def test_a_program_does_not_change():
    program = Program.from_text(TEXT)
    for name in ("version", "term", "language", "other"):
        with pytest.raises(AttributeError):
            setattr(program, name, None)


def test_repr():
    assert repr(Program.from_text(TEXT)) == "<program 1.1.0 of Lam>"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Program.from_flat(FLAT[:-1]), "end"),
        (lambda: Program.from_flat(FLAT + b"\x00"), "left over"),
        (lambda: Program.from_flat(b""), "end"),
        (lambda: Program.from_flat(bytes.fromhex("0100000011")), "the script is open"),
        (lambda: Program.from_cbor(FLAT), "not wrapped in CBOR"),
        (lambda: Program.from_cbor(b""), "not wrapped in CBOR"),
        (lambda: Program.from_cbor(ONCE[:-1]), "too early"),
        (lambda: Program.from_hex("0"), "hexadecimal"),
        (lambda: Program.from_hex("zz"), "hexadecimal"),
        (lambda: Program.from_text("(program 1.0.0 x)"), "script:1:16: "),
        (lambda: Program.from_text("(program 1.0.0 (con integer))"), "script:1:28: Expected an integer"),
        (lambda: Program.from_text("(program 1.0.0 (constr 0))"), "not allowed before version 1.1.0"),
        (lambda: Program(t.Var(1)), "the term is open"),
        (lambda: Program("(con integer"), "term:1:13: "),
        (lambda: Program.from_bytes(b"{}"), "cborHex"),
    ],
)
def test_what_is_no_program(make, message):
    with pytest.raises(MalformedScript, match=message) as caught:
        make()
    assert isinstance(caught.value, ValueError)


def test_a_text_tells_everything_that_is_wrong():
    with pytest.raises(MalformedScript) as caught:
        Program.from_text("(program 1.0.0 [x y])", name="mine.uplc")
    assert str(caught.value).startswith("mine.uplc:1:17: ")
    assert [finding.code for finding in caught.value.diagnostics] == ["UPLPARSE002", "UPLPARSE002"]
    with pytest.raises(MalformedScript) as caught:
        Program.from_flat(b"\x01\x00\x00\xf0")
    assert (caught.value.offset, caught.value.unit) == (24, "bit")


def test_what_has_no_bytes():
    program = Program(t.Constr(0, ()), version=(1, 0, 0))
    for write in (program.to_flat, program.to_cbor, lambda: program.hash("V1")):
        with pytest.raises(Unencodable, match=r"from version 1\.1\.0 on"):
            write()
