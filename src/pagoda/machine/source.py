"""Source text, places in it, and the diagnostics that point at it.

A :class:`Source` is a name and a text; a place is a character offset; a span is a pair of offsets ``(start, end)``. A line
ends at ``\\n``, ``\\r\\n`` or a lone ``\\r``, whatever the language. Every front end reports mistakes as
:class:`Diagnostic` values, and :func:`render` is the only place that turns one into text for a person. What must hold: any
span, even one outside the text, can be rendered; the text is plain and no line of a picture is wider than about 120
columns.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Span: TypeAlias = tuple[int, int]

_LINE_END = re.compile(r"\r\n|\n|\r")
_TAB_WIDTH = 4
_PICTURE_WIDTH = 110
_LEAD = 40  # how many characters of a cut line stay visible before the caret


class Source:
    """A named text with a table of its lines, which is made when first asked for."""

    __slots__ = ("name", "text", "_starts")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    @property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins; the first is 0."""
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self._starts

    @property
    def line_count(self) -> int:
        return len(self.line_starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset; offsets outside the text count as its nearest end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_bounds(self, line: int) -> Span:
        """Where a 1-based line begins and ends, without its line ending."""
        starts = self.line_starts
        begin = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.text)
        while end > begin and self.text[end - 1] in "\r\n":
            end -= 1
        return begin, end

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its line ending."""
        begin, end = self.line_bounds(line)
        return self.text[begin:end]


class Diagnostic(Record):
    """One finding about a source: what is wrong, where, and what may help.

    ``severity`` is ``"error"`` or ``"warning"``. ``hint`` is one sentence of advice or empty; ``notes`` are further facts.
    """

    code: str
    severity: str
    message: str
    span: Span
    hint: str = ""
    notes: list[str] = fresh(factory=list)


class DiagnosticError(Exception):
    """A source that cannot be used, with every reason found in one go."""

    def __init__(self, diagnostics: list[Diagnostic], source: Source) -> None:
        first = diagnostics[0].message if diagnostics else "invalid source"
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        super().__init__(f"{source.name}: {first}{more}")
        self.diagnostics = diagnostics
        self.source = source

    def render(self) -> str:
        """All diagnostics as text, with an empty line between them."""
        return "\n\n".join(render(diagnostic, self.source) for diagnostic in self.diagnostics)


def render(diagnostic: Diagnostic, source: Source) -> str:
    """A diagnostic as plain text: heading, place, the source line with a marker below it, hint and notes."""
    start = min(max(diagnostic.span[0], 0), len(source.text))
    end = min(max(diagnostic.span[1], start), len(source.text))
    line, column = source.position(start)
    code = f"[{diagnostic.code}]" if diagnostic.code else ""
    number = str(line)
    gutter = " " * len(number)
    shown, marker = _picture(source, line, start, end)
    lines = [
        f"{diagnostic.severity}{code}: {diagnostic.message}",
        f"{gutter}--> {source.name}:{line}:{column}",
        f"{gutter} |",
        f"{number} | {shown}".rstrip(),
        f"{gutter} | {marker}",
    ]
    if diagnostic.hint:
        lines.append(f"{gutter} = hint: {diagnostic.hint}")
    lines.extend(f"{gutter} = note: {note}" for note in diagnostic.notes)
    return "\n".join(lines)


def _picture(source: Source, line: int, start: int, end: int) -> tuple[str, str]:
    """The line as shown and the marker under it: both cut to a window that holds the start of the span."""
    begin, stop = source.line_bounds(line)
    first = 0
    text = source.text
    before, after = "", ""
    if stop - begin > _PICTURE_WIDTH:
        first = max(0, min(start - begin - _LEAD, stop - begin - _PICTURE_WIDTH))
        before = "..." if first > 0 else ""
        after = "..." if begin + first + _PICTURE_WIDTH < stop else ""
    window_start = begin + first
    window_end = min(stop, window_start + _PICTURE_WIDTH)
    shown = [before]
    marker = [" " * len(before)]
    width = 0
    marked = False
    for offset in range(window_start, window_end):
        cell = _cell(text[offset], width)
        cells = _columns(cell)
        if width + cells > _PICTURE_WIDTH and marked:  # tabs and wide letters may fill the window early
            after = "..."
            break
        shown.append(cell)
        width += cells
        if start <= offset < max(end, start + 1):
            marker.append("^" * cells)
            marked = True
        elif offset < start:
            marker.append(" " * cells)
    if not marked:  # the span begins at the end of the line or of the text
        marker.append("^")
    shown.append(after)
    return "".join(shown), "".join(marker)


def _cell(char: str, column: int) -> str:
    """How one character is shown: tabs as spaces up to the next stop, what cannot be printed as its code."""
    if char == "\t":
        return " " * (_TAB_WIDTH - column % _TAB_WIDTH)
    if char.isprintable():
        return char
    return f"\\u{{{ord(char):x}}}"


def _columns(cell: str) -> int:
    """How many columns of a terminal a shown character takes."""
    if cell.isascii():
        return len(cell)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in cell)
