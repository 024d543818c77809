"""Parsing of statements that direct control: conditions, loops, ``match``, ``try``, and the ways out of them."""

from __future__ import annotations

from pagoda.languages.ruff.syntax.cursor import ParseAbort, ParseFailure
from pagoda.languages.ruff.syntax.declarations import DeclarationParser
from pagoda.languages.ruff.syntax.expressions import EXPRESSION_STARTS
from pagoda.languages.ruff.syntax.tokens import ASSIGNMENTS, MAX_ELSE_IFS, Token
from pagoda.languages.ruff.syntax.tree import (
    Block,
    Break,
    CasePattern,
    Continue,
    Expression,
    For,
    If,
    Match,
    Return,
    TryExcept,
    While,
)

_CASES = frozenset({"case", "default"})
_COUNTING = "to count, write 'for i in 10 { }' or 'for i in range(first, last) { }'"


class ControlParser(DeclarationParser):
    """Each statement by its first word."""

    def return_statement(self) -> Return:
        start = self.advance().start
        value = self.expression() if self.kind in EXPRESSION_STARTS else None
        return Return((start, self.previous_end), value)

    def break_statement(self) -> Break:
        token = self.advance()
        self._check_loop(token)
        return Break((token.start, token.end))

    def continue_statement(self) -> Continue:
        token = self.advance()
        self._check_loop(token)
        return Continue((token.start, token.end))

    def _check_loop(self, token: Token) -> None:
        if not self.function.loops:
            message = f"{token.kind} can only be used inside a loop"
            self.report("RUFPARSE003", message, (token.start, token.end))

    def if_statement(self) -> If:
        """An ``if`` with its ladder of ``else if``, read in a loop and nested afterwards."""
        steps: list[tuple[int, Expression, Block]] = []
        otherwise: Block | If | None = None
        while True:
            start = self.advance().start
            hint = self._condition_missing()
            condition = self.condition()
            steps.append((start, condition, self.block(hint, "else")))
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

    def _condition_missing(self) -> str:
        """What to say when no block follows the condition, if that begins with a brace: it was read as a dict."""
        return "the '{ }' before this is read as a dict: what stands before the block is missing" if self.kind == "{" else ""

    def _loop_body(self, hint: str = "") -> Block:
        self.function.loops += 1
        body = self.block(hint)
        self.function.loops -= 1
        return body

    def while_statement(self) -> While:
        start = self.advance().start
        hint = self._condition_missing()
        condition = self.condition()
        body = self._loop_body(hint)
        return While((start, self.previous_end), condition, body)

    def loop_statement(self) -> While:
        start = self.advance().start
        condition = self.condition() if self.accept("while") else None
        body = self._loop_body()
        return While((start, self.previous_end), condition, body)

    def for_statement(self) -> For:
        start = self.advance().start
        if self.kind == "(":
            closing = self.match_close(self.position)
            counting = any(token.kind == ";" for token in self.tokens[self.position : max(closing, self.position)])
            hint = _COUNTING if counting else "write 'for name in values { }' without parentheses"
            self.fail_expected("a name for the loop variable", hint)
        if self.kind in ("let", "mut"):
            self.fail_expected("a name for the loop variable", f"a loop declares its variable by itself, without '{self.kind}'")
        name = self.name_pattern("for the loop variable")
        if self.kind != "in":
            hint = ""
            if self.kind == ",":
                hint = "a loop has one variable; use 'for key in dict' and dict[key]"
            elif self.kind in ASSIGNMENTS:
                hint = _COUNTING
            elif self.kind == "identifier" and self.token.value == "of":
                hint = "write 'in'"
            self.fail_expected("'in' after loop variable", hint)
        self.advance()
        missing = self._condition_missing()
        iterable = self.condition()
        body = self._loop_body(missing)
        return For((start, self.previous_end), name, iterable, body)

    def match_statement(self) -> Match:
        start = self.advance().start
        subject = self.condition()
        opened = self.expect("{", "to open match")
        cases: list[tuple[CasePattern, Block]] = []
        default: Block | None = None
        while self.kind not in ("}", "end"):
            position, state = self.position, self.state()
            try:
                if self.kind not in ("case", "default"):
                    hint = "a case is written 'case Tag(x): { ... }'"
                    self.fail_expected("'case', 'default' or '}' in match", hint, (opened.start, opened.end))
                token = self.advance()
                if default is not None:
                    self.report("RUFPARSE004", "'default' must come last in match, and once", (token.start, token.end))
                if token.kind == "case":
                    pattern = self._case_head()
                    cases.append((pattern, self.block()))
                else:
                    self.expect(":", "after 'default'")
                    default = self.block()
                self.accept(";")
            except ParseAbort:
                raise
            except ParseFailure as failure:
                self.recover(state, failure)
                self.skip_to_member(position, _CASES)
        if self.kind != "}":
            self.fail_expected("'case', 'default' or '}' in match", opened=(opened.start, opened.end))
        self.advance()
        return Match((start, self.previous_end), subject, cases, default)

    def _case_head(self) -> CasePattern:
        pattern = self.case_pattern()
        if self.kind != ":":
            self.fail_expected("':' after case pattern", "a case is written 'case Tag(x): { ... }'")
        self.advance()
        return pattern

    def try_statement(self) -> TryExcept:
        start = self.advance().start
        body = self.block(awaited="except")
        if self.kind != "except":
            hint = "a 'try' needs an 'except name { }'"
            if self.kind == "identifier" and self.token.value in ("catch", "rescue"):
                hint = "write 'except name { }'"
            elif self.kind == "identifier" and self.token.value == "finally":
                hint = "Ruff has no 'finally'; a 'try' needs an 'except name { }'"
            self.fail_expected("'except' after try block", hint)
        self.advance()
        if self.kind != "identifier":
            hint = "write 'except error { }' without parentheses" if self.kind == "(" else "write 'except error { }'"
            self.fail_expected("a name for the error after 'except'", hint)
        name = self.name_pattern("for the error")
        handler = self.block()
        return TryExcept((start, self.previous_end), body, name, handler)
