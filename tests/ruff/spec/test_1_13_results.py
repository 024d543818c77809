"""1.13, Result, Option and ``?``: what ``tests/ruff/semantics/test_control.py`` leaves."""

from __future__ import annotations

import pytest


def test_unwrapping(rows):
    rows(
        {
            "print(Ok(1)?, Some([2])?, Ok(null)?)": "1 [2] null", "func f(r) { x := r?; return [x] } print(f(Ok(1)), f(Some(2)), f(Err(\"e\")), f(None))": "[1] [2] Err(e) None", "func f() { return Ok(Ok(1))? ? } print(f())": "1", "print(1); Err(5)?; print(2)": "1", "for i in 3 { print(i); if i == 1 { None? } } print(9)": "0|1",
            "func f() { g := func() { Err(1)?; return 2 }; return [g(), 3] } print(f())": "[Err(1), 3]", "func f() { print(map([Ok(1), Err(2), Ok(3)], func(r) { return r? })); return 0 } f()": "[1, Err(2), 3]", "func f() { try { Err(1)?; return 2 } except e { return 3 } } print(f())": "Err(1)",
            "func f(r) { return Ok(r? + 1) } func g(r) { return Ok(f(r)? * 2) } print(g(Ok(1)), g(Err(0)))": "Ok(4) Err(0)", "struct P { func m(self) { return Err(self.x)? } } print((P { x: 1 }).m())": "Err(1)", "func f() { for x in [1, 2] { for y in \"ab\" { if x == 2 { Err(y)? } } } } print(f())": "Err(a)",
            "func f() { x := [1, Err(2)?, print(3)] } print(f())": "Err(2)", "func f(d) { return d.r?.x } print(f({\"r\": null}))": "null", "async func f() { Err(1)?; return 2 } print(await f())": "Err(1)", "func f() { match Some(1)? { default: { return 5 } } } print(f())": "5", "func f() { if Ok(true)? { return 1 } } print(f())": "1", "func f() { while Some(true)? { return None? } } print(f())": "None",
        }
    )  # fmt: skip


@pytest.mark.parametrize("value", ["1", "null", '"Ok"', "[Ok(1)]", "{}", "P { }", "(E::Ok(1))", "true", "len"])
def test_what_cannot_be_unwrapped(caught, out, value):
    assert caught(f"v := {value}; v?") == "Try operator requires Result or Option"
    assert out(f"func f(v) {{ return v? }} try {{ f({value}) }} except e {{ print(e.stack) }}") == ["[f]"]


def test_forms(rows):
    rows(
        {
            "Ok(1) == Ok(1.0)": "true", "Ok(1) == Some(1)": "false", "None == null": "false", "Ok([1]) == Ok([1])": "true", "Err(1) != Err(2)": "true", "type(Ok(1)) + type(Err(1)) + type(Some(1)) + type(None)": "resultresultoptionoption", "Some(None)": "Some(None)", "[Ok(\"x\"), None]": "[Ok(x), None]",
            "Result::Ok(1) == Ok(1)": "true", "Result::Foo(1)": "Result::Foo(1)", "Option::Some(1) == Some(1)": "true",
        },
        "v := {}; print(v)",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["is_ok", "unwrap", "unwrap_or", "is_some", "is_err", "is_none"])
def test_there_are_no_helpers(caught, name):
    assert caught(f"{name}(Ok(1))") == f"Undefined variable: {name}"
