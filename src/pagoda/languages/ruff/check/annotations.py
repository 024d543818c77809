"""Warnings about types: values that do not fit an annotation, operators and members that a type does not have."""

from __future__ import annotations

from pagoda.languages.ruff.check.calls import called_function
from pagoda.languages.ruff.check.facts import Facts
from pagoda.languages.ruff.check.hints import member_hint, operation_hint
from pagoda.languages.ruff.check.types import NUMBERS, Types, annotated, fits, written
from pagoda.languages.ruff.syntax import tree

_ORDER = frozenset({"<", "<=", ">", ">="})
_ITERATOR_METHODS = frozenset({"map", "filter", "take", "collect", "next"})
_WITHOUT_MEMBERS = frozenset({"int", "float", "string", "bool", "null", "array"})


def check_types(facts: Facts) -> None:
    """All warnings of this module."""
    checker = _Checker(facts)
    for node, function in facts.nodes:
        checker.visit(node, function)


class _Checker:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.types = Types(facts)

    def visit(self, node: tree.Node, function: tree.Function) -> None:
        if isinstance(node, tree.Declaration):
            if node.annotation is not None and isinstance(node.pattern, tree.NamePattern):
                self.expect(node.value, node.annotation, function, f"Variable '{node.pattern.name}'")
        elif isinstance(node, tree.AssignName):
            self.assignment(node, function)
        elif isinstance(node, tree.Return):
            self.returned(node, function)
        elif isinstance(node, tree.Call):
            self.call(node, function)
        elif isinstance(node, tree.Binary):
            self.binary(node, function)
        elif isinstance(node, tree.Unary):
            self.unary(node, function)
        elif isinstance(node, tree.FieldGet | tree.MethodCall):
            self.member(node, function)

    def expect(self, value: tree.Expression, wanted: tree.TypeAnnotation, function: tree.Function, what: str) -> None:
        """Warns when a value's type does not fit an annotation."""
        given = self.types.of(value, function)
        if not fits(given, annotated(wanted)):
            message = f"{what} is declared as {written(wanted)}, and this is {_article(given)}"
            self.facts.warn("RUFCHK009", message, value.span, _conversion(given, annotated(wanted)))
        elif isinstance(value, tree.ResultValue) and value.value is not None and wanted.arguments:
            index = 1 if value.tag == "Err" else 0
            if index < len(wanted.arguments):
                self.expect(value.value, wanted.arguments[index], function, f"The value of {value.tag}")

    def assignment(self, node: tree.AssignName, function: tree.Function) -> None:
        if node.declares or node.span[0] == node.span[1]:
            return
        key = self.facts.key(node.binding, function)
        variable = self.facts.variables.get(key) if key is not None else None
        if variable is not None and variable.annotation is not None and len(variable.spans) == 1:
            self.expect(node.value, variable.annotation, function, f"Variable '{node.name}'")

    def returned(self, node: tree.Return, function: tree.Function) -> None:
        wanted = function.return_annotation
        if wanted is None or function.is_generator:
            return
        what = f"The result of '{function.name}'" if function.name else "The result of this function"
        if node.value is not None:
            self.expect(node.value, wanted, function, what)
        else:
            message = f"{what} is declared as {written(wanted)}, and this returns null"
            self.facts.warn("RUFCHK009", message, node.span)

    def call(self, node: tree.Call, function: tree.Function) -> None:
        if not isinstance(node.callee, tree.Name):
            return
        target = called_function(self.facts, node.callee, function)
        if target is None:
            return
        for parameter, value in zip(target.parameters, node.args, strict=False):
            if parameter.annotation is not None:
                self.expect(value, parameter.annotation, function, f"Parameter '{parameter.name}'")

    def binary(self, node: tree.Binary, function: tree.Function) -> None:
        if node.operator in ("==", "!="):
            return
        left = self.types.of(node.left, function)
        right = self.types.of(node.right, function)
        if left is None or right is None or left == "struct":
            return
        if left in NUMBERS and right in NUMBERS:
            return
        if left == right == "string" and (node.operator == "+" or node.operator in _ORDER):
            return
        message = f"Invalid binary operation: {left} {node.operator} {right}"
        self.facts.warn("RUFCHK010", message, node.span, operation_hint(left, node.operator, right))

    def unary(self, node: tree.Unary, function: tree.Function) -> None:
        inner = self.types.of(node.operand, function)
        if inner is None or inner == "struct" or (inner in NUMBERS if node.operator == "-" else inner == "bool"):
            return
        hint = "'!' takes a bool; compare instead, for example value == 0" if node.operator == "!" else ""
        self.facts.warn("RUFCHK010", f"Invalid unary operation: {node.operator} {inner}", node.span, hint)

    def member(self, node: tree.FieldGet | tree.MethodCall, function: tree.Function) -> None:
        inner = self.types.of(node.receiver, function)
        if inner not in _WITHOUT_MEMBERS:
            return
        called = isinstance(node, tree.MethodCall)
        if inner == "array" and called and node.name in _ITERATOR_METHODS:
            return
        if isinstance(node, tree.FieldGet) and node.optional and inner == "null":
            return
        what = "method" if called else "field"
        self.facts.warn("RUFCHK011", f"{_article(inner).capitalize()} has no {what} '{node.name}'", node.name_span,
                        member_hint(node.name, called))  # fmt: skip


def _article(kind: str | None) -> str:
    if kind == "null":
        return "null"
    return f"{'an' if (kind or '')[:1] in 'aeio' else 'a'} {kind}"


def _conversion(given: str | None, wanted: str) -> str:
    if given == "float" and wanted == "int":
        return "convert with to_int(value), which cuts the fraction"
    if wanted in ("int", "float", "string", "bool") and given in ("int", "float", "string", "bool"):
        return f"convert with to_{wanted}(value)"
    return ""
