"""Applies builtins to constants without a machine: enough for texts that are nothing but builtins, constants and application.

Anything else that is a value (a function, a suspended term) is passed on as it is; to apply it is beyond this evaluator, which
then raises :class:`NotDirect`. Costs are those of the model, steps included.
"""

from __future__ import annotations

from pagoda.languages.uplc import terms
from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.semantics import semantics
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.costs.model import STEP_NAMES, added
from pagoda.languages.uplc.types import Constant


class NotDirect(Exception):
    """The term is more than builtins applied to values."""


class Partial:
    """A builtin that waits for more."""

    def __init__(self, number, forces=0, arguments=()):
        self.number, self.forces, self.arguments = number, forces, arguments


_STEP = {
    terms.Const: "Const", terms.Lam: "Lam", terms.Delay: "Delay", terms.Constr: "Constr",
    terms.Apply: "Apply", terms.Force: "Force", terms.Builtin: "Builtin",
}  # fmt: skip


class Direct:
    """One evaluation: ``cost`` is what was spent so far."""

    def __init__(self, costs):
        self.costs, self.semantics = costs, semantics(costs.variant)
        self.cost = costs.startup

    def evaluate(self, term):
        """The value of a term. Raises :class:`BuiltinFailure` or :class:`NotDirect`."""
        if type(term) not in _STEP:
            raise NotDirect
        self.cost = added(self.cost, self.costs.step_costs[STEP_NAMES.index(_STEP[type(term)])])
        match term:
            case terms.Const():
                return term.constant
            case terms.Builtin():
                return Partial(term.number)
            case terms.Force():
                return self.force(self.evaluate(term.body))
            case terms.Apply():
                function = self.evaluate(term.function)
                return self.apply(function, self.evaluate(term.argument))
        return term

    def force(self, value):
        if isinstance(value, Constant):
            raise BuiltinFailure("forced a constant")
        if not isinstance(value, Partial):
            raise NotDirect
        if value.forces == BUILTINS[value.number].forces:
            raise BuiltinFailure("forced too often")
        return Partial(value.number, value.forces + 1)

    def apply(self, value, argument):
        if isinstance(value, Constant):
            raise BuiltinFailure("applied a constant")
        if not isinstance(value, Partial):
            raise NotDirect
        builtin = BUILTINS[value.number]
        if value.forces < builtin.forces:
            raise BuiltinFailure("not forced enough")
        arguments = (*value.arguments, argument)
        if len(arguments) < builtin.arity:
            return Partial(value.number, value.forces, arguments)
        unlifted = self.semantics.unlift[value.number](*arguments)
        self.cost = added(self.cost, self.costs.cost_of[value.number](*unlifted))
        result = self.semantics.run[value.number](*unlifted)
        again = self.semantics.call[value.number](*arguments)
        assert again is result or type(again) is type(result) is Constant and again.type is result.type
        return result
