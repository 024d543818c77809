"""Every storey shows the same: output, error with its place and stack, and the fuel used; whatever the compiler's options are.

``PAGODA_FUZZ=N`` compares N programs instead of a few hundred, and N on ``opt`` too instead of a few; ``fuzz.py`` compares many.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from pagoda.languages.ruff.compile.program import Options
from pagoda.native.threads import run_with_big_stack

from ..storeys import run_on_vm, run_on_walk
from .compiled import differences
from .programs import program

COUNT = int(os.environ.get("PAGODA_FUZZ", "300"))
FIRST = int(os.environ.get("PAGODA_FUZZ_FROM", "0"))
COMPILED = int(os.environ.get("PAGODA_FUZZ", "24"))  # programs that are compiled: each takes half a second
PARTS = 10
DEPTH = 150
LIMITS: Any = {"fuel": 20_000, "max_depth": DEPTH}
pytestmark = pytest.mark.timeout(300 + COUNT)
SWITCHES = ("fold", "fuse", "last_uses", "unreachable")

FUEL_PROGRAMS = {
    "loops": """
        for i in 3 { print("i", i) }
        for k in {"a": 1, "b": 2} { for c in "xy" { print(k, c) } }
        mut n := 0; while n < 4 { n += 1; if n == 2 { continue }; print(n) }
        loop { n -= 1; if n < 1 { break } }
        for v in range(2, 5) { print(v) }
        for v in [1, 2.5] { print(v) }
    """,
    "calls": """
        func f(n) { if n <= 0 { return 0 }; print("f", n); return f(n - 1) + 1 }
        struct P { func m(self) { print("m"); return 1 } func op_add(self, o) { print("add"); return o } }
        print(f(3)); p := P {}; print(p.m(), p + 2)
        print(map([1, 2], func(x) { print("x", x); return f(x) }))
        print(filter([1, 2, 3], func(x) { return x > 1 }), reduce([1, 2, 3], 0, func(a, b) { return a + b }))
    """,
    "handlers": """
        func f(n) { try { if n == 0 { throw("bottom") }; f(n - 1) } except e { print(n, e.message); throw("again") } }
        mut i := 0
        while i < 3 { i += 1; try { f(2) } except e { print(e.message, e.stack) } }
        loop { try { throw(1) } except e { break } }
    """,
    "generators": """
        func* count(n) { mut i := 0; while i < n { print("at", i); yield i; i += 1 } for k in 2 { yield (yield k) + i } }
        func* ends() { yield 1; throw("end") }
        for x in count(3) { print(x); if x == 2 { continue } }
        g := count(5); print(g.next(), g.next()); for x in g { print("rest", x); if x > 3 { break } }
        print(count(9).filter(func(x) { return x % 2 == 0 }).map(func(x) { print("map", x); return x }).take(2).collect())
        for i in 2 { try { for x in ends() { print(x) } } except e { print(e.message, e.stack) } }
    """,
    "builtins": """
        a := range(200); print(len(a)); print(len(push(a, 1))); mut b := []
        for x in a { b := push(b, x) }; print(len(b), contains(b, 5)); print(len(join(map(b, func(x) { return "s" }), "")))
    """,
}


@pytest.mark.parametrize("part", range(PARTS))
def test_random_programs(part: int) -> None:
    for seed in range(FIRST + part, FIRST + COUNT, PARTS):
        text = program(seed)
        assert run_on_walk(text, **LIMITS) == run_on_vm(text, **LIMITS), f"seed {seed}\n{text}"


@pytest.mark.parametrize("part", range(8))
def test_random_programs_compiled(part: int) -> None:
    for seed in range(FIRST + part, FIRST + COMPILED, 8):
        found = run_with_big_stack(lambda seed=seed: list(differences(seed)))
        assert not found, f"seed {seed}: {found}"


@pytest.mark.parametrize("switch", SWITCHES)
def test_an_option_changes_nothing(switch: str) -> None:
    options: Any = Options(**{switch: False})
    for seed in range(FIRST, FIRST + COUNT, 20):
        text = program(seed)
        assert run_on_vm(text, **LIMITS) == run_on_vm(text, **LIMITS, options=options), f"seed {seed}\n{text}"


def test_all_options_off() -> None:
    options: Any = Options(**dict.fromkeys(SWITCHES, False))
    for seed in range(FIRST, FIRST + COUNT, 20):
        text = program(seed)
        assert run_on_walk(text, **LIMITS) == run_on_vm(text, **LIMITS, options=options), f"seed {seed}\n{text}"


@pytest.mark.parametrize("name", FUEL_PROGRAMS)
def test_fuel_ends_at_the_same_place(name: str) -> None:
    text = FUEL_PROGRAMS[name]
    whole = run_on_walk(text, max_depth=DEPTH)
    assert whole.kind == "ok", whole
    assert run_on_vm(text, max_depth=DEPTH) == whole
    step = max(1, whole.fuel // 60)
    for fuel in range(0, whole.fuel, step):
        seen = run_on_walk(text, fuel=fuel, max_depth=DEPTH)
        assert seen.kind == "fuel"
        assert whole.output.startswith(seen.output)
        assert run_on_vm(text, fuel=fuel, max_depth=DEPTH) == seen
    assert run_on_walk(text, fuel=whole.fuel, max_depth=DEPTH) == whole
    assert run_on_vm(text, fuel=whole.fuel, max_depth=DEPTH) == whole


def test_fuel_ends_random_programs_at_the_same_place() -> None:
    for seed in range(FIRST, FIRST + 10):
        text = program(seed)
        used = run_on_walk(text, **LIMITS).fuel
        for fuel in range(0, used, max(1, used // 12)):
            assert run_on_walk(text, fuel=fuel, max_depth=DEPTH) == run_on_vm(text, fuel=fuel, max_depth=DEPTH), f"seed {seed}, fuel {fuel}\n{text}"
