"""Machines: what one evaluation needs natively. They are taken from a pile and put back.

An evaluation has a machine to itself as long as it runs, also while a builtin runs in Python: what evaluates meanwhile, on this
thread or another one, takes another machine. What must hold: between evaluations a machine holds little memory, whatever ran
on it.
"""

from __future__ import annotations

import ctypes
import struct
from array import array

from pagoda.languages.uplc.execute.host import Host
from pagoda.languages.uplc.execute.machine_code import PREFIX, image
from pagoda.languages.uplc.execute.memory import BLOCKS, Region
from pagoda.languages.uplc.execute.recalled import model, stubs
from pagoda.languages.uplc.execute.structs import Shared
from pagoda.languages.uplc.walk.watch import resident
from pagoda.runtime.ticker import ticker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.execute.loading import Compiled
    from pagoda.languages.uplc.execute.tariff import Tariff
    from pagoda.languages.uplc.walk.watch import Watch

STACK_BYTES = ARENA_BYTES = 1 << 30
SCRATCH_BYTES = 4 << 30  # enough to compile some three million nodes
WARM_ARENA = 64 << 20  # bytes that stay after an evaluation
WARM_STACK = 1 << 20
WARM_SCRATCH = 4 << 20
SPARE = 4096  # above the stack's end, for the window of a call that is refused
_MOST_IDLE = 4
_LAM = 2  # among the kinds of steps

#: Fields of a job in order: from ``script`` on, and from ``result`` on.
MOST_ARGUMENTS = model.MOST_ARGUMENTS
_INPUT, _OUTPUT = struct.Struct("9q"), struct.Struct("7q")


