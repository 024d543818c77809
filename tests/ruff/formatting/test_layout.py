"""What programs look like afterwards: before and after, side by side."""

from __future__ import annotations

import pytest

from pagoda.languages.ruff.formatting.program import format_source
from pagoda.machine.source import DiagnosticError, Source

LINES = {
    # spaces
    "let   x:int=5": "let x: int = 5",
    "x:=-1+ - 2*!y": "x := -1 + -2 * !y",
    "f (a,b) [ 0 ] . c": "f(a, b)[0].c",
    'd := { "a": 1 , ...e }': 'd := {"a": 1, ...e}',
    "p := P{x:1,y:2}": "p := P { x: 1, y: 2 }",
    "p := P { x: 1 y: 2 }": "p := P { x: 1, y: 2 }",
    "p := P{ }": "p := P {}",
    "a . b ?. c ? . d": "a.b?.c? .d",
    "r := x ? ?": "r := x? ?",
    "let r:Result<int,Option<string>> = Ok( 1 )": "let r: Result<int, Option<string>> = Ok(1)",
    "c := Color :: Red( 1 )": "c := Color::Red(1)",
    "a   |>f|>   g( 1 )": "a |> f |> g(1)",
    "x += 1 ;": "x += 1",
    "if (x) {y()}": "if (x) { y() }",
    "return(1)": "return (1)",
    "f := func * ( ) { yield 1 }": "f := func*() { yield 1 }",
    "async func f(a:int,b)->int{return 1}": "async func f(a: int, b) -> int { return 1 }",
    "[ a,...b ]:=c": "[a, ...b] := c",
    "{ a ,...b }:=c": "{a, ...b} := c",
    "from a . b import c,d": "from a.b import c, d",
    "enum E{A,B}": "enum E { A, B }",
    "struct P{x:int,y:int}": "struct P { x: int, y: int }",
    "struct P{x:int y:Foo<int>}": "struct P { x: int, y: Foo<int> }",
    'test   "t"{ assert( true ) }': 'test "t" { assert(true) }',
    "try{f()}except e{g( e )}": "try { f() } except e { g(e) }",
    "for i in range( 3 ){print( i )}": "for i in range(3) { print(i) }",
    "while x{break}": "while x { break }",
    "func f(){}": "func f() {}",
    "func f() { /* nothing */ }": "func f() { /* nothing */ }",
    "x := 1 /* one */ + 2 // two": "x := 1 /* one */ + 2 // two",
    "f( /* none */ )": "f(/* none */)",
    '"a ${ f( "b" ) } \\n \\$ c"': '"a ${ f( "b" ) } \\n \\$ c"',
    "x := 007 + 1.50": "x := 007 + 1.50",
    # what may not be joined or taken away
    "x := 1; (2)": "x := 1;\n(2)",
    "x := y;[0]": "x := y;\n[0]",
    "x := 5;-3": "x := 5;\n-3",
    "return;5": "return;\n5",
    "x := P ; {a} := b": "x := P;\n{a} := b",
    "x := 5\n-3": "x := 5 - 3",
    "f\n(2)": "f(2)",
    "a := 1; b := 2;; c := 3;": "a := 1\nb := 2\nc := 3",
    # blocks
    "if a { b() c() }": "if a {\n    b()\n    c()\n}",
    "if a {\n b() } else { c() }": "if a {\n    b()\n} else {\n    c()\n}",
    "if a { if b { c() } }": "if a {\n    if b { c() }\n}",
    "f(func(x) { a := x return a })": "f(func(x) {\n    a := x\n    return a\n})",
    "match v { case A::B(x): { print(x) } case C: { } default: { } }": (
        "match v {\n    case A::B(x): { print(x) }\n    case C: {}\n    default: {}\n}"
    ),
    "struct S { x: int\n y: int; func m(self) { return 1 } }": (
        "struct S {\n    x: int\n    y: int\n    func m(self) { return 1 }\n}"
    ),
    # empty lines
    "\n\n\na()\n\n\n\nb()\nc()\n\n": "a()\n\nb()\nc()",
    "if a {\n\n b()\n\n\n c()\n\n}": "if a {\n    b()\n\n    c()\n}",
    # lists that are open in the text, or end in a comma, stay open
    "f(a, b,)": "f(\n    a,\n    b,\n)",
    "f(\na, b)": "f(a, b)",
    '{\n"a": 1, "b": 2}': '{\n    "a": 1,\n    "b": 2,\n}',
    "x := [\n1]": "x := [\n    1,\n]",
    "x := [1,\n2]": "x := [1, 2]",
    "": "",
    " \n ": "",
}


