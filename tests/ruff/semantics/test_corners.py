"""Corners where names, copies, order and ways out meet: what each program prints, and that storeys agree with little fuel and depth.

After a program come the lines it prints, each behind ``=``; an error that ends it is behind ``!``.
"""

from __future__ import annotations

from typing import Any

import pytest

from ..storeys import run_on_vm, run_on_walk

PROGRAMS = r"""
func f() { if true { x := 1 } else { x := 2 } try { return x } except e { return e.message } } print(f()); x := 9; print(f())
= 1
= 1
---
func f() { x := 1; if true { let x := 2; x2 := x; print(x, x2) } print(x) } f()
= 2 2
= 1
---
x := 1; func f() { if false { x := 5 } x := x + 1; return x } print(f(), x)
= 2 2
---
func f() { y := 1; g := func() { y := y + 1; z := y; return z }; print(g(), g(), y); try { print(z) } except e { print(e.message) } } f()
= 2 3 1
= Undefined variable: z
---
if true { func inner() { return 1 } print(inner()) } try { print(inner()) } except e { print(e.message) }
= 1
= Undefined variable: inner
---
for i in 3 { func f() { return i * 10 } print(f()) }
= 0
= 10
= 20
---
mut fs := []; for i in 3 { func f() { i := i + 1; return i } fs := push(fs, f) } print(fs[0](), fs[0](), fs[1](), fs[2]())
= 1 2 2 3
---
func a() { func b() { func c() { return b } return c } return b()() == b } print(a())
= true
---
func a(n) { func b(k) { if k == 0 { return n } return b(k - 1) + n } return b(3) } print(a(2))
= 8
---
func f(len) { return len + 1 } print(f(2), len([1]))
= 3 1
---
func f() { len := func(x) { return "mine" }; return len([1]) } print(f(), len([1]))
= mine mine
---
print := 5; try { print(1) } except e { println(e.message) }
= Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead.
---
func map(a, f) { return "own map" } print(map([1], len))
= own map
---
x := 5; func f(x) { x := x + 1; g := func() { x := x + 1; return x }; return [x, g(), g(), x] } print(f(1), x)
= [2, 3, 4, 2] 5
---
func f() { try { let a := 1; throw(a) } except e { let a := 2; return a } } print(f())
= 2
---
mut n := 0; func bump() { n += 1; return n } a := [bump(), bump()]; b := {"x": bump(), "y": bump()}; print(a, b, n)
= [1, 2] {"x": 3, "y": 4} 4
---
func f() { mut r := []; for i in 3 { for i in 2 { r := push(r, i) } r := push(r, "o${i}") } return r } print(f())
= [0, 1, o0, 0, 1, o1, 0, 1, o2]
---
func f(a) { for a in a { print(a) } return a } print(f([1, 2]))
= 1
= 2
= [1, 2]
---
e := 1; try { throw("x") } except e { e := e.message + "!"; print(e) } print(e)
= x!
= 1
---
try { try { throw("a") } except a { throw(a.message + "b") } } except b { print(b.message); try { throw(b) } except c { print(c.message) } }
= ab
= ab
---
func f() { let x := 1; return func() { let x := x; return x } } try { print(f()()) } except e { print(e.message) }
= 1
---
func f() { mut x := 1; g := func() { x := 2; h := func() { x := 3; return x }; return [h(), x] }; return [g(), x] } print(f())
= [[3, 2], 1]
---
struct P { x: int func inc() { x += 1; return x } func two() { x := x * 2; y := x; return y } } p := P { x: 5 }; print(p.inc(), p.two(), p.x)
= 6 10 5
---
struct P { a: int func m() { a[0] := 9; return a } } p := P { a: [1] }; print(p.m(), p)
= [9] P { a: [1] }
---
struct P { x: int func m() { f := func() { x := x + 1; return x }; return [f(), f(), x] } } print((P { x: 1 }).m())
= [2, 3, 1]
---
struct P { func m(self, n) { if n == 0 { return [self.x] } self.x := self.x + 1; return push(self.m(n - 1), self.x) } } p := P { x: 0 }; print(p.m(3), p)
= [3, 3, 2, 1] P { x: 0 }
---
func f() { struct L { v: int func get(self) { return self.v } } return L { v: 3 } } l := f(); print(l.get(), l); try { print((L { v: 4 }).get()) } except e { print(e.message) }
= 3 L { v: 3 }
= 4
---
func mk(k) { struct L { func get(self) { k += 1; return k } } return L { } } a := mk(1); b := mk(10); print(a.get(), a.get(), b.get(), a.get())
= 11 12 13 14
---
struct A { func m(self) { return "A" } } a := A { }; struct A { func n(self) { return "n" } } try { print(a.m()) } except e { print(e.message) } print(a.n())
= Unknown method: m
= n
---
struct P { func op_add(self, o) { return self } func op_eq(self, o) { return o } } p := P { }; if p == [] { print("y") } else { print("n") } print(p == p, p + 1 == 0, [p] == [p])
= n
= P {  } 0 true
---
struct P { func op_lt(self, o) { return Err(1)? } } func f() { if (P { }) < 1 { return "t" } return "f" } print(f())
= t
---
struct P { func op_add(self, o) { throw("in add") } } func f() { mut p := P { }; try { p += 1 } except e { return [e.message, e.stack, p] } } print(f())
= [in add, [f, P.op_add], P {  }]
---
struct P { func op_neg(self) { return -self.x } func op_not(self) { return self.x == 0 } } print(-(P { x: 3 }), !(P { x: 0 }), if2()) func if2() { if !(P { x: 1 }) { return 1 } return 2 }
= -3 true 2
---
mut d := {}; for i in 5 { d[to_string(i)] := i; d[i] := i * 10 } print(d, len(d)); for k in d { d[k] := null } print(d)
= {"0": 0, "1": 10, "2": 20, "3": 30, "4": 40} 5
= {"0": null, "1": null, "2": null, "3": null, "4": null}
---
mut a := [1]; a[0] := a; a[0][0] := a; print(a, a == [[[[1]]]], len(a))
= [[[[1]]]] true 1
---
mut a := [[1, 2], [3]]; b := a; for r in a { r[0] := 9 } a[0][0] := 5; print(a, b); c := [a, a]; c[0][0][0] := 7; print(a, c)
= [[5, 2], [3]] [[1, 2], [3]]
= [[5, 2], [3]] [[[7, 2], [3]], [[5, 2], [3]]]
---
p := P { a: [1], d: {"k": [2]} }; q := p; q.a[0] := 5; q.d["k"][0] := 6; q.d["n"] := p; q.d["n"].a[0] := 8; print(p, q)
= P { a: [1], d: {"k": [2]} } P { a: [5], d: {"k": [6], "n": P { a: [8], d: {"k": [2]} }} }
---
func f(a, b) { a[0] := 1; b[0] := 2; return [a, b] } x := [0]; print(f(x, x), x)
= [[1], [2]] [0]
---
a := [1, 2, 3]; func g() { a[1] := 20; return 0 } print([a[1], g(), a[1]], a[g()] + a[1], "${a[1]}${g()}")
= [2, 0, 20] 21 200
---
a := [1]; func g() { a := push(a, 2); return 5 } a[0] := g(); print(a)
= [5, 2]
---
a := [1, 2]; func g() { a := []; return 1 } try { a[1] := g() } except e { print(e.message, a) }
= Index out of bounds: 1 []
---
a := [5, 6]; func g() { a := [7]; return 0 } print(a[g()], a)
= 5 [7]
---
d := {"a": 1}; func g() { d := {"a": 2}; return "a" } print(d[g()], d.a)
= 1 2
---
x := 1; func g() { x := 2; return 10 } print(x + g(), x); x := 1; x += g(); print(x); x := 1; print(x < g(), x, [x, g()], x == 2)
= 11 2
= 11
= true 2 [2, 10] true
---
s := "a"; func g() { s := "b"; return "c" } print(s + g() + s); s := "a"; s += g(); print(s)
= acb
= ac
---
mut p := P { x: 1 }; func g() { p.x := 100; return 1 } p.x += g(); print(p); print(p.x + g(), p.x)
= P { x: 2 }
= 3 100
---
func f(n) { if n == 0 { throw("deep") } try { f(n - 1) } except e { throw(e.message + to_string(len(e.stack))) } } try { f(4) } except e { print(e.message, e.stack) }
= deep5432 [f]
---
func f() { for i in 4 { try { try { if i == 0 { continue } if i == 1 { throw("i1") } if i == 3 { break } print("body", i) } except e { if i == 1 { continue } } } except e { print("no") } print("end", i) } return "done" } print(f())
= body 2
= end 2
= done
---
func f() { mut out := []; loop { try { try { return push(out, 1) } except e { return 2 } } except e { return 3 } } } print(f())
= [1]
---
func f() { while true { try { throw("x") } except e { if e.message == "x" { return e.stack } } } } print(f())
= [f]
---
match 2.5 { case a: { print(1) } default: { print(2) } } match "None" { case None: { print("text") } default: { print("d") } }
= 2
= text
---
v := E::A([1]); match v { case E::A(x): { x[0] := 2; print(x, v); match v { case E::A(y): { print(y) } } } }
= [2] E::A([1])
= [1]
---
func f(v) { match v { case Ok(x): { match x { case Some(y): { return y } case None: { return "none" } } } case Err(e): { return e } } return "fall" } print(f(Ok(Some(1))), f(Ok(None)), f(Err(2)), f(3), f(Ok(9)))
= 1 none 2 fall fall
---
[a, b] := [1, 2]; [c, d] := [b, a]; print(a, b, c, d); try { [a, z] := [9, 9]; print(a) } except e { print(e.message) }
= 1 2 2 1
= 9
---
func f() { let [a, [b, ...c], ...d] := [1, [2], 3]; let {k, m, ...n} := {"k": a, "z": b}; return [a, b, c, d, k, m, n] } print(f())
= [1, 2, [], [3], 1, null, {"z": 2}]
---
func f(x) { return x } print(f(1)(2) ?? 3)
= ! Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead.
---
print([1, 2, 3] |> map(func(x) { return x + 1 }) |> filter(func(x) { return x > 2 }) |> reduce(0, func(a, b) { return a + b }))
= 7
---
x := null; print(x?.a?.b ?? "d", (x ?? {"a": 1}).a, x ?? null ?? false); func n() { print("called"); return null } print(n()?.q, n() ?? n() ?? 4)
= d 1 false
= called
= called
= called
= null 4
---
func f() { return f } print(f()()() == f); g := func(h) { return h(h) }; try { g(func(h) { return 5 }); print("ok") } except e { print(e.message) }
= true
= ok
---
const C := [1, 2]; b := C; b[0] := 5; print(C, b); try { C := 3 } except e { print(e.message) } func f() { C[0] := 1 } try { f() } except e { print(e.message, e.stack) }
= [1, 2] [5, 2]
= Cannot reassign const binding: C
= Cannot mutate const binding: C [f]
---
func f() { return later() } try { f() } except e { print(e.message) } later := func() { return "now" }; print(f())
= Undefined variable: later
= now
---
func f() { g2 := 5; if true { g3 := g2 + 1; if true { g2 := g3 * 2; g3 := 0 } return [g2, g3] } } print(f())
= [12, 0]
---
mut i := 10; for i in 3 { i := i + 100 } print(i); while i > 8 { let i := 5; i2 := i; break } print(i)
= 10
= 10
---
func f(a, b) { return a - b } print(5 |> f(3), f(1, 2) |> f(10), 1 |> (func(x) { return [x] }))
= 2 -11 [1]
---
print(-9223372036854775807 - 1 == -9223372036854775807 - 1, (-9223372036854775807 - 1) % -2, try2()) func try2() { try { return -(-9223372036854775807 - 1) } except e { return e.message } }
= true 0 Integer overflow: -(-9223372036854775808)
---
print(9007199254740993 == 9007199254740992.0, 9007199254740993 < 9007199254740992.0, 0.1 + 0.2 == 0.3, 1 / 3 * 3, 1 / 3.0 * 3 == 1)
= true false true 0 true
---
s := "héllo wörld 日本 😀"; mut r := ""; for c in s { r := c + r } print(r, len(r), s[-1], s[-2], upper(s), s[6] + s[7]); print(s == reverse2(r)) func reverse2(t) { mut u := ""; for c in t { u := c + u } return u }
= 😀 本日 dlröw olléh 16 😀   HÉLLO WÖRLD 日本 😀 wö
= true
---
func f(n) { mut t := 0; for i in n { if i % 3 == 0 { continue } if i > 20 { break } for j in i { if j == 2 { continue } if j > 5 { break } t += i * j } } return t } print(f(30), f(5), f(0))
= 1813 18 0
---
d := {"b": 1, "a": {"z": [1, 2.5, null, true, "x"]}}; print(to_json(d), parse_json(to_json(d)) == d, keys(d), items(d), "${d}")
= {"a":{"z":[1,2.5,null,true,"x"]},"b":1} true [a, b] [[a, {"z": [1, 2.5, null, true, x]}], [b, 1]] {"a": {"z": [1, 2.5, null, true, x]}, "b": 1}
---
func f() { error("native") } func g() { try { f() } except e { throw(e) } } try { g() } except e { print(e.message, e.stack) } g()
= native [g]
= ! native
---
try { assert_equal([1, {"a": 2}], [1, {"a": 3}]) } except e { print(e.message) } try { throw({"a": 1}) } except e { print(e.message) } try { throw(Ok(1)) } except e { print(e.message) } try { throw(len) } except e { print(e.message) }
= Assertion failed: expected Array[1, {"a": 3}], got Array[1, {"a": 2}]
= Dict{"a": 1}
= Ok(Int(1))
= <native function: len>
---
x := 5 -3; y := [1, 2, 3] [1]; print(x, y); z := -x -y; print(z, - -x, !true == false)
= 2 2
= -4 2 true
---
func f() { } func g() { return } h := func() { return null }; print(f() == g(), g() == h(), f() ?? "d"); v := f(); print(v, type(v))
= true true d
= null null
---
struct Node { v: int } func build(n) { if n == 0 { return null } return Node { v: n, next: build(n - 1) } } l := build(50); mut c := l; mut t := 0; while c != null { t += c.v; c := c.next } print(t); m := l; m.next.next.v := 1000; print(l.next.next.v, m.next.next.v)
= 1275
= 48 1000
---
mut big := []; for i in 3000 { big := [big] } print(len(big), big == big, type(big[0])); c := big; c[0] := 1; print(c, len(big[0]))
= 1 true array
= [1] 1
---
print(sort([3, 1.5, 2, -1]), sort(["b", "a", "é", "B"]), unique([1, 1.0, "1", 1]), index_of([1, 2], 2.0), contains("abc", ""), sum([1, 2.5, "x"]))
= [-1, 1.5, 2, 3] [B, a, b, é] [1, 1, 1] 1 1 3.5
---
f := func(x) { return x * 2 }; g := f; d := {"f": f}; s := S { f: f }; print(f == g, d.f == f, s.f == f, d.f(2), s.f(3), [f][0](4), (func() { return f })()(5))
= true true true 4 6 8 10
""".strip().split("\n---\n")

SETTINGS: list[dict[str, Any]] = [{"fuel": 30}, {"max_depth": 6}]


@pytest.mark.parametrize("row", PROGRAMS, ids=range(len(PROGRAMS)))
def test_corners(row):
    text, *expected = row.split("\n= ")
    seen = run_on_walk(text)
    assert [*seen.lines, *([f"! {seen.message}"] if seen.kind != "ok" else [])] == expected, text
    assert run_on_vm(text) == seen, text
    for settings in SETTINGS:
        assert run_on_vm(text, **settings) == run_on_walk(text, **settings), f"{settings}\n{text}"
