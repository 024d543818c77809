"""What compiling takes of Ruff, in whatever process: to be imported without the rest of its runtime."""

from __future__ import annotations

from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.machine.ops import OpTable
from pagoda.machine.values import ValueModel


def definitions() -> tuple[ValueModel, OpTable]:
    """The value model and the table of operations."""
    return MODEL, TABLE
