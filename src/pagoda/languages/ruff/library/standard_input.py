"""Lines of the standard input, taken so that waiting for one can be cut short: nothing blocks in a read.

What must hold: whoever reads lines of a descriptor in this process uses its one reader, which keeps what it has read too much.
"""

from __future__ import annotations

import os

from pagoda.languages.ruff.library.waiting import TICK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PIECE = 64 * 1024
_readers: dict[int, LineReader] = {}


class LineReader:
    """Reads lines of a descriptor."""

    __slots__ = ("descriptor", "rest")

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.rest = b""

    def line(self, context: Any) -> str:
        """The next line without its end; empty when there is none."""
        import select

        watch = select.poll()
        watch.register(self.descriptor, select.POLLIN)
        pieces = [self.rest]
        while b"\n" not in pieces[-1]:
            while not watch.poll(TICK * 1000):
                context.poll()
            piece = os.read(self.descriptor, _PIECE)
            if not piece:
                break
            pieces.append(piece)
        found, _, self.rest = b"".join(pieces).partition(b"\n")
        return found.decode("utf-8", "replace").rstrip("\r\n")


def read_line(context: Any) -> str:
    """The next line of the standard input without its end; empty at its end."""
    import sys

    stream = sys.stdin
    if stream is None:
        return ""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):  # not a file: somebody has put something else in its place
        return stream.readline().rstrip("\r\n")
    if descriptor not in _readers:
        _readers[descriptor] = LineReader(descriptor)
    try:
        return _readers[descriptor].line(context)
    except OSError:
        return ""
