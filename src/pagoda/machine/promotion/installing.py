"""Compiled code in memory: loaded beside the language's image, with the counters of its exits.

What must hold: loading imports neither LLVM nor the optimiser; nothing enters the code before :meth:`Loaded.enable`; the memory
is given back only by :meth:`Loaded.unmap`, when no frame can be inside it.
"""

from __future__ import annotations

import ctypes

from pagoda.machine.linker import Linked
from pagoda.native.image import Image
from pagoda.native.loader import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Entry:
    """One way into compiled code: a function's own, or one at an instruction of it. ``registers``: the kinds that registers
    must have to enter there."""

    __slots__ = ("_counters", "address", "number", "places", "registers", "start")

    def __init__(self, row: Any, symbols: dict[str, int]) -> None:
        self.number, self.start, entry, exits, self.places, registers = row
        self.address = symbols[entry]
        self.registers: list[tuple[int, int]] = [(register, tag) for register, tag in registers]
        self._counters = (ctypes.c_int64 * max(len(self.places), 1)).from_address(symbols[exits])

    def exits(self) -> dict[int, int]:
        """How often it was left, by instruction."""
        found: dict[int, int] = {}
        for place, count in zip(self.places, self._counters, strict=False):
            if count:
                found[place] = found.get(place, 0) + count
        return found


class Loaded:
    """A compiled group of the language ``name``. ``members``: its functions by their numbers. Raises ``LoadError``, or
    ``KeyError`` and its kin for what is no product of :func:`~pagoda.machine.promotion.building.build`."""

    def __init__(self, product: dict[str, Any], members: list[Linked], image: Image, name: str) -> None:
        for symbol, content in product["parts"]:
            if symbol not in image.symbols:
                image.add(content)
        codes = {}
        for number, linked in enumerate(members):
            codes[f"code.{number}"] = linked.address
            codes[f"caller.{number}"] = -ctypes.addressof(linked.words)  # see the header of a frame
        self.members = members
        # What compiled code calls and is not compiled with it is counted, as the interpreter counts its calls.
        own = {"run": "enter", "stray": "stray"}
        counting = {f"{name}.opt.{helper}": image[f"{name}.promotion.{symbol}"] for helper, symbol in own.items()}
        self.unit = load(product["object"], {**image.symbols, **codes, **counting})
        self.size = len(product["object"])
        self.entries = [Entry(row, self.unit.symbols) for row in product["rows"]]

    def entry(self, number: int, start: int | None) -> Entry | None:
        """The entry of a function, or of its part from an instruction on."""
        return next((e for e in self.entries if e.number == number and e.start == start), None)

    def exits(self) -> dict[tuple[int, int], int]:
        """How often any of its functions was left, by the function's number and the instruction."""
        found: dict[tuple[int, int], int] = {}
        for entry in self.entries:
            for index, count in entry.exits().items():
                found[entry.number, index] = found.get((entry.number, index), 0) + count
        return found

    def place(self, entry: Entry) -> int:
        """The address of the instruction that an entry begins at; 0 for a function's own."""
        if entry.start is None:
            return 0
        linked = self.members[entry.number]
        at: int = ctypes.addressof(linked.words) + 8 * linked.starts[entry.start]
        return at

    def unmap(self) -> None:
        """Gives the memory back."""
        self.entries.clear()
        self.unit.unmap()
