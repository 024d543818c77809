"""Who takes part, and what they do in the same way: read a script, evaluate it, both in one go; and tell how it ended.

What is timed: ``read`` is flat bytes to a script ready to be evaluated, ``evaluate`` is CBOR arguments to an outcome, with the
script ready, ``both`` is all of it.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pagoda.languages.uplc.encoding.data_cbor import read_data
from pagoda.languages.uplc.evaluation import Rules, run_program
from pagoda.languages.uplc.outcome import Outcome
from pagoda.languages.uplc.scripts import read_closed
from pagoda.languages.uplc.terms import Const
from pagoda.languages.uplc.types import DATA_TYPE, Constant
from pagoda.tools.bench_uplc.samples import SPELLINGS, Sample, spelled

if TYPE_CHECKING:
    from pagoda.languages.uplc.execute.machine import Script
    from pagoda.languages.uplc.terms import Term

QUANTITIES = ("read", "evaluate", "both")
"""What is timed."""

_PLAIN = Rules()


class Seen(NamedTuple):
    """How an evaluation ended: ``ok`` or another word, the budget, and the result where this process has it."""

    ending: str
    cpu: int
    mem: int
    result: Term | None = None


class Contestant(Protocol):
    """One way to evaluate scripts."""

    name: str

    def load(self, sample: Sample) -> Seen:
        """Takes a script on, and evaluates it once."""

    def time(self, quantity: str, count: int) -> float:
        """Does it ``count`` times in a row, the script being the last one loaded; processor seconds of all."""

    def allocated(self) -> int | None:
        """Bytes that one evaluation takes at its peak, ``None`` where nobody can tell."""


class Walk:
    """The storey ``walk``."""

    name = "walk"

    def load(self, sample: Sample) -> Seen:
        self._sample = sample
        self._program = read_closed(sample.flat)
        return seen(self._evaluate())

    def _evaluate(self, program: Any = None) -> Outcome:
        arguments = [Const(Constant(DATA_TYPE, read_data(raw))) for raw in self._sample.fresh_arguments()]
        return run_program(program or self._program, arguments, _PLAIN)

    def time(self, quantity: str, count: int) -> float:
        spellings = _spellings(self._sample.flat, count)
        if quantity == "read":
            return timed(lambda: read_closed(spellings.pop()), count)
        if quantity == "evaluate":
            return timed(self._evaluate, count)
        return timed(lambda: self._evaluate(read_closed(spellings.pop())), count)

    def allocated(self) -> int | None:
        tracemalloc.start()
        self._evaluate()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak


class Vm:
    """The storey ``vm``. Its scripts are made anew for each reading, so none is found among those that are kept."""

    name = "vm"

    def load(self, sample: Sample) -> Seen:
        self._sample = sample
        self._script = self._made(sample.flat)
        return seen(self._evaluate(self._script))

    def _made(self, flat: bytes) -> Script:
        from pagoda.languages.uplc.execute.machine import Script

        script = Script(flat, _PLAIN.costs, case_on_constants=_PLAIN.case_on_constants)
        script.load()
        return script

    def _evaluate(self, script: Script) -> Outcome:
        return script.evaluate(self._sample.fresh_arguments())

    def time(self, quantity: str, count: int) -> float:
        spellings = _spellings(self._sample.flat, count)
        if quantity == "read":
            return timed(lambda: self._made(spellings.pop()), count)
        if quantity == "evaluate":
            return timed(lambda: self._evaluate(self._script), count)
        return timed(lambda: self._evaluate(self._made(spellings.pop())), count)

    def allocated(self) -> int | None:
        from pagoda.languages.uplc.execute import engine

        self._evaluate(self._script)
        with engine.taken() as machine:  # the one that was put back just now
            top: int = machine.context["arena_top"]
            start: int = machine.arena.start
            return top - start


def seen(outcome: Outcome) -> Seen:
    """What is compared of an outcome."""
    ending = "ok" if outcome.failure is None else outcome.failure.cause
    return Seen(ending, outcome.cpu, outcome.mem, outcome.result)


def timed(step: Callable[[], object], count: int) -> float:
    """The seconds of the processor that a step takes ``count`` times: what else runs on the machine is not counted."""
    started = time.process_time()
    for _ in range(count):
        step()
    return time.process_time() - started


def _spellings(flat: bytes, count: int) -> list[bytes]:
    return [spelled(flat, number % SPELLINGS) for number in range(count)]
