"""Compiled code in memory: emitted, loaded beside a language's image, and made the entry of its functions.

What must hold: the object names everything outside by symbol (``code.N`` is the ``Code`` of function N, filled in here),
so it could be loaded from a cache by another process.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Mapping, Sequence

from pagoda.machine.context import Code
from pagoda.machine.optimiser.compiler import Compiler, Request
from pagoda.machine.optimiser.middles import Middles, cached_object
from pagoda.machine.optimiser.outlined import handler_unit, symbol_of
from pagoda.native.image import Image
from pagoda.native.loader import LoadedUnit, load
from pagoda.native.types import layout_of


class Installed:
    """A compiled group in memory. ``seconds``: what LLVM took. To be disabled before the functions' memory goes away."""

    def __init__(
        self, unit: LoadedUnit, compiler: Compiler, codes: Mapping[int, int], text: str, seconds: float, middles: Middles | None
    ) -> None:  # fmt: skip
        self.unit, self.compiler, self.codes, self.text, self.seconds = unit, compiler, codes, text, seconds
        self.middles = middles

    def entry(self, request: Request) -> int:
        """The address of the code of a request, to be called with context, code and registers."""
        return self.unit[f"{request.symbol}.entry"]

    def place(self, request: Request) -> int:
        """The address of the instruction that a request begins at."""
        return words_of(self.codes[request.identity]) + 8 * request.starts[request.graph.start]

    def _compiled(self, identity: int) -> ctypes.c_int64:
        return ctypes.c_int64.from_address(self.codes[identity] + layout_of(Code).fields["compiled"][1])

    def enable(self) -> None:
        """Calls enter the compiled code from now on."""
        for identity, request in self.compiler.requests.items():
            self._compiled(identity).value = self.entry(request)
        if self.compiler.middles:
            assert self.middles is not None, "the storey's helpers are loaded first"
            self.middles.change({self.place(request): self.entry(request) for request in self.compiler.middles})

    def disable(self) -> None:
        """Calls enter the interpreter again."""
        for identity in self.compiler.requests:
            self._compiled(identity).value = 0
        if self.compiler.middles and self.middles is not None:
            self.middles.change({}, [self.place(request) for request in self.compiler.middles])

    def exits(self, identity: int) -> list[int]:
        """How often the function exited, for each of its places; see :meth:`exit_places`."""
        return self._exits(self.compiler.requests[identity])

    def _exits(self, request: Request) -> list[int]:
        count = len(request.places)
        return list((ctypes.c_int64 * max(count, 1)).from_address(self.unit[f"{request.symbol}.exits"]))[:count]

    def exit_places(self, identity: int) -> list[int]:
        """The instructions at which the function can exit."""
        return self.compiler.requests[identity].places

    def exited(self) -> int:
        """All exits together."""
        return sum(sum(self._exits(request)) for request in self.compiler.every())


def words_of(code: int) -> int:
    """Where the instructions of the ``Code`` at an address begin."""
    return ctypes.c_int64.from_address(code + layout_of(Code).fields["entry"][1]).value


def add_handlers(compiler: Compiler, image: Image) -> None:
    """Loads those outlined handlers that a compiled group calls and that the image does not have yet."""
    for op in sorted(compiler.handlers, key=lambda op: op.name):
        if symbol_of(compiler.model, op) not in image.symbols:
            image.add(cached_object(handler_unit(compiler.model, op).render()))


def install(
    compiler: Compiler, image: Image, codes: Mapping[int, int], *, level: int = 2, passes: Sequence[str] | None = None,
    codegen: int | None = None, objects: dict[str, bytes] | None = None,
) -> Installed:  # fmt: skip
    """Compiles the group and loads it. ``codes``: the addresses of the functions' ``Code`` by identity.

    ``objects`` remembers objects by their text.
    """
    from pagoda.native.emit import emit_object

    text = compiler.compile()
    started = time.process_time()
    content = None if objects is None else objects.get(text)
    if content is None:
        content = emit_object(text, level=level, passes=passes, codegen=codegen)
        if objects is not None:
            objects[text] = content
    seconds = time.process_time() - started
    add_handlers(compiler, image)
    imports = dict(image.symbols)
    for identity, address in codes.items():
        imports[f"code.{identity}"] = address
        imports[f"caller.{identity}"] = -words_of(address)
    middles = Middles.of(compiler.model.name, image) if f"{compiler.model.name}.opt.middles" in image.symbols else None
    return Installed(load(content, imports), compiler, codes, text, seconds, middles)
