"""1.12, enums and ``match``: what ``tests/ruff/semantics/test_control.py`` leaves."""

from __future__ import annotations

SHOW = """
func show(v) {
    match v { case E::A(x): { return ["A", x, x_1, x_2] } case E::B: { return "B" } case word: { return "word" } case Ok(x): { return ["ok", x] }
        case Err(x): { return ["err", x] } case Some(x): { return ["some", x] } case None: { return "none" } default: { return "default" } }
}
"""


def test_values(rows):
    rows(
        {
            "enum E { A, B } print(E::A, E::A(1), E::A(1, \"x\", [2]), E::Z, F::Any(0))": "E::A E::A(1) E::A(1,x,[2]) E::Z F::Any(0)", "v := E::A(1); w := v; print(v == w, type(v))": "true tagged", "a := E::A; b := E::B; c := F::A; print(a == b, a == c)": "false false",
            "a := E::A(1); b := E::A(2); print(a == b)": "false", "mut l := [1]; v := E::A(l); l[0] := 2; print(v)": "E::A([1])", "func f(v) { return v } print(f(E::A([E::B])))": "E::A([E::B])", "v := E::A(5); print([v, v])": "[E::A(5), E::A(5)]",
        }
    )  # fmt: skip


def test_match(rows):
    rows(
        {
            "show(E::A(1, 2))": "[A, 1, 2, null]", "show(E::A)": "[A, null, null, null]", "show(E::A(1, 2, 3, 4))": "[A, 1, 2, 3]", "show(E::B)": "B", "show(E::B(1))": "B", "show(F::B)": "default", "show(\"word\")": "word", "show(\"other\")": "default", "show(Ok(1))": "[ok, 1]", "show(Err(null))": "[err, null]",
            "show(Some([1]))": "[some, [1]]", "show(None)": "none", "show(5)": "default", "show(null)": "default", "show([1])": "default", "show(true)": "default", "show({})": "default", "show(P { })": "default", "show(2.5)": "default",
        },
        "print({})",
        SHOW,
    )  # fmt: skip


def test_patterns(rows):
    rows(
        {
            "match Ok(1) { case Result::Ok(v): { print(v) } }": "1", "match Result::Ok(1) { case Ok(v): { print(v) } }": "1", "match Result::Err(2) { case Result::Err(v): { print(v) } }": "2", "match Some(3) { case Option::Some(v): { print(v) } }": "3", "match Option::Some(3) { case Some(v): { print(v) } }": "3",
            "match None { case Option::None: { print(0) } }": "0", "match Option::None { case None: { print(0) } }": "0", "match Ok(1) { case Option::Ok(v): { print(v) } default: { print(\"d\") } }": "d", "match Ok(1) { case Err(v): { print(v) } case Ok: { print(\"bare\") } }": "bare",
            "match E::A(1) { case F::A(x): { print(0) } case A(x): { print(x) } }": "1", "match \"a\" { case a: { print(1) } case a: { print(2) } }": "1", "match \"E::A\" { case E::A: { print(1) } default: { print(2) } }": "1", "match 5 { case five: { print(1) } } print(2)": "2", "match E::A { } print(1)": "1",
            "x := 1; match Ok(2) { case Ok(x): { x += 5; print(x) } } print(x)": "7|1", "match Ok([1]) { case Ok(v): { v[0] := 2; print(v) } }": "[2]", "r := Ok([1]); match r { case Ok(v): { v[0] := 2 } } print(r)": "Ok([1])", "match Ok(Ok(1)) { case Ok(v): { match v { case Ok(w): { print(w) } } } }": "1",
            "for v in [E::A(1), E::B, \"s\"] { match v { case E::A(x): { print(x); continue } case E::B: { print(\"b\") } default: { break } } print(\"after\") }": "1|b|after", "func f() { match Ok(1) { case Ok(v): { if v == 1 { return \"r\" } } } return \"n\" } print(f())": "r",
            "a := 5; match \"b\" { case b: { print(a) } }": "5", "match E::A(1, 2) { case E::A(_): { print(0) } }": "0", "match Ok(1) { case Ok(v): { let w := v; print(w) } default: { let w := 2; print(w) } }": "1",
        }
    )  # fmt: skip
