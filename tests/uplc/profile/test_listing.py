"""Listings of native code: every function once, with its charge and captures; operands and constants in words."""

from __future__ import annotations

import re

import pytest

from pagoda.languages.binary import BinarySource
from pagoda.languages.protocol import Unavailable
from pagoda.languages.uplc.encoding.flat import write_program
from pagoda.languages.uplc.execute.machine_code import unavailable
from pagoda.languages.uplc.profile.listing import code_listing
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.machine.source import DiagnosticError, Source

pytestmark = pytest.mark.skipif(unavailable() is not None, reason="there is no machine code here")

CLOSURES = """(program 1.1.0 (lam x (lam y
  [(builtin addInteger) x [(lam inner [(builtin multiplyInteger) [inner y] [inner x]])
    (lam z (delay [(builtin subtractInteger) z y]))]])))"""


def listed(text):
    return code_listing(Source("t.uplc", text))


def test_a_constant():
    lines = listed("(program 1.1.0 (con integer 5))").split("\n")
    assert lines[:3] == ["function '0: (script)' parameters 0 registers 1", "charge cpu 16000 mem 100", ""]
    assert lines[3].split() == ["0", "give.k", "k0", ";", "k0", "is", "(con", "integer", "5)"]


def test_functions_captures_and_charges():
    text = listed(CLOSURES)
    functions = re.split(r"\n\n(?=function )", text)
    names = [re.match(r"function '(\d+): ([^']*)' parameters (\d)", part).groups() for part in functions]
    assert names == [("0", "(script)", "0"), ("1", "lam x 1:16", "2"), ("2", "inner 3:5", "1"), ("3", "delay 3:12", "0")]
    assert "#2 is function 2: inner 3:5" in functions[1]
    assert "capture c0 = r1 of the function that makes it" in functions[2]
    assert "#3 is function 3: delay 3:12" in functions[2]
    # Two applications, a builtin and two variables; what subtractInteger costs for small numbers comes on top.
    cpu, mem = map(int, re.search(r"charge cpu (\d+) mem (\d+)", functions[3]).groups())
    assert (cpu > 5 * 16000, mem) == (True, 5 * 100 + 1 * 2)
    assert re.search(r"subtract_integer\.cc +r\d+, c\d, c\d", functions[3])


def test_what_operands_are():
    text = listed("""(program 1.1.0 (lam x (constr 7 [(builtin sha2_256) x] [(builtin appendString) (con string "a\u202e") x]
        (force (builtin headList)) (lam y y))))""")
    for said in ("count 4, #7", "sha2_256", "appendString", '(con string "a', "force headList", "function 2: lam y"):
        assert said in text, said
    assert "\u202e" not in text


def test_bytes_have_the_same_code(root):
    path = root / "examples" / "uplc" / "primes.uplc"
    text = path.read_text(encoding="utf-8")
    flat = write_program(parse_program(Source("t.uplc", text)))
    plain = re.compile(r"(function '?\d+): [^',\n]*")
    labelled, numbered = code_listing(Source(path.name, text)), code_listing(BinarySource("t.flat", flat))
    assert plain.sub(r"\1", labelled).split() == plain.sub(r"\1", numbered).split()
    assert "count 9:17" in labelled
    assert "count" not in numbered.replace(", count ", "")


def test_every_reference_leads_to_a_function(suites):
    path = sorted((suites / "uplc" / "validation").glob("*.flat"), key=lambda path: path.stat().st_size)[0]
    text = code_listing(BinarySource(path.name, path.read_bytes()))
    defined = re.findall(r"^function '(\d+): ", text, re.MULTILINE)
    assert defined == [str(number) for number in range(len(defined))]
    assert set(re.findall(r"function (\d+):", text)) == set(defined) - {"0"}


def test_what_has_no_code():
    with pytest.raises(DiagnosticError):
        listed("(program 1.1.0 x)")
    nested = "integer"
    for _ in range(20):
        nested = f"(list {nested})"
    with pytest.raises(Unavailable):
        listed(f"(program 1.1.0 (con {nested} []))")
