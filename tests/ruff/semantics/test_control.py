"""Control flow, structs and methods, overloads, enums, match, results and ``?``."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("for i in 3 { print(i) }", ["0", "1", "2"]), ("for i in 2.9 { print(i) }", ["0", "1"]), ("for i in -3 { print(i) }", []),
        ('for c in "aé😀" { print(c) }', ["a", "é", "😀"]), ("for x in [] { print(x) }", []), ("for i in 0 - 1 { }; for i in \"\" { print(i) }", []),
        ("mut a := [1, 2]; for x in a { a := push(a, x); print(x) } print(a)", ["1", "2", "[1, 2, 1, 2]"]),
        ("mut a := [1, 2, 3]; for x in a { a[2] := 9; print(x) }", ["1", "2", "3"]),
        ('mut d := {"a": 1}; for k in d { d[k + "x"] := 2; print(k) } print(len(d))', ["a", "2"]),
        ("for i in range(2, 5) { print(i) } for i in range(3) { print(i) } for i in range(5, 2) { print(i) }", ["2", "3", "4", "0", "1", "2"]),
        ("for i in range(0, 10, 4) { print(i) }", ["0", "4", "8"]),
        ("for i in 3 { for j in 3 { if j == 1 { continue } if i == 1 { break } print(i, j) } }", ["0 0", "0 2", "2 0", "2 2"]),
        ("mut i := 0; loop { i += 1; if i == 2 { continue } if i > 3 { break } print(i) }", ["1", "3"]),
        ("mut i := 0; loop while i < 2 { i += 1; print(i) }", ["1", "2"]), ("while false { print(1) }", []),
        ("for i in 4 { try { if i == 1 { continue } if i == 3 { break } print(i) } except e { print(e) } } print(\"end\")", ["0", "2", "end"]),
        ("for i in 3 { try { throw(\"x\") } except e { if i == 1 { continue } print(i, e.message) } }", ["0 x", "2 x"]),
        ("mut i := 0; while i < 3 { i += 1; for c in \"ab\" { if c == \"b\" { continue } print(i, c) } }", ["1 a", "2 a", "3 a"]),
        ("for x in [1, 2] { x := x * 10; print(x) }", ["10", "20"]), ("if 0 { print(1) } else if \"\" { print(2) } else { print(3) }", ["3"]),
        ("for i in 3 { let k := i; f := func() { return k }; print(f()) }", ["0", "1", "2"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["top", "function"])
def test_loops(out, text, lines, place):
    assert out(text if place == "top" else f"func main() {{ {text} }} main()") == lines


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ("9223372036854775807", "range() result is too large"), ("50000001", "range() result is too large"), ("5, -9223372036854775807", "range() result is too large"),
        ("-9223372036854775807 - 1", "range() result is too large"), ('"a"', "range() requires numeric arguments, got string"),
        ("9223372036854775807.0", "range() bounds must be ints"), ("0, null", "range() requires numeric arguments, got null"),
    ],
)  # fmt: skip
def test_errors_of_ranges(out, bounds, message):
    text = f"func f() {{ for i in range({bounds}) {{ print(i); break }} }} try {{ f() }} except e {{ print(e.message, e.stack) }}"
    assert out(text) == [f"{message} []"]
    assert out(text.replace(f"range({bounds})", f"(range({bounds}))")) == [f"{message} []"]


def test_a_range_costs_fuel_by_its_length(see):
    for start, stop in ((0, 63), (0, 64), (1, 64), (1, 65), (-5, 200), (0, 1000), (10, 0)):
        for text in (f"for i in range({start}, {stop}) {{ break }}", f"a := range({start}, {stop})"):
            length = max(0, stop - start)
            assert see(text).fuel == (length >> 6) + (1 if length and "for" in text else 0)


@pytest.mark.parametrize("value", ["null", "true", "P { }", "Ok(1)", "func() { }", "len"])
def test_what_cannot_be_iterated(caught, value):
    assert caught(f"v := {value}; for x in v {{ print(x) }}") == "Cannot iterate over non-iterable type"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("struct P { x: int, y: int func sum(self) { return self.x + self.y } func area() { return x * y } } p := P { x: 2, y: 3 }; print(p.sum(), p.area(), p)", ["5 6 P { x: 2, y: 3 }"]),
        ("struct P { func set(self, v) { mut s := self; s.x := v; return s } } p := P { x: 1 }; q := p.set(2); print(p, q)", ["P { x: 1 } P { x: 2 }"]),
        ("struct P { func m(self) { return self.n() + 1 } func n(self) { return 1 } } print((P { }).m())", ["2"]),
        ("struct P { x: int, g: int func m() { return [x, g] } } g := 7; print((P { x: 1 }).m(), (P { x: 1, g: 2 }).m())", ["[1, 7] [1, 2]"]),
        ("Q2 := 1; print(Q { a: 1, b: [Q2] })", ["Q { a: 1, b: [1] }"]), ("p := P { x: 1, x: 2 }; print(p)", ["P { x: 2 }"]),
        ("p := P { f: func(a) { return a + 1 } }; print(p.f(1), (p.f)(2))", ["2 3"]), ("mut p := P { }; p.a := 1; p.a += 1; print(p)", ["P { a: 2 }"]),
        ("d := {\"f\": func(a) { return a * 2 }}; print(d.f(4))", ["8"]),
        ("func make(n) { struct K { func get(self) { return n } func x() { return n + v } } return K { v: 1 } } a := make(5); print(a.get(), a.x()); b := make(7); print(a.get(), b.x())", ["5 6", "7 8"]),
        ("func f() { return (P { }).m() } try { print(f()) } except e { print(e.message) } struct P { func m(self) { return 1 } } print(f())", ["Unknown method: m", "1"]),
        ("struct P { func m(self) { return 1 } func old(self) { return 0 } } print((P { }).m()); if true { struct P { func m(self) { return 2 } } } try { print((P { }).m(), (P { }).old()) } except e { print(e.message) }", ["1", "Unknown method: old"]),
        ("try { print((P { x: 1 }) + 1) } except e { print(e.message) } struct P { func op_add(self, o) { return o } } print((P { }) + 1)", ["Invalid binary operation: struct + int", "1"]),
        ("struct P { func m(self, x) { return x } } func f(p) { return p.m(1) } print(f(P { a: 1 }), f(P { b: 1 }), f(P { }))", ["1 1 1"]),
        ("struct A { func m(self) { return \"A\" } } struct B { func m(self) { return \"B\" } } for p in [A { }, B { }, A { }] { print(p.m()) }", ["A", "B", "A"]),
    ],
)  # fmt: skip
def test_structs(out, text, lines):
    assert out(text) == lines


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(P { }).nope()", "Unknown method: nope"), ("n := 5; n.foo()", "Cannot access field or method 'foo' on non-struct value"),
        ("struct P { func m() { return zzz } } (P { }).m()", "Undefined variable: zzz"), ('"a".upper()', "Cannot access field or method 'upper' on non-struct value"),
        ("null.x()", "Cannot access field or method 'x' on non-struct value"), ("p := P { f: 1 }; p.f()", "Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead."),
    ],
)  # fmt: skip
def test_errors_of_methods(err, text, message):
    assert err(text) == message


OVERLOADS = """
struct V { x: int
    func op_add(self, o) { return V { x: self.x + o.x } } func op_sub(self, o) { return "sub" } func op_mul(self, k) { return V { x: self.x * k } }
    func op_div(self, o) { return "div" } func op_mod(self, o) { return "mod" } func op_eq(self, o) { return self.x == 1 } func op_ne(self, o) { return "ne" }
    func op_lt(self, o) { return self.x < o.x } func op_gt(self, o) { return "" } func op_le(self, o) { return [] } func op_ge(self, o) { return [1] }
    func op_neg(self) { return V { x: -self.x } } func op_not(self) { return "not" } }
