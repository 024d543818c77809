"""The token stream a parser reads: looking ahead, expecting, reporting, and starting over after a mistake.

A mistake raises :class:`ParseFailure` up to the nearest list of statements, which records it and skips to where a next
statement may begin. What nests too deep raises :class:`ParseAbort`, which ends the parse: to go on would only repeat the
finding. What must hold: every recovery moves forward, and no two diagnostics start at the same place.
"""

from __future__ import annotations

from pagoda.languages.ruff.syntax.tokens import (
    KEYWORDS,
    MAX_BLOCK_NESTING,
    MAX_ERRORS,
    MAX_EXPRESSION_NESTING,
    MAX_TREE_HEIGHT,
    Token,
    describe,
)
from pagoda.machine.source import Diagnostic, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

Span = tuple[int, int]

# Names from other languages, and what to write instead.
FOREIGN_WORDS = {
    "elif": "write 'else if'",
    "elseif": "write 'else if'",
    "elsif": "write 'else if'",
    "def": "functions are declared with 'func'",
    "fn": "functions are declared with 'func'",
    "fun": "functions are declared with 'func'",
    "function": "functions are declared with 'func'",
    "lambda": "write 'func(x) { return ... }'",
    "var": "variables are declared with 'let' (immutable) or 'mut'",
    "and": "write '&&'",
    "or": "write '||'",
    "not": "write '!'",
    "class": "write 'struct'",
    "switch": "write 'match value { case Tag: { } }' for tags, or 'if' and 'else if' for values",
    "foreach": "write 'for item in items { }'",
    "unless": "write 'if !condition { }'",
    "catch": "write 'except name { }'",
    "finally": "Ruff has no 'finally'; write what must happen after the 'try' and its 'except'",
    "raise": "write 'throw(value)'",
    "do": "Ruff has no 'do'; use 'loop { }' with 'break'",
    "then": "write '{' and '}' around the statements",
    "is": "write '=='",
    "pass": "an empty block is written '{ }'",
}

_STATEMENT_WORDS = frozenset(
    {"let", "mut", "const", "func", "return", "enum", "match", "if", "loop", "while", "for", "break", "continue", "try",
     "import", "export", "from", "struct", "spawn", "test", "test_setup", "test_teardown", "test_group", "async", "case",
     "default"}
)  # fmt: skip
_STATEMENT_STARTS = _STATEMENT_WORDS | {"identifier", "self", "yield", "await"}


