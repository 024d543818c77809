"""A program at a pseudo-terminal: typing to it, and waiting for what it writes."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import time
from collections.abc import Mapping, Sequence

_CONTROL = re.compile(r"\x1b\][^\x07]*\x07|\x1b[\[(][0-9;?>=]*[A-Za-z~]|\x1b[=>78]|[\r\x00\x07]")


class Keyboard:
    """A child process whose terminal we hold the other end of. ``seen`` is all it has written, without control sequences."""

    def __init__(self, command: Sequence[str], folder: str, environment: Mapping[str, str]) -> None:
        self.child, self.end = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.execvpe(command[0], list(command), dict(environment))
        self.raw = b""
        self.mark = 0  # how much of ``seen`` earlier waits have passed
        self.code: int | None = None

    @property
    def seen(self) -> str:
        return _CONTROL.sub("", self.raw.decode("utf-8", "replace"))

    def type(self, text: str) -> None:
        """Presses keys: ``\\r`` is Enter, ``\\x03`` Ctrl-C, ``\\x04`` Ctrl-D, ``\\t`` Tab."""
        os.write(self.end, text.encode())

    def wait(self, text: str, timeout: float = 30) -> str:
        """Waits until the text has been written after what earlier waits have passed; gives what came before it."""
        deadline = time.monotonic() + timeout
        while True:
            found = self.seen.find(text, self.mark)
            if found >= 0:
                before = self.seen[self.mark : found]
                self.mark = found + len(text)
                return before
            left = deadline - time.monotonic()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"waited for {text!r} in vain; seen: {self.seen[self.mark :]!r}")

    def _read(self, timeout: float) -> bool:
        if not select.select([self.end], [], [], timeout)[0]:
            return False
        try:
            piece = os.read(self.end, 65536)
        except OSError:  # the child has closed its end
            return False
        self.raw += piece
        return bool(piece)

    def finish(self, timeout: float = 30) -> int:
        """Waits for the end of the child and gives its exit code."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self._read(0.05)
            ended, status = os.waitpid(self.child, os.WNOHANG)
            if ended:
                self.code = os.waitstatus_to_exitcode(status)
                return self.code
        raise AssertionError(f"it does not end; seen: {self.seen!r}")

    def close(self) -> None:
        """Ends the child if it still runs."""
        if self.code is None:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        os.close(self.end)
