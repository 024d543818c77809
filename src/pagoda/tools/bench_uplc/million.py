"""A million evaluations of one script, each with new arguments: how fast, and whether memory stays what it was."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

from pagoda.tools import exits
from pagoda.tools.bench_uplc.samples import Sample

COUNT = 1_000_000
_REPORTS = 10


def command(samples: Sequence[Sample], storey: str) -> int:
    """Evaluates the one script there is, a million times, through the API for Python."""
    if len(samples) != 1:
        raise exits.UsageProblem("a million evaluations are of one script: name it with --only, or give its file")
    endure(evaluation(samples[0], storey), COUNT)
    return exits.OK


def evaluation(sample: Sample, storey: str) -> Callable[[], None]:
    """One evaluation through the API, with new arguments. The program is read once."""
    from pagoda import uplc

    program = uplc.Program.from_flat(sample.flat)

    def once() -> None:
        outcome = uplc.evaluate(program, *sample.fresh_arguments(), language=None, storey=storey)
        assert outcome.ok, outcome

    return once


def endure(once: Callable[[], None], count: int) -> None:
    """Calls it so often; ten times on the way tells the calls per second since the last time and what the process holds."""
    from pagoda.languages.uplc.walk.watch import resident

    once()  # what is made only once is made here
    print(f"{0:>9}  {'':>12}  {resident() / 2**20:8.1f} MiB", flush=True)
    part = max(1, count // _REPORTS)
    started = time.perf_counter()
    for done in range(part, count + 1, part):
        begun = time.perf_counter()
        for _ in range(part):
            once()
        rate = part / (time.perf_counter() - begun)
        print(f"{done:>9}  {rate:>10.0f}/s  {resident() / 2**20:8.1f} MiB", flush=True)
    print(f"{count / (time.perf_counter() - started):.0f} evaluations per second in all", file=sys.stderr)
