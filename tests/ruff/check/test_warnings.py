"""What is warned about, word for word, and what only looks as if it were wrong."""

from __future__ import annotations

import pytest

HINT_GLOBAL = "write 'mut sum := ...' for a variable of the function's own, or choose another name"


@pytest.mark.parametrize(
    ("text", "code", "place", "message", "hint"),
    [
        ("count := 1\nprint(coutn + count)", "RUFCHK001", "coutn", "Undefined variable: coutn", "did you mean 'count'?"),
        ("print(uper(\"a\"))", "RUFCHK001", "uper", "Undefined variable: uper", "did you mean 'upper'?"),
        ("print(length(\"a\"))", "RUFCHK001", "length", "Undefined variable: length", "did you mean 'len'?"),
        ("print(\"${nam}\")\nname := 1\nprint(name)", "RUFCHK001", "nam", "Undefined variable: nam", "did you mean 'name'?"),
        ("func f() { return zz }", "RUFCHK001", "zz", "Undefined variable: zz", ""),
        ("print(x)\nx := 1", "RUFCHK001", "x", "Undefined variable: x", "'x' is declared further down, on line 2"),
        ("if true {\n  x := 1\n}\nprint(x)", "RUFCHK001", "x", "Undefined variable: x", "'x' is declared inside another block, on line 2; declare it before that block to use it here"),
        ("func f() { g := func(n) { return g(n) } return g }", "RUFCHK001", "g", "Undefined variable: g", "a function that calls itself is declared with 'func g(...)'"),
        ("func f() { let x := x + 1 return 2 }", "RUFCHK001", "x", "Undefined variable: x", "'x' cannot be used in its own declaration"),
        ("print(nil)", "RUFCHK001", "nil", "Undefined variable: nil", "'nil' is written null"),
        ("func f() { throw \"x\" }", "RUFCHK001", "throw", "Undefined variable: throw", "write throw(value), with parentheses"),
        ("func f() { x := 1 }", "RUFCHK002", "x", "Variable 'x' is never used", "remove it, or begin its name with '_'"),
        ("func f() { mut x := 1 x := 2 }", "RUFCHK002", "x", "Variable 'x' is assigned but never used", "remove it, or begin its name with '_'"),
        ("let [a, b] := [1, 2]\nprint(a)", "RUFCHK002", "b", "Variable 'b' is never used", "remove it, or write '_' in its place"),
        ("func f() { func g() { return g() } }", "RUFCHK002", "func g()", "Function 'g' is never used", "remove it, or call it"),
        ("from m import a", "RUFCHK003", "a", "'a' is imported but never used", "remove it from the import"),
        ("import m", "RUFCHK003", "import m", "Module 'm' is imported but never used", "remove the import"),
        ("func f() { return; print(1) }", "RUFCHK004", "print(1)", "This is never reached: return comes before it", ""),
        ("loop { break; print(1) }", "RUFCHK004", "print(1)", "This is never reached: break comes before it", ""),
        ("loop { }\nprint(1)", "RUFCHK004", "print(1)", "This is never reached: a loop without end comes before it", ""),
        ("func f(x) { if x { return 1 } else { throw(\"e\") } print(x) }", "RUFCHK004", "print(x)", "This is never reached: an 'if' of which each branch leaves comes before it", ""),
        ("func f() { sum := 0 return sum }", "RUFCHK005", "sum", "This replaces the builtin 'sum' in the whole program", HINT_GLOBAL),
        ("func len(x) { return 1 }", "RUFCHK005", "func len(x)", "This function replaces the builtin 'len' in the whole program", "choose another name unless that is meant"),
        ("func f() {\n let len := 3\n return len(4) + len }", "RUFCHK005", "len", "'len' is not the builtin here but the variable of line 2", "give the variable another name"),
        ("let x := 1\nx := 2\nprint(x)", "RUFCHK006", "x", "Cannot reassign immutable let binding: x", "declare it with 'mut' to change it"),
        ("const X := [1]\nX[0] := 2\nprint(X)", "RUFCHK006", "X[0]", "Cannot mutate const binding: X", "a constant never changes; declare it with 'mut'"),
        ("let sum := 1", "RUFCHK007", "sum", "Duplicate declaration in the same scope: sum", "'sum' is a builtin; choose another name"),
        ("func f(a, b) { return a + b }\nf(1)", "RUFCHK008", "f(1)", "f expects 2 arguments, got 1", "it is declared as f(a, b)"),
        ("f := func(a) { return a }\nprint(f())", "RUFCHK008", "f()", "<lambda> expects 1 arguments, got 0", ""),
        ("print(upper())", "RUFCHK008", "upper()", "upper expects 1 arguments, got 0", ""),
        ("print(1 |> contains)", "RUFCHK008", "1 |> contains", "contains expects 2 arguments, got 1", ""),
        ("struct S { func a(self) { return self.b() } func b(self, x) { return x } }", "RUFCHK008", "self.b()", "S.b expects 1 arguments, got 0", "it is declared as b(x)"),
        ("func f(x: int) { return x }\nprint(f(1.5))", "RUFCHK009", "1.5", "Parameter 'x' is declared as int, and this is a float", "convert with to_int(value), which cuts the fraction"),
        ("func f() -> int { return \"a\" }", "RUFCHK009", '"a"', "The result of 'f' is declared as int, and this is a string", "convert with to_int(value)"),
        ("func f() -> int { return }", "RUFCHK009", "return", "The result of 'f' is declared as int, and this returns null", ""),
        ("mut x: bool := true\nx := 5\nprint(x)", "RUFCHK009", "5", "Variable 'x' is declared as bool, and this is an int", "convert with to_bool(value)"),
        ("let r: Result<int, string> := Ok(\"x\")\nprint(r)", "RUFCHK009", '"x"', "The value of Ok is declared as int, and this is a string", "convert with to_int(value)"),
        ("let r: Option<int> := Ok(1)\nprint(r)", "RUFCHK009", "Ok(1)", "Variable 'r' is declared as Option<int>, and this is a result", ""),
        ("print(\"a\" + 1)", "RUFCHK010", '"a" + 1', "Invalid binary operation: string + int", 'write to_string(value), or interpolation: "text ${value}"'),
        ("print([1] + [2])", "RUFCHK010", "[1] + [2]", "Invalid binary operation: array + array", "arrays are joined with concat(a, b), and an item is added with push(array, item)"),
        ("let n := 3\nprint(!n)", "RUFCHK010", "!n", "Invalid unary operation: ! int", "'!' takes a bool; compare instead, for example value == 0"),
        ("func f(a: int, b: string) { return a < b }", "RUFCHK010", "a < b", "Invalid binary operation: int < string", "convert the string first: to_int(text) or to_float(text)"),
        ("print(\"a\".upper())", "RUFCHK011", "upper", "A string has no method 'upper'", "builtins are functions: write upper(value)"),
        ("print([1].length)", "RUFCHK011", "length", "An array has no field 'length'", "builtins are functions: write len(value)"),
        ("x := 1\nx == 2\nprint(x)", "RUFCHK012", "x == 2", "The value of this expression is not used", "'==' compares; assign with ':='"),
        ("print \"hello\"", "RUFCHK012", "print", "The value of this expression is not used", "a call needs parentheses: print(...)"),
        ("func f(x) { x + 1 }", "RUFCHK012", "x + 1", "The value of this expression is not used", "a function gives its value with 'return'"),
        ("struct P { x: int, width: int }\nprint(P { x: 1, widht: 2 })", "RUFCHK013", "widht", "Struct 'P' declares no field 'widht'", "did you mean 'width'?"),
        ("enum Color { Red, Green }\nprint(Color::Gren)", "RUFCHK013", "Gren", "Enum 'Color' declares no tag 'Gren'", "did you mean 'Green'?"),
        ("x := 5\n-3\nprint(x)", "RUFCHK015", "-", "This line is read as a subtraction, as part of the line before", "put ';' before it to begin a statement, or join the lines"),
        ("x := print\n(2)", "RUFCHK015", "(", "This line is read as a call, as part of the line before", "put ';' before it to begin a statement, or join the lines"),
        ("x := \"ab\"\n[0]\nprint(x)", "RUFCHK015", "[", "This line is read as an index, as part of the line before", "put ';' before it to begin a statement, or join the lines"),
        ("from m import volme", "RUFCHK014", "volme", "Symbol 'volme' not found in module 'm'", "did you mean 'volume'?"),
        ("from m import secret", "RUFCHK014", "secret", "Symbol 'secret' not found in module 'm'", "'secret' is there but not exported; write 'export' before it"),
    ],
)
def test_a_warning(found, write, text, code, place, message, hint):
    write("m.ruff", "export func a() { return secret() }\nexport volume := 1\nfunc secret() { return 1 }\n")
    seen = [item for item in found(text) if item.code == code]
    assert [(text[slice(*item.span)], item.message, item.hint) for item in seen] == [(place, message, hint)]
    assert seen[0].severity == "warning"


