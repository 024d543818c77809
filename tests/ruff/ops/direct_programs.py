"""Programs in which compiled functions call each other directly, in the ways that could go wrong; each prints what would change.

What must hold: a program is the same on every storey, and its functions are called often enough to be compiled together.
"""

from __future__ import annotations

METHODS = {
    "a struct that is defined again while a loop runs": """
struct P { x
  func get(self, k) { return self.x + k } }
func again(k) {
  if k == 1 { struct P { x
    func get(self, k) { return self.x * 10 + k } } }
  if k == 2 { struct P { x
    func get(self, k) { return [self.x, k] }
    func more(self) { return "more" } } }
  return k }
func spin(p, n) { mut seen := []
  for i in range(n) {
    seen := push(seen, p.get(i))
    if i == n / 2 { again(1) }
    if i == n - 3 { again(2) } }
  return seen }
func hot(p, n) { mut t := 0
  for i in range(n) { t := t + p.get(i) }
  return t }
p := P { x: 3 }
for i in range(4) { print(hot(p, 5)) }
print(spin(p, 12))
try { print(hot(p, 3)) } except e { print(e.message, e.stack) }
q := P { x: 1 }
print(p.get(1), q.get(2), p.more())
print(spin(q, 12), spin(q, 12))
""",
    "a method that is gone": """
struct P { x
  func get(self) { return self.x } }
func gone() { struct P { x } }
func hot(p, n) { mut t := 0
  for i in range(n) { t := t + p.get()
    if i == 7 { gone() } }
  return t }
for i in range(3) { print(hot(P { x: i }, 5)) }
try { print(hot(P { x: 1 }, 20)) } except e { print(e.message, e.stack) }
""",
    "a method that becomes a closure": """
struct P { x
  func get(self, k) { return self.x + k } }
func again(by) { struct P { x
    func get(self, k) { return [self.x, k, by] } }
  return by }
func hot(p, n) { mut seen := []
  for i in range(n) { seen := push(seen, p.get(i))
    if i == 3 { again("by" + str(n)) } }
  return seen }
p := P { x: 2 }
for i in range(3) { print(hot(p, 3)) }
print(hot(p, 6))
print(hot(p, 7))
""",
    "a method that defines its own type again": """
struct P { x
  func get(self, k) {
    if k == 5 { struct P { x
      func get(self, k) { return 100 + self.x + k } } }
    return self.x + k } }
func hot(p, n) { mut seen := []
  for i in range(n) { seen := push(seen, p.get(i)) }
  return seen }
p := P { x: 1 }
for i in range(3) { print(hot(p, 4)) }
print(hot(p, 8))
""",
    "other counts of parameters": """
struct P { x
  func get(self, k) { return self.x + k } }
func again() { struct P { x
    func get(self) { return self.x } }
  return 0 }
func hot(p, n) { mut t := 0
  for i in range(n) { t := t + p.get(i)
    if n > 5 { again() } }
  return t }
for i in range(3) { print(hot(P { x: i }, 5)) }
try { print(hot(P { x: 1 }, 20)) } except e { print(e.message, e.stack) }
""",
}

