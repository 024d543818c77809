"""A compiled program in memory, ready to run: its limits, calls of its functions from Python, its beginning and its end.

What must hold: references that constants and globals own are given back by :meth:`LoadedProgram.close`, after which
``live_objects`` is what guest code leaked, which is nothing.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from pagoda.languages.ruff.compile.program import CompiledProgram
from pagoda.languages.ruff.errors import LimitError, RuffError
from pagoda.languages.ruff.execute.failures import ProgramFailures, arity_message
from pagoda.languages.ruff.execute.host import (
    END,
    FAILED,
    FUNCTION_TAG,
    NO_PLACE,
    Host,
    VmFunction,
    VmGenerator,
    VmState,
    word_at,
)
from pagoda.languages.ruff.library.numbering import BUILTINS, NUMBERS
from pagoda.languages.ruff.natives import BODIES
from pagoda.languages.ruff.operations import context
from pagoda.languages.ruff.values import Array, Builtin, Dict, ResultValue, Struct, Tagged, Value
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.machine.asking import ASKED
from pagoda.native.image import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.ruff.execute.modules import VmModules
    from pagoda.languages.ruff.execute.promoting import Promotion
    from pagoda.machine.promotion.settings import Settings
    from pagoda.machine.source import Source

UNLIMITED = 1 << 60


class LoadedProgram(ProgramFailures):
    """A program, its context and its host. ``limits``: fuel, seconds, depth; ``memory`` in bytes.

    ``counted``: calls are counted, and fail at the very depth that ``limits`` has; else where the stack is full.
    """

    def __init__(
        self, compiled: CompiledProgram, image: Image, limits: Limits, *, write: Callable[[str], Any],
        args: tuple[str, ...] = (), memory: int | None = None, counted: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(compiled, image, limits, counted)
        self.loaded_modules: VmModules | None = None
        self.promotion: Promotion | None = None
        self.state = VmState(self, limits, write, args)
        self.host = Host(self, self.state)
        self.fill_context(memory)
        self.main_code = self.extend(compiled)

    def fill_context(self, memory: int | None) -> None:
        self.stack_map = self.lay_stack()
        self.set("trace", self.keep((ctypes.c_int64 * (context.TRACE_FRAMES * 2))()))
        self.heap = self._heap_new()
        self.set("heap", self.heap)
        self.heap_word("context", self.context)
        if memory is not None:
            self.heap_word("bytes_limit", memory)
        host, pack, unpack = self.host, self.host.pack, self.host.unpack
        for name, item in (("host", host), ("pack", pack), ("unpack", unpack), ("failed_answer", FAILED), ("end_answer", END)):
            self.set(name, self.keep(item))
        self.set("none", id(None))
        self.set("true", id(True))
        self.set("false", id(False))
        kinds = (int, float, str, Array, Dict, Struct, Tagged, ResultValue, VmFunction, Builtin, VmGenerator)
        self.set("types", self.keep((ctypes.c_int64 * len(kinds))(*(id(kind) for kind in kinds))))
        bodies = [self.image.symbols.get(BODIES.get(name, ""), 0) for name in BUILTINS]
        self.set("natives", self.keep((ctypes.c_int64 * len(bodies))(*bodies)))
        self.set("run_entry", self.image["ruff.run"])
        self.set("resume_entry", self.image["ruff.resume"])
        self.set("push_number", NUMBERS["push"])
        self.set("max_depth", self.limits.max_depth)
        self.set("holds_gil", 1)
        self.begin_anew()

    def begin_anew(self) -> None:
        """Before a run: the whole of the limits, and nothing left of how the one before ended."""
        self.host.pending = self.host.limit = self.host.exit = self.host.escaped = None
        for name in ("stop", "poll_word", "error_kind", "trace_count", "trace_kept", "depth", "outer"):
            self.set(name, 0)
        self.set("fuel", UNLIMITED if self.limits.fuel is None else min(self.limits.fuel, UNLIMITED))
        if self.limits.timeout is not None:
            import time

            self.set("deadline", time.monotonic_ns() + int(self.limits.timeout * 1e9))

    def extend(self, compiled: CompiledProgram, source: Source | None = None) -> int:
        """Adds code to the living program; see :meth:`ProgramTables.extend`."""
        main = super().extend(compiled, source)
        if self.promotion is not None:
            self.promotion.arm()
        return main

    def promote(self, settings: Settings, tell: Callable[..., None]) -> None:
        """From now on, code that is hot is compiled. ``tell`` gets the events.

        Not where calls are counted exactly: frames of compiled code are not all in memory, to be counted.
        """
        if self.counted:
            return
        from pagoda.languages.ruff.execute.promoting import Promotion

        self.promotion = Promotion(self, settings, tell)

    @property
    def modules(self) -> VmModules:
        """The modules of the program, once it imports."""
        if self.loaded_modules is None:
            from pagoda.languages.ruff.execute.modules import VmModules

            self.loaded_modules = VmModules(self)
        return self.loaded_modules

    # -- calls

    def call(self, function: VmFunction, arguments: list[Value]) -> Value:
        """Runs a guest function from Python. Raises what the guest raised."""
        code = function.payload if function.tag == FUNCTION_TAG else word_at(function.payload + 16)
        expected = self.by_code[code].function
        if expected.parameters != len(arguments):
            raise RuffError(arity_message(expected, len(arguments)), NO_PLACE)
        answer = self._call(self.context, function.tag, function.payload, id(arguments))
        if not answer:
            raise self.failure_in(code)
        item = ctypes.cast(answer, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(item))
        return item

    def enter_free(self, function: VmFunction) -> Value:
        """As :meth:`call` without arguments, for an entry that costs no fuel: the top level of a module."""
        self.set("fuel", self.get("fuel") + 1)
        try:
            return self.call(function, [])
        except RuffError as error:
            if not error.stack:  # it was refused before the entry was paid for
                self.set("fuel", self.get("fuel") - 1)
            raise

    def advance(self, generator: VmGenerator) -> Value:
        """A generator's next value. Raises ``StopIteration`` at its end, and what the guest raised."""
        answer = self._next(self.context, generator.payload)
        if not answer:
            raise self.failure_in(word_at(generator.payload + 16))
        item = ctypes.cast(answer, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(item))
        if item is END:
            raise StopIteration
        return item

    def start_task(self, function: VmFunction) -> Value:
        """Runs a guest function without parameters at the bottom of an empty stack. Raises what the guest raised."""
        code = function.payload if function.tag == FUNCTION_TAG else word_at(function.payload + 16)
        expected = self.by_code[code].function
        if expected.parameters:
            raise RuffError(arity_message(expected, 0))
        answer = self._task(self.context, function.tag, function.payload)
        if not answer:
            raise self.failure_in(code, expected.span)
        item = ctypes.cast(answer, ctypes.py_object).value
        ctypes.pythonapi.Py_DecRef(ctypes.py_object(item))
        return item

    # -- limits

    def charge(self, units: int) -> None:
        left = self.get("fuel") - units
        self.set("fuel", left)
        if left < 0:
            raise LimitError("fuel", f"Fuel limit of {self.limits.fuel} exceeded")

    def stop(self, reason: int) -> None:
        self.set("stop", reason)
        self.set("poll_word", ASKED)

    def poll(self) -> None:
        """For builtins that wait: raises if the program is to stop."""
        if self.get("stop"):
            raise self.failure()
        deadline = self.get("deadline")
        if deadline:
            import time

            if time.monotonic_ns() > deadline:
                raise LimitError("timeout", "Time limit exceeded")

    @property
    def fuel_left(self) -> int:
        """The units of fuel that are left; below zero once the limit was hit."""
        return self.get("fuel")

    # -- running

    def run(self) -> None:
        """Runs the program. Raises ``RuffError``, ``LimitError`` or ``ExitRequest`` as it ends."""
        status = self._start(self.context, self.main_code)
        if status:
            raise self.failure()

    def run_more(self, code: int, shown: Callable[[LoadedProgram, int, int], Value]) -> Value:
        """Runs the main function of code that :meth:`extend` has added, when nothing else runs.

        ``shown`` makes what it gave a Python object, from the two words of the value. Raises as :meth:`run`.
        """
        if self._start(self.context, code):
            raise self.failure()
        words = self.get_at("result", 0), self.get_at("result", 8)
        try:
            return shown(self, *words)
        finally:
            self.set("result", 0)
            self.release(*words)

    def close(self) -> int:
        """Gives back what globals and constants own; answers how many objects are left alive."""
        self.methods.clear()
        if self.promotion is not None:
            self.promotion.end()
        if self.loaded_modules is not None:
            self.loaded_modules.close()
        self._release_globals(self.context, self.globals_made)
        left = self.heap_word("live_objects")
        self._heap_destroy(self.heap)
        self.heap = 0
        return left
