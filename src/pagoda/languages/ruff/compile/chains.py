"""Chains of ``+``: what a program that builds text writes, and what may be added to a variable in place.

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
