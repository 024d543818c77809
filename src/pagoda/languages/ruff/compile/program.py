"""A program as the compiler makes it: its functions, the numbers of its globals, symbols and struct methods.

What must hold: numbers are given in the order of first use, so compiling the same source twice gives the same program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pagoda.machine.function import Function

# Symbols that native code knows by number (ops/control.py); 0 is no symbol.
FIXED_SYMBOLS = ("", "Result", "Option", "Ok", "Err", "Some", "None")


@dataclass(frozen=True, eq=False)
class FunctionRef:
    """A constant: a function without captures, as a value."""

    function: Function

    def __hash__(self) -> int:
        return id(self.function)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.function is self.function  # type: ignore[attr-defined]


@dataclass(frozen=True, eq=False)
class CodeRef(FunctionRef):
    """A constant word: the address of a function's code."""


@dataclass(frozen=True)
class ShapeRef:
    """A constant word: the address of a shape."""

    name: int
    fields: tuple[int, ...]


@dataclass(frozen=True)
class WordRef:
    """A constant word: a plain number."""

    number: int


@dataclass(frozen=True, eq=False)
class ObjectRef:
    """A constant: a Python object that travels as it is."""

    item: Any


@dataclass(frozen=True)
class Options:
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


@dataclass
class CompiledProgram:
    """Everything that is loaded: ``main`` first among ``functions``, inner functions before those that mention them.

    ``methods``: (type's symbol, method's symbol, function). ``declared``: the names that the program's top level defines.
    """

    functions: list[Function] = field(default_factory=list)
    main: Function | None = None
    globals: dict[str, int] = field(default_factory=dict)
    symbols: dict[str, int] = field(default_factory=lambda: {name: i for i, name in enumerate(FIXED_SYMBOLS)})
    methods: list[tuple[int, int, Function]] = field(default_factory=list)
    overloads: bool = False

    def symbol(self, name: str) -> int:
        """The number of a field, method, type or tag name."""
        return self.symbols.setdefault(name, len(self.symbols))

    def global_number(self, name: str) -> int:
        """The number of a global."""
        return self.globals.setdefault(name, len(self.globals))
