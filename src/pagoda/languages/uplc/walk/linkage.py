"""What both machines know of the builtins and their costs under one cost model.

Builtins and costs are read where they are defined and laid out here the way machines ask for them: by the builtin's number.
What must hold: a linkage belongs to one evaluation at a time, for it holds the log that ``trace`` of the fast machine writes.
"""

from __future__ import annotations

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.builtins.choices import TRACE
from pagoda.languages.uplc.builtins.failure import BuiltinFailure, UnliftingFailure
from pagoda.languages.uplc.builtins.semantics import Lazy, semantics
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.walk.budget import MOST
from pagoda.languages.uplc.walk.failing import EvaluationFailure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.costs.model import CostModel
    from pagoda.languages.uplc.walk.budget import Meter
    from pagoda.languages.uplc.walk.values import Value

TOO_DEAR = "costs more than the whole budget"

_NAMES = tuple(builtin.name for builtin in BUILTINS)
_FORCES = tuple(builtin.forces for builtin in BUILTINS)
_ARITIES = tuple(builtin.arity for builtin in BUILTINS)
#: Builtins that return one of their arguments after the first, whatever these are, and do nothing else.
_CHOOSERS = frozenset(
    builtin.number
    for builtin in BUILTINS
    if builtin.number != TRACE and builtin.arity > 1 and all(kind.within("E").family == "any" for kind in builtin.kinds[1:])
)


class Linkage:
    """Tables by the number of a builtin, and the costs of steps.

    ``direct[n]`` takes the arguments (values) and gives the result; ``priced[n]`` gives the result with its cpu and mem, for
    builtins whose cost depends on their arguments; ``constant_costs[n]`` is the pair for the others, else ``None``.
    ``choosers``: builtins that only choose among their arguments. ``startup`` and ``step_costs`` are pairs of cpu and mem.
    """

    names, forces, arities, choosers = _NAMES, _FORCES, _ARITIES, _CHOOSERS

    def __init__(self, costs: CostModel, case_on_constants: bool) -> None:
        self.case_on_constants = case_on_constants
        self.startup: tuple[int, int] = costs.startup
        self.step_costs: tuple[tuple[int, int], ...] = costs.step_costs
        #: Whether every step costs cpu, so that the spending tells the fast machine when to look at its limits.
        self.steps_cost = all(cpu > 0 for cpu, _ in self.step_costs)
        self.logs: list[str] = []
        #: What one call of a builtin may cost at most in cpu and mem: one that costs more than the whole budget never begins.
        self.most = [MOST, MOST]
        self._costs = costs
        self._semantics = semantics(costs.variant)
        self.constant_costs = costs.constant_cost
        self.direct = Lazy(self._direct)
        self.priced = Lazy(self._priced)

    def run(self, number: int, arguments: tuple[Any, ...], meter: Meter, logs: list[str], origin: Any) -> Value:
        """A saturated builtin as the reference machine runs it: checks the arguments, spends, runs.

        Raises :class:`EvaluationFailure` for ``origin``, the term that gave it the last it needed.
        """
        name = _NAMES[number]
        try:
            unlifted = self._semantics.unlift[number](*arguments)
            cpu, mem = self.constant_costs[number] or self._costs.cost_of[number](*unlifted)
            meter.spend(name, cpu, mem)
            result: Value = self._semantics.run[number](*unlifted)
        except UnliftingFailure as problem:
            raise EvaluationFailure(outcome.WRONG_TYPE, f"{name}: {problem.message}", origin) from None
        except BuiltinFailure as problem:
            raise EvaluationFailure(outcome.BUILTIN_FAILURE, f"{name}: {problem.message}", origin) from None
        if number == TRACE:
            logs.append(unlifted[0])
        return result

    def _direct(self, number: int) -> Callable[..., Any]:
        call = self._semantics.call[number]
        if number != TRACE:
            return call
        write = self.logs.append

        def trace(message: Any, value: Any) -> Any:
            result = call(message, value)
            write(message.value)
            return result

        return trace

    def _priced(self, number: int) -> Callable[..., tuple[Any, int, int]]:
        unlift, run, cost_of = self._semantics.unlift[number], self._semantics.run[number], self._costs.cost_of[number]
        most = self.most
        if _ARITIES[number] == 1:

            def priced_1(argument: Any) -> tuple[Any, int, int]:
                (given,) = unlift(argument)
                cpu, mem = cost_of(given)
                if cpu > most[0] or mem > most[1]:
                    raise BuiltinFailure(TOO_DEAR)
                return run(given), cpu, mem

            return priced_1
        if _ARITIES[number] == 2:

            def priced_2(first: Any, second: Any) -> tuple[Any, int, int]:
                first, second = unlift(first, second)
                cpu, mem = cost_of(first, second)
                if cpu > most[0] or mem > most[1]:
                    raise BuiltinFailure(TOO_DEAR)
                return run(first, second), cpu, mem

            return priced_2

        def priced(*arguments: Any) -> tuple[Any, int, int]:
            given = unlift(*arguments)
            cpu, mem = cost_of(*given)
            if cpu > most[0] or mem > most[1]:
                raise BuiltinFailure(TOO_DEAR)
            return run(*given), cpu, mem

        return priced
