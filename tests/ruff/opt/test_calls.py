"""Calls between storeys: interpreted, compiled and builtin callees with up to 40 arguments of every kind, callbacks, recursion."""

from __future__ import annotations

import pytest

from ..storeys import run_on_vm
from .running import Run

VALUES = [
    "1",
    "2.5",
    "true",
    "null",
    '"text"',
    "[1, [2]]",
    '{"k": [3]}',
    "Point { x: 1 }",
    "Ok(4)",
    "double",
    "func(y) { return y }",
]
COUNTS = (0, 1, 2, 3, 7, 16, 40)
BEFORE = "struct Point { x: int }\nfunc double(x) { return x * 2 }\n"


def same(text: str, **settings: object) -> Run:
    """A run that must show what the interpreter shows, and leave nothing alive."""
    run = Run(text, **settings)
    assert run.seen == run_on_vm(text)
    assert run.left == [0]
    return run


def call_of(count: int) -> str:
    """A function that shows its arguments and a caller that passes them, directly, by a variable and as a closure."""
    names = [f"a{i}" for i in range(count)]
    given = ", ".join(VALUES[i % len(VALUES)] for i in range(count))
    shown = ", ".join(f"type({name}), {name} == {name}" for name in names) or '"none"'
    return (
        f"{BEFORE}func callee({', '.join(names)}) {{ print({shown})\n return [{', '.join(names)}] }}\n"
        f"func caller(f) {{ other := callee\n kept := [9]\n inner := func({', '.join(names)}) {{ return [kept, {', '.join(names)}] }}\n"
        f" return [len(callee({given})), len(other({given})), len(f({given})), len(inner({given})), kept] }}\n"
        "print(caller(callee), caller(callee))\n"
    ).replace("[kept, ]", "[kept]")


@pytest.mark.parametrize("count", COUNTS)
def test_arguments_of_every_kind(count):
    assert same(call_of(count)).seen.kind == "ok"


@pytest.mark.parametrize("only", [("callee",), ("caller",), ("caller", "<main>"), ("<lambda>",)], ids="+".join)
@pytest.mark.parametrize("count", [0, 2, 40])
def test_some_are_interpreted(count, only):
    assert same(call_of(count), only=only).seen.kind == "ok"


@pytest.mark.parametrize("text", [
    "func fact(n) { if n < 2 { return 1 }\n return n * fact(n - 1) }\nprint(fact(15), fact(30.0))\n",
    "func even(n) { if n == 0 { return true }\n return odd(n - 1) }\nfunc odd(n) { if n == 0 { return false }\n return even(n - 1) }\n"
    "print(even(1000), odd(77))\n",
    "func walk(t) { if t == null { return 0 }\n return walk(t[0]) + t[1] + walk(t[2]) }\n"
    "print(walk([[null, 1, null], 2, [null, 3, [null, 4, null]]]))\n",
    "func f(n) { return f(n + 1) }\nf(0)\n",
], ids=["self", "mutual", "tree", "endless"])  # fmt: skip
def test_recursion(text):
    same(text)


@pytest.mark.parametrize("only", [None, ("f",), ("g",)])
@pytest.mark.parametrize("text", [
    "func f(x) { return [x, x] }\nfunc g(a) { return map(a, f) }\nprint(g([1, \"a\", [2]]), map([3], func(x) { return f(x) }))\n",
    "func f(a, b) { return a + b }\nfunc g(a) { return reduce(a, 0, f) }\nprint(g([1, 2, 3]), filter([1, 2], func(x) { return x > 1 }))\n",
    "func f(x) { if x > 2 { throw(\"big\") }\n return x }\nfunc g(a) { try { return map(a, f) } except e { return e.message } }\n"
    "print(g([1, 2]), g([1, 2, 3]))\nprint(map([5], f))\n",
    "struct V { x: int\n func op_add(self, other) { return V { x: self.x + other.x } }\n func get(self, more) { return self.x + more } }\n"
    "func f(a, b) { return a + b }\nfunc g(n) { v := V { x: n }\n return f(v, v).get(n) }\nprint(g(3), g(4.5))\nprint(f(V { x: 1 }, 2))\n",
    "func f(n) { return n(1) }\nfunc g(x) { return f(x) }\nprint(g(to_string))\nprint(g(5))\n",
    "func f(a) { return a }\nfunc g(x) { return f(x, x) }\nprint(g(1))\n",
    "func f(a) { return b(a) }\nfunc g(x) { return f(x) }\nprint(g(1))\n",
    "func g(x) { return x.missing(1) }\nfunc f(x) { return g(x) }\nprint(f([1]))\n",
], ids=["map", "reduce", "raise", "methods", "no function", "arity", "undefined", "no method"])  # fmt: skip
def test_callbacks_and_failures(text, only):
    same(text, only=only)


def test_a_global_function_that_changes_meanwhile():
    same(
        'func f(n) { return g(n) }\nfunc g(n) { return n }\nprint(f(1))\ng := func(n) { return [n] }\nprint(f(1))\ng := len\nprint(f("abc"))\n'
    )
