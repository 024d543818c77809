"""Warnings about lines that are read as the end of the line before, though they look like statements of their own.

A line end does not end a statement, so ``(``, ``[`` or ``-`` at the start of a line continues what stands before. Formatted
code does not begin a line so, except for an operator with a space behind it, which is clearly meant.
"""

from __future__ import annotations

from pagoda.languages.ruff.check.facts import Facts
from pagoda.languages.ruff.syntax import tree

_MEANING = {"(": "as a call", "[": "as an index", "-": "as a subtraction"}


def check_lines(facts: Facts) -> None:
    """All warnings of this module."""
    text = facts.source.text
    for node, _ in facts.nodes:
        if isinstance(node, tree.Call) and not node.piped:
            _look(facts, node.callee.span[1], "(")
        elif isinstance(node, tree.IndexGet):
            _look(facts, node.receiver.span[1], "[")
        elif isinstance(node, tree.Binary) and node.operator == "-":
            if not text[node.operator_span[1] : node.operator_span[1] + 1].isspace():
                _look(facts, node.left.span[1], "-")


def _look(facts: Facts, position: int, sign: str) -> None:
    """Warns if the sign is the first that follows a position and begins a line."""
    text = facts.source.text
    end = position
    while end < len(text) and (text[end].isspace() or text[end] == ")"):
        end += 1
    if not text.startswith(sign, end):
        return  # a comment, or what the parser made of something else
    gap = text[position:end]
    if "\n" in gap.rpartition(")")[2]:
        message = f"This line is read {_MEANING[sign]}, as part of the line before"
        facts.warn("RUFCHK015", message, (end, end + 1), "put ';' before it to begin a statement, or join the lines")
