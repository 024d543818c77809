"""Pretty layout of bracketed text within a width.

A text is a sequence of pieces: words, groups that open, groups that close. A group stands on one line where it fits, else each
of its parts begins a line, further in; closing brackets follow the last part. What must hold: time and room are linear in the
number of pieces, so indentation stops growing at half the width; without line ends and indentation the text is the same
whatever the width.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Piece: TypeAlias = "str | Opening | None"

#: The piece that closes the innermost group.
CLOSE = None


class Style:
    """How the parts of a group stand: what is between them, before the first of them, and how far in they go."""

    __slots__ = ("closer", "first_breaks", "lead", "separator", "step")

    def __init__(self, separator: str, closer: str, lead: str, first_breaks: bool, step: int) -> None:
        self.separator, self.closer, self.lead, self.first_breaks, self.step = separator, closer, lead, first_breaks, step


#: ``(word part part)``
FORM = Style("", ")", " ", True, 2)
#: ``[part part]``
APPLICATION = Style("", "]", "", False, 1)
#: ``[part, part]``
LIST = Style(",", "]", "", False, 1)
#: ``(part, part)``
PAIR = Style(",", ")", "", False, 1)
#: ``Word [part, part]``
HEADED_LIST = Style(",", "]", "", True, 2)


class Opening:
    """A piece that begins a group: its first text, which is never parted from its bracket, and its style."""

    __slots__ = ("style", "text")

    def __init__(self, text: str, style: Style) -> None:
        self.text, self.style = text, style


def one_line(pieces: list[Piece]) -> str:
    """The pieces on one line."""
    return laid_out(pieces, None)


def laid_out(pieces: list[Piece], width: int | None) -> str:
    """The pieces as text; lines have ``width`` characters at most where they can be broken. ``None``: one line."""
    out: list[str] = []
    #: For each open group its style, whether it is broken and its indentation; and whether a part came already.
    groups: list[tuple[Style, bool, int]] = []
    begun: list[bool] = []
    sizes = _sizes(pieces) if width is not None else []
    deepest = width // 2 if width is not None else 0
    column = 0
    for index, piece in enumerate(pieces):
        if piece is None:
            closer = groups.pop()[0].closer
            begun.pop()
            out.append(closer)
            column += 1
            continue
        if groups:
            style, broken, indent = groups[-1]
            if begun[-1]:
                if broken:
                    out.append(f"{style.separator}\n{' ' * indent}")
                    column = indent
                else:
                    out.append(f"{style.separator} ")
                    column += len(style.separator) + 1
            else:
                begun[-1] = True
                if broken and style.first_breaks:
                    out.append("\n" + " " * indent)
                    column = indent
                else:
                    out.append(style.lead)
                    column += len(style.lead)
        if isinstance(piece, str):
            out.append(piece)
            column += len(piece)
            continue
        broken = width is not None and column + sizes[index] > width
        # Where a broken group begins in the middle of a line, its parts go in from there.
        groups.append((piece.style, broken, min(column + piece.style.step, deepest)))
        begun.append(False)
        out.append(piece.text)
        column += len(piece.text)
    return "".join(out)


def _sizes(pieces: list[Piece]) -> list[int]:
    """For each opening piece the length of its group on one line, with the closing brackets that follow it; else 0."""
    behind = [0] * (len(pieces) + 1)  # how many closing brackets stand from a piece on
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index] is None:
            behind[index] = behind[index + 1] + 1
    sizes = [0] * len(pieces)
    open_at: list[int] = []
    counts: list[int] = []
    total = 0
    for index, piece in enumerate(pieces):
        if piece is None:
            total += 1
            begin = open_at.pop()
            counts.pop()
            sizes[begin] = total - sizes[begin] + behind[index + 1]
            continue
        if open_at:
            opening = pieces[open_at[-1]]
            if isinstance(opening, Opening):
                total += len(opening.style.separator) + 1 if counts[-1] else len(opening.style.lead)
            counts[-1] += 1
        if isinstance(piece, str):
            total += len(piece)
        else:
            sizes[index] = total
            open_at.append(index)
            counts.append(0)
            total += len(piece.text)
    return sizes
