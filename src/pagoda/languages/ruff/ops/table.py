"""Ruff's table of operations and its value model: what builds the interpreter and what the compiler emits."""

from __future__ import annotations

from pagoda.languages.ruff.ops import arithmetic, comparison, control, data, generators, loops
from pagoda.languages.ruff.ops.model import (
    RuffContext,
    empty,
    failed,
    from_immediate,
    locate_capture,
    locate_global,
    release,
    release_lightly,
    retain,
)  # fmt: skip
from pagoda.languages.ruff.ops.raising import catch
from pagoda.machine.ops import OpTable
from pagoda.machine.values import PlaceMode, ValueModel
from pagoda.runtime.pairs import Value

MODEL = ValueModel(
    name="ruff", value=Value, context=RuffContext, from_immediate=from_immediate, empty=empty, failed=failed,
    retain=retain, release=release,
    call_words=3, catch=catch, release_lightly=release_lightly,
    places={"G": PlaceMode("G", locate_global, "global"), "C": PlaceMode("C", locate_capture, "captured", True)},
)  # fmt: skip
TABLE = OpTable.of_modules([control, arithmetic, comparison, loops, data, generators])
