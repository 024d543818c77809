"""A function of the machine, as a compiler makes it: instructions over numbered registers, before it is encoded.

An operand is spelled ``("R", 3)`` (a register), ``("T", 3)`` (its last use), ``("K", 0)`` (a constant), ``("I", -5)`` (a small
integer), a place of the language such as ``("G", 7)``, a plain number (destination, window, count, immediate, constant word)
or a :class:`Label`. What must hold: operands stand in the order of the operation's encoded fields, destination first.
"""

from __future__ import annotations

from pagoda.machine.operands import Count, Operand, OperandKind, Place, Window
from pagoda.machine.ops import Op
from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias


class Label:
    """A place in the code; ``position`` is the index of the instruction it stands before."""

    __slots__ = ("position",)

    def __init__(self, position: int = -1) -> None:
        self.position = position


Moded: TypeAlias = tuple[str, int]
Argument: TypeAlias = "Moded | int | Label"
Span: TypeAlias = tuple[int, int]


class Instruction:
    """One instruction; ``arguments`` follow the operation's fields. ``span``: character offsets in the source.

    ``operand_span`` is that of a variable that the instruction reads where it lies, for the error that it has no value.
    """

    __slots__ = ("arguments", "op", "operand_span", "span")

    def __init__(self, op: Op, arguments: list[Argument], span: Span, operand_span: Span | None = None) -> None:
        self.op, self.arguments, self.span, self.operand_span = op, arguments, span, operand_span

    @property
    def letters(self) -> str:
        """The modes of the value operands, which choose the variant."""
        return "".join(a[0] for a in self.arguments if isinstance(a, tuple))

    def named(self) -> list[tuple[str, Argument]]:
        return list(zip(field_names(self.op), self.arguments, strict=True))

    def __repr__(self) -> str:
        return f"{self.op.name} {self.arguments}"


_names: dict[Op, list[str]] = {}


def field_names(op: Op) -> list[str]:
    """The names of an operation's encoded fields, destination first."""
    found = _names.get(op)
    if found is None:
        found = (["dst"] if op.has_destination else []) + [p.name for p in op.parameters if p.encoded]
        _names[op] = found
    return found


_fields: dict[Op, list[tuple[str, OperandKind | None]]] = {}


def fields_of(op: Op) -> list[tuple[str, OperandKind | None]]:
    """The encoded fields of an operation with their kinds; the destination has none."""
    found = _fields.get(op)
    if found is None:
        kinds = {p.name: p.kind for p in op.parameters}
        found = _fields[op] = [(name, kinds.get(name)) for name in field_names(op)]
    return found


class Handler(Record):
    """Instructions ``start`` to ``end`` (exclusive) are guarded; an error goes to ``target`` with its value in ``register``."""

    start: Label
    end: Label
    target: Label
    register: int


class Function(Record):
    """A guest function. ``constants`` are Python objects, which the language turns into values when it is loaded.

    ``slot_names`` names registers for people; ``handlers`` stand inner before outer.
    """

    name: str
    parameters: int
    registers: int = 0
    instructions: list[Instruction] = fresh(factory=list)
    constants: list[Any] = fresh(factory=list)
    handlers: list[Handler] = fresh(factory=list)
    slot_names: dict[int, str] = fresh(factory=dict)
    span: Span = (0, 0)
    flags: int = 0

    def emit(self, op: Op, *arguments: Argument, span: Span = (0, 0)) -> Instruction:
        """Appends an instruction."""
        instruction = Instruction(op, list(arguments), span)
        self.instructions.append(instruction)
        return instruction

    def place(self, label: Label) -> None:
        """Puts a label before the next instruction."""
        label.position = len(self.instructions)


class Effects(Record):
    """What an instruction does to registers, as bit masks. ``modified``: read and changed in place, staying owned.

    ``clobbers``: registers from the window on that a call leaves without a meaning, as the callee's frame lay over them.
    """

    reads: int = 0
    takes: int = 0
    writes: int = 0
    consumes: int = 0
    modified: int = 0
    clobbers: int = 0


def effects(instruction: Instruction, header_slots: int) -> Effects:
    """The registers that an instruction reads, takes, writes, consumes (a window's values) and changes in place."""
    result = Effects()
    op = instruction.op
    window = count = -1
    for (_, kind), argument in zip(fields_of(op), instruction.arguments, strict=True):
        if kind is None:
            assert isinstance(argument, int)
            result.writes |= 1 << argument
            continue
        if isinstance(kind, Operand) and isinstance(argument, tuple):
            if argument[0] == "R":
                result.reads |= 1 << argument[1]
            elif argument[0] == "T":
                result.takes |= 1 << argument[1]
        elif isinstance(kind, Place) and isinstance(argument, tuple):
            if argument[0] == "R":
                result.modified |= 1 << argument[1]
        elif isinstance(kind, Window) and isinstance(argument, int):
            window = argument
        elif isinstance(kind, Count) and isinstance(argument, int):
            count = argument
    if window >= 0:
        if op.calls:
            result.consumes = ((1 << max(count, 0)) - 1) << (window + header_slots) | (0 if op.fills else 1 << window)
            result.clobbers = (-1 << window) & ~result.consumes
        else:
            result.consumes = ((1 << max(count, 0)) - 1) << window
    return result
