"""What the op harness must know of the two test languages."""

from __future__ import annotations

import ctypes
from typing import Any

from machine import counted, tiny
from machine.harness import entry, language

from pagoda.machine.function import Function
from pagoda.machine.linker import Linker
from pagoda.machine.optest import Kit, Sample
from pagoda.native import types


class TinyWorld:
    """A context of the tiny language; its values own nothing."""

    def __init__(self) -> None:
        self.memory = (ctypes.c_int64 * (types.layout_of(tiny.TinyContext).size // 8))()
        self.context: Any = tiny.TinyContext(ctypes.addressof(self.memory))

    def describe(self, value: Any) -> object:
        return int(value.word)

    def error(self) -> object:
        return int(self.context.error)

    def live(self) -> int:
        return 0


def tiny_number(number: int) -> Sample:
    small = number if -(1 << 15) <= number < 1 << 15 else None
    return Sample(str(number), lambda world: tiny.Number(number), small)


class TinyKit(Kit):
    """The tiny language."""

    model, table, overflow = tiny.MODEL, tiny.TABLE, tiny.overflow

    def __init__(self) -> None:
        self.run = entry(language(tiny), "tiny.run")
        self.samples = [tiny_number(n) for n in (0, 1, -1, 7, -300, 1 << 40, (1 << 63) - 1, -(1 << 63))]
        one_more = Function("one_more", 1, 2)
        one_more.emit(tiny.add, 1, ("T", 0), ("I", 1))
        one_more.emit(tiny.give, ("T", 1))
        self.callee = Linker(tiny.MODEL, tiny.TABLE).link(one_more)

    def world(self) -> TinyWorld:
        return TinyWorld()

    def rows_for(self, operation):
        callee = Sample("one_more", lambda world: tiny.Number(self.callee.address))
        return [(callee, sample) for sample in self.samples]


class CountedWorld:
    """A context of the counted language with its boxes and globals."""

    BOXES = 4096

    def __init__(self, limit: int = BOXES) -> None:
        words = types.layout_of(counted.CountedContext).size // 8
        self.memory = (ctypes.c_int64 * (words + self.BOXES * 2 + 16))()
        start = ctypes.addressof(self.memory)
        self.attach(counted.CountedContext(start), start + words * 8, limit)

    def attach(self, context: Any, room: int, limit: int) -> None:
        """Makes ``context`` use the memory at ``room``."""
        self.context = context
        self.boxes, self.globals = room, room + self.BOXES * 16
        context.boxes = types.convert(types.resolve_type(types.ptr[types.i64]), self.boxes)
        context.globals = types.convert(types.resolve_type(types.ptr[counted.Value]), self.globals)
        context.limit = limit
        context.error = context.result = counted.Value(counted.EMPTY, 0)
        for index in range(8):
            self.set_global(index, counted.Value(counted.EMPTY, 0))

    def set_global(self, index: int, value: Any) -> None:
        types.write_memory(counted.MODEL.type, self.globals + index * 16, value)

    def get_global(self, index: int) -> Any:
        return types.read_memory(counted.MODEL.type, self.globals + index * 16)

    def describe(self, value: Any) -> object:
        if value.tag == counted.BOX:
            return "box", ctypes.c_int64.from_address(value.payload + 8).value
        names = {counted.EMPTY: "empty", counted.FUNCTION: "function", counted.CLOSURE: "closure"}
        return names.get(int(value.tag), int(value.payload))

    def error(self) -> object:
        error = self.context.error
        self.context.error = counted.Value(counted.EMPTY, 0)
        described = self.describe(error)
        counted.release(self.context, error)
        return described

    def live(self) -> int:
        counts = sum(ctypes.c_int64.from_address(self.boxes + 16 * i).value for i in range(self.context.made))
        return int(counts) + 1_000_000 * int(self.context.broken)


def counted_number(number: int) -> Sample:
    return Sample(str(number), lambda world: counted.Value(counted.INT, number), number if abs(number) < 1 << 15 else None)


def counted_box(number: int) -> Sample:
    return Sample(f"box({number})", lambda world: counted.new_box(world.context, number))


class CountedKit(Kit):
    """The counted language."""

    model, table, overflow = counted.MODEL, counted.TABLE, counted.overflow

    def __init__(self) -> None:
        self.run = entry(language(counted), "counted.run")
        self.samples = [counted_box(5), counted_number(0), counted_number(2), counted_box(22)]
        self.samples += [counted_number(1 << 50), counted_box(-5)]
        good = Function("add_one", 1, 2)
        good.emit(counted.add, 1, ("T", 0), ("I", 1))
        good.emit(counted.give, ("T", 1))
        self.callee = Linker(counted.MODEL, counted.TABLE).link(good)

    def world(self) -> CountedWorld:
        return CountedWorld()

    def function(self) -> Sample:
        return Sample("add_one", lambda world: counted.Value(counted.FUNCTION, self.callee.address))

    def closure(self) -> Sample:
        function = counted.Value(counted.FUNCTION, self.callee.address)
        return Sample("closure", lambda world: counted.new_closure(world.context, function))

    def samples_for(self, operation, parameter):
        return [self.function(), self.closure(), *self.samples]

    def rows_for(self, operation):
        if operation is counted.call_global:
            return [(sample,) for sample in self.samples]
        if operation is counted.call:
            callees = [self.function(), self.closure(), *self.samples[:2]]
            return [(callee, sample) for callee in callees for sample in self.samples] + [(self.function(),)]
        return [(), *((a, b) for a in self.samples for b in self.samples[:3])]

    def words_for(self, operation, parameter):
        return [lambda world: 12, lambda world: -1]
