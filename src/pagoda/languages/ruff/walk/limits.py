"""What a run may use: fuel, time, call depth; and the counter that enforces it.

Fuel is one unit per guest function entry and per loop iteration, plus a share for builtins over many items. The evaluator
counts ``Budget.left`` down in its own code and calls :meth:`Budget.refill` when it falls below zero; that is where the
deadline and the interrupt flag are looked at, so that an unlimited run pays one decrement per unit.
"""

from __future__ import annotations

import time

from pagoda.languages.ruff.errors import LimitError
from pagoda.records import Record

DEFAULT_MAX_DEPTH = 10_000
CHUNK = 1_024
"""Units handed out between two looks at the clock: a few milliseconds of walking."""


class Limits(Record):
    """Limits of a run; ``None`` means without limit.

    ``timeout`` is in seconds. ``memory`` is in bytes, of the whole process above what it had used at the start; it is
    looked at now and then, so it is best effort.
    """

    fuel: int | None = None
    timeout: float | None = None
    max_depth: int = DEFAULT_MAX_DEPTH
    memory: int | None = None


class Budget:
    """The fuel counter of one run.

    ``left`` units may be spent before the next refill. ``interrupted`` may be set from another thread or a signal handler.
    """

    __slots__ = ("chunk", "deadline", "fuel", "interrupted", "left", "max_depth", "memory", "pool")

    def __init__(self, limits: Limits) -> None:
        self.fuel = limits.fuel
        self.pool = limits.fuel or 0
        self.left = 0
        self.max_depth = limits.max_depth
        self.deadline = None if limits.timeout is None else time.monotonic() + limits.timeout
        self.interrupted = False
        self.memory = None if limits.memory is None else _peak_memory() + limits.memory
        self.chunk = CHUNK if limits.memory is None else CHUNK >> 5  # a unit may allocate a megabyte

    def refill(self) -> None:
        """Called with ``left`` below zero: check the limits, then hand out enough to cover the debt."""
        self.poll()
        debt = -self.left
        if self.fuel is None:
            self.left = self.chunk
            return
        if debt > self.pool:
            self.pool = 0
            self.left = 0
            raise LimitError("fuel", f"Fuel limit of {self.fuel} exceeded")
        grant = min(self.pool, max(self.chunk, debt))
        self.pool -= grant
        self.left += grant

    def interrupt(self) -> None:
        """Ask the run to stop soon; from any thread."""
        self.interrupted = True

    def poll(self) -> None:
        """Raise if the run is to stop; for builtins that wait."""
        if self.interrupted:
            raise LimitError("interrupt", "Interrupted")
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise LimitError("timeout", "Time limit exceeded")
        if self.memory is not None and _peak_memory() > self.memory:
            raise LimitError("memory", "Memory limit exceeded")

    def allocate(self, size: int) -> None:
        """Raise if something of so many bytes would go beyond the memory limit; for single large values."""
        if self.memory is not None and _peak_memory() + size > self.memory:
            raise LimitError("memory", "Memory limit exceeded")

    def charge(self, units: int) -> None:
        """Spend several units at once."""
        self.left -= units
        if self.left < 0:
            self.refill()

    @property
    def used(self) -> int:
        """Fuel spent so far (only counted under a fuel limit)."""
        return 0 if self.fuel is None else self.fuel - self.pool - self.left


def _peak_memory() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
