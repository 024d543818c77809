"""A profile as data: tables and a call tree, in the shape that ``pagoda profile`` shows for any language.

Costs are pairs ``(cpu, mem)`` in the units of the cost model.
"""

from __future__ import annotations

from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    Cost: TypeAlias = tuple[int, int]


class Row(Record, frozen=True):
    """One line of a table: what it is about, how often it happened, what it spent.

    ``cumulative``: with what it contains or calls; ``None`` where that means nothing. ``place``: ``line:column`` in a text, the
    way from the script's root otherwise. ``code``: the beginning of its text.
    """

    name: str
    count: int
    own: Cost
    cumulative: Cost | None = None
    place: str = ""
    code: str = ""


class Table(Record, frozen=True):
    """Rows with the most expensive one first. ``key`` names it in data, ``total_rows`` tells how many there would be."""

    key: str
    title: str
    rows: Sequence[Row]
    total_rows: int


class Tree(Record, frozen=True):
    """Which function called which: node 0 is the script itself. A node's parent comes before it.

    ``parent[n]`` is a node (-1 for the first one), ``name[n]`` and ``code[n]`` say what runs there, ``calls[n]`` how often it
    was entered, ``own[n]`` what it spent itself. What all nodes spent is what the evaluation spent.
    """

    parent: Sequence[int]
    name: Sequence[str]
    code: Sequence[str]
    calls: Sequence[int]
    own: Sequence[Cost]
