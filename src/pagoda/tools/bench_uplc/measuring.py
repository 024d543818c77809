"""Medians of repeated measurements: cheap things are done more often, contestants take turns.

What must hold: nothing is timed of a contestant that did not end as the others did.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from pagoda.tools.bench_uplc.contestants import QUANTITIES, Contestant, Seen

#: A measurement repeats what it times until it takes this many seconds.
_LEAST = 0.02
_MOST_REPEATED = 400
#: No third measurement begins when those of one quantity have taken this many seconds.
_PATIENCE = 0.5


class Figures(NamedTuple):
    """What was found of one script on one contestant: medians in microseconds by quantity, and bytes at the peak."""

    seen: Seen
    times: dict[str, float]
    allocated: int | None


def measure(contestants: Sequence[Contestant], seen: Sequence[Seen], runs: int) -> list[Figures]:
    """The figures of the script that all contestants have loaded."""
    figures = [Figures(one, {}, None) for one in seen]
    for quantity in QUANTITIES:
        counts = [_repetitions(contestant, quantity) for contestant in contestants]
        times: list[list[float]] = [[] for _ in contestants]
        for _ in range(runs):
            for contestant, count, found in zip(contestants, counts, times, strict=True):
                if len(found) < 2 or sum(found) * count < _PATIENCE:
                    found.append(contestant.time(quantity, count) / count)
        for figure, found in zip(figures, times, strict=True):
            figure.times[quantity] = statistics.median(found) * 1e6
    return [figure._replace(allocated=one.allocated()) for figure, one in zip(figures, contestants, strict=True)]


def _repetitions(contestant: Contestant, quantity: str) -> int:
    """How often a measurement is to repeat what it times. Finding that out warms up."""
    count = 1
    while True:
        spent = contestant.time(quantity, count)
        if spent >= _LEAST / 2 or count >= _MOST_REPEATED:
            return max(1, min(_MOST_REPEATED, round(count * _LEAST / max(spent, 1e-9))))
        count = min(_MOST_REPEATED, count * 5)
