"""Guest functions that the machine calls: by builtins for each item, and by operators that a struct defines."""

from __future__ import annotations

import pytest

from ..storeys import run_on_vm, run_on_walk

VECTOR = """
struct V { x: int
    func op_add(self, o) { return V { x: self.x + o.x } }
    func op_eq(self, o) { return self.x == o.x }
    func op_lt(self, o) { return self.x < o.x }
    func op_neg(self) { return V { x: 0 - self.x } }
}
struct Plain { x: int }
func bad(x) { return x + "a" }
"""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("print(map([1, 2, 3], func(x) { return x * 2 }), map([], func(x) { return y }))", ["[2, 4, 6] []"]),
        ("print(filter([1, 2, 3, 4], func(x) { return x % 2 }), filter([1], func(x) { return [] }))", ["[1, 3] []"]),
        ("print(reduce([1, 2], 10, func(a, b) { return a - b }), reduce([], [5], func(a, b) { }))", ["7 [5]"]),
        ('print(reduce([1, 2, 3], [], func(a, b) { return push(a, "${b}") }))', ["[1, 2, 3]"]),
        ("print(find([1, 2, 3], func(x) { return x > 1 }), find([1], func(x) { return null }), find([], bad))", ["2 0 0"]),
        ("print(any([0, 2], func(x) { return x }), any([], bad), all([1, 0], func(x) { return x }), all([], bad))", ["true false false true"]),
        ('print(map([1.5, [2]], to_string), map(["a,b"], len), reduce([[3], 4], [1], push), any([""], is_empty))', ["[1.5, [2]] [3] [1, [3], 4] true"]),
        ("print(map([[1, 2], [3]], func(r) { return map(r, func(x) { return map([x, x], func(y) { return y + 1 }) }) }))", ["[[[2, 2], [3, 3]], [[4, 4]]]"]),
        ("mut n := 0; print(map([5, 6], func(x) { n := n + x; return n }), n)", ["[5, 11] 11"]),
        ("func f() { a := [1, 2, 3]; b := map(a, func(x) { a := push(a, x); return len(a) }); return [a, b] } print(f())", ["[[1, 2, 3], [4, 5, 6]]"]),
        ("g := [1, 2]; func h(x) { g := push(g, x); return len(g) } print(map(g, h), g)", ["[3, 4] [1, 2, 1, 2]"]),
        ("func* g(n) { yield n } for x in map([1, 2], g)[1] { print(x) }", ["2"]),
        ("a := V { x: 1 }; print(a + a + a, -a, a == V { x: 1, y: 2 }, a != V { x: 1, y: 2 }, a < -a)", ["V { x: 3 } V { x: -1 } true true false"]),
        ("mut s := V { x: 0 }; for i in 100 { s += V { x: i } } print(s.x)", ["4950"]),
        ("a := Plain { x: 1 }; print(a == Plain { x: 1 }, a != Plain { x: 1 }, [a] == [Plain { x: 1 }])", ["true false true"]),
        ("print(reduce(map([1, 2, 3], func(n) { return V { x: n } }), V { x: 0 }, func(a, b) { return a + b }))", ["V { x: 6 }"]),
        ("struct G { func op_add(self, o) { total := [o]; return o } } total := G { }; total := total + 5; print(total)", ["5"]),
        ("struct T { n: int  func op_add(self, o) { if self.n == 0 { return o } return T { n: self.n - 1 } + (o + 1) } } print(T { n: 500 } + 1)", ["501"]),
        ("try { map([1, 2], bad) } except e { print(e.message, e.stack) }", ["Invalid binary operation: int + string [bad]"]),
        ("func f() { return reduce([1], 2, func(a, b) { return map([a], bad) }) } try { f() } except e { print(e.stack) }", ["[f, <lambda>, bad]"]),
        ("try { map([1], func(a, b) { }) } except e { print(e.message, e.stack) }", ["<lambda> expects 2 arguments, got 1 []"]),
        ("try { map([1], 5) } except e { print(e.message) } try { map(5, bad) } except e { print(e.message) }", [
            "Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead.",
            "map expects an array argument, got int",
        ]),
        ("struct W { func op_add(self) { } } try { (W { }) + 1 } except e { print(e.message) }", ["W.op_add expects 0 arguments, got 1"]),
        ("try { map([[1], 2], func(x) { return sum(x) }) } except e { print(e.message, e.stack) }", ["sum expects an array argument, got int []"]),
    ],
)  # fmt: skip
def test_results(out, text, lines):
    assert out(VECTOR + text) == lines


@pytest.mark.parametrize(
    "text",
    [
        "map([1], bad)", "func f(x) { return map([x], bad) } func g() { return f(1) } g()", "(V { x: 1 }) + 5", "-(V { })",
        "filter([1, 2], func(x) { if x == 2 { throw([x]) } return true })", "find([V { x: 1 }], func(v) { return v < 5 })",
        "map([1], func(x) { return exit(3) })", "map([5], func(a, b) { })", "any([[]], sum)", "all([1], sum)",
        "map([1], func(x) { return reduce([x], x, bad) })", "V { x: 1 } < 2", "func d(x) { return map([x], d) } d(1)",
        "struct R { func op_add(self, o) { return self + o } } (R { }) + 1",
        "mut r := []; for i in 40 { r := map(range(64), func(x) { return x + i }) } print(len(r))",
    ],
)  # fmt: skip
def test_endings_are_the_same(text):
    """Message, place, call stack and fuel; and where fuel ends."""
    source = VECTOR + text
    walk = run_on_walk(source, max_depth=150)
    vm = run_on_vm(source, max_depth=150)
    assert vm == walk
    for fuel in (1, 3, 50, 1000, 2600):
        mine, other = run_on_vm(source, fuel=fuel, max_depth=150), run_on_walk(source, fuel=fuel, max_depth=150)
        assert (mine.kind, mine.message, mine.output) == (other.kind, other.message, other.output)
