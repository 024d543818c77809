"""Cost models and signatures as tables in memory, for native code.

What must hold: a builtin is in :func:`native_numbers` only if its native body, with the row of :func:`price_rows`, gives the
results and the costs that the model's semantics variant gives, or fails where it cannot.
"""

from __future__ import annotations

import ast
from functools import cache
from typing import Final

from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.natives import prices

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.builtins.definition import Builtin
    from pagoda.languages.uplc.costs.model import CostModel
    from pagoda.languages.uplc.costs.shapes import Form

SIGNATURE_BYTES: Final = 8
MOST_STEP_COST: Final = 1 << 40

#: Builtins on integers that compiled code charges in advance as if all sizes were 1, as they nearly always are.
CHARGED_AS_SMALL: Final = tuple(range(10))

_ABSENT: Final = (0, 0)
_SHAPE_NUMBERS: Final = {text: number for number, text in enumerate(prices.EXPRESSIONS)}


def _forms(model: CostModel, builtin: Builtin) -> tuple[Form, Form]:
    constant = model.constant_cost[builtin.number]
    return constant if constant is not None else model.forms[builtin.name]


@cache
def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _bound(text: str, figures: list[int], size: int) -> int:
    """How large any step of reckoning a text can be, whatever the sizes are, up to ``size``."""

    def bound(node: ast.expr) -> int:
        if isinstance(node, ast.BinOp):
            left, right = bound(node.left), bound(node.right)
            return left * right if isinstance(node.op, ast.Mult) else left + right
        if isinstance(node, ast.IfExp):
            return max(bound(node.body), bound(node.orelse))
        if isinstance(node, ast.Call):
            return max(map(bound, node.args))
        if isinstance(node, ast.BoolOp):
            return max(map(bound, node.values))
        if isinstance(node, ast.Subscript):
            assert isinstance(node.slice, ast.Constant)
            assert isinstance(node.slice.value, int)
            return abs(figures[node.slice.value])
        assert isinstance(node, ast.Name)
        return size

    return bound(_parsed(text))


def _limit(texts: tuple[str, str], figures: list[list[int]]) -> int:
    """The largest power of two that sizes may reach, -1 where even size 1 costs too much."""
    size = prices.MOST_SIZE
    while size and any(_bound(text, row, size) > prices.MOST_COST for text, row in zip(texts, figures, strict=True)):
        size >>= 1
    return size or -1


def _flags(builtin: Builtin, variant: str) -> int:
    flags = 0
    for kind in builtin.signature(variant):
        if kind.low == 0 and kind.high == (1 << 64) - 1:
            flags |= prices.TAG_IS_WORD64
        if kind.low == 0 and kind.high == 255:
            flags |= prices.BYTE_IS_CHECKED
        if kind.measure == "quarters of utf-8":
            flags |= prices.TEXT_BY_BYTES
    return flags


def _row(model: CostModel, builtin: Builtin) -> list[int]:
    """The row of one builtin."""
    forms = _forms(model, builtin)
    texts = prices.texts_of(forms, builtin.arity)
    figures = [list(prices.figures_of(form)) for form in forms]
    row = [0] * prices.PRICE_WORDS
    row[prices.FLAGS] = _flags(builtin, model.variant)
    longest = [kind.longest for kind in builtin.signature(model.variant) if kind.longest is not None]
    row[prices.LONGEST] = min(longest, default=prices.NO_LIMIT)
    row[prices.LIMIT] = -1
    if texts in prices.KNOWN.get(builtin.name, ()):
        row[prices.LIMIT] = _limit(texts, figures)
    if row[prices.LIMIT] >= 0:
        for way in range(2):
            row[prices.EXPRESSION + way] = _SHAPE_NUMBERS[texts[way]]
            start = prices.FIGURES + way * prices.MOST_FIGURES
            row[start : start + len(figures[way])] = figures[way]
    return row


def price_rows(model: CostModel) -> list[int]:
    """The rows of all builtins, ``PRICE_WORDS`` words each, by number."""
    return [word for builtin in BUILTINS for word in _row(model, builtin)]


def _cost_when_small(model: CostModel, builtin: Builtin) -> tuple[int, int]:
    cost: tuple[int, int] = model.cost_of[builtin.number](*(1 for _ in builtin.kinds))
    return cost


def charged_rows(model: CostModel) -> list[int]:
    """Two words for each builtin: the cpu and mem that compiled code charges for a call in advance. That is the cost where it
    is constant, for :data:`CHARGED_AS_SMALL` the cost at sizes 1, else nothing."""
    row: list[int] = []
    for builtin in BUILTINS:
        constant = model.constant_cost[builtin.number]
        if constant is None and builtin.number in CHARGED_AS_SMALL:
            constant = _cost_when_small(model, builtin)
        row += constant or _ABSENT
    return row


def signature_rows() -> bytes:
    """``SIGNATURE_BYTES`` bytes for each builtin: arity, forces, then zeros."""
    return b"".join(bytes((builtin.arity, builtin.forces)).ljust(SIGNATURE_BYTES, b"\0") for builtin in BUILTINS)


def ok(model: CostModel) -> bool:
    """Whether the costs of steps, of beginning and those charged in advance are natural numbers so small that the sum over
    any code that fits memory is exact."""
    costs = [*charged_rows(model), *model.startup, *(part for cost in model.step_costs for part in cost)]
    return all(0 <= cost < MOST_STEP_COST for cost in costs)


def native_numbers(model: CostModel) -> frozenset[int]:
    """The numbers of the builtins whose native bodies are valid under a model."""
    from pagoda.languages.uplc.natives.builtins import NATIVES

    return frozenset(number for number in NATIVES if _row(model, BUILTINS[number])[prices.LIMIT] >= 0)
