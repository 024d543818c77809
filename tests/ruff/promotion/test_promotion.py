"""Programs with their code promoted: what they show, how far each function comes, and what happens when compiling goes wrong."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pagoda.machine.promotion import states
from pagoda.machine.promotion.worker import Refused
from pagoda.native.threads import run_with_big_stack
from pagoda.records import changed

from ..storeys import run_on_vm
from .running import BESIDE, QUICK, Run

FIB = "func fib(n) { if n < 2 { return n }\n return fib(n - 1) + fib(n - 2) }\n"
LOOP = "func sum(n) { t := 0\n i := 0\n while i < n { t := t + i\n i := i + 1 }\n return t }\n"


def both(text: str, settings: Any = QUICK, **more: Any) -> Run:
    """A promoted run that must show what the vm shows, and leave nothing alive."""
    fuel = {name: more[name] for name in ("fuel", "max_depth") if name in more}
    expected = run_on_vm(text, **fuel)
    run: Run = run_with_big_stack(lambda: Run(text, settings, **more))
    assert run.seen == expected
    assert run.left == [0]
    assert not run.names("mistake"), run.events
    return run


# ---------------------------------------------------------------- programs


@pytest.mark.parametrize("settings", [QUICK, changed(QUICK, threshold=2), changed(QUICK, apart=True)],
                         ids=["first call", "second call", "apart"])  # fmt: skip
@pytest.mark.parametrize("text", [
    FIB + "print(fib(15))\n",
    LOOP + "print(sum(300000))\n",
    FIB + "print(fib(7), fib(7.0))\ntry { fib(\"a\") } except e { print(e.message) }\n",
    "func f(a, i) { return a[i] }\nprint(f([1, 2], 1))\nprint(f([1, 2], 5))\n",
    "func f(n) { return g(n) + 1 }\nfunc g(n) { return n }\nprint(f(1))\ng := func(n) { return n * 10 }\nprint(f(1))\n",
    "func make(n) { return func(x) { return x + n } }\nadd := make(5)\nprint(map([1, 2, 3], add))\n",
    "func f(n) { return f(n + 1) + 1 }\nf(0)\n",
    "struct P { x, y\n func sum(self) { return self.x + self.y } }\np := P { x: 1, y: 2 }\nprint(p.sum(), p.sum())\n",
    "func f(n) { if n == 0 { throw(\"deep\") }\n x := [n]\n return f(n - 1) + len(x) }\nprint(f(20))\n",
], ids=["fib", "loop", "kinds", "index", "callee", "closure", "depth", "method", "throw"])  # fmt: skip
def test_a_promoted_program_shows_what_the_interpreter_shows(text, settings):
    both(text, settings)


@pytest.mark.parametrize("fuel", [1, 5, 100, 177, 500])
def test_fuel_ends_at_the_same_place(fuel):
    both(FIB + "print(fib(5))\nprint(fib(9))\n", fuel=fuel)


def test_where_calls_are_counted_nothing_is_compiled():
    text = "func f(n) { return f(n + 1) + 1 }\ntry { f(0) } except e { print(e.message) }\n"
    run = both(text, max_depth=17)
    assert run.events == []


# ---------------------------------------------------------------- states


def test_a_function_warms_up_and_is_compiled():
    run = both(FIB + "print(fib(12))\n", changed(QUICK, threshold=8, samples=4))
    assert run.states()["fib"] == states.COMPILED
    (facts,) = [facts for event, name, facts in run.events if event == "hot" and name == "fib"]
    assert facts["heat"] == 8


def test_a_function_that_is_called_seldom_stays_cold():
    run = both("func f(n) { return n }\nprint(f(1), f(2), f(3))\n", changed(QUICK, threshold=8, samples=4))
    assert run.names("hot") == []
    assert run.states().get("f", states.WARMING) == states.WARMING


def test_a_loop_is_entered_where_it_runs():
    run = both(LOOP + "print(sum(5000000))\n", changed(QUICK, threshold=1000, samples=1))
    (facts,) = [facts for event, name, facts in run.events if event == "compiled" and name == "sum"]
    assert facts["loop"] == 3


def test_the_program_goes_on_while_another_process_compiles():
    run = both(FIB + "print(fib(27))\n", changed(BESIDE, cached=False))
    assert run.states()["fib"] in (states.COMPILED, states.COMPILING, states.HOT)
    assert run.names("failed") == []


def test_compiled_beside_the_program():
    def wait(promoter: Any) -> None:
        def until_there(seconds: float) -> None:
            for _ in range(int(seconds / 0.01)):
                if not any(one.state in (states.HOT, states.COMPILING) for one in promoter.functions.values()):
                    return
                time.sleep(0.01)

        heard = promoter.hot_function

        def slow(linked: Any, registers: int) -> int:
            answer: int = heard(linked, registers)
            promoter.lock.release()
            until_there(20.0)
            promoter.lock.acquire()
            return answer

        promoter.hot_function = slow

    run = both(FIB + "print(fib(15))\n", changed(BESIDE, cached=False), prepare=wait)
    assert run.states()["fib"] == states.COMPILED
    (facts,) = [facts for event, name, facts in run.events if event == "compiled"]
    assert facts["cache"] == "miss"


# ---------------------------------------------------------------- failures


class Failing:
    """A compiler that refuses, or answers with what is no product."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def compile(self, data: dict[str, Any]) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def leave(self) -> None: ...


