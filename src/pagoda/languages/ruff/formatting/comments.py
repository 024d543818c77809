"""Comments, which the lexer passes over: found in the gaps between tokens, and given to the token they belong to.

A comment that begins on the line on which a token ends belongs to that token (``after``); any other belongs to the token that
follows it (``before``). What must hold: every comment of the text is in exactly one list, in the order of the text.
"""

from __future__ import annotations

import re

from pagoda.languages.ruff.syntax.tokens import Token
from pagoda.records import Record, fresh

_COMMENT = re.compile(r"#[^\n\r]*|//[^\n\r]*|/\*.*?\*/", re.DOTALL)
_LINE_END = re.compile(r"\r\n|\n|\r")
_CLOSING = frozenset({",", ";", ")", "]", "}"})


class Comment(Record):
    """One comment, without blanks at its end. ``own_line``: the line begins with it, and so it shall; ``breaks``: nothing may
    follow it on its line; ``blank``: an empty line stands before it."""

    text: str
    own_line: bool
    breaks: bool
    blank: bool


class Comments(Record):
    """The comments before and after each token, by the token's index; ``blank`` has the tokens below an empty line."""

    before: dict[int, list[Comment]] = fresh(factory=dict)
    after: dict[int, list[Comment]] = fresh(factory=dict)
    blank: set[int] = fresh(factory=set)

    def within(self, first: int, last: int) -> bool:
        """Whether a comment stands between two tokens."""
        return any(index in self.after or index + 1 in self.before for index in range(first, last))

    def texts(self) -> list[str]:
        """All comments in the order of the text."""
        found: list[str] = []
        for index in sorted({*self.before, *self.after}):
            for comments in (self.before.get(index, []), self.after.get(index, [])):
                found += [comment.text for comment in comments]
        return found


def find_comments(text: str, tokens: list[Token]) -> Comments:
    """All comments of a text with these tokens, the last of which is ``end``."""
    found = Comments()
    end = 0
    for index, token in enumerate(tokens):
        if token.start > end:
            _read(text[end : token.start], index, tokens, found)
        end = token.end
    return found


def _newlines(gap: str) -> int:
    return len(_LINE_END.findall(gap))


def _read(gap: str, index: int, tokens: list[Token], found: Comments) -> None:
    """Gives the comments of the gap before a token to it or to the one before."""
    comments: list[Comment] = []
    ends: list[bool] = []  # whether a line ends after the comment
    end = 0
    for match in _COMMENT.finditer(gap):
        lines = _newlines(gap[end : match.start()])
        if ends:
            ends[-1] = lines > 0
        text = _LINE_END.sub("\n", match.group()).rstrip()
        first = not index and not comments
        comments.append(Comment(text, lines > 0 or first, text.startswith(("//", "#")) or "\n" in text, lines > 1))
        ends.append(False)
        end = match.end()
    lines = _newlines(gap[end:])
    if lines > 1:
        found.blank.add(index)
    if comments:
        ends[-1] = lines > 0 or tokens[index].kind == "end"
        _share_out(comments, ends, index, tokens, found)


def _share_out(comments: list[Comment], ends: list[bool], index: int, tokens: list[Token], found: Comments) -> None:
    before = tokens[index - 1].kind if index else ""
    position = 0
    while position < len(comments) and not comments[position].own_line:
        # A comment in the middle of a line belongs to what follows, unless that is a comma or a bracket that closes.
        last = ends[position] or comments[position].breaks or tokens[index].kind in _CLOSING
        if not comments[position].breaks and (before in ("(", "[") or not any([last, *ends[position:]])):
            break
        position += 1
    if position:
        found.after[index - 1] = comments[:position]
    rest = comments[position:]
    for comment, ended in zip(rest, ends[position:], strict=True):
        if comment.own_line and ended:
            comment.breaks = True
        elif comment.breaks:
            comment.own_line = True
        else:
            comment.own_line = False
    if rest:
        found.before[index] = rest
