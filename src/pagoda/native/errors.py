"""The error of typed Python: it points at the Python line that native code cannot mean."""

from __future__ import annotations


class NativeError(Exception):
    """Code outside the native subset, or of the wrong type. ``file``, ``line``, ``column`` (from 1) say where.

    ``trail`` names the calls through which inline functions led there, innermost first.
    """

    def __init__(self, message: str, file: str, line: int, column: int, trail: tuple[str, ...] = ()) -> None:
        self.message, self.file, self.line, self.column, self.trail = message, file, line, column, trail
        import linecache  # here: programs that define native functions start without it

        source = linecache.getline(file, line).rstrip("\n")
        text = f"{file}:{line}:{column}: {message}"
        if source:
            # columns count UTF-8 bytes, as Python's syntax trees do; the caret must stand under a character
            before = source.encode()[: column - 1].decode(errors="ignore")
            text += f"\n  {source}\n  {''.join(c if c == chr(9) else ' ' for c in before)}^"
        for place in trail:
            text += f"\n  inlined from {place}"
        super().__init__(text)
