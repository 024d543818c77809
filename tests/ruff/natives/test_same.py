"""Every native body against the library's function: results, kinds, errors, fuel; and nothing is left alive."""

from __future__ import annotations

from itertools import product

import pytest

from ..storeys import run_on_vm, run_on_walk  # absolute, "ruff" would be the linter
from . import pool


def compare(text: str, calls: list[str]) -> None:
    """Both storeys show the same. A difference is reported with its call."""
    walk, vm = run_on_walk(text), run_on_vm(text)
    if walk.output != vm.output and len(calls) == len(walk.lines):
        for call, expected, got in zip(calls, walk.lines, vm.lines, strict=False):
            assert got == expected, call
    assert vm == walk


@pytest.mark.parametrize("name", pool.NAMES)
def test_fresh_arguments(name):
    for count in pool.arities(name):
        for lists in pool.choices(name, count):
            calls = [f"{name}({', '.join(items)})" for items in product(*lists)]
            compare(pool.program(name, lists), calls)


@pytest.mark.parametrize("name", pool.NAMES)
def test_shared_arguments_stay_as_they_are(name):
    for count in pool.arities(name):
        if 1 <= count <= 3:
            compare(pool.shared_program(name, count), [])
