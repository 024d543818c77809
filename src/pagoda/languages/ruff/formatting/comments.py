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
_OPENERS = frozenset({"(", "[", "{"})
_TIGHT_BEFORE = frozenset({",", ";", ")", "]", "}"})


class Comment(Record):
    """One comment. ``own_line``: nothing else stands before it on its line; ``breaks``: the line ends after it;
    ``blank``: an empty line stands before it."""

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
        """Whether a comment stands between two tokens, the comments after the first and before the last counting."""
        return any(index in self.after or index + 1 in self.before for index in range(first, last))


def find_comments(text: str, tokens: list[Token]) -> Comments:
    """All comments of a text with these tokens, the last of which is ``end``."""
    found = Comments()
    end = 0
    for index, token in enumerate(tokens):
        if token.start > end:
            _sort(text[end : token.start], index, tokens, found)
        end = token.end
    return found


def _newlines(gap: str) -> int:
    return len(_LINE_END.findall(gap))


def _sort(gap: str, index: int, tokens: list[Token], found: Comments) -> None:
    """Gives the comments of the gap before a token to it or to the one before."""
    matches = list(_COMMENT.finditer(gap))
    comments: list[Comment] = []
    end = 0
    for match in matches:
        lines = _newlines(gap[end : match.start()])
        body = _LINE_END.sub("\n", match.group())
        if not body.startswith("/*"):
            body = body.rstrip()
        comments.append(Comment(body, lines > 0, not body.startswith("/*") or "\n" in body, lines > 1))
        end = match.end()
    after_last = _newlines(gap[end:])
    if after_last > 1 or (after_last and not index):
        found.blank.add(index)
    following_breaks = after_last > 0 or tokens[index].kind == "end"
    for position in range(len(comments) - 1, -1, -1):
        comment = comments[position]
        comment.breaks = comment.breaks or following_breaks
        following_breaks = comment.own_line or comment.breaks
    if index == 0 and comments:
        comments[0].own_line = True
    _share_out(comments, index, tokens, found)


def _share_out(comments: list[Comment], index: int, tokens: list[Token], found: Comments) -> None:
    before = tokens[index - 1].kind if index else ""
    position = 0
    while position < len(comments) and not comments[position].own_line:
        comment = comments[position]
        multiple = comment.text.startswith("/*") and "\n" not in comment.text
        if multiple and before in ("(", "["):
            break  # it would stick to the bracket
        if not comment.breaks and (before in _OPENERS or tokens[index].kind not in _TIGHT_BEFORE):
            break
        position += 1
    if position:
        found.after[index - 1] = comments[:position]
    rest = comments[position:]
    for comment in rest:
        if not comment.own_line and comment.breaks and comment.text.startswith("/*") and "\n" not in comment.text:
            comment.breaks = False  # between two tokens of a line: the layout decides where that line ends
        elif "\n" in comment.text:
            comment.own_line = True
    if rest:
        found.before[index] = rest
