"""Limits of an evaluation."""

from __future__ import annotations

from pagoda.languages.uplc.costs.model import MOST
from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.walk.watch import Watch


class Limits(Record, frozen=True):
    """What an evaluation may take; ``None`` limits nothing.

    ``cpu`` and ``mem``: units of the cost model. ``timeout``: seconds. ``memory``: bytes that the process may take above what
    it holds when the evaluation begins.
    """

    cpu: int | None = None
    mem: int | None = None
    timeout: float | None = None
    memory: int | None = None

    @property
    def budget(self) -> tuple[int, int] | None:
        """The limits in cpu and mem, ``None`` where neither is limited."""
        if self.cpu is None and self.mem is None:
            return None
        return MOST if self.cpu is None else self.cpu, MOST if self.mem is None else self.mem

    def watch(self) -> Watch | None:
        """What stops an evaluation that begins now, ``None`` where neither time nor memory is limited."""
        if self.timeout is None and self.memory is None:
            return None
        from pagoda.languages.uplc.walk.watch import Watch

        return Watch(self.timeout, self.memory)


NONE = Limits()
"""Nothing is limited."""


def limits_of(given: Limits | tuple[int, int] | None) -> Limits:
    """The limits that a caller gave: as such, or as a pair of cpu and mem. Raises :class:`TypeError` for anything else."""
    if given is None:
        return NONE
    if isinstance(given, Limits):
        return given
    if isinstance(given, tuple | list) and len(given) == 2:
        return Limits(*given)
    raise TypeError("limits are a Limits or a pair (cpu, mem)")
