"""Structs, enums, results, errors, generators and async functions (language sections 1.11 to 1.16)."""

from __future__ import annotations

import pytest

from pagoda.languages.ruff.errors import ExitRequest, LimitError
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import run_tests

from .conftest import load


def test_struct_methods(run, fail) -> None:
    assert run(
        """
        struct P {
            x: int, y: int
            func scaled(self, k) { return P { x: self.x * k, y: self.y * k } }
            func area() { return x * y }
        }
        let p := P { x: 2, y: 3 }
        print(p.scaled(2), p.area(), p)
        mut q := p
        q.x := 10
        print(q.x, p.x)
        """
    ) == ["P { x: 4, y: 6 } 6 P { x: 2, y: 3 }", "10 2"]
    assert fail("struct S { func m(self) { } }\nlet s := S { }\ns.nope()") == "Unknown method: nope"


def test_overloads(run) -> None:
    assert run(
        """
        struct V {
            x: int
            func op_add(self, o) { return V { x: self.x + o.x } }
            func op_lt(self, o) { return self.x < o.x }
            func op_eq(self, o) { return self.x == o.x }
            func op_neg(self) { return V { x: -self.x } }
            func op_not(self) { return "not" }
        }
        let a := V { x: 1 }
        let b := V { x: 2 }
        print(a + b, a < b, a == b, -a, !a)
        """
    ) == ["V { x: 3 } true false V { x: -1 } not"]


def test_enums_and_match(run) -> None:
    assert run(
        """
        enum E { A, B }
        func show(v) {
            match v {
                case E::A(x): { print("A", x, x_1) }
                case E::B: { print("B") }
                case Ok(v): { print("ok", v) }
                case Result::Err(m): { print("err", m) }
                case None: { print("none") }
                case word: { print("text") }
                default: { print("default") }
            }
        }
        show(E::A(1, 2))
        show(E::B)
        show(Ok([1]))
        show(Err("m"))
        show(None)
        show("word")
        show(7)
        print(E::A(1, "x"), E::B, E::A(1) == E::A(1))
        """
    ) == ["A 1 2", "B", "ok [1]", "err m", "none", "text", "default", "E::A(1,x) E::B true"]


def test_try_operator(run) -> None:
    assert run(
        """
        func half(n) { if n % 2 == 1 { return Err("odd") } return Ok(n / 2) }
        func quarter(n) { let h := half(n)?  return Ok(half(h)?) }
        print(quarter(8), quarter(6), quarter(5))
        func first(o) { return Some(o? + 1) }
        print(first(Some(1)), first(None))
        """
    ) == ["Ok(2) Err(odd) Err(odd)", "Some(2) None"]


def test_errors(run, fail) -> None:
    assert run(
        """
        try { throw("m") } except e { print(e.message, e) }
        struct Oops { message: string }
        try { throw(Oops { message: "bad", cause: "c" }) } except e { print(e.message, e.cause) }
        try { throw(Other { n: 1 }) } except e { print(e.message) }
        try { throw(42) } except e { print(e.message) }
        try { try { throw("inner") } except e { throw(e) } } except e { print(e.message) }
        try { error("raised") } except e { print(e.message) }
        """
    ) == [
        "m Error { line: 0, message: m, stack: [] }",
        "bad c",
        "Other error",
        "Int(42)",
        "inner",
        "raised",
    ]
    assert fail('throw("x")') == "x"
    assert fail("assert_equal(5, 10)") == "Assertion failed: expected Int(10), got Int(5)"
    assert fail("assert_contains([5], 10)") == "Assertion failed: Array[5] does not contain Int(10)"


def test_generators(run) -> None:
    assert run(
        """
        func* count(n) { for i in n { if i == 2 { continue } yield i } try { throw("t") } except e { yield e.message } }
        for x in count(4) { print(x) }
        func* naturals() { mut i := 0  loop { yield i  i := i + 1 } }
        print(naturals().filter(func(x) { return x % 2 == 1 }).map(func(x) { return x * 10 }).take(3).collect())
        let g := naturals()
        print(g.next(), g.next(), type(g))
        func* one() { let x := yield 5  print("got", x)  return 3 }
        for v in one() { print(v) }
        print([1, 2, 3].map(func(x) { return x + 1 }).collect())
        """
    ) == ["0", "1", "3", "t", "[10, 30, 50]", "Some(0) Some(1) generator", "5", "got 5", "[2, 3, 4]"]


def test_async(run) -> None:
    assert run(
        """
        async func f(x) { if x == 0 { throw("zero") } return x * 2 }
        let p := f(2)
        print(type(p))
        print(await p)
        print(await promise_all([f(1), f(3)]))
        try { let r := await f(0) } except e { print(e.message) }
        """
    ) == ["promise", "4", "[2, 6]", "Promise rejected: zero"]


def test_spawn_and_channel(run) -> None:
    assert run(
        """
        let c := channel()
        spawn { c.send("from task") }
        print(c.receive())
        """
    ) == ["from task"]


def test_limits(run) -> None:
    with pytest.raises(LimitError) as caught:
        run("try { loop { } } except e { print(1) }", Limits(fuel=1000))
    assert caught.value.kind == "fuel"
    with pytest.raises(LimitError) as caught:
        run("loop { }", Limits(timeout=0.05))
    assert caught.value.kind == "timeout"
    assert run("for i in 10 { }\nprint(1)", Limits(fuel=10)) == ["1"]
    with pytest.raises(LimitError):
        run("for i in 11 { }\nprint(1)", Limits(fuel=10))
    with pytest.raises(ExitRequest) as ended:
        run("try { exit(3) } except e { }")
    assert ended.value.code == 3


def test_test_blocks() -> None:
    program, source = load(
        """
        func double(x) { return x * 2 }
        print("top level does not run")
        test "passes" { assert_equal(double(2), 4) }
        test_group "group" { test "fails" { assert_equal(1, 2) } }
        """
    )
    output: list[str] = []
    assert run_tests(program, source, output=output.append) == [
        ("passes", True, ""),
        ("fails", False, "Assertion failed: expected Int(2), got Int(1)"),
    ]
    assert output == []
