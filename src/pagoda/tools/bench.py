"""``pagoda bench``: times programs as whole processes, on the storeys and on peers, and prints ratios.

Must hold: no time is shown for an output that was not compared. Before anything is timed, every contestant runs once and must
print what the others print. Contestants take turns, so that a busy moment of the machine does not fall on one of them. The slow
storey ``walk`` runs a smaller size; its time is scaled by the ratio of the two sizes' work, which each benchmark's row in
``benchmarks/sizes.toml`` states, and is marked with ``~``.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pagoda.languages import registry
from pagoda.tools import exits, sources
from pagoda.tools.conformance import pagoda_command
from pagoda.tools.testing import choose_storeys

#: Peers as a user's system names them, and the suffix of their version of a program.
_PEERS = {"lua5.4": ".lua", "luajit": ".lua", "node": ".js", "python3": ".py"}
_REFERENCE = "lua5.4"
_PATIENCE = 600.0


class Benchmark(NamedTuple):
    """One program: its files without suffix, its size, and a smaller size for ``walk`` with its share of the full work."""

    name: str
    stem: Path
    size: int
    walk_size: int
    walk_share: float


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


def command(values: dict[str, Any]) -> int:
    """Times one program, or all benchmarks; after the word ``uplc``, scripts (:mod:`pagoda.tools.bench_uplc`)."""
    subject, *others = values["file"] or (None,)
    if subject == "uplc" and len(others) < 2:
        from pagoda.tools.bench_uplc.command import command as time_scripts

        return time_scripts(values, *others)
    if others:
        raise exits.UsageProblem(f"what is '{others[-1]}'? One FILE is timed at a time")
    if values["million"]:
        raise exits.UsageProblem("--million is for scripts: pagoda bench uplc FILE --million")
    # The fast ones first: who waits for a table wants those.
    storeys = values["tier"] or choose_storeys(None, registry.load("ruff"))[::-1]
    try:
        if subject is not None:
            return _one_file(subject, values["tier"], values["runs"], values["json"])
        benchmarks = _load(values["only"])
        choose_storeys(storeys, registry.load("ruff"))
        peers = _present_peers() if values["peers"] else []
        return _all(benchmarks, storeys, peers, values["runs"], values["json"])
    except Wrong as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.GUEST_ERROR


def _present_peers() -> list[str]:
    """The peers that this system has; says which it lacks."""
    present = [name for name in _PEERS if name == "python3" or shutil.which(name)]
    absent = [name for name in _PEERS if name not in present]
    if absent:
        print(f"pagoda: not on this system, left out: {', '.join(absent)}", file=sys.stderr)
    return present


def _load(only: str | None) -> list[Benchmark]:
    folder = Path(__file__).resolve().parents[3] / "benchmarks"
    try:
        rows = tomllib.loads((folder / "sizes.toml").read_text(encoding="utf-8"))
    except OSError:
        raise exits.UsageProblem("the benchmarks are in a clone only; name a FILE to time") from None
    found = [
        Benchmark(name, folder / "programs" / name, row["size"], row["walk_size"], row["walk_share"])
        for name, row in rows.items()
    ]
    if only is None:
        return found
    wanted = [name.strip() for name in only.split(",")]
    for name in wanted:
        if name not in rows:
            raise exits.UsageProblem(f"no benchmark '{name}' (there is: {', '.join(rows)})")
    return [benchmark for benchmark in found if benchmark.name in wanted]


def _contestants(benchmark: Benchmark, storeys: Sequence[str], peers: Sequence[str]) -> list[Contestant]:
    made = []
    for storey in storeys:
        size, share = (benchmark.walk_size, benchmark.walk_share) if storey == "walk" else (benchmark.size, 1.0)
        words = pagoda_command("run", "--tier", storey, f"{benchmark.stem}.ruff", str(size))
        made.append(Contestant(storey, tuple(words), share))
    for peer in peers:
        # This installation's Python, by its path: what a version manager puts before `python3` would be timed with it.
        program = sys.executable if peer == "python3" else peer
        made.append(Contestant(peer, (program, f"{benchmark.stem}{_PEERS[peer]}", str(benchmark.size))))
    return made


def _run(contestant: Contestant) -> tuple[str, float]:
    started = time.perf_counter()
    try:
        done = subprocess.run(contestant.command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise Wrong(f"{contestant.name} still ran after {_PATIENCE:g} s: {' '.join(contestant.command)}") from None
    spent = time.perf_counter() - started
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Wrong(f"{contestant.name} failed with {done.returncode}: {' '.join(contestant.command)}\n{said}")
    return done.stdout.decode("utf-8", "replace"), spent


def _check_outputs(benchmark: Benchmark, contestants: Sequence[Contestant]) -> None:
    """Runs everyone once. Whoever runs a smaller size is compared with this Python's program at that size."""
    outputs: dict[float, dict[str, str]] = {}
    for contestant in contestants:
        outputs.setdefault(contestant.share, {})[contestant.name] = _run(contestant)[0]
    for share, by_name in outputs.items():
        if len(by_name) == 1:
            size = benchmark.size if share == 1.0 else benchmark.walk_size
            check = Contestant("python3 (check)", (sys.executable, f"{benchmark.stem}.py", str(size)))
            by_name[check.name] = _run(check)[0]
        if len(set(by_name.values())) > 1:
            listing = "\n".join(f"  {name}: {output.strip()!r}" for name, output in by_name.items())
            raise Wrong(f"{benchmark.name}: outputs differ\n{listing}")


