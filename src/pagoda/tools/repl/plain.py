"""Reads inputs line by line from a pipe, a file, or a terminal that can do no more."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pagoda.tools.repl.lines import StandardInput


class PlainReader:
    """``prompts``: for the first line of an input and for those that follow; ``None`` where nobody sees them."""

    def __init__(self, lines: StandardInput, complete: Callable[[str], bool], prompts: tuple[str, str] | None) -> None:
        self.lines = lines
        self.complete = complete
        self.prompts = prompts

    def read(self) -> str | None:
        """The next input, which may have several lines; ``None`` at the end. One that the end cuts off is given as it is."""
        text = ""
        while True:
            self._prompt(first=not text)
            line = self.lines.line()
            text += line
            if not line:
                return text or None
            if not text.strip():
                text = ""
            elif self.complete(text):
                return text

    def _prompt(self, *, first: bool) -> None:
        sys.stdout.flush()
        if self.prompts is None:
            return
        stream = sys.stdout if sys.stdout.isatty() else sys.stderr
        stream.write(self.prompts[0 if first else 1])
        stream.flush()
