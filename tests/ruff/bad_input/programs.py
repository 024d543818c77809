"""Ten programs that together use the whole language, to be cut short and damaged."""

from __future__ import annotations

PROGRAMS = {
    "numbers": """
func gcd(a, b) { while b != 0 { t := a % b; a := b; b := t } return a }
let big := 9223372036854775807
mut total := 0.5
for i in range(1, 20) { total += gcd(i * 12, 18) / 2.0 - -i % 3 }
print(total, big - 1, 7 / 2, -7 % 3, 1.0 == 1, big > 1.5 && !(1 < 0) || null ?? true)
try { print(big + 1) } except e { print(e.message, e.line, e.stack) }
try { print(1 / (gcd(1, 1) - 1)) } except e { print(e.message) }
""",
    "strings": """
mut s := "héllo ${1 + 2} \\"quoted\\" \\$5\\n"
for c in s { if c == "l" { continue } s := s + c }
print(len(s), s[0], s[-1], upper("a${"b${"c"}"}"), split("a,b", ","), join(["x", "y"], "-"))
print(substring(s, 0, 3), contains(s, "llo"), replace(s, "l", "L"), to_string([1, "é", {"k": null}]))
match s { case abc: { print(1) } default: { print("other 😀") } }
""",
    "arrays": """
mut grid := []
for y in 4 { mut row := []; for x in 4 { row := push(row, x * y) } grid := push(grid, row) }
grid[1][2] := "changed"; copy := grid; copy[0] := null
grid[-1][0] += 5
let [first, [a, ...b], ...rest] := [1, [2, 3, 4], 5, 6]
print(grid, copy, first, a, b, rest, [...rest, ...[7.5]], sort([3, 1, 2]), reverse([1, 2]), len(grid))
print(map([1, 2, 3], func(x) { return x * x }), filter(range(10), func(x) { return x % 3 == 0 }), reduce([1, 2], 0, func(p, q) { return p + q }))
try { grid[9][9] := 1 } except e { print(e.message) }
""",
    "dicts": """
mut d := {"one": 1, 2: "two", "n": {"deep": [1, {"x": 0}]}}
d["n"]["deep"][1]["x"] := 42; d.extra := [d]; d[3] := d["2"]
for k in d { print(k, type(d[k])) }
let {one, missing, ...others} := d
print(keys(d), values({"a": 1}), has_key(d, "one"), one, missing, len(others), {...d, "one": 0} == d, d)
try { print(d["nope"]) } except e { print(e.message) }
""",
    "closures": """
func counter(start) { mut n := start; return func(step) { n += step; return n } }
a := counter(1); b := counter(10); c := a
print(a(1), b(5), c(2), a(1))
func compose(f, g) { return func(x) { return x |> g |> f } }
print(compose(func(x) { return x + 1 }, func(x) { return x * 2 })(5))
func outer() { func fact(n) { if n < 2 { return 1 } return n * fact(n - 1) } return fact(10) }
mut fs := []; for i in 3 { fs := push(fs, func() { return i }) }
print(outer(), fs[0](), fs[2](), map(fs, func(f) { return f() }), 5 |> counter)
""",
    "structs": """
struct Point { x: int, y: float
    func moved(self, dx) { mut p := self; p.x := p.x + dx; return p }
    func area() { return x * y }
    func op_add(self, o) { return Point { x: self.x + o.x, y: self.y } } func op_eq(self, o) { return self.x == o.x }
    func op_lt(self, o) { return self.x < o.x } func op_neg(self) { return Point { x: -self.x, y: 0.0 } } }
p := Point { x: 3, y: 2.5 }
mut list := [p, p.moved(4), p + p, -p]
list[0].x := 99; list[1].tags := ["a"]; list[1].tags[0] := "b"
print(list, p.area(), p == list[2], p < list[1], p?.zip, null?.x, p)
try { p.nothing() } except e { print(e.message) }
""",
    "results": """
enum Shape { Circle, Square, Empty }
func area(s) { match s { case Shape::Circle(r): { return Ok(r * r * 3) } case Shape::Square(a): { return Ok(a * a_1) } default: { return Err("no area") } } }
func total(items) { mut t := 0; for s in items { t += area(s)? } return Ok(t) }
print(total([Shape::Circle(2), (Shape::Square(2, 3))]), total([Shape::Empty]), Some(1), None)
match total([Shape::Circle(1)]) { case Ok(v): { print("ok", v) } case Err(e): { print("err", e) } }
func first(a) { if len(a) == 0 { return None } return Some(a[0]) }
match first([]) { case Some(v): { print(v) } case None: { print("none") } }
""",
    "errors": """
func risky(n) { if n == 0 { throw("bottom") } if n == 1 { throw(Custom { message: "custom", cause: [n] }) } risky(n - 2) }
for n in 4 {
    try { try { risky(n) } except e { print(n, e.message, e.stack); if n == 2 { continue } throw(e.message + "!") } }
    except outer { print(outer.message) }
}
mut i := 0
loop { i += 1; try { if i > 5 { break } if i % 2 == 0 { continue } throw(i) } except e { print(e.message) } }
func f() { try { return 1 / 0 } except e { return e.message } }
print(f())
""",
    "control": """
mut n := 27; mut steps := 0
while n != 1 { if n % 2 == 0 { n /= 2 } else if n > 1000 { n := 3 * n + 1 } else { n := n * 3 + 1 } steps += 1 }
loop while steps > 100 { steps -= 10 }
for i in 5 { for j in 5 { if j == i { break } if (i + j) % 2 == 1 { continue } print(i, j) } }
const LIMIT := 3
if steps >= LIMIT && n == 1 || false { print("done", steps) } else { print("no") }
/* a comment */ // another
# and a third
print(type(print), type(null), 1 != 2)
""",
    "recursion": """
func fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }
func even(n) { if n == 0 { return true } return odd(n - 1) }
func odd(n) { if n == 0 { return false } return even(n - 1) }
func ackermann(m, n) { if m == 0 { return n + 1 } if n == 0 { return ackermann(m - 1, 1) } return ackermann(m - 1, ackermann(m, n - 1)) }
func tree(d) { if d == 0 { return null } return Node { left: tree(d - 1), right: tree(d - 1), d: d } }
func count(t) { if t == null { return 0 } return 1 + count(t.left) + count(t.right) }
print(fib(12), even(50), ackermann(2, 2), count(tree(5)), tree(2))
""",
}
