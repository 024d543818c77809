"""A program as the compiler makes it: its functions, the numbers of its globals, symbols and struct methods.

What must hold: numbers are given in the order of first use, so compiling the same source twice gives the same program.
"""

from __future__ import annotations

from pagoda.machine.function import Function
from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.ruff.modules import Modules

# Symbols that native code knows by number (ops/control.py; the operators' methods: ops/slow.py); 0 is no symbol.
FIXED_SYMBOLS = (
    "", "Result", "Option", "Ok", "Err", "Some", "None",
    "op_add", "op_sub", "op_mul", "op_div", "op_mod", "op_eq", "op_ne", "op_lt", "op_le", "op_gt", "op_ge", "op_neg", "op_not",
)  # fmt: skip


class FunctionRef(Record, frozen=True):
    """A constant: a function without captures, as a value."""

    function: Function

    def __hash__(self) -> int:
        return id(self.function)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.function is self.function

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.function.name})"


class CodeRef(FunctionRef, frozen=True):
    """A constant word: the address of a function's code. ``captured``: the names of its closures' cells, for people."""

    captured: tuple[str, ...] = ()

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


class NoAnswer:
    """What the main function of a session's input gives that has no value; no program ever sees it."""


NO_ANSWER = NoAnswer()


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


class Names(Record, eq=False):
    """What all parts of one living program number together: symbols, and the globals of every module."""

    symbols: dict[str, int] = fresh(factory=lambda: {name: i for i, name in enumerate(FIXED_SYMBOLS)})
    globals: list[str] = fresh(factory=list)


class CompiledProgram(Record, eq=False):
    """Everything that is loaded at once: a program, a module, an input of a session. Inner functions stand before those that
    mention them.

    ``globals``: the numbers of the module's own globals. ``methods``: (type's symbol, method's symbol, function).
    ``relied``: builtins and functions whose names the code takes for granted. ``overloads``: whether a struct defines
    what an operator does with it; ``careful``: whether the code reckons with that wherever it comes from.
    ``path`` is the module's file, empty for the program itself; ``modules`` finds what it imports, where that is known.
    ``growing``: an input of a session, whose globals later inputs share; ``overwritten`` are those that have got a value.
    """

    functions: list[Function] = fresh(factory=list)
    main: Function | None = None
    globals: dict[str, int] = fresh(factory=dict)
    names: Names = fresh(factory=Names)
    methods: list[tuple[int, int, Function]] = fresh(factory=list)
    relied: set[str] = fresh(factory=set)
    overloads: bool = False
    careful: bool = False
    path: str = ""
    modules: Modules | None = None
    options: Options = Options()
    growing: bool = False
    overwritten: set[str] = fresh(factory=set)

    @property
    def symbols(self) -> dict[str, int]:
        """The numbers of field, method, type and tag names."""
        return self.names.symbols

    def symbol(self, name: str) -> int:
        """The number of a field, method, type or tag name."""
        return self.names.symbols.setdefault(name, len(self.names.symbols))

    def global_number(self, name: str) -> int:
        """The number of a global."""
        number = self.globals.get(name)
        if number is None:
            number = self.globals[name] = len(self.names.globals)
            self.names.globals.append(name)
        return number


class ImportRequest(Record, eq=False):
    """What an import statement asks of the host: a module, the names to bind (``None``: all) and the importing part.

    ``foreseen``: the names that the compiler found in the module's file, if it looked.
    """

    module: list[str]
    names: list[str] | None
    importer: CompiledProgram
    foreseen: frozenset[str] | None

    def __repr__(self) -> str:
        title = ".".join(self.module)
        return f"import {title}" if self.names is None else f"from {title} import {', '.join(self.names)}"
