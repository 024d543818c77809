"""The memory that a running program shares with native code: the context's fields, the heap, values as two words.

What must hold: everything native code points at is kept alive here.
"""

from __future__ import annotations

import ctypes

from pagoda.languages.ruff.execute.host import Host, word_at
from pagoda.languages.ruff.operations import recall
from pagoda.languages.ruff.values import Value
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.native.image import Image

TYPE_CHECKING = False
if TYPE_CHECKING:
    import mmap
    from typing import Any

STACK_BYTES = 64 << 20
MOST_STACK_BYTES = 1 << 30
USUAL_FRAME = 512  # bytes that a call takes, more or less
SPARE_BYTES = 4096  # above the stack's end, for the window of a call that is refused


class ProgramMemory:
    """The context in memory, and the native functions that work on it. ``counted``: calls are counted, to fail at the very
    depth that ``limits`` has."""

    host: Host

    def __init__(self, image: Image, limits: Limits, counted: bool) -> None:
        self.image, self.limits, self.counted = image, limits, counted
        self.kept: list[Any] = []
        self.layouts, self.slot_size = recall().layouts, recall().slot_size
        size, self.fields = self.layouts["RuffContext"]
        self.memory_block = ctypes.create_string_buffer(size)
        self.context = ctypes.addressof(self.memory_block)
        self.heap = 0
        self.entry_points()

    def entry_points(self) -> None:
        word, pointer = ctypes.c_int64, ctypes.c_void_p
        symbol = self.image.symbols
        bridge = "languages.ruff.bridge."
        self._start = ctypes.PYFUNCTYPE(word, pointer, word)(symbol[bridge + "start"])
        self._call = ctypes.PYFUNCTYPE(pointer, pointer, word, word, pointer)(symbol[bridge + "call_guest"])
        self._next = ctypes.PYFUNCTYPE(pointer, pointer, word)(symbol["languages.ruff.ops.generators.next_for_python"])
        self._task = ctypes.PYFUNCTYPE(pointer, pointer, word, word)(symbol[bridge + "start_task"])
        self._retain_row = ctypes.PYFUNCTYPE(None, pointer, word)(symbol[bridge + "retain_row"])
        self._release_row = ctypes.PYFUNCTYPE(None, pointer, pointer, word)(symbol["languages.ruff.ops.slow.release_row"])
        self._release = ctypes.PYFUNCTYPE(None, pointer, word, word)(symbol[bridge + "release_value"])
        self._show = ctypes.PYFUNCTYPE(None, pointer, word, word)(symbol[bridge + "show_value"])
        self._release_globals = ctypes.PYFUNCTYPE(None, pointer, word)(symbol[bridge + "release_globals"])
        self._heap_new = ctypes.PYFUNCTYPE(word)(symbol["runtime.heap.heap_new"])
        self._heap_destroy = ctypes.PYFUNCTYPE(None, word)(symbol["runtime.heap.heap_destroy"])
        self._shape_find = ctypes.PYFUNCTYPE(word, word, word, pointer, word)(symbol["runtime.structs.shape_find"])

    def get(self, name: str) -> int:
        return word_at(self.context + self.fields[name])

    def set(self, name: str, number: int) -> None:
        ctypes.c_int64.from_address(self.context + self.fields[name]).value = number

    def get_at(self, name: str, offset: int) -> int:
        return word_at(self.context + self.fields[name] + offset)

    def keep(self, item: Any) -> int:
        """The address of a ctypes array or Python object that lives as long as the program."""
        self.kept.append(item)
        return ctypes.addressof(item) if isinstance(item, ctypes.Array) else id(item)

    def lay_stack(self) -> mmap.mmap:
        """An empty register stack, which the context uses from now on; it lives as long as what is returned."""
        import mmap

        room = STACK_BYTES
        if self.counted:
            room = max(room, min(self.limits.max_depth * USUAL_FRAME, MOST_STACK_BYTES))
        made = mmap.mmap(-1, room + SPARE_BYTES, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        start = ctypes.addressof(ctypes.c_char.from_buffer(made))
        self.set("stack_start", start)
        self.set("stack_end", start if self.counted else start + room)
        self.set("exact_end", start + room if self.counted else 0)
        return made

    def heap_word(self, name: str, number: int | None = None) -> int:
        at = self.heap + self.layouts["Heap"][1][name]
        if number is not None:
            ctypes.c_int64.from_address(at).value = number
        return word_at(at)

    # -- values

    def retain(self, tag: int, payload: int) -> None:
        """One more reference to a value."""
        self._retain_row((ctypes.c_int64 * 2)(tag, payload), 1)

    def release(self, tag: int, payload: int) -> None:
        """Gives back a reference to a value."""
        if self.heap:
            self._release(self.context, tag, payload)

    def retain_row(self, row: Any, first: int = 0) -> None:
        """One more reference to every value in a row of words, from ``first`` on."""
        self._retain_row(ctypes.addressof(row) + 16 * first, (len(row) >> 1) - first)

    def release_row(self, row: Any, first: int = 0, end: int | None = None) -> None:
        """Gives up the references of a row of words, from ``first`` up to ``end``."""
        count = (len(row) >> 1 if end is None else end) - first
        if self.heap and count > 0:
            self._release_row(self.context, ctypes.addressof(row) + 16 * first, count)

    def plain(self, tag: int, payload: int) -> Value:
        """A value of the context as Python has it; containers only as far as an error message needs them."""
        if tag == 16 or tag == 17:
            return ctypes.cast(payload, ctypes.py_object).value
        if tag == 3:
            return ctypes.c_double.from_buffer(ctypes.c_int64(payload)).value
        if tag == 1:
            return bool(payload)
        if tag in (2, 4):
            return payload
        if tag >= 18:
            return self.value_of(tag, payload)
        return None

    def value_of(self, tag: int, payload: int) -> Value:
        """A value, borrowed, as Python has it: taken over the bridge by asking for it."""
        box: list[Value] = []
        self.host.services[255] = box.append
        self._show(self.context, tag, payload)
        del self.host.services[255]
        return box[0] if box else None
