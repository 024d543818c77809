"""The names of the builtins, both ways; made when first asked for.

What must hold: the table of the builtins is the only list of them.
"""

from __future__ import annotations

_names: list[str] = []
_numbers: dict[str, int] = {}


def builtin_names() -> list[str]:
    """The names of all builtins, in the order of their numbers."""
    if not _names:
        from pagoda.languages.uplc.builtins.table import BUILTINS

        _names.extend(builtin.name for builtin in BUILTINS)
    return _names


def builtin_numbers() -> dict[str, int]:
    """The numbers of all builtins by name."""
    if not _numbers:
        _numbers.update((name, number) for number, name in enumerate(builtin_names()))
    return _numbers
