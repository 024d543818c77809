"""The type of an expression, as far as it is certain or annotated: the base of the warnings about types.

A type is the name that ``type()`` gives, or ``None`` where it is not known. An annotation has no effect at run time; what it
says is believed here. What must hold: unknown stays unknown, so that no warning is a guess. An int goes where a float is
wanted.
"""

from __future__ import annotations

from pagoda.languages.ruff.check.calls import called_function
from pagoda.languages.ruff.check.facts import Facts
from pagoda.languages.ruff.syntax import tree

#: What these builtins give whenever they give anything.
_BUILTIN_TYPES = {
    "len": "int", "to_int": "int", "to_float": "float", "to_string": "string", "str": "string", "type": "string",
    "upper": "string", "lower": "string", "to_upper": "string", "to_lower": "string", "trim": "string", "join": "string",
    "substring": "string", "replace": "string", "repeat": "string", "split": "array", "range": "array", "keys": "array",
    "values": "array", "has_key": "bool", "starts_with": "bool", "ends_with": "bool", "is_int": "bool", "is_string": "bool",
}  # fmt: skip
_LITERALS: dict[type[tree.Node], str] = {
    tree.IntLiteral: "int", tree.FloatLiteral: "float", tree.StringLiteral: "string", tree.Interpolation: "string",
    tree.BoolLiteral: "bool", tree.NullLiteral: "null", tree.ArrayLiteral: "array", tree.DictLiteral: "dict",
    tree.Function: "function", tree.StructLiteral: "struct",
}  # fmt: skip
NUMBERS = frozenset({"int", "float"})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%"})
_DEPTH = 60  # of expressions looked into; beyond it nothing is known


class Types:
    """Types of the expressions of a program."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        #: What is known of variables; while one is looked into, that is nothing.
        self._known: dict[tuple[int, bool], str | None] = {}

    def of(self, node: tree.Node | None, function: tree.Function, depth: int = 0) -> str | None:
        """The type of an expression in a function."""
        if node is None or depth > _DEPTH:
            return None
        literal = _LITERALS.get(type(node))
        if literal is not None:
            return literal
        if isinstance(node, tree.Name):
            return self._name(node, function, depth)
        if isinstance(node, tree.Binary):
            return self._binary(node, function, depth)
        if isinstance(node, tree.Unary):
            inner = self.of(node.operand, function, depth + 1)
            if node.operator == "-":
                return inner if inner in NUMBERS else None
            return "bool" if inner == "bool" else None
        if isinstance(node, tree.Logical):
            return "bool" if node.operator in ("&&", "||") else None
        if isinstance(node, tree.ResultValue):
            return "result" if node.tag in ("Ok", "Err") else "option"
        if isinstance(node, tree.Call) and isinstance(node.callee, tree.Name):
            target = called_function(self.facts, node.callee, function)
            if target is not None:
                return result_type(target)
            return _BUILTIN_TYPES.get(node.callee.name) if self.facts.is_builtin(node.callee) else None
        return None

    def _name(self, node: tree.Name, function: tree.Function, depth: int) -> str | None:
        variable = self.facts.variable(node, function)
        if variable is None or not variable.spans:
            return None
        if len(variable.spans) > 1:
            return None
        if variable.annotation is not None:
            return annotated(variable.annotation)
        if variable.kind == "function":
            return "function" if variable.settled else None
        if variable.mutability not in ("let", "const") or not variable.settled:
            return None
        known = (id(variable), node.binding.kind == "capture")
        if known in self._known:
            return self._known[known]
        self._known[known] = None
        # The value stands in the function that declares the variable; only what is the same everywhere counts.
        value = variable.value
        found = _LITERALS.get(type(value)) if value is not None else None
        if found is None and isinstance(value, tree.Binary | tree.Unary | tree.Call | tree.ResultValue):
            found = self.of(value, function, depth + 1) if node.binding.kind != "capture" else None
        self._known[known] = found
        return found

    def _binary(self, node: tree.Binary, function: tree.Function, depth: int) -> str | None:
        left = self.of(node.left, function, depth + 1)
        if node.operator not in _ARITHMETIC:
            return "bool" if left is not None and left != "struct" else None
        right = self.of(node.right, function, depth + 1)
        if left == "string" and right == "string" and node.operator == "+":
            return "string"
        if left in NUMBERS and right in NUMBERS:
            return "float" if "float" in (left, right) else "int"
        return None


def annotated(annotation: tree.TypeAnnotation) -> str:
    """The type an annotation names."""
    return annotation.name.lower()


def written(annotation: tree.TypeAnnotation) -> str:
    """An annotation as it is written."""
    inner = ", ".join(written(argument) for argument in annotation.arguments)
    return f"{annotation.name}<{inner}>" if inner else annotation.name


def result_type(function: tree.Function) -> str | None:
    """The type of what calling a function gives, by its annotation."""
    if function.is_generator or function.is_async or function.return_annotation is None:
        return None
    return annotated(function.return_annotation)


def fits(given: str | None, wanted: str) -> bool:
    """Whether a value of a type may go where an annotation wants another; what is not known fits."""
    return given is None or given == wanted or (given == "int" and wanted == "float")
