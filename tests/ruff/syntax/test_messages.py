"""The exact words of what a user gets for the usual slips: the message, the place it points at, the advice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.machine.source import Diagnostic

Failures = Callable[[str], list[Diagnostic]]


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("x := 'abc'", "'abc'", "Invalid character: '''", 'strings are written with double quotes: "text"'),
        ("if x === 1 { }", "=", "Expected an expression but found '='", "Ruff has no '==='; write '=='"),
        ("if x !== 1 { }", "=", "Expected an expression but found '='", "Ruff has no '!=='; write '!='"),
        ("y := x ? 1 : 2", "1", "Expected the end of the statement but found number 1", "Ruff has no 'a ? b : c'; use 'if' and 'else' statements"),
        ("f(x ? 1 : 2)", "1", "Expected ')' to close function call arguments but found number 1", "Ruff has no 'a ? b : c'; use 'if' and 'else' statements"),
        ("x++", "+", "Expected an expression but found '+'", "Ruff has no '++'; write 'x += 1'"),
        ("x--", "", "Expected an expression but found end of file", "Ruff has no '--'; write 'x -= 1'"),
        ("func f(a, b = 2) { }", "=", "Expected ')' to close parameters but found '='", "parameters have no default values"),
        ("for k, v in d { }", ",", "Expected 'in' after loop variable but found ','", "a loop has one variable; use 'for key in dict' and dict[key]"),
        ("for (i in xs) { }", "(", "Expected a name for the loop variable but found '('", "write 'for name in values { }' without parentheses"),
        ("for i := 0; i < 3; i += 1 { }", ":=", "Expected 'in' after loop variable but found ':='", "to count, write 'for i in 10 { }' or 'for i in range(first, last) { }'"),
        ("for (let i = 0; i < 3; i++) { }", "(", "Expected a name for the loop variable but found '('", "to count, write 'for i in 10 { }' or 'for i in range(first, last) { }'"),
        ("while (x < 3) print(x)", "print", "Expected '{' to open block but found name 'print'", "a block stands in braces, even a single statement: { ... }"),
        ("if (x) print(x)", "print", "Expected '{' to open block but found name 'print'", "a block stands in braces, even a single statement: { ... }"),
        ("if x then { }", "then", "Expected '{' to open block but found name 'then'", "'then' is not a word of Ruff; write '{' and '}' around the statements"),
        ("if x: print(1)", ":", "Expected '{' to open block but found ':'", "a block stands in braces, without ':': { ... }"),
        ("func f(): { }", ":", "Expected '{' to open block but found ':'", "a block stands in braces, without ':': { ... }"),
        ("func f(a) = a + 1", "=", "Expected '{' to open block but found '='", "the body of a function is a block: { return ... }"),
        ("x = > 3", ">", "Expected an expression but found '>'", "a value must follow '='"),
        ("x => x + 1", ">", "Expected an expression but found '>'", "Ruff has no '=>'; a function is written 'func(x) { return ... }'"),
        ("f := (a, b) => a + b", ",", "Expected ')' to close parenthesis but found ','", "a function is written 'func(a, b) { return ... }'"),
        ("f := lambda x: x", "lambda", "Unknown keyword 'lambda'", "write 'func(x) { return ... }'"),
        ("let x = y = 3", "=", "Chained assignment is not supported; split the assignment into separate statements", ""),
        ('print("a" "b")', '"b"', "Expected ')' to close function call arguments but found a string", "is a ',' missing?"),
        ("x := [1, 2, 3", "", "Expected ']' to close array literal but found end of file", ""),
        ("d := {a: 1, b: 2", "", "Expected '}' to close dict literal but found end of file", ""),
        ('d := {"a" = 1}', "=", "Expected ':' after dict key but found '='", "a key and its value are separated by ':'"),
        ('d := {"a": 1 "b": 2}', '"b"', "Expected '}' to close dict literal but found a string", "is a ',' missing?"),
        ("x := [1 2]", "2", "Expected ']' to close array literal but found number 2", "is a ',' missing?"),
        ("f(1 2)", "2", "Expected ')' to close function call arguments but found number 2", "is a ',' missing?"),
        ("x := a[1:2]", ":", "Expected ']' to close index but found ':'", "a part is taken with slice(array, start, end) or substring(text, start, end)"),
        ("x := 2 ** 3", "*", "Expected an expression but found '*'", "Ruff has no '**'; use pow(a, b)"),
        ("x := 1 << 2", "<", "Expected an expression but found '<'", "Ruff has no '<<'; use bit_shl(a, b)"),
        ("x := a ^ b", "^", "Invalid character: '^'", "use bit_xor(a, b) for bits, pow(a, b) for powers"),
        ("x := !x and y", "and", "Unknown keyword 'and'", "write '&&'"),
        ("if x = 5 { }", "=", "Expected '{' to open block but found '='", "'=' assigns; compare with '=='"),
        ("try { x() } catch (e) { }", "catch", "Expected 'except' after try block but found name 'catch'", "write 'except name { }'"),
        ("try { x() } except (e) { }", "(", "Expected a name for the error after 'except' but found '('", "write 'except error { }' without parentheses"),
        ("try { x() }", "", "Expected 'except' after try block but found end of file", "a 'try' needs an 'except name { }'"),
        ("try { x() } except e { } finally { }", "finally", "Unknown keyword 'finally'", "Ruff has no 'finally'; write what must happen after the 'try' and its 'except'"),
        ("match x { 1 => { } }", "1", "Expected 'case', 'default' or '}' in match but found number 1", "a case is written 'case Tag(x): { ... }'"),
        ("match x { case 1: { } }", "1", "Expected a name as case pattern but found number 1", "a case is a tag such as Ok(x) or Color::Red; compare values with 'if'"),
        ("match x { case Ok(v) => { } }", "=", "Expected ':' after case pattern but found '='", "a case is written 'case Tag(x): { ... }'"),
        ("match x { case Ok(v): print(v) }", "print", "Expected '{' to open block but found name 'print'", "a block stands in braces, even a single statement: { ... }"),
        ("switch x { case 1: { } }", "switch", "Unknown keyword 'switch'", "write 'match value { case Tag: { } }' for tags, or 'if' and 'else if' for values"),
        ("struct P { x int }", "int", "Expected a field, 'func' or '}' in struct but found keyword 'int'", "a field is written 'x: int'"),
        ("struct P { x: int; func m() { } ", "", "Expected '}' to close struct but found end of file", ""),
        ("struct P { let x: int }", "let", "Expected a field, 'func' or '}' in struct but found keyword 'let'", "a field is written 'name: type', without 'let'"),
        ("class P { }", "class", "Unknown keyword 'class'", "write 'struct'"),
        ("enum E { A = 1, B }", "=", "Expected '}' to close enum but found '='", "tags have no values of their own"),
        ("enum E { }", "}", "Expected a name of an enum tag but found '}'", "an enum has at least one tag"),
        ('import "foo"', '"foo"', "Expected a name of a module but found a string", "the name is written without quotes and without '.ruff'"),
        ("import foo as f", "as", "Expected the end of the import but found name 'as'", "Ruff has no 'as'; assign the import to another name: short := name"),
        ("from foo import *", "*", "Expected a name to import but found '*'", "'import foo' imports everything that the module exports"),
        ("from foo import a as b", "as", "Expected the end of the import but found name 'as'", "Ruff has no 'as'; assign the import to another name: short := name"),
        ("let 5 := x", "5", "Expected a name to declare but found number 5", ""),
        ("const X", "", "Expected ':=' or '=' in declaration but found end of file", "a variable is declared with a value, be it null"),
        ("let x", "", "Expected ':=' or '=' in declaration but found end of file", "a variable is declared with a value, be it null"),
        ("let x: int", "", "Expected ':=' or '=' in declaration but found end of file", "a variable is declared with a value, be it null"),
        ('let x: str := "a"', "str", "Unknown type 'str'", "did you mean 'string'?"),
        ("let x: Array<int> := []", "Array", "Unknown type 'Array'", "the types are int, float, string, bool, Result<T, E> and Option<T>; for others leave the annotation out"),
        ("func f() -> void { }", "void", "Expected a return type but found name 'void'", "a return type is int, float, string or bool; for others leave '-> void' out"),
        ("f() = 3", "=", "Expected a variable, field or element before '=' but found another expression", "only a name, a field or an element of a variable can be assigned to; compare with '=='"),
        ('"a" := 3', ":=", "Expected a variable, field or element before ':=' but found another expression", "only a name, a field or an element of a variable can be assigned to"),
        ('x := "abc', '"abc', "Unterminated string: expected '\"'", "strings end with '\"' on the line on which they begin; write \\n for a line break"),
        ('x := "a ${b"', "${", "Unterminated interpolation: expected '}'", "an interpolation ends at its '}' on the same line"),
        ('x := "a ${} b"', "", "Expected an expression but found end of interpolation", "an interpolation holds an expression: ${value}"),
        ("x := 5.", "", "Expected a field or method name after '.' but found end of file", "a float needs digits after its dot"),
        ("x := .5", ".", "Expected an expression but found '.'", "a float needs a digit before its dot: 0.5"),
        ("x := 1e5", "1e5", "Malformed numeric literal: 1e5", "numbers have no exponent; write the digits, or use pow(10, n)"),
        ("x := 0x10", "0x10", "Malformed numeric literal: 0x10", "numbers are written in decimal digits only"),
        ("x := 1_000", "1_000", "Malformed numeric literal: 1_000", "write 1000"),
        ("@decorator", "@", "Invalid character: '@'", "Ruff has no decorators"),
        ("x := a &b", "&", "Expected a statement but found '&'", "write '&&', or bit_and(a, b) for the bits of integers"),
        ("x := a | b", "|", "Expected a statement but found '|'", "write '||', or bit_or(a, b) for the bits of integers"),
        ("x := a..b", "..", "Expected a statement but found '..'", "Ruff has no '..'; use range(first, last), or '...' to spread an array"),
        ("else { }", "else", "Expected a statement but found keyword 'else'", "'else' follows the '}' of an 'if'"),
        ("if a { } else if { }", "", "Expected '{' to open block but found end of file", "the '{ }' before this is read as a dict: what stands before the block is missing"),
        ("if { }", "", "Expected '{' to open block but found end of file", "the '{ }' before this is read as a dict: what stands before the block is missing"),
        ("while { }", "", "Expected '{' to open block but found end of file", "the '{ }' before this is read as a dict: what stands before the block is missing"),
        ("for x in { }", "", "Expected '{' to open block but found end of file", "the '{ }' before this is read as a dict: what stands before the block is missing"),
        ("func f( { }", "{", "Expected a name as parameter but found '{'", "is a ')' missing?"),
        ("func f(a b) { }", "b", "Expected ')' to close parameters but found name 'b'", "is a ',' missing? A type follows its name: a: int"),
        ("func { }", "{", "Expected a name for the function but found '{'", ""),
        ("func 5() { }", "5", "Expected a name for the function but found number 5", ""),
        ("x.5", "5", "Expected a field or method name after '.' but found number 5", "an element is read with brackets: value[0]"),
        ("x.", "", "Expected a field or method name after '.' but found end of file", ""),
        ("x[", "", "Expected an expression but found end of file", ""),
        ("(", "", "Expected an expression but found end of file", ""),
        (")", ")", "Expected a statement but found ')'", "this bracket closes nothing"),
        ("]", "]", "Expected a statement but found ']'", "this bracket closes nothing"),
        ("x := )", ")", "Expected an expression but found ')'", "a value must follow ':='"),
        ("let if := 3", "if", "Expected a name to declare but found keyword 'if'", "'if' is a reserved word; choose another name"),
        ("await", "", "Expected an expression but found end of file", ""),
        ("x := async 5", "async", "Expected an expression but found keyword 'async'", "'async' is a reserved word; it cannot be used as a variable"),
        ("spawn f()", "f", "Expected '{' to open block but found name 'f'", "a block stands in braces, even a single statement: { ... }"),
        ('test "a" ', "", "Expected '{' to open block but found end of file", ""),
        ('test_group "g"', "", "Expected '{' to open block but found end of file", ""),
        ("break", "break", "break can only be used inside a loop", ""),
        ("yield 3", "yield", "yield can only be used inside a generator", "declare the function with 'func*'"),
        ("p := P { x = 1 }", "=", "Expected ':' after dict key but found '='", "a key and its value are separated by ':'"),
        ("p := P { x: 1 y }", "y", "Expected '}' to close struct literal but found name 'y'", "is a ',' missing?"),
        ("x := y if z else w", "else", "Expected '{' to open block but found keyword 'else'", "Ruff has no 'a if b else c'; use 'if' and 'else' statements"),
        ("do { } while x", "do", "Unknown keyword 'do'", "Ruff has no 'do'; use 'loop { }' with 'break'"),
        ("print(x;", ";", "Expected ')' to close function call arguments but found ';'", ""),
        ("a, b := [1, 2]", ",", "Expected a statement but found ','", "several variables at once are written '[a, b] := values'"),
        ("let a, b := f()", ",", "Expected ':=' or '=' in declaration but found ','", "several variables at once are written 'let [a, b] := values'"),
        ("x += ", "", "Expected an expression but found end of file", "a value must follow '+='"),
        ("x +", "", "Expected an expression but found end of file", "a value must follow '+'"),
        ("let x := ", "", "Expected an expression but found end of file", "a value must follow ':='"),
        ("def f(x): return x", "def", "Unknown keyword 'def'", "functions are declared with 'func'"),
        ('print(f"a {x}")', '"a {x}"', "Expected ')' to close function call arguments but found a string", "strings have no prefix 'f'; every string interpolates: \"${value}\""),
        ("null := 3", ":=", "Expected a variable, field or element before ':=' but found another expression", "only a name, a field or an element of a variable can be assigned to"),
        ("true = 3", "=", "Expected a variable, field or element before '=' but found another expression", "only a name, a field or an element of a variable can be assigned to; compare with '=='"),
        ("x := \"a\" 'b'", "'b'", "Invalid character: '''", 'strings are written with double quotes: "text"'),
        ("i := i + 1 }", "}", "Expected a statement but found '}'", "this brace closes nothing"),
    ],
)
def test_a_slip(failures: Failures, text: str, place: str, message: str, hint: str) -> None:
    (found,) = failures(text)
    assert (text[slice(*found.span)], found.message, found.hint) == (place, message, hint)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("x := [1, 2\ny := 3", ["'[' was opened at line 1, column 6"]),
        ("print((1 + 2)\n", ["'(' was opened at line 1, column 6"]),
        ("struct P { x: int", ["'{' was opened at line 1, column 10"]),
        ("match x { case Ok(v): { }", ["'{' was opened at line 1, column 9"]),
        ("if a {\n  while b {\n    c()\n} else { }", ["'{' was opened at line 1, column 6"]),
    ],
)
def test_the_bracket_that_is_open(failures: Failures, text: str, notes: list[str]) -> None:
    assert failures(text)[0].notes == notes


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("for (let i = 0; i < 3; i++) { print(i) }\nlet 5", [1, 2]),
        ("x := 'a'\ny := 'b'\nz := 1", [1, 2]),
        ("if x then { }\nif y then { }", [1, 2]),
        ("a := b ? 1 : 2\nc := d ? [1] : 2\nprint(e ? 1 : 2)", [1, 2, 3]),
        ("func f(a {\n  return a\n}\nlet 5", [1, 4]),
        ("match x {\n  case 1: { }\n  case 2: { let 6 }\n  case Ok(v): { let 7 }\n  3 => { }\n}\nlet 5", [2, 3, 4, 5, 7]),
        ("struct P {\n  let x: int\n  y int\n  func f(self) { let 6 }\n  func (x) { }\n  z: int\n}\nlet 5", [2, 3, 4, 5, 8]),
        ("try { a() } catch e { b() }\nlet 5", [1, 2]),
        ("if a {\n  while b {\n    c()\n} else {\n  d()\n}\nlet 5", [4, 7]),
        ("try {\n  if a {\n    c()\n} except e {\n  d()\n}\nlet 5", [4, 7]),
        ("func f() {\n  if a {\n    x := func() { b()\n  } else { c() }\n}", [4]),
    ],
)
def test_each_mistake_is_told_once(failures: Failures, text: str, lines: list[int]) -> None:
    found = failures(text)
    assert [text[: item.span[0]].count("\n") + 1 for item in found] == lines


@pytest.mark.parametrize("text", ["x := a?\ny := 1", "x := f(a?, b)", "x := a? y := {\"k\": 1}", "m := a? -1", "as := 1", "import a\nas := 1"])
def test_what_looks_like_a_slip_and_is_none(program: Callable[[str], str], text: str) -> None:
    program(text)


def test_indentation_tells_where_a_brace_is_missing(failures: Failures) -> None:
    (found,) = failures("func f() {\n    if a {\n        b()\n    return 1\n}\nfunc g() {\n}\n")
    assert found.message == "Expected '}' to close block but found end of file"
    assert found.hint == "a '}' is missing before line 5: its '}' closes the '{' of line 2, which stands further right"
    (found,) = failures("func f() {\n    if a {\n        b()\n    }\n")
    assert found.hint == ""


def test_a_missing_comma_or_bracket(failures: Failures) -> None:
    assert failures("f(1\nx := 2")[0].hint == "is a ',' or a ')' missing at the end of the line before?"
    assert failures("f(1 2)")[0].hint == "is a ',' missing?"
