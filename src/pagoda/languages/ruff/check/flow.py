"""Warnings about statements that do nothing: those that are never reached, and those whose value nobody takes."""

from __future__ import annotations

from pagoda.languages.ruff.check.facts import Facts
from pagoda.languages.ruff.check.habits import VALUE_FOR
from pagoda.languages.ruff.check.nodes import children, every_node
from pagoda.languages.ruff.syntax import tree

_DECLARATIONS = (tree.FunctionStatement, tree.StructStatement, tree.EnumStatement, tree.Import, tree.Export, tree.Test)
_ENDINGS = {
    tree.Return: "return", tree.Break: "break", tree.Continue: "continue", tree.While: "a loop without end",
    tree.If: "an 'if' of which each branch leaves", tree.ExpressionStatement: "throw", tree.TryExcept: "a 'try' that leaves",
}  # fmt: skip
_VALUES = (
    tree.IntLiteral, tree.FloatLiteral, tree.StringLiteral, tree.BoolLiteral, tree.NullLiteral, tree.Interpolation,
    tree.ArrayLiteral, tree.DictLiteral,
)  # fmt: skip
_ACTIONS = (tree.Call, tree.MethodCall, tree.Throw, tree.Try, tree.Yield, tree.Await)
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


def check_flow(facts: Facts) -> None:
    """All warnings of this module."""
    for node, function in facts.nodes:
        if isinstance(node, tree.Block):
            _unreachable(facts, node, top=node is facts.program.main.body)
            _without_effect(facts, node, in_function=node is function.body and function is not facts.program.main)


def _unreachable(facts: Facts, block: tree.Block, top: bool) -> None:
    for index, statement in enumerate(block.statements[:-1]):
        if not leaves(statement):
            continue
        # Functions at the top level are there from the start, and tests run apart.
        rest = [later for later in block.statements[index + 1 :] if not (top and isinstance(later, _DECLARATIONS))]
        if rest:
            what = _ENDINGS[type(statement)]
            message = f"This is never reached: {what} comes before it"
            facts.warn("RUFCHK004", message, rest[0].span)
        return


def leaves(statement: tree.Statement | tree.Block | tree.If | None) -> bool:
    """Whether control never goes on after a statement."""
    if isinstance(statement, tree.Return | tree.Break | tree.Continue):
        return True
    if isinstance(statement, tree.ExpressionStatement):
        return isinstance(statement.value, tree.Throw)
    if isinstance(statement, tree.Block):
        return any(leaves(inner) for inner in statement.statements)
    if isinstance(statement, tree.If):
        step: tree.If | tree.Block | None = statement
        while isinstance(step, tree.If):
            if not leaves(step.then):
                return False
            step = step.otherwise
        return leaves(step)
    if isinstance(statement, tree.While):
        return statement.condition is None and not _breaks(statement.body)
    if isinstance(statement, tree.TryExcept):
        return leaves(statement.body) and leaves(statement.handler)
    return False


def _breaks(body: tree.Block) -> bool:
    """Whether a loop's body has a ``break`` of that loop."""
    waiting: list[tree.Node] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.Break):
            return True
        if not isinstance(node, tree.While | tree.For | tree.Function):
            waiting.extend(children(node))
    return False


def _without_effect(facts: Facts, block: tree.Block, in_function: bool) -> None:
    command = -1  # where a statement begins that was meant as an argument of the one before
    for index, statement in enumerate(block.statements):
        if not isinstance(statement, tree.ExpressionStatement) or statement.span[0] == command:
            continue
        value = statement.value
        last = in_function and index == len(block.statements) - 1
        following = block.statements[index + 1] if index + 1 < len(block.statements) else None
        hint = ""
        if isinstance(value, tree.Name):
            if value.binding.kind == "field":
                continue
            if following is not None and facts.line(following.span) == facts.line(statement.span):
                hint = _command_hint(facts, value.name)
                command = following.span[0] if hint else -1
        elif isinstance(value, tree.Binary):
            if value.operator in _COMPARISONS and (last or _is_still(value)):
                hint = "'==' compares; assign with ':='" if value.operator == "==" else ""
            elif not last:
                continue  # it may be there for the error that it raises
        elif not isinstance(value, _VALUES) or not _is_still(value):
            continue
        if last and not hint:
            hint = "a function gives its value with 'return'"
        facts.warn("RUFCHK012", "The value of this expression is not used", statement.span, hint)


def _is_still(value: tree.Expression) -> bool:
    """Whether evaluating something calls nothing and leaves nothing."""
    return not any(isinstance(node, _ACTIONS) for node in every_node(value))


def _command_hint(facts: Facts, name: str) -> str:
    if name in VALUE_FOR:
        return VALUE_FOR[name]
    if name in facts.builtins or name in facts.top.hoisted:
        return f"a call needs parentheses: {name}(...)"
    return ""
