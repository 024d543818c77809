"""What was found, as tables and geometric means, or as lines of JSON.

What must hold: means are over the scripts that every contestant has evaluated as the others did, so that ratios compare the
same work.
"""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from pagoda.tools.bench_uplc.contestants import QUANTITIES
from pagoda.tools.bench_uplc.measuring import Figures

_TITLES = {
    "read": "read: flat bytes to a script that is ready",
    "evaluate": "evaluate: the script is ready, its arguments are fresh CBOR",
    "both": "both: read and evaluate, nothing kept",
}
_WIDTH = 26
_COLUMN = 12


class Row(NamedTuple):
    """A script and its figures by contestant; who is missing ended in another way than the others."""

    name: str
    figures: dict[str, Figures]


class Group(NamedTuple):
    """Scripts with a mean of their own."""

    label: str
    names: frozenset[str]


def groups(rows: Sequence[Row], names: Sequence[str], reference: Sequence[str]) -> list[Group]:
    """The scripts that all contestants have evaluated, and those of the reference's table that are among them."""
    present = frozenset(row.name for row in rows if all(name in row.figures for name in names))
    listed = present.intersection(reference)
    made = [Group(f"mean of {len(present)}", present)]
    if listed and listed != present:
        made.append(Group(f"mean of {len(listed)} listed", listed))
    return made


def show(rows: Sequence[Row], names: Sequence[str], reference: Sequence[str]) -> None:
    """Prints everything."""
    first = names[0]
    for quantity in QUANTITIES:
        heads = [f"{name}, us" for name in names] + [f"{name}/{first}" for name in names[1:]]
        print(f"\n{_TITLES[quantity]} (medians)")
        print(" " * _WIDTH + "".join(f"{head:>{_COLUMN}}" for head in heads))
        for row in rows:
            times = [row.figures[name].times[quantity] if name in row.figures else None for name in names]
            _line(row.name, times)
        for group in groups(rows, names, reference):
            _line(group.label, [mean(rows, group, name, quantity) for name in names])
    print("\nbudget of an evaluation, and bytes taken at its peak")
    heads = ["cpu", "mem", *(f"{name}, bytes" for name in names)]
    print(" " * _WIDTH + "".join(f"{head:>{_COLUMN + 2}}" for head in heads))
    for row in rows:
        exact = row.figures[first].seen
        cells = [exact.cpu, exact.mem, *(row.figures[name].allocated if name in row.figures else None for name in names)]
        note = "".join(_budget_note(name, row, first) for name in names[1:])
        print(f"{row.name:<{_WIDTH}}" + "".join(f"{'-' if cell is None else cell:>{_COLUMN + 2}}" for cell in cells) + note)


def _line(label: str, times: Sequence[float | None]) -> None:
    cells = ["-" if time is None else f"{time:.1f}" for time in times]
    base = times[0]
    cells += ["-" if time is None or base is None else f"{time / base:.2f}" for time in times[1:]]
    print(f"{label:<{_WIDTH}}" + "".join(f"{cell:>{_COLUMN}}" for cell in cells))


def _budget_note(name: str, row: Row, first: str) -> str:
    if name not in row.figures:
        return f"  {name} ends otherwise"
    exact, other = row.figures[first].seen, row.figures[name].seen
    if (exact.cpu, exact.mem) == (other.cpu, other.mem):
        return ""
    return f"  {name}: cpu {other.cpu - exact.cpu:+}, mem {other.mem - exact.mem:+}"


def mean(rows: Sequence[Row], group: Group, name: str, quantity: str) -> float | None:
    """The geometric mean of a contestant's times over the scripts of a group, ``None`` where there are none."""
    times = [row.figures[name].times[quantity] for row in rows if row.name in group.names]
    return math.exp(statistics.fmean(map(math.log, times))) if times else None


def show_json(rows: Sequence[Row], names: Sequence[str], reference: Sequence[str]) -> None:
    """Prints a line for each script and contestant, then one for each mean and contestant."""
    for row in rows:
        for name, figures in row.figures.items():
            seen = figures.seen
            told = {"script": row.name, "contestant": name, "ending": seen.ending, "cpu": seen.cpu, "mem": seen.mem}
            print(json.dumps({**told, **figures.times, "allocated": figures.allocated}))
    for group in groups(rows, names, reference):
        for name in names:
            means = {quantity: mean(rows, group, name, quantity) for quantity in QUANTITIES}
            print(json.dumps({"mean of": sorted(group.names), "contestant": name, **means}))
