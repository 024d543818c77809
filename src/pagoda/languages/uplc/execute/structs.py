"""Structs that Python and native code share: memory of their own, fields by name."""

from __future__ import annotations

import ctypes

from pagoda.languages.uplc.execute.recalled import recall


class Shared:
    """A struct of words, all zero at first, at ``address``. ``words``: its memory; ``places``: where a field is in it."""

    def __init__(self, name: str) -> None:
        size, offsets = recall().layouts[name]
        self._memory = ctypes.create_string_buffer(size)
        self.address = ctypes.addressof(self._memory)
        self.words = memoryview(self._memory).cast("B").cast("q")
        self.places = {field: offset >> 3 for field, offset in offsets.items()}

    def __getitem__(self, field: str) -> int:
        number: int = self.words[self.places[field]]
        return number

    def __setitem__(self, field: str, number: int) -> None:
        self.words[self.places[field]] = number

    def at(self, field: str) -> int:
        """The address of a field."""
        return self.address + 8 * self.places[field]
