"""The inside of a string literal: escapes, the end, and where each ``${...}`` begins and ends.

An interpolation ends at the brace that balances its own; braces are counted without regard to quotes, as the language
defines it. A string never runs over the end of its line, so a forgotten quote costs one line and no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pagoda.languages.ruff.syntax.tokens import MAX_STRING, TemplateText
from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

_PLAIN = re.compile(r'[^"\\$\n\r]+')
_BRACE = re.compile(r"[{}\n\r]")
_LINE_END = re.compile(r"[\n\r]")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "$": "$"}

Report: TypeAlias = Callable[[str, str, int, int, str], None]


class Hole(Record, frozen=True):
    """The bounds of the inside of one ``${...}``."""

    start: int
    stop: int


Piece: TypeAlias = TemplateText | Hole


def scan_string(text: str, start: int, stop: int, report: Report) -> tuple[int, list[Piece]]:
    """Read the string that starts with the quote at ``start``.

    Returns where it ends and its pieces: texts with escapes resolved, and the bounds of the inside of each interpolation.
    """
    pieces: list[Piece] = []
    chars: list[str] = []
    position = piece_start = start + 1

    def flush(end: int) -> None:
        if chars:
            pieces.append(TemplateText("".join(chars), piece_start, end))
            chars.clear()

    while True:
        plain = _PLAIN.match(text, position, stop)
        if plain is not None:
            chars.append(plain.group())
            position = plain.end()
        char = text[position] if position < stop else ""
        if char == '"':
            flush(position)
            break
        if char in ("", "\n", "\r"):
            hint = "strings end with '\"' on the line on which they begin; write \\n for a line break"
            report("RUFLEX003", "Unterminated string: expected '\"'", start, max(position, start + 1), hint)
            flush(position)
            return position, pieces
        if char == "\\":
            position = _escape(text, position, stop, chars, report)
        elif text.startswith("${", position, stop):
            flush(position)
            closing = _balance(text, position + 2, stop)
            if closing < 0:
                end = line_end(text, position, stop)
                hint = "an interpolation ends at its '}' on the same line"
                report("RUFLEX003", "Unterminated interpolation: expected '}'", position, position + 2, hint)
                return end, pieces
            pieces.append(Hole(position + 2, closing))
            position = piece_start = closing + 1
        else:  # a dollar sign of its own
            chars.append(char)
            position += 1
    end = position + 1
    if end - start - 2 > MAX_STRING:
        size = sum(len(piece.text) if isinstance(piece, TemplateText) else piece.stop - piece.start for piece in pieces)
        if size > MAX_STRING:
            message = f"String is too long: {size} characters, the limit is {MAX_STRING}"
            report("RUFLEX009", message, start, end, "join shorter strings with '+'")
            return end, []
    return end, pieces


def _escape(text: str, position: int, stop: int, chars: list[str], report: Report) -> int:
    """Add the character that the escape at ``position`` stands for; return where it ends."""
    following = text[position + 1] if position + 1 < stop else ""
    if following in ("", "\n", "\r"):
        return position + 1  # the string is unterminated, which the caller reports
    value = _ESCAPES.get(following)
    if value is None:
        hint = 'the escapes are \\n \\t \\r \\\\ \\" and \\$'
        shown = following if following.isprintable() else f"u{{{ord(following):x}}}"
        report("RUFLEX005", f"Invalid escape sequence: \\{shown}", position, position + 2, hint)
        value = following
    chars.append(value)
    return position + 2


def _balance(text: str, position: int, stop: int) -> int:
    """Where the brace is that closes an interpolation whose inside begins at ``position``; -1 without one on the line."""
    depth = 1
    for match in _BRACE.finditer(text, position, stop):
        found = match.group()
        if found == "{":
            depth += 1
        elif found == "}":
            depth -= 1
            if depth == 0:
                return match.start()
        else:
            return -1
    return -1


def line_end(text: str, position: int, stop: int) -> int:
    """Where the line that holds ``position`` ends, or ``stop`` if that comes first."""
    match = _LINE_END.search(text, position, stop)
    return match.start() if match is not None else stop
