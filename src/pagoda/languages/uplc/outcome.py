"""How an evaluation ended: the result or the reason there is none, the budget it took, what it traced.

What must hold: outcomes are data; nothing that a script does makes an evaluation raise.
"""

from __future__ import annotations

from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from pagoda.languages.uplc.terms import Term

# ------------------------------------------------------------ causes of a failure; their names are stable
OPEN_TERM = "open term"
NOT_A_FUNCTION = "non-function applied"
NOT_POLYMORPHIC = "non-polymorphic forced"
FORCE_EXPECTED = "builtin expects a force"
ARGUMENT_EXPECTED = "builtin expects an argument"
NOT_A_CONSTRUCTOR = "non-constructor scrutinised"
MISSING_BRANCH = "missing branch"
WRONG_TYPE = "argument of the wrong type"
CASE_OF_CONSTANT = "case of a constant"
EXPLICIT_ERROR = "explicit error"
BUILTIN_FAILURE = "builtin failed"
OUT_OF_BUDGET = "out of budget"
NOT_UNIT = "result is not unit"
OUT_OF_TIME = "out of time"
OUT_OF_MEMORY = "out of memory"

# ------------------------------------------------------------ classes
STRUCTURAL, OPERATIONAL, BUDGET, LEDGER, LIMIT = "structural", "operational", "budget", "ledger", "limit"

CLASS_OF = {
    OPEN_TERM: STRUCTURAL,
    NOT_A_FUNCTION: STRUCTURAL,
    NOT_POLYMORPHIC: STRUCTURAL,
    FORCE_EXPECTED: STRUCTURAL,
    ARGUMENT_EXPECTED: STRUCTURAL,
    NOT_A_CONSTRUCTOR: STRUCTURAL,
    MISSING_BRANCH: STRUCTURAL,
    WRONG_TYPE: STRUCTURAL,
    CASE_OF_CONSTANT: OPERATIONAL,
    EXPLICIT_ERROR: OPERATIONAL,
    BUILTIN_FAILURE: OPERATIONAL,
    OUT_OF_BUDGET: BUDGET,
    NOT_UNIT: LEDGER,
    OUT_OF_TIME: LIMIT,
    OUT_OF_MEMORY: LIMIT,
}
"""The class of each cause. A script that fails in the structural way could not have come out of a typed compiler."""


class Failure(Record, frozen=True):
    """Why there is no result.

    ``message`` is one line for a person. ``subterm`` is the term that failed, ``path`` how to get there from the script:
    ``body``, ``function``, ``argument``, ``scrutinee``, ``field 2``, ``branch 0`` and so on (``None`` when it stands nowhere
    in the script). A term read from a text knows its own place.
    """

    cause: str
    message: str
    subterm: Term | None = None
    path: tuple[str, ...] | None = None

    @property
    def failure_class(self) -> str:
        """``structural``, ``operational``, ``budget``, ``ledger`` or ``limit``."""
        return CLASS_OF[self.cause]


class Outcome(Record, frozen=True):
    """How an evaluation ended: ``result`` or ``failure``, one of them.

    ``cpu`` and ``mem`` are what was spent, in the units of the cost model; of a failing script, what had been accounted for
    by then (specification 3.2). ``logs`` are the texts traced, kept on failure. ``tallies`` holds what each category spent,
    ``(cpu, mem)`` by ``startup``, the kind of step or the builtin's name, when it was asked for.
    """

    result: Term | None
    failure: Failure | None
    cpu: int
    mem: int
    logs: Sequence[str] = ()
    tallies: Mapping[str, tuple[int, int]] | None = None
    steps: int | None = None

    def as_data(self) -> dict[str, Any]:
        """What JSON can hold of it, the result apart."""
        row: dict[str, Any] = {"cpu": self.cpu, "mem": self.mem, "logs": list(self.logs)}
        if self.failure is not None:
            row["class"], row["cause"] = self.failure.failure_class, self.failure.cause
            row["path"] = None if self.failure.path is None else list(self.failure.path)
        if self.tallies is not None:
            row["tallies"] = {name: {"cpu": cpu, "mem": mem} for name, (cpu, mem) in self.tallies.items()}
        return row
