"""The layout of statements and blocks: one statement a line, at most one empty line between two.

A block that the text has on one line stays there if it is short: no comment, at most one simple statement, and it fits. The
blocks of one statement, such as ``if`` and ``else``, stay or break together.
"""

from __future__ import annotations

from pagoda.languages.ruff.formatting.documents import EMPTY, SPACE, Concat, Document, Group, Hard, Indent, Line, Text
from pagoda.languages.ruff.formatting.expressions import ExpressionLayout
from pagoda.languages.ruff.formatting.facts import Range
from pagoda.languages.ruff.syntax.expressions import EXPRESSION_STARTS

#: Statements with blocks of their own.
_COMPOUND = frozenset(
    {"if", "while", "loop", "for", "match", "try", "spawn", "func", "async", "struct", "enum", "export", "test", "test_group",
     "test_setup", "test_teardown"}
)  # fmt: skip
#: What would continue the statement before it if no ``;`` stood between.
_CONTINUES = frozenset({"(", "[", "{", "-"})
#: Words that take what follows them as their value.
_TAKES = frozenset({"return", "yield"})


class StatementLayout(ExpressionLayout):
    """Documents for statements, blocks and the whole program."""

    _short = False  # whether the blocks of the statement that is being laid out may stay on its line

    def program(self) -> Document:
        """The document of the whole source."""
        last = len(self.tokens) - 1
        parts = self._statements(self.facts.statements[-1], 0, last)
        ending = self.before(last)
        if parts and ending:
            parts.append(Hard(self.empty_line_before(last)))
        return Concat([*parts, *ending])

    # ------------------------------------------------------------ lists of statements

    def _statements(self, statements: list[Range], start: int, end: int) -> list[Document]:
        """The statements between two tokens, and the semicolons that are needed."""
        self._begin_without_blank(start)
        parts = self._separators(start, statements[0][0] if statements else end, keep=False)
        for position, (first, last) in enumerate(statements):
            if position or parts:
                parts.append(Hard(self.empty_line_before(first)))
            parts.append(self.statement(first, last))
            following = statements[position + 1][0] if position + 1 < len(statements) else end
            keep = following < end and self._would_continue(last, following)
            parts += self._separators(last, following, keep=keep)
        return parts

    def _begin_without_blank(self, index: int) -> None:
        for comment in self.comments.before.get(index, [])[:1]:
            comment.blank = False

    def _separators(self, start: int, end: int, *, keep: bool) -> list[Document]:
        """The semicolons between two statements: comments stay, and of the semicolons one, if it has to."""
        parts: list[Document] = []
        for index in range(start, end):
            parts += [*self.before(index), Text(";") if keep and index == start else EMPTY, *self.after(index)]
        return [part for part in parts if part is not EMPTY]

    def _would_continue(self, last: int, following: int) -> bool:
        before, after = self.tokens[last - 1].kind, self.tokens[following].kind
        return after in _CONTINUES or (before in _TAKES and after in EXPRESSION_STARTS)

    # ------------------------------------------------------------ one statement

    def statement(self, start: int, end: int) -> Document:
        """A statement with its blocks."""
        blocks = [index for index in self._blocks(start, end) if self.facts.kinds[index] == "block"]
        self._short = bool(blocks) and all(self._is_short(index) for index in blocks)
        lead = self.lead(start)
        return Concat([*lead, Group(Concat(self.sequence(start, end, inside=False)))])

    def _blocks(self, start: int, end: int) -> list[int]:
        """Where the blocks of a statement open that are no part of an expression."""
        found = []
        index = start
        while index < end:
            stop = self.facts.expressions.get(index, 0)
            if stop and stop <= end:
                index = stop
                continue
            if self.facts.kinds.get(index) in ("block", "match", "struct", "enum"):
                found.append(index)
            index = self.facts.closing.get(index, index) + 1
        return found

    def _is_short(self, opened: int) -> bool:
        closed = self.facts.closing[opened]
        statements = self.facts.statements[opened]
        if len(statements) > 1 or self.comments.within(opened, closed):
            return False
        if statements and self.tokens[statements[0][0]].kind in _COMPOUND:
            return self.tokens[statements[0][0]].kind in ("func", "async") and self._is_expression(statements[0][0])
        text = self.source[self.tokens[opened].start : self.tokens[closed].end]
        return "\n" not in text and "\r" not in text

    def _is_expression(self, index: int) -> bool:
        return index in self.facts.expressions

    # ------------------------------------------------------------ braces

    def braces(self, opened: int, *, inside: bool) -> Document:
        """A block, or the body of a match, struct or enum."""
        kind = self.facts.kinds[opened]
        closed = self.facts.closing[opened]
        if kind == "match":
            return self._body(opened, self._cases(opened, closed))
        if kind == "struct":
            return self._struct(opened, closed)
        if kind == "enum":
            return self.listed(opened, closed, self._items(opened, closed, kind), kind)
        short = self._is_short(opened) if inside else self._short
        if short:
            whole = self._short_block(opened, closed)
            return Group(whole) if inside else whole
        if not self.facts.statements[opened] and self._is_remark(opened, closed):
            return Concat([self.token(opened), SPACE, self.text(closed), *self.after(closed)])
        saved = self._short
        inner = self._statements(self.facts.statements[opened], opened + 1, closed)
        self._short = saved
        return self._body(opened, inner)

    def _short_block(self, opened: int, closed: int) -> Document:
        statements = self.facts.statements[opened]
        if not statements:
            return Concat([*self.before(opened), self.text(opened), self.text(closed), *self.after(closed)])
        saved = self._short
        inner = self.statement(*statements[0])
        self._short = saved
        return self._padded(opened, closed, [inner])

    def _padded(self, opened: int, closed: int, inner: list[Document]) -> Document:
        """Braces with spaces inside, or with a line each."""
        opening = [*self.before(opened), self.text(opened)]
        return Concat([*opening, Indent(Concat([Line(), *inner])), Line(), self.text(closed), *self.after(closed)])

    def _is_remark(self, opened: int, closed: int) -> bool:
        """Whether braces hold nothing but a comment that fits between them."""
        comments = self.comments.after.get(opened, [])
        return closed == opened + 1 and bool(comments) and closed not in self.comments.before and not comments[-1].breaks

    def _body(self, opened: int, inner: list[Document]) -> Document:
        """Braces around lines."""
        closed = self.facts.closing[opened]
        ending = self.before(closed)
        if ending and inner:
            inner = [*inner, Hard(self.empty_line_before(closed))]
        elif ending:
            self._begin_without_blank(closed)
            ending = self.before(closed)
        parts = [*inner, *ending]
        if not parts:
            if opened in self.comments.after:
                return Concat([self.token(opened), Hard(), self.text(closed), *self.after(closed)])
            return Concat([*self.before(opened), self.text(opened), self.text(closed), *self.after(closed)])
        while isinstance(parts[-1], Hard):
            parts.pop()
        lines = Indent(Concat([Hard(), *parts]))
        return Concat([self.token(opened), lines, Hard(), self.text(closed), *self.after(closed)])

    def _cases(self, opened: int, closed: int) -> list[Document]:
        starts = [index for index in self.top(opened + 1, closed) if self.tokens[index].kind in ("case", "default")]
        starts = [index for index in starts if self.tokens[index - 1].kind in ("{", "}", ";")]
        ranges = []
        for start, following in zip(starts, [*starts[1:], closed], strict=True):
            end = following
            while self.tokens[end - 1].kind == ";":
                end -= 1
            ranges.append((start, end))
        return self._statements(ranges, opened + 1, closed)

    def _struct(self, opened: int, closed: int) -> Document:
        members = self.facts.members[opened]
        text = self.source[self.tokens[opened].start : self.tokens[closed].end]
        methods = any(self.tokens[start].kind in ("func", "async") for start, _ in members)
        flat = "\n" not in text and "\r" not in text and not methods and not self.comments.within(opened, closed)
        if flat and members:
            fields: list[Document] = []
            for start, end in members:
                fields += [Text(","), Line()] if fields else []
                fields += self.sequence(start, end)
            return Group(self._padded(opened, closed, fields))
        inner: list[Document] = []
        self._begin_without_blank(opened + 1)
        start = opened + 1
        for first, last in [*members, (closed, closed)]:
            inner += self._member_ends(start, first)
            if first == closed:
                break
            if inner:
                inner.append(Hard(self.empty_line_before(first)))
            method = self.tokens[first].kind in ("func", "async") and self.tokens[last - 1].kind == "}"
            inner.append(self.statement(first, last) if method else Concat(self.sequence(first, last)))
            start = last
        return self._body(opened, inner)

    def _member_ends(self, start: int, end: int) -> list[Document]:
        """The commas and semicolons between two members; a comma after a field stays."""
        parts: list[Document] = []
        for index in range(start, end):
            field = index == start and self.tokens[index - 1].kind not in ("{", "}")
            comma = field and self.tokens[index].kind == ","
            parts += [*self.before(index), Text(",") if comma else EMPTY, *self.after(index)]
        return [part for part in parts if part is not EMPTY]
