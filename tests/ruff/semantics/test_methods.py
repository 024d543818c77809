"""Struct methods that capture variables, structs defined inside functions, and structs that are defined again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ..storeys import Seen, run_on_vm, run_on_walk

Out = Callable[..., list[str]]
See = Callable[..., Seen]

COUNTER = """
func make(k) {
    mut count := 0
    struct Counter {
        n: int
        func bump(self) { count := count + 1  return self.n + k + count }
        func op_add(self, o) { return Counter { n: self.n + o.n + k } }
        func op_eq(self, o) { return k == 10 }
        func plain() { return n + k }
        func sum(self, a, b, c, d) { return [self.n, k, a, b, c, d] }
        func text(self) { return "k" + to_string(k) }
    }
    return Counter { n: 1 }
}
"""


def test_methods_capture(out: Out) -> None:
    text = COUNTER + "c := make(10)\nprint(c.bump(), c.bump(), c + c, c == 1, c.plain(), c.sum(1, 2, 3, 4), c.text())"
    assert out(text) == ["12 13 Counter { n: 12 } true 11 [1, 10, 1, 2, 3, 4] k10"]


def test_the_latest_definition_counts_for_every_value(out: Out) -> None:
    text = COUNTER + "c := make(10)\nprint(c.bump())\nd := make(100)\nprint(c.bump(), d.bump(), c == 1, (d + c).plain())"
    assert out(text) == ["12", "102 103 false 202"]


def test_methods_that_capture_call_each_other_and_themselves(out: Out) -> None:
    text = """
    func build(base) {
        struct F {
            x: int
            func factorial(self, n) { if n == 0 { return base } return n * self.factorial(n - 1) }
            func even(self, n) { if n == 0 { return base > 0 } return self.odd(n - 1) }
            func odd(self, n) { if n == 0 { return base < 0 } return self.even(n - 1) }
            func count(self, n) { if n == 0 { return base } return 1 + self.count(n - 1) }
        }
        return F { x: 1 }
    }
    f := build(2)
    print(f.factorial(5), f.even(10), f.odd(10), f.count(6000), map([1, 2], func(n) { return f.factorial(n) }))
    """
    assert out(text) == ["240 true false 6002 [2, 4]"]


def test_captured_containers_are_values(out: Out) -> None:
    text = """
    func make(items) {
        struct Log { func add(self, x) { items := push(items, x)  return len(items) }  func all(self) { return items } }
        return Log { }
    }
    mut list := ["a"]
    log := make(list)
    print(log.add("b"), log.add("c"), log.all(), list)
    """
    assert out(text) == ["2 3 [a] [a]"]  # each method has copies of its own


@pytest.mark.parametrize(
    ("call", "message", "names"),
    [
        ("make(1).boom(0)", "Division by zero", ["B.boom", "go"]),
        ("make(1).boom()", "B.boom expects 1 arguments, got 0", ["go"]),
        ("make(1).boom(1, 2)", "B.boom expects 1 arguments, got 2", ["go"]),
        ("make(1).nothing()", "Unknown method: nothing", ["go"]),
        ("make(1).deep(0)", "no", ["B.boom2", "B.deep", "go"]),
    ],
)
def test_errors(see: See, call: str, message: str, names: list[str]) -> None:
    text = (
        "func make(k) { struct B { func boom(self, x) { return k / x } func deep(self, x) { return self.boom2(x) + k }"
        ' func boom2(self, x) { throw("n" + "o") } } return B { } }\nfunc go() { return ' + call + " }\n"
    )
    seen = see(text + "go()")
    assert (seen.message, seen.names) == (message, names)
    handled = see(text + 'for i in 3 { try { go() } except e { print(e.message, e.stack) } }\nprint(make("a" + "b").boom2 ?? 1)')
    assert handled.lines[0].startswith(message)
    assert len(handled.lines) == 3


@pytest.mark.parametrize("max_depth", [5, 50])
def test_depth_is_counted(max_depth: int) -> None:
    text = (
        'func make(k) { struct R { func down(self, n) { print(n, k)  return self.down(n + 1) } } return R { } }\n'
        'try { make("x" + "y").down(0) } except e { print(e.message) }'
    )
    walk, vm = run_on_walk(text, max_depth=max_depth), run_on_vm(text, max_depth=max_depth)
    assert walk == vm
    assert len(walk.lines) == max_depth + 1


@pytest.mark.parametrize("fuel", range(1, 24))
def test_fuel_runs_out_alike(fuel: int) -> None:
    text = 'func make(k) { struct R { func f(self, n) { print(k, n)  return n } } return R { } }\nr := make("s" + "t")\nfor i in 8 { r.f(i) }'
    assert run_on_walk(text, fuel=fuel) == run_on_vm(text, fuel=fuel)


def test_a_struct_is_defined_again(out: Out) -> None:
    text = """
    struct A { x: int  func f(self) { return 1 }  func g(self) { return 2 }  func op_add(self, o) { return 3 } }
    a := A { x: 1 }
    print(a.f(), a.g(), a + a)
    struct A { x: int  func f(self) { return 10 } }
    print(a.f(), A { x: 2 }.x)
    try { a.g() } except e { print(e.message) }
    try { a + a } except e { print(e.message) }
    for i in 2 { struct A { func h(self) { return i } }
      print(a.h()) }
    try { a.f() } except e { print(e.message) }
    """
    text = text.replace("A { x: 2 }.x", "(A { x: 2 }).x")
    lines = out(text)
    assert lines[:3] == ["1 2 3", "10 2", "Unknown method: g"]
    assert lines[4:] == ["0", "1", "Unknown method: f"]


def test_a_function_and_a_struct_of_one_name(out: Out) -> None:
    text = "func Point(x) { return Point { x: x } }\nstruct Point { x: int  func twice(self) { return self.x * 2 } }\nprint(Point(3), Point(4).twice())"
    assert out(text) == ["Point { x: 3 } 8"]


def test_structs_inside_methods(out: Out) -> None:
    text = """
    func outer(a) {
        struct Outer {
            v: int
            func inner(self, b) {
                let v := self.v
                struct Inner { w: int  func all(self, c) { return [a, v, b, self.w, c] } }
                return Inner { w: 4 }
            }
        }
        return Outer { v: 2 }
    }
    print(outer(1).inner(3).all(5))
    """
    assert out(text) == ["[1, 2, 3, 4, 5]"]
