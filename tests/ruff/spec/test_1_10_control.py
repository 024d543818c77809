"""1.10, control flow: what ``tests/ruff/semantics/test_control.py`` leaves."""

from __future__ import annotations

import pytest

from pagoda.machine.source import DiagnosticError


def test_loops(rows):
    rows(
        {
            "for i in 3 { if i == 1 { continue } print(i) }": "0|2", "for i in 2.9 { print(i, type(i)) }": "0 int|1 int", "for i in 0 { print(i) } for i in -5 { print(i) } for i in -0.5 { print(i) }": "", "for i in null ?? 2 { print(i) }": "0|1",
            "mut a := [1, 2, 3]; for x in a { a := []; print(x) } print(a)": "1|2|3|[]", "mut a := [1, 2]; for x in a { a[1] := 9; print(x) }": "1|2", "mut s := \"ab\"; for c in s { s := s + c; print(c) } print(s)": "a|b|abab", "mut d := {\"a\": 1}; for k in d { d.b := 2; print(k) }": "a",
            "for x in [[1, 2], [3]] { for y in x { if y == 2 { break } print(y) } }": "1|3", "mut n := 3; loop while n > 0 { n -= 1; if n == 1 { continue } print(n) }": "2|0", "mut n := 0; loop { n += 1; if n == 2 { continue } if n == 4 { break } print(n) }": "1|3",
            "while true { break } print(1)": "1", "for i in 3 { for j in 3 { if j > i { break } if j == 1 { continue } print(i, j) } }": "0 0|1 0|2 0|2 2", "func f() { for i in 10 { while true { loop { return i } } } } print(f())": "0",
            "for i in 3 { try { if i == 1 { continue } if i == 2 { break } throw(i) } except e { print(e.message) } } print(\"x\")": "Int(0)|x", "for i in 2 { match Ok(i) { case Ok(v): { if v == 0 { continue } print(v) } } }": "1", "for i in 2 { i := 10; print(i) }": "10|10",
            "for _ in 2 { print(1) }": "1|1", "for i in {} { print(i) } for c in \"\" { print(c) }": "", "for k in {2: 1, 1: 2} { print(k, type(k)) }": "2 string|1 string",
        }
    )  # fmt: skip


@pytest.mark.parametrize("value", ["null", "true", "P { }", "Ok([1])", "len", "func() { }", "None", "(E::A([1]))", "channel()"])
def test_what_cannot_be_walked(caught, out, value):
    assert caught(f"v := {value}; for x in v {{ print(x) }}") == "Cannot iterate over non-iterable type"
    assert out(f"func f(v) {{ for x in v {{ }} }} try {{ f({value}) }} except e {{ print(e.stack) }}") == ["[f]"]


def test_bytes(out):
    seen = out("try { for b in bytes([1, 255]) { print(b) } } except e { print(e.message) }")
    assert seen in (["1", "255"], ["Cannot iterate over non-iterable type"])


@pytest.mark.parametrize("text", ["break", "continue", "if true { break }", "func f() { continue }", "for i in 3 { f := func() { break } }", "try { break } except e { }", "while true { spawn { break } }"])
def test_breaks_need_a_loop(see, text):
    with pytest.raises(DiagnosticError, match="can only be used inside a loop"):
        see(text)


def test_conditions(rows):
    rows(
        {
            "if [] { print(1) } else if {} { print(2) } else if \"\" { print(3) } else { print(4) }": "4", "if 1 < 2 { print(1) } else { print(2) }": "1", "x := 5; if x > 3 && x < 10 { print(\"in\") }": "in", "if false { } print(0)": "0",
            "func f(n) { if n == 0 { return \"a\" } else if n == 1 { return \"b\" } return \"c\" } print(f(0), f(1), f(2))": "a b c", "p := P { x: 1 }; if p.x == 1 { print(p) }": "P { x: 1 }",
        }
    )  # fmt: skip
