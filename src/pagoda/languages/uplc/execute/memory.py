"""Memory that native code works in: regions of address space, and blocks for scripts that are kept.

What must hold: a region's pages cost nothing until they are touched; addresses stay good as long as the object lives.
"""

from __future__ import annotations

import ctypes
import mmap

_NORESERVE = getattr(mmap, "MAP_NORESERVE", 0x4000)
_SMALLEST = 1 << 20
_PAGE = mmap.PAGESIZE


class Region:
    """``size`` bytes of address space, all zero, from ``start`` to ``end``; less where the system has no more to give.

    Raises ``OSError`` or ``MemoryError`` where there is not even a megabyte, or ``size`` if that is less.
    """

    __slots__ = ("__weakref__", "_map", "end", "size", "start")

    def __init__(self, size: int) -> None:
        while True:
            try:
                self._map = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NORESERVE)
                break
            except (OSError, MemoryError):
                if size <= _SMALLEST:
                    raise
                size //= 2
        self.size = size
        self.start = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        self.end = self.start + size

    def give_back(self, above: int) -> None:
        """Gives the pages beyond the first ``above`` bytes back to the system; they read as zeros again."""
        above = -(-above // _PAGE) * _PAGE
        if above < self.size:
            self._map.madvise(mmap.MADV_DONTNEED, above, self.size - above)


class Blocks:
    """Regions whose sizes are powers of two, used again while they are warm. ``most``: bytes that are kept for that."""

    LEAST = 1 << 16

    def __init__(self, most: int = 64 << 20) -> None:
        self.most, self.kept = most, 0
        self._free: dict[int, list[Region]] = {}

    def take(self, size: int) -> Region:
        """A region of at least ``size`` bytes, whatever they hold. Raises ``OSError``, ``MemoryError``."""
        rounded = max(1 << (size - 1).bit_length(), self.LEAST)
        free = self._free.get(rounded)
        if free:
            try:
                region = free.pop()
            except IndexError:  # another thread was faster
                pass
            else:
                self.kept -= rounded
                return region
        region = Region(rounded)
        if region.size < size:
            raise MemoryError
        return region

    def put(self, region: Region) -> None:
        """Takes a region back that nobody uses any more."""
        if self.kept + region.size <= self.most:
            self.kept += region.size
            self._free.setdefault(region.size, []).append(region)


BLOCKS = Blocks()
