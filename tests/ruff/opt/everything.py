"""``PYTHONPATH=src:tests python -m ruff.opt.everything [--stress N] [FOLDER ...]``: every function of every program, compiled.

Each program of the folders (the conformance suite, the tests' own and the benchmarks, where none is named) runs on the interpreter
and with everything compiled, each time in a process of its own, for native code may take the process with it. What they show is
compared: output, error, place, stack, fuel; and nothing may be left alive. With ``--stress N``, code that can exit at every
instruction runs too: with an exit at each, and at N places picked at random.

Prints a line for each difference, then the counts. Ends with 1 if anything differs or did not compile.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).absolute().parents[3]
SECONDS = 120.0  # for one program in all ways
FUEL = 3_000_000  # programs that would run for long end where this does, on every storey


def folders() -> list[Path]:
    """Where programs are, if nobody says."""
    suites = Path(os.environ.get("PAGODA_SUITES", ROOT.parent / "shared" / "suites"))
    return [suites / "ruff", ROOT / "tests" / "ruff", ROOT / "benchmarks" / "programs", ROOT / "examples"]


def programs(places: Sequence[Path]) -> list[Path]:
    return sorted({path for place in places for path in ([place] if place.is_file() else place.rglob("*.ruff"))})


def shown(top: Path, name: str, way: str, places: int) -> dict[str, Any]:
    """What one way of running a program shows, in this process. ``way``: ``vm``, ``opt`` or ``stress``.

    ``name``: where the program is in the folder ``top``, of which each run gets a copy.
    """
    from pagoda.machine.optimiser.support import ALL

    from ..storeys import run_on_vm
    from .running import Run

    text = (top / name).read_text(encoding="utf-8")
    settings: dict[str, Any] = {"fuel": FUEL, "timeout": None}
    if way == "vm":
        with fresh(top) as here:
            return {"seen": [seen_of(run_on_vm(text, **settings, file=str(here / name)), here)]}
    found: dict[str, Any] = {"seen": [], "left": [], "exits": []}

    def one(**more: Any) -> Run:
        with fresh(top) as here:
            run = Run(text, **settings, file=str(here / name), stress=way == "stress", **more)
            found["seen"].append(seen_of(run.seen, here))
        found["left"].append(run.left)
        found["exits"].append(run.exits)
        return run

    started = time.process_time()
    run = one()
    found["seconds"] = time.process_time() - started
    if way == "stress":
        one(force=ALL)
        chosen = random.Random(name)
        for site in chosen.sample(run.sites, min(places, len(run.sites))):
            one(force=site, after=chosen.randrange(3))
    found["functions"] = len(run.installed.compiler.requests)
    return found


@contextmanager
def fresh(top: Path) -> Iterator[Path]:
    """A copy of a folder, to be in for a while."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder) / top.name
        shutil.copytree(top, here, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        before = Path.cwd()
        os.chdir(here)
        try:
            yield here
        finally:
            os.chdir(before)


def seen_of(seen: Any, here: Path) -> list[Any]:
    """What was seen, as lists and texts that do not tell in which folder."""
    listed = [seen.kind, seen.output, seen.message, seen.span, seen.stack, seen.fuel]
    plain: list[Any] = json.loads(json.dumps(listed).replace(str(here), "HERE"))
    return plain


def in_child(path: Path, ways: Sequence[str], places: int) -> tuple[dict[str, Any], str]:
    """What several ways show, by way, all in one process of its own; and what the process said in the end if it came to a bad
    one."""
    top = next((p for p in path.parents if p.name == "ruff"), path.parent)
    command = [sys.executable, "-m", "ruff.opt.everything", "--one", str(places), str(top), str(path.relative_to(top)), *ways]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]), "PYTHONHASHSEED": "0"}
    found: dict[str, Any] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        try:
            done = subprocess.run(
                command, env=environment, stdout=said, stderr=subprocess.PIPE, text=True, timeout=SECONDS,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            last = (done.stderr.strip().splitlines() or [""])[-1]
            trouble = f"ended with {done.returncode}: {last[-300:]}" if done.returncode else ""
        except subprocess.TimeoutExpired:
            trouble = "takes too long"
        said.seek(0)
        for line in said:
            if line.startswith("SHOWN "):
                found[ways[len(found)]] = json.loads(line[6:])
    return found, trouble


def differences(path: Path, places: int) -> Iterator[tuple[str, Any]]:
    """What is worth saying of one program: pairs of a heading and what it is about."""
    ways = ("vm", "opt", "stress") if places else ("vm", "opt")
    found, trouble = in_child(path, ways, places)
    if "vm" not in found:
        yield ("refused" if "DiagnosticError" in trouble else "skipped"), trouble
        return
    expected = found["vm"]["seen"][0]
    steady = True
    for way in ways[1:]:
        if way not in found:
            yield "failed", f"{way}: {trouble}"
            return
        if way == "opt":
            yield "compiled", found[way]
        for seen, left in zip(found[way]["seen"], found[way]["left"], strict=True):
            yield "run", way
            if left != [0]:
                yield "leak", f"{way}: {left}"
            if seen == expected:
                continue
            steady = steady and in_child(path, ("vm",), 0)[0]["vm"]["seen"][0] == expected
            if not steady:
                yield "varying", "shows something else each time"
                return
            for one, other in zip(expected, seen, strict=True):
                if one != other:
                    yield "difference", f"{way}: {str(one)[-300:]!r} became {str(other)[-300:]!r}"


def main(words: Sequence[str]) -> int:
    """The command."""
    if words[:1] == ["--one"]:
        for way in words[4:]:
            print("SHOWN", json.dumps(shown(Path(words[2]), words[3], way, int(words[1]))), flush=True)
        return 0
    places = int(words[1]) if words[:1] == ["--stress"] else 0
    named = [Path(word).resolve() for word in (words[2:] if places else words)]
    counts: dict[str, int] = {}
    times, functions, exits = [], 0, 0
    for path in programs(named or folders()):
        for heading, what in differences(path, places):
            counts[heading] = counts.get(heading, 0) + 1
            if heading == "compiled":
                functions += what["functions"]
                exits += sum(what["exits"])
                times.append(what["seconds"])
            elif heading != "run":
                print(f"{path.name}: {heading}: {what}", flush=True)
    bad = sum(counts.get(heading, 0) for heading in ("failed", "leak", "difference"))
    middle = statistics.median(times) if times else 0.0
    print(
        f"{counts.get('compiled', 0)} programs, {functions} functions compiled, {counts.get('run', 0)} runs, {exits} exits; "
        f"{counts.get('failed', 0)} failed, {counts.get('difference', 0)} differences, {counts.get('leak', 0)} leaks; "
        f"{counts.get('refused', 0)} refused by the parser, {counts.get('skipped', 0)} skipped, {counts.get('varying', 0)} varying; "
        f"seconds to compile and run, median {middle:.2f}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
