"""1.15, generators: true coroutines; order of evaluation around ``yield``; errors, depth and fuel of what runs between."""

from __future__ import annotations

import pytest

from pagoda.machine.source import DiagnosticError

BEFORE = """
func s(x) { print(x); return x }
func all(g) { mut r := []; for x in g { r := push(r, x) } return r }
"""


def body(text: str) -> str:
    return f"{BEFORE} func* g(a) {{ {text} }} for x in g(1) {{ print(\"<\", x) }}"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("print(s(1) + (yield s(2)))", "1 2 < 2 3"), ("print((yield 1) + s(2))", "< 1 2 3"), ("print(s(1) - s(2) * (yield 3) - s(4))", "1 2 < 3 4 -9"),
        ("r := [s(1), (yield 2), s(3), (yield 4)]; print(r)", "1 < 2 3 < 4 [1, 2, 3, 4]"), ("print(s([1])[(yield 0)])", "[1] < 0 1"),
        ("print(s(true) && (yield 0) || s(5))", "true < 0 5 true"), ("print(s(0) && (yield 1))", "0 false"), ("print(s(2) || (yield 1))", "2 true"),
        ("print(s(null) ?? (yield 1))", "null < 1 1"), ("print(s(4) ?? (yield 1))", "4 4"), ("print((yield null) ?? s(2))", "< null 2 2"),
        ("print((yield 1) && (yield 0) && (yield 2))", "< 1 < 0 false"), ("print(false || ((yield 0) ?? (yield 9)))", "< 0 false"),
        ("r := {\"a\": s(1), \"b\": (yield 2), \"c\": s(3)}; print(r)", '1 < 2 3 {"a": 1, "b": 2, "c": 3}'),
        ("r := {s(\"k\"): s(1), (yield \"m\"): s(2)}; print(r)", 'k 1 < m 2 {"k": 1, "m": 2}'),
        ("r := [...s([1]), (yield 2), ...(yield [3])]; print(r)", "[1] < 2 < [3] [1, 2, 3]"),
        ("r := {...s({\"a\": 1}), \"b\": (yield 2)}; print(r)", '{"a": 1} < 2 {"a": 1, "b": 2}'),
        ("print(P { x: s(1), y: (yield 2) })", "1 < 2 P { x: 1, y: 2 }"), ("r := \"${s(1)}-${(yield 2)}-${s(3)}\"; print(r)", "1 < 2 3 1-2-3"),
        ("print(-(yield 3), !(yield true))", "< 3 < true -3 false"), ("v := E::A(s(1), yield 2); print(v, Ok((yield 3)))", "1 < 2 < 3 E::A(1,2) Ok(3)"),
        ("func f(x, y) { return x * 10 + y } print(f(s(1), (yield 2)), (yield 3) |> f(s(4)))", "1 < 2 < 3 4 12 34"),
        ("h := func(x) { return x + 1 }; print(s(h)((yield 1)))", "<unknown> < 1 2"), ("p := P { x: [5, 6] }; print(p.x[(yield 1)], p?.y, (yield p).x)", "< 1 < P { x: [5, 6] } 6 null [5, 6]"),
        ("mut m := [[1, 2], [3, 4]]; m[s(0)][(yield 1)] := s(9); print(m)", "9 0 < 1 [[1, 9], [3, 4]]"),
        ("mut m := [1, 2]; m[s(0)] := (yield 7); print(m); m[1] += (yield 1); print(m)", "< 7 0 [7, 2] < 1 [7, 3]"),
        ("mut a := [1]; a := push(a, (yield a)); print(a)", "< [1] [1, [1]]"), ("let [p, q] := (yield [1, 2]); print(q, p)", "< [1, 2] 2 1"),
        ("yield (yield 1) + 1", "< 1 < 2"), ("yield; print(1)", "< null 1"), ("x := yield 1 + 2 * 3; print(x)", "< 7 7"),
        ("return [s(1), (yield 2), s(3)]", "1 < 2 3"), ("func f(x) { return Ok(x) } print(f((yield 1))?)", "< 1 1"),
        ("print(s([4, 5]).map((yield func(x) { return x * 2 })).collect())", "[4, 5] < <unknown> [8, 10]"), ("print(await (yield 1))", "< 1 1"),
    ],
)  # fmt: skip
def test_what_stands_around_a_yield_is_evaluated_in_order(out, text, lines):
    assert " ".join(out(body(text))) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("print([...5, (yield 1)])", "! Array spread requires an array"), ("print({...5, \"a\": (yield 1)})", "! Dict spread requires a dict"),
        ("print({[1]: (yield 1)})", "< 1 ! Dict keys must be strings"), ("print({[1]: 2, ...(yield {})})", "! Dict keys must be strings"), ("print({\"a\": (yield 1), ...5})", "< 1 ! Dict spread requires a dict"),
        ("nope((yield 1))", "! Undefined variable: nope"), ("print(nope + (yield 1))", "! Undefined variable: nope"), ("print(5[(yield 1)])", "< 1 ! Invalid index operation"),
        ("n := 5; n((yield 1))", "< 1 ! Cannot call non-function; the value being called is not callable. Pass a function, closure, or imported callable value instead."),
        ("let k := [1]; k[(yield 0)] := (yield 7)", "< 7 ! Cannot mutate immutable let binding: k"), ("let k := 1; k := (yield 2)", "< 2 ! Cannot reassign immutable let binding: k"),
        ("print(1 / 0 + (yield 1))", "! Division by zero"), ("throw((yield \"t\"))", "< t ! t"), ("x := 1 + (yield \"a\")", "< a ! Invalid binary operation: int + string"),
    ],
)  # fmt: skip
def test_errors_come_in_order_too(out, text, lines):
    program = f"func* g() {{ {text} }} try {{ for x in g() {{ print(\"<\", x) }} }} except e {{ print(\"!\", e.message) }}"
    assert " ".join(out(program)) == lines


