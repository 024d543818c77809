"""Which variable a name means, where it lives, and the errors that wait in the tree."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.machine.source import Source

BUILTINS = frozenset({"print", "len", "sum", "PI"})


def nodes(node: Any) -> Iterator[Any]:
    """Every node below, in the order of the fields."""
    if isinstance(node, list | tuple):
        for item in node:
            yield from nodes(item)
    elif isinstance(node, tree.Node):
        yield node
        for field in dataclasses.fields(node):
            yield from nodes(getattr(node, field.name))


def resolved(text: str, interactive: bool = False) -> tree.Program:
    program = parse(Source("s", text))
    assert resolve(program, builtins=BUILTINS, interactive=interactive) == []
    return program


def bindings(text: str, name: str, interactive: bool = False) -> list[str]:
    """Kind and index of every use of a name, in order of the text; a declaration ends with ``!``."""
    found = []
    for node in nodes(resolved(text, interactive)):
        if isinstance(node, tree.FunctionStatement) and node.function.name == name:
            found.append((node.span[0], f"{_place(node.binding)}!"))
        if isinstance(node, tree.NamePattern) and node.name == name:
            found.append((node.span[0], f"{_place(node.binding)}!"))
        elif isinstance(node, tree.AssignName) and node.name == name and node.span[0] != node.span[1]:
            found.append((node.name_span[0], _place(node.binding) + ("!" if node.declares else "=")))
        elif isinstance(node, tree.Name) and node.name == name and node.span[0] != node.span[1]:
            found.append((node.span[0], _place(node.binding)))
    return [text for _, text in sorted(found)]


def _place(binding: tree.Binding) -> str:
    return binding.kind + (str(binding.index) if binding.index >= 0 else "")


def errors(text: str) -> list[str]:
    return [node.error for node in nodes(resolved(text)) if getattr(node, "error", None)]


def function(text: str, name: str) -> tree.Function:
    return next(node for node in nodes(resolved(text)) if isinstance(node, tree.Function) and node.name == name)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        # The top level: slots of main unless somebody else can see the variable.
        ("x := 1 print(x)", "x", ["local0!", "local0"]),
        ("let x := 1 x := 2", "x", ["local0!", "local0="]),
        ("x := 1 func f() { return x }", "x", ["global!", "global"]),
        ("x := 1 func f() { x := 2 }", "x", ["global!", "global="]),
        ("x := 1 func f(x) { return x }", "x", ["local0!", "local0"]),
        ("x := 1 f := func() { return x }", "x", ["global!", "global"]),
        ("x := 1 spawn { x }", "x", ["global!", "global"]),
        ('x := 1 test "t" { x }', "x", ["global!", "global"]),
        ("x := 1 struct S { func m(self) { return x } }", "x", ["global!", "global"]),
        ("x := 1 struct S { func m() { return x } }", "x", ["global!", "global"]),
        ("export x := 1 x", "x", ["global!", "global"]),
        ("func f() { } f()", "f", ["global!", "global"]),
        ("print(f) f := 1 func f() { }", "f", ["global", "global=", "global!"]),
        ("x x := 1", "x", ["global", "global!"]),
        ("x := 1 import m print(x)", "x", ["global!", "global"]),
        ("import m x := 1 print(x)", "x", ["local0!", "local0"]),
        ("from m import x x := 1", "x", ["global="]),
        ("sum := 0 print(sum)", "sum", ["global=", "global"]),
        ("func f() { sum := 0 }", "sum", ["global="]),
        ("let sum := 0", "sum", ["global!"]),
        ("func sum() { } sum()", "sum", ["global!", "global"]),
        ("nope", "nope", ["global"]),
        ("[a, [x], ...r] := v x", "x", ["local1!", "local1"]),
        ("{x, ...r} := v r", "r", ["local1!", "local1"]),
        # Blocks are scopes.
        ("if a { x := 1 x } x", "x", ["local0!", "local0", "global"]),
        ("x := 1 if a { x := 2 } x", "x", ["local0!", "local0=", "local0"]),
        ("if a { x := 1 } x := 2", "x", ["local0!", "local1!"]),
        ("if a { let x := 1 } else { x }", "x", ["local0!", "global"]),
        ("if a { let sum := 1 sum }", "sum", ["local0!", "local0"]),
        ("if a { sum := 1 }", "sum", ["global="]),
        ("x := 1 while a { let x := x }", "x", ["local1!", "local0!", "local1"]),
        ("for x in x { x } x", "x", ["local0!", "global", "local0", "global"]),
        ("for x in 3 { let x := 2 x }", "x", ["local0!", "local1!", "local1"]),
        ("try { x := 1 } except x { x } x", "x", ["local0!", "local1!", "local1", "global"]),
        ("match v { case Ok(x): { x } default: { x } }", "x", ["local0", "global"]),
        # Functions.
        ("func f(x) { x := 1 return x }", "x", ["local0=", "local0"]),
        ("func f(x) { let x := 2 return x }", "x", ["local1!", "local1"]),
        ("func f() { x := 1 if a { x := 2 y := 3 } return x }", "x", ["local0!", "local0=", "local0"]),
        ("func f() { x := 1 return func() { x := x + 1 return x } }", "x", ["local0!", "capture0=", "capture0", "capture0"]),
        ("func f(x) { return func() { return func() { return x } } }", "x", ["capture0"]),
        ("func f() { g := func() { return g } }", "g", ["local0!", "global"]),
        ("func f() { func g() { g() } g }", "g", ["local0!", "self_function", "local0"]),
        ("func f() { func g() { return func() { g() } } }", "g", ["local0!", "capture0"]),
        ("func f() { func g() { g := 1 g } }", "g", ["local0!", "local0!", "local0"]),
        ("if a { x := 1 f := func() { return x } }", "x", ["local0!", "capture0"]),
        ("func f() { return x } if a { x := 1 }", "x", ["global", "local0!"]),
        ("func f() { if a { func g() {} } g() }", "g", ["local0!", "global"]),
        # Methods.
        ("struct S { x: int func m(self) { return x } }", "x", ["global"]),
        ("struct S { func m(self, a) { return self } }", "self", ["local0"]),
        ("struct S { func m(self) { return func() { return self } } }", "self", ["capture0"]),
        ("struct S { x: int func m(a) { return x + a } }", "x", ["field"]),
        ("struct S { x: int func m(a) { return x + a } }", "a", ["local1"]),
        ("struct S { func m() { return other } }", "other", ["field"]),
        ("struct S { func m() { return print } }", "print", ["global"]),
        ("struct S { x: int func m(x) { return x } }", "x", ["local1"]),
        ("struct S { x: int func m() { if a { x := 1 } return x } }", "x", ["local1=", "local1"]),
        ("struct S { x: int func m() { return func() { return x } } }", "x", ["capture0"]),
        ("func f(k) { struct S { func m(self) { return k } } }", "k", ["capture0"]),
        # What a test's setup defines is there for the test.
        ('test_setup { x := 1 let y := 2 } test "t" { x := x }', "x", ["global!", "global=", "global"]),
        ('test "t" { x := 1 x }', "x", ["local0!", "local0"]),
    ],
)
def test_bindings(text: str, name: str, expected: list[str]) -> None:
    assert sorted(bindings(text, name)) == sorted(expected)


def test_interactive_makes_top_level_variables_global() -> None:
    assert bindings("x := 1 let [y] := x if a { z := 1 }", "x", interactive=True) == ["global!", "global"]
    assert bindings("x := 1 if a { z := 1 }", "z", interactive=True) == ["local0!"]
    program = resolved("let sum := 1 let sum2 := sum", interactive=True)
    assert [node.error for node in nodes(program) if isinstance(node, tree.Declaration)] == [None, None]
    assert program.globals == {"sum": "let", "sum2": "let"}


def test_captures_go_through_every_function_between() -> None:
    text = "func a(x, y) { func b() { func c() { return y } } }"
    assert function(text, "a").captures == []
    assert [_place(binding) for binding in function(text, "b").captures] == ["local1"]
    assert [_place(binding) for binding in function(text, "c").captures] == ["capture0"]
    assert [_place(binding) for binding in function("func f() { func g() { func h() { g() } } }", "h").captures] == [
        "self_function"
    ]
    field = function("struct S { x: int func m() { func g() { return x } } }", "g").captures
    assert [(binding.kind, binding.name) for binding in field] == [("field", "x")]


def test_a_variable_is_captured_once() -> None:
    assert len(function("func f(x) { func g() { x := x + x if x { x } } }", "g").captures) == 1


def test_frames() -> None:
    main = resolved("a := 1 for i in 3 { b := i } let c := 2").main
    assert main.frame_size == len(main.slot_names) == 4
    assert sorted(main.slot_names) == ["a", "b", "c", "i"]
    assert function("func f(a, b) { c := 1 if a { d := 2 } else { d := 3 } }", "f").slot_names == ["a", "b", "c", "d", "d"]
    assert function("struct S { func m(a) { b := a } }", "m").slot_names == ["self", "a", "b"]


def test_globals_of_a_program() -> None:
    text = "let a := 1 b := 2 const C := 3 mut d := 4 func f() { b C d } struct S { } enum E { A } from m import n "
    text += "[p, q] := f() func g() { q }"
    assert resolved(text).globals == {
        "b": "mut", "C": "const", "d": "mut", "f": "mut", "S": "mut", "E": "mut", "n": "mut", "q": "let", "g": "mut",
    }  # fmt: skip


def test_mutability_travels_with_the_binding() -> None:
    text = "const C := 1 func f() { let x := 2 return func() { return x + C } }"
    names = [node for node in nodes(resolved(text)) if isinstance(node, tree.Name)]
    assert [(node.name, node.binding.mutability) for node in names] == [("x", "let"), ("C", "const")]


def test_fields_that_a_method_assigns_begin_as_copies() -> None:
    method = function("struct S { x: int, y: int func m() { if y { x[0] := 1 } return x } }", "m")
    first = method.body.statements[0]
    assert isinstance(first, tree.AssignName)
    assert isinstance(first.value, tree.Name)
    assert (first.name, first.declares, _place(first.binding), _place(first.value.binding)) == ("x", True, "local1", "field")
    assert len(method.body.statements) == 3


def test_payloads() -> None:
    text = "match v { case E::A(x): { x x_1 x_2 func() { return x_2 } x_0 x_a } "
    text += "case Ok(y): { y_1 } case Err(_): { } case a: { } }"
    match = resolved(text).main.body.statements[0]
    assert isinstance(match, tree.Match)
    found = [[(index, binding.name, _place(binding)) for index, binding in case.payload_bindings] for case, _ in match.cases]
    assert found == [[(0, "x", "local0"), (1, "x_1", "local1"), (2, "x_2", "local2")], [(0, "y", "local3")], [], []]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let x := 1 let x := 2", ["Duplicate declaration in the same scope: x"]),
        ("x := 1 let x := 2", ["Duplicate declaration in the same scope: x"]),
        ("let [a, a] := v", ["Duplicate declaration in the same scope: a"]),
        ("let [_, _] := v", []),
        ("let sum := 1", ["Duplicate declaration in the same scope: sum"]),
        ("const PI := 1", ["Duplicate declaration in the same scope: PI"]),
        ("func f() {} let f := 1", ["Duplicate declaration in the same scope: f"]),
        ("let f := 1 func f() {}", ["Duplicate declaration in the same scope: f"]),
        ("func sum() {}", []),
        ("sum := 1 sum := 2", []),
        ("let x := 1 if a { let x := 2 }", []),
        ("func f(x) { let x := 1 let x := 2 }", ["Duplicate declaration in the same scope: x"]),
        ("let x := 1 x := 2", ["Cannot reassign immutable let binding: x"]),
        ("const X := 1 X := 2", ["Cannot reassign const binding: X"]),
        ("let x := 1 func f() { x := 2 }", ["Cannot reassign immutable let binding: x"]),
        ("func f() { x := 2 } let x := 1", ["Cannot reassign immutable let binding: x"]),
        ("func f() { let x := 1 return func() { x := 2 } }", ["Cannot reassign immutable let binding: x"]),
        ("[a] := v a := 1", ["Cannot reassign immutable let binding: a"]),
        ("mut x := 1 x := 2 x += 3", []),
        ("func f(x) { x := 1 x[0] := 2 }", []),
        ("for x in 3 { x := 1 }", []),
        ("let a := [1] a[0] := 2", ["Cannot mutate immutable let binding: a"]),
        ("const A := [1] A[0].b := 2", ["Cannot mutate const binding: A"]),
        ("let a := [1] func f() { a[0] += 2 }", ["Cannot mutate immutable let binding: a"]),
        ("let x := 1 x += 1", ["Cannot reassign immutable let binding: x"]),
        ("let x := 1 if a { let x := 2 x := 3 }", ["Cannot reassign immutable let binding: x"]),
        ("let x := 1 if a { mut x := 2 x := 3 }", []),
    ],
)
def test_errors_wait_in_the_tree(text: str, expected: list[str]) -> None:
    assert errors(text) == expected


def test_every_name_is_resolved() -> None:
    text = 'x := [(f(a) |> g), {k: v, ...d}, P { q: w }, "${s}", !n, E::T(t), Ok(o), (m ?? l)?.z, throw(h)] await j'
    kinds = {node.name: node.binding.kind for node in nodes(resolved(text)) if isinstance(node, tree.Name)}
    assert set(kinds) == set("fagkvdwsntomlhj")
    assert set(kinds.values()) == {"global"}


def test_resolving_again_gives_the_same_tree() -> None:
    text = "x := 1 func f(y) { return func() { return y + x } } struct S { a: int func m() { a := a + 1 } } "
    text += "match v { case E::A(p): { p_1 } }"
    program = resolved(text)
    before = repr(program)
    resolve(program, builtins=BUILTINS)
    assert repr(program) == before
