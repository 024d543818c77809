"""Warnings about calls with the wrong number of arguments, where it is certain which function is called."""

from __future__ import annotations

from pagoda.languages.ruff.check.facts import Facts
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax import tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.ruff.values import Builtin


def check_calls(facts: Facts) -> None:
    """All warnings of this module."""
    methods = {id(method): struct for structs in facts.structs.values() for struct in structs for method in struct.methods}
    for node, function in facts.nodes:
        if isinstance(node, tree.Call) and isinstance(node.callee, tree.Name):
            target = called_function(facts, node.callee, function)
            if target is not None:
                name = target.name or "<lambda>"
                _compare(facts, node, name, _parameters(target), node.args)
            elif facts.is_builtin(node.callee):
                builtin = registry.get(node.callee.name)
                if builtin is not None:
                    _compare_builtin(facts, node, builtin)
        elif isinstance(node, tree.MethodCall) and isinstance(node.receiver, tree.Name) and node.receiver.name == "self":
            owner = methods.get(id(function))
            if owner is None or len(facts.structs[owner.name]) != 1:
                continue
            for method in owner.methods:
                if method.name == node.name:
                    _compare(facts, node, f"{owner.name}.{method.name}", _parameters(method), node.args)


def called_function(facts: Facts, callee: tree.Name, function: tree.Function) -> tree.Function | None:
    """The function that a name means, where it can mean no other."""
    if callee.binding.kind == "self_function":
        step: tree.Function | None = function
        while step is not None and step.name != callee.name:
            step = facts.parents.get(id(step))
        return step
    variable = facts.variable(callee, function)
    if variable is None or not variable.settled or (facts.imports_unknown and callee.binding.kind == "global"):
        return None
    if callee.binding.kind == "global" and callee.name in facts.imported_names():
        return None
    return variable.function


def _parameters(function: tree.Function) -> list[str]:
    return [parameter.name for parameter in function.parameters if parameter.name != "self"]


def _compare(facts: Facts, node: tree.Node, name: str, parameters: list[str], args: list[tree.Expression]) -> None:
    if len(args) != len(parameters):
        shown = name.rpartition(".")[2]
        hint = f"it is declared as {shown}({', '.join(parameters)})" if shown != "<lambda>" else ""
        facts.warn("RUFCHK008", f"{name} expects {len(parameters)} arguments, got {len(args)}", node.span, hint)


def _compare_builtin(facts: Facts, node: tree.Call, builtin: Builtin) -> None:
    given, low, high = len(node.args), builtin.low, builtin.high
    if low <= given and (high < 0 or given <= high):
        return
    expected = f"{low}" if low == high else f"at least {low}" if high < 0 else f"{low} to {high}"
    message = builtin.arity_text or f"{builtin.name} expects {expected} arguments, got {given}"
    facts.warn("RUFCHK008", message, node.span)
