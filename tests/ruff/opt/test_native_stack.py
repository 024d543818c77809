"""A loop that leaves compiled code ten thousand times keeps the native stack as deep as it was, wherever the loop stands."""

from __future__ import annotations

import pytest

from pagoda.machine.promotion import states

from ..storeys import run_on_vm
from .forcing import ALWAYS, control
from .stress import run_in_loops

EXITS = 10_000
SOME = 4096  # bytes: less than half a byte for each exit

LOOPS = {
    "function": "func f(n) { t := 0\n i := 0\n print(1)\n while i < n { t := t + i % 3\n i := i + 1 }\n return t }\nprint(f(COUNT))\n",
    "main": "mut t := 0\nmut i := 0\nprint(1)\nwhile i < COUNT { t := t + i % 3\n i := i + 1 }\nprint(t)\n",
    "for": 'func f(n) { t := 0\n print(1)\n for k in range(n) { t := t + k % 3 }\n return t }\nprint(f(COUNT))\n',
    "nested try": (
        "func f(n) { t := 0\n i := 0\n print(1)\n try { while i < n { i := i + 1\n try { try { t := t + [1, 2][i % 3] } except e { t := t + 5\n"
        " if i % 7 == 0 { throw(\"outer\") } } } except e { t := t + len(e.message) } } } except e { return e.message }\n return t }\n"
        "print(f(COUNT))\n"
    ),
    "generator": (
        "func* g(n) { t := [0]\n i := 0\n print(1)\n while i < n { i := i + 1\n t[0] := t[0] + i % 5\n if i % 4 == 0 { yield t[0] }\n print(i) } }\n"
        "s := 0\nfor v in g(COUNT) { s := s + v % 11 }\nprint(s)\n"
    ),
    "closure": (
        "func make(k) { mut total := k\n return func(n) { i := 0\n print(1)\n while i < n { total := total + i % 3\n i := i + 1 }\n return [total] } }\n"
        "c := make(7)\nprint(c(COUNT), c(3))\n"
    ),
    "calls": (
        "func g(x) { return [x, x + 1] }\nfunc f(n) { t := 0\n i := 0\n print(1)\n while i < n { t := t + g(i)[1] % 3\n print(i)\n i := i + 1 }\n return t }\n"
        "print(f(COUNT))\n"
    ),
}  # fmt: skip


def depth_of(name: str, count: int, seed: int, chance: int) -> tuple[int, int, int]:
    """Bytes of native stack, entries and exits of a loop of so many iterations."""
    text = LOOPS[name].replace("COUNT", str(count))
    run, entered = run_in_loops(text, seed, chance)
    assert (run.seen, run.left) == (run_on_vm(text), [0])
    assert not run.names("failed") + run.names("mistake"), run.events
    assert states.COMPILED in {loop.state for loop in run.promoter.loops.values()}
    return control().depth, entered, control().exits


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_that_exits_each_time(name):
    few = depth_of(name, 100, 1, ALWAYS)
    many = depth_of(name, 2 * EXITS + 10, 1, ALWAYS)
    assert many[1] >= EXITS
    assert many[2] >= EXITS
    assert many[0] <= few[0] + SOME


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_that_exits_now_and_then(name):
    few = depth_of(name, 3_000, 3, ALWAYS // 10)
    many = depth_of(name, 20_000, 4, ALWAYS // 10)
    assert many[2] > 4 * few[2] > 100
    assert many[0] <= few[0] + SOME
