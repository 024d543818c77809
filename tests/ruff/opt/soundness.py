"""What must hold of a program's memory when it is over, whatever storeys it ran on; looked at before it is given back.

No slot of the register stack looks as if it owned something: else a frame that comes to lie there would release it once more. And the
heap's lists of free blocks lead from block to block: a reference that is counted on a freed block would bend them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from pagoda.languages.ruff.execute.host import word_at
from pagoda.runtime.heap import CLASSES
from pagoda.runtime.pairs import COUNTED, GENERATOR

LOOKED_AT = 1 << 16  # bytes of the register stack
LONGEST = 100_000  # blocks of a list


def watch(loaded: Any) -> None:
    """Has a loaded program looked at when it is closed; what is wrong then is raised as an ``AssertionError``."""
    loaded.close = looking(loaded, loaded.close)


def looking(loaded: Any, close: Callable[[], int]) -> Callable[[], int]:
    def look_and_close() -> int:
        found = [*stale_slots(loaded), *bent_lists(loaded)]
        left = close()
        assert not found, found[:5]
        return left

    return look_and_close


def stale_slots(loaded: Any) -> list[str]:
    """Slots of the register stack that hold a counted value."""
    start = loaded.get("stack_start")
    size = min(LOOKED_AT, len(loaded.stack_map))
    words = (ctypes.c_int64 * (size // 8)).from_address(start)[::2]
    return [f"slot {number} holds a value of kind {word}" for number, word in enumerate(words) if COUNTED <= word <= GENERATOR]


def bent_lists(loaded: Any) -> list[str]:
    """Free blocks that are at no block's place."""
    found = []
    first = loaded.heap + loaded.layouts["Heap"][1]["free"]
    for number in range(CLASSES):
        block, seen = word_at(first + 8 * number), 0
        while block and seen < LONGEST:
            if block & 15:
                found.append(f"a free block of class {number} at {block:#x}")
                break
            block, seen = word_at(block), seen + 1
    return found
