"""1.9, logical and null operators: bools, truth of every kind, laziness."""

from __future__ import annotations

import pytest

FALSY = ("false", "null", "0", "0.0", "-0.0", '""', "[]", "{}")
TRUTHY = ("true", "1", "-1", "0.1", '"false"', '"0"', "[0]", "[[]]", '{"a": 0}', "len", "func() { }", "Set([])", "Queue()", "P { }", "None", "Err(0)", "(E::A)", "bytes([])", "[].map(len)")  # fmt: skip


@pytest.mark.parametrize("value", [*FALSY, *TRUTHY])
def test_truth(out, value):
    yes = "true" if value in TRUTHY else "false"
    no = "false" if yes == "true" else "true"
    assert out(f"v := {value}; print(v && true, true && v, v || false, false || v, !(v && true))") == [f"{yes} {yes} {yes} {yes} {no}"]
    program = f'v := {value}; if v {{ print("y") }} else {{ print("n") }} mut k := 0; while v {{ k += 1; if k > 1 {{ break }} }} print(k); print(is_truthy(v))'
    assert out(program) == (["y", "2", "true"] if yes == "true" else ["n", "0", "false"])


def test_they_give_bools_and_are_lazy(rows):
    rows(
        {
            "print(1 && 2, 0 || \"x\", [] || {}, null && 1)": "true true false false", "print(false && nope, true || nope)": "false true", "print(1 ?? nope, false ?? nope, 0 ?? nope, \"\" ?? nope, None ?? nope)": "1 false 0  None",
            "print(null ?? null, null ?? 5, null ?? null ?? 6)": "null 5 6", "d := {}; print(d.a ?? \"none\", d?.a ?? 1)": "none 1", "n := null; print(n?.a, n?.a?.b, (P { x: null }).x?.y)": "null null null", "print((P { x: 1 })?.x, (P { })?.x, ({\"a\": 2})?.a, ({})?.a)": "1 null 2 null",
            "if true && [] { print(1) } else if 0 || \"a\" { print(2) }": "2", "mut i := 0; while i < 3 && i != 2 { i += 1 } print(i)": "2", "print(1 == 1 && 2 == 2 || nope)": "true",
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "message"),
    [("!0", "Invalid unary operation: ! int"), ("!null", "Invalid unary operation: ! null"), ('!""', "Invalid unary operation: ! string"), ("![]", "Invalid unary operation: ! array"), ("!None", "Invalid unary operation: ! value"),
     ("-true", "Invalid unary operation: - bool"), ("-null", "Invalid unary operation: - null"), ("5?.x", "Cannot access field or method 'x' on non-struct value"), ("null.x", "Cannot access field or method 'x' on non-struct value"),
     ("[1]?.x", "Cannot access field or method 'x' on non-struct value"), ("(P { }).x ?? 1", "Field not found: x"), ("nope ?? 1", "Undefined variable: nope")],
)  # fmt: skip
def test_errors(caught, expression, message):
    assert caught(f"v := {expression}") == message
