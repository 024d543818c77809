"""What every part of the textual parser needs: space and comments, and how a mistake is told.

:data:`SPACE` is the expression for what may stand between two words. It knows no block comments, for these nest, and of space
only what ASCII has: a reader puts blanks in place of the rest beforehand, which moves nothing. Every function of the parser is
called with the offset of a word and gives the offset of the next one. What must hold: expressions are possessive, so
that no text takes more than linear time; a mistake is a :class:`ParseFailure` and nothing else.
"""

from __future__ import annotations

import re

from pagoda.machine.source import Diagnostic, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

#: The codes of the front end, with what each says in general.
MISTAKES = {
    "UPLPARSE001": "Something else is expected here",
    "UPLPARSE002": "A variable that nothing binds",
    "UPLPARSE003": "Unknown builtin",
    "UPLPARSE004": "Not a type, or not a complete one",
    "UPLPARSE005": "A constant is not written as its type wants it",
    "UPLPARSE006": "A value that is not in canonical form",
    "UPLPARSE007": "Not a point of the curve's group",
    "UPLPARSE008": "Not in programs of this version",
    "UPLPARSE009": "A tag is too large",
    "UPLPARSE010": "Unterminated comment or string",
    "UPLPARSE011": "Text after the end",
    "UPLPARSE012": "A malformed name",
    "UPLPARSE013": "A package is missing that this constant needs",
}

SPACE = "(?:[ \t\n\r\f\v]++|--[^\n]*+)*+"

_SPACES = re.compile(SPACE)
_WIDE_SPACE = "[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_BLANKED = re.compile(r"""(\{-)|(""" + _WIDE_SPACE + r""")|"(?:[^"\\]++|\\.)*+"?|`[!-_a-~]++`|--[^\n]*+""", re.DOTALL)
_COMMENT_EDGE = re.compile(r"\{-|-\}")
_WORD = re.compile(r"[A-Za-z0-9_']+|.", re.DOTALL)
_SHOWN = 32  # characters of a word that a message repeats

_HINTS = {
    "\ufeff": "save the file as UTF-8 without a byte order mark",
    "\u200b": "this character is invisible; delete it",
    "\u201c": 'strings are written with straight double quotes: "text"',
    "\u201d": 'strings are written with straight double quotes: "text"',
    "\u2212": "write '-'",
    "\u03bb": "a function is written '(lam x body)'",
    "\\": "a function is written '(lam x body)'",
    ";": "comments begin with '--'",
    "/": "comments begin with '--'",
    "{": "a comment is written '{- ... -}'",
}


class ParseFailure(Exception):
    """A mistake that ends the parse."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Reader:
    """A text that is read, and the ways to say what is wrong with it. Positions are offsets in the text.

    Making one raises :class:`ParseFailure` for a comment without an end.
    """

    __slots__ = ("source", "text")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = self._with_blanks(source.text) if "{-" in source.text or not source.text.isascii() else source.text

    def skip(self, at: int) -> int:
        """Where the space that begins at ``at`` ends."""
        return _SPACES.match(self.text, at).end()  # type: ignore[union-attr]  # the expression matches everywhere

    def _with_blanks(self, text: str) -> str:
        """The text with each block comment, and each space beyond ASCII, replaced by as many plain spaces."""
        kept: list[str] = []
        at = 0
        while (found := _BLANKED.search(text, at)) is not None:
            if found[2]:
                kept += (text[at : found.start()], " ")
                at = found.end()
                continue
            if not found[1]:  # a string, a quoted name or a line comment: what it holds begins no comment
                kept.append(text[at : found.end()])
                at = found.end()
                continue
            begin = found.start()
            kept.append(text[at:begin])
            open_comments = 0
            for edge in _COMMENT_EDGE.finditer(text, begin):
                open_comments += 1 if edge[0] == "{-" else -1
                if not open_comments:
                    at = edge.end()
                    break
            else:
                hint = "a block comment ends with '-}'; such comments nest"
                self.fail("UPLPARSE010", "Unterminated comment", begin, begin + 2, hint)
            kept.append(" " * (at - begin))
        kept.append(text[at:])
        return "".join(kept)

    def fail(self, code: str, message: str, start: int, end: int, hint: str = "", notes: list[str] | None = None) -> NoReturn:
        """Ends the parse with a finding."""
        raise ParseFailure(Diagnostic(code, "error", message, (start, end), hint, notes or []))

    def expected(
        self, what: str, at: int, hint: str = "", notes: list[str] | None = None, code: str = "UPLPARSE001"
    ) -> NoReturn:
        """Ends the parse at a place where something else must stand."""
        found = _WORD.match(self.text, at)
        if found is None:
            self.fail(code, f"Expected {what}, found the end of the text", at, at, hint, notes)
        word = found[0]
        shown = word if len(word) <= _SHOWN else word[:_SHOWN] + "..."
        if not shown.isprintable():
            shown = f"U+{ord(shown[0]):04X}"
        self.fail(code, f"Expected {what}, found '{shown}'", at, found.end(), _HINTS.get(word, hint), notes)

    def past(self, sign: str, at: int, what: str = "", hint: str = "", code: str = "UPLPARSE001") -> int:
        """Where the text goes on after a sign. Raises :class:`ParseFailure` where the sign is missing."""
        if not self.text.startswith(sign, at):
            self.expected(what or f"'{sign}'", at, hint, code=code)
        return self.skip(at + len(sign))

    def where(self, at: int) -> str:
        """A place in words."""
        line, column = self.source.position(at)
        return f"line {line}, column {column}"