class Machine:
    """A context with its stack, arena and host; a reader and a compiler with scratch memory.

    Raises ``OSError`` and ``MemoryError``, and ``RuntimeError`` where there are too many machines.
    """

    def __init__(self) -> None:
        self.stack, self.arena, self.scratch = Region(STACK_BYTES), Region(ARENA_BYTES), Region(SCRATCH_BYTES)
        self.context, self.job, self.reader, self.build = map(Shared, ("UplcContext", "Job", "Reader", "Compiler"))
        self.host = Host(self.context.words)
        self.tariff: Tariff | None = None
        self._compiles_for: Tariff | None = None
        self._limits: dict[str, int] | None = None
        self.lay_scratch()
        self._case_on_constants = True
        self._input, self._output = (8 * self.job.places[field] for field in ("script", "result"))
        self._whole_stack, self._warm_end = self.stack.end - SPARE, self.arena.start + WARM_ARENA
        self._untidy = False
        self.limit(None)
        loaded = image()
        word = ctypes.c_int64
        self.evaluate = ctypes.PYFUNCTYPE(word, word)(loaded[PREFIX + "execute.entries.evaluate"])
        self.read_program = ctypes.PYFUNCTYPE(word, word, word, word)(loaded[PREFIX + "read.flat.read_program"])
        self.read_data = ctypes.PYFUNCTYPE(word, word, word, word)(loaded[PREFIX + "read.data.read_data"])
        self.compile_nodes = ctypes.PYFUNCTYPE(word, word, word, word)(loaded[PREFIX + "compile.compiler.compile_nodes"])
        context, job = self.context, self.job
        context["host"] = id(self.host)
        context["holds_gil"] = 1
        context["stack_start"] = self.stack.start
        job["context"], job["reader"], job["run"] = context.address, self.reader.address, loaded["uplc.run"]
        self._stubs = BLOCKS.take(stubs.STUB_BYTES)
        self.reader["top"], self.reader["end"] = self._stubs.start, self._stubs.end
        prepare = ctypes.PYFUNCTYPE(word, word, word)(loaded[PREFIX + "execute.entries.prepare"])
        if not prepare(context.address, self.reader.address):
            raise MemoryError
        ticker().add(context.at("poll_word"))

    def __del__(self) -> None:
        if hasattr(self, "job"):
            ticker().remove(self.context.at("poll_word"))

    def use(self, tariff: Tariff, case_on_constants: bool) -> None:
        """Sets the costs and semantics that hold from now on."""
        if self.tariff is tariff and self._case_on_constants is case_on_constants:
            return
        self.tariff = self.host.tariff = tariff
        self._case_on_constants = case_on_constants
        context = self.context
        for field in ("charged", "prices", "natives", "signatures"):
            context[field] = getattr(tariff, field).buffer_info()[0]
        context["lam_cpu"], context["lam_mem"] = tariff.costs.step_costs[_LAM]
        context["case_on_constants"] = case_on_constants

    def limit(self, watch: Watch | None) -> None:
        """Sets the limits of time and memory for the next evaluation."""
        if watch is None:
            self.arena_end, self._stack_end, self._deadline = self.arena.end, self._whole_stack, 0
            return
        self._deadline = 0 if watch.deadline is None else max(int(watch.deadline * 1e9), 1)
        room = self.arena.size if watch.most is None else max(watch.most - resident(), 0) & -8
        self.arena_end = min(self.arena.end, self.arena.start + room)
        self._stack_end = min(self._whole_stack, self.stack.start + room)

    def give(self, rows: list[int]) -> None:
        """The arguments of the next evaluation, two words each."""
        at = self.job.places["given"]
        self.job.words[at : at + len(rows)] = array("q", rows)

    def go(self, made: Compiled, cpu: int, mem: int, arena: int, count: int) -> tuple[int, int, int, int, int]:
        """Evaluates a script applied to the ``count`` arguments that were given, with cpu and mem to spend, in the arena from
        an address on. Gives the word of the result or 0, why it was stopped or 0, what is left of cpu and mem, the logs.

        Raises what a signal's handler raised.
        """
        job = self.job.words
        _INPUT.pack_into(
            job,
            self._input,
            made.script,
            made.constants,
            cpu,
            mem,
            self._deadline,
            arena,
            self.arena_end,
            self._stack_end,
            count,
        )
        host = self.host
        host.escaped = None
        self._untidy = True
        self.evaluate(self.job.address)
        if host.escaped is not None:
            raise host.escaped
        result, stop, cpu, mem, logs, top, polls = _OUTPUT.unpack_from(job, self._output)
        # An evaluation without polls was too short to fill the stack.
        self._untidy = polls != 0 or top > self._warm_end
        return result, stop, cpu, mem, logs

    def lay_scratch(self) -> None:
        """Gives nodes the lower half of the scratch memory, and the upper one to the reader's and the compiler's stacks."""
        reader, half = self.reader, self.scratch.size >> 1
        reader["nodes"], reader["node_capacity"] = self.scratch.start, half >> 4
        reader["stack"], reader["stack_end"] = self.scratch.start + half, self.scratch.end
        self.build["scratch"], self.build["scratch_end"] = reader["stack"], reader["stack_end"]

    def accept(self, limits: dict[str, int]) -> None:
        """Says what the reader accepts from now on. ``limits``: the same object means the same limits."""
        if self._limits is not limits:
            self._limits = limits
            for field, number in limits.items():
                self.reader[field] = number

    def compile_for(self, tariff: Tariff) -> None:
        """Says what compiled code charges from now on."""
        if self._compiles_for is not tariff:
            self._compiles_for = tariff
            for field in ("steps", "charged", "signatures"):
                self.build[field] = getattr(tariff, field).buffer_info()[0]

    def tidy_scratch(self, count: int) -> None:
        """Gives back scratch memory after reading and compiling a script of ``count`` nodes, or bytes."""
        if count << 4 > WARM_SCRATCH:  # the nodes alone
            self.scratch.give_back(WARM_SCRATCH)

    def tidy(self) -> None:
        """Gives back memory after an evaluation that took much of it, or took long."""
        if self._untidy:
            self._untidy = False
            self.host.escaped = None
            self.arena.give_back(WARM_ARENA)
            self.stack.give_back(WARM_STACK)
        if self.host.points:
            self.host.points.clear()


_idle: list[Machine] = []


class taken:
    """A machine to use in a ``with`` statement."""

    __slots__ = ("_machine",)

    def __enter__(self) -> Machine:
        try:
            self._machine = _idle.pop()
        except IndexError:
            self._machine = Machine()
        return self._machine

    def __exit__(self, *_problem: object) -> None:
        if len(_idle) < _MOST_IDLE:
            _idle.append(self._machine)
