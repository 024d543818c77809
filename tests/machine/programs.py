"""Random programs of the counted language, made from a stream of choices so that hypothesis can shrink them.

A program is a few functions with a few locals each: blocks of straight code over the locals, joined at random, with guarded
ranges, calls, windows and raises. Every block polls, so a loop ends at the latest with the fuel. Before the passes each operand
is borrowed and nothing is dropped: such a program computes the right thing and loses references.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from machine import counted as c

from pagoda.machine.function import Function, Handler, Label

HEADER = c.MODEL.header_slots


class Stream:
    """Choices; zeros when they run out."""

    def __init__(self, choices: Sequence[int]) -> None:
        self.choices = list(choices)

    def below(self, bound: int) -> int:
        return self.choices.pop(0) % bound if self.choices else 0

    def pick(self, items: Sequence[Any]) -> Any:
        return items[self.below(len(items))]


class Writer:
    """Writes one function. Locals come first, then three temporaries, then room for windows."""

    def __init__(self, stream: Stream, name: str, arities: list[int], parameters: int) -> None:
        self.stream, self.arities = stream, arities
        self.locals = parameters + 1 + stream.below(4)
        self.temporary = self.locals
        self.window = self.locals + 3
        self.f = Function(name, parameters, self.window + HEADER + 4)
        self.f.constants = [("function", i) for i in range(len(arities))] + [("box", 4), ("box", 21), ("int", 9)]

    def local(self) -> int:
        return self.stream.below(self.locals)

    def read(self, kinds: str = "RRRKI") -> Any:
        kind = self.stream.pick(kinds)
        if kind == "K":
            return "K", len(self.arities) + self.stream.below(3)
        return (kind, self.local()) if kind == "R" else ("I", self.stream.below(20) - 5)

    def write(self, op: Any, *arguments: Any) -> None:
        """An operation that may fail writes to a temporary first: a handler may read the local."""
        if op.raises:
            self.f.emit(op, self.temporary, *arguments)
            if self.stream.below(4):
                self.f.emit(c.move, self.local(), ("R", self.temporary))
        else:
            self.f.emit(op, self.local(), *arguments)

    def statement(self) -> None:
        f, s = self.f, self.stream
        what = s.below(14)
        if what == 0:
            self.write(c.move, self.read())
        elif what == 1:
            self.write(c.box, self.read())
        elif what == 2:
            self.write(c.add, ("R", self.local()), self.read())
        elif what == 3:
            self.write(s.pick((c.keep, c.outlive)), ("R", self.local()), ("R", self.local()))
        elif what == 4:
            self.write(c.number, self.read())
        elif what == 5:
            f.emit(c.check, self.read())
        elif what == 6:
            f.emit(c.put, s.pick((("G", 0), ("G", 1), ("R", self.local()))), self.read())
        elif what == 7:
            self.write(c.exchange, s.pick((("G", 0), ("G", 1), ("R", self.local()))), self.read())
        elif what == 8:
            self.write(c.get, ("G", s.below(2)))
        elif what == 9:
            count = s.below(4)
            for i in range(count):
                f.emit(c.move, self.window + i, self.read())
            self.write(c.pack, self.window, count)
        elif what < 13:
            self.call()
        else:
            f.emit(c.pause, self.read())

    def call(self) -> None:
        f, s = self.f, self.stream
        callee = s.below(len(self.arities))
        count = self.arities[callee] if s.below(8) else s.below(4)
        window = self.temporary + 1 + s.below(3)  # it may lie over a temporary that still holds something
        through_global = s.below(5) == 0
        if through_global:
            f.emit(c.put, ("G", 2), ("K", callee))
        else:
            self.callee(window, callee)
        for i in range(count):
            f.emit(c.move, window + HEADER + i, self.read())
        if through_global:
            self.write(c.call_global, window, count, ("G", 2), 0)
        else:
            self.write(c.call, window, count, 0)

    def callee(self, window: int, callee: int) -> None:
        """A function, sometimes a closure of it, sometimes no function at all."""
        f, what = self.f, self.stream.below(10)
        if what < 4:
            f.emit(c.close, window, ("K", callee))
        else:
            f.emit(c.move, window, ("K", callee) if what < 9 else self.read())

    def function(self) -> Function:
        f, s = self.f, self.stream
        for register in range(f.parameters, self.locals):
            f.emit(c.move, register, self.read("KI"))
        blocks = [Label() for _ in range(1 + s.below(5))]
        for index, block in enumerate(blocks):
            f.place(block)
            f.emit(c.loop)
            for _ in range(s.below(5)):
                self.statement()
            end = s.below(6)
            if end < 2:
                f.emit(c.jump_less, ("R", self.local()), self.read(), s.pick(blocks))
                f.emit(c.give, self.read())
            elif end == 2:
                f.emit(c.jump_checked, self.read(), s.pick(blocks))
                f.emit(c.jump, s.pick(blocks))
            elif end == 3:
                f.emit(c.throw, self.read())
            elif end == 4 or index + 1 == len(blocks):
                f.emit(c.give, self.read())
        end = Label()
        f.place(end)
        bounds = [*blocks, end]
        low, high = 0, len(blocks)
        outer = []
        for _ in range(s.below(3)):  # each range inside the one before
            low += s.below(2)
            high -= s.below(2)
            if low < high:
                outer.append(Handler(bounds[low], bounds[high], s.pick(blocks), self.local()))
        f.handlers = outer[::-1]
        return f


def program(choices: Sequence[int]) -> list[Function]:
    """Functions that call each other; the first is the main one and has one parameter."""
    stream = Stream(choices)
    arities = [1, *(stream.below(3) for _ in range(1 + stream.below(3)))]
    return [Writer(stream, f"f{i}", arities, arity).function() for i, arity in enumerate(arities)]
