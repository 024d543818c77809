"""What a run may use: fuel, time, call depth; and the counter that enforces it.

Fuel is one unit per guest function entry and per loop iteration, plus a share for builtins over many items. The evaluator counts
``Budget.left`` down in its own code and calls :meth:`Budget.refill` when it falls below zero; that is where the deadline and the
interrupt flag are looked at, so that an unlimited run pays one decrement per unit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from pagoda.languages.ruff.errors import LimitError

DEFAULT_MAX_DEPTH = 10_000
CHUNK = 1_024
"""Units handed out between two looks at the clock: a few milliseconds of walking."""


@dataclass(slots=True)
class Limits:
    """Limits of a run; ``None`` means without limit. ``timeout`` is in seconds."""

    fuel: int | None = None
    timeout: float | None = None
    max_depth: int = DEFAULT_MAX_DEPTH


class Budget:
    """The fuel counter of one run.

    ``left`` units may be spent before the next refill. ``interrupted`` may be set from another thread or a signal handler.
    """

    __slots__ = ("deadline", "fuel", "interrupted", "left", "max_depth", "pool")

    def __init__(self, limits: Limits) -> None:
        self.fuel = limits.fuel
        self.pool = limits.fuel or 0
        self.left = 0
        self.max_depth = limits.max_depth
        self.deadline = None if limits.timeout is None else time.monotonic() + limits.timeout
        self.interrupted = False

    def refill(self) -> None:
        """Called with ``left`` below zero: check the limits, then hand out enough to cover the debt."""
        if self.interrupted:
            raise LimitError("interrupt", "Interrupted")
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise LimitError("timeout", "Time limit exceeded")
        debt = -self.left
        if self.fuel is None:
            self.left = CHUNK
            return
        if debt > self.pool:
            self.pool = 0
            self.left = 0
            raise LimitError("fuel", f"Fuel limit of {self.fuel} exceeded")
        grant = min(self.pool, max(CHUNK, debt))
        self.pool -= grant
        self.left += grant

    def charge(self, units: int) -> None:
        """Spend several units at once."""
        self.left -= units
        if self.left < 0:
            self.refill()

    @property
    def used(self) -> int:
        """Fuel spent so far (only counted under a fuel limit)."""
        return 0 if self.fuel is None else self.fuel - self.pool - self.left
