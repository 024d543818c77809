"""The opt storey's first form: what compiled programs show, and the text that they are made of."""

from __future__ import annotations

import re

import pytest

from pagoda.machine.optimiser.exits import ANSWER
from pagoda.native.threads import run_with_big_stack
from pagoda.runtime.pairs import ARRAY, BOOL, FLOAT, INT
from pagoda.tools import spike
from pagoda.tools.spike import PROGRAMS, Plan

from .spiking import OptRun
from .storeys import run_on_vm

FIB = "func fib(n) { if n < 2 { return n }\n return fib(n - 1) + fib(n - 2) }\n"


def both(text: str, plans: dict[str, Plan] | None = None, **settings: object) -> OptRun:
    """A run on opt that must show what the vm shows, and leave nothing alive."""
    fuel = {name: settings[name] for name in ("fuel",) if name in settings}
    expected = run_on_vm(text, **fuel)
    run = run_with_big_stack(lambda: OptRun(text, plans, **settings))
    assert run.seen == expected
    assert run.left == [0]
    return run


# ---------------------------------------------------------------- the three programs


@pytest.mark.parametrize("shape", ["phi", "store"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_three_programs_run_without_an_exit(name, shape):
    program = PROGRAMS[name]
    text = spike._source(name, ".ruff", 15 if name == "fib" else 3000)
    plan = Plan(program.plan.parameters, {**program.plan.results, "index_get": BOOL}, program.plan.slow)
    run = both(text, {program.function: plan}, shape=shape)
    assert run.exits == 0
    assert program.function in run.names()


def test_feedback_says_the_kind_of_an_element():
    output, _ = spike.run_ruff("fib", True)
    assert output == "9227465"
    loaded = spike.load(spike.compiled(spike._source("sieve", ".ruff", 50)), lambda text: None)
    loaded.run()
    kinds = [spike.feedback_kinds(loaded.linked[id(f)], spike.TABLE) for f in loaded.compiled.functions if f.parameters]
    loaded.close()
    assert BOOL in kinds[0].values()


def test_a_result_of_another_kind_exits_after_the_call():
    text = "func f(n) { if n > 3 { return n * 0.5 }\n return n }\nprint(f(1) + f(10), f(2))\n"
    run = both(text, {"f": Plan((INT,))})
    assert run.exits == 0  # two kinds: every result is boxed
    text = FIB.replace("return n }", "if n == 1 { return big }\n return n }") + "big := 9223372036854775807\nprint(fib(1))\n"
    both(text + "print(fib(3))\n", {"fib": Plan((INT,))})
    # The callee was compiled for ints; it exits, and the interpreter finishes it with a float.
    text = FIB.replace("return n }", "if n == 1 { x := one\n return x }\n return n }") + "one := 1\nprint(fib(6))\none := 1.5\n"
    found = both(text + "print(fib(6))\n", {"fib": Plan((INT,), {"load": INT})})
    assert found.exits > 3


def test_an_argument_of_another_kind_enters_the_interpreter():
    run = both(FIB + "print(fib(7.0), fib(6))\n", {"fib": Plan((INT,))})
    assert run.exits == 0


def test_a_callee_that_changes_exits():
    text = "func f(n) { return g(n) + 1 }\nfunc g(n) { return n }\nprint(f(1))\ng := func(n) { return n * 10 }\nprint(f(1))\n"
    both(text, {"f": Plan((INT,)), "g": Plan((INT,))})


# ---------------------------------------------------------------- errors, limits, depth


@pytest.mark.parametrize("text", [
    FIB + "print(fib(\"a\"))\n",
    "func f(a, i) { return a[i] }\nfunc g(a) { return f(a, 7) }\nprint(g([1, 2]))\n",
    "func f(n) { if n == 0 { throw(\"deep\") }\n x := [n]\n return f(n - 1) + len(x) }\nprint(f(20))\n",
    "func f(n) { try { return g(n) } except e { return e.message } }\n"
    "func g(n) { a := [1, n]\n return a[n] }\nprint(f(1), f(5))\n",
    "func f(n) { return f(n + 1) + 1 }\nf(0)\n",
    "func f(n) { x := 9223372036854775807\n return x + n }\nprint(f(0))\nprint(f(1))\n",
    "func f(a) { b := a\n b[0] := 9\n return b }\nx := [1, 2]\nprint(f(x), x)\n",
], ids=["kind", "index", "throw", "caught", "depth", "overflow", "sharing"])  # fmt: skip
def test_errors_are_the_interpreters(text):
    both(text)
    both(text, {"f": Plan((INT,)), "fib": Plan((INT,))})


@pytest.mark.parametrize("fuel", [1, 2, 10, 100, 177, 178, 500])
def test_fuel_ends_at_the_same_place(fuel):
    text = FIB + "func w(n) { i := 0\n while i < n { print(i)\n i := i + 1 }\n return i }\n"
    text += "print(w(50))\nprint(fib(9))\n"
    both(text, {"fib": Plan((INT,)), "w": Plan((INT,))}, fuel=fuel)


def test_memory_that_runs_out_raises():
    text = "func f(n) { a := []\n i := 0\n while i < n { a := push(a, [i])\n i := i + 1 }\n return len(a) }\n"
    text += "print(f(100000))\n"
    expected = run_on_vm(text, memory=1 << 20)
    run = run_with_big_stack(lambda: OptRun(text, {"f": Plan((INT,), {}, frozenset(["push_to"]))}, memory=1 << 20))
    assert (run.seen.kind, run.seen.message, run.left) == (expected.kind, expected.message, [0])


# ---------------------------------------------------------------- the texts


def texts() -> dict[str, str]:
    return dict(spike.texts())


def test_nothing_known_tests_the_kinds():
    text = texts()["add, nothing known"]
    assert "%t0" in text
    assert re.search(r"icmp eq i64 %t0, 2", text)


@pytest.mark.parametrize("name", ["add", "index_get", "call"])
def test_no_test_of_an_operands_kind_is_left_where_both_are_known(name):
    text = texts()[f"{name}, two ints"]
    assert "%t0" not in text
    assert "%t1" not in text
    if name == "add":
        assert "icmp" not in text
    if name == "call":  # what is left: callee, room, fuel and poll; the sum's kind is known to the caller
        # Once for a function and once for a closure, as nothing is known of the callee.
        assert text.count(f'call {ANSWER} @"ruff.opt.code.1.adder"(ptr %ctx, ptr') == 2


@pytest.mark.parametrize(("name", "kinds", "result"), [
    ("add", (INT, INT), INT), ("add", (INT, FLOAT), FLOAT), ("add", (FLOAT, INT), FLOAT), ("call", (INT, INT), INT),
    ("call", (INT, FLOAT), FLOAT),
])  # fmt: skip
def test_the_kind_of_the_result_is_static(name, kinds, result):
    compiler = spike.sample(name, kinds)
    compiler.compile()
    assert compiler.requests[0].progress.result == result


def test_an_int_and_a_float_add_as_floats():
    text = texts()["add, int and float"]
    assert "sitofp" in text
    assert "fadd double" in text
    assert "icmp" not in text


def test_the_text_holds_no_address():
    for text in texts().values():
        assert not re.search(r"inttoptr \(i64 \d|i64 \d{10,}", text)


def test_an_array_operand_is_not_tested_again():
    text = texts()["index_get, two ints"]
    assert str(ARRAY) not in re.findall(r"icmp eq i64 %\w+, (\d+)", text)
