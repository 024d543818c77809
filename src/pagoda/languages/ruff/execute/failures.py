"""How a running program fails: from what the context holds to an exception with its place and stack."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Iterator

from pagoda.languages.ruff.ending import Cancelled
from pagoda.languages.ruff.errors import LimitError, RuffError
from pagoda.languages.ruff.execute.host import CANCELLED, NO_PLACE, word_at
from pagoda.languages.ruff.execute.tables import ProgramTables
from pagoda.languages.ruff.operations import context, model
from pagoda.languages.ruff.values import Value
from pagoda.languages.ruff.walk.state import STACK_SHOWN
from pagoda.machine.function import Function, Instruction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.machine.linker import Linked
    from pagoda.machine.source import Source

    FramePlace = tuple[str, tuple[int, int], Source | None]  # function, where it had come, its module's source

HEADER_BYTES = 32  # before a frame: the callee and two words


class ProgramFailures(ProgramTables):
    """The errors of a program."""

    def failure(self) -> BaseException:
        """The exception for the error or limit that the context holds."""
        stop = self.get("stop")
        if stop:
            if self.host.escaped is not None:
                return self.host.escaped
            if stop == CANCELLED:
                return Cancelled()
            if self.host.exit is not None:
                return self.host.exit
            kind, message = {
                1: ("fuel", f"Fuel limit of {self.limits.fuel} exceeded"), 2: ("timeout", "Time limit exceeded"),
                4: ("memory", "Memory limit exceeded"), 5: ("interrupt", "Exit"),
            }.get(stop, ("interrupt", "Interrupted"))  # fmt: skip
            limit, self.host.limit = self.host.limit or LimitError(kind, message), None
            self.place(limit, self.trace())
            return limit
        pair = [(self.get_at("error_a", 0), self.get_at("error_a", 8)), (self.get_at("error_b", 0), self.get_at("error_b", 8))]
        kind_ = self.get("error_kind")
        return self.take_error(kind_, *(self.plain(tag, payload) for tag, payload in pair))

    def failure_in(self, code: int, place: tuple[int, int] = NO_PLACE) -> BaseException:
        """As :meth:`failure`, of a native entry that Python made, at ``place``, to run ``code``."""
        entered = self.get("trace_count") > 0
        error = self.failure()
        if entered and isinstance(error, RuffError | LimitError):
            error.leave(self.by_code[code].function.name, place, self.sources.get(code))
        return error

    def take_error(self, kind: int, first: Value, second: Value) -> RuffError:
        """The guest error of a kind with its two values, placed by the trace."""
        if kind == model.HOST:
            error = self.host.pending or RuffError("Unknown error")
            self.host.pending = None
        elif kind == model.UNDEFINED:
            error = RuffError(f"Undefined variable: {self.global_names[first]}")
        elif kind == model.ARITY:
            error = RuffError(arity_message(self.by_code[first].function, second))
        elif kind == model.DEPTH:
            from pagoda.languages.ruff.walk.state import depth_error

            error = depth_error(self.limits.max_depth, self.by_code[first].function.name)
        elif kind == model.THROWN:
            from pagoda.languages.ruff.walk.expressions import thrown

            error = thrown(first, None)  # type: ignore[arg-type]
        elif kind == model.MESSAGE:
            error = RuffError(first)
        elif kind == model.GENERATOR_RUNS:
            error = RuffError("Generator is already running")
        else:
            error = RuffError("Maximum data nesting depth exceeded")
        places = self.trace()
        if kind == model.UNDEFINED and places:
            error.span = self.failed_instruction().operand_span
        self.place(error, places)
        return error

    def place(self, error: RuffError | LimitError, places: list[FramePlace]) -> None:
        """Gives an error its place, unless it has one, and adds the frames that it left to its stack.

        The outermost frame is known only by what is called in it.
        """
        if not places:
            return
        span = places[0][1]
        if error.span is None or error.span is NO_PLACE:
            error.span = span
        if error.stack and error.stack[-1][1] is NO_PLACE:
            error.stack[-1] = (error.stack[-1][0], span)
        for (name, _, source), (_, outer, _) in zip(places, places[1:], strict=False):
            error.leave(name, outer, source)

    def failed_instruction(self) -> Instruction:
        """The innermost instruction of the trace."""
        rows = self.get("trace")
        return self.at_trace(rows).instruction_at(word_at(rows + 8))

    def trace(self) -> list[FramePlace]:
        """Where the frames of the native entry that failed had come, innermost first."""
        rows = self.get("trace")
        places = []
        for index in range(self.get("trace_count")):
            linked = self.at_trace(rows + 16 * index)
            span = linked.instruction_at(word_at(rows + 16 * index + 8)).span
            places.append((linked.function.name, span, self.sources.get(linked.address)))
        return places

    def at_trace(self, row: int) -> Linked:
        """The function that a row of the trace is about."""
        code = word_at(row)
        return self.by_code[code] if code else self.owner(word_at(row + 8))

    def owner(self, instruction: int) -> Linked:
        """The function that has its code at an address."""
        if len(self.starts) != len(self.by_code):
            rows = sorted((ctypes.addressof(linked.words), code) for code, linked in self.by_code.items())
            self.starts, self.owners = [start for start, _ in rows], [code for _, code in rows]
        return self.by_code[self.owners[bisect_right(self.starts, instruction) - 1]]

    def outer_names(self) -> list[str]:
        """After an error that is handled in the native entry that runs: the entry's own function, and those around it,
        innermost first. Top levels have no name."""
        names = []
        count = self.get("trace_count")
        if count:
            names.append(self.at_trace(self.get("trace") + 16 * (count - 1)).function.name)
        record = self.get("outer")
        while record and len(names) <= STACK_SHOWN:
            frame, record = word_at(record + 8), word_at(record + 24)
            for linked in self.frames(frame):
                names.append(linked.function.name)
                if len(names) > STACK_SHOWN:
                    break
        return [name for name in names if name != "<main>"]

    def frames(self, frame: int) -> Iterator[Linked]:
        """The functions of the frame whose registers lie at an address (none: 0), and of those that called it."""
        if not frame:
            return
        yield self.by_code[-word_at(frame + 8 * context.HEADER_CODE)]
        back = word_at(frame + 8 * context.HEADER_RETURN)
        while back:
            yield self.owner(abs(back))
            frame -= (word_at(abs(back)) >> 32 & 0xFFFF) + HEADER_BYTES
            back = word_at(frame + 8 * context.HEADER_RETURN)


def arity_message(function: Function, given: int) -> str:
    """The text of a wrong number of arguments; a method's receiver does not count."""
    own = 1 if function.flags & 1 else 0
    return f"{function.name} expects {function.parameters - own} arguments, got {given - own}"