a := V { x: 1 }; b := V { x: 2 };
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("print(a + b, a - b, a * 3, a / b, a % b)", ["V { x: 3 } sub V { x: 3 } div mod"]), ("print(a == b, b == a, a != a, a < b, b < a)", ["true false ne true false"]),
        ("print(a > b, a <= b, a >= b, -a, !a)", [" [] [1] V { x: -1 } not"]), ("if a > b { print(1) } else { print(2) } if a >= b { print(3) } if !(a == b) { print(4) }", ["2", "3"]),
        ("mut c := a; c += b; c *= 2; print(c, a)", ["V { x: 6 } V { x: 1 }"]), ("print(a + b + a * 2 - 1)", ["sub"]), ("while a < b { a := a + b; print(a) }", ["V { x: 3 }"]),
        ("print([a] == [b], [a] == [a])", ["false true"]), ("if a != b { print(\"t\") } mut n := 0; while b != a { n += 1; if n > 2 { break } } print(n)", ["t", "3"]),
    ],
)  # fmt: skip
def test_overloads(out, text, lines):
    assert out(OVERLOADS + text) == lines


@pytest.mark.parametrize(
    ("text", "message"),
    [("2 * a", "Invalid binary operation: int * struct"), ("a + 1", "Field not found: x"), ("(P { }) + 1", "Invalid binary operation: struct + int"),
     ("(P { }) < (P { })", "Invalid binary operation: struct < struct"), ("-(P { })", "Invalid unary operation: - struct")],
)  # fmt: skip
def test_errors_of_overloads(err, text, message):
    before = OVERLOADS.replace("self.x + o.x", 'self.x + (P { y: 1 }).x') if text == "a + 1" else OVERLOADS
    assert err(f"{before} print({text})") == message


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("enum C { R, G } v := C::R; match v { case C::G: { print(1) } case C::R: { print(2) } default: { print(3) } }", ["2"]),
        ("v := E::A(1, [2]); match v { case E::A(x): { print(x, x_1) } }", ["1 [2]"]), ("v := E::A; match v { case E::A(x): { print(x) } }", ["null"]),
        ("match F::A(1) { case E::A(x): { print(1) } case A(x): { print(2, x) } }", ["2 1"]), ("match 5 { case a: { print(1) } } print(0)", ["0"]),
        ('match "a" { case b: { print(1) } case a: { print(2) } }', ["2"]), ("match [1] { case a: { print(1) } default: { print(2) } }", ["2"]),
        ("match Ok(1) { case Result::Ok(v): { print(v) } }", ["1"]), ("match Result::Err(2) { case Ok(v): { print(v) } case Err(e): { print(\"e\", e) } }", ["e 2"]),
        ("match None { case Some(v): { print(v) } case None: { print(\"none\") } }", ["none"]), ("match Some(null) { case Some(v): { print(v) } }", ["null"]),
        ("print(E::A(1, 2), E::B, Ok([1]), Err(\"x\"), Some(None), None, Result::Ok(3), Option::None)", ["E::A(1,2) E::B Ok([1]) Err(x) Some(None) None Ok(3) None"]),
        ("for v in [Ok(1), Err(2), 3] { match v { case Ok(x): { if x == 1 { continue } print(x) } case Err(x): { print(x) } default: { break } } }", ["2"]),
        ("func f(v) { match v { case Ok(x): { return x } default: { return 0 } } } print(f(Ok(5)), f(1))", ["5 0"]),
        ("print((E::A(1)) == (E::A(1.0)), type(E::A), type(Ok(1)), type(None))", ["true tagged result option"]),
    ],
)  # fmt: skip
def test_enums_and_match(out, text, lines):
    assert out(text) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("func f(r) { v := r?; return Ok(v + 1) } print(f(Ok(1)), f(Err(\"e\")), f(Some(3)), f(None))", ["Ok(2) Err(e) Ok(4) None"]),
        ("func f() { for i in 3 { print(i); Err(i)? } } print(f())", ["0", "Err(0)"]), ("print(1); None?; print(2)", ["1"]),
        ("func f() { try { Err(1)?; print(9) } except e { print(8) } return 7 } print(f())", ["Err(1)"]),
        ("func f() { x := [Ok(1)?, Some(2)?]; return x } print(f())", ["[1, 2]"]), ("func f() { return [1, Err(2)?, print(3)] } print(f())", ["Err(2)"]),
        ("func f() { g := func() { return Err(1)? }; return [g()] } print(f())", ["[Err(1)]"]),
    ],
)  # fmt: skip
def test_the_try_operator(out, text, lines):
    assert out(text) == lines


@pytest.mark.parametrize("value", ["1", "null", "E::A(1)", "[Ok(1)]"])
def test_the_try_operator_needs_a_result(caught, value):
    assert caught(f"v := {value}; v?") == "Try operator requires Result or Option"
