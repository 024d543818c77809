"""The formatter's front door: a source in, the same program laid out.

Must hold: the result parses to the same tree, has the same comments, and comes out the same when formatted again. The first two
are checked on every call: rather no result than another program.
"""

from __future__ import annotations

from pagoda.languages.ruff.formatting.comments import find_comments
from pagoda.languages.ruff.formatting.facts import observe
from pagoda.languages.ruff.formatting.printer import Printer
from pagoda.languages.ruff.formatting.statements import StatementLayout
from pagoda.languages.ruff.syntax.depth import allow_recursion
from pagoda.languages.ruff.syntax.lexer import tokenize
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.tokens import MAX_SOURCE_BYTES
from pagoda.languages.ruff.syntax.tree import Node
from pagoda.machine.source import Diagnostic, DiagnosticError, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WIDTH = 100


def format_source(source: Source, width: int = WIDTH) -> str:
    """The text of a program, laid out in lines of up to ``width`` characters where that is possible.

    Raises :class:`DiagnosticError` for a malformed program, and for one that would be longer than a source may be.
    """
    program = parse(source)
    tokens, _ = tokenize(source)
    allow_recursion()
    comments = find_comments(source.text, tokens)
    written = comments.texts()
    layout = StatementLayout(source.text, tokens, observe(source, tokens), comments)
    text = Printer(width).run(layout.program())
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_SOURCE_BYTES:
        message = f"Source would be too long when formatted: {size} bytes, the limit is {MAX_SOURCE_BYTES}"
        raise DiagnosticError([Diagnostic("RUFLEX010", "error", message, (0, 1), "split the program into modules")], source)
    result = Source(source.name, text)
    try:
        again = parse(result)
    except DiagnosticError as problem:
        raise AssertionError(f"the formatted program does not parse: {problem.diagnostics[0].message}") from problem
    if not same(program, again):
        raise AssertionError("the formatted program has another meaning")
    if find_comments(text, tokenize(result)[0]).texts() != written:
        raise AssertionError("the formatted program has other comments")
    return text


def same(one: Any, other: Any) -> bool:
    """Whether two trees are equal, apart from the places in the text."""
    todo = [(one, other)]
    while todo:
        left, right = todo.pop()
        if left.__class__ is not right.__class__:
            return False
        if isinstance(left, Node):
            fields = [name for name in type(left).__fields__ if not name.endswith("span")]
            todo += [(getattr(left, name), getattr(right, name)) for name in fields]
        elif isinstance(left, list | tuple):
            if len(left) != len(right):
                return False
            todo += zip(left, right, strict=True)
        elif left != right and (left == left or right == right):
            return False
    return True
