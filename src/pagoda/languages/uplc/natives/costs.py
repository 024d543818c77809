"""What a builtin costs, reckoned natively from the sizes of its arguments.

The expressions are those of :mod:`.prices`; the function that reckons with them is made of their texts here, so none is written
twice. What must hold: :func:`charge` either takes the exact cost, or changes nothing and answers False.
"""

from __future__ import annotations

import ast
import linecache
from typing import Any, Final

from pagoda.languages.uplc.natives import prices
from pagoda.languages.uplc.natives.prices import EXPRESSION, FIGURES, LIMIT, MOST_FIGURES, PRICE_WORDS
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native, ptr
from pagoda.native.functions import NativeFunction
from pagoda.native.intrinsics import offset, unlikely


@inline
def larger(a: i64, b: i64) -> i64:
    return a if a > b else b


class _Plain(ast.NodeTransformer):
    """Writes ``x or y`` of numbers as native code takes it."""

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        first, second = node.values
        return ast.IfExp(ast.Compare(first, [ast.NotEq()], [ast.Constant(0)]), first, second)


def _reckoning() -> NativeFunction[..., int]:
    """The function that gives the cost by the number of an expression, its figures and the sizes."""
    sizes = ", ".join(f"{size}: i64" for size in prices.SIZES)
    lines = ["@native\n", f"def reckon(which: i64, p: ptr[i64], {sizes}) -> i64:\n"]
    for number, text in enumerate(prices.EXPRESSIONS):
        plain = ast.unparse(_Plain().visit(ast.parse(text, mode="eval")))
        lines += f"    if which == {number}:\n", f"        return {plain}\n"
    lines.append("    return 0\n")
    text, file = "".join(lines), "<expressions of costs>"
    linecache.cache[file] = len(text), None, lines, file  # where lowering reads what it lowers
    names: dict[str, Any] = {"native": native, "i64": i64, "ptr": ptr, "max": larger, "__name__": __name__}
    exec(compile(text, file, "exec"), names)
    made: NativeFunction[..., int] = names["reckon"]
    return made


reckon: Final = _reckoning()


@inline
def row_of(ctx: UplcContext, number: i64) -> ptr[i64]:
    """The row of prices of a builtin."""
    return offset(ctx.prices, number * (PRICE_WORDS * 8))


@native
def charge(ctx: UplcContext, number: i64, x: i64, y: i64, z: i64, u: i64) -> bool:
    """Takes what a builtin costs beyond what is charged already, given its arguments' sizes. False where the sizes are too
    large to reckon with, or the budget is used up."""
    row = row_of(ctx, number)
    limit = row[LIMIT]
    if unlikely(x > limit or y > limit or z > limit or u > limit):
        return False
    cpu: i64 = reckon(row[EXPRESSION], offset(row, FIGURES * 8), x, y, z, u)
    mem: i64 = reckon(row[EXPRESSION + 1], offset(row, (FIGURES + MOST_FIGURES) * 8), x, y, z, u)
    cpu_left = ctx.cpu + ctx.charged[2 * number] - cpu
    mem_left = ctx.mem + ctx.charged[2 * number + 1] - mem
    if unlikely(cpu_left < 0 or mem_left < 0):
        return False
    ctx.cpu = cpu_left
    ctx.mem = mem_left
    return True
