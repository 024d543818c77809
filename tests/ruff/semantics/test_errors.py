"""throw, try and except: what a handler gets, what passes it, where errors point, what limits are not caught."""

from __future__ import annotations

import pytest

from ..storeys import run_on_vm, run_on_walk


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"m"', "m"), ("42", "Int(42)"), ("1.5", "Float(1.5)"), ("null", "Null"), ("true", "Bool(true)"), ("[1, 2]", "Array[1, 2]"),
        ('P { message: "pm" }', "pm"), ("P { }", "P error"), ("P { message: 5 }", "P error"), ('"é😀"', "é😀"),
    ],
)  # fmt: skip
def test_what_is_thrown_becomes_the_message(caught, err, value, message):
    assert caught(f"throw({value})") == message
    assert err(f"func f(v) {{ throw(v) }} f({value})") == message


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('try { throw("a") } except e { print(e, e.line, type(e)) }', ["Error { line: 0, message: a, stack: [] } 0 struct"]),
        ('func f() { throw("a") } func g() { f() } try { g() } except e { print(e.stack) }', ["[g, f]"]),
        ('func f() { try { throw("a") } except e { print(e.stack) } } func g() { f() } g()', ["[g, f]"]),
        ('func f() { len(1) } try { f() } except e { print(e.stack) }', ["[]"]),
        ('try { try { throw("a") } except e { throw(e.message + "b") } } except e { print(e.message) }', ["ab"]),
        ('try { try { throw("a") } except e { throw(e) } } except e { print(e.message) }', ["a"]),
        ('try { try { print(1 / 0) } except e { print(nope) } } except e { print(e.message) }', ["Undefined variable: nope"]),
        ('try { throw(P { message: "m", cause: [1, P { x: 2 }] }) } except e { print(e.cause, e.message) }', ["[1, P { x: 2 }] m"]),
        ('try { try { throw(P { message: "m", cause: "c" }) } except e { throw(e) } } except e { print(e.cause) }', ["c"]),
        ('try { print(1) } except e { print(2) } print(3)', ["1", "3"]),
        ('mut x := 1; try { x := 2; throw("t"); x := 3 } except e { print(x) }', ["2"]),
        ('func f() { mut x := 1; try { x := 2; x := 3 / 0 } except e { return x } } print(f())', ["2"]),
        ('func f() { mut x := [1]; try { x := push(x, 2); x[9] := 1 } except e { return x } } print(f())', ["[1, 2]"]),
        ('func f() { mut s := "a"; try { s := s + "b"; s := s + 1 } except e { return s } } print(f())', ["ab"]),
        ('func f() { try { return 1 / 0 } except e { return e.message } } print(f())', ["Division by zero"]),
        ('e := 5; try { throw("x") } except e { print(e.message) } print(e)', ["x", "5"]),
        ('func f() { for i in 3 { try { if i == 1 { throw("t") } print(i) } except e { print(e.message) } } } f()', ["0", "t", "2"]),
        ('error2 := func() { error("x") }; try { error2() } except e { print(e.message) }', ["x"]),
        ('try { map([1, 2], func(x) { throw("in ${x}") }) } except e { print(e.message, e.stack) }', ["in 1 [<lambda>]"]),
        ('func f(n) { if n == 0 { throw("deep") } f(n - 1) } try { f(3) } except e { print(len(e.stack)) }', ["4"]),
        ('struct P { func m(self) { throw("t") } func op_add(self, o) { self.m() } } try { (P { }) + 1 } except e { print(e.stack) }', ["[P.op_add, P.m]"]),
        ('try { throw("a") } except e { e.message := "b"; e.extra := 1; print(e.message, e.extra) }', ["b 1"]),
        ('mut kept := null; try { throw("a") } except e { kept := e } print(kept.message)', ["a"]),
        ('try { throw(error2) } except e { print(e.message) }', ["Undefined variable: error2"]),
        ('print([1, 2, (func() { try { throw("x") } except e { return 3 } })()])', ["[1, 2, 3]"]),
    ],
)  # fmt: skip
def test_handlers(out, text, lines):
    assert out(text) == lines


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x := 1 + 2 / 0", "2 / 0"), ("a := [1]\nprint(a[5])", "a[5]"), ("print(nope + 1)", "nope"), ("a := [1]\na[7] := 2", "a[7]"),
        ("func f(a) { return a }\nf(1, 2)", "f(1, 2)"), ("print(len(5))", "len(5)"), ("throw(\"x\")", "throw(\"x\")"),
        ("x := -\"a\"", "-\"a\""), ("if 1 < \"a\" { }", '1 < "a"'), ("p := P { }\nprint(p.zz)", "p.zz"), ("for x in null { }", "null"),
        ("let x := 1\nx := 2", "x := 2"), ("print([1, ...2])", "[1, ...2]"), ("mut m := [[1]]\nm[0][3] := 1", "m[0][3]"), ("5?", "5?"),
        ("n := 1\nn()", "n()"), ("d := {}\nprint(d[\"k\"])", 'd["k"]'), ("x := 9223372036854775807\nx += 1", "x += 1"),
    ],
)  # fmt: skip
def test_an_error_points_at_its_expression(see, text, place):
    seen = see(text)
    assert seen.kind == "error"
    assert text[slice(*seen.span)] == place


