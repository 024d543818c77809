"""``pagoda bench``: times one program on the storeys, or the project's benchmarks on storeys and peers, and prints ratios."""

from __future__ import annotations

import json
import os
import statistics
import sys
from collections.abc import Sequence
from typing import Any

from pagoda.languages import registry
from pagoda.languages.protocol import Language
from pagoda.tools import exits, sources
from pagoda.tools.bench import caches, contestants, programs, table
from pagoda.tools.bench.caches import Caches
from pagoda.tools.bench.contestants import Contestant, Timing, Wrong
from pagoda.tools.conformance import pagoda_command
from pagoda.tools.testing import choose_storeys

#: What is timed where no storey is named. The fast ones first: who waits for a table wants those.
_USUAL_STOREYS = {"short": ("auto", "vm"), programs.FULL: ("auto", "vm", "walk"), "long": ("auto",)}


def command(values: dict[str, Any]) -> int:
    """Times one program, or all benchmarks; after the word ``uplc``, scripts (:mod:`pagoda.tools.bench_uplc`)."""
    subject, *others = values["file"] or (None,)
    size = values["size"] or programs.FULL
    if subject == "uplc" and len(others) < 2:
        if values["size"] or _cache(values) != caches.USUAL:
            raise exits.UsageProblem("--size, --cold and --warm are for programs, not for scripts")
        from pagoda.tools.bench_uplc.command import command as time_scripts

        return time_scripts(values, *others)
    if others:
        raise exits.UsageProblem(f"what is '{others[-1]}'? One FILE is timed at a time")
    if values["million"]:
        raise exits.UsageProblem("--million is for scripts: pagoda bench uplc FILE --million")
    try:
        if subject is not None:
            if values["size"]:
                raise exits.UsageProblem("--size is for the project's benchmarks, not for a FILE")
            return _one_file(subject, values)
        return _all(values, size)
    except Wrong as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.GUEST_ERROR


def _cache(values: dict[str, Any]) -> str:
    if values["cold"] and values["warm"]:
        raise exits.UsageProblem("--cold or --warm, not both")
    return caches.COLD if values["cold"] else caches.WARM if values["warm"] else caches.USUAL


def _storeys(wanted: Sequence[str], language: Language) -> tuple[str, ...]:
    """The storeys named, which the language must have; ``auto`` is whatever it chooses."""
    if named := tuple(name for name in wanted if name != "auto"):
        choose_storeys(named, language)
    return tuple(wanted)


def _all(values: dict[str, Any], size: str) -> int:
    benchmarks = programs.load(values["only"], size)
    storeys = _storeys(values["tier"] or _USUAL_STOREYS[size], registry.load("ruff"))
    if "walk" in storeys and size != programs.FULL:
        raise exits.UsageProblem(f"walk is timed at --size {programs.FULL} only")
    named = [name for names in values["peers"] for name in names]
    peers = contestants.present_peers(named) if values["peers"] else []
    with caches.prepared(_cache(values), storeys, ".ruff") as place:
        times = _time_all(benchmarks, storeys, peers, values["runs"], values["json"], place)
    if values["json"]:
        return exits.OK
    if peers and times:
        for lines in (table.by_program(times, storeys, peers), table.against_peers(times, storeys, peers)):
            print("\n" + "\n".join(lines))
    if "walk" in storeys:
        print("\n~ scaled from a smaller size")
    return exits.OK


def _time_all(
    benchmarks: Sequence[programs.Benchmark], storeys: Sequence[str], peers: Sequence[str], runs: int, as_json: bool,
    place: Caches,
) -> table.Times:  # fmt: skip
    """Times the benchmarks and shows each one's times as they come in."""
    names = [*storeys, *peers]
    start_up = _start_up(place) if "walk" in storeys else 0.0
    times: dict[str, dict[str, Timing]] = {}
    if not as_json:
        print(table.line(f"seconds (median of {runs})", names), flush=True)
    for benchmark in benchmarks:
        who = contestants.of_benchmark(benchmark, storeys, peers)
        contestants.check_outputs(benchmark, who, place)
        row = times[benchmark.name] = {}
        for timing in contestants.timings(benchmark.name, who, runs, start_up, place):
            row[timing.contestant] = timing
            if as_json:
                print(json.dumps(timing._asdict()), flush=True)
        if not as_json:
            cells = [table.seconds(row[name]) for name in names]
            print(table.line(f"{benchmark.name} ({benchmark.size})", cells), flush=True)
    return times


def _start_up(place: Caches) -> float:
    """What a ``walk`` process costs before its program begins: the smallest benchmark with nothing to do."""
    path = programs.FOLDER / "programs" / "fib.ruff"
    nothing = Contestant("walk", tuple(pagoda_command("run", "--tier", "walk", str(path), "0")))
    return statistics.median(contestants.run(nothing, place)[1] for _ in range(3))


def _one_file(path: str, values: dict[str, Any]) -> int:
    if not os.path.isfile(path):
        raise exits.UsageProblem(f"cannot find '{path}'")
    language = sources.language_of(path, None)
    storeys = _storeys(values["tier"] or choose_storeys(None, language), language)
    who = [Contestant(storey, tuple(pagoda_command("run", "--tier", storey, path))) for storey in storeys]
    with caches.prepared(_cache(values), storeys, os.path.splitext(path)[1]) as place:
        outputs = {contestant.name: contestants.run(contestant, place)[0] for contestant in who}
        if len(set(outputs.values())) > 1:
            raise Wrong(f"{path}: the storeys print different outputs")
        for timing in contestants.timings(path, who, values["runs"], 0.0, place):
            print(
                json.dumps(timing._asdict()) if values["json"] else f"{timing.contestant:<8} {timing.seconds:.3f} s", flush=True
            )
    return exits.OK