@pytest.mark.parametrize("before", LINES, ids=repr)
def test_layout(fmt, before):
    after = LINES[before]
    assert fmt(before) == (after + "\n" if after else "")


LONG = [
    (
        'result := compute(first_argument, second_argument, "third")',
        """
result := compute(
    first_argument,
    second_argument,
    "third",
)
""",
    ),
    (
        'items := {"first": compute(1, 2, 3), "second": [1, 2, 3], "t": 0}',
        """
items := {
    "first": compute(1, 2, 3),
    "second": [1, 2, 3],
    "t": 0,
}
""",
    ),
    (
        "numbers := [1, 2, 3, 4, 5, 6, 7, -8, 9, 10, 11, 12.5, 13]",
        """
numbers := [
    1, 2, 3, 4, 5, 6, 7, -8, 9, 10, 11,
    12.5, 13,
]
""",
    ),
    (
        "doubled := map(numbers, func(n) { return n * factor + offset })",
        """
doubled := map(numbers, func(n) {
    return n * factor + offset
})
""",
    ),
    (
        'throw({"message": problem.message, "code": problem.code})',
        """
throw({
    "message": problem.message,
    "code": problem.code,
})
""",
    ),
    (
        "total := first_value + second_value * third_value - fourth",
        """
total := first_value +
    second_value * third_value -
    fourth
""",
    ),
    (
        "result := numbers |> filter(positive) |> map(double) |> sum",
        """
result := numbers
    |> filter(positive)
    |> map(double)
    |> sum
""",
    ),
    (
        "found := people.filter(is_adult).map(name_of).take(10).collect()",
        """
found := people
    .filter(is_adult)
    .map(name_of)
    .take(10)
    .collect()
""",
    ),
    (
        "if first_one && second_one || third_condition { stop() }",
        """
if first_one && second_one ||
    third_condition {
    stop()
}
""",
    ),
    (
        "func transfer(source, target, amount: int, note: string) { return 1 }",
        """
func transfer(
    source,
    target,
    amount: int,
    note: string,
) {
    return 1
}
""",
    ),
    (
        'point := Point { horizontal: 1, vertical: 2, name: "x" }',
        """
point := Point {
    horizontal: 1,
    vertical: 2,
    name: "x",
}
""",
    ),
]


@pytest.mark.parametrize(("before", "after"), LONG)
def test_long_lines_break_sensibly(fmt, before, after):
    assert fmt(before, 40) == after.lstrip("\n")
    assert fmt(before, 200) == before + "\n"


def test_a_string_alone_in_a_call_stays_there(fmt):
    assert fmt('print("a string that is long")', 20) == 'print("a string that is long")\n'
    assert fmt('print("a string that is long",)', 20) == 'print(\n    "a string that is long",\n)\n'


def test_a_program_that_would_grow_too_long_is_refused():
    deep = "x := " + "(" * 200 + "1" + ")" * 200 + "\n"
    with pytest.raises(DiagnosticError, match="too long when formatted"):
        format_source(Source("x", deep * 10))


def test_lines_are_as_long_as_they_may(fmt):
    assert fmt("f(aaaa, b)", 10) == "f(aaaa, b)\n"
    assert fmt("f(aaaa, b)", 9) == "f(\n    aaaa,\n    b,\n)\n"
