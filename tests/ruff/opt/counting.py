"""A counter in front of every statement of a program: an effect that is lost or happens twice shows in the counts.

``counts_[k] := counts_[k] + 1`` is put into the tree before it is resolved, so every storey runs the very same program.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.machine.source import Source

COUNTS = "counts_"
ONLY_MEMBERS = (tree.Test,)  # what stands in them is no statement that is run where it stands


def load_counted(text: str, file: str) -> tuple[tree.Program, Source]:
    """As ``load`` of the storeys' tests, with counters."""
    source = Source(file, text)
    program = parse(source)
    blocks = [block for block in nodes(program) if isinstance(block, tree.Block)]
    number = 0
    for block in blocks:
        counted: list[Any] = []
        for statement in block.statements:
            counted += [*statements(f"{COUNTS}[{number}] := {COUNTS}[{number}] + 1"), statement]
            number += 1
        block.statements[:] = counted
    program.main.body.statements[:0] = statements(f"mut {COUNTS} := [{', '.join('0' * number)}]")
    resolve(program, builtins=registry.builtin_names())
    return program, source


def statements(text: str) -> list[Any]:
    """Statements of a text of their own."""
    return list(parse(Source("", text)).main.body.statements)


def nodes(root: Any) -> Iterator[Any]:
    """A node and all below it, each once."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list | tuple):
            waiting += reversed(item)
        elif isinstance(item, tree.Node) and id(item) not in seen:
            seen.add(id(item))
            yield item
            if not isinstance(item, ONLY_MEMBERS):
                waiting += [getattr(item, name) for name in reversed(type(item).__fields__)]
