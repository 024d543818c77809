"""Whatever stage of a compilation fails or is late, the program shows what it shows without."""

from __future__ import annotations

import time
from typing import Any

import pytest

from pagoda.machine.promotion import promoter as policy
from pagoda.machine.promotion.worker import Refused, Worker
from pagoda.native.loader import LoadError
from pagoda.native.threads import run_with_big_stack
from pagoda.records import changed

from ..storeys import run_on_vm
from .running import BESIDE, Run
from .test_promotion import FIB

TEXT = FIB + 'func word(n) { return "w" + str(n) }\ni := 0\nwhile i < 3 { print(fib(19), word(fib(12)))\n i := i + 1 }\n'
LATE = 0.02
LONGEST = 3.0  # seconds for which the program waits, so that there are answers

SERVING = """
import os, sys
sys.path[:] = eval(sys.argv[1])
from pagoda.machine.promotion import building, serving
build, dup = building.build, os.dup
left, serving_out = [1], []
def noting(handle):
    serving_out.append(dup(handle))
    return serving_out[-1]
os.dup = noting
def failing(*words):
    if left:
        left.pop()
        {deed}
    return build(*words)
building.build = failing
serving.serve(sys.argv[2])
"""


def after(action: Any, deed: Any) -> Any:
    """The action with something before it."""

    def done(*words: Any, **named: Any) -> Any:
        deed()
        return action(*words, **named)

    return done


def same(prepare: Any = None, **changes: Any) -> Run:
    """A run that shows what the interpreter shows, while the program waits for the other process now and then."""

    def waiting(promoter: Any) -> None:
        heard = promoter.hot_function

        def slow(linked: Any, registers: int) -> int:
            answer: int = heard(linked, registers)
            promoter.lock.release()
            end = time.monotonic() + LONGEST
            idle = 0.0  # between two steps of the attendant nobody is seen to work
            while time.monotonic() < end and not promoter.settings.wait and idle < 2 * LATE:
                worker = promoter.compiler
                busy = promoter.flying or len(promoter.queue) or (worker.alive and not worker.ready)
                idle = 0.0 if busy else idle + 0.005
                time.sleep(0.005)
            promoter.lock.acquire()
            return answer

        promoter.hot_function = slow
        if prepare is not None:
            prepare(promoter)

    expected = run_on_vm(TEXT)
    run: Run = run_with_big_stack(lambda: Run(TEXT, changed(BESIDE, cached=False, **changes), prepare=waiting))
    assert run.seen == expected
    assert run.left == [0]
    return run


def failing(problem: BaseException) -> Any:
    def fail() -> None:
        raise problem

    return fail


def slowly() -> None:
    time.sleep(LATE)


@pytest.mark.parametrize("deed", [slowly, failing(Refused("not now"))], ids=["late", "fails"])
@pytest.mark.parametrize("stage", ["start", "send", "receive"])
def test_the_way_to_the_process_and_back(stage, deed, monkeypatch):
    monkeypatch.setattr(Worker, stage, after(getattr(Worker, stage), deed))
    run = same()
    assert bool(run.names("failed")) == (deed is not slowly)


@pytest.mark.parametrize(
    "deed", [slowly, failing(LoadError("no memory")), failing(KeyError("entry"))], ids=["late", "load", "entry"]
)
def test_loading(deed, monkeypatch):
    monkeypatch.setattr(policy, "Loaded", after(policy.Loaded, deed))
    run = same()
    assert bool(run.names("failed")) == (deed is not slowly)


@pytest.mark.parametrize("deed", [slowly, failing(MemoryError())], ids=["late", "fails"])
@pytest.mark.parametrize("stage", ["install", "job", "kept", "review", "make_room"])
@pytest.mark.parametrize("wait", [False, True])
def test_the_promoters_own_steps(stage, deed, wait):
    def prepare(promoter: Any) -> None:
        setattr(promoter, stage, after(getattr(promoter, stage), deed))

    run = same(prepare, wait=wait, apart=not wait)
    assert bool(run.names("compiled")) == (deed is slowly) or stage == "review"


@pytest.mark.parametrize("deed", [
    "os.abort()", "os._exit(0)", "os.kill(os.getpid(), 11)", "raise RuntimeError('LLVM')", "raise MemoryError", "os.write(1, b'x' * 50)",
    "os.write(serving_out[0], b'garbage' * 100)", "import time; time.sleep(0.3)",
], ids=["abort", "exit", "fault", "error", "memory", "print", "garbage", "late"])  # fmt: skip
def test_the_process(deed):
    def prepare(promoter: Any) -> None:
        promoter.compiler.program = SERVING.format(deed=deed)

    run = same(prepare)
    assert run.names("mistake") == []
    assert run.names("failed") or "sleep" in deed or "x" in deed
