"""Whole programs with every function compiled: what they show, with no exit forced, with all, with some."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from pagoda.machine.optimiser.support import ALL

from ..storeys import run_on_vm
from .counting import load_counted
from .everything import differences, programs
from .forcing import ALWAYS
from .running import Run
from .stress import Stress

PROGRAMS = {
    "generators": (
        "func* g(n) { a := [n]\n i := 0\n while i < 4 { yield a\n a := push(a, i)\n i := i + 1 } }\nfor x in g(2) { print(x) }\n"
        "func* h(n) { try { yield 1\n throw(\"x\") } except e { yield e.message }\n yield n }\nfor x in h([3]) { print(x) }\n"
        "func* inner(n) { for x in g(n) { yield [x] } }\nfor x in inner(1) { if len(x[0]) > 2 { break }\n print(x) }\nit := g(7)\n"
    ),
    "handlers": (
        "func f(a, i) { r := []\n try { r := push(r, a[i])\n try { r := push(r, a[i + 1]) } except e { r := push(r, e.message)\n"
        " throw([r]) } } except e { r := push(r, e.message) }\n return r }\nprint(f([1, 2], 0), f([1, 2], 1), f([1], 5))\n"
        "i := 0\nt := \"\"\nwhile i < 6 { try { if i % 2 == 1 { throw(i) }\n t := t + \"ok\" } except e { t := t + e.message }\n i := i + 1 }\n"
        "print(t)\n"
    ),
    "closures": (
        "func make(n) { total := [n]\n return func(x) { total := push(total, x)\n return total } }\nc := make(1)\nd := make([])\n"
        "print(c(2), d(3), c([4]), map([1, 2], func(x) { return [x, c(x)] }))\n"
        "func late() { return func() { return undefined_name } }\nprint(late()())\n"
    ),
    "places": (
        "s := { \"a\": [1] }\ng := \"x\"\nfunc f(v) { s[\"a\"] := push(s[\"a\"], v)\n s.b := v\n g := g + \"y\"\n b := s\n b[\"a\"] := 0\n"
        " m := [[1, 2], [3]]\n m[0][1] := v\n m[1] := push(m[1], v)\n return [b, m, [...m, ...[v]], {...s, k: v}] }\n"
        "print(f(5), f([6]), s, g)\nx := [1, 2]; [p, ...q] := x\nprint(p, q, f(null))\nprint(f(x)[9])\n"
    ),
    "bad literal": "func f(k) { a := [1]\n return { \"a\": a, [1]: [2] } }\ntry { f(1) } except e { print(e.message) }\nprint(f(2))\n",
}  # fmt: skip


@functools.cache
def compiled(name: str) -> Run:
    """A run whose code is used again: LLVM's effort is not what is tested."""
    return Run(PROGRAMS[name], level=0)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(name):
    expected = run_on_vm(PROGRAMS[name])
    run = Run(PROGRAMS[name])
    assert (run.seen, run.left) == (expected, [0])


@pytest.mark.parametrize("name", PROGRAMS)
def test_exits_everywhere_and_somewhere(name):
    def run(**more: Any) -> Run:
        return Run(PROGRAMS[name], reader=load_counted, fuel=100_000, **more)

    stress = Stress(run, run(only=()), name)
    stress.once_more("every place exits", chance=ALWAYS)
    stress.everywhere(40)
    stress.by_chance(2)
    assert stress.wrong == []
    assert len(stress.fired) > 30
    assert stress.exits > 60


def test_the_storeys_own_way_to_force_an_exit():
    text = PROGRAMS["handlers"]
    expected = run_on_vm(text)
    run = Run(text, stress=True, level=0, force=ALL)
    assert run.exits > 0
    assert (run.seen, run.left) == (expected, [0])
    for after in range(2):
        later = Run(text, again=run, force=run.sites[4], after=after)
        assert later.exits > 0
        assert (later.seen, later.left) == (expected, [0])


@pytest.mark.parametrize("fuel", [1, 5, 9, 14, 20, 33])
@pytest.mark.parametrize("name", ["generators", "handlers", "closures"])
def test_fuel_ends_at_the_same_place(name, fuel):
    expected = run_on_vm(PROGRAMS[name], fuel=fuel)
    run = Run(PROGRAMS[name], fuel=fuel, again=compiled(name))
    assert (run.seen, run.left) == (expected, [0])


def test_the_exits_of_a_large_function_form_a_chain():
    items = ", ".join(f"next({n})" for n in range(60))
    text = f'func next(n) {{ if n == 70 {{ throw("no") }}\n return [n] }}\nprint([{items}])\nprint([{items}, next(70)])\n'
    run = Run(text, stress=True, force=ALL)
    assert (run.seen, run.left) == (run_on_vm(text), [0])
    assert run.installed.text.count("\nlink") > 60


def test_programs_of_others(suites: Path):
    """A sample; ``python -m ruff.opt.everything`` runs all."""
    found: dict[str, list[object]] = {}
    for path in programs([suites / "ruff"])[5::20]:
        for heading, what in differences(path, 4):
            found.setdefault(heading, []).append((path.name, what))
    assert not {"failed", "leak", "difference"} & found.keys(), found
    assert len(found["compiled"]) > 5
