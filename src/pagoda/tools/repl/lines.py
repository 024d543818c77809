"""Lines of the standard input, for the session and for the programs in it: both read the same stream, in turns.

What must hold: nobody else reads from that descriptor while this does, since a piece that was read may hold the lines to come.
"""

from __future__ import annotations

import os
import select
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE = 64 * 1024
_GLANCE = 50  # milliseconds between two looks at whether a program that waits is to stop


class StandardInput:
    """The lines of the standard input, in UTF-8."""

    def __init__(self) -> None:
        self.rest = b""

    def line(self) -> str:
        """The next line with its end, for the session; empty when there is none. Bytes that are no text become surrogates."""
        return self._line(None).decode("utf-8", "surrogateescape")

    def for_program(self, prompt: str, waiting: Callable[[], None]) -> str:
        """A line without its end, for a program; empty at the end of the input.

        The program runs on a thread of its own, which no signal reaches: ``waiting`` is called now and then, and raises if the
        program is to stop.
        """
        if prompt:
            sys.stdout.write(prompt)
        sys.stdout.flush()
        return self._line(waiting).decode("utf-8", "replace").rstrip("\r\n")

    def _line(self, waiting: Callable[[], None] | None) -> bytes:
        while b"\n" not in self.rest:
            piece = self._piece(waiting)
            if not piece:
                line, self.rest = self.rest, b""
                return line
            self.rest += piece
        line, end, self.rest = self.rest.partition(b"\n")
        return line + end

    def _piece(self, waiting: Callable[[], None] | None) -> bytes:
        if sys.stdin is None:
            return b""
        try:
            descriptor = sys.stdin.fileno()
            if waiting is not None:
                watch = select.poll()
                watch.register(descriptor, select.POLLIN)
                while not watch.poll(_GLANCE):
                    waiting()
            return os.read(descriptor, _PIECE)
        except (OSError, ValueError):  # closed, or not a file
            return b""
