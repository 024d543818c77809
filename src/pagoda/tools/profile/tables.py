"""A profile as text for a terminal, and as data."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pagoda.tools.profile.contract import Profile, Row, Table


def text(profile: Profile, name: str, most: int, weight: int) -> str:
    """The whole report, without a line end behind it."""
    spent = ", ".join(f"{what} {total:,}" for what, total in zip(profile.weights, profile.totals, strict=True))
    parts = ["\n".join([f"{name}: {spent}; {profile.count:,} {profile.counted}", *profile.notes])]
    parts += [_table(table, profile, weight) for table in profile.tables(most, weight)]
    return "\n\n".join(parts)


def data(profile: Profile, most: int, weight: int) -> dict[str, Any]:
    """The same as data."""
    named = [(what, number) for number, what in enumerate(profile.weights)]
    row: dict[str, Any] = {
        "totals": _cost(profile.totals, profile.weights),
        "reported": _cost(profile.reported, profile.weights),
        "unreported": _cost(profile.unreported, profile.weights),
        profile.counted: profile.count,
        "sorted_by": named[weight][0],
    }
    for table in profile.tables(most, weight):
        row[table.key] = [_row(entry, profile.weights) for entry in table.rows]
    return row


def _cost(cost: Sequence[int], weights: Sequence[str]) -> dict[str, int]:
    return dict(zip(weights, cost, strict=True))


def _row(row: Row, weights: Sequence[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": row.name, "count": row.count, "self": _cost(row.own, weights)}
    if row.cumulative is not None:
        made["cumulative"] = _cost(row.cumulative, weights)
    if row.place:
        made["place"] = row.place
    if row.code:
        made["code"] = row.code
    return made


def _table(table: Table, profile: Profile, weight: int) -> str:
    cumulative = any(row.cumulative is not None for row in table.rows)
    placed = any(row.place or row.code for row in table.rows)
    head = ["", "count"]
    for what in profile.weights:
        head += [what, "share"]
    if cumulative:
        head += [f"cumulative {profile.weights[weight]}", "share"]
    cells = [head]
    for row in table.rows:
        line = [row.name, f"{row.count:,}"]
        for own, total in zip(row.own, profile.totals, strict=True):
            line += [f"{own:,}", _share(own, total)]
        if cumulative:
            inner = row.own if row.cumulative is None else row.cumulative
            line += [f"{inner[weight]:,}", _share(inner[weight], profile.totals[weight])]
        cells.append(line)
    widths = [max(len(line[column]) for line in cells) for column in range(len(head))]
    lines = [table.title]
    for number, line in enumerate(cells):
        shown = [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        if placed and number:
            row = table.rows[number - 1]
            shown += ["", " ".join(part for part in (row.place if row.place not in row.name else "", row.code) if part)]
        lines.append(("  " + "  ".join(shown)).rstrip())
    left_out = table.total_rows - len(table.rows)
    if left_out:
        lines.append(f"  ... {left_out:,} more")
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "-"
