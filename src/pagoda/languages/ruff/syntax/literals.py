"""Parsing of the values that are written out: arrays, dicts, struct literals and templates.

Elements and values inside these are read at the level of ``==``: ``&& || ?? |>`` need parentheses there, as the language
defines it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from pagoda.languages.ruff.syntax.cursor import Cursor
from pagoda.languages.ruff.syntax.patterns import PatternParser
from pagoda.languages.ruff.syntax.tokens import ASSIGNMENTS, KEYWORDS, MAX_ITEMS, Template, TemplateText, Token
from pagoda.languages.ruff.syntax.tree import (
    ArrayLiteral,
    DictLiteral,
    Expression,
    Interpolation,
    Spread,
    StringLiteral,
    StructLiteral,
)
from pagoda.machine.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    #: An opening bracket, whether struct literals were allowed before it, and its index among the tokens.
    Opened: TypeAlias = tuple[Token, bool, int]


class LiteralParser(PatternParser, ABC):
    """Literals with parts. The parts come from :meth:`expression` and :meth:`element`."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        Cursor.__init__(self, source, tokens)
        self._structs = True

    @abstractmethod
    def expression(self) -> Expression:
        """A full expression."""

    @abstractmethod
    def element(self) -> Expression:
        """An expression at the level of ``==``."""

    def open_bracket(self) -> Opened:
        """Take an opening bracket: one level deeper, and struct literals are allowed inside."""
        self.enter_expression()
        structs, position = self._structs, self.position
        self._structs = True
        return self.advance(), structs, position

    def close_bracket(self, kind: str, purpose: str, opened: Opened, hint: str = "") -> None:
        """Take the closing bracket, or fail and tell where the opening one is."""
        if self.kind != kind:
            from pagoda.languages.ruff.syntax.advice import COMMA_MISSING, bracket_hint

            hint = hint or bracket_hint(self.tokens, self.position)
            if hint == COMMA_MISSING and self.on_new_line():
                hint = f"is a ',' or a '{kind}' missing at the end of the line before?"
            self.fail_expected(f"'{kind}' {purpose}", hint, (opened[0].start, opened[0].end))
        self.advance()
        self._structs = opened[1]
        self.leave_expression()

    def array_literal(self) -> ArrayLiteral:
        """``[a, ...b]``."""
        opened = self.open_bracket()
        items: list[Expression] = []
        height = 0
        while self.kind != "]":
            items.append(self._spread() if self.kind == "..." else self.element())
            height = max(height, self._height)
            self.abort_if_many(len(items), MAX_ITEMS, "Array literal")
            if not self.accept(","):
                break
        self.close_bracket("]", "to close array literal", opened)
        self.grow(height + 1)
        return ArrayLiteral((opened[0].start, self.previous_end), items)

    def _spread(self) -> Spread:
        start = self.advance().start
        value = self.element()
        self.grow(self._height + 1)
        return Spread((start, self.previous_end), value)

    def dict_literal(self) -> DictLiteral:
        """``{"key": value, ...other}``; keys are expressions."""
        opened = self.open_bracket()
        entries: list[tuple[Expression | None, Expression]] = []
        height = 0
        while self.kind != "}":
            key: Expression | None = None
            if not self.accept("..."):
                key = self.element()
                height = max(height, self._height)
                if self.kind != ":":
                    hint = "'{' begins a dict here; a block stands only after if, else, while and the like"
                    if self.kind in ASSIGNMENTS:
                        hint = "a key and its value are separated by ':'"
                    self.fail_expected("':' after dict key", hint, (opened[0].start, opened[0].end))
                self.advance()
            entries.append((key, self.element()))
            height = max(height, self._height)
            self.abort_if_many(len(entries), MAX_ITEMS, "Dict literal")
            if not self.accept(","):
                break
        self.close_bracket("}", "to close dict literal", opened)
        self.grow(height + 1)
        return DictLiteral((opened[0].start, self.previous_end), entries)

    def at_struct_literal(self) -> bool:
        """Whether the ``{`` here begins the fields of a struct literal."""
        following = self.peek_kind()
        if following == "}":
            return True
        return (following == "identifier" or following in KEYWORDS) and self.peek_kind(2) == ":"

    def struct_literal(self, name: Token) -> StructLiteral:
        """``{ field: value }`` after the name of a struct."""
        opened = self.open_bracket()
        fields: list[tuple[str, Expression]] = []
        height = 0
        while self.kind != "}":
            field = self.advance() if self.kind in KEYWORDS else self.name("of a struct field")
            self.expect(":", "after struct field")
            fields.append((str(field.value), self.element()))
            height = max(height, self._height)
            self.abort_if_many(len(fields), MAX_ITEMS, "Struct literal")
            # The comma between fields is optional, in the language as given.
            if not self.accept(",") and self.peek_kind() != ":":
                break
        self.close_bracket("}", "to close struct literal", opened)
        self.grow(height + 1)
        return StructLiteral((name.start, self.previous_end), str(name.value), fields)

    def template(self) -> Interpolation:
        """A string with ``${...}``: each hole is one full expression."""
        token = self.advance()
        assert isinstance(token.value, Template)
        parts: list[Expression] = []
        height = 0
        self.enter_expression()
        for part in token.value.parts:
            if isinstance(part, TemplateText):
                parts.append(StringLiteral((part.start, part.end), part.text))
                continue
            parts.append(self._hole(part))
            height = max(height, self._height)
        self.leave_expression()
        self.grow(height + 1)
        return Interpolation((token.start, token.end), parts)

    def _hole(self, tokens: list[Token]) -> Expression:
        outer, position, structs = self.tokens, self.position, self._structs
        self.tokens, self._structs = tokens, True
        self.move_to(0)
        try:
            value = self.expression()
            if self.kind != "end":
                self.fail_expected("'}' to close interpolation")
            return value
        finally:
            self.tokens, self._structs = outer, structs
            self.move_to(position)
