"""The classes of bugs that another compiler of this kind had, each as a program of Ruff, compiled in every way.

A program prints what the bug would change. Functions are called at least three times, so that they are compiled; the last calls
often have other kinds. Expected lines are written down where a storey could be wrong in the same way as the interpreter.
"""

from __future__ import annotations

import pytest

from ..storeys import run_on_walk
from .stress import every_way

CLASSES: dict[str, str] = {}


def case(name: str, text: str) -> None:
    CLASSES[name] = text


case(
    "constants that are forgotten where paths meet",
    """
func shift(flag, n) {
  by := 3
  if flag { by := n }
  d := 2
  if n > 5 { d := 0 }
  try { return [bit_shl(1, by), 100 / d, by == 3, d] } except e { return [by, d, e.message] }
}
for n in 9 { print(shift(n % 2 == 0, n), shift(false, n)) }
print(shift(true, 64), shift(true, -1), shift(true, 2.5), shift(true, "a"))
""",
)

case(
    "the count of a copy read from the wrong field",
    """
func spread(a, b) { return [...a, 1, ...b, ...a, 2, ...[3, 4, 5], ...b] }
func many(k) { return [ITEMS] }
for n in 4 { print(spread(range(n), [n]), len(many(n)), many(n)[255], many(n)[256], many(n)[299]) }
print(spread([], []), spread(["x"], [[1]]))
""".replace("ITEMS", ", ".join(f"k + {i}" for i in range(300))),
)

case(
    "copies that overlap",
    """
func swap(a, b, c) { if a == 0 { return [a, b, c] }  return swap(b - 1, c, a) }
func turn(n) { mut a := 1  mut b := "two"  mut c := [3]  i := 0
  while i < n { let t := a  a := b  b := c  c := t  i := i + 1 }
  return [a, b, c] }
func rotate(n) { mut x := 1  mut y := 2  i := 0
  while i < n { [p, q] := [y, x + y]  x := p  y := q  i := i + 1 }
  return [x, y] }
for n in 5 { print(swap(n, n + 1, n + 2), turn(n), rotate(n)) }
print(rotate(60))
""",
)

case(
    "direct calls deeper than the stack",
    """
func down(n) { if n == 0 { return 0 }  return 1 + down(n - 1) }
func even(n) { if n == 0 { return true }  return odd(n - 1) }
func odd(n) { if n == 0 { return false }  return even(n - 1) }
print(down(10), down(3000), even(2001), odd(2001), down(5))
func fail(n) { if n == 0 { throw("bottom") }  kept := [n]  r := fail(n - 1)  return [r, kept] }
for n in 4 { try { print(fail(n * 500)) } except e { print(e.message) } }
""",
)

case(
    "a loop entered in its middle, with variables that other paths define",
    """
func f(flag, n) {
  i := 0
  mut a := 0
  if flag { a := [1]  kept := "kept" } else { a := 2.5 }
  mut late := null
  print("go")
  while i < n { i := i + 1
    if i == 3 { late := [a, i] }
    if i > 3 { late := push(late, i) }
  }
  return [a, late, i]
}
for n in 6 { print(f(n % 2 == 0, n), f(true, 5)) }
""",
)

case(
    "the head of a loop missing among the blocks",
    """
func first(n) { while true { n := n - 1  if n < 0 { return n } } }
func nested(n) { mut t := 0
  while n > 0 { while n % 3 != 0 { n := n - 1  t := t + 1  if t > 50 { return t } }  n := n - 1  continue }
  return t }
func endless(n) { loop { loop { n := n - 1  if n % 2 == 0 { break } }  if n < 0 { break } }  return n }
func empty(a) { for x in a { }  for x in a { continue }  for x in a { break }  return len(a) }
for n in 5 { print(first(n), nested(n * 4), endless(n), empty(range(n))) }
""",
)

case(
    "registers not in memory when a callback looks",
    """
func f(n) {
  mut count := 0
  mut trail := []
  note := func(x) { count := count + x  trail := push(trail, count)  return count }
  i := 0
  while i < n { i := i + 1  count := count + 100  r := map([i, i + 1], note)  trail := push(trail, r[1] - r[0]) }
  total := reduce([1, 2, 3], count, func(a, b) { note(b)  return a + count })
  return [count, trail, total]
}
for n in 4 { print(f(n)) }
func* numbers(n) { mut seen := 0  add := func(k) { seen := seen + k }
  i := 0  while i < n { i := i + 1  add(i)  yield seen  seen := seen + 1 } }
for n in 4 { print(numbers(n).map(func(x) { return [x] }).collect()) }
""",
)

case(
    "frames missing between a failure and its handler",
    """
func bottom(x) { return x / (x - x) }
func middle(x) { return map([x], func(y) { return bottom(y) })[0] }
func outer(x) { try { try { return middle(x) } except e { throw("again " + e.message) } } except e { return e.message } }
struct V { x: int
  func op_add(self, o) { return bottom(self.x) } func get(self) { try { return self + 1 } except e { return [self.x, e.message] } } }
for n in 4 { print(outer(n), (V { x: n }).get()) }
func* g(n) { try { yield n  bottom(n)  yield 0 } except e { yield e.message } }
for n in 3 { for v in g(n) { print(v) } }
print(middle(3))
""",
)

