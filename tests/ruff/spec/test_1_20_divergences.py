"""1.20, where the reference's two engines differ: one test per row of the table, for what is to be done.

Rows on modules and tasks are with the tests of those.
"""

from __future__ import annotations

import pytest

from pagoda.machine.source import DiagnosticError

ROWS = {
    "run-time errors inside try": {"try { 1 / 0 } except e { print(e.message) }": "Division by zero", "try { print([1][4]) } except e { print(1) }": "1", "try { nope() } except e { print(e.message) }": "Undefined variable: nope"},
    "continue in for": {"for i in 4 { if i % 2 == 0 { continue } print(i) }": "1|3", "for c in \"abc\" { if c == \"b\" { continue } print(c) }": "a|c", "for i in 2 { continue }; print(0)": "0"},
    "let in a loop body at top level": {"for i in 2 { let x := i; print(x) }": "0|1", "mut i := 0; while i < 2 { let y := i; i += 1; print(y) }": "0|1", "mut n := 0; loop { let z := n; n += 1; if n > 2 { break } print(z) }": "0|1"},
    "p.x := v": {"p := P { x: 1 }; p.x := 5; print(p)": "P { x: 5 }", "a := [P { x: 1 }]; a[0].x := 5; print(a)": "[P { x: 5 }]", "func f(p) { p.x := 2; return p } p := P { x: 1 }; print(f(p), p)": "P { x: 2 } P { x: 1 }"},
    "user enums": {"enum C { Red } v := C::Red; print(v, type(v)); match v { case C::Red: { print(\"m\") } }": "C::Red tagged|m"},
    "comparison overloads": {"struct V { func op_lt(self, o) { return self.x < o.x } func op_eq(self, o) { return true } } a := V { x: 1 }; b := V { x: 2 }; print(a < b, b < a, a == b)": "true false true"},
    "[a, b] := [1]": {"[a, b] := [1]; print(a, b)": "1 null", "let [a, [b2, c]] := [1, []]; print(b2, c)": "null null"},
    "d.key": {"d := {\"k\": 1}; print(d.k, d.missing)": "1 null", "mut d := {}; d.k := 1; d.j := {}; d.j.i := 2; print(d)": '{"j": {"i": 2}, "k": 1}'},
    "nested func is local": {"func f() { func inner() { return 1 } return inner() } print(f()); try { inner() } except e { print(e.message) }": "1|Undefined variable: inner"},
    "? on Option": {"func f(o) { return Some(o? + 1) } print(f(Some(1)), f(None))": "Some(2) None"},
    "method chains": {"print([1, 2, 3].map(func(x) { return x * 2 }).collect(), [1, 2].filter(func(x) { return x > 1 }).collect())": "[2, 4, 6] [2]"},
    "async": {"async func f(x) { return x * 2 } print(await f(2), await promise_all([f(1), f(3)]))": "4 [2, 6]", "async func f() { print(1); return 2 } p := f(); print(await p, await p)": "1|2 2"},
    "-0.0": {"print(-0.0, 0.0, [-0.0, 0.0], 0.0 == -0.0, \"${-0.0}\")": "-0 0 [-0, 0] true -0"},
    "a float indexes": {"print([10, 20][1.9], \"ab\"[0.5])": "20 a"},
    "int keys in literals": {"print({1: \"a\", 2: \"b\"}, {1: \"a\"}[\"1\"])": '{"1": a, "2": b} a'},
    "len of literals": {"print(len({\"a\": 1}), len([1]), len(\"a\"), len({}))": "1 1 1 0"},
    "closures over globals are live": {"x := 1; f := func() { return x }; x := 2; print(f()); func g() { return later } later := 3; print(g())": "2|3"},
    "throw(42)": {"try { throw(42) } except e { print(e.message) }": "Int(42)"},
    "return inside if": {"func f(n) { if n { if n { return 1 } } return 2 } mut t := 0; for i in 5000 { t += f(i % 2) } print(t)": "7500"},
    "a dict with int keys has no phantoms": {"mut d := {}; d[3] := 1; print(d, len(d)); for k in d { print(k) }": '{"3": 1} 1|3'},
    "a constructor of results": {"match Result::Ok(1) { case Ok(v): { print(v) } }": "1"},
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_row(rows, row):
    rows(ROWS[row])


@pytest.mark.parametrize("text", ["5()", "x := 1; x()", "null(1)", "{\"a\": 1}.a()"])
def test_non_callables(caught, text):
    assert caught(text).startswith("Cannot call non-function;")


@pytest.mark.parametrize("text", ["func f(a, a) { }", "f := func(a, b, a) { }", "struct P { func m(self, x, x) { } }"])
def test_duplicate_parameters(see, text):
    with pytest.raises(DiagnosticError, match="Duplicate parameter name"):
        see(text)


def test_call_depth(out):
    assert out("func f(n) { if n == 0 { return 0 } return f(n - 1) } print(f(9_000))".replace("_", "")) == ["0"]
