"""Bytecode listings in the words of the program: globals, builtins, fields, methods, tags and constants by name.

What must hold: the names are for people, and a number that nobody knows has none; no listing fails over one.
"""

from __future__ import annotations

from pagoda.languages.ruff.compile.program import CodeRef, FunctionRef, ImportRequest, ObjectRef, ShapeRef, WordRef
from pagoda.languages.ruff.library.numbering import BUILTINS
from pagoda.languages.ruff.ops.table import TABLE
from pagoda.languages.ruff.values import StructDefinition
from pagoda.machine.disassembler import disassemble
from pagoda.machine.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pagoda.languages.ruff.compile.program import CompiledProgram
    from pagoda.machine.function import Function


def listing(functions: Sequence[Function], compiled: CompiledProgram, source: Source) -> str:
    """The bytecode of functions of a program, beside their source."""
    names = RuffNames(compiled)
    texts = [disassemble(function, TABLE, source, names, names).rstrip() for function in functions]
    return "\n\n".join(texts) + "\n"


class RuffNames:
    """The names of one compiled program: a codec that only shows, and a naming of operands."""

    def __init__(self, compiled: CompiledProgram) -> None:
        self.symbols = list(compiled.symbols)
        self.globals = compiled.names.globals
        codes = [item for function in compiled.functions for item in function.constants if isinstance(item, CodeRef)]
        self.captured = {id(code.function): code.captured for code in codes}

    # -- constants

    def show(self, constant: Any) -> str:
        """A constant in one line, as a user of the language would write or call it."""
        if constant is None:
            return "null"
        if isinstance(constant, bool):
            return "true" if constant else "false"
        if isinstance(constant, str):
            import json

            return json.dumps(constant, ensure_ascii=False)
        if isinstance(constant, CodeRef):
            return f"code of {constant.function.name}, which captures {', '.join(constant.captured)}"
        if isinstance(constant, FunctionRef):
            return f"function {constant.function.name}"
        if isinstance(constant, ShapeRef):
            return f"struct {self.symbol(constant.name)} {{ {', '.join(map(self.symbol, constant.fields))} }}"
        if isinstance(constant, WordRef):
            return f"word {constant.number}"
        if isinstance(constant, ObjectRef):
            return self.show_object(constant.item)
        return repr(constant)

    def show_object(self, item: Any) -> str:
        if isinstance(item, StructDefinition):
            return f"definition of struct {item.name}"
        if isinstance(item, ImportRequest):
            return repr(item)
        return f"a {type(item).__name__}"

    def read(self, text: str) -> Any:
        """Listings are for people."""
        raise ValueError("a listing of a program is not read back")

    # -- operands

    def name(self, function: Function, operation: str, field: str, letter: str, number: int) -> str:
        """See :class:`pagoda.machine.disassembler.Naming`."""
        if letter == "G":
            return self.globals[number] if number < len(self.globals) else ""
        if letter == "C":
            cells = self.captured.get(id(function), ())
            return cells[number] if number < len(cells) else ""
        if field == "symbol":
            return self.symbol(number)
        if field == "number" and operation.startswith("call_"):  # a builtin's, whichever operation calls it
            return BUILTINS[number] if 0 <= number < len(BUILTINS) else ""
        if letter != "K" or number >= len(function.constants):
            return ""
        constant = function.constants[number]
        if field == "names" and isinstance(constant, WordRef):
            owner, member = self.symbol(constant.number >> 32), self.symbol(constant.number & 0xFFFFFFFF)
            if operation == "define_method":
                return f"{owner}.{member}" if member else f"{owner}, no methods yet"
            return f"{owner}::{member}" if owner else member
        if field == "fields" and isinstance(constant, WordRef):
            named = [str(step) for step in range(constant.number.bit_length()) if constant.number >> step & 1]
            return f"steps {', '.join(named)} by field" if named else "all steps by index"
        return ""

    def symbol(self, number: int) -> str:
        return self.symbols[number] if 0 <= number < len(self.symbols) else ""