class ParseFailure(Exception):
    """A mistake inside a statement."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class ParseAbort(ParseFailure):
    """A mistake after which going on makes no sense."""


class Cursor:
    """The tokens, the place reached, and the findings."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.diagnostics: list[Diagnostic] = []
        self._reported: set[int] = set()
        self._expression_depth = 0
        self._block_depth = 0
        self._height = 0
        self._peak = 0
        self.tokens = tokens
        self.position = 0
        self.token = tokens[0]
        self.kind = tokens[0].kind
        self.previous_end = tokens[0].start

    # ------------------------------------------------------------ moving

    def advance(self) -> Token:
        """Take the current token; the last one, ``end``, stays."""
        token = self.token
        self.previous_end = token.end
        if token.kind != "end":
            self.position += 1
            self.token = following = self.tokens[self.position]
            self.kind = following.kind
        return token

    def move_to(self, position: int) -> None:
        """Go to the token with that index."""
        self.position = position
        self.token = self.tokens[position]
        self.kind = self.token.kind
        self.previous_end = self.tokens[position - 1].end if position else self.token.start

    def peek_kind(self, distance: int = 1) -> str:
        """The kind of a token further on."""
        index = self.position + distance
        return self.tokens[index].kind if index < len(self.tokens) else "end"

    def accept(self, kind: str) -> bool:
        """Take the current token if it is of that kind."""
        if self.kind == kind:
            self.advance()
            return True
        return False

    def expect(self, kind: str, purpose: str = "") -> Token:
        """Take a token of that kind or fail; ``purpose`` continues the message, such as "to close block"."""
        if self.kind != kind:
            wanted = "a name" if kind == "identifier" else f"'{kind}'"
            self.fail_expected(f"{wanted} {purpose}".rstrip())
        return self.advance()

    def name(self, purpose: str) -> Token:
        """Take an identifier; say so if a reserved word stands in its place."""
        if self.kind != "identifier":
            hint = f"'{self.kind}' is a reserved word; choose another name" if self.kind in KEYWORDS else ""
            self.fail_expected(f"a name {purpose}".rstrip(), hint)
        return self.advance()

    def on_new_line(self) -> bool:
        """Whether a line ends between the previous token and the current one."""
        between = self.source.text[self.previous_end : self.token.start]
        return "\n" in between or "\r" in between

    def match_close(self, position: int) -> int:
        """The index of the bracket that closes the one at ``position``, or -1 if none does."""
        depth = 0
        tokens = self.tokens
        for index in range(position, len(tokens)):
            kind = tokens[index].kind
            if kind in ("(", "[", "{"):
                depth += 1
            elif kind in (")", "]", "}"):
                depth -= 1
                if depth == 0:
                    return index
        return -1

    # ------------------------------------------------------------ reporting

    def report(self, code: str, message: str, span: Span, hint: str = "", notes: list[str] | None = None) -> None:
        """Record a mistake that parsing can go on after."""
        self.record(Diagnostic(code, "error", message, span, hint, notes or []))

    def record(self, diagnostic: Diagnostic) -> None:
        """Record a diagnostic unless one is already known for its place; stop at the limit."""
        start = diagnostic.span[0]
        if start in self._reported:
            return
        self._reported.add(start)
        self.diagnostics.append(diagnostic)
        if len(self.diagnostics) >= MAX_ERRORS:
            raise ParseAbort(diagnostic)

    def fail(self, code: str, message: str, span: Span, hint: str = "", notes: list[str] | None = None) -> NoReturn:
        """Give up the current statement."""
        raise ParseFailure(Diagnostic(code, "error", message, span, hint, notes or []))

    def fail_expected(self, wanted: str, hint: str = "", opened: Span | None = None) -> NoReturn:
        """Give up the current statement because something else should stand here."""
        token = self.token
        notes: list[str] = []
        if opened is not None:
            line, column = self.source.position(opened[0])
            notes.append(f"'{self.source.text[opened[0] : opened[1]]}' was opened at line {line}, column {column}")
        if not hint:
            from pagoda.languages.ruff.syntax.advice import guess

            hint = guess(self.tokens, self.position)
        self.fail("RUFPARSE001", f"Expected {wanted} but found {describe(token)}", (token.start, token.end), hint, notes)

    # ------------------------------------------------------------ limits

    def enter_expression(self) -> None:
        """One level deeper in brackets, operators that stand before, or interpolation."""
        self._expression_depth += 1
        if self._expression_depth > MAX_EXPRESSION_NESTING:
            self._abort(f"Expressions are nested more than {MAX_EXPRESSION_NESTING} levels deep")

    def leave_expression(self) -> None:
        self._expression_depth -= 1

    def enter_block(self) -> None:
        self._block_depth += 1
        if self._block_depth > MAX_BLOCK_NESTING:
            self._abort(f"Blocks are nested more than {MAX_BLOCK_NESTING} levels deep")

    def leave_block(self) -> None:
        self._block_depth -= 1

    def grow(self, height: int) -> None:
        """Note the height of the expression just read, which bounds how deep its readers recurse."""
        if height > MAX_TREE_HEIGHT:
            self._abort(f"Expression is too long: more than {MAX_TREE_HEIGHT} operations build on each other")
        self._height = height
        self._peak = max(self._peak, height)

    def abort_if_many(self, count: int, limit: int, what: str) -> None:
        """Give up where something written out has more parts than the language allows."""
        if count > limit:
            self._abort(f"{what} has more than {limit} items")

    def _abort(self, message: str) -> NoReturn:
        hint = "split it with variables or functions"
        raise ParseAbort(Diagnostic("RUFPARSE005", "error", message, (self.token.start, self.token.end), hint))

    # ------------------------------------------------------------ recovery

    def synchronise(self, start: int) -> None:
        """Skip to where a statement may begin, after a failure in the one that began at token ``start``.

        Braces opened since then are skipped as a whole: the failure may lie in the middle of a literal or a body.
        """
        if self.kind in ("(", "["):
            # What stands between brackets, such as the three parts of a C-like 'for', is no statement of its own.
            closing = self.match_close(self.position)
            if closing >= 0:
                self.move_to(closing)
        depth = self._leave_start(start)
        while self.kind != "end":
            kind = self.kind
            if depth == 0:
                if kind == "}":
                    return
                if kind == ";":
                    self.advance()
                    return
                if kind in _STATEMENT_STARTS and self.on_new_line():
                    return
            if kind == "{":
                depth += 1
            elif kind == "}":
                depth -= 1
            self.advance()

    def skip_to_member(self, start: int, members: frozenset[str]) -> None:
        """Skip to where a next part of a ``struct`` or ``match`` may begin, after a failure in the one that began at ``start``.

        Parts begin with one of the words ``members``, or with a name on a line of its own if ``members`` has ``identifier``.
        """
        depth = self._leave_start(start)
        while self.kind != "end":
            kind = self.kind
            if depth == 0 and (kind == "}" or (kind in members and (kind != "identifier" or self.on_new_line()))):
                return
            if kind == "{":
                depth += 1
            elif kind == "}":
                depth -= 1
            self.advance()

    def _leave_start(self, start: int) -> int:
        """Move on if nothing was read since ``start``; gives how many braces have been opened since."""
        depth = 0
        for token in self.tokens[start : self.position]:
            if token.kind == "{":
                depth += 1
            elif token.kind == "}" and depth:
                depth -= 1
        if self.position == start and self.kind not in ("}", "end"):
            depth += self.kind == "{"
            self.advance()
        return depth