case(
    "the place of a failure off by one",
    """
func f(a, i) {
  x := a[0]
  y := 10 / i
  z := a[i]
  return x +
    y +
    z
}
for i in 3 { try { print(f([1, 2, 3], i + 1)) } except e { print(e.message) } }
try { f([1], 0) } except e { print(e.message) }
func g(n) { s := 0  for k in range(n) {
    s := s + f([1, 2, 3, 4, 5], k + 1)
  }  return s }
print(g(4))
print(g(5))
""",
)

case(
    "a failure of one kind told as another",
    """
func try_all(a, b) {
  out := []
  for k in 9 {
    try {
      if k == 0 { out := push(out, a / b) } if k == 1 { out := push(out, a[b]) } if k == 2 { out := push(out, a.x) }
      if k == 3 { out := push(out, a()) } if k == 4 { out := push(out, a.go(b)) } if k == 5 { out := push(out, a < b) }
      if k == 6 { a[b] := 1 } if k == 7 { a.x := 2 } if k == 8 { for q in a { out := push(out, q) } }
    } except e { out := push(out, e.message) }
  }
  return out
}
struct P { x: int }
for v in [1, 0.5, "s", null, [1], {"k": 2}, P { x: 1 }, try_all, true] { print(try_all(v, 0), try_all(v, 0), try_all(v, "k")) }
""",
)

case(
    "a frame that goes on at another place of the stack",
    """
func* steps(n) { mut a := [n]  i := 0  while i < 4 { i := i + 1  a := push(a, i)  got := [i, a]  yield got  if i == 3 { a[0] := "x" } } }
func low(it) { return it.next() }
func high(it, n) { if n == 0 { return it.next() }  pad := [n, n]  r := high(it, n - 1)  return r }
for n in 3 { it := steps(n)  print(low(it), high(it, 20), low(it), high(it, 3)) }
func take(n) { t := 0  for v in steps(n) { t := t + high(steps(len(v)), n)[0] }  return t }
for n in 4 { print(take(n)) }
""",
)

case(
    "a result in the place of an argument",
    """
func id(x) { return x }
func size(a) { return len(a) }
func f(a) { a := push(a, a)  a := push(a, len(a))  n := size(a)  a := size(a)  a := a + n  b := id(id(a))  b := [b, b]  b := id(b)  b := size(b)  return b + a }
func g(s) { s := s + s  s := len(s)  s := to_string(s)  s := [s]  s := s[0]  s := id(s) + id(s)  return s }
for n in 4 { print(f([n]), f([[n], "s"]), g("ab"), g("é")) }
""",
)

case(
    "what nobody resumes is kept alive",
    """
func* endless(n) { kept := [n, [n]]  loop { yield kept  kept := push(kept, n) } }
func start(n) { it := endless(n)  first := it.next()  if n % 2 == 0 { it.next() }  return first }
func drop(n) { for v in endless(n) { if len(v) > 3 { break } }  for v in endless(n) { return v } }
for n in 5 { print(start(n), drop(n)) }
func knot(n) { mut me := null  me := func(k) { if k == 0 { return [n] }  return me(k - 1) }  return me(2) }
for n in 3 { print(knot(n)) }
left := endless(9)
print(left.next())
""",
)

case(
    "results of closures of other kinds than before",
    """
func maker(k) { return func(x) { if k == 0 { return x }  if k == 1 { return [x, k] }  if k == 2 { return "s" + to_string(x) }  if k == 3 { return null }  return x + 0.5 } }
func apply(f, x) { r := f(x)  s := f(x)  return [r, s, r == s] }
for k in 5 { f := maker(k)  for x in 3 { print(apply(f, x)) } }
func mixed(n) { fs := map(range(5), maker)  mut last := 0  for k in range(n) { last := fs[k % 5](k) }  return last }
for n in 8 { print(mixed(n)) }
""",
)

case(
    "writes into containers that others share",
    """
shared := [[1], [2]]
struct B { items, n: int }
func write(a, v) { b := a  b[0] := v  c := b  c[0] := push(c[1], v)  a[1] := c  return [a, b, c] }
func fields(s, v) { t := s  t.items := push(t.items, v)  t.items[0] := v  u := t  u.items[0] := s  return [s, t, u] }
func keys_of(d, v) { e := d  e["k"] := v  e["l"] := d  d["k"] := e  shared[0] := e  return [d, e] }
for n in 3 { print(write(shared, n), write([[n], [n]], [n]), fields(B { items: [n], n: n }, n), keys_of({"k": 1}, [n]), shared) }
cell := func() { mut kept := [0]  return func(v) { old := kept  kept[0] := v  kept := push(kept, old)  return [old, kept] } }
c := cell()
for n in 3 { print(c(n), c([n])) }
""",
)