CLOSURES = {
    "captured cells": """
func counter(k) { return func(x) { k := k + x
    return k } }
func pair(k) { add := func(x) { k := k + x
    return k }
  look := func() { return k }
  return [add, look] }
func hot(f, n) { mut t := 0
  for i in range(n) { t := t + f(i) }
  return t }
func both(n) { made := pair(n)
  add := made[0]
  look := made[1]
  mut seen := []
  for i in range(n) { seen := push(seen, [add(i), look()]) }
  return seen }
f := counter(10)
for i in range(4) { print(hot(f, 5), hot(counter(i), 3)) }
for i in range(5) { print(both(i)) }
print(hot(counter(0.5), 4))
""",
    "captured values that somebody changes": """
func made(held) { return func(i) { held[i % len(held)] := push(held[i % len(held)], i)
    return len(held[i % len(held)]) } }
func hot(f, n) { mut t := 0
  for i in range(n) { t := t + f(i) }
  return t }
mine := [[0], [1]]
f := made(mine)
for i in range(4) { print(hot(f, 6), mine) }
""",
    "a closure that nobody holds any more while it runs": """
mut current := null
func fresh(k) { held := [k, [k + 1]]
  return func(x) {
    current := null
    more := [held[1], x]
    return held[0] + x + more[0][0] } }
func hot(n) { mut t := 0
  for i in range(n) {
    current := fresh(i)
    t := t + current(i) }
  return [t, current] }
for i in range(5) { print(hot(i + 3)) }
""",
    "a closure that replaces itself": """
mut step := null
func first(k) { text := "first" + str(k)
  return func(x) {
    step := second(x)
    return text } }
func second(k) { text := "second" + str(k)
  return func(x) {
    step := first(x)
    return [text] } }
func hot(n) { mut seen := []
  step := first(n)
  for i in range(n) { seen := push(seen, step(i)) }
  return seen }
for i in range(6) { print(hot(i + 3)) }
""",
    "recursion through closures": """
mut down := null
func fill(by) { down := func(n) { if n == 0 { return by }
    return down(n - 1) + by } }
func local(n, by) { go := func(own, k) { if k == 0 { return [by] }
    return push(own(own, k - 1), k) }
  return go(go, n) }
func hot(n) { fill(n)
  mut t := 0
  for i in range(n) { t := t + down(i) }
  return t }
for i in range(5) { print(hot(i + 2), local(i, "by")) }
fill(0.5)
print(hot(4), down(300))
""",
    "closures of the same text, but not the same closure": """
func adder(k) { return func(x) { return x + k } }
func hot(fs, n) { mut t := 0
  for i in range(n) { f := fs[i % len(fs)]
    t := t + f(i) }
  return t }
for i in range(4) { print(hot([adder(1), adder(20)], 6), hot([adder(0.5)], 3)) }
try { print(hot([adder("a")], 3)) } except e { print(e.message, e.stack) }
""",
}

LENT = {
    "an array that the callee changes": """
func put(a, i) { a[i] := a[i] + 100
  return len(a) }
func at(a, i) { return a[i] }
func hot(n) { a := range(n)
  mut t := 0
  for i in range(n) { t := t + put(a, i) + at(a, i) }
  return [t, a] }
for i in range(6) { print(hot(i + 3)) }
""",
    "a copy that the callee changes": """
func moved(a) { b := a
  b[0] := b[0] + 7
  return a[0] * 1000 + b[0] }
func hot(n) { a := [n, n]
  mut t := 0
  for i in range(n) { t := t + moved(a) }
  return [t, a] }
for i in range(6) { print(hot(i + 3)) }
""",
    "arguments that the callee changes in a loop": """
func fill(a, s, n) { while n > 0 { a[n % len(a)] := [n, a[0]]
    s := s + "."
    n := n - 1 }
  return [a[0], s] }
func hot(n) { a := [[n], "x"]
  mut seen := []
  for i in range(n) { seen := push(seen, [fill(a, "s" + str(i), i), a]) }
  return seen }
for i in range(5) { print(hot(i + 3)) }
""",
    "an argument that the callee keeps": """
mut kept := []
func keep(a) { kept := push(kept, a)
  return a[0] }
func hot(n) { mut t := 0
  for i in range(n) { t := t + keep([i, [i]]) }
  return t }
for i in range(5) { print(hot(i + 3), kept) }
""",
    "an argument that has no other holder": """
func first(a) { return a[0] }
func text(s) { return s + "!" }
func hot(n) { mut seen := []
  for i in range(n) { seen := push(seen, [first([[i], 2]), text("a" + str(i))]) }
  return seen }
for i in range(5) { print(hot(i + 3)) }
""",
    "the holder gives it another value during the call": """
mut shared := [[0]]
func look(a, i) { shared := [[i]]
  return [a[0], shared[0]] }
func hot(n) { mut seen := []
  for i in range(n) { seen := push(seen, look(shared, i)) }
  return seen }
for i in range(5) { print(hot(i + 3)) }
""",
    "the callee fails": """
func at(a, i) { return a[i] }
func hot(n) { mut seen := []
  for i in range(n) { a := [[i], [n]]
    try { seen := push(seen, at(a, i)) } except e { seen := push(seen, [e.message, e.stack, a]) } }
  return seen }
for i in range(5) { print(hot(i + 3)) }
""",
}

