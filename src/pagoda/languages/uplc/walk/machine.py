"""Evaluates a term: on the fast machine, and where that one has doubts, on the reference machine, which decides.

Nothing is kept between evaluations but what :class:`Prepared` holds: the blocks compiled so far and the terms behind them.
"""

from __future__ import annotations

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.outcome import Failure, Outcome
from pagoda.languages.uplc.walk import fast
from pagoda.languages.uplc.walk.blocks import Block
from pagoda.languages.uplc.walk.budget import MOST, Meter, OutOfBudget
from pagoda.languages.uplc.walk.failing import EvaluationFailure
from pagoda.languages.uplc.walk.linkage import Linkage
from pagoda.languages.uplc.walk.locate import path_to
from pagoda.languages.uplc.walk.readback import term_of
from pagoda.languages.uplc.walk.stepper import Stepper
from pagoda.languages.uplc.walk.watch import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.costs.model import CostModel
    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.walk.watch import Watch

#: The reference machine looks at the clock once in so many steps.
_LOOK = 2000


class Prepared:
    """A closed term made ready to be evaluated under a cost model, any number of times."""

    def __init__(self, term: Term, costs: CostModel, *, case_on_constants: bool = True) -> None:
        self.term = term
        self.linkage = Linkage(costs, case_on_constants)
        self._entry = Block(None, term)

    def evaluate(
        self,
        budget: tuple[int, int] | None = None,
        *,
        tally: bool = False,
        watch: Watch | None = None,
        reference: bool = False,
    ) -> Outcome:
        """Runs it. See :func:`evaluate`."""
        linkage = self.linkage
        if not tally and not reference and linkage.steps_cost:
            del linkage.logs[:]
            try:
                linkage.most[:] = budget or (MOST, MOST)
                value, cpu, mem = fast.run(self._entry, linkage, budget, watch)
            except fast.Doubt:
                pass
            except Stopped as stop:
                return Outcome(None, Failure(stop.cause, stop.message), stop.cpu, stop.mem, tuple(linkage.logs))
            else:
                logs = tuple(linkage.logs)
                del linkage.logs[:]
                return Outcome(term_of(value, _start), None, cpu, mem, logs)
        return _evaluate_by_steps(self.term, linkage, budget, tally, watch)


def evaluate(
    term: Term,
    costs: CostModel,
    budget: tuple[int, int] | None = None,
    *,
    case_on_constants: bool = True,
    tally: bool = False,
    watch: Watch | None = None,
    reference: bool = False,
) -> Outcome:
    """Evaluates a closed term.

    ``budget``: the limits in cpu and mem; without it everything is counted and nothing limited. ``tally``: what each kind of
    step and each builtin spent. ``watch``: limits of time and memory. ``reference``: use the
    reference machine alone. Raises nothing that the term could cause.
    """
    prepared = Prepared(term, costs, case_on_constants=case_on_constants)
    return prepared.evaluate(budget, tally=tally, watch=watch, reference=reference)


def _start(code: Any) -> Any:
    """The term that a closure of either machine was made of."""
    return code.start if code.__class__ is Block else code


def _evaluate_by_steps(
    term: Term, linkage: Linkage, budget: tuple[int, int] | None, tally: bool, watch: Watch | None
) -> Outcome:
    meter = Meter(linkage.step_costs, budget, tally=tally)
    stepper = Stepper(term, linkage, meter)
    failure = None
    result = None
    try:
        for count, _ in enumerate(stepper.steps(), 1):
            if count % _LOOK == 0 and watch is not None:
                watch.look()
        result = term_of(stepper.result)  # type: ignore[arg-type]
    except Stopped as stop:
        failure = Failure(stop.cause, stop.message)
    except EvaluationFailure as problem:
        path = None if problem.term is None else path_to(problem.term, term)
        failure = Failure(problem.cause, problem.message, problem.term, path)
    except OutOfBudget:
        failure = Failure(outcome.OUT_OF_BUDGET, _overrun(meter), stepper.term, path_to(stepper.term, term))
    return Outcome(result, failure, meter.cpu, meter.mem, tuple(stepper.logs), meter.tallies)


def _overrun(meter: Meter) -> str:
    over = []
    if meter.cpu > meter.limit_cpu:
        over.append(f"cpu {meter.cpu} of {meter.limit_cpu}")
    if meter.mem > meter.limit_mem:
        over.append(f"mem {meter.mem} of {meter.limit_mem}")
    return f"the budget is exhausted ({', '.join(over)})"
