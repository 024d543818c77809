"""From a :class:`~pagoda.machine.function.Function` to words in memory that the interpreter runs, and back out again.

What must hold: encoded code refers to constants and registers by byte offset; a branch counts words from its own first word;
memory of a linked function lives as long as its :class:`Linked` object is kept.
"""

from __future__ import annotations

import ctypes
from array import array
from bisect import bisect_right

from pagoda.machine.function import Function, Instruction, Label, field_names
from pagoda.machine.operands import ConstantWord, Count, Operand, Place, Target, Wide, Window
from pagoda.machine.ops import OpTable, Variant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    class Encoding(Protocol):
        """What linking needs of a :class:`~pagoda.machine.values.ValueModel`."""

        @property
        def slot_size(self) -> int: ...
        @property
        def constant(self) -> Callable[[Any], tuple[int, ...]] | None: ...


LIMIT_FIELD = 1 << 16


class TooLarge(Exception):
    """A function that does not fit the encoding: too many registers, constants or instructions."""


class Linked:
    """A function in memory. ``address`` is that of its ``Code``; ``starts`` maps words to instructions."""

    __slots__ = ("address", "code", "constants", "function", "handlers", "starts", "words")

    words: ctypes.Array[ctypes.c_int64]
    constants: ctypes.Array[ctypes.c_int64]
    handlers: ctypes.Array[ctypes.c_int64]
    code: ctypes.Array[ctypes.c_char]
    address: int

    def __init__(self, function: Function) -> None:
        self.function = function
        self.starts: list[int] = []

    def instruction_at(self, pc: int) -> Instruction:
        """The instruction that the word at the address ``pc`` belongs to."""
        word = (pc - ctypes.addressof(self.words)) // 8
        return self.function.instructions[bisect_right(self.starts, word) - 1]


