"""Lowered code does what the same Python does unlowered: each construct by hand, and each operation on each type."""

from __future__ import annotations

import random

import pytest
from native import lowering_control, lowering_data, lowering_matrix
from native.both_ways import Built, both_ways, edge_cases, load_source

from pagoda.native import i64, inline, native
from pagoda.native.functions import NativeFunction
from pagoda.native.types import U64
from pagoda.native.values import constant_text


def native_functions(module, skip=()):
    return [f for f in vars(module).values() if isinstance(f, NativeFunction) and f.__module__ == module.__name__
            and not f.inlined and f.__name__ not in skip]  # fmt: skip


def all_cases(functions, count):
    rng = random.Random(7)
    return [case for f in functions for case in edge_cases(f, count if f.signature[0] else 1, rng)]


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize("module", [lowering_control, lowering_data], ids=["control", "data"])
def test_constructs(module, level):
    functions = native_functions(module, getattr(module, "CALLED_ONLY", ()))
    assert len(functions) > 35
    problems = Built(functions, level).failures(all_cases(functions, 24))
    assert not problems, "\n".join(problems[:5])


def test_operations_on_every_type(tmp_path):
    module = load_source("lowering_matrix_generated", lowering_matrix.module_source(), tmp_path)
    functions = native_functions(module)
    assert len(functions) > 500
    problems = Built(functions, 1).failures(all_cases(functions, 24), traps=200)
    assert not problems, "\n".join(problems[:5])


def test_closures_keep_their_own_constants():
    def make(step):
        @inline
        def advance(x: i64) -> i64:
            return x + step

        @native
        def twice(x: i64) -> i64:
            return advance(advance(x))

        return twice

    two, five = make(2), make(5)
    built = Built([two, five, two])
    assert two.symbol != five.symbol
    assert not built.failures([(two, (1,)), (five, (1,))])
    assert two(1) == 5
    assert five(1) == 11


def test_globals_are_live_in_unlowered_code(monkeypatch):
    @native
    def bound() -> i64:
        return CEILING

    assert bound() == 4
    monkeypatch.setitem(globals(), "CEILING", 9)
    assert bound() == 9
    both_ways(bound, [()])


CEILING = 4


def test_a_function_can_be_called_by_keyword():
    @native
    def minus(a: i64, b: i64) -> i64:
        return a - b

    assert minus(b=1, a=5) == 4
    with pytest.raises(TypeError):
        minus(1)
    with pytest.raises(TypeError):
        minus(1, 2, c=3)


def test_large_unsigned_constants_are_text_that_llvm_takes():
    assert constant_text(U64, (1 << 64) - 1) == "18446744073709551615"
    with pytest.raises(OverflowError):
        constant_text(U64, 1 << 64)
