"""The ``vm`` storey of Ruff: what the front door calls. Everything heavy is imported by the functions that need it."""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.grants import Grants
    from pagoda.languages.protocol import Limits
    from pagoda.languages.ruff.compile.program import CompiledProgram
    from pagoda.languages.ruff.syntax import tree
    from pagoda.machine.promotion.settings import Settings
    from pagoda.machine.source import Source


def run_program(
    program: tree.Program, source: Source, *, output: Callable[[str], Any], error_output: Callable[[str], Any] | None = None,
    limits: Limits | None = None, args: tuple[str, ...] = (), grants: Grants | None = None,
    otherwise: Callable[[], None] | None = None, promotion: tuple[Settings, Callable[..., None]] | None = None,
) -> None:  # fmt: skip
    """Runs a resolved program on the native interpreter; ``otherwise`` runs it if it is too large for this storey.
    ``promotion``: how its code comes to be compiled, and who is told.

    Raises ``RuffError`` for an error nobody handled, ``LimitError`` for a limit, ``ExitRequest`` for ``exit()``.
    """
    from pagoda.languages.ruff.errors import RuffError
    from pagoda.languages.ruff.execute.run import DoesNotFit, run_compiled
    from pagoda.machine.linker import TooLarge

    try:
        made = _compiled(program, source)
        run_compiled(
            made, source, output=output, error_output=error_output, limits=limits, args=args, grants=grants, promotion=promotion
        )
    except (DoesNotFit, TooLarge) as large:
        if otherwise is None:
            raise RuffError(f"{large} for this storey") from None
        otherwise()


def compiled(program: tree.Program, source: Source | None = None) -> CompiledProgram:
    """The bytecode of a resolved program; ``source`` tells where to look for what it imports.

    Raises ``RuffError`` for what this storey does not have.
    """
    from pagoda.languages.ruff.errors import RuffError
    from pagoda.machine.linker import TooLarge

    try:
        return _compiled(program, source)
    except TooLarge as large:
        raise RuffError(f"{large} for this storey") from None


def _compiled(program: tree.Program, source: Source | None) -> CompiledProgram:
    from pagoda.languages.ruff.compile.function import compile_program
    from pagoda.languages.ruff.compile.program import Unsupported
    from pagoda.languages.ruff.errors import RuffError
    from pagoda.languages.ruff.library.numbering import NUMBERS

    try:
        return compile_program(program, NUMBERS, file=None if source is None else source.name)
    except Unsupported as missing:
        raise RuffError(f"{missing.what} is not available on this storey yet", missing.span) from None


def disassemble(program: tree.Program, source: Source) -> str:
    """The bytecode of every function, beside its source."""
    from pagoda.languages.ruff.naming import listing

    made = compiled(program, source)
    return listing(sorted(made.functions, key=lambda f: (f is not made.main, f.span)), made, source)


def operation_reference() -> str:
    """The reference of Ruff's operations, made from their definitions."""
    from pagoda.languages.ruff.ops.table import TABLE
    from pagoda.machine.reference import reference

    return reference(TABLE)
