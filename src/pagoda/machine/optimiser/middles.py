"""What is loaded beside a language's image: objects of helpers, cached by their text, and the table by which a frame in memory
finds compiled code that goes on in it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from pagoda.native.cache import Cache, make_key
from pagoda.native.image import Image


def cached_object(text: str) -> bytes:
    """The object of a unit's text, from the cache or emitted."""
    from pagoda.native.emit import emit_object

    cache, key = Cache(), make_key(["unit", text])
    entry = cache.get(key)
    if entry is not None:
        return entry.object
    content = emit_object(text)
    cache.put(key, content)
    return content


class Middles:
    """Compiled code that begins in the middle of functions, as ``resume`` finds it: entries by the address of an instruction.

    What must hold: a row is gone before the memory of its instruction may be another's.
    """

    known: ClassVar[dict[int, Middles]] = {}  # by the address of the helpers' own row

    def __init__(self, head: int) -> None:
        self.head = ctypes.c_int64.from_address(head)
        self.entries: dict[int, int] = {}
        self.tables: list[Any] = []  # all that there were are kept: another thread may be looking

    @classmethod
    def of(cls, name: str, image: Image) -> Middles:
        """Those of the language ``name``."""
        head = image[f"{name}.opt.middles"]
        return cls.known.setdefault(head, cls(head))

    def change(self, added: Mapping[int, int], removed: Iterable[int] = ()) -> None:
        """Adds rows and removes others, by a new table."""
        for place in removed:
            self.entries.pop(place, None)
        self.entries.update(added)
        size = 4
        while size < 2 * len(self.entries) + 2:
            size *= 2
        table = (ctypes.c_int64 * (2 * size + 1))(size - 1)
        for place, entry in self.entries.items():
            at = place >> 3 & size - 1
            while table[2 * at + 1]:
                at = at + 1 & size - 1
            table[2 * at + 1], table[2 * at + 2] = place, entry
        self.tables.append(table)
        self.head.value = ctypes.addressof(table)
