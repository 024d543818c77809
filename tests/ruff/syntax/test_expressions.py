"""Every form of expression, precedence, and the language's odd corners."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse_expression
from pagoda.machine.source import Diagnostic, DiagnosticError, Source

Shape = Callable[[str], str]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1", "1"),
        ("1.50", "1.5"),
        ('"a"', '"a"'),
        ("true", "true"),
        ("false", "false"),
        ("null", "null"),
        ("self", "self"),
        ("(x)", "x"),
        ("1 + 2 * 3", "(+ 1 (* 2 3))"),
        ("(1 + 2) * 3", "(* (+ 1 2) 3)"),
        ("1 - 2 - 3", "(- (- 1 2) 3)"),
        ("a / b % c * d", "(* (% (/ a b) c) d)"),
        ("a < b == c >= d", "(== (< a b) (>= c d))"),
        ("a == b != c", "(!= (== a b) c)"),
        ("a || b && c", "(|| a (&& b c))"),
        ("a ?? b || c", "(?? a (|| b c))"),
        ("a && b == c + d", "(&& a (== b (+ c d)))"),
        ("-a * !b", "(* (- a) (! b))"),
        ("--1", "(- (- 1))"),
        ("-f(x).y[0]", "(- (IndexGet (FieldGet (Call f [x] False) y False) 0))"),
        ("a?.b?", "(Try (FieldGet a b True))"),
        ("o.m(1, 2,)", "(MethodCall o m [1 2])"),
        ("o.test.from", "(FieldGet (FieldGet o test False) from False)"),
        ("f()(1)", "(Call (Call f [] False) [1] False)"),
        ("x |> f", "(Call f [x] True)"),
        ("x |> f(a) |> g", "(Call g [(Call f [x a] True)] True)"),
        ("x |> (f(a))", "(Call (Call f [a] False) [x] True)"),
        ("x |> o.m(a)", "(MethodCall o m [x a])"),
        ("x |> o.m", "(Call (FieldGet o m False) [x] True)"),
        ("x ?? y |> f", "(Call f [(?? x y)] True)"),
        ("[]", "(ArrayLiteral [])"),
        ("[1, ...xs, a == b,]", "(ArrayLiteral [1 (Spread xs) (== a b)])"),
        ("[(a || b)]", "(ArrayLiteral [(|| a b)])"),
        ('{"a": 1, b: 2, ...d}', '(DictLiteral [["a" 1] [b 2] [- d]])'),
        ("{}", "(DictLiteral [])"),
        ("P {}", "(StructLiteral P [])"),
        ("P { x: 1, y: 2, }", "(StructLiteral P [[x 1] [y 2]])"),
        ("P { x: 1 y: 2 }", "(StructLiteral P [[x 1] [y 2]])"),
        ("P { test: 1 }", "(StructLiteral P [[test 1]])"),
        ("E::A", "(EnumValue E A -)"),
        ("E::A()", "(EnumValue E A [])"),
        ("E::A(1, 2)", "(EnumValue E A [1 2])"),
        ("x == E::A", "(== x (EnumValue E A -))"),
        ("Ok(1)", "(ResultValue Ok 1)"),
        ("Err(1)?", "(Try (ResultValue Err 1))"),
        ("Some(a || b)", "(ResultValue Some (|| a b))"),
        ("None", "(ResultValue None -)"),
        ("Ok", "Ok"),
        ("throw(1 |> f)", "(Throw (Call f [1] True))"),
        ("throw", "throw"),
        ("await f() + 1", "(Await (+ (Call f [] False) 1))"),
        ("func() {}", "(Function  [] {} False False -)"),
        ("func(a, b: int) -> bool { return a }", "(Function  [a b] {(Return a)} False False bool)"),
        ("async func*(a) { yield }", "(Function  [a] {(Yield -)} True True -)"),
        ("func(_, _) {}", None),
        ('"a ${b + 1} c"', '(Interpolation ["a " (+ b 1) " c"])'),
        ('"${"${x}"}"', "(Interpolation [(Interpolation [x])])"),
        ('"${func(x) { return x }(1)}"', None),
        ("f(P {x: 1})", "(Call f [(StructLiteral P [[x 1]])] False)"),
        ("5 .x", "(FieldGet 5 x False)"),
    ],
)
def test_forms(expression: Shape, text: str, shape: str | None) -> None:
    assert shape is None or expression(text) == shape


@pytest.mark.parametrize(
    "text",
    ["[a || b]", "[a ?? b]", '{"a": b && c}', "P { x: a |> f }", "f(...xs)", "a[1:2]", "int(x)", "(1", "[1", "{1}", "f(1",
     "a[1", "5.", "a.", "a.1", "E::",
     "Ok()", "Ok(1, 2)", "throw()", "func x() {}", "func(self) {}", '"${}"', '"${a b}"', '"${a"}"',
     "1 +", "* 2", "a ? b : c", "", "yield 1", "&a", "a & b", "a ** b", "x++ "],
)  # fmt: skip
def test_rejected(text: str) -> None:
    with pytest.raises(DiagnosticError):
        parse_expression(Source("s", text))


def test_spans_cover_what_was_written() -> None:
    text = '(a + b) * f(c)[0].d?.e |> g("x ${ y.z }", [1, 2])'
    node = parse_expression(Source("s", text))
    assert isinstance(node, tree.Call)
    assert text[slice(*node.span)] == text
    product = node.args[0]
    assert isinstance(product, tree.Binary)
    assert text[slice(*product.span)] == "(a + b) * f(c)[0].d?.e"
    assert text[slice(*product.operator_span)] == "*"
    assert text[slice(*product.left.span)] == "a + b"
    field = product.right
    assert isinstance(field, tree.FieldGet)
    assert text[slice(*field.name_span)] == "e"
    assert text[slice(*field.receiver.span)] == "f(c)[0].d"
    template = node.args[1]
    assert isinstance(template, tree.Interpolation)
    assert [text[slice(*part.span)] for part in template.parts] == ["x ", "y.z"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("print((1 + 2)", "Expected ')' to close function call arguments but found end of file"),
        ("x := [1, 2", "Expected ']' to close array literal but found end of file"),
        ("x := (1 2)", "Expected ')' to close parenthesis but found number 2"),
        ("x := ", "Expected an expression but found end of file"),
        ("x := let", "Expected an expression but found keyword 'let'"),
        ('x := "${1 2}"', "Expected '}' to close interpolation but found number 2"),
        ('x := "${}"', "Expected an expression but found end of interpolation"),
        ("yield 1", "yield can only be used inside a generator"),
    ],
)
def test_messages(failures: Callable[[str], list[Diagnostic]], text: str, message: str) -> None:
    assert failures(text)[0].message == message
