"""Bindings, functions, closures and control flow (language sections 1.7 to 1.10)."""

from __future__ import annotations


def test_assignment_finds_the_nearest(run, fail) -> None:
    assert run("x := 1\nfunc f() { x := 2 }\nf()\nprint(x)") == ["2"]
    assert run("if true { y := 1 }\ny := 5\nprint(y)") == ["5"]
    assert fail("let x := 1\nx := 2") == "Cannot reassign immutable let binding: x"
    assert fail("const X := 1\nX := 2") == "Cannot reassign const binding: X"
    assert fail("let a := [1]\na[0] := 2") == "Cannot mutate immutable let binding: a"
    assert fail("let x := 1\nlet x := 2") == "Duplicate declaration in the same scope: x"
    assert fail("let sum := 0") == "Duplicate declaration in the same scope: sum"
    assert run("sum := 3\nprint(sum)") == ["3"]


def test_fresh_scope_each_iteration(run) -> None:
    assert run("for i in 3 { let x := i * 2\n print(x) }") == ["0", "2", "4"]


def test_arity(fail) -> None:
    assert fail("func f(a) { }\nf(1, 2)") == "f expects 1 arguments, got 2"
    assert fail("let g := func(a, b) { }\ng(1)") == "<lambda> expects 2 arguments, got 1"


def test_functions_give_null(run) -> None:
    assert run("func f() { }\nfunc g() { return }\nprint(f(), g())") == ["null null"]


def test_closures_copy(run) -> None:
    assert run(
        """
        func counter() { mut n := 0  return func() { n := n + 1  return n } }
        let c := counter()
        let d := counter()
        c()
        print(c(), d())
        func pair() {
            mut n := 0
            let inc := func() { n := n + 1  return n }
            let get := func() { return n }
            inc()
            inc()
            n := 10
            return [inc(), get(), n]
        }
        print(pair())
        mut made := []
        for i in 3 { made := push(made, func() { return i }) }
        print((made[0])(), (made[2])())
        let same := c
        print(c == same, c == d)
        """
    ) == ["2 1", "[3, 0, 10]", "0 2", "true false"]


def test_recursive_local_function(run) -> None:
    assert run(
        """
        func outer(n) {
            func fact(k) { if k < 2 { return 1 } return k * fact(k - 1) }
            return fact(n)
        }
        print(outer(5))
        """
    ) == ["120"]


def test_hoisting(run) -> None:
    assert run("print(later(2))\nfunc later(x) { return x * 2 }") == ["4"]


def test_deep_recursion(run, fail) -> None:
    source = "func f(n) { if n == 0 { return 0 } return 1 + f(n - 1) }\nprint(f(9998))"
    assert run(source) == ["9998"]
    nested = (
        "func g(n) { if n == 0 { return 0 } let r := map([n], func(x) { return g(x - 1) })\n return r[0] + 1 }\nprint(g(4900))"
    )
    assert run(nested) == ["4900"]
    assert fail("func f(n) { return f(n + 1) }\nf(0)") == "Maximum VM call stack depth of 10000 exceeded while calling f"


def test_control_flow(run) -> None:
    assert run(
        """
        for i in 5 { if i == 1 { continue } if i == 3 { break } print(i) }
        for c in "hé" { print(c) }
        for x in 2.9 { print(x) }
        mut n := 0
        loop { n += 1  if n > 3 { break } }
        print(n)
        loop while n > 0 { n -= 2 }
        print(n)
        mut xs := [1, 2]
        for x in xs { xs := push(xs, x) }
        print(xs)
        if [] { print("no") } else if "false" { print("yes") }
        """
    ) == ["0", "2", "h", "é", "0", "1", "4", "0", "[1, 2, 1, 2]", "yes"]


def test_return_ends_the_script(run) -> None:
    assert run("print(1)\nif true { return }\nprint(2)") == ["1"]


def test_destructuring(run) -> None:
    assert run(
        """
        let [a, [b, _], ...rest] := [1, [2, 3], 4, 5]
        print(a, b, rest);
        [x, y] := [1]
        print(x, y)
        let {name, ...others} := {"name": "n", "k": 1}
        print(name, others)
        """
    ) == ["1 2 [4, 5]", "1 null", 'n {"k": 1}']


def test_pipe(run) -> None:
    assert run("func add(a, b) { return a * 10 + b }\nprint(4 |> add(2))") == ["42"]


def test_error_stack_and_spans(run, fail) -> None:
    assert run(
        """
        func inner() { throw("x") }
        func outer() { inner() }
        func catcher() { try { outer() } except e { return e.stack } }
        print(catcher())
        try { parse_int("x") } except e { print(e.stack, e.line) }
        """
    ) == ["[catcher, outer, inner]", "[] 0"]
