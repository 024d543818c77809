"""Constants known to the compiler: what an expression of literals comes to, by the language's own operators.

What must hold: an expression that would raise is not folded, so it raises where and when it should; the sign of zero is kept.
"""

from __future__ import annotations

from pagoda.languages.ruff import operators
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.syntax import tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NOTHING = object()
LONGEST = 4096


def known(node: tree.Expression, fold: bool) -> Any:
    """The constant that ``node`` is, or ``NOTHING``. With ``fold`` off, only literals are constants."""
    if isinstance(node, tree.IntLiteral | tree.FloatLiteral | tree.StringLiteral | tree.BoolLiteral):
        return node.value
    if isinstance(node, tree.NullLiteral):
        return None
    if not fold:
        return NOTHING
    try:
        if isinstance(node, tree.Unary):
            operand = known(node.operand, fold)
            if operand is NOTHING:
                return NOTHING
            return operators.negate(operand) if node.operator == "-" else operators.invert(operand)
        if isinstance(node, tree.Binary):
            left = known(node.left, fold)
            if left is NOTHING:
                return NOTHING
            right = known(node.right, fold)
            if right is NOTHING:
                return NOTHING
            result = operators.BINARY[node.operator](left, right)
            return NOTHING if isinstance(result, str) and len(result) > LONGEST else result
    except RuffError:
        return NOTHING
    return NOTHING
