"""Parsing of expressions: operators by precedence, then what follows a value, then values.

Binary operators climb by level in one loop; the chain ``a + b + c`` costs no recursion. Every production leaves the height
of the tree it made in ``_height``, so that no reader of the tree has to recurse deeper than the limits of :mod:`.tokens`.
Struct literals are off (``_structs``) where a block follows an expression, as in ``if x { }``, and on again inside
brackets.
"""

from __future__ import annotations

from abc import abstractmethod

from pagoda.languages.ruff.syntax.literals import LiteralParser
from pagoda.languages.ruff.syntax.tokens import KEYWORDS, Token
from pagoda.languages.ruff.syntax.tree import (
    Await,
    Binary,
    BoolLiteral,
    Call,
    EnumValue,
    Expression,
    FieldGet,
    FloatLiteral,
    Function,
    IndexGet,
    IntLiteral,
    Logical,
    MethodCall,
    Name,
    NullLiteral,
    ResultValue,
    StringLiteral,
    Throw,
    Try,
    Unary,
    Yield,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

LEVELS = {
    "|>": 1, "??": 2, "||": 3, "&&": 4, "==": 5, "!=": 5, "<": 6, "<=": 6, ">": 6, ">=": 6,
    "+": 7, "-": 7, "*": 8, "/": 8, "%": 8,
}  # fmt: skip
_EQUALITY = 5

EXPRESSION_STARTS = frozenset(
    {"integer", "decimal", "text", "template", "true", "false", "null", "self", "identifier", "(", "[", "{", "func", "async",
     "yield", "await", "-", "!"}
)  # fmt: skip
_SLICE = "a part is taken with slice(array, start, end) or substring(text, start, end)"
_POSTFIX = frozenset({"(", "[", ".", "?.", "?"})


class ExpressionParser(LiteralParser):
    """Expressions. Bodies of function literals come from :meth:`function_rest`."""

    @abstractmethod
    def function_rest(self, start: int, name: str, *, is_async: bool, is_generator: bool, self_allowed: bool) -> Function:
        """Parameters, return type and body of a function."""

    @abstractmethod
    def in_generator(self) -> bool:
        """Whether the function being read is a generator."""

    # ------------------------------------------------------------ operators

    def expression(self) -> Expression:
        """A full expression."""
        return self.binary(1)

    def element(self) -> Expression:
        """An expression at the level of ``==``."""
        return self.binary(_EQUALITY)

    def condition(self) -> Expression:
        """An expression before a block, where ``x {`` is not a struct literal."""
        structs = self._structs
        self._structs = False
        value = self.binary(1)
        self._structs = structs
        return value

    def binary(self, lowest: int) -> Expression:
        """Operators of at least that level; all of them group to the left."""
        start = self.token.start
        left = self.unary()
        while True:
            operator = self.kind
            level = LEVELS.get(operator, 0)
            if level < lowest or not level:
                return left
            height = self._height
            token = self.advance()
            right_position = self.position
            right = self.binary(level + 1)
            self.grow(max(height, self._height) + 1)
            span = (start, self.previous_end)
            if level >= _EQUALITY:
                left = Binary(span, operator, left, right, (token.start, token.end))
            elif operator == "|>":
                left = self._pipe(span, left, right, right_position)
            else:
                left = Logical(span, operator, left, right)

    def _pipe(self, span: tuple[int, int], left: Expression, right: Expression, position: int) -> Expression:
        grouped = self.tokens[position].kind == "(" and self.match_close(position) == self.position - 1
        if not grouped:
            if isinstance(right, Call):
                return Call(span, right.callee, [left, *right.args], piped=True)
            if isinstance(right, MethodCall):
                return MethodCall(span, right.receiver, right.name, [left, *right.args], right.name_span)
        return Call(span, right, [left], piped=True)

    def unary(self) -> Expression:
        """``-`` and ``!`` before a value; a run of them is read in a loop."""
        if self.kind not in ("-", "!"):
            return self.postfix()
        operators: list[Token] = []
        while self.kind in ("-", "!"):
            self.enter_expression()
            operators.append(self.advance())
        value = self.postfix()
        for token in reversed(operators):
            self.leave_expression()
            self.grow(self._height + 1)
            value = Unary((token.start, self.previous_end), token.kind, value)
        return value

    # ------------------------------------------------------------ after a value

    def postfix(self) -> Expression:
        """A value with its calls, fields, indexes and ``?``."""
        start = self.token.start
        if self.kind == "identifier":
            value, complete = self._named()
            if complete:
                return value
        else:
            value = self.primary()
        while self.kind in _POSTFIX:
            height = self._height
            kind = self.kind
            if kind == "(":
                args = self.arguments()
                self.grow(max(height, self._height) + 1)
                value = Call((start, self.previous_end), value, args)
            elif kind == "[":
                opened = self.open_bracket()
                index = self.expression()
                self.close_bracket("]", "to close index", opened, _SLICE if self.kind == ":" else "")
                self.grow(max(height, self._height) + 1)
                value = IndexGet((start, self.previous_end), value, index)
            elif kind == "?":
                self.advance()
                self.grow(height + 1)
                value = Try((start, self.previous_end), value)
            else:
                self.advance()
                value = self._member(start, value, kind == "?.", height)
        return value

    def _member(self, start: int, receiver: Expression, optional: bool, height: int) -> Expression:
        token = self.token
        # Reserved words may name fields too: nothing else can stand after a dot.
        if token.kind != "identifier" and token.kind not in KEYWORDS:
            hint = "an element is read with brackets: value[0]" if token.kind == "integer" else ""
            if isinstance(receiver, IntLiteral):
                hint = "a float needs digits after its dot"
            self.fail_expected("a field or method name after '.'", hint)
        self.advance()
        name, name_span = str(token.value), (token.start, token.end)
        if self.kind == "(" and not optional:
            args = self.arguments()
            self.grow(max(height, self._height) + 1)
            return MethodCall((start, self.previous_end), receiver, name, args, name_span)
        self.grow(height + 1)
        return FieldGet((start, self.previous_end), receiver, name, optional, name_span)

    def arguments(self) -> list[Expression]:
        """``(a, b)``; the height of the highest argument is left behind."""
        opened = self.open_bracket()
        args: list[Expression] = []
        height = 0
        while self.kind != ")":
            args.append(self.expression())
            height = max(height, self._height)
            if not self.accept(","):
                break
        self.close_bracket(")", "to close function call arguments", opened)
        self._height = height
        return args

    # ------------------------------------------------------------ values

    def _named(self) -> tuple[Expression, bool]:
        """What begins with a name, and whether nothing may follow it (``.``, ``(`` and so on)."""
        token = self.advance()
        name = str(token.value)
        kind = self.kind
        self._height = 1
        if kind == "::":
            self.advance()
            tag = str(self.name("of a tag after '::'").value)
            args = self.arguments() if self.kind == "(" else None
            self.grow(self._height + 1)
            return EnumValue((token.start, self.previous_end), name, tag, args), True
        if kind == "(" and name in ("Ok", "Err", "Some", "throw"):
            opened = self.open_bracket()
            value = self.expression()
            self.close_bracket(")", f"after the value of {name}", opened)
            self.grow(self._height + 1)
            span = (token.start, self.previous_end)
            if name == "throw":
                return Throw(span, value), True
            return ResultValue(span, name, value), False
        if kind == "{" and self._structs and self.at_struct_literal():
            return self.struct_literal(token), True
        span = (token.start, token.end)
        if name == "None" and kind not in ("=", ":="):
            return ResultValue(span, name, None), False
        return Name(span, name), False

    def primary(self) -> Expression:
        """A value that does not begin with a name."""
        token = self.token
        kind = token.kind
        span = (token.start, token.end)
        if kind == "integer":
            self.advance()
            self._height = 1
            assert isinstance(token.value, int)
            return IntLiteral(span, token.value)
        if kind == "text":
            self.advance()
            self._height = 1
            return StringLiteral(span, str(token.value))
        if kind == "(":
            opened = self.open_bracket()
            value = self.expression()
            hint = ""
            if self.kind == ",":
                closing = self.match_close(opened[2])
                arrow = 0 <= closing < len(self.tokens) - 1 and self.tokens[closing + 1].kind in ("=", "->")
                hint = "a function is written 'func(a, b) { return ... }'" if arrow else "several values make an array: [a, b]"
            self.close_bracket(")", "to close parenthesis", opened, hint)
            return value
        if kind == "decimal":
            self.advance()
            self._height = 1
            assert isinstance(token.value, float)
            return FloatLiteral(span, token.value)
        if kind == "[":
            return self.array_literal()
        if kind == "{":
            return self.dict_literal()
        if kind == "template":
            return self.template()
        return self._word(token, kind, span)

    def _word(self, token: Token, kind: str, span: tuple[int, int]) -> Expression:
        """A value that begins with a reserved word."""
        self._height = 1
        if kind in ("true", "false"):
            self.advance()
            return BoolLiteral(span, kind == "true")
        if kind == "null":
            self.advance()
            return NullLiteral(span)
        if kind == "self":
            self.advance()
            return Name(span, "self")
        if kind == "func" or (kind == "async" and self.peek_kind() == "func"):
            return self._function_literal()
        if kind == "yield":
            return self._yield()
        if kind == "await":
            self.advance()
            self.enter_expression()
            value = self.expression()
            self.leave_expression()
            self.grow(self._height + 1)
            return Await((token.start, self.previous_end), value)
        return self._no_expression()

    def _no_expression(self) -> NoReturn:
        from pagoda.languages.ruff.syntax.advice import expression_hint

        self.fail_expected("an expression", expression_hint(self.tokens, self.position))

    def _yield(self) -> Yield:
        token = self.advance()
        if not self.in_generator():
            message = "yield can only be used inside a generator"
            self.report("RUFPARSE003", message, (token.start, token.end), "declare the function with 'func*'")
        value: Expression | None = None
        if self.kind in EXPRESSION_STARTS:
            self.enter_expression()
            value = self.expression()
            self.leave_expression()
            self.grow(self._height + 1)
        return Yield((token.start, self.previous_end), value)

    def _function_literal(self) -> Function:
        start = self.token.start
        is_async = self.accept("async")
        self.advance()
        is_generator = self.accept("*")
        if self.kind == "identifier":
            self.fail_expected("'(' to open parameters", "a function inside an expression has no name")
        peak, self._peak = self._peak, 0
        self.enter_expression()
        function = self.function_rest(start, "", is_async=is_async, is_generator=is_generator, self_allowed=False)
        self.leave_expression()
        # The body counts: what reads the tree goes through it on the way down.
        height = self._peak + 1
        self._peak = peak
        self.grow(height)
        return function
