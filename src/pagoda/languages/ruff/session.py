"""A session of Ruff: a program that grows by inputs; implements :class:`~pagoda.languages.protocol.Session`.

An input is read like a program whose top-level variables are all globals, and run in what the earlier inputs have left. Inside
one input the language's rules hold. Across inputs one relaxation: a name may be declared again, whatever it was before. But
assigning to a ``let`` or ``const`` of an earlier input is the error that it is in a program.

What differs by storey is behind :class:`Living`; adding a storey is adding a row to ``_STOREYS``.
"""

from __future__ import annotations

import importlib
import time

from pagoda.languages.protocol import Evaluation, Failure, RunOutcome, Shown, Transcript, Unavailable, Variable
from pagoda.languages.ruff import language, listing, suggestions
from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.errors import ExitRequest, LimitError, RuffError
from pagoda.languages.ruff.inspection import inspect
from pagoda.languages.ruff.library.registry import builtin_names
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.lexer import tokenize
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.syntax.toplevel import pattern_names, root_name
from pagoda.languages.ruff.values import GuestFunction, Value
from pagoda.machine.nearest import did_you_mean
from pagoda.machine.source import DiagnosticError, Source
from pagoda.records import changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Protocol

    from pagoda.languages.protocol import ReadLine, RunRequest, Suggestion

    class Living(Protocol):
        """A program on some storey that lives on between inputs; it says how in its own words."""

        @property
        def globals(self) -> Mapping[str, Value]: ...
        def run(self, program: tree.Program, source: Source) -> tuple[bool, Value]: ...
        def close(self) -> object: ...
        def methods(self, value: Value) -> dict[str, GuestFunction]: ...
        def name_of(self, function: GuestFunction) -> str: ...
        def parameters(self, function: GuestFunction) -> list[str]: ...
        def origin(self, function: GuestFunction) -> tuple[Source, tuple[int, int]]: ...


#: Storeys that have sessions, simplest first: the module with their ``LivingProgram`` and ``Unstoppable``.
_STOREYS = {
    "walk": "pagoda.languages.ruff.walk.living",
    "vm": "pagoda.languages.ruff.execute.living",
    "opt": "pagoda.languages.ruff.execute.living",
}

#: Tokens with which a line does not begin a statement but continues the one before it.
_CONTINUING = frozenset("([{-.?,")
_MANY_LINES = 50
"""Lines of an input up to which a mistake is reported before its brackets are closed."""
_BRIEF = 60
"""Characters of a value in the list of variables."""


