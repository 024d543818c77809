"""Evaluates scripts from Python.

What must hold: whatever a script does when it runs, an :class:`Evaluation` comes back; what is raised at once is wrong with
what was given, never with what the script did.
"""

from __future__ import annotations

import functools

from pagoda.languages.uplc.encoding.ledger import VAN_ROSSEM, check_language
from pagoda.languages.uplc.evaluation import Rules, run_program
from pagoda.languages.uplc.terms import Const
from pagoda.uplc.arguments import argument_term
from pagoda.uplc.cost_model import CostModel
from pagoda.uplc.errors import RAISED_BELOW, UplcError, error_of, public
from pagoda.uplc.limits import NONE, limits_of
from pagoda.uplc.scripts import program_of
from pagoda.uplc.storeys import ready, storey_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike
    from typing import Any, TypeAlias

    from pagoda.languages.uplc.costs import model as models
    from pagoda.languages.uplc.outcome import Outcome
    from pagoda.languages.uplc.terms import Term
    from pagoda.uplc.errors import EvaluationError
    from pagoda.uplc.limits import Limits
    from pagoda.uplc.program import Program

    Script: TypeAlias = Program | bytes | str | PathLike[str]
    Costs: TypeAlias = CostModel | Sequence[int] | Mapping[str, int]


class Evaluation:
    """How an evaluation ended: with a result (``ok``) or an error; what it spent and traced either way.

    As a truth value it is ``ok``.
    """

    __slots__ = ("_error", "_outcome")

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._error: EvaluationError | None = None

    @property
    def ok(self) -> bool:
        """Whether there is a result."""
        return self._outcome.failure is None

    @property
    def result(self) -> Term | None:
        """The result as a term (:mod:`pagoda.uplc.terms`), ``None`` when there is none."""
        return self._outcome.result

    @property
    def value(self) -> Any:
        """The result as a Python value (:mod:`pagoda.uplc.values`). Raises the error when there is no result, and
        :class:`TypeError` for one that is no constant."""
        result = self.unwrap()
        if not isinstance(result, Const):
            raise TypeError(f"the result is no constant but a {type(result).__name__}")
        from pagoda.uplc.values import python_value

        return python_value(result.constant)

    @property
    def text(self) -> str | None:
        """The result as text, ``None`` when there is none. Raises :class:`UplcError` where it would be too long."""
        from pagoda.uplc.terms import term_text

        result = self._outcome.result
        return None if result is None else term_text(result)

    @property
    def cpu(self) -> int:
        """The cpu spent, on failure what had been accounted for by then."""
        return self._outcome.cpu

    @property
    def mem(self) -> int:
        """The mem spent, on failure what had been accounted for by then."""
        return self._outcome.mem

    @property
    def logs(self) -> tuple[str, ...]:
        """The texts traced."""
        return tuple(self._outcome.logs)

    @property
    def error(self) -> EvaluationError | None:
        """Why there is no result, ``None`` when there is one."""
        if self._error is None:
            self._error = error_of(self._outcome)
        return self._error

    def unwrap(self) -> Term:
        """The result. Raises :attr:`error` when there is none."""
        result = self._outcome.result
        error = self.error
        if error is not None or result is None:
            raise error or UplcError("no result")
        return result

    def __bool__(self) -> bool:
        return self.ok

    def __repr__(self) -> str:
        ended = "ok" if self.ok else self._outcome.failure.cause  # type: ignore[union-attr]
        return f"<evaluation: {ended}, cpu {self.cpu}, mem {self.mem}>"


def evaluate(
    script: Script,
    *arguments: Any,
    language: str | None = "auto",
    protocol: int = VAN_ROSSEM,
    limits: Limits | tuple[int, int] | None = None,
    cost_model: Costs | None = None,
    storey: str = "auto",
    raise_on_error: bool = False,
) -> Evaluation:
    """Applies a script to arguments and evaluates it.

    ``script``: see :mod:`pagoda.uplc.scripts`. ``arguments``: see :mod:`pagoda.uplc.arguments`; none at all means that the
    script has been applied already. ``language``: whose rules hold, ``"V1"`` to ``"V4"`` at a major ``protocol`` version;
    ``"auto"``: the language that the script's envelope names, else V3; ``None``: no ledger's, but those of plain evaluation,
    with every builtin, any arguments and any result. ``limits``: a :class:`~pagoda.uplc.limits.Limits` or a pair of cpu and
    mem; without any everything is counted and nothing limited. ``cost_model``: other figures than the default ones, as a
    :class:`~pagoda.uplc.cost_model.CostModel`, a list in the ledger's order or a mapping from names. ``storey``: ``"auto"`` or
    the name of one.

    With ``raise_on_error`` an :class:`~pagoda.uplc.errors.EvaluationError` is raised instead of being given back. Raises
    :class:`~pagoda.uplc.errors.MalformedScript`, also for a script that the ledger does not accept,
    :class:`~pagoda.uplc.errors.WrongArguments`, :class:`~pagoda.uplc.errors.MissingPackage`; :class:`ValueError` and
    :class:`TypeError` for what is not a language, storey, figure, limit or argument.
    """
    chosen = storey_for(storey)
    program = program_of(script, None if language == "auto" else language)
    if language == "auto":
        language = program.language or "V3"
    rules = _rules(language, protocol)
    costs = None if cost_model is None else _costs(cost_model, language, protocol)
    allowed = NONE if limits is None else limits_of(limits)
    evaluation = Evaluation(_outcome(program, arguments, rules, costs, allowed, chosen))
    if raise_on_error:
        evaluation.unwrap()
    return evaluation


def _outcome(
    program: Program, arguments: Sequence[Any], rules: Rules, costs: models.CostModel | None, limits: Limits, storey: str
) -> Outcome:
    try:
        prepared = ready(program, rules, costs) if storey == "vm" else None
        watch = None if limits is NONE else limits.watch()
        if prepared is not None:
            outcome = prepared.run(arguments, limits.budget, watch)
            if outcome is not None:
                return outcome
        terms = [argument_term(argument, f"argument {position}") for position, argument in enumerate(arguments, 1)]
        outcome = run_program(program._program, terms, rules, limits.budget, watch=watch, costs=costs, storey=storey)
    except RAISED_BELOW as problem:
        raise public(problem) from None
    if prepared is not None:
        prepared.counts.add(len(arguments))  # none of them was refused
    return outcome


def _costs(given: Any, language: str | None, protocol: int) -> models.CostModel:
    """The model of the language for a caller's figures."""
    if hasattr(given, "keys"):
        given = CostModel.from_mapping(language or "V3", protocol, given)
    elif not isinstance(given, CostModel):
        given = _model_of_list(language or "V3", protocol, tuple(given))
    elif language is not None and given.variant != CostModel.default(language, protocol).variant:
        raise ValueError(f"{given!r} has other builtin semantics than {language} at protocol version {protocol}")
    model: models.CostModel = given._model
    return model


@functools.lru_cache(maxsize=64)
def _rules(language: str | None, protocol: int) -> Rules:
    if language is not None:
        check_language(language)
    if not isinstance(protocol, int):
        raise TypeError(f"a protocol version is an int, not {type(protocol).__name__}")
    return Rules(language, protocol)


@functools.lru_cache(maxsize=16)
def _model_of_list(language: str, protocol: int, values: tuple[int, ...]) -> CostModel:
    return CostModel.from_list(language, protocol, values)
