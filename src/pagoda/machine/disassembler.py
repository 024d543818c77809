"""Functions as text that people read and the assembler reads back.

One instruction per line: its index, the operation's variant, the operands::

    function 'half' parameters 1 registers 3
    const k0 = 0.5
    name r0 'x'
    handler L0 to L1 -> L1 in r2

    L0:
       0  mul.tk  r1, take r0, k0 @9-16    ; k0 = 0.5
    L1:
       1  give.t  take r1

Operands by kind: ``r3`` a register, ``take r3`` its last use, ``k0`` a constant, ``#5`` a number, ``g7`` a place of the
language (its letter in lower case), ``&r3`` a place that is changed, ``window r4``, ``count 2``, ``-> L1`` a target. ``@a-b``
is the span in the source; what follows ``;`` is for people: what a constant is, what a register is called, and what the
:class:`Naming` of a language knows of numbers. What must hold: assembling the text of a verified function gives an equal one.
"""

from __future__ import annotations

from typing import Any, Protocol

from pagoda.machine.function import Argument, Function, Instruction, Label, field_names
from pagoda.machine.operands import ConstantWord, Count, Place, Target, Window
from pagoda.machine.ops import OpTable
from pagoda.machine.source import Source

_NOTE = 60  # characters of a constant shown beside its use


class ConstantCodec(Protocol):
    """How a language writes its constants."""

    def show(self, constant: Any) -> str:
        """The constant in one line."""

    def read(self, text: str) -> Any:
        """The constant that ``text`` spells. Raises ``ValueError``."""


class Naming(Protocol):
    """What a language calls the things that instructions have numbers for."""

    def name(self, function: Function, operation: str, field: str, letter: str, number: int) -> str:
        """What operand ``field`` of an operation means, in few words; empty where there is nothing to say.

        ``letter`` is that of the operand's place (``K`` for a constant), empty for a plain number.
        """


def disassemble(
    function: Function, table: OpTable, source: Source | None = None, codec: ConstantCodec | None = None,
    naming: Naming | None = None,
) -> str:  # fmt: skip
    """The text of a function. With its ``source``, each source line stands as a comment above the first of its instructions."""
    return _Disassembler(function, table, source, codec, naming).text()


def spell_place(letter: str, number: int) -> str:
    """A register, constant, number or place of the language."""
    if letter == "T":
        return f"take r{number}"
    return f"#{number}" if letter == "I" else f"{letter.lower()}{number}"


