"""1.2, the grammar's notes for implementers, as programs show them; every form's tree is in ``tests/ruff/syntax``."""

from __future__ import annotations

import pytest

from pagoda.machine.source import DiagnosticError


def test_line_ends_separate_nothing(rows):
    rows(
        {
            "x := 5\n-3\nprint(x)": "2", "x := [1, 2]\n[0]\nprint(x)": "1", "func f() {\nreturn\n5 }\nprint(f())": "5", "let x :=\n7\nprint(x)": "7",
            "f := func(a) { return a }\nx := f\n(2)\nprint(x)": "2", "p := P { x: 1 }\n[y] := [2]\nprint(p, y)": "P { x: 1 } 2", "d := {\"k\": 4}\nx := d\n.k\nprint(x)": "4",
            "x := 5;\n-3;\nprint(x)": "5",
        }
    )  # fmt: skip
    # `1\n(2)` calls 1, as it stands.
    rows({"try { x := 1\n(2) } except e { print(e.message[0]) }": "C"})


def test_precedence(rows):
    rows(
        {
            "1 + 2 * 3 - 4 / 2": "5", "2 * 3 % 4": "2", "-2 * -3": "6", "!true || true": "true", "1 < 2 == true": "true", "1 + 1 == 2 && 2 < 1 + 2": "true",
            "false && false || true": "true", "true || false && false": "true", "null ?? 1 || false": "true", "(null ?? 1) + 1": "2", "2 + 3 |> to_string": "5",
            "null ?? [2, 1] |> sort": "[1, 2]", "10 - 2 - 3": "5", "100 / 5 / 2": "10", "- -1": "1", "!!true": "true", "-[3][0]": "-3", "1 - -1": "2",
            "[1 == 1, (true && false)]": "[true, false]", "{\"a\": 1 == 2}": '{"a": false}', "P { x: 1 < 2 }": "P { x: true }", "[(E::A), (null ?? 1)]": "[E::A, 1]", "[E::A, E::B(1)]": "[E::A, E::B(1)]",
            "E::A(1, 2,)": "E::A(1,2)", "[1, 2,]": "[1, 2]", "1 == E::A": "false",
        },
        "print({})",
    )  # fmt: skip


def test_forms_of_statements(rows):
    rows(
        {
            "x = 1; mut y = 2; let z = 3; const W = 4; print(x, y, z, W)": "1 2 3 4",
            "mut x := 7; x += 3; x -= 1; x *= 2; x /= 3; x %= 4; print(x)": "2", 'mut s := "a"; s += "b"; print(s)': "ab",
            "mut a := [1, 2]; a[0] += 5; a[a[1] - 1] *= 3; print(a)": "[6, 6]", "mut d := {\"a\": 1}; d[\"a\"] -= 3; d.a *= 2; print(d)": '{"a": -4}',
            "mut p := P { x: 1 }; p.x += 1; print(p)": "P { x: 2 }", "name := \"k\"; print({name: 1, \"b\": 2, ...{\"c\": 3}})": '{"b": 2, "c": 3, "k": 1}',
            "if false { } else if true { print(1) } else { print(2) }": "1", "x := true; y := 5; if x { y := 1 } print(y)": "1",
            "x := true; while x { x := false } print(x)": "false", "xs := [1, 2]; for i in xs { print(i) }": "1|2", "for i in [1] { print(i) }": "1",
            "n := 2; for i in n { print(i) }": "0|1", "for i in range(2) { print(i) }": "0|1", "func f(a: int, b: string) -> int { return a } print(f(1, 2))": "1",
            "let x: Result<int, string> := Ok(1); let y: Option<float> := None; print(x, y)": "Ok(1) None", "func f(a,) { return a } print(f(1,))": "1",
            "struct P { x: int y: float, func m(self) { return 1 } func n() { return 2 } } print((P { }).m(), (P { x: 1 y: 2 }).n())": "1 2",
            "print((func() { })(), (async func(x) { return x })(1) == null)": "null false", "x := 1; match x { } print(x)": "1", "{1: 2}; print(0)": "0",
        }
    )  # fmt: skip


def test_a_place_is_evaluated_twice_by_a_compound_assignment(rows):
    rows({"mut n := 0; func i() { n += 1; return n - 1 } mut a := [10, 20, 30]; a[i()] += 1; print(a, n)": "[10, 11, 30] 2"})


def test_self_may_begin_an_assignment(rows):
    # The reference cannot parse it.
    rows({"struct P { func m(self) { self.x := 5; self.x += 1; self.a[0] := self.x; return self } } p := P { x: 1, a: [0] }; print(p.m(), p)": "P { a: [6], x: 6 } P { a: [0], x: 1 }"})


@pytest.mark.parametrize(
    "text",
    ["a := b := 1", "func f(a = 1) { }", "f(a: 1)", "x := a ? b : c", "x := a and b", "x := not a", "x := [i for i in a]", "x := a[1:2]", "for k, v in d { }",
     "if a { } elif b { }", "try { } except e { } finally { }", "switch x { }", "match x { case 1: { } }", "a, b := 1, 2", "x := 2 ** 3", "x := a << 1", "f(...a)",
     "func f() -> Result<int, int> { }", "let x: Foo := 1", "try { } except { }", "x := [a || b]", "func f(a, a) { }", "while true { func() { break } }", "continue", "break"],
)  # fmt: skip
def test_what_the_grammar_lacks(see, text):
    with pytest.raises(DiagnosticError):
        see(text)
