"""Strings, arrays and dicts: indexing, copies in every way that one can be made, keys and their order, equality, spread."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('"héllo"[1]', "é"), ('"日本"[-1]', "本"), ('"😀x"[1]', "x"), ('len("日本😀")', "3"), ('"a" + "é"', "aé"), ('"" + ""', ""),
        ('"${1}${"x"}${null}${true}${1.0}${[1, "a"]}"', "1xnulltrue1[1, a]"), ('"<${{"b": "x", "a": [1]}}>"', '<{"a": [1], "b": x}>'),
        ('"${"a${"b"}c"}"', "abc"), (r'"\$\"\n\t\\"', '$"'), ('to_string(P { y: 2, x: "s" })', "P { x: s, y: 2 }"),
        ("to_string([Ok(1), Some([1]), None, Err(null), (E::A(1, 2)), (E::B)])", "[Ok(1), Some([1]), None, Err(null), E::A(1,2), E::B]"),
        ('type("") + type(1) + type(1.5) + type(null) + type([]) + type({}) + type(P {})', "stringintfloatnullarraydictstruct"),
    ],
)  # fmt: skip
def test_strings(out, expression, text):
    assert out(f"print({expression})")[0] == text


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ('"abc"[3]', "Index out of bounds: 3"), ('"abc"[-4]', "Index out of bounds: -4"), ("[1][1]", "Index out of bounds: 1"),
        ("[1][-2]", "Index out of bounds: -2"), ("[][0]", "Index out of bounds: 0"), ("[1][null]", "Invalid index operation"),
        ('[1]["0"]', "Invalid index operation"), ('{"a": 1}["z"]', 'Missing map key: "z"'), ("{}[5]", "Missing map key: 5"),
        ("{}[null]", "Invalid index operation"), ("5[0]", "Invalid index operation"), ("null[0]", "Invalid index operation"),
        ('s := "abc"; s[0] := "x"', "Invalid index assignment"), ("a := [1]; a[1] := 2", "Index out of bounds: 1"),
        ("a := [1]; a[-2] := 2", "Index out of bounds: -2"), ("a := [1]; a[null] := 2", "Invalid index assignment"),
        ("d := {}; d[null] := 2", "Invalid index assignment"), ("n := 1; n[0] := 2", "Invalid index assignment"),
        ("{[1]: 2}", "Dict keys must be strings"), ("{null: 2}", "Dict keys must be strings"), ("[...5]", "Array spread requires an array"),
        ("{...[1]}", "Dict spread requires a dict"), ("a := [[1]]; a[0][1] := 2", "Index out of bounds: 1"),
        ("a := [[1]]; a[1][0] := 2", "Index out of bounds: 1"), ('d := {}; d["a"]["b"] := 2', 'Missing map key: "a"'),
        ("p := P { x: 1 }; p.y.z := 2", "Field not found: y"), ("p := P { x: 1 }; p.x.z := 2", "Cannot access field or method 'z' on non-struct value"),
        ("p := P { x: 1 }; print(p.y)", "Field not found: y"), ("n := 1; print(n.x)", "Cannot access field or method 'x' on non-struct value"),
        ("n := 1; n.x := 2", "Cannot access field or method 'x' on non-struct value"),
    ],
)  # fmt: skip
def test_errors_of_places(err, caught, out, statement, message):
    text = statement if ":=" in statement else f"print({statement})" if not statement.startswith("p :=") else statement
    assert err(text) == message
    assert caught(text) == message
    assert out(f"func f() {{ {text} }} try {{ f() }} except e {{ print(e.message, e.stack) }}") == [f"{message} [f]"]


COPIES = {
    "assigning": "mut b := a; b[0] := 9",
    "declaring": "let b := a; mut c := b; c[0] := 9",
    "passing": "func f(x) { x[0] := 9; return x } f(a)",
    "passing a literal's name twice": "func f(x, y) { x[0] := 9; return y } print(f(a, a)[0])",
    "returning": "func f() { return a } mut b := f(); b[0] := 9",
    "capturing": "func g() { mut v := a; f := func() { v[0] := 9; return v }; f(); return v } g()",
    "an array": "mut b := [a, a]; b[0][0] := 9; print(b[1][0])",
    "a dict": 'mut d := {"k": a}; d["k"][0] := 9',
    "a struct": "mut p := P { f: a }; p.f[0] := 9",
    "a tag": "match E::T(a) { case E::T(x): { x[0] := 9 } }",
    "a result": "match Ok(a) { case Ok(x): { x[0] := 9 } }",
    "an unwrapped result": "func f() { mut x := Ok(a)?; x[0] := 9; return x } f()",
    "spreading": "mut b := [...a]; b[0] := 9",
    "spreading nested": "mut b := [...[a]]; b[0][0] := 9",
    "pushing": "mut b := push([], a); b[0][0] := 9",
    "pushing onto": "mut b := push(a, 9); b[0] := 9",
    "looping over it": "for x in [a] { x[0] := 9 }",
    "looping over itself": "for x in a { a2 := a; a2[0] := 9 }",
    "destructuring": "let [x, y] := [a, a]; mut z := x; z[0] := 9; print(y[0])",
    "the rest": "let [x, ...r] := [1, a]; mut z := r; z[0][0] := 9",
    "a dict pattern": 'let {k} := {"k": a}; mut z := k; z[0] := 9',
    "mapping": "map([a], func(x) { x[0] := 9; return x })",
    "concatenating": "mut b := concat(a, [1]); b[0] := 9",
    "an element out of a nested array": "mut m := [[1, 2], a]; mut row := m[1]; row[0] := 9; print(m[1][0])",
    "a conditional": "mut b := null ?? a; b[0] := 9",
    "a pipe": "func f(x) { x[0] := 9; return x } a |> f",
    "a thrown struct": "try { throw(P { message: \"m\", cause: a }) } except e { e.cause[0] := 9 }",
    "a method": "struct P { func m(self, x) { x[0] := 9; return x } } (P { f: a }).m(a)",
    "self": "struct P { func m(self) { self2 := self; self2.f[0] := 9; return self2 } } mut p := P { f: a }; p.m(); print(p.f[0])",
}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("place", ["global", "local"])
def test_a_copy_does_not_see_changes(out, way, place):
    text = f"mut a := [1, 2]; {COPIES[way]}; print(a)"
    if place == "local":
        if "func f() { return a }" in text or "func g()" in text:
            text = text.replace("func f() { return a }", "f := func() { return a };").replace("func g()", "g := func()")
            text = text.replace("return v } g()", "return v }; g()")
        text = f"func main() {{ {text} }} main()" if "struct" not in text else text
    assert out(text)[-1] == "[1, 2]"
    assert "9" not in "".join(out(text)[:-1])


@pytest.mark.parametrize("kind", ["int", "float", "bool", "mixed"])
def test_a_stored_array_changes_what_it_stores(out, kind):
    first = {"int": "1, 2", "float": "1.5, 2.5", "bool": "true, false", "mixed": '1, "a"'}[kind]
    assert out(f'mut a := [{first}]; a[0] := 7; a[1] := 2.5; b := a; a[0] := "s"; a := push(a, null); print(a, b)') == [
        "[s, 2.5, null] [7, 2.5]"
    ]


def test_equality_of_what_python_holds(out):
    assert out('print([bytes([1])] == [bytes([1])], bytes([1]) == bytes([2]), {"a": bytes([2])} == {"a": bytes([2])})') == ["true false true"]
    assert out("f := func(x) { return x } print([f] == [f], [len] == [len], contains([f], f), index_of([1, f], f), f == len)") == [
        "true true true 1 false"
    ]
    assert out("func k(n) { return func() { return n } } g := k(1); print(g == g, [g] == [g], contains([k(1), g], g), k(1) == g)") == [
        "true true true false"
    ]


def test_places_inside_places(out):
    assert out("mut m := [[1, 2], [3, 4]]; m[0][1] := 9; m[-1][-2] := 8; print(m)") == ["[[1, 9], [8, 4]]"]
    assert out("mut m := [[[0]]]; m[0][0][0] := m; print(m)") == ["[[[[[[0]]]]]]"]
    assert out('mut a := P { b: [P { c: 1 }] }; a.b[0].c := 5; a.b[0].d := [1]; a.b[0].d[0] := 2; print(a)') == [
        "P { b: [P { c: 5, d: [2] }] }"
    ]
    assert out('mut a := [P { d: {"k": [1]} }]; b := a; a[0].d["k"][0] := 2; a[0].d["n"] := 3; print(a, b)') == [
        '[P { d: {"k": [2], "n": 3} }] [P { d: {"k": [1]} }]'
    ]
    assert out("mut a := [1, 2, 3]; a[1] += 5; a[a[0]] *= 2; print(a)") == ["[1, 14, 3]"]
    assert out('mut d := {}; d["a"] := {}; d["a"]["b"] := 1; d.c := 2; d["a"].e := 3; print(d, d.c, d.nope)') == [
        '{"a": {"b": 1, "e": 3}, "c": 2} 2 null'
    ]
    assert out("mut d := {}; d.a := {}; d.a.b := [1]; d.a.b[0] := d; d.a.c := 3; e := d; d.a.c := 4; print(d, e.a.c)") == [
        '{"a": {"b": [{"a": {"b": [1]}}], "c": 4}} 3'
    ]
    deep = ".a[0]" * 10
    make = "mut p := 5; for i in 10 { p := P { a: [p] } }"
    assert out(f"{make} q := p; p{deep} := 7; print(p{deep}, q{deep}); try {{ p{deep}.x.y := 1 }} except e {{ print(e.message) }}") == [
        "7 5", "Cannot access field or method 'x' on non-struct value",
    ]  # fmt: skip
    assert out("mut a := [0, 0]; mut i := 0; a[i] := i + 1; i := 1; a[i] := a; print(a)") == ["[1, [1, 0]]"]
    assert out("func f() { mut m := [[1.5], [2.5]]; m[0][0] := m[1][0]; m[1][0] += 1; return m } print(f())") == ["[[2.5], [3.5]]"]


def test_the_value_comes_before_the_indices(out):
    text = 'func s(x) { print(x); return x } mut a := [[1, 2], [3, 4]]; a[s(1)][s(0)] := s(7); print(a)'
    assert out(text) == ["7", "1", "0", "[[1, 2], [7, 4]]"]
    assert out('func s(x) { print(x); return x } mut a := [1, 2]; try { a[s(5)] := s(7) } except e { print(e.message) } print(a)') == [
        "7", "5", "Index out of bounds: 5", "[1, 2]",
    ]  # fmt: skip


def test_a_failed_change_leaves_everything(out):
    assert out("mut a := [[1], [2]]; b := a; try { a[0][5] := 9 } except e { } print(a, b)") == ["[[1], [2]] [[1], [2]]"]
    assert out('mut d := {"a": [1]}; try { d["a"]["x"] := 9 } except e { } print(d)') == ['{"a": [1]}']


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('mut d := {"1": "a"}; d[1] := "b"; print(len(d), d["1"], d[1])', ["1 b b"]),
        ('d := {1: "a", "01": "b", "1": "c", "-3": "d", -3: "e", "-0": "f"}; print(d, len(d))', ['{"-0": f, "-3": e, "01": b, "1": c} 4']),
        ('for k in {"b": 1, "a": 2, 3: 4} { print(k, type(k)) }', ["b string", "a string", "3 string"]),
        ('print({"b": 1, "a": 2, "é": 3, "B": 4})', ['{"B": 4, "a": 2, "b": 1, "é": 3}']),
        ('print({10: 1, 9: 2, -1: 3})', ['{"-1": 3, "9": 2, "10": 1}']),
        ('print(keys({"b": 1, "a": 2}), values({"b": 1, "a": 2}))', ["[a, b] [2, 1]"]),
        ('print({...{"a": 1, "b": 2}, "a": 3, ...{"b": 4}})', ['{"a": 3, "b": 4}']),
        ('print({"a": 1, "a": 2})', ['{"a": 2}']),
        ('print({1.5: 2, 2.0: 3})', ['{"1.5": 2, "2": 3}']),
        ('name := "k"; print({name: 1, "x" + name: 2})', ['{"k": 1, "xk": 2}']),
        ('d := {"9223372036854775807": 1, "9223372036854775808": 2}; print(d[9223372036854775807], len(d))', ["1 2"]),
        ('mut d := {}; for i in 100 { d[i * 7 % 100] := i } mut s := 0; for k in d { s += d[k] } print(s, len(d), d["7"], d[93])', ["4950 100 1 99"]),
        ('mut d := {"a": 1}; d["b"] := d; d["b"]["a"] := 2; print(d)', ['{"a": 1, "b": {"a": 2}}']),
        ('mut d := {"a": 1}; e := d; d["a"] := 5; print(d, e)', ['{"a": 5} {"a": 1}']),
    ],
)  # fmt: skip
def test_dicts(out, text, lines):
    assert out(text) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("print([...[1, 2], 3, ...[], ...[4.5]])", ["[1, 2, 3, 4.5]"]),
        ("let [a, [b, ...c], ...d] := [1, [2, 3, 4], 5]; print(a, b, c, d)", ["1 2 [3, 4] [5]"]),
        ("[a, b] := [1]; print(a, b)", ["1 null"]),
        ('let {x, y, ...r} := {"x": 1, "z": 2}; print(x, y, r)', ['1 null {"z": 2}']),
        ("let [_, b] := [1, 2]; print(b)", ["2"]),
        ("func f() { mut [a, b] := [1, 2]; [a2, b2] := [b, a]; return [a2, b2] } print(f())", ["[2, 1]"]),
    ],
)
def test_spread_and_destructuring(out, text, lines):
    assert out(text) == lines


@pytest.mark.parametrize(
    ("statement", "message"),
    [("let [a] := 5", "Array destructuring requires an array"), ("let [a] := {}", "Array destructuring requires an array"),
     ("let {a} := [1]", "Dict destructuring requires a dict"), ("let [a, [b]] := [1, 2]", "Array destructuring requires an array")],
)  # fmt: skip
def test_errors_of_destructuring(err, caught, statement, message):
    assert err(statement) == message
    assert caught(statement) == message