class RuffSession:
    """One session; see the protocol for what the methods promise."""

    def __init__(self, request: RunRequest, read_line: ReadLine | None = None) -> None:
        self.storey = "walk" if request.tier == "auto" else str(request.tier)
        if self.storey not in _STOREYS:
            raise Unavailable(f"ruff has no session on '{self.storey}' (there is: {', '.join(_STOREYS)})")
        self._request = request
        self._read_line = read_line
        self._room = importlib.import_module(_STOREYS[self.storey])
        self._number = 0
        self._brackets = _Brackets()
        self._begin()

    def close(self) -> None:
        """Gives back what the living program holds."""
        self._living.close()

    def reset(self) -> None:
        """Forgets everything but the numbers of the inputs."""
        self.close()
        self._begin()

    def _begin(self) -> None:
        self._living: Living = self._room.LivingProgram(self._request, self._read_line)
        self._declared: dict[str, str] = {}  # how the names of earlier inputs were declared
        self._known: dict[Source, frozenset[str]] = {}  # the names that were there when an input was read
        self._inputs: list[str] = []  # those that ended well

    # -- running

    def evaluate(self, text: str, name: str = "") -> Evaluation:
        """Runs one input. A blank one is no input: it has no number."""
        if not name and text.strip():
            self._number += 1
        source = Source(name or f"<input {self._number}>", text)
        try:
            program = self._read(source)
        except DiagnosticError as refused:
            return Evaluation(RunOutcome("malformed", self.storey, diagnostics=refused.diagnostics), source)
        except KeyboardInterrupt:
            return Evaluation(RunOutcome("interrupt", self.storey), source)
        started = time.perf_counter()
        value: Shown | None = None
        try:
            has_value, result = self._living.run(program, source)
            seconds = time.perf_counter() - started
            if has_value:
                value = Shown(inspect(result, self.signature), type_name(result), quiet=result is None)
            outcome = RunOutcome("ok", self.storey)
        except (RuffError, LimitError, ExitRequest, KeyboardInterrupt) as ending:
            seconds = time.perf_counter() - started
            outcome = self._advised(language.outcome_of(ending, program, source, self.storey))
        except self._room.Unstoppable:
            self.reset()
            failure = Failure("RUFLIM001", self.storey, "Limit", _LOST)
            return Evaluation(RunOutcome("interrupt", self.storey, failure), source)
        self._note(program, source, outcome)
        return Evaluation(outcome, source, value, seconds)

    def _note(self, program: tree.Program, source: Source, outcome: RunOutcome) -> None:
        """Remembers an input that has run, and how it declared its names as far as it came."""
        statements = program.main.body.statements
        if outcome.status == "ok":
            reached = len(source.text)
            if statements:
                self._inputs.append(source.text)
        else:
            reached = _reached(outcome, source)
        done = [statement for statement in statements if statement.span[1] <= reached or _is_function(statement)]
        declares = set(_declared(done))
        for name, how in program.globals.items():
            if name in declares or name not in self._known[source]:
                self._declared[name] = how

    def _advised(self, outcome: RunOutcome) -> RunOutcome:
        """The outcome with a hint at a name of an earlier input, where there is no better one."""
        failure = outcome.failure
        if failure is None or failure.hint or not failure.message.startswith(_UNDEFINED):
            return outcome
        hint = did_you_mean(failure.message[len(_UNDEFINED) :], self.globals)
        return changed(outcome, failure=changed(failure, hint=hint or None))

    def _read(self, source: Source) -> tree.Program:
        program = parse(source)
        known = frozenset(self._living.globals)
        resolve(program, builtins=builtin_names() | known, interactive=True)
        self._known[source] = known
        self._keep_immutable(program)
        return program

    def _keep_immutable(self, program: tree.Program) -> None:
        """Marks assignments to what earlier inputs have declared immutable, as the resolver does within one."""
        anew = set(_declared(program.main.body.statements))
        fixed = {
            name: how
            for name, how in self._declared.items()
            if how != "mut" and name not in anew and name in self._living.globals
        }
        if not fixed:
            return
        for node in _nodes(program):
            if isinstance(node, tree.AssignName) and node.binding.kind == "global" and node.name in fixed:
                node.error = f"Cannot reassign {_immutable(fixed[node.name])} binding: {node.name}"
            elif isinstance(node, tree.AssignPlace):
                root = root_name(node.target)
                if root is not None and root.binding.kind == "global" and root.name in fixed:
                    node.error = f"Cannot mutate {_immutable(fixed[root.name])} binding: {root.name}"

    # -- what a user asks about it

    def is_complete(self, text: str) -> bool:
        """Whether the parser has nothing to complain of, or something that no further line can mend."""
        if text.count("\n") > _MANY_LINES and self._brackets.are_open(text):
            return False  # to parse a long input at each of its lines would take too long
        try:
            parse(Source("", text))
        except DiagnosticError as refused:
            first = refused.diagnostics[0]
            # A string ends with its line, so one that is open is a mistake; a comment does not.
            return first.code != "RUFLEX004" and not (first.code == "RUFPARSE001" and first.span[0] >= len(text))
        return True

    def suggestions(self, text: str) -> Sequence[Suggestion]:
        """Names for the word at the end of a text."""
        return suggestions.suggestions(text, self)

    def variables(self) -> Sequence[Variable]:
        """What the inputs have defined, by name."""
        own = sorted((name, value) for name, value in self.globals.items() if not suggestions.is_of_library(name, value))
        return [Variable(name, Shown(inspect(value, self.signature, _BRIEF), type_name(value))) for name, value in own]

    def disassemble(self, text: str) -> str:
        """The bytecode of an input, or of a function or method (``Struct.method``) by its name."""
        word = text.strip()
        value = listing.find(word, self)
        if value is None:
            source = Source("<input>", text)
            return listing.whole(source, frozenset(self.globals))
        if not isinstance(value, GuestFunction):
            raise Unavailable(f"'{word}' is a builtin: it has no bytecode")
        origin, span = self._living.origin(value)
        return listing.part(origin, self._known.get(origin, frozenset()), span)  # a module begins with no names

    def transcript(self) -> Transcript:
        """The inputs that ended well, one after the other; the notes are what the resolver says of them as a program."""
        lines: list[str] = []
        for text in self._inputs:
            body = text.strip("\r\n")
            # Line ends do not separate statements.
            lines.append(";" + body if lines and body.lstrip()[:1] in _CONTINUING else body)
        source = Source("", "".join(line + "\n" for line in lines))
        try:
            program = parse(source)
        except DiagnosticError as refused:
            return Transcript(source.text, [refused.diagnostics[0].message])
        resolve(program, builtins=builtin_names())
        wrong = [node for node in _nodes(program) if getattr(node, "error", None)]
        wrong.sort(key=lambda node: node.span)
        notes = [f"line {source.position(node.span[0])[0]}: {getattr(node, 'error', '')}" for node in wrong]
        return Transcript(source.text, notes)

    # -- what suggestions and listings ask

    @property
    def globals(self) -> Mapping[str, Value]:
        """The globals of the living program; builtins that some input has used are among them."""
        return self._living.globals

    def methods(self, value: Value) -> dict[str, GuestFunction]:
        """The methods of a struct or a struct's definition."""
        return self._living.methods(value)

    def signature(self, function: GuestFunction) -> str:
        """How a function of the guest is called."""
        return f"{self._living.name_of(function)}({', '.join(self._living.parameters(function))})"


