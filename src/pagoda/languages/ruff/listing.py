"""Bytecode listings for a session: of an input, or of a function or method that the session knows by name.

The text is read and compiled for ``vm`` anew, whichever storey the session runs on; nothing runs.
"""

from __future__ import annotations

from pagoda.languages.protocol import Unavailable
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.values import Builtin, GuestFunction, StructDefinition, Value
from pagoda.machine.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from pagoda.languages.ruff.compile.program import CompiledProgram
    from pagoda.machine.function import Function

    class Scope(Protocol):
        """What a listing asks of a session."""

        @property
        def globals(self) -> Mapping[str, Value]: ...
        def methods(self, value: Value) -> dict[str, GuestFunction]: ...


def find(word: str, scope: Scope) -> GuestFunction | Builtin | None:
    """The function, method (``Struct.method``) or builtin of that name; ``None`` for anything else."""
    owner, dot, method = word.partition(".")
    value = scope.globals.get(owner)
    if dot:
        return scope.methods(value).get(method) if isinstance(value, StructDefinition) else None
    if value is None and word.isidentifier():
        value = registry.get(word)
    return value if isinstance(value, GuestFunction | Builtin) else None


def whole(source: Source, known: frozenset[str]) -> str:
    """The listing of an input; ``known`` are the names it may use. Raises ``DiagnosticError`` and ``Unavailable``."""
    from pagoda.languages.ruff.naming import listing

    made, functions = _compiled(source, known)
    return listing(functions, made, source)


def part(source: Source, known: frozenset[str], span: tuple[int, int]) -> str:
    """The listing of what stands between two offsets of a source."""
    from pagoda.languages.ruff.naming import listing

    made, (_, *functions) = _compiled(source, known)
    return listing([part for part in functions if span[0] <= part.span[0] and part.span[1] <= span[1]], made, source)


def _compiled(source: Source, known: frozenset[str]) -> tuple[CompiledProgram, list[Function]]:
    """A source compiled, and its functions, the top level first."""
    from pagoda.languages.ruff.vm import compiled

    program = parse(source)
    resolve(program, builtins=registry.builtin_names() | known, interactive=True)
    try:
        made = compiled(program)
    except RuffError as problem:
        raise Unavailable(problem.message) from None
    return made, sorted(made.functions, key=lambda function: (function is not made.main, function.span))
