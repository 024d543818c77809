"""The modules beside a program, as far as reading them tells: which there are, and what each exports. Nothing is run."""

from __future__ import annotations

import os

from pagoda.languages.ruff.check.nodes import declared
from pagoda.languages.ruff.library.registry import builtin_names
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.machine.source import DiagnosticError, Source

_SUFFIX = ".ruff"
_LARGEST = 1 << 20  # bytes, as for any source


class Exports:
    """What a module offers: ``names`` that it exports, and ``hidden`` ones that it declares without ``export``."""

    def __init__(self, names: set[str], hidden: set[str]) -> None:
        self.names = names
        self.hidden = hidden


def modules_beside(source: Source) -> list[str]:
    """The modules in the folder of a source; none where the folder cannot be read."""
    try:
        found = os.listdir(os.path.dirname(source.name) or ".")
    except (OSError, ValueError):
        return []
    return [name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)]


def module_exports(source: Source, module: list[str]) -> Exports | None:
    """What the module ``a.b`` (as its parts) beside a source exports; ``None`` where no such module can be read."""
    folder = os.path.dirname(source.name) or "."
    for candidate in (".".join(module) + _SUFFIX, os.path.join(*module) + _SUFFIX):
        try:
            with open(os.path.join(folder, candidate), encoding="utf-8") as file:
                program = parse(Source(candidate, file.read(_LARGEST)))
        except (OSError, ValueError, DiagnosticError):
            continue
        resolve(program, builtins=builtin_names())
        names: set[str] = set()
        hidden: set[str] = set()
        for statement in program.main.body.statements:
            inner = statement.statement if isinstance(statement, tree.Export) else statement
            (hidden if inner is statement else names).update(_names(inner))
        return Exports(names, hidden - names)
    return None


def _names(statement: tree.Statement) -> list[str]:
    if isinstance(statement, tree.StructStatement | tree.EnumStatement | tree.AssignName):
        return [statement.name]
    if isinstance(statement, tree.Import):
        return []
    return [name for name, _ in declared(statement)]
