"""Parsing of statements and of lists of them, with recovery after mistakes.

Newlines do not separate statements: one ends where no token continues it. A mistake inside a statement is recorded here,
and reading goes on where a next statement may begin, so that one run reports several.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.syntax.cursor import FOREIGN_WORDS, ParseAbort, ParseFailure
from pagoda.languages.ruff.syntax.declarations import DeclarationParser
from pagoda.languages.ruff.syntax.expressions import EXPRESSION_STARTS
from pagoda.languages.ruff.syntax.tokens import (
    ASSIGNMENTS,
    COMPOUND_ASSIGNMENTS,
    KEYWORDS,
    MAX_ELSE_IFS,
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
    Break,
    CasePattern,
    Continue,
    Declaration,
    Expression,
    ExpressionStatement,
    FieldGet,
    For,
    If,
    IndexGet,
    Match,
    Name,
    Return,
    Statement,
    TryExcept,
    While,
)

_CHAINED = "Chained assignment is not supported; split the assignment into separate statements"


class StatementParser(DeclarationParser):
    """Statements and blocks: the whole grammar."""

    # ------------------------------------------------------------ lists

    def statements(self, *, closed: bool) -> list[Statement]:
        """Statements up to ``}`` (where ``closed``) or the end."""
        result: list[Statement] = []
        while True:
            while self.kind == ";":
                self.advance()
            if self.kind == "end" or (closed and self.kind == "}"):
                return result
            position = self.position
            state = (self._expression_depth, self._block_depth, self._structs, self.function, self.function.loops)
            try:
                if self.kind == "}":
                    self._stray_brace()
                    continue
                if self.kind == "identifier":
                    self._refuse_foreign_head()
                statement = self.statement()
                if self.kind in EXPRESSION_STARTS:
                    self._refuse_foreign_neighbour(position)
                result.append(statement)
            except ParseAbort:
                raise
            except ParseFailure as failure:
                self._expression_depth, self._block_depth, self._structs, self.function, self.function.loops = state
                self.record(failure.diagnostic)
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
        else:
            foreign = following == "{" and self.peek_kind(2) != "}" and self.peek_kind(3) != ":"
        if foreign:
            self._fail_foreign(self.token)

    def _refuse_foreign_neighbour(self, position: int) -> None:
        """Fail where two statements share a line only because one of them is a word of another language."""
        if self.on_new_line():
            return
        for token in (self.tokens[self.position - 1], self.token):
            if token.kind == "identifier" and str(token.value) in FOREIGN_WORDS:
                self._fail_foreign(token)

    def _fail_foreign(self, token: Token) -> None:
        word = str(token.value)
        self.fail("RUFPARSE007", f"Unknown keyword '{word}'", (token.start, token.end), FOREIGN_WORDS[word])

    def block(self) -> Block:
        """Statements in braces."""
        opened = self.expect("{", "to open block")
        self.enter_block()
        structs, self._structs = self._structs, True
        statements = self.statements(closed=True)
        if self.kind != "}":
            self.fail_expected("'}' to close block", opened=(opened.start, opened.end))
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
        }.get(kind, "")
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
            self.fail_expected("':=' or '=' in declaration")
        self.advance()
        value = self._assigned()
        return Declaration((start, self.previous_end), keyword, pattern, value, annotation)

    def _assigned(self) -> Expression:
        """The value of an assignment, which must not be an assignment itself."""
        value = self.expression()
        if self.kind in ASSIGNMENTS or self.kind in COMPOUND_ASSIGNMENTS:
            self.fail("RUFPARSE002", _CHAINED, (self.token.start, self.token.end))
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

    # ------------------------------------------------------------ control

    def _return(self) -> Return:
        start = self.advance().start
        value = self.expression() if self.kind in EXPRESSION_STARTS else None
        return Return((start, self.previous_end), value)

    def _break(self) -> Break:
        token = self.advance()
        self._check_loop(token)
        return Break((token.start, token.end))

    def _continue(self) -> Continue:
        token = self.advance()
        self._check_loop(token)
        return Continue((token.start, token.end))

    def _check_loop(self, token: Token) -> None:
        if not self.function.loops:
            message = f"{token.kind} can only be used inside a loop"
            self.report("RUFPARSE003", message, (token.start, token.end))

    def _if(self) -> If:
        """An ``if`` with its ladder of ``else if``, read in a loop and nested afterwards."""
        steps: list[tuple[int, Expression, Block]] = []
        otherwise: Block | If | None = None
        while True:
            start = self.advance().start
            condition = self.condition()
            steps.append((start, condition, self.block()))
            if len(steps) > MAX_ELSE_IFS:
                self.abort_if_many(len(steps), MAX_ELSE_IFS, "A chain of 'else if'")
            if not self.accept("else"):
                break
            if self.kind != "if":
                otherwise = self.block()
                break
        end = self.previous_end
        for start, condition, then in reversed(steps):
            otherwise = If((start, end), condition, then, otherwise)
        assert isinstance(otherwise, If)
        return otherwise

    def _loop_body(self) -> Block:
        self.function.loops += 1
        body = self.block()
        self.function.loops -= 1
        return body

    def _while(self) -> While:
        start = self.advance().start
        condition = self.condition()
        body = self._loop_body()
        return While((start, self.previous_end), condition, body)

    def _loop(self) -> While:
        start = self.advance().start
        condition = self.condition() if self.accept("while") else None
        body = self._loop_body()
        return While((start, self.previous_end), condition, body)

    def _for(self) -> For:
        start = self.advance().start
        if self.kind == "(":
            self.fail_expected("a name for the loop variable", "write 'for name in values { }' without parentheses")
        name = self.name_pattern("for the loop variable")
        if self.kind == ",":
            self.fail_expected("'in' after loop variable", "a loop has one variable; use 'for key in dict' and dict[key]")
        self.expect("in", "after loop variable")
        iterable = self.condition()
        body = self._loop_body()
        return For((start, self.previous_end), name, iterable, body)

    def _match(self) -> Match:
        start = self.advance().start
        subject = self.condition()
        opened = self.expect("{", "to open match")
        cases: list[tuple[CasePattern, Block]] = []
        default: Block | None = None
        while self.kind in ("case", "default"):
            token = self.advance()
            if default is not None:
                self.report("RUFPARSE004", "'default' must come last in match, and once", (token.start, token.end))
            if token.kind == "case":
                pattern = self.case_pattern()
                self.expect(":", "after case pattern")
                cases.append((pattern, self.block()))
            else:
                self.expect(":", "after 'default'")
                default = self.block()
            self.accept(";")
        if self.kind != "}":
            self.fail_expected("'case', 'default' or '}' in match", opened=(opened.start, opened.end))
        self.advance()
        return Match((start, self.previous_end), subject, cases, default)

    def _try(self) -> TryExcept:
        start = self.advance().start
        body = self.block()
        if self.kind != "except":
            self.fail_expected("'except' after try block", "a 'try' needs an 'except name { }'")
        self.advance()
        if self.kind != "identifier":
            self.fail_expected("a name for the error after 'except'", "write 'except error { }' without parentheses")
        name = self.name_pattern("for the error")
        handler = self.block()
        return TryExcept((start, self.previous_end), body, name, handler)


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
    "return": StatementParser._return,
    "break": StatementParser._break,
    "continue": StatementParser._continue,
    "if": StatementParser._if,
    "while": StatementParser._while,
    "loop": StatementParser._loop,
    "for": StatementParser._for,
    "match": StatementParser._match,
    "try": StatementParser._try,
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
