"""Constants as they are written: each type, nesting, escapes, what is refused."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.syntax.printer import constant_text, type_text
from pagoda.languages.uplc.types import BYTES, CONSTR, INTEGER, LIST, MAP, Type, linked

from . import reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("integer 5", 5), ("integer -5", -5), ("integer +5", 5), ("integer - {- -} 5", -5), ("integer 0007", 7),
        ("integer-0", 0),
        ("integer5", 5), ("(integer) 5", 5), ("integer 123456789012345678901234567890", 123456789012345678901234567890),
        ("bytestring #", b""), ("bytestring #00fF", b"\x00\xff"), ("bytestring#01", b"\x01"),
        ("unit ()", None), ("unit( )", None), ("bool True", True), ("boolFalse", False),
        ("(list integer) []", ()), ("(list integer) [1, 2]", (1, (2, ()))), ("(list integer)[ 1,-2 ]", (1, (-2, ()))),
        ("(listinteger) [1]", (1, ())), ("((list) integer) [1]", (1, ())), ("(array bool) [True,False]", (True, False)),
        ("(pair integer bool) (1, True)", (1, True)), ("((pair integer) bool)(1,True)", (1, True)),
        ("(list (pair unit (list unit))) [((), []), ((), [()])]", linked([(None, ()), (None, (None, ()))])),
        ("data (I 5)", (INTEGER, 5)), ("data (I-5)", (INTEGER, -5)), ("data (B #ab)", (BYTES, b"\xab")),
        ("data (List [])", (LIST, ())), ("data (List [I 1, B #])", (LIST, linked([(INTEGER, 1), (BYTES, b"")]))),
        ("data (Map [(I 1, List [])])", (MAP, linked([((INTEGER, 1), (LIST, ()))]))),
        ("data (Constr 3 [I 1])", (CONSTR, 3, linked([(INTEGER, 1)]))), ("data (Constr -1 [])", (CONSTR, -1, ())),
        ("data (Constr18446744073709551616[])", (CONSTR, 2**64, ())),
        ("(list data) [I 1, Constr 0 []]", linked([(INTEGER, 1), (CONSTR, 0, ())])),
        ("(pair data data) (I 1, I 2)", ((INTEGER, 1), (INTEGER, 2))),
        ("value []", {}), ("value [(#, [(#, 1)]), (#00, [(#, -5), (#61, 7)])]", {b"": {b"": 1}, b"\0": {b"": -5, b"a": 7}}),
        ("(list value) [[], [(#01, [(#02, 3)])]]", linked([{}, {b"\1": {b"\2": 3}}])),
    ],
)  # fmt: skip
def test_read(text, value):
    assert reading.constant(text).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"", ""), (r"plain", "plain"), ("\u00a0{-\u3000", "\u00a0{-\u3000"),
        ("\u2208 {- ", "\u2208 {- "), ("two\nlines", "two\nlines"),
        (r"\n\t\r\a\b\f\v\\\"\'", "\n\t\r\a\b\f\v\\\"'"), (r"\8712", "\u2208"), (r"\x41\X4a\o101\O7", "AJA\x07"),
        (r"\^A\^@\^_", "\x01\x00\x1f"), (r"\NUL\SOH\SO\SI\DEL\SP\ESC", "\0\x01\x0e\x0f\x7f \x1b"), (r"\SOx", "\x0ex"),
        (r"\55296", "\ufffd"), (r"X\xD800Z", "X\ufffdZ"), (r"\1114111", "\U0010ffff"),
        # An escape takes ten characters at most; what follows stands for itself.
        (r"\000000065", "A"), (r"\0000000065", "\x065"), (r"\x000000041", "\x041"),
    ],
)  # fmt: skip
def test_strings(text, value):
    assert reading.constant(f'string "{text}"').value == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("integer #12", "UPLPARSE005"), ("integer 0x10", "UPLPARSE001"), ("integer 0.5", "UPLPARSE001"),
        ("integer", "UPLPARSE005"),
        ("integer --5", "UPLPARSE005"), ("bytestring #abc", "UPLPARSE005"), ("bytestring ab", "UPLPARSE005"),
        ("bytestring # ab", "UPLPARSE001"), ("bool true", "UPLPARSE005"), ("boolean True", "UPLPARSE005"),
        ("unit unit", "UPLPARSE005"),
        ('string "abc', "UPLPARSE010"), ('string "----- \\\\" hello"', "UPLPARSE001"), ('string "\\q"', "UPLPARSE005"),
        ('string "\\1114112"', "UPLPARSE005"), ('string "a\\&b"', "UPLPARSE005"), ('string "a\\   \\b"', "UPLPARSE005"),
        ("list(bool) [True]", "UPLPARSE004"), ("(bool integer) 5", "UPLPARSE004"), ("(list list) []", "UPLPARSE004"),
        ("(pair integer) 5", "UPLPARSE004"), ("(list integer integer) []", "UPLPARSE004"), ("() ()", "UPLPARSE004"),
        ("float 1", "UPLPARSE004"), ("(list bool) [5]", "UPLPARSE005"), ("(list bool) [True,]", "UPLPARSE005"),
        ("(list bool) (True)", "UPLPARSE005"), ("(pair bool bool) [True, True]", "UPLPARSE005"),
        ("(pair bool bool) (True)", "UPLPARSE001"), ("(pair bool bool) (True, True, True)", "UPLPARSE001"),
        ("data I 5", "UPLPARSE005"), ("(list data) [(I 5)]", "UPLPARSE005"), ("data (List [(I 5)])", "UPLPARSE005"),
        ("data (Constr [I 1])", "UPLPARSE005"), ("data (Constr 0)", "UPLPARSE005"), ("data (J 1)", "UPLPARSE005"),
        ("data (Map [I 1])", "UPLPARSE005"), ("value [(#, [])]", "UPLPARSE006"), ("value [(#, [(#, 0)])]", "UPLPARSE006"),
        ("value [(#01, [(#, 1)]), (#00, [(#, 1)])]", "UPLPARSE006"), ("value [(#, [(#01, 1), (#01, 2)])]", "UPLPARSE006"),
        (f"value [(#{33 * '00'}, [(#, 1)])]", "UPLPARSE006"), (f"value [(#, [(#, {2**127})])]", "UPLPARSE006"),
        ("value [(#, [(#, 1)]),]", "UPLPARSE001"), ("value 5", "UPLPARSE001"), ("bls12_381_mlresult 0x00", "UPLPARSE005"),
        ("bls12_381_G1_element #c0", "UPLPARSE005"),
    ],
)  # fmt: skip
def test_refused(text, code):
    assert reading.rejected(f"(program 1.1.0 (con {text}))").code == code


def test_points_of_the_curve():
    pytest.importorskip("pyblst")
    for kind, length in (("bls12_381_G1_element", 48), ("bls12_381_G2_element", 96)):
        zero = "0xc0" + "00" * (length - 1)
        constant = reading.constant(f"{kind} {zero}")
        assert constant_text(constant) == zero
        for bad in ("0xc0", "0x", "0xa0" + "00" * (length - 2) + "05", "0x40" + "00" * (length - 1)):
            assert reading.rejected(f"(program 1.0.0 (con {kind} {bad}))").code == "UPLPARSE007"


def test_what_a_missing_package_says(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyblst", None)
    found = reading.rejected(f"(program 1.0.0 (con bls12_381_G1_element 0xc0{47 * '00'}))")
    assert found.code == "UPLPARSE013"
    assert "pyblst" in found.message


@pytest.mark.parametrize("text", ["integer", "(list (pair data (array value)))", "(pair (list unit) bls12_381_G2_element)"])
def test_types_are_written_as_they_are_read(text):
    from pagoda.languages.uplc.syntax.reader import Reader
    from pagoda.languages.uplc.syntax.type_parser import read_type
    from pagoda.machine.source import Source

    kind, end = read_type(Reader(Source("test.uplc", text)), 0)
    assert isinstance(kind, Type)
    assert type_text(kind) == text
    assert end == len(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (r'string "\SO\51\&"', None), (r'string "\SOH\SO\x31"', '"\\SOH\\14\\49"'),
        ('string "\u20ac\\160\\DEL"', '"\u20ac\\160\\DEL"'),
        (r'string "\"\\\n7"', r'"\"\\\n7"'), (r'string "\x0012\x80\o61"', '"\\DC2\\128\\49"'),
        ("data (Constr 0 [])", "(Constr 0 [])"),
        ("(list data) [I 1,Map[(B#,List[])]]", "[I 1, Map [(B #, List [])]]"), ("(pair bool unit)(True,())", "(True, ())"),
        ("value[(#AB,[(#,-1),(#cd,2)])]", "[(#ab, [(#, -1), (#cd, 2)])]"),
    ],
)  # fmt: skip
def test_printed(text, printed):
    if printed is None:
        assert reading.findings(f"(program 1.0.0 (con {text}))")
    else:
        assert constant_text(reading.constant(text)) == printed