def test_the_stack_of_an_uncaught_error(see):
    text = 'func a(x) { return x / 0 }\nfunc b(x) { return a(x) + 1 }\nprint(map([1], func(x) { return b(x) }))'
    seen = see(text)
    assert [(name, text[slice(*place)]) for name, place in seen.stack] == [
        ("a", "a(x)"), ("b", "b(x)"), ("<lambda>", "map([1], func(x) { return b(x) })"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("loop { try { loop { } } except e { print(e) } }", "fuel"), ("func f() { f2() } func f2() { try { f() } except e { f() } } f()", "fuel"),
        ("try { map(range(100000), func(x) { loop { } }) } except e { print(e) }", "fuel"), ("while true { }", "fuel"), ("try { exit(3) } except e { print(e) }", "exit"),
        ("func f() { try { exit(4) } except e { } } map([1], func(x) { f() })", "exit"),
    ],
)  # fmt: skip
def test_limits_and_exit_pass_every_handler(see, text, kind):
    seen = see(text, fuel=5_000)
    assert (seen.kind, seen.output) == (kind, "")


@pytest.mark.parametrize("text", ["loop { try { loop { } } except e { } }", "mut n := 0; while true { n += 1 }", "func f(n) { f(n); } loop { try { f(1) } except e { } }"])
def test_the_time_limit(see, text):
    assert see(text, fuel=1 << 50, timeout=0.3).kind == "timeout"


def test_recursion_without_end_is_an_error(out):
    lines = out('func f(n) { return 1 + f(n + 1) } try { f(0) } except e { print(e.message, len(e.stack)) } print("on")')
    assert lines == ["Maximum VM call stack depth of 10000 exceeded while calling f 255", "on"]


@pytest.mark.parametrize("limit", [1, 2, 17, 300])
def test_the_depth_limit_counts_calls(out, limit):
    text = "func f(n) { if n == 1 { return 1 } return 1 + f(n - 1) } print(f(%d)); try { f(%d) } except e { print(e.message) }"
    assert out(text % (limit, limit + 1), max_depth=limit) == [
        str(limit), f"Maximum VM call stack depth of {limit} exceeded while calling f",
    ]  # fmt: skip


def test_calls_through_builtins_count_too(out):
    text = "func f(n) { if n == 0 { return 0 } return map([n], func(x) { return f(x - 1) })[0] + 1 } print(f(%d)); try { f(%d) } except e { print(e.message) }"
    assert out(text % (24, 25), max_depth=49) == ["24", "Maximum VM call stack depth of 49 exceeded while calling <lambda>"]
    assert out("func f(n) { if n == 0 { return 0 } return map([n], func(x) { return f(x - 1) })[0] + 1 } print(f(4900))") == ["4900"]
    deep = "func f(n) { return map([n], func(x) { return f(x + 1) }) } try { f(0) } except e { print(\"deep\") }"
    assert out(deep) == ["deep"]


CALLBACKS = (
    "map([1], func() { })", "map([1], 3)", "map([1], len)", "[1].map(func() { }).collect()", "[1].map(3).collect()", "[1].map(len).collect()", "map([[1]], func(x) { return map(x, 3) })",
    "map([1], push)", "reduce([1], 0, len)", "par_each([1], 3)", "map([1], func(x) { return len(x) })", "[3].map(to_string).map(len).map(len).next()", "find([1], func(a, b) { })", "[1].filter(nope).next()",
)  # fmt: skip


@pytest.mark.parametrize("expression", CALLBACKS)
def test_a_callback_that_cannot_be_called(expression):
    text = f"func f() {{ return {expression} }} try {{ f() }} except e {{ print(e.message, e.stack) }} f()"
    seen = run_on_walk(text)
    assert (seen.kind, seen.names[-1:]) == ("error", ["f"])
    assert seen.span is not None
    assert text[slice(*seen.span)] in expression
    assert run_on_vm(text) == seen
