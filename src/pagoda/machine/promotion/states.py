"""Where a function, or a loop of one, stands on its way to compiled code.

    cold -> warming -> hot -> compiling -> compiled -> hot (anew) -> ...
                                        -> failed   -> cold

A hot or compiling one may have code already, which it keeps until the next is there.
What must hold: only the steps of ``STEPS`` happen; a failed one stays with the interpreter for good.
"""

from __future__ import annotations

from pagoda.machine.linker import Linked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

COLD: Final = "cold"  # called less often than the first look at it takes
WARMING: Final = "warming"  # looked at, for the kinds of its arguments
HOT: Final = "hot"  # waits for its compilation
COMPILING: Final = "compiling"
COMPILED: Final = "compiled"
FAILED: Final = "failed"

STEPS: Final = {
    COLD: (WARMING, HOT),
    WARMING: (HOT, COMPILED),  # compiled at once: together with one that calls it
    HOT: (COMPILING, COMPILED, FAILED),
    COMPILING: (COMPILED, FAILED),
    COMPILED: (HOT, COLD),  # compiled anew, or put out of memory
    FAILED: (),
}


class WrongStep(Exception):
    """A step that is none of ``STEPS``: a mistake in the policy."""


class Candidate:
    """A function, or the part of it from ``start`` on (an instruction; ``None`` for the whole), and how far it has come.

    ``kinds``: of its parameters, or of the registers at ``start``; ``None`` where several were seen. ``widened``: how often it
    was compiled anew. ``generic``: nothing is taken for granted any more. ``heat``: calls or ticks when it was last counted.
    ``missed``: the codes of functions that it calls and that were cold when it was compiled; ``regrouped``: how often it was
    compiled anew for their sake. ``evicted``: how often its code was put out of memory. ``settled``: it is not compiled again.
    Of a loop: ``again``, how often it was entered right after it was left; ``short``, how often that was for a moment only,
    since the last tick; ``entered``, when; ``seen``, when a tick found it running.
    """

    __slots__ = (
        "again", "entered", "entry", "evicted", "generic", "heat", "kinds", "linked", "looks", "missed", "reason", "regrouped",
        "opened", "seen", "settled", "short", "since", "slow", "start", "state", "taken", "unseen", "widened",
    )  # fmt: skip

    def __init__(self, linked: Linked, start: int | None = None) -> None:
        self.linked, self.start = linked, start
        self.state: str = COLD
        self.kinds: list[int | None] | None = None
        self.looks = self.heat = self.widened = self.regrouped = self.evicted = self.again = self.short = 0
        self.entered = self.seen = 0.0
        self.generic = self.settled = False
        self.missed: set[int] = set()
        self.since = 0.0  # when it became hot
        self.entry = 0  # the address of its code, where it is compiled
        self.taken: dict[tuple[int, int], int] = {}  # exits of its group that were counted already, by function and instruction
        self.slow: set[int] = set()  # instructions whose promises were broken often, by any of its codes
        self.unseen: set[tuple[int, int]] = set()  # those that its group leaves to the interpreter, as they had never run
        self.opened = 0  # how often it was compiled anew because some of those run after all
        self.reason = ""  # why it failed

    @property
    def name(self) -> str:
        return self.linked.function.name or "<lambda>"

    @property
    def words(self) -> int:
        """The size of its bytecode."""
        return len(self.linked.words)

    def step(self, state: str) -> None:
        """Goes to a state. Raises :class:`WrongStep`."""
        if state not in STEPS[self.state]:
            raise WrongStep(f"{self.name}: from {self.state} to {state}")
        self.state = state

    def look(self, tags: list[int]) -> None:
        """Joins the kinds that were found with those found before."""
        if self.kinds is None:
            self.kinds = list(tags)
        else:
            self.kinds = [kind if kind == tag else None for kind, tag in zip(self.kinds, tags, strict=True)]
        self.looks += 1
