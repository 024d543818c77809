"""A program as the compiler makes it: its functions, the numbers of its globals, symbols and struct methods.

What must hold: numbers are given in the order of first use, so compiling the same source twice gives the same program.
"""

from __future__ import annotations

from pagoda.machine.function import Function
from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Symbols that native code knows by number (ops/control.py); 0 is no symbol.
FIXED_SYMBOLS = ("", "Result", "Option", "Ok", "Err", "Some", "None")


class FunctionRef(Record, frozen=True):
    """A constant: a function without captures, as a value."""

    function: Function

    def __hash__(self) -> int:
        return id(self.function)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.function is self.function


class CodeRef(FunctionRef, frozen=True):
    """A constant word: the address of a function's code."""

    __hash__ = FunctionRef.__hash__


class ShapeRef(Record, frozen=True):
    """A constant word: the address of a shape."""

    name: int
    fields: tuple[int, ...]


class WordRef(Record, frozen=True):
    """A constant word: a plain number."""

    number: int


class ObjectRef(Record, frozen=True, eq=False):
    """A constant: a Python object that travels as it is."""

    item: Any


class Options(Record, frozen=True):
    """What the compiler does beyond translating; each may be turned off, and nothing a program shows may change."""

    fold: bool = True
    fuse: bool = True
    last_uses: bool = True
    unreachable: bool = True


class Unsupported(Exception):
    """A construct that this storey does not have."""

    def __init__(self, what: str, span: tuple[int, int]) -> None:
        super().__init__(what)
        self.what, self.span = what, span


class CompiledProgram(Record):
    """Everything that is loaded: ``main`` first among ``functions``, inner functions before those that mention them.

    ``methods``: (type's symbol, method's symbol, function). ``declared``: the names that the program's top level defines.
    """

    functions: list[Function] = fresh(factory=list)
    main: Function | None = None
    globals: dict[str, int] = fresh(factory=dict)
    symbols: dict[str, int] = fresh(factory=lambda: {name: i for i, name in enumerate(FIXED_SYMBOLS)})
    methods: list[tuple[int, int, Function]] = fresh(factory=list)
    overloads: bool = False

    def symbol(self, name: str) -> int:
        """The number of a field, method, type or tag name."""
        return self.symbols.setdefault(name, len(self.symbols))

    def global_number(self, name: str) -> int:
        """The number of a global."""
        return self.globals.setdefault(name, len(self.globals))
