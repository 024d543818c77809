"""The state of compiling one function: registers, constants, operands, scopes of control.

Locals are the resolver's slots, registers from 0 on; temporaries stand above them like a stack. What must hold: ``top`` is the
first free register, and whoever raises it lowers it again; a value that a register operand names stays there until it is used.
"""

from __future__ import annotations

import math

from pagoda.languages.ruff.compile.program import CompiledProgram, Options, Unsupported
from pagoda.languages.ruff.operations import data
from pagoda.languages.ruff.syntax import tree
from pagoda.machine.function import Argument, Function, Label, Moded
from pagoda.machine.ops import Op
from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SMALL = range(-32768, 32768)
NO_SPAN = (0, 0)


class Loop(Record):
    """Where ``break`` and ``continue`` go."""

    after: Label
    again: Label


class Session(Record):
    """What all functions of one program share: the program being made, the options, and which names are builtins or functions
    that nothing overwrites.

    ``hoisted``: the top level's functions, which no struct of the same name replaces. ``foreseen``: for each import statement
    the names that its module exports, where they are known.
    """

    program: CompiledProgram
    options: Options
    builtins: dict[str, int]
    overwritten: frozenset[str]
    functions: frozenset[str]
    main: tree.Function
    overloads: bool = False
    foreseen: dict[int, frozenset[str]] = fresh(factory=dict)
    hoisted: frozenset[str] = frozenset()

    def builtin(self, name: str) -> int | None:
        """The number of a builtin that the program leaves alone."""
        number = None if name in self.overwritten else self.builtins.get(name)
        if number is not None:
            self.program.relied.add(name)
        return number

    def function(self, name: str) -> bool:
        """Whether a global is a function that the program leaves alone."""
        if name in self.functions:
            self.program.relied.add(name)
            return True
        return False


class _Kept:
    """Restores an attribute of the compiler at the end of a ``with`` block."""

    __slots__ = ("before", "compiler", "name")

    def __init__(self, compiler: CompilerBase, name: str, before: Any) -> None:
        self.compiler, self.name, self.before = compiler, name, before

    def __enter__(self) -> None:
        pass

    def __exit__(self, *problem: object) -> None:
        setattr(self.compiler, self.name, self.before)


class CompilerBase:
    """Registers, constants and emission for one function."""

    def __init__(self, session: Session, node: tree.Function, name: str) -> None:
        self.session, self.node = session, node
        self.program, self.options = session.program, session.options
        count = len(node.parameters) + (1 if node.is_method and not node.has_self else 0)
        self.function = Function(name, count, span=node.span)
        self.function.slot_names = dict(enumerate(node.slot_names))
        self.locals = max(node.frame_size, count)
        self.top = self.locals
        self.function.registers = self.locals
        self.constants: dict[Any, int] = {}
        self.loops: list[Loop] = []
        self.begun: dict[Label, Label] = {}  # for the head of a loop's iterations the place behind its charge and poll
        self.guarded = 0
        self.span: tuple[int, int] = node.span

    # -- emission

    def emit(
        self, op: Op, *arguments: Argument, span: tuple[int, int] | None = None, variable: tree.Expression | None = None
    ) -> None:
        """Appends an instruction; ``variable`` is what it reads without loading it first."""
        made = self.function.emit(op, *arguments, span=span or self.span)
        if isinstance(variable, tree.Name):
            made.operand_span = variable.span

    def place(self, label: Label) -> None:
        self.function.place(label)

    def at(self, node: tree.Node) -> _Kept:
        """Gives instructions the span of ``node``."""
        kept = _Kept(self, "span", self.span)
        self.span = node.span
        return kept

    def unsupported(self, what: str, node: tree.Node) -> Unsupported:
        return Unsupported(what, node.span)

    # -- registers

    def temporary(self, count: int = 1) -> int:
        """The first of ``count`` fresh registers in a row."""
        first = self.top
        self.top += count
        self.function.registers = max(self.function.registers, self.top)
        return first

    def scratch(self) -> _Kept:
        """Temporaries made inside are free again afterwards."""
        return _Kept(self, "top", self.top)

    # -- constants and operands

    def constant(self, item: Any) -> int:
        """The index of a constant, each kept once; 1, 1.0 and True differ, and so do 0.0 and -0.0."""
        key: Any = (type(item), item)
        if isinstance(item, float):
            key = (float, item.hex() if not math.isnan(item) else "nan")
        elif not isinstance(item, int | str | bool | type(None)):
            key = item
        index = self.constants.get(key)
        if index is None:
            index = self.constants[key] = len(self.function.constants)
            self.function.constants.append(item)
        return index

    def literal(self, item: Any) -> Moded:
        """A constant operand: in the instruction if it is a small int."""
        if type(item) is int and item in SMALL:
            return ("I", item)
        return ("K", self.constant(item))

    def fit(self, operand: Moded, modes: str) -> Moded:
        """``operand`` in one of ``modes``, loaded into a register if need be."""
        letter, number = operand
        if letter in modes:
            return operand
        if letter == "I" and "K" in modes:
            return ("K", self.constant(number))
        register = self.temporary()
        self.emit(data.move, register, operand)
        return ("R", register)

    def into(self, operand: Moded, register: int) -> None:
        """Moves an operand to a register, unless it is there."""
        if operand != ("R", register):
            self.emit(data.move, register, operand)
