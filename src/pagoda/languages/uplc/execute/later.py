"""Outcomes whose result is a function or a delayed term: native code has no term for it, so one is made when somebody asks.

What must hold: the term is the one that ``walk`` gives. A closure that is a closed part of the script is that part;
for any other value ``walk`` evaluates the script again, and must come to the same totals.
"""

from __future__ import annotations

from pagoda.languages.uplc.execute.from_native import word_at
from pagoda.languages.uplc.execute.recalled import recall, values
from pagoda.languages.uplc.outcome import Outcome
from pagoda.languages.uplc.terms import Constr
from pagoda.languages.uplc.walk.readback import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pagoda.languages.uplc.terms import Term

_CODE = recall().layouts["UplcCode"][1]


class Disagreement(Exception):
    """The storeys gave different totals for one evaluation: a mistake of this program, not of the script."""


class LaterOutcome(Outcome, frozen=True):
    """An outcome whose ``result`` is made by ``make`` when it is first asked for, which may raise :class:`Disagreement`."""

    make: Callable[[], Term] | None  # type: ignore[misc]

    def __init__(self, make: Callable[[], Term], cpu: int, mem: int, logs: Sequence[str]) -> None:
        _RESULT.__set__(self, None)
        self.make = make  # type: ignore[misc]
        self.failure = self.tallies = self.steps = None  # type: ignore[misc]
        self.cpu, self.mem, self.logs = cpu, mem, logs  # type: ignore[misc]

    @property  # type: ignore[misc]
    def result(self) -> Term | None:
        """The term of the value."""
        if self.make is not None:
            _RESULT.__set__(self, self.make())
            self.make = None  # type: ignore[misc]
        found: Term | None = _RESULT.__get__(self)
        return found


_RESULT = Outcome.__dict__["result"]


def node_of(word: int) -> int:
    """The number of the node that a closure without captured values was made of; -1 for any other value.

    The part of the script may still have free variables: those whose values are constants that the compiler knew."""
    if word & 7 not in (values.FUNCTION, values.DELAYED):
        return -1
    code = word_at(word & ~7)
    return -1 if word_at(code + _CODE["capture_count"]) else word_at(code + _CODE["identity"])


def part_of(term: Term, number: int) -> Term:
    """The part of a term that became the node ``number``, in the order of ``read/nodes.py``."""
    waiting = [term]
    while True:
        term = waiting.pop()
        if number == 0:
            return term
        number -= 2 if term.__class__ is Constr else 1
        waiting.extend(reversed(children(term)))


def checked(again: Outcome, cpu: int, mem: int, logs: Sequence[str]) -> Term:
    """The result of an evaluation that was done again on ``walk``. Raises :class:`Disagreement`."""
    if again.result is None or (again.cpu, again.mem, tuple(again.logs)) != (cpu, mem, tuple(logs)):
        raise Disagreement(f"vm: {cpu, mem}, {len(logs)} logs; walk: {again.cpu, again.mem}, {len(again.logs)} logs")
    return again.result
