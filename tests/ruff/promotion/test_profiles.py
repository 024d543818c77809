"""What code was compiled for last: taken by the next run at the first look, and only where nothing speaks against it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pagoda.machine.promotion import jobs
from pagoda.machine.promotion.profiles import MOST_STARTS, note_profile, read_profile
from pagoda.machine.promotion.worker import InProcess
from pagoda.native.cache import digest
from pagoda.records import changed

from .running import BESIDE, Run
from .test_promotion import both

SETTINGS = changed(BESIDE, threshold=8, samples=4)
TEXT = "func g(n) { return n + 1 }\nfunc f(n) { x := g(n) * 2\n return x + 1 }\n"
CALLS = "print(" + ", ".join(f"f({n})" for n in range(20)) + ")\n"
LOOP = "func sum(n) { t := 0\n i := 0\n while i < n { t := t + i\n i := i + 1 }\n return t }\nprint(sum(3000000))\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A cache of the test's own."""
    place = tmp_path / "cache"
    place.mkdir(mode=0o700)
    monkeypatch.setenv("PAGODA_CACHE", str(place))
    return place


def at_once(promoter: Any) -> None:
    """What has to be compiled is compiled in this process, while the program waits."""

    def found(candidate: Any) -> bool:
        promoter.compile_now(candidate)
        return True

    promoter.found_at_once = found
    promoter.compiler = InProcess(promoter.program.definitions)


def run(text: str, settings: Any = SETTINGS) -> Run:
    return both(text, settings, prepare=at_once)


def facts(run: Run, event: str, name: str) -> list[dict[str, Any]]:
    return [facts for what, who, facts in run.events if (what, who) == (event, name)]


def heats(run: Run, name: str) -> list[int]:
    return [row["heat"] for row in facts(run, "hot", name)]


def found(run: Run, name: str) -> list[str]:
    return [row["cache"] for row in facts(run, "compiled", name)]


def test_the_next_run_takes_it_at_the_first_look():
    first = run(TEXT + CALLS)
    assert (heats(first, "f"), found(first, "f")) == ([8], ["miss"])
    second = run(TEXT + CALLS)
    assert (heats(second, "f"), found(second, "f")) == ([2], ["hit"])
    assert facts(second, "compiled", "f")[0]["functions"] == facts(first, "compiled", "f")[0]["functions"]


def test_it_is_taken_whatever_else_was_seen_until_then():
    run("func f(v, n) { if n > 6 { return v[0] }\n return n }\n" + "".join(f"print(f([1], {n}))\n" for n in range(20)))
    other = run(
        "func f(v, n) { if n > 6 { return v[0] }\n return n }\n" + "".join(f"print(f([1], {n}))\n" for n in (1, 2, 3, 4))
    )
    assert found(other, "f") == ["hit"]


def test_a_loop_takes_it_at_the_first_tick():
    first, second = run(LOOP), run(LOOP)
    assert found(first, "sum") == ["miss"]
    assert set(found(second, "sum")) == {"hit"}


@pytest.mark.parametrize("text", [
    TEXT + CALLS.replace("f(0)", "f(0.5)").replace("f(1)", "f(1.5)"),
    TEXT.replace("n + 1 }\nfunc f", "n + 2 }\nfunc f") + CALLS,
    TEXT.replace("* 2", "* 3") + CALLS,
], ids=["kinds", "callee", "function"])  # fmt: skip
def test_it_is_not_taken_for_something_else(text):
    run(TEXT + CALLS)
    other = run(text)
    assert heats(other, "f")[0] == 8
    assert found(other, "f")[0] == "miss"


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"\xe9\x05\x00\x00\x00"], ids=["empty", "garbage", "number"])
def test_a_damaged_profile_is_none(content, monkeypatch):
    from pagoda.native.cache import Cache

    put = Cache.put
    keys = []
    key = jobs.profile_key
    monkeypatch.setattr(jobs, "profile_key", lambda *words: keys.append(key(*words)) or keys[-1])
    run(TEXT + CALLS)
    assert keys
    for one in keys:
        put(Cache(), one, content)
    assert heats(run(TEXT + CALLS), "f") == [8]


def test_a_program_that_waits_leaves_none(folder):
    both(TEXT + CALLS, changed(SETTINGS, wait=True, apart=False))
    assert heats(run(TEXT + CALLS), "f") == [8]


def test_a_profile_is_bounded(folder: Path):
    key = digest(["a profile"])
    for start in range(3 * MOST_STARTS):
        note_profile(key, start, ("key", [], []))
    assert list(read_profile(key)) == list(range(2 * MOST_STARTS, 3 * MOST_STARTS))
