"""``PYTHONPATH=src:tests python -m ruff.opt.everything [--stress N] [--log FILE] [FOLDER ...]``: every function of every program, compiled.

Each program of the folders (the conformance suite, the tests' own and the benchmarks, where none is named) runs on the interpreter
and with everything compiled, in a process of its own, for native code may take the process with it. What they show is
compared: output, error, place, stack, fuel; and nothing may be left alive. With ``--stress N``, code that can exit at every
instruction runs too, with a counter in front of every statement, in at most N runs that together exit once at each place
which is reached; by chance, N // 4 times (8 at most) for each chance; and promoted at the second call, exiting by chance (:mod:`.stress`).

Prints a line for each difference, then the counts. ``--log FILE`` keeps what each program gave, and goes on after the last one.
Ends with 1 if anything differs or did not compile.
"""

from __future__ import annotations

import atexit
import json
import os
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
SECONDS = 120.0  # for one program in all ways, without stress
STRESS_FUEL = 200_000  # with it, for it runs many times
FUEL = 3_000_000  # programs that would run for long end where this does, on every storey


def folders() -> list[Path]:
    """Where programs are, if nobody says."""
    suites = Path(os.environ.get("PAGODA_SUITES", ROOT.parent / "shared" / "suites"))
    return [suites / "ruff", ROOT / "tests" / "ruff", ROOT / "benchmarks" / "programs", ROOT / "examples"]


def programs(places: Sequence[Path]) -> list[Path]:
    return sorted({path for place in places for path in ([place] if place.is_file() else place.rglob("*.ruff"))})


def shown(top: Path, name: str, way: str, rounds: int) -> dict[str, Any]:
    """What one way of running a program shows, in this process. ``way``: ``vm``, ``opt``, ``stress`` or ``promoted``.

    ``name``: where the program is in the folder ``top``, of which each run gets a copy.
    """
    from ..storeys import run_on_vm
    from .running import Run

    text = (top / name).read_text(encoding="utf-8")
    settings: dict[str, Any] = {"fuel": FUEL, "timeout": None}
    if way == "vm":
        with fresh(top) as here:
            return {"seen": [seen_of(run_on_vm(text, **settings, file=str(here / name)), here)]}
    if way in ("stress", "promoted"):
        return stressed(top, name, text, way, rounds)
    started = time.process_time()
    with fresh(top) as here:
        run = Run(text, **settings, file=str(here / name))
        seen = seen_of(run.seen, here)
    seconds = time.process_time() - started
    return {"seen": [seen], "left": [run.left], "exits": run.exits, "seconds": seconds, "functions": len(run.sizes)}


