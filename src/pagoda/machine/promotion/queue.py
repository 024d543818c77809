"""What is compiled next: the hottest for its price, and nobody waits for ever.

The price of a candidate is what its compilation is expected to take: the median of what an instruction's word took lately,
times its words. What must hold: the queue is bounded; whoever waits long enough comes first.
"""

from __future__ import annotations

from bisect import insort
from collections import deque

from pagoda.machine.promotion.states import Candidate

RECENT = 31  # compilations that the median is of
FIRST_GUESS = 0.000_15  # seconds for a word, before any was measured
TICK_CALLS = 400  # calls that a tick of a loop counts as
OVER = 0.05  # seconds: a loop that no tick has found for so long is over, or seldom runs
SMALL_SHARE = 0.05  # of the weight, for such loops, and where there is code already
PATIENCE = 0.25  # seconds of waiting that double a candidate's weight


class Price:
    """The running median of seconds per word of bytecode."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque()
        self._sorted: list[float] = []

    def note(self, seconds: float, words: int) -> None:
        """A compilation has taken so long."""
        rate = seconds / max(words, 1)
        if len(self._latest) == RECENT:
            self._sorted.remove(self._latest.popleft())
        self._latest.append(rate)
        insort(self._sorted, rate)

    def of(self, words: int) -> float:
        """What so many words are expected to take, in seconds."""
        rate = self._sorted[len(self._sorted) // 2] if self._sorted else FIRST_GUESS
        return rate * max(words, 1)


class Queue:
    """The candidates that wait. ``most``: how many may."""

    def __init__(self, most: int) -> None:
        self.most, self.price = most, Price()
        self._waiting: list[Candidate] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, candidate: Candidate) -> bool:
        return any(candidate is other for other in self._waiting)

    def put(self, candidate: Candidate) -> bool:
        """Lets a candidate wait; ``False`` where there is no room."""
        if len(self._waiting) >= self.most:
            return False
        self._waiting.append(candidate)
        return True

    def weight(self, candidate: Candidate, now: float) -> float:
        """What speaks for compiling it now."""
        patience = 1 + (now - candidate.since) / PATIENCE
        heat = candidate.heat * (1 if candidate.start is None else TICK_CALLS) * patience
        if candidate.entry or candidate.start is not None and now - candidate.seen > OVER:
            heat *= SMALL_SHARE
        return heat / self.price.of(candidate.words)

    def take(self, now: float) -> Candidate | None:
        """The one that comes next, which waits no longer."""
        if not self._waiting:
            return None
        best = max(self._waiting, key=lambda candidate: self.weight(candidate, now))
        self.remove(best)
        return best

    def remove(self, candidate: Candidate) -> None:
        """It waits no longer, if it did."""
        self._waiting = [other for other in self._waiting if other is not candidate]
