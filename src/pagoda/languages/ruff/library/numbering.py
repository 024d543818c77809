"""The numbers by which bytecode names builtins: their place in the sorted list of names."""

from __future__ import annotations

from pagoda.languages.ruff.library.registry import CONSTANTS, builtin_names

BUILTINS: list[str] = sorted(name for name in builtin_names() if name not in CONSTANTS)
NUMBERS: dict[str, int] = {name: number for number, name in enumerate(BUILTINS)}
