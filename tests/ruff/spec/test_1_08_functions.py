"""1.8, functions and closures: what ``tests/ruff/semantics/test_functions.py`` leaves."""

from __future__ import annotations

import pytest

NOT_CALLABLE = "Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("func f(a) { } f(1, 2)", "f expects 1 arguments, got 2"), ("func f() { } f(1)", "f expects 0 arguments, got 1"), ("(func(a, b) { })(1)", "<lambda> expects 2 arguments, got 1"), ("g := func(a) { }; g()", "<lambda> expects 1 arguments, got 0"),
        ("func f() { func g(a) { } g() } f()", "g expects 1 arguments, got 0"), ("struct P { func m(self, a) { } } (P { }).m(1, 2)", "P.m expects 1 arguments, got 2"), ("struct P { func m(a, b) { } } (P { }).m(1)", "P.m expects 2 arguments, got 1"), ("struct P { func op_add(self) { } } (P { }) + 1", "P.op_add expects 0 arguments, got 1"),
        ("len()", "len expects 1 arguments, got 0"), ("len([], [])", "len expects 1 arguments, got 2"), ("len({}, {})", "len expects 1 arguments, got 2"), ("5()", NOT_CALLABLE), ("\"f\"()", NOT_CALLABLE), ("null()", NOT_CALLABLE), ("[1]()", NOT_CALLABLE), ("(P { })()", NOT_CALLABLE), ("Ok(1)()", NOT_CALLABLE),
        ("d := {\"a\": 1}; d.a()", NOT_CALLABLE), ("d := {}; d[\"a\"]()", 'Missing map key: "a"'), ("5 |> 6", NOT_CALLABLE), ("map([1], 5)", NOT_CALLABLE), ("func f() { mut h := func() { return h() }; return h() } f()", "Undefined variable: h"),
    ],
)  # fmt: skip
def test_errors_of_calls(caught, text, message):
    before, _, call = text.rpartition("; ") if text.startswith(("g :=", "d :=")) else ("", "", text)
    assert caught(call, before) == message


def test_results(rows):
    rows(
        {
            "func f() { } print(f())": "null", "func f() { return } print(f())": "null", "func f() { if false { return 1 } } print(f())": "null", "func f() { 5 } print(f())": "null", "func f(a) { return a } print(f([1]))": "[1]", "print((func() { return func() { return 7 } })()())": "7",
            "func f(n) { if n > 0 { return f(n - 1) } return \"end\" } print(f(5000))": "end", "func a(n) { if n == 0 { return 0 } return b(n - 1) } func b(n) { return a(n) + 1 } print(a(2000))": "2000",
        }
    )  # fmt: skip


def test_capture_copies_at_creation(rows):
    rows(
        {
            "func f() { mut n := 1; g := func() { n += 1; return n }; n := 100; return [g(), g(), n] } print(f())": "[2, 3, 100]", "func f() { mut n := 0; a := func() { n += 1; return n }; b := func() { n += 10; return n }; return [a(), b(), a(), n] } print(f())": "[1, 10, 2, 0]",
            "func mk() { mut n := 0; return func() { n += 1; return n } } a := mk(); b := mk(); c := a; print(a(), c(), b(), a())": "1 2 1 3", "func f() { mut a := [1]; g := func() { a[0] += 1; return a }; g(); return [g(), a] } print(f())": "[[3], [1]]",
            "func f() { fs := [func() { return 0 }]; mut out := []; for i in 3 { k := i * i; out := push(out, func() { return k + i }) } return map(out, func(h) { return h() }) } print(f())": "[0, 2, 6]",
            "func f(x) { return func(y) { return func(z) { x += 1; return x + y + z } } } g := f(1)(2); print(g(3), g(3))": "7 8", "func f() { mut n := 5; g := func() { h := func() { n += 1; return n }; return [h(), h(), n] }; return [g(), g()] } print(f())": "[[6, 7, 5], [6, 7, 5]]",
            "func f() { mut n := 0; g := func(k) { if k == 0 { return n } n += k; return n }; d := {\"g\": g}; d.g(3); arr := [g, g]; arr[0](4); return g(0) } print(f())": "7", "x := 1; g := func() { return x }; x := 2; print(g())": "2",
            "func mk() { mut c := null; s := func(v) { c := v; return c }; return s } s := mk(); s(s); print(type(s(1)))": "int", "func f(n) { func fact(k) { if k < 2 { return 1 } return k * fact(k - 1) } return fact(n) } print(f(10))": "3628800",
            "func f() { func g() { return 1 } h := g; func g2() { return g() + 1 } return g2() } print(f())": "2", "mut fs := []; mut i := 0; while i < 2 { let j := i; fs := push(fs, func() { return j }); i += 1 } print(fs[0](), fs[1]())": "0 1",
            "func f() { try { throw(\"m\") } except e { return func() { return e.message } } } print(f()())": "m", "func f() { match Ok(4) { case Ok(v): { return func() { v += 1; return v } } } } g := f(); print(g(), g())": "5 6",
        }
    )  # fmt: skip