class _Disassembler:
    def __init__(
        self, function: Function, table: OpTable, source: Source | None, codec: ConstantCodec | None, naming: Naming | None
    ) -> None:
        self.function, self.table, self.source, self.naming = function, table, source, naming
        self.show = codec.show if codec is not None else show_literal
        self.labels = self._labels()

    def _labels(self) -> dict[int, str]:
        """A name for every position that something refers to, in the order of the code."""
        found = [a for i in self.function.instructions for a in i.arguments if isinstance(a, Label)]
        for handler in self.function.handlers:
            found += [handler.start, handler.end, handler.target]
        places = sorted({label.position for label in found if 0 <= label.position <= len(self.function.instructions)})
        return {place: f"L{index}" for index, place in enumerate(places)}

    def label(self, label: Label) -> str:
        return self.labels.get(label.position, "L?")

    def text(self) -> str:
        lines = [*self.head(), ""]
        body = [self.instruction(i) for i in self.function.instructions]
        wide = max((len(name) for name, _, _ in body), default=0)
        shown = 0
        for index, (name, operands, notes) in enumerate(body):
            if index in self.labels:
                lines.append(f"{self.labels[index]}:")
            shown = self.source_line(self.function.instructions[index], shown, lines)
            line = f"{index:>4}  {name:<{wide}}  {operands}".rstrip()
            lines.append(f"{line:<{wide + 36}}  ; {notes}" if notes else line)
        if len(body) in self.labels:
            lines.append(f"{self.labels[len(body)]}:")
        return "\n".join(lines) + "\n"

    def head(self) -> list[str]:
        f = self.function
        first = f"function {f.name!r} parameters {f.parameters} registers {f.registers}"
        first += f" flags {f.flags}" if f.flags else ""
        first += f" @{f.span[0]}-{f.span[1]}" if tuple(f.span) != (0, 0) else ""
        lines = [first]
        lines += [f"const k{index} = {self.show(constant)}" for index, constant in enumerate(f.constants)]
        lines += [f"name r{register} {name!r}" for register, name in sorted(f.slot_names.items())]
        for h in f.handlers:
            lines.append(f"handler {self.label(h.start)} to {self.label(h.end)} -> {self.label(h.target)} in r{h.register}")
        return lines

    def source_line(self, instruction: Instruction, shown: int, lines: list[str]) -> int:
        """Adds the source line of an instruction if it is not the one shown last; gives the one shown now.

        What belongs to the function as a whole, such as its end, has no line of its own.
        """
        span = tuple(instruction.span)
        if self.source is None or span == (0, 0) or (shown and span == tuple(self.function.span)):
            return shown
        number = self.source.position(instruction.span[0])[0]
        if number != shown:
            lines.append(f"; {number:>4} | {self.source.line_text(number)}".rstrip())
        return number

    def instruction(self, instruction: Instruction) -> tuple[str, str, str]:
        """Name, operands and notes of one instruction."""
        letters = instruction.letters.lower()
        name = f"{instruction.op.name}.{letters}" if letters else instruction.op.name
        names = field_names(instruction.op)
        if len(names) != len(instruction.arguments):
            return name, f"? {instruction.arguments!r}", ""
        kinds: dict[str, Any] = {p.name: p.kind for p in instruction.op.parameters}
        spelled, notes = [], []
        for field, argument in zip(names, instruction.arguments, strict=True):
            spelled.append(self.operand(kinds.get(field), argument))
            notes += self.note(kinds.get(field), argument, instruction.op.name, field)
        if tuple(instruction.span) != (0, 0):
            place = f"@{instruction.span[0]}-{instruction.span[1]}"
            return name, f"{', '.join(spelled)} {place}".lstrip(), ", ".join(dict.fromkeys(notes))
        return name, ", ".join(spelled), ", ".join(dict.fromkeys(notes))

    def operand(self, kind: Any, argument: Argument) -> str:
        if isinstance(argument, Label):
            return f"-> {self.label(argument)}"
        if isinstance(argument, tuple):
            return ("&" if isinstance(kind, Place) else "") + spell_place(*argument)
        if kind is None:
            return f"r{argument}"
        if isinstance(kind, Window):
            return f"window r{argument}"
        if isinstance(kind, Count):
            return f"count {argument}"
        return f"k{argument}" if isinstance(kind, ConstantWord) else f"#{argument}"

    def note(self, kind: Any, argument: Argument, operation: str, field: str) -> list[str]:
        """What a constant is, what a register is called, and what the language knows."""
        letter, number = argument if isinstance(argument, tuple) else ("", argument)
        if isinstance(number, Label):
            return []
        constant = letter == "K" or isinstance(kind, ConstantWord)
        if self.naming is not None:
            known = self.naming.name(self.function, operation, field, "K" if constant else letter, number)
            if known:
                plain = isinstance(argument, int) and not constant and kind is not None
                return [f"{f'#{number}' if plain else spell_place('K' if constant else letter, number)} is {known}"]
        if constant:
            if not 0 <= number < len(self.function.constants):
                return []
            shown = self.show(self.function.constants[number])
            return [f"k{number} = {shown if len(shown) <= _NOTE else shown[:_NOTE] + '...'}"]
        if letter in ("R", "T") or kind is None or isinstance(kind, Window):
            name = self.function.slot_names.get(number)
            return [f"r{number} is {name}"] if name is not None and name.isprintable() else []
        assert not isinstance(kind, Target)
        return []


def show_literal(constant: Any) -> str:
    """A constant as Python writes it, in one line."""
    return " ".join(repr(constant).splitlines())
