"""What can go wrong, as exceptions; all derive from :class:`UplcError`.

Two kinds must be told apart. What is wrong with the input (:class:`MalformedScript`, :class:`WrongArguments`,
:class:`Unencodable`) or with the installation (:class:`MissingPackage`) is raised at once. What a script does when it runs is
an :class:`EvaluationError`; it stands in ``Evaluation.error`` and is raised only where that was asked for. What must hold:
there is one class for each cause of a failure, below the class of its kind.
"""

from __future__ import annotations

from pagoda.languages.uplc import outcome as endings
from pagoda.languages.uplc.builtins import failure as builtin_failures
from pagoda.languages.uplc.encoding import errors as encoding_errors
from pagoda.languages.uplc.evaluation import WrongArguments as LedgerArguments
from pagoda.machine.source import DiagnosticError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagoda.languages.uplc.outcome import Outcome
    from pagoda.languages.uplc.terms import Term
    from pagoda.machine.source import Diagnostic


class UplcError(Exception):
    """The base of all errors of :mod:`pagoda.uplc`."""


class MalformedScript(UplcError, ValueError):
    """What was given is no script, no data or no constant, or the ledger does not accept it.

    ``offset``: where, in ``unit`` (``"bit"``, ``"byte"``, ``"character"``); ``diagnostics``: every finding, for a text.
    """

    def __init__(
        self, message: str, offset: int | None = None, unit: str = "bit", diagnostics: Sequence[Diagnostic] = ()
    ) -> None:
        super().__init__(message, offset, unit, diagnostics)
        self.message, self.offset, self.unit, self.diagnostics = message, offset, unit, tuple(diagnostics)

    def __str__(self) -> str:
        return self.message


class WrongArguments(UplcError, ValueError):
    """Arguments that the ledger would not give: too few, too many, or no data."""


class Unencodable(UplcError, ValueError):
    """A term that has no bytes in the flat encoding, such as one that holds a point of a curve."""


class MissingPackage(UplcError, ImportError):
    """A builtin needs a package that is not installed; ``package`` is its name on PyPI."""

    def __init__(self, message: str, package: str) -> None:
        super().__init__(message)
        self.package = package


class EvaluationError(UplcError):
    """Why a script has no result.

    ``message``: one line for a person. ``cause`` and ``failure_class``: stable names. ``cpu``, ``mem``, ``logs``: what had been
    spent and traced by then. ``term`` is the term that failed, or the result that is not wanted; ``path`` the way there from
    the script (``body``, ``function``, ``branch 0``, ...). Both are ``None`` where there is nothing to name.
    """

    def __init__(
        self,
        message: str,
        cause: str,
        cpu: int = 0,
        mem: int = 0,
        logs: Sequence[str] = (),
        path: tuple[str, ...] | None = None,
        term: Term | None = None,
    ) -> None:
        super().__init__(message, cause, cpu, mem, tuple(logs), path, term)
        self.message, self.cause, self.cpu, self.mem = message, cause, cpu, mem
        self.logs, self.path, self.term = tuple(logs), path, term

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r})"

    @property
    def failure_class(self) -> str:
        """``structural``, ``operational``, ``budget``, ``ledger`` or ``limit``."""
        return endings.CLASS_OF[self.cause]


class StructuralError(EvaluationError):
    """A failure that a script out of a typed compiler does not have."""


class OpenTerm(StructuralError):
    """A variable that nothing binds."""


class NotAFunction(StructuralError):
    """Something applied that is no function."""


class NotPolymorphic(StructuralError):
    """Something forced that is neither delayed nor polymorphic."""


class ForceExpected(StructuralError):
    """A builtin applied that must be forced first."""


class ArgumentExpected(StructuralError):
    """A builtin forced that must be applied first."""


class NotAConstructor(StructuralError):
    """A case of something that it cannot be of."""


class MissingBranch(StructuralError):
    """A case without the branch that is wanted."""


class WrongType(StructuralError):
    """A builtin's argument of another type."""


class OperationalError(EvaluationError):
    """A failure that a script may well have: a check that did not hold."""


class CaseOfConstant(OperationalError):
    """A case of a constant that has no branch for it."""


class ExplicitError(OperationalError):
    """The term ``(error)`` was reached."""


class BuiltinFailure(OperationalError):
    """A builtin has no result for its arguments."""


class OutOfBudget(EvaluationError):
    """More cpu or mem was needed than the limits allow."""


class ResultNotUnit(EvaluationError):
    """A script of Plutus V3 or V4 gave something else than the unit; ``term`` is what it gave."""


class LimitExceeded(EvaluationError):
    """A limit that is no budget stopped the evaluation; says nothing about the script."""


class OutOfTime(LimitExceeded):
    """``Limits.timeout`` is over."""


class OutOfMemory(LimitExceeded):
    """``Limits.memory`` is exceeded."""


ERROR_OF = {
    endings.OPEN_TERM: OpenTerm,
    endings.NOT_A_FUNCTION: NotAFunction,
    endings.NOT_POLYMORPHIC: NotPolymorphic,
    endings.FORCE_EXPECTED: ForceExpected,
    endings.ARGUMENT_EXPECTED: ArgumentExpected,
    endings.NOT_A_CONSTRUCTOR: NotAConstructor,
    endings.MISSING_BRANCH: MissingBranch,
    endings.WRONG_TYPE: WrongType,
    endings.CASE_OF_CONSTANT: CaseOfConstant,
    endings.EXPLICIT_ERROR: ExplicitError,
    endings.BUILTIN_FAILURE: BuiltinFailure,
    endings.OUT_OF_BUDGET: OutOfBudget,
    endings.NOT_UNIT: ResultNotUnit,
    endings.OUT_OF_TIME: OutOfTime,
    endings.OUT_OF_MEMORY: OutOfMemory,
}
"""The class of each cause."""


def error_of(outcome: Outcome) -> EvaluationError | None:
    """The failure of an outcome as an exception, ``None`` for a success."""
    failure = outcome.failure
    if failure is None:
        return None
    kind = ERROR_OF[failure.cause]
    return kind(failure.message, failure.cause, outcome.cpu, outcome.mem, outcome.logs, failure.path, failure.subterm)


#: What the rooms below raise.
RAISED_BELOW = (
    encoding_errors.MalformedScript,
    encoding_errors.Unencodable,
    builtin_failures.MissingPackage,
    LedgerArguments,
    DiagnosticError,
)


def public(problem: Exception) -> UplcError:
    """The error of this package that stands for one of :data:`RAISED_BELOW`."""
    if isinstance(problem, encoding_errors.MalformedScript):
        return MalformedScript(str(problem), problem.offset, problem.unit)
    if isinstance(problem, DiagnosticError):
        first = problem.diagnostics[0]
        line, column = problem.source.position(first.span[0])
        message = f"{problem.source.name}:{line}:{column}: {first.message}"
        return MalformedScript(message, first.span[0], "character", problem.diagnostics)
    if isinstance(problem, builtin_failures.MissingPackage):
        return MissingPackage(str(problem), problem.package)
    if isinstance(problem, encoding_errors.Unencodable):
        return Unencodable(str(problem))
    return WrongArguments(str(problem))
