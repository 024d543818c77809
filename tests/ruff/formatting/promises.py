"""What must hold for every program: the same tree, the same comments, and nothing left to change."""

from __future__ import annotations

from typing import Any

from pagoda.languages.ruff.formatting.comments import find_comments
from pagoda.languages.ruff.formatting.program import WIDTH, format_source
from pagoda.languages.ruff.syntax.lexer import tokenize
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.tree import Node
from pagoda.machine.source import DiagnosticError, Source


def plain(node: Any) -> Any:
    """A tree as nested tuples, without places."""
    if isinstance(node, Node):
        names = [name for name in type(node).__fields__ if not name.endswith("span")]
        return (type(node).__name__, *[plain(getattr(node, name)) for name in names])
    if isinstance(node, list | tuple):
        return [plain(item) for item in node]
    return repr(node)


def comments(text: str) -> list[str]:
    """The comments of a text, in order."""
    return find_comments(text, tokenize(Source("x", text))[0]).texts()


def parses(text: str) -> bool:
    try:
        parse(Source("x", text))
    except DiagnosticError:
        return False
    return True


def formatted(text: str, width: int = WIDTH) -> str:
    """The text formatted; fails the test where a promise is broken."""
    result = format_source(Source("before", text), width)
    assert plain(parse(Source("after", result))) == plain(parse(Source("before", text))), result
    assert comments(result) == comments(text), result
    assert format_source(Source("after", result), width) == result
    assert not [line for line in result.split("\n") if line != line.rstrip() and not line.lstrip().startswith(("/*", "*"))]
    assert not result or (result.endswith("\n") and not result.endswith("\n\n"))
    assert "\n\n\n" not in result or "/*" in result
    return result
