"""From a source to its syntax tree: the entry points of the front end.

The lexer's findings and the parser's are reported together, in the order of the text. A finding of the parser on a line on
which the lexer already found something is left out, since it is most likely an echo.
"""

from __future__ import annotations

from pagoda.languages.ruff.syntax.cursor import ParseFailure
from pagoda.languages.ruff.syntax.depth import allow_recursion
from pagoda.languages.ruff.syntax.lexer import tokenize
from pagoda.languages.ruff.syntax.statements import StatementParser
from pagoda.languages.ruff.syntax.tokens import MAX_ERRORS
from pagoda.languages.ruff.syntax.tree import Block, Expression, Function, Program, Statement
from pagoda.machine.source import Diagnostic, DiagnosticError, Source

MAIN_NAME = "<main>"


def parse(source: Source) -> Program:
    """The program a source holds; ``main`` has its top-level statements. Raises :class:`DiagnosticError`."""
    parser, findings = _start(source)
    statements: list[Statement] = []
    try:
        statements = parser.statements(closed=False)
    except ParseFailure as failure:
        parser.diagnostics.append(failure.diagnostic)
    _finish(source, findings, parser.diagnostics)
    span = (0, len(source.text))
    return Program(span, Function(span, MAIN_NAME, [], Block(span, statements)))


def parse_expression(source: Source) -> Expression:
    """The one expression that is the whole source. Raises :class:`DiagnosticError`."""
    parser, findings = _start(source)
    value: Expression | None = None
    try:
        value = parser.expression()
        if parser.kind != "end":
            parser.fail_expected("the end of the expression")
    except ParseFailure as failure:
        parser.diagnostics.append(failure.diagnostic)
    _finish(source, findings, parser.diagnostics)
    assert value is not None
    return value


def _start(source: Source) -> tuple[StatementParser, list[Diagnostic]]:
    allow_recursion()
    tokens, findings = tokenize(source)
    return StatementParser(source, tokens), findings


def _finish(source: Source, lexical: list[Diagnostic], syntactic: list[Diagnostic]) -> None:
    lines = {source.position(diagnostic.span[0])[0] for diagnostic in lexical}
    found = list(lexical)
    seen = {diagnostic.span[0] for diagnostic in lexical}
    for diagnostic in syntactic:
        if diagnostic.span[0] not in seen and source.position(diagnostic.span[0])[0] not in lines:
            seen.add(diagnostic.span[0])
            found.append(diagnostic)
    if found:
        found.sort(key=lambda diagnostic: diagnostic.span)
        raise DiagnosticError(found[:MAX_ERRORS], source)
