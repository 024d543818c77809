"""Loops: how the whole function follows, and how code that was left is entered again."""

from __future__ import annotations

from typing import Any

from pagoda.machine.promotion import promoter as policy
from pagoda.machine.promotion import states
from pagoda.records import changed

from .running import QUICK
from .test_promotion import both

NEVER = 1 << 40
SPIN = "func spin(n) { t := 0\n i := 0\n while i < n { t := t + i % 7\n i := i + 1 }\n return t }\n"


def test_the_next_call_after_a_hot_loop_makes_the_function_hot():
    run = both(SPIN + "print(spin(2000000))\nprint(spin(10))\n", changed(QUICK, threshold=1000))
    hot = [facts["loop"] for event, name, facts in run.events if event == "hot" and name == "spin"]
    assert hot == [3, None]
    assert run.states()["spin"] == states.COMPILED


def leaving(iterations: int) -> str:
    """A loop that leaves its code at every fiftieth iteration of its second half."""
    return (
        "func f(n) { a := [" + ", ".join("1" for _ in range(50)) + "]\n i := 0\n"
        " while i < n { x := a[i % 50]\n y := x + x\n y := 0\n i := i + 1\n if i == 200000 { a[49] := 2.5 } }\n return i }\n"
        f"print(f({iterations}))\n"
    )


def test_a_loop_is_entered_again_at_the_next_iteration(monkeypatch):
    monkeypatch.setattr(policy, "TICK", float("inf"))
    found: list[Any] = []

    def prepare(promoter: Any) -> None:
        found.append(promoter)
        promoter.ticked = float("-inf")

    run = both(leaving(700_000), changed(QUICK, threshold=1000, exits=NEVER), prepare=prepare)
    loops = [loop for loop in found[0].loops.values() if loop.again]
    assert sum(loop.again for loop in loops) >= 9_000
    assert not run.names("widen")


def test_a_loop_that_is_left_too_often_is_compiled_anew():
    run = both(leaving(700_000), changed(QUICK, threshold=1000))
    assert [facts["why"] for event, name, facts in run.events if event == "widen"][:1] == ["exits"]
    assert run.names("failed") == []


def test_code_that_is_left_at_once_is_not_entered_for_ever(monkeypatch):
    monkeypatch.setattr(policy, "SHORT", float("inf"))
    found: list[Any] = []
    run = both(leaving(400_000), changed(QUICK, threshold=1000, exits=100, recompilations=0), prepare=found.append)
    assert run.names("mistake") == []
    assert all(loop.short <= 12 for loop in found[0].loops.values())
