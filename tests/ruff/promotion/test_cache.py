"""Compiled code on disk: what meets it, and what must never."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from pagoda.machine.promotion.jobs import Job, make_job
from pagoda.machine.promotion.settings import AT_ONCE
from pagoda.machine.promotion.states import Candidate
from pagoda.native.threads import run_with_big_stack
from pagoda.records import changed

from .running import QUICK, Run

SOURCE = "func f(n) { x := n + 1\n return x * 2.5 }\nfunc g(n) { return f(n) }\nprint(g(3), g(4), g(5))\n"


def job_of(text: str, name: str = "f", kinds: tuple[int, ...] | None = None, state: str = "s", settings: Any = AT_ONCE) -> Job:
    """The job of compiling one function of a program that has run."""
    made: list[Job] = []

    def prepare(promoter: Any) -> None:
        program = promoter.program

        def at_the_end() -> None:
            linked = next(one for one in program.program.by_code.values() if one.function.name == name)
            candidate = Candidate(linked)
            candidate.kinds = list(kinds) if kinds is not None else [2] * linked.function.parameters
            made.append(make_job(candidate, [], {}, program.table, settings, state))
            closed()

        closed, promoter.close = promoter.close, at_the_end

    run_with_big_stack(lambda: Run(text, changed(QUICK, threshold=1000), prepare=prepare))
    return made[0]


def test_the_same_function_has_the_same_key_in_another_program():
    other = "func other(a) { return a }\n" + SOURCE.replace("print", "print(other(1))\nprint")
    assert job_of(SOURCE).key == job_of(other).key


@pytest.mark.parametrize("change", [
    {"text": SOURCE.replace("2.5", "2.25")}, {"text": SOURCE.replace("n + 1", "n + 2")}, {"text": SOURCE.replace("n + 1", "n - 1")},
    {"text": SOURCE.replace("2.5", "\"a\"")},
    {"text": SOURCE.replace("g(3), g(4), g(5)", "g(3.5)")}, {"kinds": (3,)}, {"state": "another state of the sources"},
    {"settings": changed(AT_ONCE, level=1)},
], ids=["constant", "immediate", "operation", "kind of a constant", "feedback", "kind", "operations", "effort"])  # fmt: skip
def test_code_for_something_else_has_another_key(change):
    assert job_of(**{"text": SOURCE, **change}).key != job_of(SOURCE).key


def test_llvm_and_the_processor_are_in_the_key(monkeypatch):
    from pagoda.native import cache

    before = job_of(SOURCE).key
    job_of(SOURCE)
    monkeypatch.setattr(cache, "_surroundings", [*cache._surroundings, "another processor"])
    assert job_of(SOURCE).key != before


def test_no_address_is_in_a_job():
    text = 'func f(n) { s := "text"\n h := func(x) { return x + n }\n return [s, h(n), str(n)] }\nprint(f(1), f(2))\n'
    constants = job_of(text).data["functions"][0][6]
    assert constants
    for plain, item, _, payload in constants:
        assert plain or (item is None and payload == 0)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache of the test's own, without the machine code of the language: that one is loaded already."""
    place = tmp_path / "cache"
    place.mkdir(mode=0o700)
    monkeypatch.setenv("PAGODA_CACHE", str(place))
    return place


def facts(run: Run, name: str) -> dict[str, Any]:
    (found,) = [facts for event, who, facts in run.events if event == "compiled" and who == name]
    return found


def run(text: str) -> Run:
    return run_with_big_stack(lambda: Run(text, QUICK))


def test_what_was_compiled_is_found_again(folder):
    first = run(SOURCE)
    assert facts(first, "f")["cache"] == "miss"
    second = run(SOURCE)
    assert facts(second, "f")["cache"] == "hit"
    assert second.seen == first.seen


def test_a_changed_constant_meets_no_old_code(folder):
    run(SOURCE)
    second = run(SOURCE.replace("2.5", "3.5"))
    assert facts(second, "f")["cache"] == "miss"
    assert second.seen.lines == ["14 17.5 21"] or second.seen.lines[0].split()[0].startswith("14")


def test_a_damaged_entry_is_compiled_again(folder):
    first = run(SOURCE)
    for path in folder.iterdir():
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    second = run(SOURCE)
    assert facts(second, "f")["cache"] == "miss"
    assert second.seen == first.seen


def test_a_cache_that_holds_one_entry(folder, monkeypatch):
    from pagoda.native import cache

    put = cache.Cache.put

    def alone(self: Any, key: str, *rest: Any) -> bool:
        self.clear()
        return put(self, key, *rest)

    monkeypatch.setattr(cache.Cache, "put", alone)
    first = run(SOURCE)
    for _ in range(3):
        assert run(SOURCE).seen == first.seen
    assert len([path for path in folder.iterdir() if path.suffix == ".code"]) <= 1


def test_a_cache_that_cannot_be_used(folder):
    folder.chmod(0o777)
    first, second = run(SOURCE), run(SOURCE)
    assert facts(second, "f")["cache"] == "miss"
    assert first.seen == second.seen


@pytest.mark.parametrize("tier", ["opt", "auto"])
def test_a_warm_start_imports_neither_llvm_nor_the_optimiser(tmp_path, tier):
    program = tmp_path / "p.ruff"
    program.write_text("func fib(n) { if n < 2 { return n }\n return fib(n - 1) + fib(n - 2) }\nprint(fib(27))\n")
    text = (
        "import sys\nfrom pagoda.__main__ import main\n"
        f"sys.argv = ['pagoda', 'run', '--tier', '{tier}', '--trace', 'tier', {str(program)!r}]\n"
    )
    blocked = "import sys\nsys.modules['llvmlite'] = sys.modules['pagoda.machine.optimiser'] = None\n"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}

    def start(before: str) -> str:
        words = [sys.executable, "-c", f"{before}{text}main()\n"]
        done = subprocess.run(words, capture_output=True, text=True, env=environment, cwd=tmp_path, check=True)
        assert done.stdout == "196418\n"
        return done.stderr

    for _ in range(30):
        told = start("")
        if "cache=hit" in told and "cache=miss" not in told:
            break
    told = start(blocked)
    assert "tier: compiled fib" in told
    assert "tier: failed" not in told
    assert "tier: mistake" not in told
