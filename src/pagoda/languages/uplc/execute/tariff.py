"""Cost models as native code has them: tables in memory, made once for each model that is in use."""

from __future__ import annotations

from array import array

from pagoda.languages.uplc.builtins.semantics import semantics
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.execute.machine_code import image
from pagoda.languages.uplc.execute.recalled import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.costs.model import CostModel

_MOST = 16  # models in use at a time
_APPLY, _CONST = 3, 0


class Tariff:
    """The tables of one model. What native code points at lives as long as the object.

    ``usable``: whether native code reckons exactly under this model; if not, the tables are absent. ``per_argument``: cpu and
    mem of applying a script to a constant.
    """

    def __init__(self, costs: CostModel) -> None:
        self.costs = costs
        self.semantics = semantics(costs.variant)
        if default_model(costs.variant) is costs:
            rows = remembered(f"tables {costs.variant}", lambda: _rows(costs))
        else:
            rows = _rows(costs)
        self.usable = rows is not None
        if rows is None:
            return
        charged, prices, bodies, signatures = rows
        symbols = image().symbols
        self.charged, self.prices = array("q", charged), array("q", prices)
        self.natives = array("q", [symbols[body] if body else 0 for body in bodies])
        self.signatures = array("b", signatures)
        self.steps = array("q", [part for cost in costs.step_costs for part in cost])
        apply, const = costs.step_costs[_APPLY], costs.step_costs[_CONST]
        self.startup = costs.startup
        self.per_argument = apply[0] + const[0], apply[1] + const[1]


def _rows(costs: CostModel) -> tuple[list[int], list[int], list[str], bytes] | None:
    """What is charged in advance, prices, the symbols of native bodies, signatures; ``None`` for a model of other numbers than
    native code can reckon with."""
    from pagoda.languages.uplc.natives.builtins import NATIVES
    from pagoda.languages.uplc.natives.pricing import charged_rows, native_numbers, ok, price_rows, signature_rows

    if not ok(costs):
        return None
    native = native_numbers(costs)
    bodies = [NATIVES[builtin.number].symbol if builtin.number in native else "" for builtin in BUILTINS]
    return charged_rows(costs), price_rows(costs), bodies, signature_rows()


_made: dict[int, Tariff] = {}


def tariff_of(costs: CostModel) -> Tariff:
    """The tariff of a model; the same one while the model is in use."""
    found = _made.get(id(costs))
    if found is None:
        while len(_made) >= _MOST:
            _made.pop(list(_made)[0], None)
        found = _made[id(costs)] = Tariff(costs)
    return found
