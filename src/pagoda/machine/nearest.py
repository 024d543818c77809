"""The name somebody most likely meant: the nearest of those that exist, for hints of the form "did you mean ...?".

Nearness counts the letters to add, drop, change or swap with their neighbour. What must hold: a far-fetched guess is worse than
none, so short names allow one such step and the longest three; the answer does not depend on the order of the candidates.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 64  # characters; nobody mistypes a longer name by a letter or two and wants to hear of it


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate nearest to ``name``, or an empty text where none is near. ``name`` itself is no answer."""
    if len(name) > _LONGEST:
        return ""
    limit = 0 if len(name) < 3 else 1 if len(name) < 5 else 2 if len(name) < 9 else 3
    plain = _plain(name)
    best: tuple[int, int, str] | None = None
    for candidate in candidates:
        if candidate == name or not candidate:
            continue
        if _plain(candidate) == plain:
            distance = 0
        elif abs(len(candidate) - len(name)) > limit or len(candidate) < 2:
            continue
        else:
            distance = steps(name, candidate, limit)
            if distance > limit:
                continue
        rank = (distance, candidate[0].lower() != name[0].lower(), candidate)
        if best is None or rank < best:
            best = rank
    return best[2] if best is not None else ""


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """The hint that names the nearest candidate, or an empty text."""
    found = nearest(name, candidates)
    return f"did you mean '{found}'?" if found else ""


def steps(first: str, second: str, limit: int) -> int:
    """How many letters to add, drop, change or swap lead from one text to the other; more than ``limit`` is not told apart."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for index, letter in enumerate(first, 1):
        before, above, row = row, before, [index]
        for column, other in enumerate(second, 1):
            best = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (letter != other))
            if above and column > 1 and letter == second[column - 2] and first[index - 2] == other:
                best = min(best, above[column - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
