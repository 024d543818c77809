"""Random programs run the same lowered and unlowered. ``PAGODA_LOWERING_SEEDS=100-200`` runs those seeds instead of a few."""

from __future__ import annotations

import os
import random

import pytest
from native.both_ways import At, Built, edge_value, load_source
from native.lowering_random import module_source

from pagoda.native.functions import NativeFunction


def seeds() -> range:
    first, _, last = os.environ.get("PAGODA_LOWERING_SEEDS", "0-4").partition("-")
    return range(int(first), int(last or int(first) + 1))


@pytest.mark.parametrize("seed", seeds())
def test_random_programs(seed, tmp_path):
    module = load_source(f"lowering_random_{seed}", module_source(seed, 100), tmp_path)
    functions = [f for name, f in vars(module).items() if isinstance(f, NativeFunction) and name.startswith("run")]
    assert len(functions) == 100
    rng = random.Random(seed)
    cases = []
    for function in functions:
        for _ in range(10):
            places = {"p": At(0), "r": At(64)}
            args = (places.get(name) or edge_value(kind, rng) for name, kind in function.signature[0])
            cases.append((function, tuple(args)))
    problems = Built(functions, level=2).failures(cases, traps=40)
    assert not problems, "\n".join(problems[:5])
