"""Who runs a benchmark: storeys and peers, each as a command line; and running one, with the clock running."""

from __future__ import annotations

import os
import select
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pagoda.tools import exits
from pagoda.tools.bench.caches import Caches
from pagoda.tools.bench.programs import Benchmark
from pagoda.tools.conformance import pagoda_command

#: Peers as a user's system names them, and the suffix of their version of a program.
PEERS = {"lua5.4": ".lua", "luajit": ".lua", "node": ".js", "python3": ".py"}
_PATIENCE = 600.0
_LEFTOVERS = 60.0  # seconds for what a run left behind


class Contestant(NamedTuple):
    """One way to run a benchmark; ``share`` below 1 means that it runs that share of the full work."""

    name: str
    command: tuple[str, ...]
    share: float = 1.0


class Timing(NamedTuple):
    """The median of a contestant's runs, scaled to the full work. ``scaled`` tells whether that changed it."""

    benchmark: str
    contestant: str
    seconds: float
    scaled: bool
    runs: int


class Wrong(Exception):
    """A contestant failed, or printed something else than the others. The message is for the user."""


def present_peers(wanted: Sequence[str]) -> list[str]:
    """Those of the peers that this system has; says which it lacks. Without ``wanted``, of all."""
    for name in wanted:
        if name not in PEERS:
            raise exits.UsageProblem(f"no peer '{name}' (there is: {', '.join(PEERS)})")
    asked = [name for name in PEERS if not wanted or name in wanted]
    present = [name for name in asked if name == "python3" or shutil.which(name)]
    absent = [name for name in asked if name not in present]
    if absent:
        print(f"pagoda: not on this system, left out: {', '.join(absent)}", file=sys.stderr)
    return present


def of_benchmark(benchmark: Benchmark, storeys: Sequence[str], peers: Sequence[str]) -> list[Contestant]:
    """The contestants of one of the project's benchmarks."""
    made = []
    for storey in storeys:
        size, share = (benchmark.walk_size, benchmark.walk_share) if storey == "walk" else (benchmark.size, 1.0)
        words = pagoda_command("run", "--tier", storey, f"{benchmark.stem}.ruff", str(size))
        made.append(Contestant(storey, tuple(words), share))
    for peer in peers:
        # This installation's Python, by its path: what a version manager puts before `python3` would be timed with it.
        program = sys.executable if peer == "python3" else peer
        made.append(Contestant(peer, (program, f"{benchmark.stem}{PEERS[peer]}", str(benchmark.size))))
    return made


def run(contestant: Contestant, caches: Caches) -> tuple[str, float]:
    """What a contestant prints, and the seconds until it has ended. Raises :class:`Wrong` where it fails.

    Comes back when the processes that it left behind have ended too (a storey's compiler finishes what it has): they would
    take time from the next one."""
    with caches.for_run() as environment:
        reads, writes = os.pipe()
        try:
            return _timed(contestant, environment, writes)
        finally:
            os.close(writes)
            # Whoever still has the other end is a process of that run; once nobody has, there is an end to read.
            select.select([reads], [], [], _LEFTOVERS)
            os.close(reads)


def _timed(contestant: Contestant, environment: dict[str, str] | None, inherited: int) -> tuple[str, float]:
    words = " ".join(contestant.command)
    started = time.perf_counter()
    try:
        done = subprocess.run(
            contestant.command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, env=environment,
            pass_fds=(inherited,),
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Wrong(f"{contestant.name} still ran after {_PATIENCE:g} s: {words}") from None
    spent = time.perf_counter() - started
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Wrong(f"{contestant.name} failed with {done.returncode}: {words}\n{said}")
    return done.stdout.decode("utf-8", "replace"), spent


def check_outputs(benchmark: Benchmark, contestants: Iterable[Contestant], caches: Caches) -> None:
    """Runs everyone once. Whoever runs a smaller size is compared with this Python's program at that size.

    Raises :class:`Wrong` where outputs differ."""
    outputs: dict[float, dict[str, str]] = {}
    for contestant in contestants:
        outputs.setdefault(contestant.share, {})[contestant.name] = run(contestant, caches)[0]
    for share, by_name in outputs.items():
        if len(by_name) == 1:
            size = benchmark.size if share == 1.0 else benchmark.walk_size
            check = Contestant("python3 (check)", (sys.executable, f"{benchmark.stem}.py", str(size)))
            by_name[check.name] = run(check, caches)[0]
        if len(set(by_name.values())) > 1:
            listing = "\n".join(f"  {name}: {output.strip()!r}" for name, output in by_name.items())
            raise Wrong(f"{benchmark.name}: outputs differ\n{listing}")


def timings(benchmark: str, contestants: Sequence[Contestant], runs: int, start_up: float, caches: Caches) -> list[Timing]:
    """Each contestant's median; they take turns. ``start_up``: what scaling leaves as it is, in seconds."""
    spent: list[list[float]] = [[] for _ in contestants]
    for _ in range(runs):
        for contestant, times in zip(contestants, spent, strict=True):
            times.append(run(contestant, caches)[1])
    found = []
    for contestant, times in zip(contestants, spent, strict=True):
        median, scaled = statistics.median(times), contestant.share < 1.0
        if scaled:  # start-up is not part of the work that grows
            median = max(median - start_up, 0.0) / contestant.share + start_up
        found.append(Timing(benchmark, contestant.name, median, scaled, runs))
    return found
