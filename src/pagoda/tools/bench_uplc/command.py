"""The command: checks that all contestants agree, then times them, script by script.

What must hold: no time of a storey is shown whose results or budgets are not exact. They are compared with the golden
evaluation that stands beside a script, and with each other. The peer's budgets may differ, and are told; where it ends in
another way than the storeys, it has no time.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pagoda.languages import registry
from pagoda.languages.uplc import conformance
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.tools import exits
from pagoda.tools.bench_uplc import million, samples, table
from pagoda.tools.bench_uplc.contestants import Contestant, Seen, Vm, Walk
from pagoda.tools.bench_uplc.measuring import measure
from pagoda.tools.bench_uplc.peer import Peer
from pagoda.tools.bench_uplc.samples import Sample
from pagoda.tools.bench_uplc.table import Row
from pagoda.tools.testing import choose_storeys

_STOREYS: dict[str, type[Contestant]] = {"walk": Walk, "vm": Vm}
_CLONE = Path(__file__).resolve().parents[4]
_GOLDEN_PATIENCE = 60.0


class Wrong(Exception):
    """A storey told something else than it must. The message is for the user."""


def command(values: dict[str, Any], place: str | None = None) -> int:
    """Times the scripts in a folder, or one."""
    language = registry.load("uplc")
    storeys = choose_storeys(values["tier"] or tuple(reversed(language.storeys)), language)
    found = samples.find(_folder(place), values["only"])
    if values["million"]:
        return million.command(found, storeys[0])
    contestants: list[Contestant] = [_STOREYS[storey]() for storey in storeys]
    peer = Peer(_CLONE / "benchmarks" / "uplc" / "peer_driver.py") if values["peers"] else None
    try:
        if peer is not None:
            contestants.append(peer)
            print(f"pagoda: the peer is uplc {peer.version}", file=sys.stderr)
        rows = [_row(sample, contestants, values["runs"]) for sample in found]
    except Wrong as problem:
        print(f"pagoda: {problem}", file=sys.stderr)
        return exits.GUEST_ERROR
    finally:
        if peer is not None:
            peer.close()
    show = table.show_json if values["json"] else table.show
    show(rows, [contestant.name for contestant in contestants], _reference())
    return exits.OK


def _folder(place: str | None) -> Path:
    if place is not None:
        if not os.path.exists(place):
            raise exits.UsageProblem(f"cannot find '{place}'")
        return Path(place)
    suites = os.environ.get("PAGODA_SUITES")
    folder = (Path(suites) if suites else _CLONE.parent / "shared" / "suites") / "uplc" / "validation"
    if not folder.is_dir():
        raise exits.UsageProblem("the validation scripts are not here; name a folder of scripts, or set PAGODA_SUITES")
    return folder


def _reference() -> list[str]:
    """The scripts of the reference's table, or what stands for them."""
    try:
        rows = tomllib.loads((_CLONE / "benchmarks" / "uplc" / "reference.toml").read_text(encoding="utf-8"))
    except OSError:
        return []
    return [*rows["scripts"], *rows["twins"].values()]


def _row(sample: Sample, contestants: Sequence[Contestant], runs: int) -> Row:
    print(f"{sample.name}", file=sys.stderr, flush=True)
    seen = {contestant.name: contestant.load(sample) for contestant in contestants}
    _check_golden(sample, [name for name in seen if name in _STOREYS])
    exact = next(iter(seen.values()))
    for name, other in seen.items():
        if name in _STOREYS:
            _check_same(sample, name, other, exact)
    agreeing = [contestant for contestant in contestants if (seen[contestant.name].ending == "ok") == (exact.ending == "ok")]
    figures = measure(agreeing, [seen[contestant.name] for contestant in agreeing], runs)
    return Row(sample.name, {contestant.name: one for contestant, one in zip(agreeing, figures, strict=True)})


def _check_golden(sample: Sample, storeys: Sequence[str]) -> None:
    """Compares with the golden evaluation beside a script, if there is one."""
    if not sample.path.with_name(f"{sample.path.name}.golden.eval").is_file():
        return
    case = conformance.Case(sample.name, sample.path, golden=True)
    for storey in storeys:
        verdict, reason = conformance.judge(case, storey, _GOLDEN_PATIENCE)
        if verdict == "failed":
            raise Wrong(f"{sample.name} on {storey}: {reason}")


def _check_same(sample: Sample, name: str, seen: Seen, exact: Seen) -> None:
    if seen[:3] != exact[:3]:
        raise Wrong(f"{sample.name}: {name} tells {seen[:3]}, another storey {exact[:3]}")
    if seen.result is not None and exact.result is not None and not alpha_equal(seen.result, exact.result):
        raise Wrong(f"{sample.name}: {name} gives another result than the other storey")