STACKS = {
    "errors of operations in callees that are put into their callers": """
struct P { x
  func third(self, a) { return a[self.x] } }
func at(a, i) { return a[i] }
func ratio(a, i) { return 100 / at(a, i) }
func middle(a, i) { return ratio(a, i) + 1 }
func hot(a, n) { mut seen := []
  add := func(k) { return middle(a, k) + n }
  p := P { x: n }
  for i in range(n) {
    try { seen := push(seen, add(i)) } except e { seen := push(seen, [e.message, e.stack]) }
    try { seen := push(seen, p.third(a)) } except e { seen := push(seen, [e.message, e.stack]) } }
  return seen }
for i in range(5) { print(hot([5, 0, "text"], i + 2)) }
print(hot([1, 2, 0], 4))
""",
    "nobody handles it": """
func at(a, i) { return a[i] }
func ratio(a, i) { return 100 / at(a, i) }
func middle(a, i) { return ratio(a, i) + 1 }
func hot(a, n) { mut t := 0
  for i in range(n) { t := t + middle(a, i) }
  return t }
for i in range(4) { print(hot([1, 2, 4, 8, 0], 4)) }
hot([1, 2, 4, 8, 0], 5)
""",
}

SEVERAL = {
    "three shapes at a field": """
struct A { x }
struct B { y, x }
struct C { z, y, x }
func get(p) { return p.x }
func put(p, v) { p.x := v
  return p }
func hot(ps, n) { mut seen := []
  for i in range(n) { p := put(ps[i % len(ps)], [i])
    seen := push(seen, [get(p), get(ps[i % len(ps)])]) }
  return seen }
a := A { x: 1 }
b := B { y: 2, x: "b" }
c := C { z: 3, y: 4, x: 2.5 }
for i in range(3) { print(hot([a], 2), hot([a, b], 3), hot([a, b, c], 5), hot([c, a], 2)) }
try { print(hot([a, null], 2)) } except e { print(e.message, e.stack) }
print(a, b, c)
""",
    "three shapes at a method": """
struct A { x
  func area(self) { return self.x * self.x } }
struct B { w, h
  func area(self) { return self.w * self.h } }
struct C { r
  func area(self) { return "round" + str(self.r) } }
func area(s) { return s.area() }
func hot(ss, n) { mut seen := []
  for i in range(n) { seen := push(seen, area(ss[i % len(ss)])) }
  return seen }
a := A { x: 2 }
b := B { w: 2, h: 1.5 }
c := C { r: 4 }
for i in range(3) { print(hot([a], 3), hot([a, b], 4), hot([c, b, a], 5), hot([c], 2)) }
try { print(hot([a, 5], 2)) } except e { print(e.message, e.stack) }
""",
    "three callees at a call": """
func one(x) { return x + 1 }
func two(x) { return [x, x] }
func hot(fs, n) { mut seen := []
  for i in range(n) { f := fs[i % len(fs)]
    seen := push(seen, f(i)) }
  return seen }
three := func(x) { return "three" + str(x) }
for i in range(3) { print(hot([one], 3), hot([one, two], 4), hot([one, two, three], 5), hot([to_string, three], 3)) }
try { print(hot([one, 7], 2)) } except e { print(e.message, e.stack) }
try { print(hot([one, func(a, b) { return a }], 2)) } except e { print(e.message, e.stack) }
""",
    "builtins whose results change their kind": """
func at(a) { return max(a[0], a[len(a) - 1]) }
func size(a) { return len(a) }
func root(x) { return sqrt(x) }
func hot(as, n) { mut seen := []
  for i in range(n) { a := as[i % len(as)]
    seen := push(seen, [at(a), size(a), root(at(a))]) }
  return seen }
for i in range(3) { print(hot([[1, 4]], 3), hot([[2, 9], [2.25, 1.5]], 4)) }
print(size("text"), size({"a": 1}), size([]), root(0), root(16.0))
for x in [-1, -0.5, "4", null, []] { try { print(root(x)) } except e { print(e.message, e.stack) } }
for x in [null, 5, 2.5] { try { print(size(x)) } except e { print(e.message, e.stack) } }
""",
}

