"""``p.items := push(p.items, x)`` and ``d[k] := d[k] + x``: parts that grow where they lie, while others keep what they have."""

from __future__ import annotations

import pytest

from ..storeys import run_on_vm, run_on_walk

PROGRAM = """
struct P { items name }
func f() {
    p := P { items: [], name: "" }
    q := p
    for i in 3 { p.items := push(p.items, i)
       p.name := p.name + "x${i}" }
    r := p
    p.items := push(p.items, "end")
    p.name := p.name + to_string(5)
    print(p, q, r)
    try { p.name := p.name + len("abc") } except e { print(e.message) }
    try { p.items := push(p.items, p.nope) } except e { print(e.message) }
    try { p.nope := push(p.nope, 1) } except e { print(e.message) }
    print(p)
    d := {"a": [], "b": "t", "n": 1}
    e := d
    k := "a"
    d[k] := push(d[k], d)
    d["b"] := d["b"] + k + "c"
    n := 5
    d["n"] := d["n"] + n
    d.a := push(d.a, 2)
    print(d, e)
    m := [[1], "s", 2]
    shared := m[0]
    i := 0
    m[i] := push(m[i], m[i])
    m[0] := push(m[0], 3)
    m[-1] := m[-1] + i
    j := 1
    m[j] := m[j] + m[j]
    m[j] := m[j] + k
    try { m[2] := push(m[2], 1) } except e { print(e.message) }
    try { m[i] := m[i] + k } except e { print(e.message) }
    print(m, shared)
}
f()
g := {"x": []}
func add(v) { g.x := push(g.x, v)
  g["x"] := push(g["x"], tick()) }
func tick() { g["x"] := push(g["x"], "tick")
   return 1 }
add(5)
print(g)
func* gen() { s := P { items: [], name: "" }
  loop { s.items := push(s.items, 1)
   yield s.items } }
c := 0
for x in gen() { print(x)
  c := c + 1
  if c > 2 { break } }
"""

LINES = """
P { items: [0, 1, 2, end], name: x0x1x25 } P { items: [], name:  } P { items: [0, 1, 2], name: x0x1x2 }
Invalid binary operation: string + int
Field not found: nope
Field not found: nope
P { items: [0, 1, 2, end], name: x0x1x25 }
{"a": [{"a": [], "b": t, "n": 1}, 2], "b": tac, "n": 6} {"a": [], "b": t, "n": 1}
push expects an array argument, got int
Invalid binary operation: array + string
[[1, [1], 3], ssa, 2] [1]
{"x": [5, 1]}
[1]
[1, 1]
[1, 1, 1]
"""


def test_parts(out):
    assert out(PROGRAM) == LINES.strip().splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "a := [[1], 2]; a[1] := push(a[1], 3)", "a := [[1]]; a[5] := push(a[5], 3)", 'd := {}; d["k"] := d["k"] + "x"',
        "p := P { }; p.x := push(p.x, 1)", 'a := "s"; a[0] := a[0] + "x"', "nope[0] := push(nope[0], 1)",
        "a := [[]]; for i in 3 { a[i / 2] := push(a[i / 2], i) }", "a := [[]]; z := 0; a[1 / z] := push(a[1 / z], 1)",
        'd := {"k": "v"}; d["k"] := d["k"] + null', "a := [[]]; a[0] := push(a[0], len(5))", "n := 5; n.x := push(n.x, 1)",
        "struct I { func op_add(self, o) { print(o); return 0 } } a := [[1]]; i := I { }; a[i + 1] := push(a[i + 1], 2); print(a)",
        'd := {"k": []}; for i in 100 { d.k := push(d.k, i); e := d; d.k := push(d.k, "x") } print(e, d)',
    ],
)  # fmt: skip
def test_endings_are_the_same(text):
    source = f"func main() {{ {text} }}\nmain()\n" if "struct" not in text else text
    assert run_on_vm(source) == run_on_walk(source)
