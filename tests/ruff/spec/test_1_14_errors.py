"""1.14, errors and handlers: what ``tests/ruff/semantics/test_errors.py`` leaves."""

from __future__ import annotations

import pytest

CAUGHT = {
    "1 / 0": "Division by zero", "1 % 0": "Modulo by zero", "9223372036854775807 + 1": "Integer overflow: 9223372036854775807 + 1", "1 + \"a\"": "Invalid binary operation: int + string", "!1": "Invalid unary operation: ! int", "[1][5]": "Index out of bounds: 5", "{}[\"k\"]": 'Missing map key: "k"',
    "nope": "Undefined variable: nope", "(P { }).x": "Field not found: x", "(5).x": "Cannot access field or method 'x' on non-struct value", "(P { }).m()": "Unknown method: m", "5[0]": "Invalid index operation", "len(5, 6)": "len expects 1 arguments, got 2", "(func() { })(1)": "<lambda> expects 0 arguments, got 1",
    "5?": "Try operator requires Result or Option", "[...1]": "Array spread requires an array", "{[]: 1}": "Dict keys must be strings", "parse_int(\"abc\")": "Cannot parse 'abc' as integer", "to_int(\"x\")": "Cannot convert 'x' to int", "error(\"boom\")": "boom", "assert(false)": "Assertion failed", "assert(1 == 2, \"why\")": "why",
    "assert_equal(5, 10)": "Assertion failed: expected Int(10), got Int(5)", "assert_true(false)": "Assertion failed: expected true, got false", "assert_false(true)": "Assertion failed: expected false, got true", "assert_contains([5], 10)": "Assertion failed: Array[5] does not contain Int(10)", "sqrt(-1)": "sqrt() domain error: value must be >= 0",
}  # fmt: skip


@pytest.mark.parametrize("expression", CAUGHT)
def test_every_error_can_be_caught(out, expression):
    message = CAUGHT[expression]
    assert out(f"try {{ v := {expression}; print(0) }} except e {{ print(e.message, e.line, type(e)) }} print(\"on\")") == [f"{message} 0 struct", "on"]
    assert out(f"func f() {{ return {expression} }} func g() {{ try {{ return [f()] }} except e {{ return e.message }} }} print(g())") == [message]
    assert out(f"try {{ map([1], func(x) {{ return {expression} }}) }} except e {{ print(e.message) }}") == [message]


@pytest.mark.parametrize(
    ("value", "message"),
    [('"m"', "m"), ('""', ""), ("42", "Int(42)"), ("-1.5", "Float(-1.5)"), ("true", "Bool(true)"), ("null", "Null"), ("[1, \"a\"]", "Array[1, a]"), ("{\"a\": 1}", 'Dict{"a": 1}'), ("P { message: \"pm\", code: 5 }", "pm"), ("P { code: 5 }", "P error"), ("P { message: 1 }", "P error")],
)  # fmt: skip
def test_messages_of_thrown_values(caught, value, message):
    assert caught(f"throw({value})") == message
    assert caught(f"try {{ throw({value}) }} except e {{ throw(e) }}") == message


def test_handlers(rows):
    rows(
        {
            "try { throw(\"a\") } except e { print(e) }": "Error { line: 0, message: a, stack: [] }", "try { throw(P { message: \"m\", cause: [1], code: 2 }) } except e { print(e) }": "Error { cause: [1], line: 0, message: m, stack: [] }", "func f() { throw(\"a\") } func g() { f() } try { g() } except e { print(e.stack) }": "[g, f]",
            "func f() { parse_int(\"x\") } try { f() } except e { print(e.stack) }": "[]", "func f() { return 1 / 0 } try { f() } except e { print(e.stack) }": "[f]", "func h() { try { throw(1) } except e { return e.stack } } func g() { return h() } print(g())": "[g, h]",
            "try { try { throw(\"a\") } except e { throw(e.message + \"b\") } } except e { print(e.message) }": "ab", "try { try { throw(P { message: \"m\", cause: 1 }) } except e { throw(e) } } except e { print(e.message, e.cause) }": "m 1", "try { try { 1 / 0 } except e { nope } } except e { print(e.message) }": "Undefined variable: nope",
            "func f() { try { return 1 } except e { return 2 } } print(f())": "1", "func f() { try { throw(1) } except e { return 2 } return 3 } print(f())": "2", "mut x := 1; try { x := 2; throw(0); x := 3 } except e { x += 10 } print(x)": "12", "func f() { mut x := [1]; try { x := push(x, 1 / 0) } except e { } return x } print(f())": "[1]",
            "for i in 3 { try { if i == 1 { throw(\"t\") } print(i) } except e { print(e.message) } }": "0|t|2", "try { } except e { print(1) } print(2)": "2", "e := 1; try { throw(0) } except e { e := 5; print(e) } print(e)": "5|1", "throw2 := 1; print(throw2)": "1",
            "v := null ?? 3; w := false || (func() { try { throw(1) } except e { return true } })(); print(v, w)": "3 true", "try { throw(\"a\") } except e { f := func() { return e.message }; print(f()) }": "a", "func f(n) { try { if n == 0 { throw(\"deep\") } f(n - 1) } except e { throw(e.message + to_string(n)) } } try { f(3) } except e { print(e.message) }": "deep0123",
            "try { [1, 2, throw(\"in array\")] } except e { print(e.message) }": "in array", "try { x := 1 + throw(\"sum\") } except e { print(e.message) }": "sum", "func f() { return throw(\"r\") } try { f() } except e { print(e.message, e.stack) }": "r [f]", "try { sort([1, 2], 3) } except e { print(e.message[0]) }": "s",
        }
    )  # fmt: skip


def test_nothing_is_left_half_done(rows):
    rows(
        {
            "mut a := [1, 2]; try { a[0] := 1 / 0 } except e { } print(a)": "[1, 2]", "mut a := [1, 2]; try { a[5] := 1 } except e { } print(a)": "[1, 2]", "mut d := {\"a\": 1}; try { d[\"a\"] += \"x\" } except e { } print(d)": '{"a": 1}', "mut s := \"a\"; try { s += 1 } except e { } print(s)": "a",
            "mut p := P { x: 1 }; try { p.x := nope } except e { } print(p)": "P { x: 1 }", "mut m := [[1]]; try { m[0][7] := 2 } except e { } print(m)": "[[1]]", "mut n := 9223372036854775807; try { n += 1 } except e { } print(n)": "9223372036854775807", "func f() { mut n := 1; try { n := n + (func() { throw(0) })() } except e { } return n } print(f())": "1",
        }
    )  # fmt: skip


def test_uncaught(see):
    seen = see("print(1)\nfunc f() { throw(\"t\") }\nfunc g() { f() }\ng()\nprint(2)")
    assert (seen.kind, seen.message, seen.output, seen.names) == ("error", "t", "1\n", ["f", "g"])
