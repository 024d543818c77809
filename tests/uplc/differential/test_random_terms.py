"""Random terms: every machine tells the same. ``PAGODA_FUZZ=N`` compares N terms instead of some hundreds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.terms import Apply, Builtin, Const, Delay, Error, Force, Lam, Var
from pagoda.languages.uplc.terms_scope import alpha_equal, check_scope
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant
from pagoda.languages.uplc.walk.readback import children

from .compare import LEFT_TO_WALK, setting
from .shrink import smallest
from .terms import Terms, integer, saturated

COUNT = int(os.environ.get("PAGODA_FUZZ", "600"))
FIRST = int(os.environ.get("PAGODA_FUZZ_FROM", "0"))
PARTS = 4
PATIENCE = 120 + COUNT
pytestmark = pytest.mark.timeout(PATIENCE + 20)

_CHILD = """
import sys
sys.path[:0] = sys.argv[1:3]
from uplc.differential.campaign import main
sys.exit(main(*map(int, sys.argv[3:])))
"""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_machine_tells_the_same(part: int, root: Path) -> None:
    numbers = map(str, (FIRST + part, FIRST + COUNT, PARTS))
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(root / "tests"), str(root / "src"), *numbers],
        capture_output=True, encoding="utf-8", timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}ended with {done.returncode}; the last seeds: {done.stderr[-2000:]}"
    if COUNT >= 600:
        endings = Counter(json.loads(done.stdout))
        assert endings["ok"] > endings.total() / 3, "most random terms are to get somewhere"
        assert endings[LEFT_TO_WALK] < endings["ok"] / 20, "hardly any random term has no native code"
        assert len(endings) > 5, "random terms are to fail in many ways"


def test_terms_are_closed_and_reach_every_builtin() -> None:
    met = set()
    for seed in range(3000):
        term = Terms(seed).closed()
        assert check_scope(term) is None
        todo = [term]
        while todo:
            part = todo.pop()
            if part.__class__ is Builtin:
                met.add(part.number)
            todo.extend(children(part))
    assert {builtin.name for builtin in BUILTINS if builtin.number not in met} <= RARE


#: Builtins over points, which take long and are seldom wanted.
RARE = {builtin.name for builtin in BUILTINS if builtin.name.startswith("bls")}


def test_a_seed_is_a_term() -> None:
    for seed in range(50):
        assert alpha_equal(Terms(seed).closed(), Terms(seed).closed())
    assert {setting(seed).costs.variant for seed in range(200)} == set("ABCDE")


def test_a_failing_term_becomes_small() -> None:
    division = by_name("divideInteger")
    assert division is not None

    def divides(term: Any) -> bool:
        todo = [term]
        while todo:
            part = todo.pop()
            if part.__class__ is Builtin and part.number == division.number:
                return True
            todo.extend(children(part))
        return False

    inner = saturated("divideInteger", Var(1), integer(10**30))
    term = Apply(Lam(Force(Delay(Apply(Lam(Error()), inner)))), Const(Constant(INTEGER_TYPE, 5)))
    assert alpha_equal(smallest(term, divides), Builtin(division.number))