@pytest.mark.parametrize("answer", [
    Refused("not today"), {}, {"object": b"", "parts": [], "rows": []}, {"object": b"\x7fELF", "parts": [], "rows": []},
    {"object": 3, "parts": 4, "rows": 5}, {"parts": [("x", b"")]},
], ids=["refused", "empty", "nothing", "cut off", "numbers", "half"])  # fmt: skip
def test_a_function_that_cannot_be_compiled_stays_with_the_interpreter(answer):
    def prepare(promoter: Any) -> None:
        promoter.compiler = Failing(answer)

    run = both(FIB + "print(fib(12))\n", changed(QUICK, cached=False), prepare=prepare)
    assert run.states()["fib"] == states.FAILED
    assert run.names("compiled") == []


@pytest.mark.parametrize("program", [
    "import os; os.abort()", "import os; os._exit(0)", "import time; time.sleep(0.2)", "print('hello there, this is no answer')",
])  # fmt: skip
def test_a_compilers_process_that_fails_harms_nothing(program):
    def prepare(promoter: Any) -> None:
        promoter.compiler.program = program

    run = both(FIB + "print(fib(24))\n", changed(BESIDE, cached=False), prepare=prepare)
    assert run.names("compiled") == []


def test_a_compilation_that_takes_for_ever_is_given_up(monkeypatch):
    from pagoda.machine.promotion import worker

    monkeypatch.setattr(worker, "LONGEST", 0.02)

    def prepare(promoter: Any) -> None:
        promoter.compiler.program = "import time; time.sleep(1000)"

    text = FIB + "i := 0\nwhile i < 80 { fib(26)\n i := i + 1 }\nprint(i)\n"
    run = both(text, changed(BESIDE, cached=False, ticks=1000), prepare=prepare)
    assert run.states()["fib"] == states.FAILED
    assert "signal 9" in next(facts["reason"] for event, name, facts in run.events if event == "failed" and name == "fib")


# ---------------------------------------------------------------- kinds that change


def test_an_exit_too_many_compiles_for_wider_kinds():
    text = (
        "func half(n) { x := table[n % 2]\n return x + x }\ntable := [1, 2]\n"
        "func all(n) { t := 0\n i := 0\n while i < n { t := t + half(i)\n i := i + 1 }\n return t }\n"
        "print(all(50))\ntable := [1, 2.5]\nprint(all(300))\nprint(all(300))\n"
    )

    def prepare(promoter: Any) -> None:
        heard = promoter.heard

        def reviewing(*words: int) -> int:
            answer: int = heard(*words)
            promoter.review()
            return answer

        from pagoda.machine.promotion.listener import Ears

        Ears.attach(promoter.program.program.context, reviewing)
        promoter.review_now = reviewing

    run = both(text + "func again(n) { return n }\nprint(again(1), again(2), again(3))\nprint(all(300))\n",
               changed(QUICK, threshold=2, exits=10), prepare=prepare)  # fmt: skip
    assert "half" in run.names("exits") or "all" in run.names("exits")
    assert run.names("widen")


def test_after_some_times_code_is_general():
    run = both(
        'func same(x) { return x }\nfor v in [1, 2.5, "a", true, null, [1], 3] { print(map([v, v], same)) }\n',
        changed(QUICK, strays=1, recompilations=2),
    )
    assert len(run.names("widen")) <= 3


# ---------------------------------------------------------------- bounds


def test_many_functions():
    text = "".join(f"func f{n}(x) {{ return x + {n} }}\n" for n in range(60))
    text += "print(" + ", ".join(f"f{n}(1)" for n in range(60)) + ")\n"
    run = both(text, changed(QUICK, cached=False))
    assert sum(state == states.COMPILED for state in run.states().values()) == 61


def test_code_is_bounded():
    text = (
        "".join(f"func f{n}(x) {{ return x + {n} }}\n" for n in range(6)) + "print(f0(1), f1(1), f2(1), f3(1), f4(1), f5(1))\n"
    )
    run = both(text, changed(QUICK, code_bytes=6000))
    found = list(run.states().values())
    assert states.COMPILED in found
    assert states.FAILED in found


def test_what_waits_is_bounded():
    text = "".join(f"func f{n}(x) {{ return x + {n} }}\n" for n in range(6))
    text += "".join(f"print(f{n}(1), f{n}(2), f{n}(3), f{n}(4), f{n}(5))\n" for n in range(6))
    waiting: list[int] = []

    def prepare(promoter: Any) -> None:
        put = promoter.queue.put

        def noting(candidate: Any) -> bool:
            done: bool = put(candidate)
            waiting.append(len(promoter.queue))
            return done

        promoter.queue.put = noting
        promoter.wake = lambda: None  # nobody takes what waits

    run = both(text, changed(BESIDE, waiting=2, cached=False), prepare=prepare)
    assert waiting
    assert max(waiting) <= 2
    assert run.names("failed") == []
    assert states.WARMING in run.states().values()  # another time
