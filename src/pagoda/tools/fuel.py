"""``pagoda test FOLDER --fuel``: whether every program of a folder takes the same fuel on all storeys.

Fuel is what a limit on a program counts, so a program that a limit stops on one storey must be stopped on all. Must hold: cases
run as :mod:`pagoda.tools.conformance` runs them, each in a process and a folder of its own; a case that was not measured on
each storey is told and is no success.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

from pagoda.languages import registry
from pagoda.languages.protocol import CountsFuel, Limits, RunRequest, Tier
from pagoda.tools import arguments, conformance, exits, grants, sources
from pagoda.tools.conformance import Case

SAME, DIFFERS, KNOWN, UNMEASURED = "same", "differs", "known", "unmeasured"


class Measured(NamedTuple):
    """A case's fuel by storey, ``None`` where it could not be measured. ``status`` is one of the four above."""

    case: str
    status: str
    fuel: dict[str, int | None]
    reason: str = ""


def measure_suite(
    cases: Sequence[Case], storeys: Sequence[str], lang: str, *, deviations: dict[str, str], timeout: float, jobs: int,
    options: Sequence[str] = (),
) -> Iterator[Measured]:  # fmt: skip
    """Every case in order, measured on all storeys. ``deviations``: why a case may differ, by its name."""
    for storey in storeys:
        conformance.prepare(cases[0], storey, lang)

    def run(case: Case) -> Measured:
        used: dict[str, int | None] = {}
        reasons = []
        for storey in storeys:
            used[storey], reason = _measure(case, storey, lang, timeout, options)
            if reason:
                reasons.append(f"{storey}: {reason}")
        known = deviations.get(case.name, "")
        if None in used.values():
            return Measured(case.name, UNMEASURED, used, "; ".join(reasons))
        if len(set(used.values())) == 1:
            return Measured(case.name, SAME, used, f"stale deviation, it is the same now: {known}" if known else "")
        return Measured(case.name, KNOWN if known else DIFFERS, used, known)

    yield from conformance.side_by_side(run, cases, jobs)


def _measure(case: Case, storey: str, lang: str, timeout: float, options: Sequence[str]) -> tuple[int | None, str]:
    """The fuel of one run, or why it is not known."""
    with conformance.private_copy(case) as folder, tempfile.TemporaryDirectory(prefix="pagoda-fuel-") as place:
        report = Path(place) / "fuel"
        words = ["run", "--tier", storey, "--lang", lang, *options, case.program.name]
        # Started as a pagoda of this installation is, for this module's own entry.
        program, *flags, _ = conformance.pagoda_command()
        command = [program, *flags, f"from {__name__} import main; main()", str(report), *words]
        ended = conformance.run_process(command, folder, timeout)
        if ended.code is None:
            return None, f"still running after {timeout:g} s"
        if not report.exists():
            return None, f"exit code {ended.code}: {(ended.stderr.strip().splitlines() or ['no message'])[-1]}"
        found = json.loads(report.read_text(encoding="utf-8"))
        return found["fuel"], "" if found["fuel"] is not None else f"ended with {found['status']}"


def main() -> None:
    """The process of one case: a file for the answer, then the words of a ``pagoda run`` without arguments of the program."""
    report, *words = sys.argv[1:]
    for stream in (sys.stdout, sys.stderr):
        cast("Any", stream).reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    invocation = arguments.parse(words)
    assert invocation is not None
    values = cast("dict[str, Any]", invocation[1])
    language = sources.language_of(values["file"], values["lang"])
    request = RunRequest(
        output=sys.stdout.write,
        error_output=sys.stderr.write,
        tier=cast("Tier", values["tier"]),
        limits=Limits(),
        grants=grants.from_values(values),
        settings={key: values[key] for key in registry.settings(language.name) if values.get(key) is not None},
    )
    outcome = cast("CountsFuel", language).measure(sources.read(values["file"]), request)
    with open(report, "w", encoding="utf-8") as file:
        json.dump({"status": outcome.status, "fuel": outcome.fuel_used}, file)


def show(found: Iterator[Measured], storeys: Sequence[str], as_json: bool) -> int:
    """Prints what is not the same, then the counts; gives the exit code. JSON has every case, and stdout to itself."""
    counts = dict.fromkeys((SAME, DIFFERS, KNOWN, UNMEASURED), 0)
    for row in found:
        counts[row.status] += 1
        if as_json:
            print(json.dumps(row._asdict()), flush=True)
        elif row.status != SAME or row.reason:
            figures = ", ".join(f"{storey} {'?' if fuel is None else fuel}" for storey, fuel in row.fuel.items())
            print(f"{row.status.upper()} {row.case}: {figures}" + (f" ({row.reason})" if row.reason else ""), flush=True)
    line = f"fuel: {sum(counts.values())} programs, {len(storeys)} storeys, {counts[DIFFERS]} differ"
    for status, words in ((KNOWN, "known to differ"), (UNMEASURED, "not measured")):
        if counts[status]:
            line += f", {counts[status]} {words}"
    print(line, file=sys.stderr if as_json else sys.stdout)
    return exits.GUEST_ERROR if counts[DIFFERS] or counts[UNMEASURED] else exits.OK
