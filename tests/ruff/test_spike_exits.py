"""Exits of compiled code, each forced: nothing a program shows may change, and nothing may stay alive."""

from __future__ import annotations

import random

import pytest

from pagoda.machine.optimiser.support import ALL
from pagoda.native.threads import run_with_big_stack
from pagoda.runtime.pairs import ARRAY, INT
from pagoda.tools.spike import Plan

from .spiking import OptRun
from .storeys import run_on_vm

PROGRAMS = {
    "fib": ("func fib(n) { if n < 2 { return n }\n return fib(n - 1) + fib(n - 2) }\nprint(fib(6))\n", {"fib": Plan((INT,))}),
    "push": (
        "g := []\nfunc f(n) { a := []\n i := 0\n while i < n { a := push(a, [i])\n g := push(g, i)\n i := i + 1 }\n"
        " return a }\nprint(f(9), g)\n",
        {"f": Plan((INT,), {"array_literal": ARRAY}, frozenset(["push_to"]))},
    ),
    "shared": (
        "func f(a, v) { a[0] := v\n b := a\n b := push(b, v)\n return [a, b] }\nx := [[1], \"s\"]\ny := x\n"
        "print(f(x, 2), x, f(y, [3]), y)\n",
        {"f": Plan((ARRAY, None))},
    ),
    "raise": (
        "func f(a, i) { b := [a, i]\n return g(b, a[i]) }\nfunc g(b, x) { if x == 3 { throw([b, x]) }\n return len(b) + x }\n"
        "func h(a) { try { return f(a, 0) + f(a, 1) + f(a, 2) } except e { return [a, e.message] } }\n"
        "print(h([1, 2, 4]), h([1, 3, 4]), h([1]))\nprint(f([3], 0))\n",
        {"f": Plan((ARRAY, INT)), "g": Plan((ARRAY, INT))},
    ),
    "moves": (
        "func f(a, s) { b := a\n c := b\n t := s\n b := s\n d := [c, t, b]\n if len(d) > 2 { c := d }\n return [a, b, c, t] }\n"
        "print(f([1, 2], \"text\" + \"s\"))\nfunc k(a) { b := a\n a := 1\n return [b, a] }\nprint(k([[7]]))\n",
        {},
    ),
    "closures": (
        "func make(n) { total := [n]\n return func(x) { total := push(total, x)\n return total } }\n"
        "c := make(1)\nprint(c(2), c(3), map([1, 2], func(x) { return [x, n2] }))\nn2 := 5\n",
        {},
    ),
    "loop": (
        "func f(items) { s := \"\"\n for x in items { s := s + \"<${x}>\"\n if len(s) > 20 { break } }\n return s }\n"
        "print(f([1, [2], \"three\", null]), f(\"abcdefghi\"), f({\"k\": 1}), f(4))\n",
        {},
    ),
}  # fmt: skip


def check(run: OptRun, expected: object) -> None:
    assert run.seen == expected
    assert run.left == [0]


@pytest.mark.parametrize("shape", ["phi", "store"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_guard_fails(name, shape):
    text, plans = PROGRAMS[name]
    expected = run_on_vm(text)

    def runs() -> None:
        check(OptRun(text, plans, shape=shape), expected)
        run = OptRun(text, plans, stress=True, force=ALL, shape=shape)
        assert run.exits > 0
        check(run, expected)

    run_with_big_stack(runs)


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_exit_at_every_instruction(name):
    """One run for each place before and after an instruction: the first time it comes there, or the third, in turn."""
    text, plans = PROGRAMS[name]
    expected = run_on_vm(text)

    def runs() -> int:
        found = 0
        for number, site in enumerate(OptRun(text, plans, stress=True).sites):
            run = OptRun(text, plans, stress=True, force=site, after=2 * (number & 1))
            assert run.seen == expected, (site >> 32, (site & 0xFFFFFFFF) / 2, number & 1)
            assert run.left == [0], (site >> 32, (site & 0xFFFFFFFF) / 2, number & 1)
            found += run.exits > 0
        return found

    assert run_with_big_stack(runs) > 10


@pytest.mark.parametrize("seed", range(4))
def test_random_programs_with_random_exits(seed):
    """Every function compiled with nothing known; exits at a few places of a hundred."""
    from .differential.programs import program

    text = program(seed)
    expected = run_on_vm(text)

    def runs() -> None:
        first = OptRun(text, stress=True)
        check(first, expected)
        for site in random.Random(seed).sample(first.sites, min(3, len(first.sites))):
            check(OptRun(text, stress=True, force=site), expected)

    run_with_big_stack(runs)