def test_an_error_points_at_its_expression(see):
    text = "func* g(d) { x := [1, 2 / d, (yield 3)] }\nfor x in g(0) { }"
    seen = see(text)
    assert (seen.message, text[slice(*seen.span)]) == ("Division by zero", "2 / d")
    text = "func* g() { x := [nope, (yield 3)] }\nfor x in g() { }"
    assert text[slice(*see(text).span)] == "nope"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("for i in a + 2 { if i == 1 { continue } yield i }", "< 0 < 2"), ("loop { yield a; a += 1; if a > 3 { break } } print(a)", "< 1 < 2 < 3 4"),
        ("while a < 3 { a += 1; if a == 2 { yield \"two\" } else { yield a } }", "< two < 3"), ("while (yield a) < 3 { a += 1 }", "< 1 < 2 < 3"),
        ("if (yield 0) { print(1) } else if (yield 5) { print(2) } else { yield 3 }", "< 0 < 5 2"), ("for i in (yield [7, 8]) { yield i }", "< [7, 8] < 7 < 8"),
        ("match (yield Ok(4)) { case Ok(v): { yield v } default: { yield 0 } }", "< Ok(4) < 4"), ("match E::A(1, [2]) { case E::A(v): { v_1[0] := 3; yield v_1; print(v) } }", "< [3] 1"),
        ("match a { case Ok(v): { yield v } }", ""), ("match None { case None: { if true { yield 1 } } }", "< 1"),
        ("try { yield 1; throw(\"t\"); yield 2 } except e { yield e.message } yield 3", "< 1 < t < 3"), ("try { throw(\"t\") } except e { yield e.message; print(e.stack) }", "< t [g]"),
        ("for i in 2 { try { yield i; if i == 1 { continue } throw(\"x\") } except e { yield e.message } }", "< 0 < x < 1"), ("try { x := [1, (yield 2)]; print(x[5]) } except e { print(e.message) }", "< 2 Index out of bounds: 5"),
        ("try { try { yield 1; throw(\"a\") } except e { yield 2; throw(\"b\") } } except e { print(e.message) }", "< 1 < 2 b"), ("if true { let k := 1; yield k } if true { let k := 2; yield k }", "< 1 < 2"),
        ("yield 1; return; yield 2", "< 1"), ("yield 1; return 5", "< 1"), ("for i in 5 { for j in 5 { if j == 1 { return } yield i } }", "< 0"), ("yield 1; Err(2)?; yield 3", "< 1"), ("yield 1; x := None?; yield 3", "< 1"),
        ("", ""), ("return; yield 1", ""), ("for i in 3 { f := func() { return i * a }; yield f() }", "< 0 < 1 < 2"), ("h := func() { return 5 }; yield h(); yield a", "< 5 < 1"),
        ("func* inner(n) { for i in n { yield i } } for x in inner(2) { yield x * 10 } for x in inner(1) { yield x }", "< 0 < 10 < 0"),
        ("h := func*() { yield 1; yield 2 }; for x in h() { yield x }", "< 1 < 2"), ("a := [a]; yield a; a[0] := 9; yield a", "< [1] < [9]"),
    ],
)  # fmt: skip
def test_a_yield_stands_anywhere(out, text, lines):
    assert " ".join(out(body(text) if "yield" in text else f"func* g() {{ {text} }} for x in g() {{ print(x) }}")) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("func* n() { mut i := 0; loop { yield i; i += 1 } } for x in n() { if x > 2 { break } print(x) } print(\"end\")", "0 1 2 end"),
        ("func* n() { print(\"start\"); yield 1; print(\"on\"); yield 2; print(\"end\") } g := n(); print(\"made\"); print(g.next()); print(g.next(), g.next(), g.next())", "made start Some(1) on end Some(2) None None"),
        ("func* n() { yield 1; yield 2; yield 3 } g := n(); for x in g { print(x); break } for x in g { print(x) } for x in g { print(x) }", "1 2 3"),
        ("func* n() { yield 1 } g := n(); print(type(g), type(n), g, g == g, g == n(), [g] == [g], is_function(g))", "generator function <unknown> true false true false"),
        ("func* n() { mut i := 0; loop { i += 1; yield i } } func two(g) { return [g.next(), g.next()] } g := n(); h := g; print(two(g), h.next(), two(h))", "[Some(1), Some(2)] Some(3) [Some(4), Some(5)]"),
        ("func* n(k) { for i in k { yield i } } gs := map([1, 2, 3], n); for g in gs { print(g.collect()) }", "[0] [0, 1] [0, 1, 2]"),
        ("d := {\"g\": null}; func* n() { yield 1; yield 2 } d[\"g\"] := n(); print(d[\"g\"].next(), d.g.next(), d[\"g\"].next())", "Some(1) Some(2) None"),
        ("func* n() { yield 1 } if n() { print(\"true\") } print(is_truthy(n()), (n() ?? 5) == 5)", "true true false"),
        ("mut total := 0; func* n() { total += 1; yield total; total += 10; yield total } for x in n() { total += 100; print(x) } print(total)", "1 111 211"),
        ("func counter() { mut c := 0; return func*() { loop { c += 1; yield c } } } f := counter(); g := f(); h := f(); print(g.next(), h.next(), g.next())", "Some(1) Some(2) Some(3)"),
        ("func* walk(n) { if n > 0 { for x in walk(n - 1) { yield x } yield n } } print(walk(4).collect())", "[1, 2, 3, 4]"),
        ("mut a := [1]; func* n() { yield a; yield a } for x in n() { x[0] := 9; print(x, a) }", "[9] [1] [9] [1]"),
        ("func* n(a) { a[0] := 5; yield a; yield a } a := [1]; for x in n(a) { x[0] := 9 } print(a)", "[1]"),
        ("func* n() { mut a := [1]; yield a; a[0] := 2; yield a } mut r := []; for x in n() { r := push(r, x) } print(r)", "[[1], [2]]"),
        ("func f() { for x in (func*() { yield 1; yield 2 })() { if x == 2 { return x } } } print(f())", "2"),
    ],
)  # fmt: skip
def test_generators_as_values(out, text, lines):
    assert " ".join(out(text)) == lines


