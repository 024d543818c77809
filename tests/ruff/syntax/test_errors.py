"""What is wrong, where, what to do about it, and that one run tells several."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.machine.source import Diagnostic

Failures = Callable[[str], list[Diagnostic]]


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("print((1 + 2)\n", "RUFPARSE001", "Expected ')' to close function call arguments but found end of file"),
        ("let := 1", "RUFPARSE001", "Expected a name to declare but found ':='"),
        ("let test := 1", "RUFPARSE001", "Expected a name to declare but found keyword 'test'"),
        ("let x 5", "RUFPARSE001", "Expected ':=' or '=' in declaration but found number 5"),
        ("const [a] := b", "RUFPARSE001", "Expected a name to declare but found '['"),
        ("a := b := 1", "RUFPARSE002", "Chained assignment is not supported; split the assignment into separate statements"),
        (
            "let a := b += 1",
            "RUFPARSE002",
            "Chained assignment is not supported; split the assignment into separate statements",
        ),
        ("1 = 2", "RUFPARSE002", None),
        ("f() := 2", "RUFPARSE002", None),
        ("f().x := 2", "RUFPARSE002", None),
        ("a?.b := 2", "RUFPARSE002", None),
        ("a + b := 2", "RUFPARSE002", None),
        ("(a).b := 2", "RUFPARSE002", None),
        ("-a := 2", "RUFPARSE002", None),
        ("self := 2", "RUFPARSE002", None),
        ("a[func() {}] += 1", "RUFPARSE002", "A function cannot be part of the target of '+='"),
        ("break", "RUFPARSE003", "break can only be used inside a loop"),
        ("while x { f := func() { continue } }", "RUFPARSE003", "continue can only be used inside a loop"),
        ("loop { spawn { break } }", "RUFPARSE003", "break can only be used inside a loop"),
        ("func f() { yield 1 }", "RUFPARSE003", "yield can only be used inside a generator"),
        ("func f(a, self) {}", "RUFPARSE003", "'self' must be the first parameter"),
        ("x := func(self) {}", "RUFPARSE003", "'self' cannot be a parameter of a function without a name"),
        ("func f(a, b, a) {}", "RUFPARSE004", "Duplicate parameter name: a"),
        ("match x { default: {} default: {} }", "RUFPARSE004", None),
        ("x := [" + "1," * 4097 + "]", "RUFPARSE005", "Array literal has more than 4096 items"),
        ("let x: Point := 1", "RUFPARSE006", "Unknown type 'Point'"),
        ("func f(x: Map<a>) {}", "RUFPARSE006", "Unknown type 'Map'"),
        ("func f() -> Result<int, int> {}", "RUFPARSE001", "Expected a return type but found name 'Result'"),
        ("struct S { func* g() { yield 1 } }", "RUFPARSE008", "Generator methods are not supported for structs: S.g"),
        ("}", "RUFPARSE001", "Expected a statement but found '}'"),
        ("else { }", "RUFPARSE001", "Expected a statement but found keyword 'else'"),
        ("try { }", "RUFPARSE001", "Expected 'except' after try block but found end of file"),
        ("try { } except { }", "RUFPARSE001", "Expected a name for the error after 'except' but found '{'"),
        ("match x { case 1: { } }", "RUFPARSE001", "Expected a name as case pattern but found number 1"),
        ("match x { case E::A(a, b): { } }", "RUFPARSE001", "Expected ')' to close case pattern but found ','"),
        ("for k, v in d { }", "RUFPARSE001", "Expected 'in' after loop variable but found ','"),
        ("func f(a = 1) { }", "RUFPARSE001", "Expected ')' to close parameters but found '='"),
        ("export export x := 1", "RUFPARSE001", None),
        ("test x { }", "RUFPARSE001", "Expected a string as title of the test but found name 'x'"),
        ("if x = 5 { }", "RUFPARSE001", "Expected '{' to open block but found '='"),
        ("func f() {", "RUFPARSE001", "Expected '}' to close block but found end of file"),
        ("import a.b", "RUFPARSE001", None),
        ("enum E { A(int) }", "RUFPARSE001", "Expected '}' to close enum but found '('"),
    ],
)
def test_first_finding(failures: Failures, text: str, code: str, message: str | None) -> None:
    found = failures(text)
    assert found[0].code == code
    assert message is None or found[0].message == message
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("if a { } elif b { }", "elif"),
        ("if a { }\nelif (b) { }", "elif"),
        ("if a { } elseif b { }", "elseif"),
        ("x := a and b", "and"),
        ("x := not b", "not"),
        ("def f(x) { return x }", "def"),
        ("fn f(x) { return x }", "fn"),
        ("function f(x) { return x }", "function"),
        ("var x := 5", "var"),
        ("class A { x: int }", "class"),
        ("switch (x) { }", "switch"),
        ("try { } except e { } finally { x() }", "finally"),
    ],
)
def test_words_of_other_languages(failures: Failures, text: str, word: str) -> None:
    found = failures(text)
    assert (found[0].code, found[0].message) == ("RUFPARSE007", f"Unknown keyword '{word}'")
    assert text[slice(*found[0].span)] == word
    assert found[0].hint


@pytest.mark.parametrize("text", ["if a and b { }", "while not a { }", "if x = 1 { }", "x++ ;", "let x := int(3)", "[a || b]"])
def test_hints(failures: Failures, text: str) -> None:
    assert failures(text)[0].hint


@pytest.mark.parametrize("text", ["var := 1", "do := 2\nprint(do)", "and(1)\nx := 1", "is.x := 3", "f(not)"])
def test_such_words_are_names_all_the_same(program: Callable[[str], str], text: str) -> None:
    program(text)


def test_several_errors_in_one_go(failures: Failures) -> None:
    text = """
let = 1
func f(a, a) {
    x := (1 + ]
    y := 2
    while y { z = = 3 }
    return [1, 2
}
struct P { x: int, 5 }
print("fine")
let b: Point := 3
g(1,
"""
    found = failures(text)
    lines = [text[: item.span[0]].count("\n") + 1 for item in found]
    assert lines == [2, 3, 4, 6, 8, 9, 11, 13]


def test_an_error_in_a_body_does_not_end_it(failures: Failures) -> None:
    found = failures("func f() {\n  let 5\n  x := 1\n}\nfunc g() {\n  if x { let 6 }\n}\n")
    assert [item.message for item in found] == [
        "Expected a name to declare but found number 5",
        "Expected a name to declare but found number 6",
    ]


def test_a_missing_brace_is_told_once(failures: Failures) -> None:
    found = failures("func f() {\n if x {\n  while y {\n")
    assert len(found) == 1
    assert found[0].notes == ["'{' was opened at line 3, column 11"]


def test_at_most_twenty(failures: Failures) -> None:
    assert len(failures("let 5\n" * 1000)) == 20


def test_lexical_and_syntactic_findings_together(failures: Failures) -> None:
    found = failures('x := "\\q"\nlet 5\ny := 1_0\n@ let')
    assert [item.code for item in found] == ["RUFLEX005", "RUFPARSE001", "RUFLEX007", "RUFLEX001"]
    assert [item.span for item in found] == sorted(item.span for item in found)
