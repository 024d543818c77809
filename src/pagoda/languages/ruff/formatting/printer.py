"""From a document to text: a group stays on its line if it fits there and nothing in it must break.

What must hold whatever the document says: after a comment that ends with its line, nothing follows on that line but a comma
that is put before it. Work is linear in the text, as no look ahead goes further than one line.
"""

from __future__ import annotations

from pagoda.languages.ruff.formatting.documents import (
    Broken,
    Choice,
    Concat,
    Document,
    Fill,
    Flat,
    Group,
    Hard,
    IfBroken,
    Indent,
    Line,
    Note,
    Text,
)

STEP = 4

FLAT, BREAK = False, True
Entry = tuple[int, bool, Document]


class Printer:
    """The text so far, and what is left to print."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.out: list[str] = []
        self.column = 0
        self.fresh = True  # nothing has been printed on the line
        self.blank = True  # the line above is empty, or there is none
        self.notes: list[str] = []  # comments that end the line, held back so that a comma may come first
        self.ended = False  # a comment has ended the line already
        self.todo: list[Entry] = []

    def run(self, document: Document) -> str:
        """The text of a document, with a line end at its end unless it is empty."""
        self.todo.append((0, BREAK, document))
        while self.todo:
            self._one(*self.todo.pop())
        self._line(False)
        text = "".join(self.out).rstrip("\n")
        return text + "\n" if text else ""

    def _one(self, indent: int, mode: bool, document: Document) -> None:
        if isinstance(document, Text):
            self._text(document.text, indent)
        elif isinstance(document, Concat):
            for part in reversed(document.parts):
                self.todo.append((indent, mode, part))
        elif isinstance(document, Line):
            if mode is FLAT:
                self._text(document.flat, indent)
            else:
                self._line(document.blank)
        elif isinstance(document, Hard):
            self._line(document.blank)
        elif isinstance(document, Indent):
            self.todo.append((indent + STEP, mode, document.part))
        elif isinstance(document, Group):
            flat = mode is FLAT or (not document.forced and self._fits(indent, FLAT, document.part))
            self.todo.append((indent, FLAT if flat else BREAK, document.part))
        elif isinstance(document, Broken):
            self.todo.append((indent, BREAK, document.part))
        elif isinstance(document, Flat):
            self.todo.append((indent, FLAT, document.part))
        elif isinstance(document, IfBroken):
            if mode is BREAK:
                self._text(document.text, indent)
        elif isinstance(document, Note):
            self._note(document, indent)
        elif isinstance(document, Fill):
            self._fill(indent, document)
        elif isinstance(document, Choice):
            self._choose(indent, mode, document)

    # ------------------------------------------------------------ writing

    def _text(self, text: str, indent: int) -> None:
        if not text:
            return
        if self.ended or (self.notes and text != ","):
            self._line(False)
        if self.fresh:
            if text == " ":
                return
            self._begin(indent)
        self.out.append(text)
        self.column += len(text)

    def _begin(self, indent: int) -> None:
        self.out.append(" " * indent)
        self.column = indent
        self.fresh = self.blank = False

    def _line(self, blank: bool) -> None:
        """Ends the line, unless nothing has been printed on it yet."""
        while self.out and self.out[-1] == " " and not self.fresh:
            self.out.pop()
        self.out.extend(self.notes)
        self.notes.clear()
        self.ended = False
        if not self.fresh:
            self.out.append("\n")
            self.fresh = True
        if blank and not self.blank:
            self.out.append("\n")
            self.blank = True

    def _note(self, note: Note, indent: int) -> None:
        if note.own_line or self.ended or self.notes:
            self._line(note.blank)
        if self.fresh:
            self._begin(indent)
            self.out.append(note.text)
            self.ended = True
        else:
            self.notes.append(" " + note.text)

    # ------------------------------------------------------------ choosing

    def _fill(self, indent: int, fill: Fill) -> None:
        parts, start = fill.parts, fill.start
        if start + 2 < len(parts):
            following = Concat(parts[start + 1 : start + 3])
            self.todo.append((indent, BREAK, Fill(parts, start + 2)))
            self._one(indent, FLAT, parts[start])
            # The last item stands before a comma of its own, which is no part of it.
            room = 1 if start + 3 == len(parts) else 0
            self._one(indent, FLAT if self._fits(indent, FLAT, following, alone=True, room=room) else BREAK, parts[start + 1])
        else:
            self._one(indent, FLAT, parts[start])

    def _choose(self, indent: int, mode: bool, choice: Choice) -> None:
        if mode is FLAT or (not choice.forced and self._fits(indent, FLAT, choice.flat)):
            self.todo.append((indent, FLAT, choice.flat))
        elif self._fits(indent, BREAK, choice.hugging):
            self.todo.append((indent, BREAK, choice.hugging))
        else:
            self.todo.append((indent, BREAK, choice.exploded))

    def _fits(self, indent: int, mode: bool, document: Document, *, alone: bool = False, room: int = 0) -> bool:
        """Whether what comes up to the next line end fits on the line and leaves ``room``.

        What follows the document counts too, up to where it may break, unless it is looked at ``alone``.
        """
        left = self.width - room - (indent if self.fresh or self.ended or self.notes else self.column)
        todo: list[tuple[bool, Document]] = [(mode, document)]
        following = len(self.todo)
        noted = False  # the line ends here, unless a comma comes before the comment
        while left >= 0:
            if not todo:
                if alone or not following:
                    return True
                following -= 1
                _, mode, document = self.todo[following]
            else:
                mode, document = todo.pop()
            if isinstance(document, Text):
                if noted and document.text:
                    return document.text != "," or left > 0
                left -= len(document.text)
            elif isinstance(document, Concat):
                todo.extend((mode, part) for part in reversed(document.parts))
            elif isinstance(document, Fill):
                todo.extend((mode, part) for part in reversed(document.parts[document.start :]))
            elif isinstance(document, Line):
                if mode is BREAK or noted:
                    return True
                left -= len(document.flat)
            elif isinstance(document, Hard):
                return True
            elif isinstance(document, Note):
                if document.own_line or noted:
                    return True
                noted = True
            elif isinstance(document, Group):
                todo.append((BREAK if document.forced else mode, document.part))
            elif isinstance(document, Broken):
                todo.append((BREAK, document.part))
            elif isinstance(document, Flat):
                todo.append((FLAT, document.part))
            elif isinstance(document, Indent):
                todo.append((mode, document.part))
            elif isinstance(document, IfBroken):
                if mode is BREAK:
                    if noted:
                        return left > 0
                    left -= len(document.text)
            elif isinstance(document, Choice):
                todo.append((mode, document.flat if mode is FLAT else document.exploded))
        return False
