"""What code was last compiled for, kept on disk by what a function is, whatever has been seen of it in this run.

The key of compiled code contains the feedback that it was made from, and when a function becomes hot, so what feedback there
is, is chance. A profile says of a function which code it had last, from each place that it was compiled from: so the next run
finds that code at the first look. What must hold: it is taken only where nothing that was seen speaks against it, and where
every function that the code was compiled with is the one that would be called; a stale one then costs an exit, as wrong
feedback does.
"""

from __future__ import annotations

import marshal

from pagoda.machine.linker import Linked
from pagoda.machine.promotion.jobs import Job, Snapshot, function_data, identity_of, profile_key, remembered
from pagoda.machine.promotion.states import Candidate
from pagoda.native.cache import Cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.machine.ops import OpTable
    from pagoda.machine.promotion.settings import Settings

MOST_STARTS = 16  # places of one function that its profile remembers; the oldest goes


def read_profile(key: str) -> dict[int | None, Any]:
    """The rows of a profile, by the instructions that code begins at; none where there is no profile."""
    entry = Cache().get(key)
    if entry is None:
        return {}
    try:
        rows = marshal.loads(entry.object)
    except (ValueError, EOFError, TypeError):
        return {}
    return rows if isinstance(rows, dict) else {}


def note_profile(key: str, start: int | None, row: Any) -> None:
    """Makes a row the last one of its place."""
    rows = read_profile(key)
    if rows.get(start) == row:
        return
    rows.pop(start, None)
    rows[start] = row
    while len(rows) > MOST_STARTS:
        del rows[next(iter(rows))]
    Cache().put(key, marshal.dumps(rows))


class Profiles:
    """The profiles of a running program's functions. ``callees``: which code each instruction of a function calls, as far as
    that is known; ``linked``: the function of a code."""

    def __init__(
        self, table: OpTable, settings: Settings, state: str, callees: Callable[[Linked], dict[int, int]],
        linked: Callable[[int], Linked | None],
    ) -> None:  # fmt: skip
        self.table, self.settings, self.state, self.callees, self.linked = table, settings, state, callees, linked
        self.identities: dict[int, str] = {}
        self.rows: dict[int, dict[int | None, Any]] = {}

    def starts(self, linked: Linked) -> dict[int | None, Any]:
        """The rows of a function's profile."""
        found = self.rows.get(linked.address)
        if found is None:
            key = profile_key(self.identity(linked), self.settings, self.state)
            found = self.rows[linked.address] = read_profile(key)
        return found

    def find(self, candidate: Candidate) -> tuple[Job, dict[str, Any]] | None:
        """The code that a candidate had last, if nothing speaks against it."""
        row = self.starts(candidate.linked).get(candidate.start)
        if row is None:
            return None
        try:
            key, identities, expected = row
            members = self.members(candidate, identities, expected)
        except (ValueError, TypeError, KeyError, IndexError):
            return None
        product = remembered(key) if members is not None else None
        if members is None or product is None:
            return None
        return Job(candidate, members, {"expected": expected}, key), {**product, "remembered": True}

    def members(self, candidate: Candidate, identities: list[str], expected: list[dict[str, Any]]) -> list[Linked] | None:
        """The functions that a row speaks of, if they are there and may be as the row says."""
        wanted = expected[0]["registers" if candidate.start is not None else "parameters"]
        if candidate.kinds is not None:
            for kind, want in zip(candidate.kinds, wanted, strict=False):
                if want is not None and kind != want:
                    return None
        found: dict[int, Linked] = {0: candidate.linked}
        waiting = [0]
        while waiting:
            number = waiting.pop()
            linked, row = found[number], expected[number]
            if not self.agrees(linked, row):
                return None
            called = self.callees(linked)
            for index, other in row["callees"]:
                code = called.get(index)
                callee = self.linked(code) if code else None
                if callee is None:
                    continue
                if other not in found:
                    if self.identity(callee) != identities[other]:
                        return None
                    found[other] = callee
                    waiting.append(other)
                elif found[other] is not callee:
                    return None
        return [found[number] for number in range(len(identities))]

    def agrees(self, linked: Linked, row: dict[str, Any]) -> bool:
        """Whether what was seen in this run is what a row expects."""
        snapshot = Snapshot(linked, self.table)
        caches = dict(row["caches"])
        return (
            all(not snapshot.seen.get(index, 0) & ~(1 << kind) for index, kind in row["kinds"])
            and all(index not in snapshot.seen for index in row["unseen"])
            and all(caches.get(index, held) == held for index, held in snapshot.caches.items())
        )

    def identity(self, linked: Linked) -> str:
        """What a function is: its words without what the interpreter writes into them, its constants and handlers."""
        found = self.identities.get(linked.address)
        if found is None:
            found = identity_of(function_data(linked, Snapshot(linked, self.table).words))
            self.identities[linked.address] = found
        return found
