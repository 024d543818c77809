"""The tables of a benchmark: seconds, ratios program by program, and each storey against each peer."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence

from pagoda.tools.bench.contestants import Timing

_LABEL, _CELL = 24, 10
#: The peer that programs are compared with one by one, where it was timed.
_NEAREST = "luajit"

#: Timings by benchmark and by contestant.
Times = Mapping[str, Mapping[str, Timing]]


def line(label: str, cells: Sequence[str]) -> str:
    """One row of a table."""
    return f"{label:<{_LABEL}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def seconds(timing: Timing) -> str:
    """A time as a cell; ``~`` before it says that it was scaled."""
    return f"{'~' if timing.scaled else ''}{timing.seconds:.3f}"


def ratio(times: Times, benchmark: str, name: str, reference: str) -> float:
    """How many times as long as ``reference`` it took."""
    return times[benchmark][name].seconds / times[benchmark][reference].seconds


def by_program(times: Times, storeys: Sequence[str], peers: Sequence[str]) -> Iterator[str]:
    """Lines: every program's time by that of one peer, LuaJIT where it was timed."""
    reference = _NEAREST if _NEAREST in peers else peers[0]
    names = [*storeys, *peers]
    yield line(f"time / {reference}", names)
    for benchmark in times:
        yield line(benchmark, [f"{ratio(times, benchmark, name, reference):.2f}" for name in names])


def against_peers(times: Times, storeys: Sequence[str], peers: Sequence[str]) -> Iterator[str]:
    """Lines: the geometric mean of each storey's ratios to each peer, and the largest of them."""
    yield line("all programs", ["mean", "largest"])
    for storey in storeys:
        for peer in peers:
            ratios = {benchmark: ratio(times, benchmark, storey, peer) for benchmark in times}
            mean = math.exp(statistics.fmean(math.log(value) for value in ratios.values()))
            worst = max(ratios, key=lambda benchmark: ratios[benchmark])
            yield line(f"{storey} / {peer}", [f"{mean:.2f}", f"{ratios[worst]:.2f}"]) + f"  ({worst})"
