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
        self.notes: list[str] = []  # comments that end the line, held back so that a comma may come first
        self.fresh = True  # nothing has been printed on the line
        self.todo: list[Entry] = []

    def run(self, document: Document) -> str:
        """The text of a document, with a line end at its end unless it is empty."""
        self.todo.append((0, BREAK, document))
        while self.todo:
            self._one(*self.todo.pop())
        self._flush()
        text = "".join(self.out).strip("\n")
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
                self._line(False)
        elif isinstance(document, Hard):
            self._line(document.blank)
        elif isinstance(document, Indent):
            self.todo.append((indent + STEP, mode, document.part))
        elif isinstance(document, Group):
            flat = mode is FLAT or (not document.forced and self._fits(indent, FLAT, document.part))
            self.todo.append((indent, FLAT if flat else BREAK, document.part))
        elif isinstance(document, Broken):
            self.todo.append((indent, BREAK, document.part))
        elif isinstance(document, IfBroken):
            if mode is BREAK:
                self._text(document.text, indent)
        elif isinstance(document, Note):
            self._note(document, indent)
        elif isinstance(document, Fill):
            self._fill(indent, mode, document)
        elif isinstance(document, Choice):
            self._choose(indent, mode, document)

    # ------------------------------------------------------------ writing

    def _text(self, text: str, indent: int) -> None:
        if not text:
            return
        if self.notes:
            if text == ",":
                self.out.append(text)
                return
            self._line(False)
        if self.fresh:
            if text == " ":
                return
            self.out.append(" " * indent)
            self.column = indent
            self.fresh = False
        self.out.append(text)
        self.column += len(text)

    def _flush(self) -> None:
        for note in self.notes:
            self.out.append(note)
        self.notes.clear()

    def _line(self, blank: bool) -> None:
        self._trim()
        self._flush()
        if not self.fresh or not self.out:
            self.out.append("\n")
        if blank and self.out[-1] == "\n" and not (len(self.out) > 1 and self.out[-2] == "\n"):
            self.out.append("\n")
        self.fresh = True
        self.column = 0

    def _trim(self) -> None:
        while self.out and self.out[-1] == " ":
            self.out.pop()

    def _note(self, note: Note, indent: int) -> None:
        if note.own_line:
            if not self.fresh or self.notes:
                self._line(note.blank)
            elif note.blank:
                self._line(True)
            self.out.append(" " * indent + note.text)
            self.fresh = False
            self.notes.append("")
            return
        if self.fresh and not self.notes:
            self.out.append(" " * indent + note.text)
            self.fresh = False
            self.notes.append("")
            return
        self._trim()
        self.notes.append(" " + note.text)

    # ------------------------------------------------------------ choosing

    def _fill(self, indent: int, mode: bool, fill: Fill) -> None:
        parts = fill.parts
        if not parts:
            return
        todo: list[Entry] = [(indent, FLAT, parts[0])]
        if len(parts) > 2:
            rest = Fill(parts[2:])
            next_fits = mode is FLAT or not Concat(parts[:3]).forced and self._fits(indent, FLAT, Concat(parts[:3]), alone=True)
            todo.append((indent, FLAT if next_fits else BREAK, parts[1]))
            todo.append((indent, mode, rest))
        self.todo.extend(reversed(todo))

    def _choose(self, indent: int, mode: bool, choice: Choice) -> None:
        if mode is FLAT or (not choice.forced and self._fits(indent, FLAT, choice.flat)):
            self.todo.append((indent, FLAT, choice.flat))
        elif self._fits(indent, BREAK, choice.hugging):
            self.todo.append((indent, BREAK, choice.hugging))
        else:
            self.todo.append((indent, BREAK, choice.exploded))

    def _fits(self, indent: int, mode: bool, document: Document, *, alone: bool = False) -> bool:
        """Whether what comes up to the next line end fits on the line; ``alone``: what follows the document does not count."""
        left = self.width - (indent if self.fresh or self.notes else self.column)
        todo: list[tuple[bool, Document]] = [(mode, document)]
        following = len(self.todo)
        while left >= 0:
            if not todo:
                if alone or not following:
                    return True
                following -= 1
                _, mode, document = self.todo[following]
            else:
                mode, document = todo.pop()
            if isinstance(document, Text):
                left -= len(document.text)
            elif isinstance(document, Concat | Fill):
                todo.extend((mode, part) for part in reversed(document.parts))
            elif isinstance(document, Line):
                if mode is BREAK:
                    return True
                left -= len(document.flat)
            elif isinstance(document, Hard):
                return True
            elif isinstance(document, Note):
                return True
            elif isinstance(document, Group):
                todo.append((BREAK if document.forced and mode is BREAK else FLAT, document.part))
            elif isinstance(document, Broken):
                todo.append((BREAK, document.part))
            elif isinstance(document, Indent):
                todo.append((mode, document.part))
            elif isinstance(document, IfBroken):
                if mode is BREAK:
                    left -= len(document.text)
            elif isinstance(document, Choice):
                todo.append((mode, document.hugging if document.forced else document.flat))
        return False
