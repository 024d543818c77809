"""What native code knows of a program by number: its code, symbols, globals, methods, shapes and builtins.

All of it may grow while the program runs: a module, or an input of a session, brings code of its own. What must hold: a number
that was given keeps its meaning, and a place of a global that native code holds stays where it is.
"""

from __future__ import annotations

import ctypes
import mmap

from pagoda.languages.ruff.compile.program import CodeRef, CompiledProgram, FunctionRef, ObjectRef, ShapeRef, WordRef
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.execute.host import FUNCTION_TAG, HOLE_TAG, VmFunction, word_at
from pagoda.languages.ruff.execute.memory import ProgramMemory
from pagoda.languages.ruff.library.numbering import BUILTINS, NUMBERS
from pagoda.languages.ruff.library.registry import CONSTANTS, get
from pagoda.languages.ruff.methods import LAST_EPOCH, METHOD_STEP
from pagoda.languages.ruff.operations import recall
from pagoda.languages.ruff.values import Builtin
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.machine.function import Function
from pagoda.machine.linker import Linked, Linker, TooLarge
from pagoda.native.image import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.machine.source import Source

MOST_GLOBALS = 1 << 16


class ProgramTables(ProgramMemory):
    """The tables of a program. ``compiled`` is what it began with; its names are those of all parts."""

    def __init__(self, compiled: CompiledProgram, image: Image, limits: Limits, counted: bool) -> None:
        super().__init__(image, limits, counted)
        self.compiled = compiled
        self.linker = Linker(self, recall().table, self.layouts["Code"])
        self.linked: dict[int, Linked] = {}
        self.by_code: dict[int, Linked] = {}
        self.starts: list[int] = []  # where the instructions of each function begin, in order, and its code
        self.owners: list[int] = []
        self.sources: dict[int, Source] = {}  # by code: those of modules
        self.names: list[str] = []
        self.symbols = compiled.symbols
        self.global_names = compiled.names.globals
        self.globals_made = 0
        self.methods: dict[tuple[str, str], VmFunction] = {}
        self.method_rows: dict[tuple[int, int], int] = {}
        self.method_table = self.name_row = (ctypes.c_int64 * 0)()
        self.shapes: dict[int, tuple[str, tuple[str, ...]]] = {}
        # Address space for as many globals as instructions can name.
        row = mmap.mmap(-1, 16 * MOST_GLOBALS, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.globals_row = (ctypes.c_int64 * (2 * MOST_GLOBALS)).from_buffer(row)
        self.set("globals", ctypes.addressof(self.globals_row))

    # -- code

    def extend(self, compiled: CompiledProgram, source: Source | None = None) -> int:
        """Adds code to the living program, which may be running; the address of its main function, which nobody has run yet.

        ``compiled`` shares its names with the program. ``source``: the module's own. Raises ``TooLarge``.
        """
        self.show_names()
        for function in compiled.functions:
            linked = self.linker.link(function, len(self.linked))
            self.linked[id(function)] = linked
            self.by_code[linked.address] = linked
            if source is not None:
                self.sources[linked.address] = source
        self.show_globals()
        self.add_methods(compiled.methods)
        if compiled.overloads:
            self.set("overloads", 1)
        assert compiled.main is not None
        return self.linked[id(compiled.main)].address

    def constant(self, item: Any) -> tuple[int, int]:
        """A constant as the two words of its value."""
        if item is None:
            return 0, 0
        if item is True or item is False:
            return 1, int(item)
        if isinstance(item, int):
            return 2, item
        if isinstance(item, float):
            return 3, ctypes.c_int64.from_buffer(ctypes.c_double(item)).value
        if isinstance(item, str):
            return 16, self.keep(item)
        if isinstance(item, CodeRef):
            return 2, self.linked[id(item.function)].address
        if isinstance(item, FunctionRef):
            return FUNCTION_TAG, self.linked[id(item.function)].address
        if isinstance(item, ShapeRef):
            return 2, self.shape_address(self.names[item.name], tuple(self.names[f] for f in item.fields))
        if isinstance(item, WordRef):
            return 2, item.number
        assert isinstance(item, ObjectRef)
        return 17, self.keep(item.item)

    # -- globals

    def show_globals(self) -> None:
        """Gives new globals what they hold before anybody defines them. Raises ``TooLarge``."""
        if len(self.global_names) > MOST_GLOBALS:
            raise TooLarge("the program has too many global variables")
        for number in range(self.globals_made, len(self.global_names)):
            self.globals_row[2 * number], self.globals_row[2 * number + 1] = self.first_value(self.global_names[number], number)
        self.globals_made = len(self.global_names)

    def first_value(self, name: str, number: int) -> tuple[int, int]:
        """What a global holds before the program runs."""
        if name in NUMBERS:
            return 4, NUMBERS[name]
        if name in CONSTANTS:
            return self.constant(CONSTANTS[name])
        return 5, number

    def get_global(self, number: int) -> tuple[int, int]:
        """The two words of a global's value, borrowed."""
        return self.globals_row[2 * number], self.globals_row[2 * number + 1]

    def set_global(self, number: int, words: tuple[int, int]) -> None:
        """Gives a global a value, which is borrowed."""
        before = self.get_global(number)
        self.retain(*words)
        self.globals_row[2 * number], self.globals_row[2 * number + 1] = words
        self.release(*before)

    # -- symbols and shapes

    def symbol(self, name: str) -> int:
        number = self.symbols.get(name)
        if number is None:
            number = self.symbols[name] = len(self.symbols)
            self.show_names()
        return number

    def show_names(self) -> None:
        """Gives native code the strings of all symbols; there is room for more, which the row takes as they come."""
        count = len(self.names)
        self.names += list(self.symbols)[count:]
        if len(self.names) > len(self.name_row):
            self.name_row = (ctypes.c_int64 * (2 * len(self.names)))(*map(id, self.names))
            self.set("names", ctypes.addressof(self.name_row))
            return
        for number in range(count, len(self.names)):
            self.name_row[number] = id(self.names[number])

    def symbol_name(self, number: int) -> str:
        return self.names[number]

    def shape_address(self, name: str, fields: tuple[str, ...]) -> int:
        symbols = (ctypes.c_int64 * max(len(fields), 1))(*(self.symbol(field) for field in fields))
        address: int = self._shape_find(self.heap, self.symbol(name), symbols, len(fields))
        if not address:
            raise MemoryError
        self.shapes.setdefault(address, (name, fields))
        return address

    def shape(self, address: int) -> tuple[str, tuple[str, ...]]:
        found = self.shapes.get(address)
        if found is None:
            at = {name: word_at(address + place) for name, place in self.layouts["Shape"][1].items()}
            row = tuple(self.names[word_at(at["symbols"] + 8 * index)] for index in range(at["count"]))
            found = self.shapes[address] = (self.names[at["name"]], row)
        return found

    # -- methods, builtins and functions

    def add_methods(self, methods: list[tuple[int, int, Function]]) -> None:
        """Makes room for methods in the table, in which they are holes until the struct's definition is reached."""
        known = dict.fromkeys(self.method_rows)
        known.update(dict.fromkeys((owner, symbol) for owner, symbol, _ in methods))
        if len(known) == len(self.method_rows) and self.method_table:
            return
        size = 8
        while size < 2 * len(known):
            size *= 2
        rows = (ctypes.c_int64 * (4 * size))()
        for owner, symbol in known:
            at = (owner * 31 + symbol) & (size - 1)
            while rows[4 * at]:
                at = (at + 1) & (size - 1)
            before = self.method_rows.get((owner, symbol))
            value = [HOLE_TAG, 0] if before is None else self.method_table[before : before + 2]
            rows[4 * at : 4 * at + 4] = [owner, symbol, *value]
            self.method_rows[owner, symbol] = 4 * at + 2
        self.method_table = rows
        self.methods_changed()
        self.set("methods", ctypes.addressof(rows))
        self.set("method_mask", size - 1)

    def method(self, owner: str, name: str) -> VmFunction | None:
        return self.methods.get((owner, name))

    def define_method(self, owner: int, symbol: int, function: VmFunction | None) -> None:
        """A struct's definition was reached: without a function, all its methods end; with one, that is another."""
        if function is not None:
            at = self.method_rows.get((owner, symbol), -1)
            if at < 0 or not isinstance(function, VmFunction):
                raise RuffError("Not a method")  # no compiler asks for that
            self.methods[self.names[owner], self.names[symbol]] = function
            self.method_table[at], self.method_table[at + 1] = function.tag, function.payload
            self.methods_changed()
            return
        for (type_symbol, name), at in self.method_rows.items():
            if type_symbol == owner and self.methods.pop((self.names[owner], self.names[name]), None) is not None:
                self.method_table[at] = HOLE_TAG
        self.methods_changed()

    def method_at(self, place: int) -> int:
        """The code of the method that the table holds at a place."""
        return self.method_table[place] if place < len(self.method_table) else 0

    def methods_changed(self) -> None:
        """What calls have noted of methods holds no longer."""
        self.set("method_epoch", min(self.get("method_epoch") + METHOD_STEP, LAST_EPOCH))

    def builtin(self, number: int) -> Builtin:
        found = get(BUILTINS[number])
        assert found is not None
        return found

    def builtin_number(self, builtin: Builtin) -> int:
        return NUMBERS[builtin.name]

    def function_name(self, kind: int, identity: int) -> str:
        code = identity if kind == 2 else word_at(identity + 16)
        return self.by_code[code].function.name
