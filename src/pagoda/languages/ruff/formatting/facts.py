"""What each token of a program is for: noted by a parser while it parses.

The tree does not say where its parentheses, commas and keywords stand, and the tokens alone do not say whether a brace opens a
block or a dict. So the parser of the language is asked, at the places where it decides. All positions are indexes of tokens.
"""

from __future__ import annotations

from pagoda.languages.ruff.syntax.statements import StatementParser
from pagoda.languages.ruff.syntax.tokens import Token
from pagoda.languages.ruff.syntax.tree import (
    ArrayLiteral,
    ArrayPattern,
    Block,
    DictLiteral,
    DictPattern,
    EnumStatement,
    Expression,
    Function,
    Match,
    Parameter,
    Statement,
    StructLiteral,
    StructStatement,
    TypeAnnotation,
)
from pagoda.machine.source import Source
from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Range = tuple[int, int]
_OPENING = {"(": ")", "[": "]", "{": "}"}


class Facts(Record):
    """``kinds``: what a bracket opens: ``block match struct enum dict fields call parameters array pattern``; those not
    listed are parentheses around an expression, or an index. ``statements``: the first token and the one after the last, of
    the statements of a block by its brace, and those of the program by -1. ``members``: likewise for structs.
    ``expressions``: where an expression that begins at a token ends. ``unary``: operators that stand before their operand.
    ``types``: tokens of type annotations. ``closing``: the partner of each opening bracket.
    """

    kinds: dict[int, str] = fresh(factory=dict)
    statements: dict[int, list[Range]] = fresh(factory=dict)
    members: dict[int, list[Range]] = fresh(factory=dict)
    expressions: dict[int, int] = fresh(factory=dict)
    unary: set[int] = fresh(factory=set)
    types: set[int] = fresh(factory=set)
    closing: dict[int, int] = fresh(factory=dict)


def observe(source: Source, tokens: list[Token]) -> Facts:
    """The facts about a program that is known to parse."""
    observer = _Observer(source, tokens)
    observer.statements(closed=False)
    observer.facts.statements[-1] = observer.finished
    opened: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind in _OPENING:
            opened.append(index)
        elif token.kind in (")", "]", "}"):
            observer.facts.closing[opened.pop()] = index
    return observer.facts


class _Observer(StatementParser):
    """Parses as ever, and notes; what the parser passes to its own methods is passed on as it is.

    Inside an interpolation, whose tokens are counted apart, it notes nothing.
    """

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        self.facts = Facts()
        self.finished: list[Range] = []
        self._found: list[Range] = []
        self._members: list[Range] = []
        self._inside = False  # a statement, whose parts are no statements of the list
        self._holes = 0

    def _note(self, position: int, kind: str) -> None:
        if not self._holes:
            self.facts.kinds[position] = kind

    # ------------------------------------------------------------ statements

    def statements(self, *details: Any, **more: Any) -> list[Statement]:
        outer, inside = self._found, self._inside
        self._found, self._inside = [], False
        result = super().statements(*details, **more)
        self.finished = self._found
        self._found, self._inside = outer, inside
        return result

    def statement(self, *details: Any, **more: Any) -> Statement:
        start, inside = self.position, self._inside
        self._inside = True
        members, self._members = self._members, []
        result = super().statement(*details, **more)
        self._inside = inside
        if not inside and not self._holes:
            self._found.append((start, self.position))
        if isinstance(result, Match | StructStatement | EnumStatement):
            opened = self._opening(self.position - 1)
            self._note(opened, {Match: "match", StructStatement: "struct"}.get(type(result), "enum"))
            if isinstance(result, StructStatement) and not self._holes:
                self.facts.members[opened] = self._members
        self._members = members
        return result

    def _opening(self, closing: int) -> int:
        depth = 0
        for index in range(closing, -1, -1):
            kind = self.tokens[index].kind
            if kind in (")", "]", "}"):
                depth += 1
            elif kind in _OPENING:
                depth -= 1
                if not depth:
                    return index
        return -1

    def block(self, *details: Any, **more: Any) -> Block:
        start = self.position
        result = super().block(*details, **more)
        self._note(start, "block")
        if not self._holes:
            self.facts.statements[start] = self.finished
        return result

    def _method(self, *details: Any, **more: Any) -> Function:
        start = self.position
        result = super()._method(*details, **more)
        self._members.append((start, self.position))
        return result

    def _field(self, *details: Any, **more: Any) -> tuple[str, TypeAnnotation | None]:
        start = self.position
        result = super()._field(*details, **more)
        self._members.append((start, self.position))
        return result

    # ------------------------------------------------------------ expressions

    def binary(self, *details: Any, **more: Any) -> Expression:
        start = self.position
        result = super().binary(*details, **more)
        if not self._holes:
            self.facts.expressions[start] = max(self.position, self.facts.expressions.get(start, 0))
        return result

    def unary(self, *details: Any, **more: Any) -> Expression:
        if not self._holes:
            position = self.position
            while self.tokens[position].kind in ("-", "!"):
                self.facts.unary.add(position)
                position += 1
        return super().unary(*details, **more)

    def arguments(self, *details: Any, **more: Any) -> list[Expression]:
        self._note(self.position, "call")
        return super().arguments(*details, **more)

    def array_literal(self, *details: Any, **more: Any) -> ArrayLiteral:
        self._note(self.position, "array")
        return super().array_literal(*details, **more)

    def dict_literal(self, *details: Any, **more: Any) -> DictLiteral:
        self._note(self.position, "dict")
        return super().dict_literal(*details, **more)

    def struct_literal(self, *details: Any, **more: Any) -> StructLiteral:
        self._note(self.position, "fields")
        return super().struct_literal(*details, **more)

    def _hole(self, *details: Any, **more: Any) -> Expression:
        self._holes += 1
        try:
            return super()._hole(*details, **more)
        finally:
            self._holes -= 1

    # ------------------------------------------------------------ what binds names

    def parameters(self, *details: Any, **more: Any) -> list[Parameter]:
        self._note(self.position, "parameters")
        return super().parameters(*details, **more)

    def _array_pattern(self, *details: Any, **more: Any) -> ArrayPattern:
        self._note(self.position, "pattern")
        return super()._array_pattern(*details, **more)

    def _dict_pattern(self, *details: Any, **more: Any) -> DictPattern:
        self._note(self.position, "pattern")
        return super()._dict_pattern(*details, **more)

    def type_annotation(self, *details: Any, **more: Any) -> TypeAnnotation | None:
        start = self.position
        result = super().type_annotation(*details, **more)
        self._types(start)
        return result

    def _field_type(self, *details: Any, **more: Any) -> TypeAnnotation | None:
        start = self.position
        result = super()._field_type(*details, **more)
        self._types(start)
        return result

    def _types(self, start: int) -> None:
        if not self._holes:
            self.facts.types.update(range(start, self.position))