case(
    "the least number divided by minus one",
    """
least := -9223372036854775807 - 1
func all(a, b) {
  out := []
  for k in 6 { try {
    if k == 0 { out := push(out, a / b) } if k == 1 { out := push(out, a % b) } if k == 2 { out := push(out, -a) } if k == 3 { out := push(out, a * b) }
    if k == 4 { out := push(out, abs(a)) } if k == 5 { out := push(out, a - 1) }
  } except e { out := push(out, e.message) } }
  return out
}
print(all(7, 2), all(-7, 2), all(7, -2), all(-7, -1), all(least, 2), all(least, -1), all(least, 1), all(least, 0), all(1, least), all(least, least))
print(all(least, -1), all(least, -1.0), all(0, -1))
""",
)

case(
    "what a call or a field was the last time",
    """
struct A { x: int func name(self) { return ["A", self.x] } }
struct B { y: int, x: int func name(self) { return ["B", self.x, self.y] } }
func name_of(v) { return v.name() }
func x_of(v) { return v.x }
for n in 3 { print(name_of(A { x: n }), x_of(A { x: n })) }
for n in 3 { print(name_of(B { x: n, y: 1 }), x_of(B { y: 1, x: n }), name_of(A { x: n }), x_of({"x": n})) }
struct A { x: int func name(self) { return "another" } }
func plain(n) { return helper(n) }
func helper(n) { return n + 1 }
for n in 3 { print(plain(n), name_of(A { x: n })) }
helper := func(n) { return [n] }
for n in 3 { print(plain(n), name_of(B { x: n, y: 2 })) }
helper := len
print(plain("four"))
func local(f, n) { return f(n) }
for f in [plain, helper, func(q) { return q }, to_string, plain] { print(local(f, "ab")) }
""",
)

case(
    "containers of nothing",
    """
struct E { }
func f(a, d, s, e) { n := 0
  for x in a { n := n + 1 } for x in d { n := n + 1 } for x in s { n := n + 1 } for x in range(0) { n := n + 1 }
  return [n, len(a), len(d), len(s), a == [], d == {}, s == "", e == E {}, [...a], {...d}, s + s, push(a, a), map(a, nothing)] }
func nothing() { }
func none() { return }
for n in 3 { print(f([], {}, "", E {}), nothing(), none()) }
print(f([1], {"k": 1}, "é", E {}))
let [first, ...rest] := [1]
print(rest, reduce([], 1, f), filter([], nothing), join([], "x"))
""",
)

WIDE = 260
case("more than 255 of something", "\n".join((
    f"func wide({', '.join(f'p{i}' for i in range(WIDE))}) {{ return [p0, p127, p128, p255, p256, p{WIDE - 1}] }}",
    f"func caller(k) {{ return wide({', '.join(f'k + {i}' for i in range(WIDE))}) }}",
    f"func locals(k) {{ {'  '.join(f'let v{i} := k * {i}' for i in range(WIDE))}  return [v0 + v255, v256, v{WIDE - 1}, caller(k)] }}",
    f"func deep(k) {{ kept := [k]  {'  '.join(f'let w{i} := [k, {i}]' for i in range(260))}  return map([1, 2], func(q) {{ return [w0, w255, w256, w259, q, kept] }}) }}",
    "for n in 3 { print(caller(n), locals(n), deep(n)) }", "print(deep(\"s\"))",
)))  # fmt: skip

case(
    "tasks that wait for one another in compiled code",
    """
func feed(ch, n) { for k in range(n) { ch.send([k, n]) }  ch.send(null) }
func drain(ch) { mut t := 0  loop { v := ch.receive()  if v == null { break }  t := t + v[0] * v[1] }  return t }
for n in 4 {
  ch := channel()
  done := channel()
  spawn { feed(ch, n + 2) }
  spawn { done.send(drain(ch)) }
  print(done.receive())
}
async func later(n) { t := 0  for k in range(n) { t := t + k }  return [t] }
for n in 3 { print(await later(n * 5), await later(2)) }
""",
)


# ---------------------------------------------------------------- found here

case(
    "a register that a failure leaves in memory",
    """
func grown(a, e) {
  for k in [1] { mut s := 0  try { s := [1]  s := s + e } except err { e := err.message } }
  return e
}
func pushed(a, e) {
  mut s := [1]
  loop { try { s := [s, [2]]  s[0] := push(s[0][5], e)  break } except err { if len(s) > 1 { s := [] }  return err.message } }
  return s
}
for v in [2, 2, "x", 2.5, [1]] { print(grown(1, v), grown("x", v), pushed(v, 1), pushed(1, v)) }
""",
)

case(
    "a generator that yields in a loop that was entered in its middle",
    """
func* g(n) { mut i := 0  kept := [n]
  print("go")
  while i < n { i := i + 1  if i % 3 == 0 { yield [i, kept] }  kept := push(kept, i) } }
func sum(n) { mut t := 0  for v in g(n) { t := t + v[0] + len(v[1]) }  return t }
for n in 5 { print(sum(n * 7)) }
it := g(50)
print(it.next(), it.next())
""",
)


@pytest.mark.parametrize("name", CLASSES)
def test_class(name):
    text = CLASSES[name]
    forced = "255" not in name  # code that can exit at each of a thousand instructions takes long to write
    assert every_way(text, fuel=200_000, forced=forced).output == run_on_walk(text, fuel=200_000).output
