"""Scripts nested very deep are read, evaluated, printed and refused on every storey, and all storeys tell the same.

``PAGODA_DEPTH=N`` nests them N deep instead of some ten thousands; a million takes minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.language import STOREYS

from .deep import SHAPES

DEPTH = int(os.environ.get("PAGODA_DEPTH", "10000"))
PATIENCE = 60 + DEPTH // 100
pytestmark = pytest.mark.timeout(PATIENCE * len(STOREYS) + 20)

_CHILD = """
import sys
sys.path[:0] = sys.argv[1:3]
from uplc.differential.deep import main
main(int(sys.argv[3]), *sys.argv[4:])
"""
FAILING = {
    "functions": outcome.NOT_A_FUNCTION,
    "an error below": outcome.EXPLICIT_ERROR,
    "an error in a chain": outcome.EXPLICIT_ERROR,
    "case of a function": outcome.NOT_A_CONSTRUCTOR,
}


@pytest.fixture(scope="module")
def told(root: Path) -> dict[str, dict[str, Any]]:
    """What each storey told of each shape, up to where its process ended."""
    return {storey: _told(root, storey) for storey in STOREYS}


def _told(root: Path, storey: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(root / "tests"), str(root / "src"), str(DEPTH), storey, *SHAPES],
        capture_output=True, encoding="utf-8", timeout=PATIENCE,
    )  # fmt: skip
    found: dict[str, Any] = dict(map(json.loads, done.stdout.splitlines()))
    if done.returncode:
        at = next(shape for shape in SHAPES if shape not in found)
        found[at] = f"{storey} ended with {done.returncode}: {done.stderr[-2000:]}"
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_depth_is_no_matter(told: dict[str, dict[str, Any]], shape: str) -> None:
    exact = told["walk"][shape]
    if shape in FAILING:
        assert exact["failure"][0] == FAILING[shape]
    else:
        assert exact["too little"] == outcome.OUT_OF_BUDGET
        assert exact["result"][0] > 10
    assert exact["tiny budget"] in (outcome.OUT_OF_BUDGET, FAILING.get(shape))
    for storey in STOREYS:
        assert shape in told[storey], "an earlier shape ended the process"
        assert told[storey][shape] == exact, storey
