"""References that programs take to Python strings are given back, however they end; what lives in the heap is checked by every test."""

from __future__ import annotations

import gc
import sys

import pytest

from pagoda.languages.ruff.compile.function import compile_program
from pagoda.languages.ruff.execute.program import LoadedProgram
from pagoda.languages.ruff.execute.run import run_loaded
from pagoda.languages.ruff.library.numbering import NUMBERS
from pagoda.languages.ruff.walk.limits import Limits

from ..differential.programs import program as random_program
from ..storeys import load, machine_code, outcome

TEXTS = {
    "variables": 'x := "lasting"; y := x; z := [x, y, x]; d := {"lasting": x}; d["lasting"] := d; print(z, d)',
    "captures": 'func f() { mut s := "lasting"; g := func() { s := s + "more"; return s }; g(); return g } h := f(); print(h(), h())',
    "a cycle": 'func f() { mut g := "lasting"; set := func(v) { g := v; return "lasting" }; set(set); set([set, "lasting"]) } f()',
    "errors": 'func f(s) { try { throw(s) } except e { print(e.message, e.stack); throw(E { message: s, cause: [s, "lasting"] }) } } f("lasting")',
    "a caught error": 'for i in 50 { try { map(["lasting"], func(x) { throw(x) }) } except e { y := e } }',
    "operators": 'x := "lasting"; for i in 10 { y := "${x}${x}" + x; z := x == y || x < y; try { w := x * 2 } except e { } } print(x[1], len(x))',
    "builtins": 'print(split("lasting", "s"), join(["lasting", "lasting"], "lasting"), replace("lasting", "st", "lasting"), sort(["lasting", "a"]))',
    "structs": 'struct P { func m(self) { return self.s } } p := P { s: "lasting" }; q := p; q.s := "lasting" + "x"; print(p.m(), q.m(), p == q, p)',
    "iteration": 'for c in "lasting" { d := {c: c} } for k in {"lasting": 1, "other": 2} { x := [k] }',
    "the fuel limit": 'x := ["lasting"]; func f(s) { t := s + "lasting"; return f(t) } try { f("lasting") } except e { } loop { x := push(x, "lasting") }',
    "the memory limit": 'mut x := ["lasting"]; loop { x := [x, "lasting", x, {"lasting": x}] }',
    "exit": 'func f(s) { map([s], func(x) { exit(3) }) } f("lasting")',
    "an array that changes its mind": 'mut a := [1, 2]; a[0] := "lasting"; b := a; a[0] := 1.5; b := push(b, "lasting"); let [x, ...r] := b; print(r, x)',
    "tags": 'match Ok("lasting") { case Ok(v): { print(v) } } print(E::A("lasting"), Some("lasting")); func f() { return Err("lasting")? } f()',
    "a failed call": 'func f(a, b) { return a } try { f("lasting") } except e { } try { f("lasting", "lasting", "lasting") } except e { } "lasting"("lasting")',
    "nested places": 'mut m := {"lasting": [P { s: ["lasting"] }]}; m["lasting"][0].s[0] := "lasting"; try { m["lasting"][1].s := "lasting" } except e { } m.lasting[0].t.u := "lasting"',
}  # fmt: skip


def references(text: str, runs: int) -> tuple[list[int], list[int]]:
    """How often each string constant of a program is referred to: before it runs, and after so many runs."""
    tree, _ = load(text)
    compiled = compile_program(tree, NUMBERS)
    strings = [item for function in compiled.functions for item in function.constants if type(item) is str and len(item) > 1]
    strings += list(compiled.symbols)

    def run() -> None:
        limits = Limits(fuel=2_000, timeout=60)
        loaded = LoadedProgram(compiled, machine_code(), limits, write=lambda text: None, memory=4 << 20)
        left: list[int] = []
        outcome(lambda: run_loaded(loaded, left.append))
        assert left == [0]

    def counts() -> list[int]:
        gc.collect()
        return [sys.getrefcount(item) for item in strings]

    run()
    for _ in range(4):  # what an earlier test left may go meanwhile; a reference lost or kept by a run shows every time
        before = counts()
        for _ in range(runs):
            run()
        after = counts()
        if after == before:
            break
    return before, after


@pytest.mark.parametrize("name", TEXTS)
def test_strings_are_given_back(name):
    before, after = references(TEXTS[name], 20)
    assert after == before


def test_strings_of_random_programs_are_given_back():
    for seed in range(40):
        text = random_program(seed)
        before, after = references(text, 3)
        assert after == before, f"seed {seed}\n{text}"
