"""What a language offers the tools, and the plain data that passes between them.

A language takes a :class:`~pagoda.machine.source.Source` and a :class:`RunRequest` and gives a :class:`RunOutcome`. Outcomes
are data: a language never prints an error and never decides an exit code; the tools do both, alike for every language.
Must hold: nothing a *program* does makes these methods raise. An exception that leaves them is a bug in Pagoda
(``KeyboardInterrupt`` excepted).
"""

from __future__ import annotations

from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal, Protocol

    from pagoda.machine.source import Diagnostic, Source

    #: Storeys as a user names them. ``auto`` lets the language choose; only a language knows which of the others it has.
    Tier = Literal["auto", "walk", "vm"]

    #: How a run ended. ``malformed``: the source was refused before anything ran. ``limit``: a fuel, time, memory or depth
    #: budget ended. ``exit``: the program asked to end. ``interrupt``: the user did.
    Status = Literal["ok", "error", "malformed", "limit", "exit", "interrupt"]
else:
    Tier = Status = str
    Protocol = object


class Limits(Record, frozen=True):
    """Budgets of one run; ``None`` means none. ``memory`` in bytes, ``timeout`` in seconds, ``max_depth`` in guest calls."""

    fuel: int | None = None
    timeout: float | None = None
    memory: int | None = None
    max_depth: int | None = None


class RunRequest(Record, frozen=True):
    """One run: on which storey, with which arguments, under which limits, writing where."""

    output: Callable[[str], object]
    error_output: Callable[[str], object]
    tier: Tier = "auto"
    args: Sequence[str] = ()
    limits: Limits = Limits()


class Place(Record, frozen=True):
    """A stretch of a source, as character offsets. The source may be another file than the program's own: a module."""

    source: Source
    start: int
    end: int


class Frame(Record, frozen=True):
    """One entry of a call stack: the function's name and where it was when the error left it or it called on."""

    name: str
    place: Place | None = None


class Failure(Record, frozen=True):
    """Why a run ended in an error or at a limit.

    ``code`` is stable (``RUFRUN001``), ``storey`` names where it happened, ``kind`` is the headline (``Runtime Error``).
    ``stack`` is innermost first and holds function calls only: a failure at top level has an empty stack.
    """

    code: str
    storey: str
    kind: str
    message: str
    place: Place | None = None
    stack: Sequence[Frame] = ()
    hint: str | None = None


class RunOutcome(Record, frozen=True):
    """How a run ended.

    ``failure`` goes with ``error`` and ``limit``, ``diagnostics`` with ``malformed``, ``exit_code`` with ``exit``.
    """

    status: Status
    storey: str
    failure: Failure | None = None
    diagnostics: Sequence[Diagnostic] = ()
    exit_code: int = 0
    fuel_used: int | None = None


class BlockResult(Record, frozen=True):
    """One test block of a program and how it ended."""

    name: str
    outcome: RunOutcome

    @property
    def passed(self) -> bool:
        """Whether the block ran to its end."""
        return self.outcome.status == "ok"


class Unavailable(Exception):
    """The language does not have what was asked for (a storey, a listing). The message is for the user."""


class Language(Protocol):
    """What every language module's ``LANGUAGE`` offers."""

    @property
    def name(self) -> str:
        """The name users write, such as ``ruff``."""

    @property
    def storeys(self) -> tuple[str, ...]:
        """The storeys that work in this installation, simplest first."""

    def run(self, source: Source, request: RunRequest) -> RunOutcome:
        """Runs a program to its end. Raises :class:`Unavailable` for a storey that is not in ``storeys``."""

    def check(self, source: Source) -> Sequence[Diagnostic]:
        """Everything that can be said about a program without running it; empty when it is fine."""

    def disassemble(self, source: Source) -> str:
        """The program's bytecode beside its source. Raises ``DiagnosticError`` for a malformed program."""

    def operation_reference(self) -> str:
        """The reference of the language's operations, generated from their definitions."""

    def run_tests(self, source: Source, request: RunRequest) -> Sequence[BlockResult]:
        """Runs a program's test blocks, each in a fresh state. Raises ``DiagnosticError`` for a malformed program."""
