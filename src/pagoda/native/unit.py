"""A unit: the LLVM text of one module of native functions, what it defines and what it imports.

What must hold: the text contains no address; everything outside is named and resolved when the unit is loaded. Functions of
other modules are declared here and defined in theirs.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from pagoda.native import types
from pagoda.native.errors import NativeError
from pagoda.native.functions import NativeFunction
from pagoda.native.lower import lower_function

CHECK_ADDRESS = """\
define internal void @pagoda.check(ptr %p, i64 %align) alwaysinline nounwind {
  %a = ptrtoint ptr %p to i64
  %low = icmp ult i64 %a, 4096
  %mask = sub i64 %align, 1
  %rest = and i64 %a, %mask
  %off = icmp ne i64 %rest, 0
  %bad = or i1 %low, %off
  br i1 %bad, label %trap, label %fine
trap:
  call void @llvm.trap()
  unreachable
fine:
  ret void
}"""


class Unit:
    """The text of one module's native functions. ``checked`` makes overflow and bad pointers traps.

    ``module`` is the module's name; a function belongs to the unit when it was defined in that module. Functions that are no
    names of the module (made inside test functions, say) can be added by :meth:`define`. A ``whole`` unit defines whatever it
    refers to, of any module.
    """

    def __init__(self, module: str, *, checked: bool = False, whole: bool = False) -> None:
        self.module, self.checked, self.whole = module, checked, whole
        self.declarations: dict[str, str] = {}
        self.constants: dict[bytes, str] = {}
        self.functions: dict[str, NativeFunction[Any, Any]] = {}
        self.texts: list[str] = []
        self.imports: dict[str, NativeFunction[Any, Any]] = {}
        self.metadata: dict[str, int] = {}
        self.pending: list[NativeFunction[Any, Any]] = []

    @classmethod
    def of_module(cls, module: ModuleType | str, *, checked: bool = False) -> Unit:
        """The unit of all native functions that a module defines."""
        if isinstance(module, str):
            __import__(module)
            module = sys.modules[module]
        unit = cls(module.__name__, checked=checked)
        for item in list(vars(module).values()):
            own = isinstance(item, NativeFunction) and item.__module__ == module.__name__
            if own and not item.inlined and not item.external:
                unit.define(item)
        return unit

    def define(self, function: NativeFunction[Any, Any]) -> None:
        """Adds a function's text, once."""
        known = self.functions.get(function.symbol)
        if known is function:
            return
        if known is not None:
            self.rename(function)
        self.functions[function.symbol] = function
        self.pending.append(function)
        if len(self.pending) > 1:
            return  # the loop below, further up the stack, comes to it
        try:
            while self.pending:
                self.texts.append(lower_function(self, self.pending[0]))
                self.pending.pop(0)
        except BaseException:
            for unfinished in self.pending:
                self.functions.pop(unfinished.symbol, None)
            self.pending.clear()
            raise

    def rename(self, function: NativeFunction[Any, Any]) -> None:
        """Gives a function made inside another one a symbol of its own: each call of the maker makes one of the same name."""
        if not function.local:
            message = f"two functions are called {function.symbol}"
            raise NativeError(message, function.file, function.python.__code__.co_firstlineno, 1)
        symbol, number = function.symbol, 2
        while self.functions.get(f"{symbol}.{number}", function) is not function:
            number += 1
        function.symbol = f"{symbol}.{number}"

    def reference(self, function: NativeFunction[Any, Any]) -> str:
        if function.inlined:
            raise TypeError(f"{function.__name__} is inline and has no address")
        if not function.external and (self.whole or function.__module__ == self.module):
            self.define(function)
        elif function.symbol not in self.imports:
            self.imports[function.symbol] = function
            self.declarations[function.symbol] = declaration(function)
        return f'@"{function.symbol}"'

    def declare(self, name: str, text: str) -> None:
        self.declarations.setdefault(name, text)

    def bytes_constant(self, data: bytes) -> str:
        return self.constants.setdefault(data, f"@literal.{len(self.constants)}")

    def add_text(self, text: str) -> None:
        """Adds text written elsewhere: a dispatch table, a handler."""
        self.texts.append(text)

    def render(self) -> str:
        """The unit's whole LLVM text."""
        declarations = dict(self.declarations)
        checks = declarations.pop("pagoda.check", None)
        parts = []
        if checks is not None:
            declarations["llvm.trap"] = "declare void @llvm.trap() cold noreturn nounwind"
            parts.append(CHECK_ADDRESS)
        defined = set(self.functions)
        heads = [text for name, text in declarations.items() if name not in defined]
        for data, name in self.constants.items():
            spelled = "".join(f"\\{byte:02X}" for byte in data + b"\0")
            heads.append(f'{name} = private unnamed_addr constant [{len(data) + 1} x i8] c"{spelled}"')
        metadata = "".join(f"\n!{number + 2} = {text}" for text, number in self.metadata.items())
        tail = '!0 = !{!"branch_weights", i32 2000, i32 1}\n!1 = !{!"branch_weights", i32 1, i32 2000}'
        return "\n\n".join(["\n".join(heads), *parts, *self.texts, tail + metadata]) + "\n"

    def note(self, text: str) -> str:
        """The name of a metadata node."""
        return f"!{self.metadata.setdefault(text, len(self.metadata)) + 2}"


def declaration(function: NativeFunction[Any, Any]) -> str:
    """The LLVM declaration of a function defined elsewhere."""
    parameters, result = function.signature
    listed = ", ".join(part.text for _, kind in parameters if kind is not None for part in types.flatten(kind))
    assert result is not None
    flags = " cold" if function.cold else ""
    return f'declare {types.shape_text(result)} @"{function.symbol}"({listed}) nounwind{flags}'
