"""Evaluates programs made of nodes: the interface of PyPI's ``uplc`` to :mod:`pagoda.languages.uplc`."""

from __future__ import annotations

from pagoda.languages.uplc import terms
from pagoda.languages.uplc.evaluation import Rules, run_program
from pagoda.uplc.compat.conversion import FreeVariableError, node_of_term, term_of
from pagoda.uplc.compat.cost_model import Budget, combined
from pagoda.uplc.errors import RAISED_BELOW, error_of, public
from pagoda.uplc.storeys import storey_for
from pagoda.uplc.terms import check_printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.terms import Term
    from pagoda.uplc.compat.cost_model import BuiltinCostModel, CekMachineCostModel
    from pagoda.uplc.compat.nodes import AST, Program
    from pagoda.uplc.errors import EvaluationError


class ComputationError(RuntimeError):
    """Why there is no result; ``error`` is the :class:`pagoda.uplc.EvaluationError` that says more."""

    def __init__(self, error: EvaluationError) -> None:
        super().__init__(str(error))
        self.error = error


class ComputationResult:
    """How an evaluation ended: ``result`` is a node, or an exception; ``logs`` are the texts traced, ``cost`` was spent.

    The node is made when it is first asked for. That raises :class:`pagoda.uplc.UplcError` for a result that is small only as
    long as its parts are shared.
    """

    __slots__ = ("_made", "_term", "cost", "logs")

    def __init__(self, result: AST | Exception | None, logs: list[str], cost: Budget, term: Term | None = None) -> None:
        self._made, self._term, self.logs, self.cost = result, term, logs, cost

    @property
    def result(self) -> AST | Exception:
        """The result, or why there is none."""
        if self._made is None:
            assert self._term is not None
            check_printable(self._term)
            self._made = node_of_term(self._term)
        return self._made

    def __repr__(self) -> str:
        return f"<ComputationResult: {self.result!r}, {len(self.logs)} logs, {self.cost!r}>"


class Machine:
    """Evaluates programs within a budget under a cost model. ``slippage`` is taken and has no meaning."""

    def __init__(
        self,
        budget: Budget,
        cek_machine_cost_model: CekMachineCostModel,
        builtin_cost_model: BuiltinCostModel,
        slippage: int = 200,
    ) -> None:
        self.budget = budget
        self.cek_machine_cost_model, self.builtin_cost_model = cek_machine_cost_model, builtin_cost_model

    def eval(self, program: Program) -> ComputationResult:
        """Evaluates a program. Whatever is wrong with it stands in the result. Raises :class:`pagoda.uplc.MissingPackage`."""
        try:
            term = term_of(program.term)
        except FreeVariableError as problem:
            return ComputationResult(problem, [], Budget(0, 0))
        costs = combined(self.cek_machine_cost_model, self.builtin_cost_model)._model
        budget = self.budget.cpu, self.budget.memory
        whole = terms.Program(program.version, term)
        try:
            outcome = run_program(whole, (), Rules(None), budget, costs=costs, storey=storey_for("auto"))
        except RAISED_BELOW as problem:
            raise public(problem) from None
        logs, cost = list(outcome.logs), Budget(outcome.cpu, outcome.mem)
        error = error_of(outcome)
        if error is None:
            return ComputationResult(None, logs, cost, outcome.result)
        failed = ComputationError(error)
        failed.__cause__ = error
        return ComputationResult(failed, logs, cost)