class _Brackets:
    """Counts the brackets of a text that grows, looking at each line once."""

    def __init__(self) -> None:
        self.text = ""
        self.depth = 0

    def are_open(self, text: str) -> bool:
        """Whether the whole lines of a text open more brackets than they close; false where that is hard to say."""
        if not text.startswith(self.text):
            self.text, self.depth = "", 0
        end = text.rfind("\n") + 1
        tokens, findings = tokenize(Source("", text[len(self.text) : end]))
        if findings:
            return False
        for token in tokens:
            self.depth += (token.kind in ("(", "[", "{")) - (token.kind in (")", "]", "}"))
        self.text = text[:end]
        return self.depth > 0


_UNDEFINED = "Undefined variable: "
_LOST = "The input does not stop; the session goes on without it and begins anew"


def _reached(outcome: RunOutcome, source: Source) -> int:
    """How far the top level of an input came that failed; 0 where nothing tells."""
    failure = outcome.failure
    if failure is None:
        return 0
    place = failure.stack[-1].place if failure.stack else failure.place
    return place.start if place is not None and place.source is source else 0


def _is_function(statement: tree.Statement) -> bool:
    """Whether a statement of the top level takes effect before all others."""
    return isinstance(statement.statement if isinstance(statement, tree.Export) else statement, tree.FunctionStatement)


def _immutable(how: str) -> str:
    return "immutable let" if how == "let" else how


def _declared(statements: list[tree.Statement]) -> Iterator[str]:
    """The names that statements of the top level declare; assigning to a name may declare it, but need not."""
    for statement in statements:
        if isinstance(statement, tree.Export):
            yield from _declared([statement.statement])
        elif isinstance(statement, tree.Declaration):
            for name in pattern_names(statement.pattern):
                yield name.name
        elif isinstance(statement, tree.FunctionStatement):
            yield statement.function.name
        elif isinstance(statement, tree.StructStatement | tree.EnumStatement):
            yield statement.name
        elif isinstance(statement, tree.Import):
            yield from statement.names if statement.names is not None else statement.module[-1:]


def _nodes(program: tree.Program) -> Iterator[tree.Node]:
    waiting: list[Any] = [program]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list | tuple):
            waiting.extend(item)
        elif isinstance(item, tree.Node):
            yield item
            waiting.extend(getattr(item, field) for field in item.__fields__)
