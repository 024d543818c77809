"""Scripts that compilers made, applied to what they were written for and to what they were not: every machine tells the same.

``PAGODA_FUZZ=N`` tries N applications instead of some dozens.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.encoding.data_cbor import read_data, write_data
from pagoda.languages.uplc.encoding.flat import read_program
from pagoda.languages.uplc.types import DATA_TYPE, Constant
from pagoda.tools.bench_uplc.samples import Sample, find

from .compare import Machines, Setting
from .mutations import mutated

COUNT = int(os.environ.get("PAGODA_FUZZ", "60"))
FIRST = int(os.environ.get("PAGODA_FUZZ_FROM", "0"))
PARTS = 4
#: The limits of a transaction.
MAINNET = 10_000_000_000, 14_000_000
SETTING = Setting(default_model("E"))
pytestmark = pytest.mark.timeout(120 + COUNT)


@pytest.fixture(scope="module")
def scripts(suites: Path) -> list[Sample]:
    """Scripts that take data."""
    return [sample for sample in find(suites / "uplc" / "validation", None) if sample.arguments]


@pytest.mark.parametrize("part", range(PARTS))
def test_changed_arguments(scripts: list[Sample], part: int) -> None:
    ended = set()
    for seed in range(FIRST + part, FIRST + COUNT, PARTS):
        rng = Random(seed)
        sample = rng.choice(scripts)
        values = [read_data(raw) for raw in sample.arguments]
        for _ in range(rng.randint(0, 2)):
            at = rng.randrange(len(values))
            values[at] = mutated(rng, values[at])
        told = " ".join(write_data(value).hex() for value in values)
        machines = Machines(read_program(sample.flat).term, tuple(Constant(DATA_TYPE, value) for value in values), SETTING)
        try:
            ended.add(machines.outcome(MAINNET).failure is None)
        except AssertionError as problem:
            raise AssertionError(f"seed {seed}: {sample.name} applied to {told}: {problem}") from None
    assert ended == {True, False} or COUNT < 60
