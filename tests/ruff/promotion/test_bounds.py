"""Compiled code that is put out of memory, compiled anew for more callees, and counted where it does not take its arguments."""

from __future__ import annotations

from typing import Any

from pagoda.machine.promotion import promoter as policy
from pagoda.machine.promotion import states
from pagoda.machine.promotion.worker import InProcess
from pagoda.native.loader import LoadedUnit
from pagoda.records import changed

from .running import BESIDE, QUICK, Run
from .test_promotion import both

FUNCTIONS = "".join(f"func f{n}(x) {{ return x + {n} }}\n" for n in range(6))
CALLS = "print(" + ", ".join(f"f{n}(1)" for n in range(6)) + ")\n"


def size_of_one() -> int:
    """Bytes of such a function's code."""
    run = Run(FUNCTIONS + "print(f0(1))\n", QUICK)
    return max(facts["bytes"] for event, name, facts in run.events if event == "compiled" and name == "f0")


def test_the_oldest_code_goes_first_and_comes_back_when_it_is_hot():
    sizes: list[int] = []
    most = 3 * size_of_one()

    def prepare(promoter: Any) -> None:
        install = promoter.install

        def noting(*words: Any) -> None:
            install(*words)
            sizes.append(promoter.shelf.size)

        promoter.install = noting
        promoter.shelf.can_retire = lambda: True

    run = both(
        FUNCTIONS + "".join(f"f{n}(1)\n" for n in range(6)) + CALLS * 6, changed(QUICK, code_bytes=most), prepare=prepare
    )
    evicted, compiled = run.names("evict"), run.names("compiled")
    assert [name for name in evicted if name.startswith("f")][:2] == ["f0", "f1"]
    assert compiled.count("f0") > 1
    assert max(sizes) <= most
    assert set(run.names("failed")) <= {"<main>"}  # which is larger than all the room


def test_code_without_frames_is_given_back_while_the_program_runs(monkeypatch):
    monkeypatch.setattr(policy, "SWEEP", 0.0)
    gone: list[LoadedUnit] = []
    unmap = LoadedUnit.unmap
    ended: list[bool] = []

    def noting(unit: LoadedUnit) -> None:
        if not ended:
            gone.append(unit)
        unmap(unit)

    def prepare(promoter: Any) -> None:
        close = promoter.close

        def closing() -> None:
            ended.append(True)
            close()

        promoter.close = closing

    monkeypatch.setattr(LoadedUnit, "unmap", noting)
    text = (
        FUNCTIONS + "func spin(n) { i := 0\n while i < n { i := i + 1 }\n return i }\n"
        "func all(k) { t := 0\n for n in [1, 2, 3] { t := t + f0(n) + f1(n) + f2(n) + f3(n) + f4(n) + f5(n) }\n"
        " return t + spin(k) }\nprint(all(5))\n" + "print(all(600000))\n" * 6
    )
    run = both(text, changed(QUICK, code_bytes=5 * size_of_one(), ticks=1_000_000), prepare=prepare)
    assert run.names("evict")
    assert gone


def test_code_that_has_a_frame_stays():
    def prepare(promoter: Any) -> None:
        running = promoter.program.running

        def looked(registers: int) -> Any:
            found = running(registers)
            names = {promoter.program.linked(code).function.name for code in found}
            seen.append(names)
            return found

        promoter.program.running = looked
        promoter.shelf.retired.append(type("Group", (), {"members": [], "size": 0, "unmap": lambda self: None})())

    seen: list[set[str]] = []
    text = (
        "func spin(n) { i := 0\n while i < n { i := i + 1 }\n return i }\nfunc middle(n) { if n > 9 { return spin(n) + 1 }\n return n }\n"
        "func outer(n) { return middle(n) + 1 }\nfunc call(n) { return map([n], outer)[0] }\n"
        "print(call(3), call(4), call(5))\nprint(call(4000000))\n"
    )
    run = both(text, changed(QUICK, threshold=2, ticks=1_000_000), prepare=prepare)
    assert {"middle", "outer", "call"} <= set(run.names("compiled"))
    assert "spin" not in run.names("compiled")
    assert {"spin", "middle", "outer", "call", "<main>"} <= set().union(*seen)


def test_a_function_is_compiled_anew_with_those_that_it_calls():
    def prepare(promoter: Any) -> None:
        def at_once(candidate: Any) -> bool:
            promoter.compile_now(candidate)
            return True

        promoter.found_at_once = at_once
        promoter.compiler = InProcess(promoter.program.definitions)
        heard = promoter.heard

        def reviewing(*words: int) -> int:
            answer: int = heard(*words)
            promoter.review()
            return answer

        from pagoda.machine.promotion.listener import Ears

        Ears.attach(promoter.program.program.context, reviewing)

    text = (
        "func low(n) { return n + 1 }\nfunc high(n) { if n > 3 { return low(n) }\n return n }\n"
        "print(high(1), high(2), high(3), high(1))\nprint(low(1), low(2), low(3), high(9), high(8))\n"
        "func other(n) { return n }\nprint(other(1), other(2), other(3), high(7))\n"
    )
    run = both(text, changed(BESIDE, threshold=2, samples=1, cached=False), prepare=prepare)
    assert run.names("regroup") == ["high"]
    assert [facts["functions"] for event, name, facts in run.events if event == "compiled" and name == "high"] == [1, 2]


def test_calls_that_compiled_code_does_not_take_are_counted():
    text = (
        "func same(x) { return x }\nfunc all(v, n) { i := 0\n while i < n { same(v)\n i := i + 1 }\n return i }\n"
        "print(all(1, 5))\nprint(all(2.5, 300))\n"
    )
    run = both(text, changed(QUICK, threshold=2, strays=50, group=1))
    assert ("same", "parameters") in [(name, facts["why"]) for event, name, facts in run.events if event == "widen"]
    assert run.states()["same"] == states.COMPILED
