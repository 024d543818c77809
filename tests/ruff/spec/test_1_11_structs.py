"""1.11, structs, methods, overloads: what ``tests/ruff/semantics/test_control.py`` leaves."""

from __future__ import annotations

import pytest

NOT_CALLABLE = "Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead."


def test_instances(rows):
    rows(
        {
            "print(P { x: 1, y: \"s\" }, Q { })": "P { x: 1, y: s } Q {  }", "struct P { x: int } print(P { y: 2 }, P { x: \"any\" })": "P { y: 2 } P { x: any }", "x := 3; print(P { x: x })": "P { x: 3 }", "print(P { b: 1, a: 2 })": "P { a: 2, b: 1 }",
            "p := P { x: 1 }; q := p; q.x := 2; q.n := 3; print(p, q)": "P { x: 1 } P { n: 3, x: 2 }", "mut ps := [P { x: 1 }]; ps[0].x := 2; q := ps[0]; q.x := 3; print(ps)": "[P { x: 2 }]", "print(P { x: 1 } == P { x: 1 }, P { x: 1 } == Q { x: 1 }, P { x: 1 } != P { x: 2 })": "true false true",
            "func f(p) { p.x := 9; return p } p := P { x: 1 }; print(f(p).x, p.x)": "9 1", "mut p := P { q: Q { r: [1] } }; p.q.r[0] += 4; p.q.s := 1; print(p)": "P { q: Q { r: [5], s: 1 } }", "print((P { x: [1, 2] }).x[1])": "2",
        }
    )  # fmt: skip


def test_methods(rows):
    rows(
        {
            "struct P { x: int func get(self) { return self.x } func old() { return x } } p := P { x: 4 }; print(p.get(), p.old())": "4 4", "struct P { func set(self, v) { self.x := v; return self } } p := P { x: 1 }; print(p.set(2), p)": "P { x: 2 } P { x: 1 }",
            "struct P { x: int func m() { x := x + 1; return x } } p := P { x: 1 }; print(p.m(), p.m(), p)": "2 2 P { x: 1 }", "struct P { func a(self, n) { if n == 0 { return 0 } return self.b(n - 1) } func b(self, n) { return self.a(n) + 1 } } print((P { }).a(3))": "3",
            "struct P { x: int func m(x) { return x } } print((P { x: 1 }).m(5))": "5", "struct P { x: int func m() { return other } } other := 7; print((P { x: 1 }).m())": "7", "struct P { func zip(self) { return 1 } func map(self, f) { return f } func take(self) { return 2 } } p := P { }; print(p.zip(), p.map(3), p.take())": "1 3 2",
            "s := S { f: func(a) { return a + 1 } }; print(s.f(4), (s.f)(4))": "5 5", "struct P { func m(self) { return 1 } } p := P { m: func() { return 2 } }; print(p.m(), (p.m)())": "1 2", "struct P { func m(self) { return func() { return self.x } } } print((P { x: 6 }).m()())": "6",
            "struct A { func m(self) { return \"A\" } } struct B { func m(self) { return \"B\" } } for s in [A { }, B { }] { print(s.m()) }": "A|B", "struct P { func m(self) { return 1 } } struct P { func m(self) { return 2 } } print((P { }).m())": "2",
            "struct P { func m(self) { throw(\"t\") } } try { (P { }).m() } except e { print(e.message, e.stack) }": "t [P.m]", "struct P { async func m(self) { return 3 } } print(await (P { }).m())": "3", "struct P { func m(self, a) { return [self.x, a] } } print(map([1, 2], func(i) { return (P { x: 0 }).m(i) }))": "[[0, 1], [0, 2]]",
            "func mk(k) { struct L { func m(self) { return k } } return L { } } print(mk(5).m())": "5", "struct P { func m(self) { return self } } p := P { a: [1] }; q := p.m(); q.a[0] := 2; print(p, q)": "P { a: [1] } P { a: [2] }",
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(P { }).x", "Field not found: x"), ("(P { }).m()", "Unknown method: m"), ("struct P { func m(self) { } } (P { }).n()", "Unknown method: n"), ("(P { x: 1 }).x()", NOT_CALLABLE), ("n := 5; n.x := 1", "Cannot access field or method 'x' on non-struct value"), ("(5).m()", "Cannot access field or method 'm' on non-struct value"),
        ("\"a\".upper()", "Cannot access field or method 'upper' on non-struct value"), ("[1].push(2)", "Cannot access field or method 'push' on non-struct value"), ("({}).nope()", "Cannot access field or method 'nope' on non-struct value"), ("null.m()", "Cannot access field or method 'm' on non-struct value"), ("Ok(1).unwrap()", "Cannot access field or method 'unwrap' on non-struct value"),
        ("struct P { func m(self) { return self.zz } } (P { }).m()", "Field not found: zz"), ("struct P { func m() { return zz } } (P { }).m()", "Undefined variable: zz"), ("P.m()", "Undefined variable: P"), ("struct P { func m(self) { } } P.m()", "Cannot access field or method 'm' on non-struct value"),
    ],
)  # fmt: skip
def test_errors(caught, text, message):
    assert caught(text) == message


ALL = {"+": "op_add", "-": "op_sub", "*": "op_mul", "/": "op_div", "%": "op_mod", "==": "op_eq", "!=": "op_ne", "<": "op_lt", ">": "op_gt", "<=": "op_le", ">=": "op_ge"}


@pytest.mark.parametrize("operator", ALL)
def test_an_overload_is_the_left_operands(out, caught, operator):
    struct = f"struct V {{ func {ALL[operator]}(self, o) {{ return [self.x, o] }} }} v := V {{ x: 1 }}; "
    assert out(struct + f"print(v {operator} 5, v {operator} v, v {operator} null)") == ["[1, 5] [1, V { x: 1 }] [1, null]"]
    if operator in ("==", "!="):
        assert out(struct + f"print(5 {operator} v)") == ["false" if operator == "==" else "true"]
    else:
        assert caught(f"5 {operator} v", struct) == f"Invalid binary operation: int {operator} struct"
    assert caught(f"v {operator} 1", f'struct V {{ func {ALL[operator]}(self, o) {{ throw("in") }} }} v := V {{ }}') == "in"


def test_no_overload_follows_from_another(out, caught):
    struct = "struct V { func op_eq(self, o) { return true } func op_lt(self, o) { return true } } a := V { x: 1 }; b := V { x: 2 }; "
    assert out(struct + "print(a == b, a != b, a < b)") == ["true true true"]
    assert caught("a > b", struct) == "Invalid binary operation: struct > struct"
    assert caught("a <= b", struct) == "Invalid binary operation: struct <= struct"
    assert caught("-a", struct) == "Invalid unary operation: - struct"
    assert caught("!a", struct) == "Invalid unary operation: ! struct"


def test_overloads_in_conditions_and_assignments(rows):
    struct = "struct V { func op_lt(self, o) { return self.x < o } func op_add(self, o) { return V { x: self.x + o } } func op_eq(self, o) { return 0 } func op_not(self) { return [] } } mut v := V { x: 0 }; "
    rows({"while v < 3 { v += 1 } print(v)": "V { x: 3 }", "if v == v { print(1) } else { print(2) }": "2", "if !v { print(1) } else { print(2) }": "2", "mut a := [v]; a[0] += 5; print(a)": "[V { x: 5 }]", "print(v < 1 && true, [v] == [v], contains([v], v))": "true true true"}, before=struct)
