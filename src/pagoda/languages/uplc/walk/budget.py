"""What an evaluation spends: steps batched as the reference machine batches them (specification 3.2), builtins at once.

What must hold: spending saturates at 2^63 - 1. Steps are counted by kind and spent when ``SLIPPAGE`` of them have come together
or at :meth:`Meter.flush`; so what a failing evaluation reports, and whether it is out of budget first, is the reference's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SLIPPAGE = 200
MOST = (1 << 63) - 1

# The kinds of steps, as positions in a table of costs.
CONST, VAR, LAM, APPLY, DELAY, FORCE, BUILTIN, CONSTR, CASE = range(9)
STEP_NAMES = ("const", "var", "lam", "apply", "delay", "force", "builtin", "constr", "case")
STARTUP_NAME = "startup"


class OutOfBudget(Exception):
    """The limit in one dimension is passed."""


class Meter:
    """The budget spent by one evaluation, with a limit or without, tallied by category or not."""

    __slots__ = ("cpu", "limit_cpu", "limit_mem", "mem", "step_costs", "steps", "tallies", "unspent", "waiting")

    def __init__(
        self, step_costs: Sequence[tuple[int, int]], budget: tuple[int, int] | None = None, *, tally: bool = False
    ) -> None:
        self.step_costs = step_costs
        self.cpu = self.mem = self.steps = self.waiting = 0
        self.unspent = [0] * len(step_costs)
        self.limit_cpu, self.limit_mem = (MOST, MOST) if budget is None else budget
        self.tallies: dict[str, tuple[int, int]] | None = {} if tally else None

    def step(self, kind: int) -> None:
        """Counts one step."""
        self.unspent[kind] += 1
        self.waiting += 1
        if self.waiting >= SLIPPAGE:
            self.flush()

    def flush(self) -> None:
        """Spends the steps that were counted."""
        cpu = mem = 0
        for kind, count in enumerate(self.unspent):
            if count:
                step_cpu, step_mem = self.step_costs[kind]
                cpu += count * step_cpu
                mem += count * step_mem
                if self.tallies is not None:
                    self._tally(STEP_NAMES[kind], count * step_cpu, count * step_mem)
                self.unspent[kind] = 0
        self.steps += self.waiting
        self.waiting = 0
        self._take(cpu, mem)

    def spend(self, name: str, cpu: int, mem: int) -> None:
        """Spends at once, for the category ``name``."""
        if self.tallies is not None:
            self._tally(name, cpu, mem)
        self._take(cpu, mem)

    def _tally(self, name: str, cpu: int, mem: int) -> None:
        assert self.tallies is not None
        old = self.tallies.get(name, (0, 0))
        self.tallies[name] = min(old[0] + cpu, MOST), min(old[1] + mem, MOST)

    def _take(self, cpu: int, mem: int) -> None:
        self.cpu = min(self.cpu + cpu, MOST)
        self.mem = min(self.mem + mem, MOST)
        if self.cpu > self.limit_cpu or self.mem > self.limit_mem:
            raise OutOfBudget
