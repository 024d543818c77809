"""1.1 and 1.2, sizes: literals of as many items as the language allows run on every storey; a function that has more variables or
constants than the native storey can number runs on the walker when no storey is named."""

from __future__ import annotations

import pytest

from pagoda.languages.protocol import RunOutcome, RunRequest
from pagoda.languages.ruff.language import LANGUAGE
from pagoda.machine.source import Source

MOST = 4096


def test_large_literals(out):
    items = ", ".join(str(i % 7) for i in range(MOST))
    assert out(f"a := [{items}]; print(len(a), a[0], a[4095], a[256])") == ["4096 0 0 4"]
    entries = ", ".join(f'"{i}": {i % 5}' for i in range(1500))
    assert out(f"d := {{{entries}}}; print(len(d), d[0], d[1499], d[255])") == ["1500 0 4 0"]
    assert out(f"b := [9]; a := [{items.replace('3', '...b')[:9000]}]; print(a[3], len(a) > 1000)")[0].startswith("9 ")


def test_items_of_large_literals_are_evaluated_in_order(out):
    items = ", ".join("next()" for _ in range(700))
    assert out(f"n := 0; func next() {{ n += 1; return n }} a := [{items}]; print(a == range(1, 701))") == ["true"]
    entries = ", ".join("next(): next()" for _ in range(300))
    assert out(f"n := 0; func next() {{ n += 1; return n }} d := {{{entries}}}; print(len(d), d[1], d[599])") == ["300 2 600"]


PROGRAMS = {
    "constants": "a := [" + ", ".join(f'"s{i}"' for i in range(MOST)) + "]; print(len(a), a[4095])",
    "variables": "\n".join(f"x{i} := {i}" for i in range(5000)) + "\nprint(x4999, 4999)",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_does_not_fit(name):
    def run(tier: str) -> tuple[RunOutcome, str]:
        printed: list[str] = []
        outcome = LANGUAGE.run(Source("big.ruff", PROGRAMS[name]), RunRequest(output=printed.append, error_output=printed.append, tier=tier))
        return outcome, "".join(printed)

    outcome, printed = run("auto")
    assert (outcome.status, printed) == ("ok", {"constants": "4096 s4095\n", "variables": "4999 4999\n"}[name])
    outcome, printed = run("vm")
    assert (outcome.status, printed) == ("error", "")
    assert outcome.failure is not None
    assert outcome.failure.message == "function <main> has too many variables or constants for this storey"
