"""What is found out about a function while it is written again and again: kinds at loop headers, the kind of its result.

What must hold: kinds only ever become fewer, so that the writing ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

UNSEEN = -2  # the kind of a result that no path has given yet
ANY = -1  # several kinds


@dataclass
class Progress:
    """``headers``: by leader and register the kind, None for several. ``gives``: the results of the writing at hand.
    ``changed`` asks for another writing."""

    headers: dict[int, dict[int, int | None]] = field(default_factory=dict)
    result: int = UNSEEN
    gives: int = UNSEEN
    changed: bool = False
    waits: bool = False  # this writing called a function whose result was unseen

    def give(self, kind: int | None) -> None:
        """Notes a result of the function."""
        now = ANY if kind is None else kind
        self.gives = now if self.gives in (UNSEEN, now) else ANY
        if self.result == UNSEEN:
            self.result = now

    def settle(self) -> None:
        """At the end of a writing: the function's result is of the kinds that it gave."""
        if self.gives not in (UNSEEN, self.result) and self.result != ANY:
            self.result, self.changed = ANY, True
