"""1.18, type annotations: no effect at run time."""

from __future__ import annotations

import pytest

from pagoda.machine.source import DiagnosticError


def test_nothing_is_checked_at_run_time(rows):
    rows(
        {
            "let x: int := \"s\"; print(x, type(x))": "s string", "let x: float := 1; print(type(x))": "int", "func f(a: int) -> string { return a } print(f(null))": "null", "struct P { x: int } print(P { x: \"s\" })": "P { x: s }", "const C: Result<int, string> := 5; print(C)": "5",
            "mut o: Option<Result<int, float>> := None; o := 1; print(o)": "1", "f := func(a: bool) -> int { return a }; print(f([1]))": "[1]", "struct P { func m(self, a: int) -> bool { return a } } print((P { }).m(\"x\"))": "x",
        }
    )  # fmt: skip


@pytest.mark.parametrize("text", ["let x: Foo := 1", "let x: array := []", "func f(a: Foo) { }", "func f() -> Foo { }", "func f() -> Option<int> { }", "let x: Result<int> := 1", "let x: Option<Foo> := 1"])
def test_unknown_types_are_refused(see, text):
    with pytest.raises(DiagnosticError):
        see(text)
