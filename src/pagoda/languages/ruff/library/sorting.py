"""Sorting many values in pieces, so that the program notices in between when it is to stop.

What must hold: the result is that of one stable sort. Pieces are sorted one by one; then the whole is put together range by
range: for each range of values every sorted piece gives its part, and a stable sort of those parts, in the order of the pieces,
is their merge.
"""

from __future__ import annotations

from bisect import bisect_left

from pagoda.languages.ruff.library.waiting import in_steps
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PIECE = 1 << 16


def in_order(context: Any, items: list[Value]) -> list[Value]:
    """A new list, sorted: numbers among numbers, strings among strings; mixed pairs count as equal."""
    kinds: set[type] = set()
    nans = False
    for part in in_steps(context, items, PIECE):
        kinds |= {item.__class__ for item in part}
        nans = nans or (float in kinds and any(item != item for item in part))
    if kinds <= {str} or (kinds <= {int, float} and not nans):
        return sorted(items) if len(items) <= PIECE else _in_pieces(context, items)
    polls = _Polls(context)
    return sorted(items, key=lambda item: _SortKey(item, polls))


def _in_pieces(context: Any, items: list[Value]) -> list[Value]:
    pieces: list[list[Value]] = []
    for start in range(0, len(items), PIECE):
        pieces.append(sorted(items[start : start + PIECE]))
        context.poll()
    samples = sorted([value for piece in pieces for value in piece[:: max(PIECE // 64, 1)]])
    # The ends of the ranges: one for each piece, all different.
    step = max(len(samples) // len(pieces), 1)
    ends = list(dict.fromkeys(samples[step::step]))
    merged: list[Value] = []
    begins = [0] * len(pieces)
    for end in ends:
        stops = [bisect_left(piece, end, begin) for piece, begin in zip(pieces, begins, strict=True)]
        _append(merged, pieces, begins, stops)
        begins = stops
        context.poll()
    _append(merged, pieces, begins, [len(piece) for piece in pieces])
    return merged


def _append(merged: list[Value], pieces: list[list[Value]], begins: list[int], stops: list[int]) -> None:
    part: list[Value] = []
    for piece, begin, stop in zip(pieces, begins, stops, strict=True):
        part += piece[begin:stop]
    part.sort()
    merged += part


class _Polls:
    """Polls with every so many comparisons."""

    __slots__ = ("context", "left")

    def __init__(self, context: Any) -> None:
        self.context = context
        self.left = 0

    def count(self) -> None:
        self.left -= 1
        if self.left < 0:
            self.left = 4_096
            self.context.poll()


class _SortKey:
    """Orders numbers among numbers and strings among strings; mixed pairs are equal."""

    __slots__ = ("polls", "value")

    def __init__(self, value: Value, polls: _Polls) -> None:
        self.value = value
        self.polls = polls

    def __lt__(self, other: _SortKey) -> bool:
        self.polls.count()
        a, b = self.value, other.value
        numeric = (int, float)
        if a.__class__ in numeric and b.__class__ in numeric:
            return bool(a < b)
        if a.__class__ is str and b.__class__ is str:
            return bool(a < b)
        return False