@pytest.mark.parametrize(
    "text",
    [
        # names
        "func f() { return later }\nlater := 1\nprint(f())",
        "f := func(n) { if n == 0 { return 0 } return f(n - 1) }\nprint(f(3))",
        "func make() { count := 0 return func() { count := count + 1 return count } }\nprint(make())",
        "total := 0\nfunc add(n) { total := total + n }\nadd(1)\nprint(total)",
        "name := \"a\"\nprint(\"x ${upper(\"${name}\")}\")",
        "x := 5\nprint(\"${x + len(\"${x}\")}\")",
        "export size := 3\nexport let [w, h] := [1, 2]\nexport func f() { return 1 }",
        "for i in 3 { print(\"again\") }",
        "try { throw(\"x\") } except e { print(\"failed\") }",
        "func f(unused) { return 1 }\nf(1)",
        "let _ := 5\nlet [_, b] := [1, 2]\n_spare := 1\nprint(b)",
        "let {a, b, ...rest} := {\"a\": 1, \"b\": 2}\nprint(a, b, rest)",
        "match Ok(1) { case Ok(v): { print(v) } case Err(e): { } default: { } }",
        "enum E { A }\nmatch E::A(1, 2) { case E::A(x): { print(x, x_1) } }",
        "struct P { x: int\n func area() { return x * 2 } func other() { return y } }",
        "struct P { x: int\n func grow() { x := x + 1 return x } func inner() { return map([1], func(q) { return q + x }) } }",
        "struct P { x: int\n func m(self) { return self.anything } }\nprint((P { x: 1 }).m())",
        "import nowhere\nprint(whatever())",
        "func f() { import nowhere print(whatever()) }",
        "import m\nprint(volume)", "import m\nprint(m.volume)", "from m import a, volume\nprint(a(), volume)",
        "from nowhere import Shape, Color\nprint(Shape { x: 1 }, Color::Red)",
        "test_setup { base := 1 }\ntest \"t\" { assert_equal(base, 1) }",
        "func fact(n) { if n < 2 { return 1 } return n * fact(n - 1) }\nprint(fact(3))",
        "func outer() { func inner(n) { if n == 0 { return 0 } return inner(n - 1) } return inner(2) }",
        "mut x := 1\nspawn { print(x) }",
        "func* g(n) { mut i := 0 while i < n { yield i i += 1 } }\nfor v in g(3) { print(v) }",
        "a := 1\nif true { b := a print(b) } else { b := 2 print(b) }",
        "mut found := null\nfor x in [1] { if x == 1 { found := x } }\nprint(found)",
        "func f() { mut x := 1 g := func() { x := 2 return x } return g }",
        "x := 1 func f() { return x }",
        "func f() { return self_made } self_made := 1",
        # builtins
        "func f(items, len) { return len }", "func f() { mut sum := 0 return sum }", "for lines in [1] { print(lines) }",
        "func f(map) { return map(1, 2, 3) }", "print(PI)",
        # control
        "return;\nfunc f() { return 1 }", "func f(x) { while true { if x { break } } return 1 }",
        "func f(x) { loop { if x { break } } return 1 }", "func f(x) { loop { for i in x { break } loop { break } } }",
        "func f(x) { if x { return 1 } return 2 }", "func f(x) { match x { case Ok(v): { return v } } return 1 }",
        "func f() { try { return 1 } except e { } return 2 }", "return\ntest \"a\" { assert(true) }",
        # calls
        "func f(a) { return a }\nf := func(a, b) { return a }\nprint(f(1, 2))",
        "func g() { f := func(a) { return a } f := func(a, b) { return a } return f(1, 2) }",
        "func f(a, b) { return a }\nprint(1 |> f(2))", "print(range(1), range(1, 2), range(1, 2, 3))", "print()\nprint(1, 2, 3, 4)",
        "func f(g) { return g(1, 2, 3) }\nprint(f(print))",
        "if true { func f(a) { return a } print(f(1)) } else { func f(a, b) { return a } print(f(1, 2)) }",
        # types
        "let x: float := 1\nprint(x)", "func f(x: float) -> float { return x * 2 }\nprint(f(1))",
        "func f(x: int) { return x }\ny := \"a\"\ny := 5\nprint(f(y))", "let x: Result<int, string> := Err(\"bad\")\nprint(x)",
        "let x: Option<float> := Some(1)\nlet y: Option<int> := None\nprint(x, y)",
        "mut x := \"a\"\nx := 1\nprint(x + 1)", "func f(x) { return x + 1 }\nprint(f(\"a\") == f(1))",
        "struct V { x: int func op_add(self, o) { return o } func op_lt(self, o) { return true } }\nprint((V { x: 1 }) + 1, (V { x: 1 }) < 2)",
        "print(\"a\" < \"b\", 1 < 2.5, \"a\" == 1, null == 1, -1.5, !true)", "print([3, 4].map(func(x) { return x }).collect())",
        "d := {\"a\": func(x) { return x }}\nprint(d.a(1), d.missing)", "print(null?.x)",
        "func* g() -> int { yield \"a\" }\nprint(g)", "async func f() -> int { return 1 }\nlet p: string := await f()\nprint(p)",
        # statements
        "func f(x) { x |> print }", "func f(x) { x? }\nprint(f(Ok(1)))", "f := func() { return 1 }\nf()", "try { 1 / 0 } except e { print(e) }",
        "[print(1), print(2)]\n;{\"k\": print(3)}\n;\"${print(4)}\"\nprint(5) == null", "func f(a) { a[0] }", "func f(p) { p.x }",
        # lines
        "x := 5\n    - 3\nprint(x)", "f := func(x) { return x }\nprint(f(\n1\n), (f\n)(2), [1,\n-2], 3 -2)", "x := [1, 2]\nprint(x\n.map(func(y) { return y })\n.collect())",
        "x := 1\n;-3 |> print\nprint(x)", "x := 1;\n[2, 3] |> print\nprint(x)", "print(1) // a (b)\nprint(2)",
        # structs and enums
        "struct Open { }\nprint(Open { a: 1 })", "print(Free { a: 1 }, Loose::Tag(1))",
    ],
)  # fmt: skip
def test_no_warning(found, write, text):
    write("m.ruff", "export func a() { return secret() }\nexport volume := 1\nfunc secret() { return 1 }\n")
    assert [(item.code, item.message) for item in found(text)] == []


