"""Stops an evaluation that takes too long or too much memory. Machines look every some ten thousand steps."""

from __future__ import annotations

import os
import time

from pagoda.languages.uplc import outcome

_PAGE = os.sysconf("SC_PAGE_SIZE")


class Stopped(Exception):
    """A limit that is no budget has been passed; ``cpu`` and ``mem`` are what had been spent by then."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause, self.message = cause, message
        self.cpu = self.mem = 0


class Watch:
    """``timeout``: seconds from now. ``memory``: bytes of the process above what it holds now."""

    __slots__ = ("deadline", "most")

    def __init__(self, timeout: float | None = None, memory: int | None = None) -> None:
        self.deadline = None if timeout is None else time.monotonic() + timeout
        self.most = None if memory is None else resident() + memory

    def look(self) -> None:
        """Raises :class:`Stopped` when a limit is passed."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise Stopped(outcome.OUT_OF_TIME, "the time limit is over")
        if self.most is not None and resident() > self.most:
            raise Stopped(outcome.OUT_OF_MEMORY, "the memory limit is exceeded")


def resident() -> int:
    """The bytes that the process holds."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):  # not on Linux
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
