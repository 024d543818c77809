"""The CEK machine of the specification, section 3, a step at a time: the meaning of a script, and what a debugger drives.

:meth:`Stepper.steps` stops before each term it computes. What must hold: terms are charged when their computation starts,
steps are spent in the batches of the reference, and a failure names the term that failed. The fast machine (:mod:`.fast`)
is held to the same results; it leaves every failure to this one.
"""

from __future__ import annotations

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Force, Lam, Var
from pagoda.languages.uplc.types import Constant
from pagoda.languages.uplc.walk import budget
from pagoda.languages.uplc.walk.constant_case import branch_of_constant
from pagoda.languages.uplc.walk.failing import EvaluationFailure
from pagoda.languages.uplc.walk.values import CONSTRUCTED, DELAYED, LAMBDA, PARTIAL, lookup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.walk.budget import Meter
    from pagoda.languages.uplc.walk.linkage import Linkage
    from pagoda.languages.uplc.walk.values import Environment, Value

# Frames: ``(kind, term that pushed it, ...)``.
_FORCE = 0  # waits for what is to be forced
_ARGUMENT_TERM = 1  # (environment): waits for a function, then computes the argument
_ARGUMENT = 2  # (function): waits for the argument
_FIELDS = 3  # (environment, values so far): waits for the next field of a constructor
_CASES = 4  # (environment): waits for the scrutinee
_PENDING = 5  # (linked values): waits for a function to apply to them, one after the other


