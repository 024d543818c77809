"""1.7, bindings and scope: what ``tests/ruff/semantics/test_functions.py`` leaves."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("let x := 1; x += 1", "Cannot reassign immutable let binding: x"), ("const x := 1; x = 2", "Cannot reassign const binding: x"), ("let a := [1]; a[0] += 1", "Cannot mutate immutable let binding: a"),
        ("const p := P { }; p.x := 1", "Cannot mutate const binding: p"), ("let d := {}; d.a.b := 1", "Cannot mutate immutable let binding: d"), ("let [a, b] := [1, 2]; a := 1", "Cannot reassign immutable let binding: a"),
        ("{a} := {\"a\": 1}; a := 1", "Cannot reassign immutable let binding: a"), ("[a, ...r] := [1]; r[0] := 1", "Cannot mutate immutable let binding: r"), ("let x := 1; f := func() { x := 2 }; f()", "Cannot reassign immutable let binding: x"),
        ("let x := 1; const x := 2", "Duplicate declaration in the same scope: x"), ("mut x := 1; mut x := 1", "Duplicate declaration in the same scope: x"), ("x := 1; let x := 2", "Duplicate declaration in the same scope: x"),
        ("func f() { } let f := 1", "Duplicate declaration in the same scope: f"), ("let [a, a] := [1, 2]", "Duplicate declaration in the same scope: a"), ("let sum := 0", "Duplicate declaration in the same scope: sum"), ("const PI := 3", "Duplicate declaration in the same scope: PI"), ("mut str := 1", "Duplicate declaration in the same scope: str"),
        ("print(nope)", "Undefined variable: nope"), ("x := x2 + 1", "Undefined variable: x2"), ("if true { v := 1 } print(v)", "Undefined variable: v"), ("for i in 1 { } print(i)", "Undefined variable: i"),
        ("while true { w := 1; break } print(w)", "Undefined variable: w"), ("try { t := 1 } except e { } print(t)", "Undefined variable: t"), ("try { throw(1) } except e { } print(e)", "Undefined variable: e"), ("match Ok(1) { case Ok(m): { } } print(m)", "Undefined variable: m"), ("print(before); before := 1", "Undefined variable: before"),
    ],
)  # fmt: skip
def test_errors_when_reached(see, out, text, message):
    seen = see(f"print(0); {text}")
    assert (seen.kind, seen.message, seen.output) == ("error", message, "0\n")


def test_assignment_goes_to_the_nearest(rows):
    rows(
        {
            "x := 1; func f() { x := x + 1 } f(); f(); print(x)": "3", "func f() { y := 1; if true { y := 2 } for i in 2 { y += i } return y } print(f())": "3", "x := 1; if true { x := 2; let x := 3; x2 := x; print(x2) } print(x)": "3|2",
            "if true { y := 1; if true { y := 2 } print(y) }": "2", "func f() { z := 5 } f(); try { print(z) } except e { print(e.message) }": "Undefined variable: z", "func f(p) { p += 1; return p } print(f(1))": "2", "for i in 3 { i := i * 2; print(i) }": "0|2|4",
            "sum := 7; print(sum)": "7", "func f() { len := 3 } f(); print(len)": "3", "func sum(x) { return x } print(sum(4))": "4", "g := 1; func f() { return func() { g := g + 1; return g } } h := f(); print(h(), h(), g)": "2 3 3",
            "mut x := 1; func f() { mut x := 10; x += 1; return x } print(f(), x)": "11 1", "mut a := [1]; func f() { a[0] := 2; a := push(a, 3) } f(); print(a)": "[2, 3]",
        }
    )  # fmt: skip


def test_each_iteration_has_its_scope(rows):
    rows(
        {
            "mut i := 0; while i < 2 { let x := i; i += 1; print(x) }": "0|1", "mut i := 0; loop { let x := i; i += 1; if x > 0 { break } print(x) }": "0", "for i in 2 { let x := i; const Y := x; print(Y) }": "0|1",
            "for i in 2 { mut n := 0; n += 1; print(n) }": "1|1", "let x := 0; try { let x := 1; throw(x) } except e { let x := 2; print(x) } print(x)": "2|0", "for i in 2 { match Ok(i) { case Ok(v): { let w := v; print(w) } } }": "0|1",
            "let x := 0; if false { let x := 1 } else { let x := 2; print(x) } print(x)": "2|0", "for i in 2 { for j in 2 { let k := i + j; print(k) } }": "0|1|1|2", "for i in 2 { n2 := i } print(1)": "1", "for i in 2 { if i == 0 { q := 1 } else { try { print(q) } except e { print(e.message) } } }": "Undefined variable: q",
        }
    )  # fmt: skip


def test_hoisting(rows):
    rows(
        {
            "print(f()); func f() { return g() } func g() { return 1 }": "1", "if true { func n() { return 1 } print(n()) } try { n() } except e { print(e.message) }": "1|Undefined variable: n",
            "func f() { try { return g() } except e { return e.message } func g() { return 1 } } print(f())": "Undefined variable: g", "func f() { func g() { return 2 } return g() } print(f()); try { g() } except e { print(e.message) }": "2|Undefined variable: g",
            "func f() { return 1 } print(f()); func f() { return 2 }": "2", "export func f() { return 3 } print(f())": "3", "print(f()); export func f() { return 4 }": "4",
        }
    )  # fmt: skip


def test_return_at_the_top_ends_the_script(rows):
    rows({"print(1); return; print(2)": "1", "for i in 3 { if i == 1 { return } print(i) }": "0", "try { return 5 } except e { } print(1)": "", "return [1]; print(1)": ""})


def test_destructuring(rows):
    rows(
        {
            "[a, b] := [1]; print(a, b)": "1 null", "[a, b] := []; print(a, b)": "null null", "let [a] := [1, 2]; print(a)": "1", "let [a, _, c] := [1, 2, 3]; print(a, c)": "1 3", "let [a, ...r] := [1]; print(a, r)": "1 []", "let [a, [b, [c]]] := [1, [2, [3]]]; print(a, b, c)": "1 2 3",
            "{a, b} := {\"a\": 1}; print(a, b)": "1 null", "let {a, ...r} := {\"a\": 1, \"b\": 2}; print(a, r)": '1 {"b": 2}', "mut [a, b] := [1, 2]; a += b; print(a)": "3", "let [] := [1]; print(0)": "0", "for p in [[1, 2], [3]] { let [x, y] := p; print(x, y) }": "1 2|3 null",
            "func f() { [a, b] := [1, 2]; [c, d] := [b, a]; return c * 10 + d } print(f())": "21",
        }
    )  # fmt: skip
