"""``pagoda test``: a program's test blocks, a folder of conformance cases, or (no PATH, in a clone) the project's own suite.

However it is called, it ends with counts and exits 1 on any failure.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from pagoda.languages import registry
from pagoda.languages.protocol import Language, Limits, RunRequest, Tier, Unavailable
from pagoda.machine.source import DiagnosticError
from pagoda.tools import conformance, exits, fuel, grants, report, sources
from pagoda.tools.conformance import Result


def command(values: dict[str, Any]) -> int:
    """Runs the tests PATH names and gives the exit code."""
    if values["path"] is None:
        from pagoda.tools import own_suite

        if given := [*grants.given(values), *_promotion(values), *(["--fuel"] if values["fuel"] else [])]:
            raise exits.UsageProblem(f"{given[0]} is about a program to be tested; name it: pagoda test FILE {given[0]}")
        return own_suite.run()
    path = Path(values["path"])
    if not path.exists():
        raise exits.UsageProblem(f"cannot find '{path}'")
    if path.is_dir():
        return _folder(path, values)
    if values["fuel"] or _promotion(values):
        raise exits.UsageProblem(f"--fuel and --tier-threshold are for folders, and '{path}' is none")
    return _program(path, values)


def _promotion(values: dict[str, Any]) -> list[str]:
    """The options about promotion, as words for a run."""
    threshold = values["tier_threshold"]
    return [] if threshold is None else ["--tier-threshold", str(threshold)]


def _folder(path: Path, values: dict[str, Any]) -> int:
    lang = values["lang"] or _only_language(path)
    try:
        language = registry.load(lang)
    except registry.UnknownLanguage as problem:
        raise exits.UsageProblem(str(problem)) from None
    if values["fuel"]:
        return _fuel(path, values, language)
    storeys = choose_storeys(values["tier"], language)
    options = _options(values, language)
    if getattr(language, "conformance", None):
        return _own_suite_form(path, values, language, storeys)
    cases = _cases(path, language)
    deviations = _deviations(values, {case.name for case in cases})
    uncompiled: dict[str, list[str]] = {"opt": []} if "opt" in storeys and "trace" in registry.settings(lang) else {}
    results = conformance.run_suite(
        cases,
        storeys,
        lang,
        deviations=deviations,
        timeout=values["timeout"],
        jobs=values["jobs"],
        options=options,
        uncompiled=uncompiled,
    )
    return _show(results, storeys, values["json"], uncompiled)


def _cases(path: Path, language: Language) -> list[conformance.Case]:
    cases = conformance.find_cases(path, registry.suffixes(language.name))
    if not cases:
        raise exits.UsageProblem(f"no cases below '{path}': a case is a program with a .out file beside it")
    return cases


def _options(values: dict[str, Any], language: Language) -> list[str]:
    """The words that every run of a case gets."""
    promotion = _promotion(values)
    if promotion and "tier_threshold" not in registry.settings(language.name):
        raise exits.UsageProblem(f"{language.name} has no --tier-threshold")
    return [*grants.given(values), *promotion]


def _fuel(path: Path, values: dict[str, Any], language: Language) -> int:
    """Compares the fuel that programs take. Fuel is the same on all storeys only if it is on ``opt``, so that is among them."""
    if not hasattr(language, "measure"):
        raise exits.UsageProblem(f"{language.name} counts no fuel")
    storeys = choose_storeys(values["tier"] or language.storeys, language)
    cases = _cases(path, language)
    deviations = _deviations(values, {case.name for case in cases}, "fuel")
    found = fuel.measure_suite(
        cases, storeys, language.name, deviations=deviations, timeout=values["timeout"], jobs=values["jobs"],
        options=_options(values, language),
    )  # fmt: skip
    return fuel.show(found, storeys, values["json"])


def _deviations(values: dict[str, Any], known: set[str], table: str = "cases") -> dict[str, str]:
    deviations = conformance.read_deviations(values["deviations"], table)
    for name in deviations:
        if name.partition("@")[0] not in known:
            print(f"pagoda: deviation of a case that does not exist: {name}", file=sys.stderr)
    return deviations


def _own_suite_form(path: Path, values: dict[str, Any], language: Any, storeys: Sequence[str]) -> int:
    """Runs a suite whose cases have the form of the language's own suites. Its programs reach nothing outside themselves, so
    they run in this process, one after the other."""
    suite = import_module(language.conformance)
    cases = suite.find_cases(path)
    if not cases:
        raise exits.UsageProblem(f"no cases of {language.name} below '{path}'")
    deviations = _deviations(values, {case.name for case in cases})
    results = (
        conformance.with_deviation(Result(case.name, storey, *suite.judge(case, storey, values["timeout"])), deviations)
        for storey in storeys
        for case in cases
    )
    return _show(results, storeys, values["json"])


def _only_language(path: Path) -> str:
    present = [name for name in registry.names() if any(next(path.rglob(f"*{end}"), None) for end in registry.suffixes(name))]
    if len(present) != 1:
        raise exits.UsageProblem(f"cannot tell the language of the programs below '{path}'; name it with --lang")
    return present[0]


def choose_storeys(wanted: tuple[str, ...] | None, language: Language) -> tuple[str, ...]:
    """The storeys asked for, ``auto`` among them, or all that the language has here but ``opt``, which waits for LLVM."""
    present = language.storeys
    for storey in wanted or ():
        if storey not in (*present, "auto"):
            raise exits.UsageProblem(f"{language.name} has no storey '{storey}' here (there is: {', '.join(present)})")
    return wanted or tuple(storey for storey in present if storey != "opt")


def _program(path: Path, values: dict[str, Any]) -> int:
    try:
        source = sources.read(str(path))
        language = sources.language_of(str(path), values["lang"])
        storeys = choose_storeys(values["tier"], language)
        results = []
        for storey in storeys:
            request = RunRequest(
                output=sys.stderr.write if values["json"] else sys.stdout.write,
                error_output=sys.stderr.write,
                tier=cast("Tier", storey),
                limits=Limits(timeout=values["timeout"]),
                grants=grants.from_values(values),
            )
            for block in language.run_tests(source, request):
                results.append(Result(block.name, storey, "passed" if block.passed else "failed", _reason(block.outcome)))
    except sources.Undecodable as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.MALFORMED
    except DiagnosticError as problem:
        print(problem.render(), file=sys.stderr)
        return exits.MALFORMED
    except Unavailable as problem:
        raise exits.UsageProblem(str(problem)) from None
    if not results:
        raise exits.UsageProblem(f"'{path}' has no test blocks")
    return _show(results, storeys, values["json"])


def _reason(outcome: Any) -> str:
    if outcome.failure is not None:
        return report.failure_text(outcome.failure)
    return "" if outcome.status == "ok" else f"ended with {outcome.status} {outcome.exit_code}"


def _show(
    results: Iterable[Result], storeys: Sequence[str], as_json: bool, uncompiled: Mapping[str, list[str]] | None = None
) -> int:
    """Prints results as they come, then the counts. JSON has the stream to itself; the counts then go to stderr.

    ``uncompiled``: the failed compilations of each storey that compiles, once there are no more results."""
    counts = {storey: {"passed": 0, "failed": 0, "skipped": 0} for storey in storeys}
    for result in results:
        counts[result.storey][result.status] += 1
        if as_json:
            print(json.dumps(result._asdict()), flush=True)
            continue
        note = ""
        if result.status == "failed":
            note = "\n" + "\n".join(f"    {line}" for line in result.reason.splitlines())
        elif result.reason:
            note = f" ({result.reason})"
        if result.status != "passed" or result.reason:
            print(f"{result.status.upper()} {result.storey} {result.case}{note}", flush=True)
    for storey, row in counts.items():
        line = f"{storey}: {row['passed']} passed, {row['failed']} failed, {row['skipped']} skipped"
        if uncompiled and storey in uncompiled:
            line += f", {len(uncompiled[storey])} functions stayed on vm because compilation failed"
        print(line, file=sys.stderr if as_json else sys.stdout)
    return exits.GUEST_ERROR if any(row["failed"] for row in counts.values()) else exits.OK