def test_an_error_ends_it(out):
    text = "func* n() { yield 1; throw(\"t\"); yield 2 } g := n(); print(g.next()); try { g.next() } except e { print(e.message, e.stack) } print(g.next())"
    assert out(text) == ["Some(1)", "t [n]", "None"]


def test_its_frame_stands_on_who_resumes_it(out, see):
    text = "func* n() { yield 1; throw(\"t\") } func f(g) { for x in g { } } func h() { g := n(); try { f(g) } except e { print(e.stack) } } h()"
    assert out(text) == ["[h, f, n]"]
    text = "func* n() { yield 1; yield 1 / 0 }\nfunc f(g) { for x in g { } }\nf(n())"
    seen = see(text)
    assert [(name, text[slice(*place)]) for name, place in seen.stack] == [("n", "g"), ("f", "f(n())")]
    text = "func* n() { try { throw(\"t\") } except e { yield e.stack } }\nfunc f(g) { return g.next() }\ng := n(); print(f(g))"
    assert out(text) == ["Some([f, n])"]


def test_it_does_not_run_twice_at_once(out):
    text = "mut g := null; func* n() { yield 1; for x in g { print(x) } } g := n(); print(g.next()); try { g.next() } except e { print(e.message) }"
    assert out(text) == ["Some(1)", "Generator is already running"]
    text = "mut g := null; func* n() { try { print(g.next()) } except e { yield e.message } } g := n(); for x in g { print(x) }"
    assert out(text) == ["Generator is already running"]


