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
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Literal, Protocol

    from pagoda.languages.grants import Grants
    from pagoda.machine.source import Diagnostic, Source

    #: Storeys as a user names them. ``auto`` lets the language choose; only a language knows which of the others it has.
    Tier = Literal["auto", "walk", "vm", "opt"]

    #: Reads a line of the standard input for a program: takes the prompt to show, and what to call now and then while it
    #: waits, which raises if the program is to stop. Gives the line without its end, an empty text at the end of the input.
    ReadLine = Callable[[str, Callable[[], None]], str]

    #: How a run ended. ``malformed``: the source was refused before anything ran. ``limit``: a fuel, time, memory or depth
    #: budget ended. ``exit``: the program asked to end. ``interrupt``: the user did.
    Status = Literal["ok", "error", "malformed", "limit", "exit", "interrupt"]
else:
    Tier = Status = str
    Protocol = object


_NO_SETTINGS: Mapping[str, Any] = {}


class Limits(Record, frozen=True):
    """Budgets of one run; ``None`` means none. ``memory`` in bytes, ``timeout`` in seconds, ``max_depth`` in guest calls.

    ``budget``: a pair in a language's own units, where it has two (UPLC: cpu and mem).
    """

    fuel: int | None = None
    timeout: float | None = None
    memory: int | None = None
    max_depth: int | None = None
    budget: tuple[int, int] | None = None


class RunRequest(Record, frozen=True):
    """One run: on which storey, with which arguments, under which limits, writing where.

    ``grants``: what the program may reach outside itself; ``None`` is everything. ``settings``: options that only this language
    takes, by key (:mod:`pagoda.languages.registry` lists them). ``as_data``: a language whose programs have a result writes it
    as one JSON object on one line.
    """

    output: Callable[[str], object]
    error_output: Callable[[str], object]
    tier: Tier = "auto"
    args: Sequence[str] = ()
    limits: Limits = Limits()
    grants: Grants | None = None
    settings: Mapping[str, Any] = _NO_SETTINGS
    as_data: bool = False


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
    ``stack`` is innermost first: the functions that were running, then ``<main>`` for the top level that called them. A failure
    at the top level has an empty stack.
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
    ``fuel_used``: the units of fuel it took, where the run was measured.
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


class Shown(Record, frozen=True):
    """A value as a session shows it: its text (long ones cut), the name of its type. ``quiet``: the value of what is done for
    its effect, such as ``null``; a session's reader does not ask for it to be printed."""

    text: str
    type: str
    quiet: bool = False


class Evaluation(Record, frozen=True):
    """One input of a session: how it ended, its text by the name errors use, its value if it is an expression.

    ``seconds`` is the wall time of running it, reading it apart.
    """

    outcome: RunOutcome
    source: Source
    value: Shown | None = None
    seconds: float = 0.0


class Suggestion(Record, frozen=True):
    """A name that may stand where the user is typing. ``kind``: keyword, variable, function, builtin, constant or member.

    ``signature`` is how it is called (the bare name for what is not), ``summary`` one line on what it is.
    """

    name: str
    kind: str
    signature: str
    summary: str = ""


class Variable(Record, frozen=True):
    """A name that the inputs of a session have defined."""

    name: str
    value: Shown


class Transcript(Record, frozen=True):
    """The inputs of a session that ended well, as one program; ``notes`` say why it may not run as it stands."""

    text: str
    notes: Sequence[str] = ()


class CodePlace(Record, frozen=True):
    """Where an instruction of a function comes from: its operation, and the number and text of its line."""

    operation: str
    line: int
    text: str


class FunctionCode(Record, frozen=True):
    """What became of one function, or of a loop of it, for people: its lines, its bytecode with what was seen, what its
    compiled code takes for granted.

    ``job``: what the compiler is asked for, as :mod:`pagoda.machine.promotion.building` takes it; ``None`` where it is asked
    for nothing. ``places``: one for each instruction.
    """

    title: str
    source: str
    bytecode: str
    assumptions: str
    places: Sequence[CodePlace] = ()
    job: Mapping[str, Any] | None = None


