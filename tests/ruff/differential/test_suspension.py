"""What suspends, on every storey with room, with little fuel and with little depth: all that is seen must be the same.

Generators that hold each other or themselves, that are resumed from callbacks, handlers, methods and tasks, that are left by every
way out, and ``yield`` between reads and writes of what the consumer changes meanwhile.
"""

from __future__ import annotations

from typing import Any

import pytest

from ..storeys import run_on_vm, run_on_walk

PROGRAMS = r"""
mut g := null; func* n() { yield g; yield 1 } g := n(); x := g.next(); print(type(x), g.next(), g.next())
---
func mk() { mut c := null; gen := func*(s) { c := s; yield c; yield type(c) } g := gen(gen); g.next(); return g } h := mk(); print(h.next())
---
func mk() { mut c := null; set := func(v) { c := v; return c }; gen := func*() { yield set; yield c } g := gen(); s := g.next(); set(g); return g } print(mk().next())
---
func* n() { yield 1; exit(4) } for x in n() { print(x) } print("no")
---
func* n() { try { yield 1; exit(4) } except e { print(e) } } for x in n() { print(x) }
---
func* n() { func deep(k) { if k == 0 { return 0 } return deep(k - 1) + 1 } yield deep(50); yield deep(500) } for x in n() { print(x) }
---
struct P { func op_add(self, g) { mut t := 0; for x in g { t += x } return t } } func* n() { yield 1; yield 2 } print((P { }) + n())
---
func* n(k) { for i in k { yield i } } func f() { try { for x in n(5) { try { if x == 3 { return x } if x == 1 { throw("one") } } except e { print(e.message, e.stack) } } } except e { return "no" } } print(f())
---
func* n() { yield 1; yield 2; yield 3 } func f() { for x in n() { v := Ok(x)?; if x == 2 { Err("stop")? } } return 0 } print(f())
---
func* n() { mut i := 0; loop { try { i += 1; if i == 3 { throw("three") } yield i } except e { yield e.message } } } print(n().take(5).collect())
---
func* a() { yield 1; yield 2 } func* b() { for x in a() { yield x; yield x * 10 } } func* c() { for x in b() { if x > 5 { yield x } } } print(c().collect())
---
func* n() { throw("first") } g := n(); for i in 3 { try { print(g.next()) } except e { print(e.message, e.stack) } }
---
func* n() { yield 1 / 0 } g := n(); try { for x in g { } } except e { print(e.message, e.stack, e.line) } print(g.next())
---
func* n(d) { d["k"] := 1; yield d; d["k"] := 2; yield d } mut d := {}; for x in n(d) { x["z"] := 0; print(x) } print(d)
---
mut notes := []; func* n() { notes := push(notes, "a"); yield 1; notes := push(notes, "b"); yield 2 } g := n(); print(notes); g.next(); print(notes); g.next(); g.next(); print(notes)
---
func* fib() { mut a := 0; mut b := 1; loop { yield a; c := a + b; a := b; b := c } } print(fib().take(15).collect()); mut s := 0; try { for x in fib() { s += x } } except e { print(e.message, s) }
---
func* n() { yield [1, 2]; yield [3] } for p in n() { let [a, b] := p; print(a, b) } for p in n() { for q in p { print(q) } }
---
func* n(x) { yield x } print(map([1, 2], n).map(func(g) { return g.next() }).collect())
---
func* n() { yield 1; yield 2 } print(n() == n(), [n()] == [n()], contains([n()], n()), type(n()), to_string(n()), "${n()}", debug(n()))
---
func* n() { yield 1 } d := {"g": n()}; print(d, to_json(d))
---
func* n() { yield 1 } try { throw(n()) } except e { print(e.message) }
---
func* n() { yield 1 } try { n()[0] } except e { print(e.message) } try { n().x } except e { print(e.message) } try { n() + 1 } except e { print(e.message) } try { len(n()) } except e { print(e.message) } try { n()() } except e { print(e.message) }  try { -n() } except e { print(e.message) }
---
func* n() { yield 1 } match n() { case n: { print("n") } default: { print("d") } }
---
func* g() { x := yield 1; y := yield x; print(x, y) } for v in g() { print(v) }
---
func* g() { return; yield 1 } print(g().collect(), g().next())
---
func* g(a, b) { yield a; yield b } try { g(1) } except e { print(e.message, e.stack) } print(g(1, 2).collect())
---
func f() { g := func*(k) { for i in k { yield i } }; return g } for x in f()(3) { print(x) }
---
async func f() { for x in (func*() { yield 1; yield 2 })() { print(x) } return 3 } print(await f())
---
func* g() { v := await (async func() { return 5 })(); yield v } print(g().next())
---
c := channel(); func* g() { yield c.receive(); yield c.receive() } c.send(1); c.send(2); print(g().collect())
---
c := channel(); func* g() { for i in 3 { c.send(i); yield i } } spawn { for x in g() { print("s", x) } } print(c.receive(), c.receive(), c.receive())
---
func* g() { for i in 3 { yield i } } it := g().map(func(x) { return g().map(func(y) { return x * y }).collect() }); print(it.collect())
---
func* g() { yield 1 } mut it := g(); for i in 200 { it := it.map(func(x) { return x + 1 }) } print(it.collect())
---
mut a := [1, 2, 3]; it := a.map(func(x) { a[1] := 100; return x }); print(it.collect(), a)
---
mut a := [[1], [2]]; it := a.filter(func(x) { x[0] := 9; return true }); print(it.collect(), a)
---
it := [3, 1, 2].map(func(x) { return x }); for x in it { print(x); print(it.next()) }
---
func* g() { mut t := ""; for c in "añ😀" { t := t + c; yield t } } print(g().collect())
---
func* g(m) { for i in 2 { m[i][0] += 1; yield m } } mut m := [[0], [0]]; for x in g(m) { x[0][0] := 50; print(x) } print(m)
---
struct S { x: int func m(self) { return (func*(k) { yield self.x + k })(1).next() } } print((S { x: 4 }).m())
---
struct S { x: int func m() { return (func*() { yield x })().next() } } print((S { x: 4 }).m())
---
func* g() { for i in 3 { f := func() { i += 10; return i }; yield f; } } fs := g().collect(); print(fs[0](), fs[0](), fs[1](), fs[2]())
---
func* g() { while (yield "c") { print("body"); break } loop { if (yield 2) == 2 { break } } } for x in g() { print(x) }
---
func* g() { for x in (yield 3) { yield x } } for x in g() { print(x) }
---
func* g() { a := [yield 1, [yield 2, {"k": yield 3}]]; print(a) } for x in g() { print(x) }
---
func* g() { return yield 5 } for x in g() { print(x) }
---
func* g() { throw(yield "boom") } try { for x in g() { print(x) } } except e { print(e.message, e.stack) }
---
func* g() { print((yield 1) ?? 2, (yield null) ?? (yield 3), (yield 0) || (yield 4) && (yield 5)) } for x in g() { print("<", x) }
---
func* g() { mut p := P { a: [0, 0] }; p.a[(yield 1)] := (yield 7); p.b := (yield p); print(p) } for x in g() { print(x) }
---
func* g() { x += (yield 1); print(x) } mut x := 5; for v in g() { x := 100 } print(x)
---
func* g() { x[0] += (yield 1); print(x) } mut x := [5]; for v in g() { x := [100] } print(x)
---
func* g() { x := push(x, (yield 1)); print(x) } mut x := [5]; for v in g() { x := [100] } print(x)
---
func* g() { x := x + (yield "s"); print(x) } mut x := "a"; for v in g() { x := "b" } print(x)
---
func* g() { print(x, (yield 1), x) } mut x := 1; for v in g() { x := 2 }
---
func* g() { print([x, (yield 1), x], "${x}${(yield 2)}${x}", x + (yield 3) * x) } mut x := 1; for v in g() { x := x + 1 }
---
func* g() { print(x[(yield 0)]) } mut x := [1]; for v in g() { x := [2] }
---
func* g() { print(x.f, x.f + (yield 0)) } mut x := P { f: 1 }; for v in g() { x.f := 2 }
---
func* g() { h((yield 0)) } func h(a) { print("h1", a) } for v in g() { h := func(a) { print("h2", a) } }
---
func* g() { print(s.m((yield 0))) } struct P { func m(self, a) { return [self.x, a] } } mut s := P { x: 1 }; for v in g() { s := P { x: 2 } }
---
func* g() { for i in x { yield i } } mut x := [1, 2]; for v in g() { x := push(x, 9); print(v, x) }
---
func* g() { try { yield 1 } except e { print("in", e.message) } } try { for x in g() { throw("out") } } except e { print(e.message, e.stack) }
---
func f(n) { if n == 0 { return 0 } for x in (func*() { yield f(n - 1) })() { return x + 1 } } print(f(30))
---
func* g(n) { if n > 0 { yield n; for x in g(n - 1) { yield x } } } mut c := 0; for x in g(60) { c += x } print(c)
---
func* g() { yield 1 } for i in 1000 { for x in g() { if x == 1 { break } } } print("ok")
---
func* g() { let x := 1; x := (yield 2); } try { for v in g() { print(v) } } except e { print(e.message) }
---
func* g() { let [a, ...b] := (yield [1, 2, 3]); print(a, b); let {k} := (yield {"k": 5}); print(k) } for v in g() { print(v) }
---
func* g() { match (yield E::A(1, 2)) { case E::A(x): { yield x; yield x_1 } } match (yield "w") { case w: { yield "word" } } } for v in g() { print(v) }
---
func* g() { if (yield true) && !(yield false) { yield "both" } } print(g().collect())
""".strip().split("\n---\n")

SETTINGS: dict[str, Any] = {"room": {}, "fuel": {"fuel": 60}, "depth": {"max_depth": 12}}


@pytest.mark.parametrize("text", PROGRAMS, ids=range(len(PROGRAMS)))
def test_storeys_agree(text):
    for name, settings in SETTINGS.items():
        seen = run_on_walk(text, **settings)
        assert run_on_vm(text, **settings) == seen, f"{name}\n{text}"
        if name == "room":
            assert seen.kind in ("ok", "exit") or "Cannot convert generator" in seen.message, seen
