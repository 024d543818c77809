"""Compiled code where there is next to no room: caches of one entry, a small register stack, little depth, little memory."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from pagoda.languages.ruff.execute import memory
from pagoda.machine.promotion import jobs
from pagoda.native.cache import Cache
from pagoda.records import changed

from ..promotion import running as promotion
from ..storeys import run_on_vm
from .running import Run
from .stress import LIGHT

FUNCTIONS = (
    'func a(x) { return [x, b(x)] }\nfunc b(x) { return x + x }\nfunc c(s) { t := ""\n for k in s { t := t + to_string(k) }\n return t }\n'
    "func d(f, x) { try { return f(x) } except e { return e.message } }\n"
    'for n in 4 { print(a(n), b(n + 0.5), c([n, "k"]), d(b, n), d(c, n), d(func(q) { return [q, a(q)] }, "z")) }\n'
)
DEEP = (
    "func down(n) { kept := [n, to_string(n)]\n if n == 0 { return 0 }\n r := down(n - 1)\n return r + len(kept) - 1 }\n"
    "func up(n) { return map([n], func(k) { if k == 0 { return 0 }\n return up(k - 1) + 1 })[0] }\n"
    "func* each(n) { if n > 0 { yield n\n for v in each(n - 1) { yield v } } }\n"
    "func sum(n) { t := 0\n for v in each(n) { t := t + v }\n return t }\n"
    "func attempt(f, n) { try { return f(n) } except e { return e.message } }\n"
    "for n in 3 { print(attempt(down, n), attempt(up, n), attempt(sum, n)) }\n"
    "print(attempt(down, 60), attempt(up, 12), attempt(sum, 9))\nprint(attempt(down, 500))\nprint(attempt(down, 3), down(2))\n"
)
HUNGRY = (
    'struct P { items, n }\nfunc grow(p, n) { p.items := push(p.items, [n, to_string(n)])\n p.n := {"k": p.items, "n": n}\n return p }\n'
    "func keep(n) { mut seen := []\n return func(x) { seen := push(seen, [x, n])\n return seen } }\n"
    "func* some(n) { mut a := []\n for k in range(n) { a := push(a, [k])\n yield a } }\n"
    "func work(n) { p := P { items: [], n: 0 }\n f := keep(n)\n for v in some(n) { p := grow(p, v)\n f(p) }\n return len(f(n)) }\n"
    'func attempt(n) { try { return work(n) } except e { return "never seen" } }\n'
    "for n in 14 { print(attempt(n)) }\n"
)


def promoted(text: str, settings: Any = LIGHT, **more: Any) -> promotion.Run:
    run = promotion.Run(text, settings, **more)
    assert run.left == [0]
    assert not run.names("mistake"), run.events
    return run


# ---------------------------------------------------------------- caches


def test_a_folder_that_holds_one_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = run_on_vm(FUNCTIONS)
    sizes = []
    put = Cache.put

    def noting(self: Cache, key: str, content: bytes, meta: Any = None) -> bool:
        sizes.append(len(content))
        return put(self, key, content, meta)

    monkeypatch.setattr(Cache, "put", noting)
    settings = changed(LIGHT, cached=True, group=1)
    monkeypatch.setattr(jobs, "Cache", functools.partial(Cache, tmp_path / "all"))
    run = promoted(FUNCTIONS, settings)
    assert run.seen == expected
    assert len(sizes) > 4
    largest = max(sizes)
    monkeypatch.setattr(jobs, "Cache", functools.partial(Cache, tmp_path / "one", limit=largest + 4096))
    for _ in range(3):
        run = promoted(FUNCTIONS, settings)
        assert run.seen == expected
        assert len(run.names("compiled")) > 4
        kept = sum(path.stat().st_size for path in (tmp_path / "one").iterdir())
        assert kept <= largest + 4096


def test_a_table_of_one_function() -> None:
    alone = changed(LIGHT, group=1, waiting=1)
    sizes = [facts["bytes"] for event, _, facts in promoted(FUNCTIONS, alone).events if event == "compiled"]
    run = promoted(FUNCTIONS, changed(alone, code_bytes=max(sizes)))
    assert run.seen == run_on_vm(FUNCTIONS)
    assert run.names("compiled")
    assert run.names("evict")  # where there is room for one, the next puts it out


# ---------------------------------------------------------------- stacks


@pytest.mark.parametrize("size", [2_000, 3_000, 4_096, 5_008, 6_000, 7_712, 9_000, 12_000, 20_000])
def test_a_small_register_stack(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "STACK_BYTES", size)
    expected = run_on_vm(DEEP)
    assert "depth" in expected.output + expected.message
    assert promoted(DEEP).seen == expected
    run = Run(DEEP, again=first_run(DEEP))
    assert (run.seen, run.left) == (expected, [0])


@functools.cache
def first_run(text: str) -> Run:
    """A run with all compiled, whose code is used again."""
    return Run(text, level=0, fuel=100_000)


@pytest.mark.parametrize("depth", [2, 3, 4, 5, 7, 9, 14, 25, 59, 61, 64])
def test_little_depth(depth: int) -> None:
    expected = run_on_vm(DEEP, max_depth=depth)
    run = Run(DEEP, again=counted_run(DEEP), max_depth=depth)
    assert (run.seen, run.left) == (expected, [0])


@functools.cache
def counted_run(text: str) -> Run:
    """A run with all compiled whose calls are counted."""
    return Run(text, level=0, max_depth=1)


# ---------------------------------------------------------------- memory


@pytest.mark.parametrize("start", range(5))
def test_little_memory(start: int) -> None:
    """The program may end at another place, for storeys keep other things in other places; but it ends in good order."""
    whole = run_on_vm(HUNGRY)
    assert whole.kind == "ok"
    kinds = set()
    for limit in range(400 + 80 * start, 30_000, 2_640):

        def bound(loaded: Any, limit: int = limit) -> None:
            loaded.heap_word("bytes_limit", limit)

        def prepare(promoter: Any, limit: int = limit) -> None:
            promoter.program.program.heap_word("bytes_limit", limit)

        first = Run(HUNGRY, level=0, again=first_run(HUNGRY), prepare=bound)
        second = promotion.Run(HUNGRY, changed(LIGHT, cached=True), prepare=prepare)
        for run in (first, second):
            kinds.add(run.seen.kind)
            assert run.left == [0]
            assert run.seen.kind in ("ok", "memory")
            assert "never" not in run.seen.output
            assert whole.output.startswith(run.seen.output)
    assert kinds == {"ok", "memory"}
