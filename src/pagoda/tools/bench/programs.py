"""The project's benchmarks: where they lie, and how much work each is given.

The storey ``walk`` is too slow for the full size: it runs a smaller one, and its time is scaled by the ratio of the two sizes'
work, which each benchmark's row in ``benchmarks/sizes.toml`` states.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from pagoda.tools import exits

FOLDER = Path(__file__).resolve().parents[4] / "benchmarks"

FULL = "full"
#: The sizes a user can name, and the key of each in a benchmark's row.
SIZES = {"short": "short_size", FULL: "size", "long": "long_size"}


class Benchmark(NamedTuple):
    """One program: its files without suffix, its size, and a smaller size for ``walk`` with its share of the full work."""

    name: str
    stem: Path
    size: int
    walk_size: int
    walk_share: float


def load(only: str | None, size: str) -> list[Benchmark]:
    """The benchmarks at one of :data:`SIZES`; ``only`` names some of them, separated by commas."""
    try:
        rows = tomllib.loads((FOLDER / "sizes.toml").read_text(encoding="utf-8"))
    except OSError:
        raise exits.UsageProblem("the benchmarks are in a clone only; name a FILE to time") from None
    wanted = list(rows) if only is None else [name.strip() for name in only.split(",")]
    for name in wanted:
        if name not in rows:
            raise exits.UsageProblem(f"no benchmark '{name}' (there is: {', '.join(rows)})")
    return [
        Benchmark(name, FOLDER / "programs" / name, row[SIZES[size]], row["walk_size"], row["walk_share"])
        for name, row in rows.items()
        if name in wanted
    ]
