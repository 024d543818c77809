"""Evaluates a program as the ledger does, or plainly.

Plainly: the builtins of every batch, the semantics variant E and its costs, any result. Under a language of the ledger and a
protocol version: what that ledger accepts, its variant, its arguments, its rule about results (specification 1.5, 2.1, 2.2).
"""

from __future__ import annotations

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.builtins.table import semantics_variant
from pagoda.languages.uplc.costs.model import CostModel, default_model
from pagoda.languages.uplc.encoding.errors import MalformedScript, Unencodable
from pagoda.languages.uplc.encoding.ledger import VAN_ROSSEM, bounds_of
from pagoda.languages.uplc.outcome import Failure, Outcome
from pagoda.languages.uplc.scripts import FlatProgram, check_closed
from pagoda.languages.uplc.terms import Apply, Const
from pagoda.languages.uplc.types import DATA_TYPE, UNIT_TYPE
from pagoda.records import Record, changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagoda.languages.uplc.encoding.ledger import Bounds
    from pagoda.languages.uplc.terms import Program, Term
    from pagoda.languages.uplc.walk.watch import Watch

#: How many arguments the ledger gives a script.
_ARGUMENTS = {"V1": (2, 3), "V2": (2, 3), "V3": (1,), "V4": (1,)}


#: Bounds by language and protocol version: the same objects each time, by which scripts that are kept are told apart.
_bounds: dict[tuple[str, int], Bounds] = {}


class WrongArguments(Exception):
    """Arguments that the ledger would not give. The message is for the user."""


class Rules(Record, frozen=True):
    """Whose rules hold: a language of the ledger (``"V1"`` to ``"V4"``; ``None`` is plain evaluation) at a protocol version."""

    language: str | None = None
    protocol: int = VAN_ROSSEM

    @property
    def bounds(self) -> Bounds | None:
        """What the ledger accepts of a script, ``None`` for everything."""
        if self.language is None:
            return None
        key = self.language, self.protocol
        found = _bounds.get(key)
        if found is None:
            found = _bounds[key] = bounds_of(*key)
        return found

    @property
    def costs(self) -> CostModel:
        """The cost model with the default figures."""
        return default_model("E" if self.language is None else semantics_variant(self.language, self.protocol))

    @property
    def case_on_constants(self) -> bool:
        """Whether ``case`` takes constants."""
        return self.language is None or self.protocol >= VAN_ROSSEM


def run_program(
    program: Program,
    arguments: Sequence[Term],
    rules: Rules,
    budget: tuple[int, int] | None = None,
    *,
    watch: Watch | None = None,
    tally: bool = False,
    costs: CostModel | None = None,
    storey: str = "walk",
) -> Outcome:
    """Applies a program to arguments and evaluates it. ``costs``: a cost model other than the default one of the rules.
    ``storey``: ``walk`` or ``vm``; the latter does not decode a :class:`~pagoda.languages.uplc.scripts.FlatProgram` unless it
    fails.

    Under the rules of a ledger, no argument at all means that the script has been applied already. Raises
    :class:`WrongArguments`, ``MalformedScript`` for a program that the ledger does not accept, and ``MissingPackage`` where a
    builtin needs a library that is not installed.
    """
    if rules.language is not None:
        _check_arguments(arguments, rules.language)
    model = rules.costs if costs is None else costs
    if storey == "vm":
        result = _run_natively(program, arguments, rules, model, budget, watch, tally)
    else:
        if rules.language is not None:
            _check_program(program, rules.bounds)
        from pagoda.languages.uplc.walk.machine import evaluate

        result = evaluate(
            _applied(program.term, arguments),
            model,
            budget,
            case_on_constants=rules.case_on_constants,
            watch=watch,
            tally=tally,
        )
    if result.failure is not None and arguments:
        failure = changed(result.failure, path=path_in_script(result.failure.path, len(arguments)))
        return changed(result, failure=failure)
    if rules.language in ("V3", "V4") and result.result is not None and not _is_unit(result.result):
        message = f"Plutus {rules.language} wants the result (con unit ()); the script gave something else"
        failure = Failure(outcome.NOT_UNIT, message, result.result)
        return Outcome(None, failure, result.cpu, result.mem, result.logs, result.tallies, result.steps)
    return result


def _applied(term: Term, arguments: Sequence[Term]) -> Term:
    for argument in arguments:
        term = Apply(term, argument)
    return term


def _run_natively(
    program: Program,
    arguments: Sequence[Term],
    rules: Rules,
    costs: CostModel,
    budget: tuple[int, int] | None,
    watch: Watch | None,
    tally: bool,
) -> Outcome:
    from pagoda.languages.uplc.execute.kept import script_of
    from pagoda.languages.uplc.execute.machine import Script

    case_on_constants = rules.case_on_constants
    constants = [argument.constant for argument in arguments if argument.__class__ is Const]
    if isinstance(program, FlatProgram) and len(constants) == len(arguments):
        script = script_of(program.flat, costs, case_on_constants=case_on_constants, bounds=rules.bounds)
        if not script.load():
            check_closed(script.program)
    else:
        if rules.language is not None:
            _check_program(program, rules.bounds)
        term = program.term
        if len(constants) < len(arguments):
            term, constants = _applied(term, arguments), []
        script = Script(term, costs, case_on_constants=case_on_constants)
    return script.evaluate(constants, budget, watch=watch, tally=tally)


def path_in_script(path: tuple[str, ...] | None, count: int) -> tuple[str, ...] | None:
    """A path in an applied script as one in the script itself, or one that begins with the argument it leads into."""
    if path is None:
        return None
    for position, step in enumerate(path[:count]):
        if step != "function":
            return f"argument {count - position}", *path[position + 1 :]
    return path[count:] if len(path) >= count else (f"application to argument {count - len(path)}",)


def _is_unit(term: Term) -> bool:
    return term.__class__ is Const and term.constant.type is UNIT_TYPE


def _check_arguments(arguments: Sequence[Term], language: str) -> None:
    counts = _ARGUMENTS[language]
    if arguments and len(arguments) not in counts:
        wanted = "datum (for spending), redeemer and context" if len(counts) > 1 else "the context"
        raise WrongArguments(f"a Plutus {language} script takes {' or '.join(map(str, counts))} arguments: {wanted}")
    for position, argument in enumerate(arguments, 1):
        if argument.__class__ is not Const or argument.constant.type is not DATA_TYPE:
            raise WrongArguments(f"argument {position} is not data; the ledger applies scripts to data only")


def _check_program(program: Program, bounds: Bounds | None) -> None:
    from pagoda.languages.uplc.encoding.flat import read_program, write_program

    # Bounds are rules of the decoder, so what was a text goes through it.
    try:
        read_program(program.flat if isinstance(program, FlatProgram) else write_program(program), bounds)
    except Unencodable as problem:
        raise MalformedScript(str(problem)) from None