def _time(benchmark: str, contestants: Sequence[Contestant], runs: int, start_up: float) -> list[Timing]:
    """Each contestant's median; they take turns."""
    spent: list[list[float]] = [[] for _ in contestants]
    for _ in range(runs):
        for contestant, times in zip(contestants, spent, strict=True):
            times.append(_run(contestant)[1])
    timings = []
    for contestant, times in zip(contestants, spent, strict=True):
        median, scaled = statistics.median(times), contestant.share < 1.0
        if scaled:  # start-up is not part of the work that grows
            median = max(median - start_up, 0.0) / contestant.share + start_up
        timings.append(Timing(benchmark, contestant.name, median, scaled, runs))
    return timings


def _all(benchmarks: Sequence[Benchmark], storeys: Sequence[str], peers: Sequence[str], runs: int, as_json: bool) -> int:
    names = [*storeys, *peers]
    start_up = _start_up() if "walk" in storeys else 0.0
    times: dict[str, dict[str, Timing]] = {}
    if not as_json:
        print(f"{'seconds (median of ' + str(runs) + ')':<24}" + "".join(f"{name:>10}" for name in names), flush=True)
    for benchmark in benchmarks:
        contestants = _contestants(benchmark, storeys, peers)
        _check_outputs(benchmark, contestants)
        row = times[benchmark.name] = {}
        for timing in _time(benchmark.name, contestants, runs, start_up):
            row[timing.contestant] = timing
            if as_json:
                print(json.dumps(timing._asdict()), flush=True)
        if not as_json:
            label = f"{benchmark.name} ({benchmark.size})"
            print(f"{label:<24}" + "".join(f"{_seconds(row[name]):>10}" for name in names), flush=True)
    if not as_json and _REFERENCE in names:
        _print_ratios(times, names)
    if not as_json and "walk" in storeys:
        print("\n~ scaled from a smaller size")
    return exits.OK


def _seconds(timing: Timing) -> str:
    return f"{'~' if timing.scaled else ''}{timing.seconds:.3f}"


def _print_ratios(times: dict[str, dict[str, Timing]], names: Sequence[str]) -> None:
    print(f"\n{'time / ' + _REFERENCE:<24}" + "".join(f"{name:>10}" for name in names))
    logarithms: dict[str, list[float]] = {name: [] for name in names}
    for benchmark, row in times.items():
        cells = []
        for name in names:
            ratio = row[name].seconds / row[_REFERENCE].seconds
            logarithms[name].append(math.log(ratio))
            cells.append(f"{ratio:>10.2f}")
        print(f"{benchmark:<24}" + "".join(cells))
    for label, figure in (("geometric mean", statistics.fmean), ("largest", max)):
        print(f"{label:<24}" + "".join(f"{math.exp(figure(logarithms[name])):>10.2f}" for name in names))


def _start_up() -> float:
    """What a ``walk`` process costs before its program begins: the smallest benchmark with nothing to do."""
    stem = Path(__file__).resolve().parents[3] / "benchmarks" / "programs" / "fib.ruff"
    nothing = Contestant("walk", tuple(pagoda_command("run", "--tier", "walk", str(stem), "0")))
    return statistics.median(_run(nothing)[1] for _ in range(3))


def _one_file(path: str, wanted: tuple[str, ...] | None, runs: int, as_json: bool) -> int:
    if not os.path.isfile(path):
        raise exits.UsageProblem(f"cannot find '{path}'")
    storeys = choose_storeys(wanted, sources.language_of(path, None))
    contestants = [Contestant(storey, tuple(pagoda_command("run", "--tier", storey, path))) for storey in storeys]
    outputs = {contestant.name: _run(contestant)[0] for contestant in contestants}
    if len(set(outputs.values())) > 1:
        raise Wrong(f"{path}: the storeys print different outputs")
    for timing in _time(path, contestants, runs, 0.0):
        print(json.dumps(timing._asdict()) if as_json else f"{timing.contestant:<8} {timing.seconds:.3f} s", flush=True)
    return exits.OK
