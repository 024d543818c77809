"""Every form of statement, where one ends and the next begins, and what the parser lowers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.machine.source import Source

Shape = Callable[[str], str]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("", ""),
        (";;", ""),
        ("a; b c", "a; b; c"),
        ("let x := 1", "(Declaration let x 1 -)"),
        ("mut x: Result<int, Option<string>> = 1", "(Declaration mut x 1 Result<int,Option<string>>)"),
        ("const X: float := 1", "(Declaration const X 1 float)"),
        ("let [a, _, [b], ...r] := v", "(Declaration let (ArrayPattern [a _ (ArrayPattern [b] -)] r) v -)"),
        ("mut {a, b, ...r} = v", "(Declaration mut (DictPattern [a b] r) v -)"),
        ("[a, b] := v", "(Declaration  (ArrayPattern [a b] -) v -)"),
        ("{a} := v", "(Declaration  (DictPattern [a] -) v -)"),
        ("[a, b]", "(ArrayLiteral [a b])"),
        ("[] = v", "(Declaration  (ArrayPattern [] -) v -)"),
        ("x := 1", "(AssignName x 1)"),
        ("x = 1", "(AssignName x 1)"),
        ("x += 1 * 2", "(AssignName x (+ x (* 1 2)))"),
        ("x -= 1 x *= 2 x /= 3 x %= 4",
         "(AssignName x (- x 1)); (AssignName x (* x 2)); (AssignName x (/ x 3)); (AssignName x (% x 4))"),
        ("m[0][1] := 9", "(AssignPlace (IndexGet (IndexGet m 0) 1) 9)"),
        ("a.b[0].c := v", "(AssignPlace (FieldGet (IndexGet (FieldGet a b False) 0) c False) v)"),
        ("self.x := v", "(AssignPlace (FieldGet self x False) v)"),
        ("self.x += 1", "(AssignPlace (FieldGet self x False) (+ (FieldGet self x False) 1))"),
        ('d["${k}"] += 1', '(AssignPlace (IndexGet d (Interpolation [k])) (+ (IndexGet d (Interpolation [k])) 1))'),
        ("func f() {}", "(FunctionStatement (Function f [] {} False False -))"),
        ("async func* f(self, a: int) -> int { }", "(FunctionStatement (Function f [self a] {} True True int))"),
        ("func() {}", "(Function  [] {} False False -)"),
        ("enum E { A, B, }", "(EnumStatement E [A B])"),
        ("struct P { x: int, y: Other<a> z test: bool = true; func m(self) {} async func n() {} }",
         "(StructStatement P [[x int] [y -] [z -] [test bool]] "
         "[(Function m [self] {} False False -) (Function n [] {} True False -)])"),
        ("import m", "(Import [m] -)"),
        ("from a.b import x, y", "(Import [a b] [x y])"),
        ("export let x := 1", "(Export (Declaration let x 1 -))"),
        ("export func f() {}", "(Export (FunctionStatement (Function f [] {} False False -)))"),
        ("return", "(Return -)"),
        ("return\n5", "(Return 5)"),
        ("func f() { return }", "(FunctionStatement (Function f [] {(Return -)} False False -))"),
        ("if a { b } else if c { d } else { e }", "(If a {b} (If c {d} {e}))"),
        ("if x { } y", "(If x {} -); y"),
        ("if (P { x: 1 }) == p { }", "(If (== (StructLiteral P [[x 1]]) p) {} -)"),
        ("if f(P {}) { }", "(If (Call f [(StructLiteral P [])] False) {} -)"),
        ("while a < b { break; continue }", "(While (< a b) {(Break); (Continue)})"),
        ("loop { break }", "(While - {(Break)})"),
        ("loop while x { }", "(While x {})"),
        ("for i in xs { }", "(For i xs {})"),
        ("for _ in a + b { }", "(For _ (+ a b) {})"),
        ("match x { case E::A(v): { v } case Ok(x): { } case a: { } default: { d } }",
         "(Match x [[E::A(v) {v}] [::Ok(x) {}] [::a(-) {}]] {d})"),
        ("match x { }", "(Match x [] -)"),
        ("try { a } except e { b }", "(TryExcept {a} e {b})"),
        ("spawn { a }", "(Spawn (Function  [] {a} False False -))"),
        ('test "t" { a }', "(Test test t (Function  [] {a} False False -) [])"),
        ('test_group "g" { test "t" { } }', "(Test test_group g (Function  [] {} False False -) "
         "[(Test test t (Function  [] {} False False -) [])])"),
        ("test_setup { } test_teardown { }", "(Test test_setup  (Function  [] {} False False -) []); "
         "(Test test_teardown  (Function  [] {} False False -) [])"),
        # A newline separates nothing.
        ("x := 5\n-3", "(AssignName x (- 5 3))"),
        ("x := 1\n(2)", "(AssignName x (Call 1 [2] False))"),
        ("x := [1]\n[0]", "(AssignName x (IndexGet (ArrayLiteral [1]) 0))"),
        ("let x :=\n\n1", "(Declaration let x 1 -)"),
        ("x\n.y", "(FieldGet x y False)"),
        ("x := 1;\n(2)", "(AssignName x 1); 2"),
        ("p := P {}\n(x)", "(AssignName p (StructLiteral P [])); x"),
        ("throw(1)\n(x)", "(Throw 1); x"),
    ],
)  # fmt: skip
def test_forms(program: Shape, text: str, shape: str) -> None:
    assert program(text) == shape


def test_methods_know_what_they_are() -> None:
    program = parse(Source("s", "struct S { func a(self, x) {} func b(x) {} }"))
    struct = program.main.body.statements[0]
    assert isinstance(struct, tree.StructStatement)
    assert [(m.is_method, m.has_self) for m in struct.methods] == [(True, True), (True, False)]


def test_compound_assignment_has_nodes_of_its_own() -> None:
    statement = parse(Source("s", "a[i].b += 1")).main.body.statements[0]
    assert isinstance(statement, tree.AssignPlace)
    assert isinstance(statement.value, tree.Binary)
    assert statement.value.left == statement.target
    assert statement.value.left is not statement.target


def test_spans_cover_statements() -> None:
    parts = [
        "let x := 1", "x += 2", "if a { b } else { c }", "func f(a: int) -> int { return a }", "m[0].x := 3",
        "try { a } except e { b }", "match x { case Ok(v): { } }", "from a.b import c", "export const Y := 1", 'test "t" { x }',
        "struct S { x: int func m() { } }", "return x",
    ]  # fmt: skip
    text = "  // note\n".join(parts)
    statements = parse(Source("s", text)).main.body.statements
    assert [text[slice(*statement.span)] for statement in statements] == parts


def test_program_is_a_function_without_parameters() -> None:
    program = parse(Source("s", "x := 1\n"))
    assert program.span == program.main.span == (0, 7)
    assert program.main.parameters == []
