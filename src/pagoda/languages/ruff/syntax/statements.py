"""Parsing of statements and of lists of them, with recovery after mistakes.

Newlines do not separate statements: one ends where no token continues it. A mistake inside a statement is recorded here,
and reading goes on where a next statement may begin, so that one run reports several.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.syntax.control import ControlParser
from pagoda.languages.ruff.syntax.cursor import FOREIGN_WORDS, ParseAbort, ParseFailure
from pagoda.languages.ruff.syntax.expressions import EXPRESSION_STARTS
from pagoda.languages.ruff.syntax.tokens import (
    ASSIGNMENTS,
    COMPOUND_ASSIGNMENTS,
    KEYWORDS,
    SCALAR_TYPES,
    Template,
    TemplateText,
    Token,
    describe,
)
from pagoda.languages.ruff.syntax.tree import (
    AssignName,
    AssignPlace,
    Binary,
    Block,
    Declaration,
    Expression,
    ExpressionStatement,
    FieldGet,
    IndexGet,
    Name,
    Statement,
)

_CHAINED = "Chained assignment is not supported; split the assignment into separate statements"


class StatementParser(ControlParser):
    """Statements and blocks: the whole grammar."""

    # ------------------------------------------------------------ lists

    def statements(self, *, closed: bool) -> list[Statement]:
        """Statements up to ``}`` (where ``closed``) or the end."""
        result: list[Statement] = []
        while True:
            while self.kind == ";":
                self.advance()
            kind = self.kind
            if kind == "end" or (closed and (kind == "}" or (kind in ("else", "except") and kind in self.awaited))):
                return result
            position = self.position
            state = self.state()
            try:
                if self.kind == "}":
                    self._stray_brace()
                    continue
                if self.kind == "identifier":
                    self._refuse_foreign_head()
                statement = self.statement()
                if self.kind in EXPRESSION_STARTS:
                    self._refuse_neighbour()
                result.append(statement)
            except ParseAbort:
                raise
            except ParseFailure as failure:
                self.recover(state, failure)
                self.synchronise(position)

    def _stray_brace(self) -> None:
        # After another mistake a brace too many is most likely its echo.
        if not self.diagnostics:
            span = (self.token.start, self.token.end)
            self.report("RUFPARSE001", "Expected a statement but found '}'", span, "this brace closes nothing")
        self.advance()

    def _refuse_foreign_head(self) -> None:
        """Fail at ``elif (x) {``, ``finally {`` and the like, where the names would be read as variables."""
        word = str(self.token.value)
        if word not in FOREIGN_WORDS:
            return
        following = self.peek_kind()
        if following == "(":
            closing = self.match_close(self.position + 1)
            foreign = closing >= 0 and self.tokens[closing + 1].kind == "{"
        elif following == "{" and word == "do":
            closing = self.match_close(self.position + 1)
            foreign = closing >= 0 and self.tokens[closing + 1].kind == "while"
        else:
            foreign = following == "{" and self.peek_kind(2) != "}" and self.peek_kind(3) != ":"
        if foreign:
            self._fail_foreign(self.token)

    def _refuse_neighbour(self) -> None:
        """Fail where two statements share a line only because of something that another language has."""
        if self.on_new_line():
            return
        before = self.tokens[self.position - 1]
        for token in (before, self.token):
            if token.kind == "identifier" and str(token.value) in FOREIGN_WORDS:
                self._fail_foreign(token)
        if before.kind == "?" and self._colon_on_line():
            self.fail_expected("the end of the statement")

    def _colon_on_line(self) -> bool:
        """Whether a ``:`` outside brackets follows on this line: then ``a ? b : c`` was meant."""
        depth = 0
        text = self.source.text
        for position in range(self.position, len(self.tokens)):
            token = self.tokens[position]
            if "\n" in text[self.tokens[position - 1].end : token.start]:
                return False
            if token.kind in ("(", "[", "{"):
                depth += 1
            elif token.kind in (")", "]", "}"):
                depth -= 1
            elif token.kind == ":" and depth == 0:
                return True
        return False

    def _fail_foreign(self, token: Token) -> None:
        word = str(token.value)
        self.fail("RUFPARSE007", f"Unknown keyword '{word}'", (token.start, token.end), FOREIGN_WORDS[word])

    def block(self, hint: str = "", awaited: str = "") -> Block:
        """Statements in braces; ``hint`` is for a user who wrote something else.

        ``awaited`` is the word that may or must follow the block. Where it stands inside, a ``}`` is missing before it.
        """
        if self.kind != "{":
            from pagoda.languages.ruff.syntax.advice import block_hint

            self.fail_expected("'{' to open block", hint or block_hint(self.tokens, self.position))
        opened = self.advance()
        self.enter_block()
        structs, self._structs = self._structs, True
        outer = self.awaited
        if awaited:
            self.awaited = (*outer, awaited)
        statements = self.statements(closed=True)
        self.awaited = outer
        if self.kind in ("else", "except"):
            line, column = self.source.position(opened.start)
            message = f"Expected '}}' to close block but found {describe(self.token)}"
            notes = [f"'{{' was opened at line {line}, column {column}"]
            self.report("RUFPARSE001", message, (self.token.start, self.token.end), notes=notes)
        elif self.kind != "}":
            from pagoda.languages.ruff.syntax.advice import missing_brace

            hint = missing_brace(self.source, self.tokens) if self.kind == "end" else ""
            self.fail_expected("'}' to close block", hint, (opened.start, opened.end))
        else:
            self.advance()
        self._structs = structs
        self.leave_block()
        return Block((opened.start, self.previous_end), statements)

    # ------------------------------------------------------------ one statement

    def statement(self) -> Statement:
        """Any statement."""
        kind = self.kind
        if kind in ("func", "async"):
            if self.at_function_statement():
                return self.function_statement()
            return self._simple()
        handler = _HANDLERS.get(kind)
        if handler is not None:
            return handler(self)
        if kind in ("[", "{"):
            closing = self.match_close(self.position)
            if closing >= 0 and self.tokens[closing + 1].kind in ASSIGNMENTS:
                return self._declaration("", self.token.start)
        if kind not in EXPRESSION_STARTS:
            self._fail_start()
        return self._simple()

    def _fail_start(self) -> None:
        kind = self.kind
        hint = {
            "else": "'else' follows the '}' of an 'if'",
            "except": "'except' follows the '}' of a 'try'",
            "case": "'case' stands inside 'match value { }'",
            "default": "'default' stands inside 'match value { }'",
            "impl": "methods are declared inside 'struct'",
            ")": "this bracket closes nothing",
            "]": "this bracket closes nothing",
            ",": "several variables at once are written '[a, b] := values'",
        }.get(kind, "")
        if kind in SCALAR_TYPES:
            hint = f"variables are declared with 'let' or 'mut', the type after the name: mut x: {kind} := ..."
        if not hint and kind in KEYWORDS:
            hint = f"'{kind}' is a reserved word; it cannot be used as a variable"
        self.fail_expected("a statement", hint)

    def _keyword_declaration(self) -> Declaration:
        token = self.advance()
        return self._declaration(token.kind, token.start)

    def _declaration(self, keyword: str, start: int) -> Declaration:
        pattern = self.name_pattern("to declare") if keyword == "const" else self.pattern()
        annotation = self.type_annotation() if keyword and self.accept(":") else None
        if self.kind not in ASSIGNMENTS:
            hint = "a variable is declared with a value, be it null"
            if self.kind == ",":
                hint = f"several variables at once are written '{keyword} [a, b] := values'"
            elif self.kind in COMPOUND_ASSIGNMENTS or self.kind == "==":
                hint = "write ':='"
            self.fail_expected("':=' or '=' in declaration", hint)
        self.advance()
        value = self._assigned()
        return Declaration((start, self.previous_end), keyword, pattern, value, annotation)

    def _assigned(self) -> Expression:
        """The value of an assignment, which must not be an assignment itself."""
        value = self.expression()
        if self.kind in ASSIGNMENTS or self.kind in COMPOUND_ASSIGNMENTS:
            from pagoda.languages.ruff.syntax.advice import ARROW, is_arrow

            hint = ARROW if is_arrow(self.tokens, self.position) else ""
            self.fail("RUFPARSE002", _CHAINED, (self.token.start, self.token.end), hint)
        return value

    def _simple(self) -> Statement:
        """An assignment or an expression."""
        first = self.token
        position = self.position
        target = self.expression()
        kind = self.kind
        if kind in ASSIGNMENTS:
            self._check_target(first, target)
            self.advance()
            value = self._assigned()
        elif kind in COMPOUND_ASSIGNMENTS:
            self._check_target(first, target)
            value = self._compound(position)
        else:
            return ExpressionStatement((first.start, self.previous_end), target)
        span = (first.start, self.previous_end)
        if isinstance(target, Name):
            return AssignName(span, target.name, value, target.span)
        assert isinstance(target, FieldGet | IndexGet)
        return AssignPlace(span, target, value)

    def _compound(self, position: int) -> Expression:
        """The value of ``target += value``: ``target + value``, whose target is read from the text once more.

        A second reading gives nodes of their own, which the resolver may annotate apart. A function inside the target is
        refused: it would double with every level, and evaluating it twice is never what was meant.
        """
        operator_position = self.position
        operator = self.token
        function = _find_function(self.tokens[position:operator_position])
        if function is not None:
            message = f"A function cannot be part of the target of '{operator.kind}'"
            self.fail("RUFPARSE002", message, (function.start, function.end), "assign it to a variable first")
        self.move_to(position)
        start = self.token.start
        left = self.expression()
        assert self.position == operator_position
        height = self._height
        self.advance()
        right = self._assigned()
        self.grow(max(height, self._height) + 1)
        span = (start, self.previous_end)
        return Binary(span, COMPOUND_ASSIGNMENTS[operator.kind], left, right, (operator.start, operator.end))

    def _check_target(self, first: Token, target: Expression) -> None:
        """Fail unless the target is a name, or a place whose parts lead back to a name."""
        if isinstance(target, Name) and target.name == "self":
            self._fail_target("'self' cannot be assigned to; assign to its fields")
        place: Expression = target
        while isinstance(place, FieldGet | IndexGet):
            if isinstance(place, FieldGet) and place.optional:
                self._fail_target("'?.' cannot be assigned to")
            place = place.receiver
        if not isinstance(place, Name) or first.kind not in ("identifier", "self") or target.span[0] != first.start:
            self._fail_target("only a name, a field or an element of a variable can be assigned to")

    def _fail_target(self, hint: str) -> None:
        token = self.token
        if token.kind == "=":
            hint += "; compare with '=='"
        message = f"Expected a variable, field or element before {describe(token)} but found another expression"
        self.fail("RUFPARSE002", message, (token.start, token.end), hint)


def _find_function(tokens: list[Token]) -> Token | None:
    """The first ``func`` among tokens and those of their interpolations."""
    for token in tokens:
        if token.kind == "func":
            return token
        if isinstance(token.value, Template):
            for part in token.value.parts:
                found = None if isinstance(part, TemplateText) else _find_function(part)
                if found is not None:
                    return found
    return None


_HANDLERS: dict[str, Callable[[StatementParser], Statement]] = {
    "let": StatementParser._keyword_declaration,
    "mut": StatementParser._keyword_declaration,
    "const": StatementParser._keyword_declaration,
    "return": StatementParser.return_statement,
    "break": StatementParser.break_statement,
    "continue": StatementParser.continue_statement,
    "if": StatementParser.if_statement,
    "while": StatementParser.while_statement,
    "loop": StatementParser.loop_statement,
    "for": StatementParser.for_statement,
    "match": StatementParser.match_statement,
    "try": StatementParser.try_statement,
    "enum": StatementParser.enum_statement,
    "struct": StatementParser.struct_statement,
    "import": StatementParser.import_statement,
    "from": StatementParser.import_statement,
    "export": StatementParser.export_statement,
    "spawn": StatementParser.spawn_statement,
    "test": StatementParser.test_statement,
    "test_group": StatementParser.test_statement,
    "test_setup": StatementParser.test_statement,
    "test_teardown": StatementParser.test_statement,
}
