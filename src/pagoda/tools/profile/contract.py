"""What a language with a profiler gives ``pagoda profile``, and how its profiler is found.

A language has a profiler where its package has a module ``profile.profiler`` with a function ``profile(source, request)``. That
gives how the program ended, and a :class:`Profile`, or ``None`` where nothing ran. It raises
:class:`~pagoda.languages.protocol.Unavailable` for a request that cannot be met. Costs are tuples with a number for each of the
profile's weights.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from typing import Protocol

from pagoda.languages.protocol import Language, RunOutcome, RunRequest
from pagoda.machine.source import Source


class Row(Protocol):
    """One line of a table. ``cumulative``: with what it contains or calls, ``None`` where that means nothing."""

    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def own(self) -> tuple[int, ...]: ...
    @property
    def cumulative(self) -> tuple[int, ...] | None: ...
    @property
    def place(self) -> str: ...
    @property
    def code(self) -> str: ...


class Table(Protocol):
    """Rows, the most expensive first; there would be ``total_rows`` if none had been left out."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def total_rows(self) -> int: ...


class Tree(Protocol):
    """Calls: node 0 is the program; ``parent`` gives each other one a node before it. All are as long as there are nodes."""

    @property
    def parent(self) -> Sequence[int]: ...
    @property
    def name(self) -> Sequence[str]: ...
    @property
    def code(self) -> Sequence[str]: ...
    @property
    def calls(self) -> Sequence[int]: ...
    @property
    def own(self) -> Sequence[tuple[int, ...]]: ...


class Profile(Protocol):
    """Where a program spent. ``weights`` names what is spent; ``count`` of what ``counted`` names were done; ``notes`` are
    lines for a person. ``reported``: what a run without the profiler says; ``unreported``: what of ``totals`` that leaves out.
    """

    @property
    def weights(self) -> tuple[str, ...]: ...
    @property
    def totals(self) -> tuple[int, ...]: ...
    @property
    def reported(self) -> tuple[int, ...]: ...
    @property
    def unreported(self) -> tuple[int, ...]: ...
    @property
    def count(self) -> int: ...
    @property
    def counted(self) -> str: ...
    @property
    def notes(self) -> Sequence[str]: ...

    def tables(self, most: int, weight: int) -> Sequence[Table]:
        """At most so many rows of each, sorted by the weight of that number."""

    def tree(self) -> Tree:
        """Who called whom."""


Profiler = Callable[[Source, RunRequest], tuple[RunOutcome, "Profile | None"]]


def profiler_of(language: Language) -> Profiler | None:
    """The profiler of a language, if it has one."""
    package = type(language).__module__.rpartition(".")[0]
    if importlib.util.find_spec(f"{package}.profile") is None:
        return None
    found: Profiler = importlib.import_module(f"{package}.profile.profiler").profile
    return found