def test_other_peoples_programs_have_few(suites, found):
    """Errors of syntax apart, a program that runs as expected is not told that something in it is undefined."""
    from pagoda.languages.ruff.language import LANGUAGE
    from pagoda.machine.source import Source

    for path in sorted((suites / "ruff").rglob("*.ruff")):
        if "diagnostics" in path.parts or "error" in path.name:
            continue
        seen = LANGUAGE.check(Source(str(path), path.read_text(encoding="utf-8", errors="replace")))
        certain = [item for item in seen if item.code in ("RUFCHK001", "RUFCHK008", "RUFCHK011", "RUFCHK012", "RUFCHK013", "RUFCHK014")]
        assert certain == [], path.name


def test_a_syntax_error_comes_alone(codes):
    assert codes("print(nope)\nlet 5\n") == ["RUFPARSE001"]


def test_a_place_has_one_warning(found):
    spans = [item.span for item in found("print(nil + \"a\" + 1)\nx := nope\nlet x := 1")]
    assert len(spans) == len(set(spans))


def test_deep_and_long_programs(codes):
    assert codes("print(" + "+".join(["1"] * 900) + ")") == []
    assert codes("x := " + "[" * 200 + "]" * 200 + "\nprint(x)") == []
    assert codes("\n".join(f"func f{i}(x) {{ return x + {i} }}" for i in range(2000))) == []
