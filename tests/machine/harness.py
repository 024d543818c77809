"""A machine for tests: a language's interpreter in memory, a context with a register stack, functions linked and run."""

from __future__ import annotations

import ctypes
import functools
from typing import Any

from pagoda.machine.context import TRACE_FRAMES
from pagoda.machine.function import Function
from pagoda.machine.interpreter import InterpreterBuilder
from pagoda.machine.linker import Linked, Linker
from pagoda.machine.ops import OpTable
from pagoda.machine.values import ValueModel
from pagoda.native import types
from pagoda.native.image import Image, build_image
from pagoda.native.unit import Unit

STACK_SLOTS = 1 << 20


def build(model: ValueModel, table: OpTable, overflow: Any, *modules: str) -> Image:
    """The machine code of a language: the poll's cold path, the language's modules, its interpreter."""
    own = ("pagoda.machine.polling", "pagoda.machine.frames", "pagoda.machine.promotion.announcing")
    units = [Unit.of_module(m) for m in (*own, *modules)]
    image, _ = build_image([*units, InterpreterBuilder(model, table, overflow).build()])
    return image


def entry(image: Image, symbol: str) -> Any:
    kinds = [ctypes.c_void_p] * 3
    return ctypes.PYFUNCTYPE(ctypes.c_int64, *kinds)(image[symbol])


@functools.cache
def language(module: Any) -> Image:
    """The image of a test language, built once per process."""
    return build(module.MODEL, module.TABLE, module.overflow, module.__name__)


class Machine:
    """One context of a test language, with a stack and the functions linked for it."""

    def __init__(
        self, module: Any, *, image: Image | None = None, table: OpTable | None = None, slots: int = STACK_SLOTS
    ) -> None:
        self.model: ValueModel = module.MODEL
        self.table: OpTable = table or module.TABLE
        self.image = image or language(module)
        self.linker = Linker(self.model, self.table)
        self.run_entry, self.resume_entry = (entry(self.image, f"{self.model.name}.{name}") for name in ("run", "resume"))
        self.slot = self.model.slot_size
        size = types.layout_of(self.model.context).size
        self.memory = (ctypes.c_int64 * (size // 8 + TRACE_FRAMES * 2 + slots * self.model.words))()
        start = ctypes.addressof(self.memory)
        self.context: Any = self.model.context(start)
        self.trace = start + size // 8 * 8
        self.stack = self.trace + TRACE_FRAMES * 16
        self.context.trace = types.convert(types.resolve_type(types.ptr[types.i64]), self.trace)
        self.context.stack_end = self.stack + slots * self.slot
        self.context.fuel = 1 << 60
        self.linked: dict[int, Linked] = {}

    def link(self, function: Function) -> Linked:
        linked = self.linker.link(function)
        self.linked[linked.address] = linked
        return linked

    def run(self, linked: Linked, *args: Any) -> int:
        """Runs a function on values; gives the status."""
        base = self.stack + self.model.header_slots * self.slot
        for index, item in enumerate(args):
            types.write_memory(self.model.type, base + index * self.slot, item)
        return int(self.run_entry(self.context.address, linked.address, base))

    def resume(self) -> int:
        c = self.context
        return int(self.resume_entry(c.address, c.resume_pc, c.resume_registers))

    def frames(self) -> list[tuple[str, int]]:
        """The stack at the last raise, innermost first: function names and indexes of instructions."""
        found = []
        for index in range(self.context.trace_count):
            code, pc = (ctypes.c_int64.from_address(self.trace + 16 * index + 8 * i).value for i in (0, 1))
            linked = self.linked[code]
            at = linked.instruction_at(pc)
            found.append((linked.function.name, linked.function.instructions.index(at)))
        return found