@pytest.mark.parametrize(
    ("text", "fuel"),
    [
        ("func* n() { yield 1; yield 2 } g := n()", 1), ("func* n() { yield 1; yield 2 } for x in n() { }", 3), ("func* n() { yield 1; yield 2 } g := n(); g.next(); g.next(); g.next()", 1),
        ("func* n() { for i in 4 { yield i } } for x in n() { }", 9), ("func* n() { loop { yield 1 } } for x in n() { break }", 3), ("func* n() { } n(); n()", 2),
    ],
)  # fmt: skip
def test_fuel(see, text, fuel):
    assert see(text).fuel == fuel


def test_an_endless_one_is_stopped_by_fuel(see):
    assert see("func* n() { loop { yield 1 } } for x in n() { }", fuel=1000).kind == "fuel"
    assert see("func* n() { loop { } yield 1 } n().next()", fuel=1000).kind == "fuel"


def test_depth(out, see):
    deep = "func* n(k) { if k == 0 { yield 0 } else { for x in n(k - 1) { yield x + 1 } } } for x in n(%d) { print(x) }"
    assert out(deep % 200) == ["200"]
    seen = see(deep % 60, max_depth=50)
    assert (seen.kind, seen.message) == ("error", "Maximum VM call stack depth of 50 exceeded while calling n")
    assert see(deep % 48, max_depth=50).kind == "ok"


def test_a_generator_dropped_half_way_leaves_nothing(out):
    assert out("func* n(a) { try { yield a; yield [a] } except e { print(e) } } for i in 50 { g := n([i]); g.next() } print(\"end\")") == ["end"]
    assert out("func* n() { yield 1 } mut g := n(); g := [g, n()]; h := g; print(len(h))") == ["2"]


def test_arity_and_misplaced_yields(err, see):
    assert err("func* n(a) { yield a } n()") == "n expects 1 arguments, got 0"
    with pytest.raises(DiagnosticError, match="Generator methods are not supported for structs: S.m"):
        see("struct S { func* m(self) { yield 1 } }")
    with pytest.raises(DiagnosticError, match="yield can only be used inside a generator"):
        see("func f() { yield 1 }")


@pytest.mark.parametrize(
    "text",
    ["func* n() { loop { yield 1 } } for x in n() { }", "func* n() { loop { } yield 1 } for x in n() { }", "func* n() { loop { try { loop { yield 1 } } except e { } } } n().filter(func(x) { return false }).next()",
     "func* n() { loop { yield 1 } } n().filter(is_string).collect()"],
)  # fmt: skip
def test_an_endless_one_is_stopped_by_time(see, text):
    assert see(text, fuel=1 << 50, timeout=0.2).kind == "timeout"


def test_deeply_nested_generators(out):
    deep = "func* n(k) { if k == 0 { yield 0 } else { for x in n(k - 1) { yield x + 1 } } } print(n(%d).next())"
    assert out(deep % 4000) == ["Some(4000)"]
    assert out(f"try {{ {deep % 20000} }} except e {{ print(e.message) }} print(2)".replace("try { func", "func").replace("} print(n", "} try { print(n")) == [
        "Maximum VM call stack depth of 10000 exceeded while calling n", "2",
    ]  # fmt: skip