class Stepper:
    """One evaluation that can be watched.

    Between steps ``term`` is what is computed next, ``environment`` the values of its variables, ``frames`` what waits for its
    value (innermost last), ``meter`` the budget spent, ``logs`` what was traced.
    """

    def __init__(self, term: Term, linkage: Linkage, meter: Meter) -> None:
        self.term: Any = term
        self.environment: Environment = ()
        self.frames: list[tuple[Any, ...]] = []
        self.linkage = linkage
        self.meter = meter
        self.logs: list[str] = []
        self.result: Value | None = None

    def steps(self) -> Iterator[None]:
        """Runs to the end; ``result`` is the value then.

        Raises :class:`EvaluationFailure`, and :class:`~pagoda.languages.uplc.walk.budget.OutOfBudget`.
        """
        meter, frames = self.meter, self.frames
        step = meter.step
        value: Any
        meter.spend(budget.STARTUP_NAME, *self.linkage.startup)
        term, environment = self.term, self.environment
        while True:
            self.term, self.environment = term, environment
            yield
            shape = term.__class__
            if shape is Var:
                step(budget.VAR)
                value = lookup(environment, term.index)
                if value is None:
                    name = f" '{term.name}'" if term.name else ""
                    raise EvaluationFailure(outcome.OPEN_TERM, f"nothing binds the variable{name} (index {term.index})", term)
            elif shape is Apply:
                step(budget.APPLY)
                frames.append((_ARGUMENT_TERM, term, environment))
                term = term.function
                continue
            elif shape is Force:
                step(budget.FORCE)
                frames.append((_FORCE, term))
                term = term.body
                continue
            elif shape is Const:
                step(budget.CONST)
                value = term.constant
            elif shape is Lam:
                step(budget.LAM)
                value = LAMBDA, term, environment
            elif shape is Delay:
                step(budget.DELAY)
                value = DELAYED, term, environment
            elif shape is Builtin:
                step(budget.BUILTIN)
                value = PARTIAL, term.number, 0, ()
            elif shape is Case:
                step(budget.CASE)
                frames.append((_CASES, term, environment))
                term = term.scrutinee
                continue
            elif shape is Constr:
                step(budget.CONSTR)
                if term.fields:
                    frames.append((_FIELDS, term, environment, []))
                    term = term.fields[0]
                    continue
                value = CONSTRUCTED, term.tag, ()
            else:
                raise EvaluationFailure(outcome.EXPLICIT_ERROR, "the script ran into (error)", term)
            following = self._return(value)
            if following is None:
                return
            term, environment = following

    def _return(self, value: Any) -> tuple[Any, Environment] | None:
        """Hands a value to what waits for it, until there is a term to compute: gives it with its environment."""
        frames = self.frames
        while frames:
            frame = frames.pop()
            kind, origin = frame[0], frame[1]
            if kind == _ARGUMENT_TERM:
                frames.append((_ARGUMENT, origin, value))
                return origin.argument, frame[2]
            if kind == _FORCE:
                if value.__class__ is not Constant and value[0] == DELAYED:
                    return value[1].body, value[2]
                value = self._force(value, origin)
                continue
            if kind == _CASES:
                chosen = self._choose(value, origin)
                if chosen[1]:
                    frames.append((_PENDING, origin, chosen[1]))
                return chosen[0], frame[2]
            if kind == _FIELDS:
                fields = frame[3]
                fields.append(value)
                if len(fields) < len(origin.fields):
                    frames.append(frame)
                    return origin.fields[len(fields)], frame[2]
                value = CONSTRUCTED, origin.tag, tuple(fields)
                continue
            if kind == _ARGUMENT:
                function, argument = frame[2], value
            else:
                function, (argument, rest) = value, frame[2]
                if rest:
                    frames.append((_PENDING, origin, rest))
            if function.__class__ is not Constant and function[0] == LAMBDA:
                return function[1].body, (argument, function[2])
            value = self._apply(function, argument, origin)
        self.meter.flush()
        self.result = value
        return None

    def _force(self, value: Value, origin: Term) -> Value:
        if value.__class__ is Constant or value[0] != PARTIAL:  # type: ignore[index]
            raise EvaluationFailure(outcome.NOT_POLYMORPHIC, f"cannot force {described(value, self.linkage)}", origin)
        _, number, forces, arguments = value  # type: ignore[misc]
        if forces == self.linkage.forces[number]:
            name = self.linkage.names[number]
            raise EvaluationFailure(outcome.ARGUMENT_EXPECTED, f"{name} is forced where it needs an argument", origin)
        return PARTIAL, number, forces + 1, arguments

    def _apply(self, function: Value, argument: Value, origin: Term) -> Value:
        if function.__class__ is Constant or function[0] != PARTIAL:  # type: ignore[index]
            what = described(function, self.linkage)
            raise EvaluationFailure(outcome.NOT_A_FUNCTION, f"cannot apply {what} to an argument", origin)
        _, number, forces, arguments = function  # type: ignore[misc]
        linkage = self.linkage
        if forces < linkage.forces[number]:
            name = linkage.names[number]
            raise EvaluationFailure(outcome.FORCE_EXPECTED, f"{name} is applied where it needs a force", origin)
        arguments = (*arguments, argument)
        if len(arguments) < linkage.arities[number]:
            return PARTIAL, number, forces, arguments
        return linkage.run(number, arguments, self.meter, self.logs, origin)

    def _choose(self, value: Value, origin: Case) -> tuple[Term, Any]:
        """The branch for a scrutinee, and the linked values it is applied to."""
        branches = origin.branches
        if value.__class__ is Constant:
            if not self.linkage.case_on_constants:
                raise EvaluationFailure(outcome.NOT_A_CONSTRUCTOR, "case of a constant is not supported here", origin)
            index, fields, problem = branch_of_constant(value, len(branches))
            if problem:
                raise EvaluationFailure(outcome.CASE_OF_CONSTANT, problem, origin)
            return branches[index], fields
        if value[0] != CONSTRUCTED:  # type: ignore[index]
            what = described(value, self.linkage)
            raise EvaluationFailure(outcome.NOT_A_CONSTRUCTOR, f"case of {what}, which no constructor made", origin)
        _, tag, given = value  # type: ignore[misc]
        if tag >= len(branches):
            count = f"{len(branches)} branch" + ("" if len(branches) == 1 else "es")
            raise EvaluationFailure(outcome.MISSING_BRANCH, f"no branch for the tag {tag}: there are {count}, from 0", origin)
        linked: Any = ()
        for field in reversed(given):
            linked = field, linked
        return branches[tag], linked


def described(value: Value, linkage: Linkage) -> str:
    """A value in a few words."""
    if value.__class__ is Constant:
        return f"a constant of type {short_type(value.type)}"
    kind: Any = value[0]  # type: ignore[index]
    if kind == LAMBDA:
        return "a function"
    if kind == DELAYED:
        return "a delayed term"
    if kind == CONSTRUCTED:
        return f"a constructor's value (tag {value[1]})"  # type: ignore[index]
    return f"the builtin {linkage.names[value[1]]}"  # type: ignore[index]


def short_type(type: Any) -> str:
    """A type's text, cut where types are nested deep."""
    depth, inner = 0, type
    while inner.parts:
        inner, depth = inner.parts[0], depth + 1
        if depth > 8:
            return f"({type.name} ...)"
    return repr(type) if depth <= 8 else type.name
