"""What grows in place: chains of ``+``, as programs write them that build text, and parts that are given back to their place.

What must hold: addends are evaluated and added from left to right, each under the span of its own ``+``.
"""

from __future__ import annotations

from pagoda.languages.ruff.compile.folding import NOTHING, known
from pagoda.languages.ruff.syntax import tree
from pagoda.records import Record

SIMPLE = (tree.StringLiteral, tree.IntLiteral, tree.FloatLiteral, tree.BoolLiteral, tree.NullLiteral)


def chain_of(node: tree.Expression, fold: bool) -> tuple[tree.Expression, list[tree.Binary]]:
    """The leftmost operand of a chain of ``+``, and the additions from left to right. A constant is not taken apart."""
    additions: list[tree.Binary] = []
    while isinstance(node, tree.Binary) and node.operator == "+" and known(node, fold) is NOTHING:
        additions.append(node)
        node = node.left
    additions.reverse()
    return node, additions


def is_text(node: tree.Expression) -> bool:
    """Whether the source says that the value is a string."""
    return isinstance(node, tree.StringLiteral | tree.Interpolation)


def is_plain(node: tree.Expression) -> bool:
    """Whether evaluating ``node`` neither fails nor does anything."""
    return isinstance(node, SIMPLE) or (isinstance(node, tree.Name) and node.binding.kind == "local")


def same_variable(one: tree.Binding, other: tree.Binding) -> bool:
    return (one.kind, one.index, one.name) == (other.kind, other.index, other.name)


def may_be_text(node: tree.Expression) -> bool:
    """Whether it is worth asking, when the program runs, if the value is a string."""
    return is_text(node) or isinstance(node, tree.Name | tree.Call | tree.MethodCall)


def same_part(
    node: tree.Expression, step: tree.FieldGet | tree.IndexGet, variable: tree.Name, overloads: bool
) -> bool:  # fmt: skip
    """Whether ``node`` reads the part of ``variable`` to which ``step`` leads, and nothing happens on the way there.
    ``overloads``: operators may do something."""
    if type(node) is not type(step) or not isinstance(node, tree.FieldGet | tree.IndexGet):
        return False
    if not isinstance(node.receiver, tree.Name) or not same_variable(node.receiver.binding, variable.binding):
        return False
    if isinstance(node, tree.FieldGet):
        return isinstance(step, tree.FieldGet) and node.name == step.name and not node.optional
    return isinstance(step, tree.IndexGet) and same_index(node.index, step.index, variable.binding, overloads)


def same_index(one: tree.Expression, other: tree.Expression, changed: tree.Binding, overloads: bool) -> bool:
    """Whether two expressions give the same, whatever happens to ``changed`` and to what is no local variable."""
    if isinstance(one, tree.Name) and isinstance(other, tree.Name):
        local = one.binding.kind == "local" and not same_variable(one.binding, changed)
        return local and same_variable(one.binding, other.binding)
    if isinstance(one, tree.IntLiteral) and isinstance(other, tree.IntLiteral):
        return one.value == other.value
    if isinstance(one, tree.StringLiteral) and isinstance(other, tree.StringLiteral):
        return one.value == other.value
    if isinstance(one, tree.Binary) and isinstance(other, tree.Binary) and one.operator == other.operator and not overloads:
        return same_index(one.left, other.left, changed, False) and same_index(one.right, other.right, changed, False)
    return False


def mentions(node: object, binding: tree.Binding) -> bool:
    """Whether ``node`` may read a local variable: it names it, or holds a function, which might capture it."""
    work = [node]
    while work:
        item = work.pop()
        if isinstance(item, list | tuple):
            work.extend(item)
        elif isinstance(item, tree.Function):
            return True
        elif isinstance(item, tree.Name):
            if same_variable(item.binding, binding):
                return True
        elif isinstance(item, Record) and not isinstance(item, tree.Binding):
            work.extend(getattr(item, name) for name in item.__fields__)
    return False