class HotCode(Record, frozen=True):
    """What became of a program's functions, and how the run ended in which that was seen.

    ``definitions``: what compiles their jobs, as :mod:`pagoda.machine.promotion.building` names it.
    """

    outcome: RunOutcome
    functions: Sequence[FunctionCode]
    definitions: str = ""


class UnknownFunction(Exception):
    """A program has no function of that name. ``names``: those that it has."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("no such function")
        self.names = names


class Unavailable(Exception):
    """The language does not have what was asked for (a storey, a listing). The message is for the user."""


class Session(Protocol):
    """A living program that grows by inputs: what an interactive tool drives.

    As for a run, nothing that an input does makes these methods raise, and an interrupt (``KeyboardInterrupt`` in the thread
    that called :meth:`evaluate`) ends the input, not the session. What an input has defined stays, even if it fails later on.
    """

    @property
    def storey(self) -> str:
        """The storey that inputs run on."""

    def evaluate(self, text: str, name: str = "") -> Evaluation:
        """Runs one input to its end. ``name`` stands for it in errors; by default that is its number."""

    def is_complete(self, text: str) -> bool:
        """Whether a text can be evaluated as it is. If not, the user has not come to its end."""

    def suggestions(self, text: str) -> Sequence[Suggestion]:
        """The names that may complete the word at the end of ``text``, in the order to show them."""

    def variables(self) -> Sequence[Variable]:
        """What the inputs have defined so far, by name."""

    def disassemble(self, text: str) -> str:
        """The bytecode of an input, or of the function that the session knows by that name.

        Raises ``DiagnosticError`` for a malformed input, :class:`Unavailable` for what has no bytecode.
        """

    def transcript(self) -> Transcript:
        """What the session has run."""

    def reset(self) -> None:
        """Forgets everything but the numbers of the inputs."""

    def close(self) -> None:
        """Ends the session and gives back what it holds. Nothing else may be asked of it then."""


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

    def explain(self, code: str) -> str | None:
        """The page of a diagnostic code, as Markdown; ``None`` for a code that is not the language's."""

    def format(self, source: Source, width: int) -> str:
        """The program laid out in lines of about ``width`` characters; its meaning and its comments stay.

        Raises ``DiagnosticError`` for a malformed program, :class:`Unavailable` where the language has no formatter.
        """

    def disassemble(self, source: Source) -> str:
        """The program's bytecode beside its source. Raises ``DiagnosticError`` for a malformed program."""

    def operation_reference(self) -> str:
        """The reference of the language's operations, generated from their definitions."""

    def run_tests(self, source: Source, request: RunRequest) -> Sequence[BlockResult]:
        """Runs a program's test blocks, each in a fresh state. Raises ``DiagnosticError`` for a malformed program."""

    def open_session(self, request: RunRequest, read_line: ReadLine | None = None) -> Session:
        """A new session. The request's limits hold for each input anew. ``read_line``: how programs read the standard input.

        Raises :class:`Unavailable` for a storey that has no sessions; ``auto`` takes one that has.
        """

    def lexer(self) -> Any:
        """A Pygments lexer for highlighting. Raises ``ImportError`` where Pygments is not installed."""


class CountsFuel(Protocol):
    """What a language's ``LANGUAGE`` also offers if its programs take fuel."""

    def measure(self, source: Source, request: RunRequest) -> RunOutcome:
        """As :meth:`Language.run`; the outcome also has ``fuel_used``."""


class ShowsCode(Protocol):
    """What a language's ``LANGUAGE`` also offers if its functions are compiled while they run."""

    def hot_code(self, source: Source, request: RunRequest, function: str | None) -> HotCode:
        """Runs a program and tells what became of its functions: of those of that name, or of all that were hot.

        ``function`` may also be ``NAME:LINE`` or a line. Raises :class:`UnknownFunction` before anything has run,
        ``DiagnosticError`` for a malformed program.
        """