def test_functions_as_values(rows):
    rows(
        {
            "f := func() { }; g := f; print(f == g, f == func() { }, len == len, len == print, f != g)": "true false true false false", "func f() { } print(f == f, [f] == [f], contains([f], f))": "true true true",
            "func f() { return 1 } d := {\"f\": f, \"l\": len}; print(d.f(), d.l([1]), d[\"l\"](\"ab\"))": "1 1 2", "s := S { f: func(a) { return a * 2 } }; print(s.f(4), (s.f)(5))": "8 10", "func mk(n) { return func() { return n } } a := mk(1); print(a == mk(1), a == a)": "false true",
            "func f() { return 1 } g := f; f := func() { return 2 }; print(g(), f())": "1 2", "func f() { f := 5; return f } print(f()); print(f)": "5|5", "print([1, 2] |> map(func(x) { return x * 2 }) |> len)": "2", "print(\"a\" |> to_upper, [3, 1] |> sort |> reverse)": "A [3, 1]",
        }
    )  # fmt: skip


def test_evaluation_order(out):
    text = """
    func s(x) { print(x); return x }
    func f(a, b) { return a }
    f(s(1), s(2)); [s(3), s(4)]; {s("k"): s(5)}; P { x: s(6), y: s(7) }; s(8) + s(9) * s(10); s([0])[s(0)]; s(11) |> f(s(12)); "${s(13)}${s(14)}"; E::T(s(15), s(16));
    mut a := [[0]]; a[s(0)][s(0)] := s(17); s(false) && s(18); s(true) || s(19); s(null) ?? s(20)
    """
    assert " ".join(out(text)) == "1 2 3 4 k 5 6 7 8 9 10 [0] 0 11 12 13 14 15 16 17 0 0 false true null 20"


def test_a_pipe_evaluates_what_it_pipes_first(caught, out):
    assert out("func s(x) { print(x); return x } try { s(1) |> nope } except e { print(e.message) }") == ["1", "Undefined variable: nope"]
    assert caught("nope1 |> nope2") == "Undefined variable: nope1"
    assert caught("nope1(nope2)") == "Undefined variable: nope1"


def test_deep_calls(see, out):
    assert out("func f(n) { if n == 0 { return 0 } return 1 + f(n - 1) } print(f(9990))") == ["9990"]
    assert out("func f(n) { return f(n + 1) } try { f(0) } except e { print(e.message) }") == ["Maximum VM call stack depth of 10000 exceeded while calling f"]
    assert out("f := func(g, n) { if n == 0 { return 0 } return g(g, n - 1) }; print(f(f, 3000))") == ["0"]
    assert out("print(len(map(range(3000), func(x) { return x })), reduce(range(1000), 0, func(a, b) { return a + b }))") == ["3000 499500"]


def test_early_returns_leave_nothing_behind(out):
    assert out("func f(n) { if n > 0 { if n > 1 { for i in 3 { return n } } return 1 } return 0 } mut t := 0; for i in 3000 { t += f(i % 3) } print(t)") == ["3000"]
