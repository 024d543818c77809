"""Every native body against the library's function: results, kinds, errors, fuel; and nothing is left alive."""

from __future__ import annotations

import pytest

from ..storeys import run_on_vm, run_on_walk
from . import pool

CHUNK = 400
"""Calls in one program."""


def compare(text: str) -> None:
    """Both storeys show the same. A difference is reported by its line."""
    walk, vm = run_on_walk(text), run_on_vm(text)
    if walk.lines != vm.lines:
        calls = [line for line in text.splitlines() if line.startswith("try")]
        for index, (expected, got) in enumerate(zip(walk.lines, vm.lines, strict=False)):
            assert got == expected, f"line {index}: {calls[index] if index < len(calls) else ''}"
    assert walk == vm


@pytest.mark.parametrize("name", pool.NAMES)
def test_fresh_arguments(name):
    for count in pool.arities(name):
        rows = pool.rows(name, count)
        for start in range(0, len(rows), CHUNK):
            compare(pool.program(name, rows[start : start + CHUNK]))


@pytest.mark.parametrize("name", pool.NAMES)
def test_shared_arguments_stay_as_they_are(name):
    for count in pool.arities(name):
        if 1 <= count <= 3:
            compare(pool.shared_program(name, count))