def stressed(top: Path, name: str, text: str, way: str, rounds: int) -> dict[str, Any]:
    """The counts of many runs with exits; of none, where a program shows something else each time."""
    from ..storeys import run_on_vm
    from .counting import load_counted
    from .running import Run
    from .stress import CHANCES, Stress, differing, run_promoted

    settings: dict[str, Any] = {"fuel": STRESS_FUEL, "timeout": None}

    def run(**more: Any) -> Run:
        with fresh(top) as here:
            made = Run(text, **settings, **more, file=str(here / name), reader=load_counted)
            made.seen = plain(made.seen, here)
        return made

    if way == "promoted":
        found: dict[str, Any] = {"runs": 0, "wrong": [], "compiled": 0}
        with fresh(top) as here:
            expected = plain(run_on_vm(text, **settings, file=str(here / name)), here)
        for number, chance in enumerate(CHANCES[: max(rounds // 4, 1)]):
            with fresh(top) as here:
                made = run_promoted(text, number, chance, **settings, file=str(here / name))
                seen = plain(made.seen, here)
            found["runs"] += 1
            found["compiled"] += len(made.names("compiled"))
            found["wrong"] += [str(event) for event in made.events if event[0] in ("failed", "mistake")]
            if seen != expected or made.left != [0]:
                found["wrong"].append(f"chance {chance}, seed {number}: left {made.left}, {differing(expected, seen)}")
        return found
    expected_run = run(only=())
    if run(only=()).seen != expected_run.seen:
        return {"varying": True}
    stress = Stress(run, expected_run, name)
    stress.everywhere(rounds)
    stress.by_chance(min(rounds // 4, 8))
    return stress.report()


def plain(seen: Any, here: Path) -> Any:
    """What was seen, without the name of the folder."""
    from dataclasses import replace

    return replace(
        seen, output=seen.output.replace(str(here), "HERE"), message=seen.message.replace(str(here), "HERE"),
        sources=tuple((at, source.replace(str(here), "HERE")) for at, source in seen.sources),
    )  # fmt: skip


COPIES: dict[Path, tuple[Path, list[Any]]] = {}  # of a folder: a copy that nobody has changed, and how that looks


@contextmanager
def fresh(top: Path) -> Iterator[Path]:
    """A copy of a folder, to be in for a while: the one of the last time, where a program left it as it was."""
    here, before = COPIES.get(top) or (None, [])
    if here is None:
        here = Path(tempfile.mkdtemp()) / top.name
        atexit.register(shutil.rmtree, here.parent, True)
        shutil.copytree(top, here, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        before = looks(here)
    was = Path.cwd()
    os.chdir(here)
    try:
        yield here
    finally:
        os.chdir(was)
        COPIES[top] = here, before
        if looks(here) != before:
            del COPIES[top]


def looks(folder: Path) -> list[Any]:
    """What would tell of a change in a folder."""
    found: list[Any] = []
    for place, _, names in os.walk(folder):
        for name in names:
            seen = os.stat(os.path.join(place, name))
            found.append((place, name, seen.st_size, seen.st_mtime_ns))
        found.append(place)
    return sorted(map(str, found))


def seen_of(seen: Any, here: Path) -> list[Any]:
    """What was seen, as lists and texts that do not tell in which folder."""
    listed = [seen.kind, seen.output, seen.message, seen.span, seen.stack, seen.fuel]
    plain: list[Any] = json.loads(json.dumps(listed).replace(str(here), "HERE"))
    return plain


def in_child(path: Path, ways: Sequence[str], rounds: int) -> tuple[dict[str, Any], str]:
    """What several ways show, by way, all in one process of its own; and what the process said in the end if it came to a bad
    one."""
    top = next((p for p in path.parents if p.name == "ruff"), path.parent)
    command = [sys.executable, "-m", "ruff.opt.everything", "--one", str(rounds), str(top), str(path.relative_to(top)), *ways]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")]), "PYTHONHASHSEED": "0"}
    found: dict[str, Any] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        try:
            done = subprocess.run(
                command, env=environment, stdout=said, stderr=subprocess.PIPE, text=True, timeout=SECONDS * (1 + min(rounds / 10, 7)),
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


def differences(path: Path, rounds: int) -> Iterator[tuple[str, Any]]:
    """What is worth saying of one program: pairs of a heading and what it is about."""
    ways = ("vm", "opt", "stress", "promoted") if rounds else ("vm", "opt")
    found, trouble = in_child(path, ways, rounds)
    if "vm" not in found:
        yield ("refused" if "DiagnosticError" in trouble else "skipped"), trouble
        return
    expected = found["vm"]["seen"][0]
    for way in ways[1:]:
        if way not in found:
            yield "failed", f"{way}: {trouble}"
            return
        if way == "opt":
            yield "compiled", found[way]
            if found[way]["left"] != [[0]]:
                yield "leak", f"{way}: {found[way]['left']}"
            for one, other in zip(expected, found[way]["seen"][0], strict=True):
                if one == other:
                    continue
                if in_child(path, ("vm",), 0)[0]["vm"]["seen"][0] != expected:
                    yield "varying", "shows something else each time"
                    return
                yield "difference", f"{way}: {str(one)[-300:]!r} became {str(other)[-300:]!r}"
        elif found[way].get("varying"):
            yield "varying", "shows something else each time"
            return
        else:
            yield way, found[way]
            for what in found[way]["wrong"]:
                yield ("leak" if "left alive" in what else "difference"), f"{way}: {what}"


SUMS = ("functions", "exits", "runs", "sites", "visited", "fired")


class Counts:
    """What all programs came to."""

    def __init__(self) -> None:
        self.headings: dict[str, int] = {}
        self.sums: dict[str, dict[str, int]] = {"compiled": {}, "stress": {}, "promoted": {}}
        self.times: list[float] = []

    def take(self, heading: str, what: Any) -> None:
        self.headings[heading] = self.headings.get(heading, 0) + 1
        if heading in self.sums:
            row = self.sums[heading]
            for name in (*SUMS, "compiled"):
                row[name] = row.get(name, 0) + what.get(name, 0)
            if heading == "compiled":
                self.times.append(what["seconds"])

    def __str__(self) -> str:
        several = {"failed": "failed", "difference": "differences", "leak": "leaks", "refused": "refused by the parser"}
        listed = [
            f"{self.headings.get(heading, 0)} {word}"
            for heading, word in {**several, "skipped": "skipped", "varying": "varying"}.items()
        ]
        middle = statistics.median(self.times) if self.times else 0.0
        text = f"{self.headings.get('compiled', 0)} programs, {self.sums['compiled'].get('functions', 0)} functions compiled; "
        text += f"{', '.join(listed)}; seconds to compile and run, median {middle:.2f}"
        if self.sums["stress"]:
            row = self.sums["stress"]
            text += (
                f"\nstress: {self.headings['stress']} programs, {row['functions']} functions, {row['runs']} runs, {row['exits']} exits; "
                f"{row['sites']} places, {row['visited']} of them reached, {row['fired']} of these left"
            )
        if self.sums["promoted"]:
            row = self.sums["promoted"]
            text += f"\npromoted: {self.headings['promoted']} programs, {row['runs']} runs, {row['compiled']} compilations"
        return text


def main(words: Sequence[str]) -> int:
    """The command."""
    if words[:1] == ["--one"]:
        for way in words[4:]:
            print("SHOWN", json.dumps(shown(Path(words[2]), words[3], way, int(words[1]))), flush=True)
        return 0
    rounds, log = 0, None
    while words and words[0] in ("--stress", "--log"):
        if words[0] == "--stress":
            rounds = int(words[1])
        else:
            log = Path(words[1])
        words = words[2:]
    done: dict[str, list[Any]] = {}
    if log is not None and log.exists():
        done = {row[0]: row[1] for row in map(json.loads, log.read_text(encoding="utf-8").splitlines())}
    counts = Counts()
    for path in programs([Path(word).resolve() for word in words] or folders()):
        rows = done.get(str(path))
        if rows is None:
            rows = list(differences(path, rounds))
            if log is not None:
                with log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([str(path), rows]) + "\n")
        for heading, what in rows:
            counts.take(heading, what)
            if heading not in counts.sums:
                print(f"{path.name}: {heading}: {what}", flush=True)
    print(counts)
    return 1 if counts.headings.keys() & {"failed", "leak", "difference"} else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
