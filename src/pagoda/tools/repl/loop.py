"""The loop of a session: takes inputs from a reader, has them run, shows what comes of them.

What must hold: nothing an input does ends the loop but ``exit()``, and an interrupt where nobody could go on typing. Values and
what programs print go to stdout, errors to stderr.
"""

from __future__ import annotations

import sys

from pagoda.tools import exits, report
from pagoda.tools.repl import commands
from pagoda.tools.repl.lines import StandardInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from pagoda.languages.protocol import Evaluation, Language, RunRequest

    class Reader(Protocol):
        """Where inputs come from."""

        def read(self) -> str | None:
            """The next input, ``None`` at the end. Raises ``KeyboardInterrupt`` where the user gives one up."""


class Loop:
    """``interactive``: somebody sits at a terminal. Else an error anywhere decides the exit code."""

    def __init__(self, language: Language, request: RunRequest, *, interactive: bool) -> None:
        self.language = language
        self.request = request
        self.lines = StandardInput()
        self.session = language.open_session(request, self.lines.for_program)
        self.interactive = interactive
        self.failed = False

    def complete(self, text: str) -> bool:
        """Whether a text is a whole input or command."""
        if not text.lstrip().startswith(":"):
            return self.session.is_complete(text)
        name, argument = commands.split(text)
        try:
            takes_code = commands.find(name).takes == "code"
        except commands.Problem:
            return True
        return not takes_code or self.session.is_complete(argument)

    def run(self, reader: Reader) -> int:
        """Runs all inputs, closes the session and gives the exit code."""
        try:
            return self._run(reader)
        finally:
            self.session.close()

    def _run(self, reader: Reader) -> int:
        while True:
            try:
                text = reader.read()
                if text is None:
                    return self.exit_code()
                code = self.handle(text)
                if code is not None:
                    return code
            except KeyboardInterrupt:
                if not self.interactive:
                    raise
                print(flush=True)

    def exit_code(self) -> int:
        """With what the session ends if it ends now."""
        return exits.GUEST_ERROR if self.failed and not self.interactive else exits.OK

    def handle(self, text: str) -> int | None:
        """Carries out an input or a command; gives the exit code where it ends the session."""
        if not text.strip():
            return None
        if not text.lstrip().startswith(":"):
            return self.show(self.session.evaluate(text))
        try:
            return commands.run(self, text)
        except commands.Problem as problem:
            self.complain(str(problem))
        return None

    def complain(self, text: str) -> None:
        """Says what is wrong; after what has been printed so far."""
        self.failed = True
        sys.stdout.flush()
        print(text, file=sys.stderr, flush=True)

    def show(self, evaluation: Evaluation) -> int | None:
        """Shows the value or the error; gives the exit code where the session ends."""
        outcome = evaluation.outcome
        if outcome.status == "exit":
            return report.exit_code(outcome)
        if outcome.status == "interrupt":
            if not self.interactive:
                raise KeyboardInterrupt
            self.complain("interrupted")
        if outcome.diagnostics:
            self.complain(report.diagnostics_text(outcome.diagnostics, evaluation.source))
        if outcome.failure is not None:
            self.complain(report.failure_text(outcome.failure))
        if evaluation.value is not None and not evaluation.value.quiet:
            print(evaluation.value.text)
        sys.stdout.flush()
        return None
