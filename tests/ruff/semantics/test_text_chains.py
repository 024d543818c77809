"""Text that grows: chains of ``+`` that begin with the variable they are given back to, and interpolation."""

from __future__ import annotations

import pytest

LOG = """
log := ""
func note(a, b) { log := log + a + b + "\\n" }
func guarded(s, a) {
    try { s := s + "<" + a } except e { print(e.message) }
    return s
}
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('note("x", "y"); note("z", ""); print(log)', ["xy", "z", ""]),
        ('note("x", "y"); try { note("z", 5) } except e { print(e.message) } print(log, len(log))', ["Invalid binary operation: string + int", "xy", " 3"]),
        ('try { note(5, "z") } except e { print(e.message, e.stack) } print(len(log))', ["Invalid binary operation: string + int [note]", "0"]),
        ('log := 5; try { note(1, 2) } except e { print(e.message) } print(log)', ["Invalid binary operation: int + string", "5"]),
        ('print(guarded("a", "b"), guarded("a", 1), guarded("a", "<"))', ["Invalid binary operation: string + int", "a<b a a<<"]),
        ('func f() { t := "x"; t := t + "a" + t + t; u := t; t := t + "b" + "c"; return [t, u] } print(f())', ["[xaxxbc, xaxx]"]),
        ('func f(s) { kept := s; s := s + "1" + s; s := s + s + "2"; return [s, kept] } print(f("a"))', ["[a1aa1a2, a]"]),
        ('func f() { t := "x"; t := t + "a" + (func() { return t })(); return t } print(f())', ["xax"]),
        ('func f() { c := "c"; return func() { c := c + "d" + "e"; return c } } g := f(); g(); print(g())', ["cdede"]),
        ("x := 1; x := x + 2 + x; x := x + 1 + 0.5 + x; print(x)", ["9.5"]),
        ('struct S { func op_add(self, o) { return "s" } } x := S { }; x := x + 1 + "t" + "u"; print(x)', ["stu"]),
        ('a := "a"; b := a + "b" + a + "c"; c := "1" + a + "2" + b; print(a, b, c, a + a + "" == "aa")', ["a abac 1a2abac true"]),
        ('s := ""; for i in 5 { s := s + "${i}" + "," } print(s)', ["0,1,2,3,4,"]),
        ('print("${1}${-9223372036854775807}${0.5}${true}${null}${""}${[1, "a"]}${"é"}${12}日")', ["1-92233720368547758070.5truenull[1, a]é12日"]),
        ('print("${1.0}|${-0.0}|${100000000000000000000.0}|${0.0000001}|${exp(1000)}|${1.0 / 3.0}")', ["1|-0|100000000000000000000|0.0000001|inf|0.3333333333333333"]),
        ('func f(n) { return ["${n}", "${n}${n}", "${""}", "é${n}"] } print(f(-10), f(0), f(7.5), len(f(99)[1]))', ["[-10, -10-10, , é-10] [0, 00, , é0] [7.5, 7.57.5, , é7.5] 4"]),
    ],
)  # fmt: skip
def test_chains(out, text, lines):
    assert out(LOG + text) == lines


@pytest.mark.parametrize("text", ['x := "a"; x := x + "b" + 5 + "c"', 'note("a", [])', 'y := "a" + to_string(1) + "b" + null'])
def test_the_place_is_that_of_the_addition(see, text):
    seen = see(LOG + text)
    place = (LOG + text)[slice(*seen.span)]
    assert place in ('x + "b" + 5', "log + a + b", '"a" + to_string(1) + "b" + null')