class Linker:
    """Encodes functions for one language's table and value model. ``code``: size and offsets of ``Code``, where known."""

    def __init__(self, model: Encoding, table: OpTable, code: tuple[int, dict[str, int]] | None = None) -> None:
        self.model, self.table = model, table
        self.code_size, self.code_places = code or _layout_of_code()
        self.slot = model.slot_size
        self._jump: Variant | None = None

    @property
    def jump(self) -> Variant:
        """The unconditional branch with a wide target, which far branches go through. Raises :class:`TooLarge` without one."""
        if self._jump is None:
            for operation in self.table.ops.values():
                kinds = [p.kind for p in operation.parameters]
                if operation.ends and operation.result == "branch" and kinds == [Target(wide=True)]:
                    self._jump = self.table.variant(operation, "")
                    return self._jump
            raise TooLarge("a branch is too far, and the language has no wide one")
        return self._jump

    def link(self, function: Function, identity: int = 0) -> Linked:
        """Encodes ``function``. Raises :class:`TooLarge`."""
        if function.registers * self.slot >= LIMIT_FIELD or len(function.constants) * self.slot >= LIMIT_FIELD:
            raise TooLarge(f"function {function.name or '<lambda>'} has too many variables or constants")
        linked = Linked(function)
        words, linked.starts, positions = self.encode(function)
        linked.words = (ctypes.c_int64 * max(len(words), 1)).from_buffer(words)
        flat: list[int] = []
        assert self.model.constant is not None or not function.constants
        for constant in function.constants:
            assert self.model.constant is not None
            flat.extend(self.model.constant(constant))
        linked.constants = (ctypes.c_int64 * max(len(flat), 1))(*flat)
        rows: list[int] = []
        for handler in function.handlers:
            rows += [positions[label.position] for label in (handler.start, handler.end, handler.target)]
            rows.append(handler.register * self.slot)
        linked.handlers = (ctypes.c_int64 * max(len(rows), 1))(*rows)
        linked.code = ctypes.create_string_buffer(self.code_size + 8)
        start = (ctypes.addressof(linked.code) + 7) & ~7
        linked.address = start
        fields = {
            "entry": ctypes.addressof(linked.words), "constants": ctypes.addressof(linked.constants),
            "parameters": function.parameters, "registers": function.registers,
            "frame_bytes": function.registers * self.slot, "calls": 0,
            "handlers": ctypes.addressof(linked.handlers), "handler_count": len(function.handlers), "identity": identity,
            "compiled": 0, "length": len(words), "flags": function.flags,
        }  # fmt: skip
        for name, number in fields.items():
            ctypes.c_int64.from_address(start + self.code_places[name]).value = number
        return linked

    # -- encoding

    def encode(self, function: Function) -> tuple[array[int], list[int], list[int]]:
        """The words of ``function``, the first word of every instruction, and the same with the end appended."""
        far: set[int] = set()
        while True:
            positions = self.positions(function, far)
            more = {
                index
                for index, instruction in enumerate(function.instructions)
                if index not in far and self.is_short(instruction) and not self.reaches(instruction, index, positions)
            }
            if not more:
                break
            far |= more
        words: array[int] = array("q", bytes(8 * positions[-1]))
        for index, instruction in enumerate(function.instructions):
            self.encode_one(words, instruction, positions[index], positions, index in far)
        return words, positions[:-1], positions

    def positions(self, function: Function, far: set[int]) -> list[int]:
        found, at = [], 0
        for index, instruction in enumerate(function.instructions):
            found.append(at)
            at += self.table.variant(instruction.op, instruction.letters).layout.words
            if index in far:
                at += 2 * self.jump_words()
        found.append(at)
        return found

    def jump_words(self) -> int:
        return self.jump.layout.words

    def is_short(self, instruction: Instruction) -> bool:
        return any(isinstance(p.kind, Target) and not p.kind.wide for p in instruction.op.parameters)

    def reaches(self, instruction: Instruction, index: int, positions: list[int]) -> bool:
        label = next(a for a in instruction.arguments if isinstance(a, Label))
        return -32768 <= positions[label.position] - positions[index] <= 32767

    def encode_one(self, words: array[int], instruction: Instruction, at: int, positions: list[int], far: bool) -> None:
        try:
            variant = self.table.variant(instruction.op, instruction.letters)
        except KeyError:
            raise TypeError(f"operation {instruction.op.name} has no variant {instruction.letters!r}") from None
        layout = variant.layout
        values = [0] * layout.words
        values[0] = variant.opcode
        kinds: dict[str, Any] = {p.name: p.kind for p in instruction.op.parameters}
        for name, argument in zip(field_names(instruction.op), instruction.arguments, strict=True):
            word, bit, width = layout.fields[name]
            number = self.number(kinds.get(name), argument)
            if isinstance(argument, Label):
                number = positions[argument.position] - at
                if far:  # the branch goes to a jump of its own, placed behind a jump over it
                    number = layout.words + self.jump_words()
            unsigned = width == 16 and not self.signed(kinds.get(name), argument)
            low, high = (0, 1 << width) if unsigned else (-(1 << width - 1), 1 << width - 1)
            if not low <= number < high:
                raise TooLarge(f"operand {name} of {variant.name} does not fit: {number}")
            values[word] |= (number & ((1 << width) - 1)) << bit
        for index, value in enumerate(values):
            words[at + index] = value - (1 << 64) if value >> 63 else value
        if far:
            label = next(a for a in instruction.arguments if isinstance(a, Label))
            over, there = at + layout.words, at + layout.words + self.jump_words()
            self.encode_jump(words, over, there + self.jump_words() - over)
            self.encode_jump(words, there, positions[label.position] - there)

    def encode_jump(self, words: array[int], at: int, distance: int) -> None:
        layout = self.jump.layout
        name = next(iter(layout.fields))
        word, bit, width = layout.fields[name]
        values = [self.jump.opcode] + [0] * (layout.words - 1)
        values[word] |= (distance & ((1 << width) - 1)) << bit
        for index, value in enumerate(values):
            words[at + index] = value - (1 << 64) if value >> 63 else value

    def signed(self, kind: Any, argument: Any) -> bool:
        if isinstance(argument, tuple):
            return bool(argument[0] == "I")
        return not isinstance(kind, Window | Count | ConstantWord) and kind is not None

    def number(self, kind: Any, argument: Any) -> int:
        """An operand as the field's number: registers and constants as byte offsets."""
        if isinstance(argument, Label):
            return 0
        if isinstance(argument, tuple):
            letter, number = argument
            return int(number * self.slot if letter in "RTK" else number)
        if kind is None or isinstance(kind, Window | ConstantWord):
            return int(argument) * self.slot
        if isinstance(kind, Operand | Place):
            raise TypeError("a value operand has a mode")
        return int(argument)


def _layout_of_code() -> tuple[int, dict[str, int]]:
    from pagoda.machine.context import Code
    from pagoda.native.types import layout_of

    layout = layout_of(Code)
    return layout.size, {name: offset for name, (_, offset) in layout.fields.items()}


__all__ = ["Linked", "Linker", "TooLarge", "Wide"]
