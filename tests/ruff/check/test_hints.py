"""The advice that comes with an error at run time: the same on every storey, and never for what the program threw itself."""

from __future__ import annotations

import pytest

STRUCT = "struct Point { width: int\n func area(self) { return self.width } }\np := Point { width: 1 }\n"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("count := 1\nprint(coutn)", "did you mean 'count'?"),
        ("func total(x) { return x }\nprint(totl(1))", "did you mean 'total'?"),
        ("func f(first) { second := 1 return frist + second }\nf(1)", "did you mean 'first'?"),
        ("func f() { for item in [1] { print(itme) } }\nf()", "did you mean 'item'?"),
        ("try { throw(\"x\") } except problem { print(porblem) }", "did you mean 'problem'?"),
        ("match Ok(1) { case Ok(value): { print(valeu) } }", "did you mean 'value'?"),
        ("func f() { outer := 1 return func() { return outre } }\nf()()", "did you mean 'outer'?"),
        ("print(lenght(\"a\"))", ""),
        ("print(length(\"a\"))", "did you mean 'len'?"),
        ("print(substrin(\"a\", 0, 1))", "did you mean 'substring'?"),
        ("print(nil)", "'nil' is written null"),
        ("if true { inner := 1 }\nprint(inner)", "'inner' is declared inside another block, on line 1; declare it before that block to use it here"),
        ("print(later)\nlater := 1", "'later' is declared further down, on line 2"),
        (STRUCT + "print(p.widht)", "did you mean 'width'?"),
        (STRUCT + "print(p.aera())", "did you mean 'area'?"),
        ("print(\"a\".upper())", "builtins are functions: write upper(value)"),
        ("print(\"a\".length())", "builtins are functions: write len(value)"),
        ("x := [1]\nx.push(2)", "builtins are functions: write push(value)"),
        ("x := \"a\"\nprint(x + 1)", 'write to_string(value), or interpolation: "text ${value}"'),
        ("x := null\nprint(x + 1)", "one side is null; compare with null first, or give a value for it: value ?? 0"),
        ("x := \"-\"\nprint(x * 3)", "a string is repeated with repeat(text, count)"),
        ("x := [1]\nprint(x + [2])", "arrays are joined with concat(a, b), and an item is added with push(array, item)"),
        ("func f() { return 1 }\nprint(f + 1)", "one side is a function; call it with '()'"),
        (STRUCT + "print(p + 1)", "a struct takes part in '+' when it has the method op_add"),
        ("x := 0\nif !x { }", "'!' takes a bool; compare instead, for example value == 0"),
        ("let x := 1\nx := 2", "declare it with 'mut' to change it"),
        ("func f() { let x := 1 let x := 2 }\nf()", "write 'x := ...' to assign to the one that is there, or choose another name"),
        ("let sum := 1", "'sum' is a builtin; choose another name"),
        ("func area(w, h) { return w * h }\narea(1)", "it is declared as area(w, h)"),
        ("print([1][1])", "indexes run from 0 to len - 1; negative ones count from the end"),
        ("print({}[\"a\"])", "test with has_key(dict, key), or read with get_default(dict, key, value)"),
        ("x := 1\nx()", "the name before '(' holds a value, or the '(' begins a new statement: put ';' before it"),
        ("func f(n) { return f(n + 1) + 1 }\nf(0)", "does the recursion come to an end? --max-depth sets the limit"),
        ("c := channel()\nc.sned(1)", "did you mean 'send'?"),
        ("print({name: 1})", ""),
        ("x := 1 / 0", ""),
        ("throw(\"Undefined variable: print\")", ""),
        ("coutn2 := 1\nerror(\"Undefined variable: coutn\")", ""),
    ],
)
def test_a_hint(failure, text, hint):
    assert (failure(text).hint or "") == hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("from shape import area", "did you mean 'shapes'?"),
        ("from shapes import aera", "did you mean 'area'?"),
        ("from shapes import secret", "'secret' is there but not exported; write 'export' before it"),
    ],
)
def test_modules(failure, write, text, hint):
    write("shapes.ruff", "export func area() { return secret() }\nfunc secret() { return 1 }\n")
    failed = failure(text)
    assert failed.hint == hint


def test_the_message_stays_as_it_is(failure):
    assert failure("print(pritn)").message == "Undefined variable: pritn"


def test_the_call_stack_ends_at_the_top_level(failure):
    failed = failure("func f(x) { return x / 0 }\nfunc g(x) { return f(x) }\ng(1)")
    assert [(frame.name, frame.place.source.position(frame.place.start)) for frame in failed.stack] == [
        ("f", (1, 20)), ("g", (2, 20)), ("<main>", (3, 1)),
    ]  # fmt: skip
    assert failure("print(1 / 0)").stack == []
