"""Short ways to parse and to compare trees: a tree is shown as nested text, such as ``(+ 1 (* 2 3))``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse, parse_expression
from pagoda.machine.source import Diagnostic, DiagnosticError, Source

Shape = Callable[[str], str]


def _shape(node: Any) -> str:
    match node:
        case tree.IntLiteral() | tree.FloatLiteral():
            return repr(node.value)
        case tree.StringLiteral():
            return f'"{node.value}"'
        case tree.BoolLiteral():
            return str(node.value).lower()
        case tree.NullLiteral():
            return "null"
        case tree.Name() | tree.NamePattern():
            return node.name
        case tree.Unary():
            return f"({node.operator} {_shape(node.operand)})"
        case tree.Binary() | tree.Logical():
            return f"({node.operator} {_shape(node.left)} {_shape(node.right)})"
        case tree.Block():
            return "{" + "; ".join(map(_shape, node.statements)) + "}"
        case tree.ExpressionStatement():
            return _shape(node.value)
        case tree.CasePattern():
            return f"{node.enum}::{node.tag}({_shape(node.payload)})"
        case tree.Parameter():
            return node.name
        case tree.TypeAnnotation():
            return node.name + (f"<{','.join(map(_shape, node.arguments))}>" if node.arguments else "")
        case None:
            return "-"
        case str():
            return node
        case bool() | int():
            return str(node)
        case list() | tuple():
            return "[" + " ".join(map(_shape, node)) + "]"
    skipped = {"span", "name_span", "operator_span", "binding", "error", "declares", "frame_size", "slot_names", "captures"}
    skipped |= {"payload_bindings", "has_self", "is_method"}
    parts = [_shape(getattr(node, field.name)) for field in dataclasses.fields(node) if field.name not in skipped]
    return f"({' '.join([type(node).__name__, *parts])})"


@pytest.fixture
def expression() -> Shape:
    """The shape of an expression."""
    return lambda text: _shape(parse_expression(Source("test.ruff", text)))


@pytest.fixture
def program() -> Shape:
    """The shape of a program's statements."""
    return lambda text: _shape(parse(Source("test.ruff", text)).main.body)[1:-1]


@pytest.fixture
def failures() -> Callable[[str], list[Diagnostic]]:
    """The diagnostics of a program that must not parse."""

    def run(text: str) -> list[Diagnostic]:
        with pytest.raises(DiagnosticError) as caught:
            parse(Source("test.ruff", text))
        return caught.value.diagnostics

    return run
