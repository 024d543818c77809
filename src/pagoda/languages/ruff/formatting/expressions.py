"""The layout of expressions: operators, chains of methods, and everything in brackets.

A line breaks after an operator (a line that begins with one could be taken for a statement), but before ``|>`` and before
the dot of a method. A bracket that does not fit has one item a line, with a comma after the last.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from pagoda.languages.ruff.formatting.comments import Comments
from pagoda.languages.ruff.formatting.documents import (
    EMPTY,
    SPACE,
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
from pagoda.languages.ruff.formatting.facts import Facts, Range
from pagoda.languages.ruff.formatting.spacing import spaced
from pagoda.languages.ruff.syntax.expressions import LEVELS
from pagoda.languages.ruff.syntax.tokens import Token

_OPENING = frozenset({"(", "[", "{"})
#: Brackets that may end in a comma, and those that stay open where the text has a line end after the bracket.
_COMMA = frozenset({"call", "parameters", "array", "dict", "fields", "pattern", "enum"})
_KEPT_OPEN = frozenset({"array", "dict", "fields", "enum"})
_PADDED = frozenset({"fields", "enum"})
_NUMBERS = frozenset({"integer", "decimal", "-"})
_PIPE = LEVELS["|>"]


class ExpressionLayout(ABC):
    """Documents for ranges of tokens."""

    def __init__(self, text: str, tokens: list[Token], facts: Facts, comments: Comments) -> None:
        self.source = text
        self.tokens = tokens
        self.facts = facts
        self.comments = comments
        self._led: set[int] = set()  # tokens the comments before which are laid out apart
        self._brackets: dict[int, Document] = {}  # those inside expressions, each of which may be asked for more than once

    @abstractmethod
    def braces(self, opened: int, *, inside: bool) -> Document:
        """What stands in the braces of a block, a match, a struct or an enum; ``inside`` an expression."""

    # ------------------------------------------------------------ tokens

    def text(self, index: int) -> Document:
        """A token as the source has it."""
        token = self.tokens[index]
        return Text(self.source[token.start : token.end])

    def before(self, index: int) -> list[Document]:
        """The comments before a token, unless :meth:`lead` has them."""
        return [] if index in self._led else self._before(index)

    def _before(self, index: int) -> list[Document]:
        parts: list[Document] = []
        for comment in self.comments.before.get(index, []):
            if comment.own_line:
                parts.append(Note(comment.text, True, comment.blank))
            else:
                if comment.blank and parts:
                    parts.append(Hard(True))
                parts += [Text(comment.text), SPACE]
        if parts and isinstance(parts[-1], Note) and index in self.comments.blank:
            parts.append(Hard(True))
        return parts

    def lead(self, index: int) -> list[Document]:
        """The comments before a token, to be laid out apart from it: they then break no group that it is in."""
        self._led.add(index)
        return self._before(index)

    def after(self, index: int) -> list[Document]:
        """The comments after a token."""
        parts: list[Document] = []
        for comment in self.comments.after.get(index, []):
            parts += [Note(comment.text, False)] if comment.breaks else [SPACE, Text(comment.text)]
        return parts

    def token(self, index: int) -> Document:
        """A token with its comments."""
        if index not in self.comments.before and index not in self.comments.after:
            return self.text(index)
        return Concat([*self.before(index), self.text(index), *self.after(index)])

    def space(self, index: int) -> Document:
        """What stands before a token on the same line."""
        return SPACE if spaced(self.tokens, self.facts, index) else EMPTY

    def breaks_after(self, index: int) -> bool:
        """Whether the text has a line end between a token and the next one."""
        gap = self.source[self.tokens[index].end : self.tokens[index + 1].start]
        return "\n" in gap or "\r" in gap

    def empty_line_before(self, index: int) -> bool:
        """Whether an empty line stands before a token and its comments."""
        comments = self.comments.before.get(index)
        return comments[0].blank if comments else index in self.comments.blank

    # ------------------------------------------------------------ rows of tokens

    def top(self, start: int, end: int) -> list[int]:
        """The tokens of a range that are in no bracket of it; of each bracket only the one that opens it."""
        found = []
        index = start
        while index < end:
            found.append(index)
            index = self.facts.closing.get(index, index) + 1
        return found

    def sequence(self, start: int, end: int, *, inside: bool = True, whole: bool = False) -> list[Document]:
        """Tokens one after another; ``whole``: the range is an expression that is being taken apart."""
        parts: list[Document] = []
        index = start
        while index < end:
            if index > start:
                parts.append(self.space(index))
            stop = self.facts.expressions.get(index, 0)
            if stop and stop <= end and not (whole and index == start):
                parts.append(self.expression(index, stop))
                index = stop
            elif self.tokens[index].kind in _OPENING:
                parts.append(self.bracket(index, inside=inside))
                index = self.facts.closing[index] + 1
            else:
                parts.append(self.token(index))
                index += 1
        return parts

    # ------------------------------------------------------------ operators

    def expression(self, start: int, end: int) -> Document:
        """An expression."""
        operators = [
            index
            for index in self.top(start, end)
            if self.tokens[index].kind in LEVELS
            and index not in self.facts.unary
            and index > start
            and self.tokens[index - 1].kind != "func"
        ]
        if not operators:
            return self._chain(start, end)
        lowest = min(LEVELS[self.tokens[index].kind] for index in operators)
        operators = [index for index in operators if LEVELS[self.tokens[index].kind] == lowest]
        first = self.expression(start, operators[0])
        rest: list[Document] = []
        for index, stop in zip(operators, [*operators[1:], end], strict=True):
            operand = self.expression(index + 1, stop)
            between: list[Document] = [SPACE, self.token(index), Line()]
            if lowest == _PIPE:
                between = [Line(), self.token(index), SPACE]
            rest += [*between, operand]
        return Group(Concat([first, Indent(Concat(rest))]))

    def _chain(self, start: int, end: int) -> Document:
        """A value with what follows it; several calls of methods may stand on a line each."""
        tokens, kinds = self.tokens, self.facts.kinds
        calls = [
            index
            for index in self.top(start, end)
            if tokens[index].kind == "." and index + 2 < end and kinds.get(index + 2) == "call" and index > start
        ]
        if len(calls) < 2:
            return Concat(self.sequence(start, end, whole=True))
        parts: list[Document] = []
        for index, stop in zip(calls, [*calls[1:], end], strict=True):
            flat = " " if spaced(tokens, self.facts, index) else ""
            parts += [Line(flat), *self.sequence(index, stop)]
        return Group(Concat([*self.sequence(start, calls[0], whole=True), Indent(Concat(parts))]))

    # ------------------------------------------------------------ brackets

    def bracket(self, opened: int, *, inside: bool = True) -> Document:
        """A bracket with what is in it."""
        if not inside:
            return self._bracket(opened, inside=False)
        made = self._brackets.get(opened)
        if made is None:
            made = self._brackets[opened] = self._bracket(opened, inside=True)
        return made

    def _bracket(self, opened: int, *, inside: bool) -> Document:
        kind = self.facts.kinds.get(opened, "")
        if kind in ("block", "match", "struct", "enum"):
            return self.braces(opened, inside=inside)
        closed = self.facts.closing[opened]
        items = self._items(opened, closed, kind)
        if not items:
            inner = self.before(closed)
            if inner and inner[-1] is SPACE:
                inner.pop()
            return Concat([self.token(opened), Indent(Concat(inner)), self.text(closed), *self.after(closed)])
        if kind in ("call", "") and self.tokens[opened].kind == "(":
            if self._is_lone_string(opened, closed):
                return Concat([self.token(opened), self.token(opened + 1), self.token(closed)])
            choice = self._hugging(opened, closed, items, kind)
            if choice is not None:
                return choice
        return self.listed(opened, closed, items, kind)

    def listed(self, opened: int, closed: int, items: list[Range], kind: str) -> Document:
        """The items of a bracket on one line, or on a line each."""
        comma = kind in _COMMA
        open_anyway = (comma and self.tokens[closed - 1].kind == ",") or (kind in _KEPT_OPEN and self.breaks_after(opened))
        edge = " " if kind in _PADDED else ""
        inner: list[Document]
        if kind == "array" and self._are_numbers(items) and not self.comments.within(opened, closed):
            inner = [Fill(self._filled(items))]
        else:
            inner = self._separated(items)
        if comma:
            inner.append(IfBroken(","))
        ending = self._after_last(items, closed)
        whole = Concat(
            [
                self.token(opened),
                Indent(Concat([Line(edge), *inner, *ending, *self.before(closed)])),
                Line(edge),
                self.text(closed),
                *self.after(closed),
            ]
        )
        return Broken(whole) if open_anyway else Group(whole)

    def _is_lone_string(self, opened: int, closed: int) -> bool:
        """Whether there is nothing but a string in a bracket, which would hardly be shorter on a line of its own."""
        alone = closed == opened + 2 and self.tokens[opened + 1].kind in ("text", "template")
        return alone and not self.comments.within(opened, closed)

    def _items(self, opened: int, closed: int, kind: str) -> list[Range]:
        """Where the items of a bracket begin and end, without the commas between them."""
        items: list[Range] = []
        start = opened + 1
        for index in self.top(opened + 1, closed):
            if self.tokens[index].kind == ",":
                items.append((start, index))
                start = index + 1
            elif kind == "fields" and index > start and self.tokens[index + 1].kind == ":":
                items.append((start, index))  # the comma between fields may be missing
                start = index
        if start < closed:
            items.append((start, closed))
        return items

    def item(self, start: int, end: int) -> Document:
        """One item of a bracket."""
        return Concat([*self.lead(start), *self.sequence(start, end)])

    def _separated(self, items: list[Range]) -> list[Document]:
        parts: list[Document] = []
        for position, (start, end) in enumerate(items):
            if position:
                parts.append(Line(blank=self.empty_line_before(start)))
            parts.append(self.item(start, end))
            if position + 1 < len(items):
                written = self.tokens[end].kind == ","
                parts.append(self.token(end) if written else Text(","))
        return parts

    def _after_last(self, items: list[Range], closed: int) -> list[Document]:
        """The comments of a comma after the last item."""
        end = items[-1][1]
        return [*self.before(end), *self.after(end)] if end < closed else []

    def _are_numbers(self, items: list[Range]) -> bool:
        return len(items) > 1 and all(
            end - start <= 2 and self.tokens[end - 1].kind in _NUMBERS and self.tokens[start].kind in _NUMBERS
            for start, end in items
        )

    def _filled(self, items: list[Range]) -> list[Document]:
        parts: list[Document] = []
        for position, (start, end) in enumerate(items):
            last = position + 1 == len(items)
            number = "".join(self.source[token.start : token.end] for token in self.tokens[start:end])
            parts.append(Text(number if last else f"{number},"))
            if not last:
                parts.append(Line())
        return parts

    def _hugging(self, opened: int, closed: int, items: list[Range], kind: str) -> Document | None:
        """Arguments of which the last one, a function or a literal, may begin on the line of the call and go on below."""
        start, end = items[-1]
        tail = self._tail(start, end)
        if tail < 0 or end != closed:
            return None
        edges = range(opened, start)
        if any(index in self.comments.after or index + 1 in self.comments.before for index in edges):
            return None
        if closed in self.comments.before or closed - 1 in self.comments.after:
            return None
        head = [self.token(opened)]
        for first, last in items[:-1]:
            head += [self.item(first, last), self.token(last), SPACE]
        head += self.sequence(start, tail)
        if start < tail:
            head.append(SPACE)
        leading = Concat(head)
        if leading.forced or leading.dangling:
            return None
        body = self.bracket(tail)
        closing: list[Document] = [self.text(closed), *self.after(closed)]
        opened_body = Broken(body.part) if isinstance(body, Group) else body
        return Choice(
            Concat([leading, body, *closing]),
            Concat([Flat(leading), opened_body, *closing]),
            self.listed(opened, closed, items, kind),
        )

    def _tail(self, start: int, end: int) -> int:
        """Where the bracket opens that an item ends with and mainly is; -1 if it is none such."""
        tops = self.top(start, end)
        tail = tops[-1]
        kind = self.facts.kinds.get(tail, "")
        if kind == "block":
            return tail if self.tokens[start].kind in ("func", "async") and tops.count(tail) == 1 else -1
        if kind in ("array", "dict"):
            return tail if tail == start else -1
        return tail if kind == "fields" and tail == start + 1 else -1