FIRST_ITERATIONS = {
    "kinds that only the first iteration has": """
func last(a) { mut x := null
  mut count := 0
  for v in a { if x == null { count := count + 10 }
    x := v
    count := count + 1 }
  return [x, count] }
func sum(a) { mut t := 0
  for v in a { t := t + v }
  return t }
func join(a) { mut t := ""
  mut first := true
  for v in a { if first { t := [v]
      first := false } else { t := push(t, v) } }
  return t }
for i in range(4) { print(last(range(i)), sum(range(i)), join(range(i))) }
print(sum([1, 2.5, 3]), sum([0.5]), sum([]), last(["a", 1, null, 2.5]), join([1, "b", 2.5]))
""",
    "loops that end in their first iteration": """
func find(a, x) { for v in a { if v == x { return [v] } }
  return null }
func until(n) { mut i := 0
  while true { i := i + 1
    if i > n { break }
    if i % 2 == 0 { continue }
    if i > 50 { return "far" } }
  return i }
func none(a) { mut t := 0
  for v in a { t := t + v
    break }
  return t }
for i in range(4) { print(find([i, 1, 2], 2), find([2], 2), find([], 2), until(i), none([i, 5]), none([])) }
print(until(100), find(["a", 2.0], 2))
try { print(none(["a"])) } except e { print(e.message, e.stack) }
""",
    "errors in the first iteration, and in others": """
func tries(a, by) { mut seen := []
  for v in a { try { seen := push(seen, v / by) } except e { seen := push(seen, [e.message, v])
      by := by + 1 } }
  return seen }
func fails(a) { mut t := 1
  for v in a { t := t * 10 / v }
  return t }
for i in range(4) { print(tries([1, 2, 3], i), tries([], i), tries([1, "a", 2], i)) }
for a in [[1, 2], [0, 1], [1, 0], [1, 2, 0]] { try { print(fails(a)) } except e { print(e.message, e.stack) } }
""",
    "what does not change in a loop, until it does": """
func fill(a, b, n) { mut i := 0
  while i < n { a[i] := b[i] + len(b)
    if i == 3 { b := [10.5, 20.5, 30.5, 40.5, 50.5, 60.5, 70.5, 80.5] }
    i := i + 1 }
  return [a, b] }
func grow(n) { mut a := []
  mut i := 0
  while i < n { a := push(a, i)
    if i == 4 { a := push(a, "text") }
    i := i + 1 }
  return a }
for i in range(7) { print(fill(range(8), range(8), i), grow(i)) }
print(fill([1.5, 2.5, 3.5], [1, 2, 3], 3), fill(range(8), range(8), 8))
try { print(fill([1], [1, 2, 3], 3)) } except e { print(e.message, e.stack) }
""",
    "loops in loops": """
func table(n, m) { mut rows := []
  for i in range(n) { mut row := []
    mut x := null
    for j in range(m) { if x == null { x := i } else { x := x * 1.5 }
      row := push(row, x) }
    rows := push(rows, row) }
  return rows }
for i in range(4) { print(table(i, 3), table(3, i)) }
""",
}

RECURSION = {
    "a small function that is put into itself": """
func fib(n) { if n < 2 { return n }
  return fib(n - 1) + fib(n - 2) }
func pick(n) { if n == 0 { return 0.5 }
  return pick(n - 1) + n }
func down(n) { if n == 0 { return 10 / n }
  return down(n - 1) + 1 }
func word(n) { if n < 0 { return "low" }
  if n == 0 { return 0 }
  return word(n - 2) }
for i in range(6) { print(fib(i + 6), pick(i + 3), word(i * 2), fib(i + 2.5)) }
for i in range(6) { try { print(down(i)) } except e { print(e.message, e.stack) } }
print(word(7), word(6), fib(16), pick(200))
try { print(fib("a")) } except e { print(e.message, e.stack) }
""",
    "with arrays that it only looks at, and arrays that it changes": """
func at(a, n) { if n == 0 { return a[0] }
  return at(a, n - 1) + a[n % len(a)] }
func put(a, n) { if n == 0 { return a }
  a[n % len(a)] := n
  return put(a, n - 1) }
func sum(t) { if t == null { return 0 }
  return sum(t[0]) + sum(t[1]) + 1 }
mine := [1, 2, 3]
for i in range(5) { print(at(mine, i + 2), put(mine, i + 2), mine, sum([[null, [null, null]], [null, null]])) }
print(at([0.5, 2], 5), put([["x"], 1.5], 3), mine)
try { print(at([], 3)) } except e { print(e.message, e.stack) }
try { print(at(["a", "b"], 40)) } except e { print(e.message, e.stack) }
""",
}

PROGRAMS = {**METHODS, **CLOSURES, **LENT, **STACKS, **SEVERAL, **RECURSION, **FIRST_ITERATIONS}
