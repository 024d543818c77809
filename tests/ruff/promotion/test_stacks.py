"""The stack that a handler sees has every caller, on whatever storey it runs."""

from __future__ import annotations

import pytest

from pagoda.records import changed

from ..storeys import run_on_vm, run_on_walk
from .running import QUICK, Run

THROWER = 'func thrower(n) { if n % 3 == 0 { throw("at " + str(n)) }\n return n }\nfunc middle(n) { return thrower(n) + 1 }\n'
GUARDED = (
    "func guarded(n) { try { return middle(n) } except e { print(e.message, e.stack)\n return 0 - n } }\n"
    "func outer(n) { return guarded(n) + guarded(n + 1) }\n"
)

PROGRAMS = {
    "handler in the middle": THROWER + GUARDED + "for i in range(9) { print(outer(i)) }\n",
    "deep callers": THROWER + GUARDED + (
        "func deep(n, m) { if n == 0 { return outer(m) }\n return deep(n - 1, m) + 1 }\n"
        "for i in range(9) { print(deep(i, i)) }\nprint(deep(400, 3))\n"
    ),
    "nested handlers": THROWER + (
        'func nested(n) { try { try { return middle(n) } except e { print("inner", e.stack)\n return middle(n) } }\n'
        ' except f { print("outer", f.stack, f.message)\n return 1 } }\n'
        "func caller(n) { return nested(n) + 1 }\nfor i in range(7) { print(caller(i)) }\n"
    ),
    "thrown again": THROWER + (
        "func again(n) { try { return middle(n) } except e { throw(e.message + str(len(e.stack))) } }\n"
        "func last(n) { try { return again(n) + 1 } except e { print(e.stack, e.message)\n return 0 } }\n"
        "func caller(n) { return last(n) }\nfor i in range(7) { print(caller(i)) }\n"
    ),
    "callback": THROWER + (
        "func each(x) { try { return middle(x) } except e { print(e.stack)\n return 7 } }\n"
        "func mapped(n) { return map([n, n + 1, n + 2], each) }\nfunc over(n) { return mapped(n)[0] + 1 }\n"
        "for i in range(6) { print(over(i)) }\n"
    ),
    "callback that fails": THROWER + (
        "func mapped(n) { return map([n, n + 1, n + 2], middle) }\n"
        "func over(n) { try { return mapped(n)[0] + 1 } except e { print(e.stack)\n return 5 } }\n"
        "func caller(n) { return over(n) }\nfor i in range(6) { print(caller(i)) }\n"
    ),
    "generator": THROWER + (
        "func* made(n) { i := 0\n while i < n { try { yield middle(i) } except e { print(e.stack)\n yield 0 }\n i := i + 1 } }\n"
        "func drain(n) { t := 0\n for x in made(n) { t := t + x }\n return t }\n"
        "func caller(n) { return drain(n) }\nfor i in range(6) { print(caller(i)) }\n"
    ),
    "generator that fails": THROWER + (
        "func* made(n) { i := 1\n while i < n { yield middle(i)\n i := i + 1 } }\n"
        "func drain(n) { t := 0\n for x in made(n) { t := t + x }\n return t }\n"
        "func over(n) { try { return drain(n) } except e { print(e.stack)\n return 5 } }\n"
        "func caller(n) { return over(n) }\nfor i in range(6) { print(caller(i)) }\n"
    ),
    "loops": THROWER + GUARDED + (
        "func again(n) { t := 0\n i := 0\n while i < n { t := t + outer(i)\n i := i + 1 }\n return t }\nprint(again(7), again(8))\n"
    ),
    "kinds that change": THROWER + GUARDED + (
        "func pick(n) { x := [1, 2.5][n % 2]\n return outer(n) + x }\nfunc caller(n) { return pick(n) + 1 }\n"
        "for i in range(9) { print(caller(i)) }\n"
    ),
    "methods": THROWER + (
        "struct P { x\n func go(self, n) { try { return middle(n) + self.x } except e { print(e.stack)\n return self.x } } }\n"
        "p := P { x: 4 }\nfunc caller(n) { return p.go(n) + 1 }\nfor i in range(6) { print(caller(i)) }\n"
    ),
    "nobody handles it": THROWER + "func deep(n) { if n == 0 { return middle(3) }\n return deep(n - 1) + 1 }\nprint(deep(300))\n",
    "too deep": (
        "func down(n) { return down(n + 1) + 1 }\nfunc guarded(n) { try { return down(n) } except e { return len(e.stack) } }\n"
        "func caller(n) { return guarded(n) }\nprint(caller(1), caller(2))\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("threshold", [1, 2, 5])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_stack_is_the_same_on_every_storey(name, threshold):
    text = PROGRAMS[name]
    expected = run_on_vm(text)
    if threshold == 1 and name != "too deep":  # the walker's own stack ends elsewhere
        assert run_on_walk(text).output == expected.output
    run = Run(text, changed(QUICK, threshold=threshold))
    assert run.seen == expected
    assert run.left == [0]
    assert run.names("compiled")
    assert run.names("failed") == run.names("mistake") == []
