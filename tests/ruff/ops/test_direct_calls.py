"""Functions, closures and methods that are called directly, loops whose first iteration is written apart: the same as interpreted."""

from __future__ import annotations

import pytest

from pagoda.languages.ruff.execute.program import UNLIMITED
from pagoda.machine.asking import ASKED, TICK
from pagoda.records import changed

from ..opt.stress import every_way
from ..promotion.running import QUICK, Run
from ..storeys import run_on_vm, run_on_walk
from .direct_programs import CLOSURES, FIRST_ITERATIONS, LENT, METHODS, PROGRAMS, RECURSION, SEVERAL, STACKS

TOGETHER = {**METHODS, **CLOSURES, **LENT, **STACKS, **SEVERAL}


@pytest.mark.parametrize("name", PROGRAMS)
def test_walk_agrees(name):
    assert run_on_walk(PROGRAMS[name]) == run_on_vm(PROGRAMS[name])


@pytest.mark.parametrize("threshold", [1, 2])
@pytest.mark.parametrize("name", PROGRAMS)
def test_promoted_code_agrees(name, threshold):
    run = promoted(PROGRAMS[name], threshold=threshold)
    groups = [facts["functions"] for event, _, facts in run.events if event == "compiled"]
    assert groups, "nothing was compiled"
    if threshold == 2 and name in TOGETHER:
        assert max(groups) > 1, "nothing is called directly"


@pytest.mark.parametrize(
    "name", [list(group)[0] for group in (METHODS, CLOSURES, LENT, STACKS, SEVERAL, RECURSION, FIRST_ITERATIONS)]
)
def test_exits_anywhere(name):
    every_way(PROGRAMS[name])


def promoted(text, *, threshold=2, **settings):
    """A promoted run that shows what the interpreter shows, fuel included, and leaves nothing alive."""
    run = Run(text, changed(QUICK, threshold=threshold), **settings)
    assert run.seen == run_on_vm(text, **settings)
    assert run.left == [0]
    assert run.names("failed") == run.names("mistake") == []
    return run


FUEL = """
struct P { x
  func get(self, k) { return self.x + k } }
func at(a, i) { return a[i % len(a)] }
func deep(n) { if n == 0 { return 0 }
  return deep(n - 1) + 1 }
func hot(n) { p := P { x: n }
  add := func(k) { return at([k, n], k) + p.get(k) }
  mut t := 0
  for i in range(n) { t := t + add(i) + deep(i % 4) }
  return t }
for i in range(12) { print(i, hot(i + 2)) }
"""


def test_direct_calls_use_the_same_fuel():
    run = promoted(FUEL)
    assert run.seen.fuel == run_on_walk(FUEL).fuel
    groups = [facts["functions"] for event, _, facts in run.events if event == "compiled"]
    assert max(groups) > 2


@pytest.mark.parametrize("left", [*range(540, 556), 0, 1, 5, 100, 333])
def test_fuel_ends_at_the_same_place(left):
    """In a callee that is put into its caller, at a loop's head, in the first iteration: what was printed before is the same."""
    run = promoted(FUEL, fuel=left)
    assert run.seen.kind == "fuel"
    walked = run_on_walk(FUEL, fuel=left)
    assert (walked.kind, walked.output, walked.fuel) == (run.seen.kind, run.seen.output, run.seen.fuel)


def test_a_question_is_more_than_any_fuel():
    """Compiled code compares the two once, and so sees both that fuel has run out and that somebody asks."""
    assert UNLIMITED < ASKED <= TICK
