"""From encoded words back to a function: the linker's way, backwards, for words that may come from anywhere.

What must hold: any sequence of words gives a function or a :class:`DecodeError`. Words are canonical: bits that no field uses
and cache words are zero, so that two different encodings never mean the same function. A branch that the linker made far reads
back as the short branch and the two jumps that it wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pagoda.machine.function import Argument, Function, Handler, Instruction, Label, field_names
from pagoda.machine.operands import ConstantWord, Count, Operand, Place, Target, Window
from pagoda.machine.ops import OpTable, Variant
from pagoda.machine.values import ValueModel
from pagoda.records import changed

WORD = (1 << 64) - 1


class DecodeError(Exception):
    """Words that are no code. ``word`` is the position of the first at fault."""

    def __init__(self, word: int, message: str) -> None:
        super().__init__(f"word {word}: {message}")
        self.word, self.message = word, message


def decode(words: Sequence[int], rows: Sequence[int], shell: Function, table: OpTable, model: ValueModel) -> Function:
    """The function that ``words`` and handler table ``rows`` spell, the rest as in ``shell``. Raises :class:`DecodeError`."""
    instructions: list[Instruction] = []
    branches: list[tuple[int, int]] = []  # the word that a label stands for, and that of its instruction
    labels: list[Label] = []
    starts: dict[int, int] = {}
    at = 0
    while at < len(words):
        opcode = words[at] & 0xFFFF
        if opcode >= len(table.variants):
            raise DecodeError(at, f"unknown opcode {opcode}")
        variant = table.variants[opcode]
        size = variant.layout.words
        if at + size > len(words):
            raise DecodeError(at, f"{variant.name} is cut off")
        starts[at] = len(instructions)
        own = [word & WORD for word in words[at : at + size]]
        instructions.append(_instruction(variant, own, at, model.slot_size, labels, branches))
        at += size
    starts[at] = len(instructions)
    for label, (target, source) in zip(labels, branches, strict=True):
        if target not in starts:
            raise DecodeError(source, f"a branch to word {target}, where no instruction begins")
        label.position = starts[target]
    return changed(shell, instructions=instructions, handlers=_handlers(rows, starts, model.slot_size))


def _instruction(
    variant: Variant, words: list[int], at: int, slot: int, labels: list[Label], branches: list[tuple[int, int]]
) -> Instruction:
    layout = variant.layout
    kinds: dict[str, Any] = {p.name: p.kind for p in variant.op.parameters}
    letters = list(variant.letters)
    arguments: list[Argument] = []
    words[0] &= ~0xFFFF
    for name in field_names(variant.op):
        word, bit, width = layout.fields[name]
        number = words[word] >> bit & ((1 << width) - 1)
        words[word] &= ~(((1 << width) - 1) << bit)
        kind = kinds.get(name)
        letter = letters.pop(0) if isinstance(kind, Operand | Place) else ""
        signed = letter == "I" or not (letter or kind is None or isinstance(kind, Window | Count | ConstantWord))
        if signed and number >> (width - 1):
            number -= 1 << width
        if letter in ("R", "T", "K") or kind is None or isinstance(kind, Window | ConstantWord):
            number, rest = divmod(number, slot)
            if rest:
                raise DecodeError(at, f"operand {name} of {variant.name} is no slot")
        if isinstance(kind, Target):
            label = Label()
            labels.append(label)
            branches.append((at + number, at))
            arguments.append(label)
        else:
            arguments.append((letter, number) if letter else number)
    if any(words):
        raise DecodeError(at, f"bits of {variant.name} that mean nothing are set")
    return Instruction(variant.op, arguments, (0, 0))


def _handlers(rows: Sequence[int], starts: dict[int, int], slot: int) -> list[Handler]:
    if len(rows) % 4:
        raise DecodeError(0, "the handler table is cut off")
    handlers = []
    for index in range(0, len(rows), 4):
        *places, register = rows[index : index + 4]
        if any(place not in starts for place in places) or register % slot:
            raise DecodeError(0, f"handler {index // 4} names no instructions")
        start, end, target = (Label(starts[place]) for place in places)
        handlers.append(Handler(start, end, target, register // slot))
    return handlers
