"""Damaged sources: cut at every byte, changed at random, nested without end, on one endless line. An outcome each time.

``PAGODA_MUTANTS=N`` runs N damaged programs instead of a thousand.
"""

from __future__ import annotations

import os

import pytest

from ..storeys import run_on_vm, run_on_walk
from .mutate import SLOW, run_mutants, run_truncations
from .programs import PROGRAMS

COUNT = int(os.environ.get("PAGODA_MUTANTS", "1000"))
DEEP = 10_000


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_whole_programs_are_good(name):
    seen = run_on_walk(PROGRAMS[name])
    assert seen.kind == "ok"
    assert run_on_vm(PROGRAMS[name]) == seen


@pytest.mark.timeout(600)
def test_cut_at_every_byte():
    counts = run_truncations()
    assert not counts.bad, "\n".join(counts.bad)
    assert counts.slowest < SLOW, counts


@pytest.mark.timeout(3600)
def test_changed_at_random():
    counts = run_mutants(COUNT)
    assert not counts.bad, "\n".join(counts.bad)
    assert counts.slowest < SLOW, counts
    assert counts.kinds["ok"] > 0
    assert counts.kinds["malformed"] > 0


NESTS = {
    "parentheses": "print(" + "(" * DEEP + "1" + ")" * DEEP + ")",
    "arrays": "x := " + "[" * DEEP + "]" * DEEP,
    "dicts": "x := " + '{"a": ' * DEEP + "1" + "}" * DEEP,
    "blocks": "if true {" * DEEP + "}" * DEEP,
    "functions": "x := " + "func() { return " * DEEP + "1" + "}" * DEEP,
    "handlers": "try {" * DEEP + "} except e { }" * DEEP,
    "calls": "print(" + "len(" * DEEP + '""' + ")" * DEEP + ")",
    "minus": "x := " + "- " * DEEP + "1",
    "sums": "x := 1" + " + 1" * DEEP,
    "interpolations": "x := " + '"${' * DEEP + "1" + '}"' * DEEP,
    "loops": "for i in 1 {" * DEEP + "}" * DEEP,
}


@pytest.mark.parametrize("tier", ["walk", "vm"])
@pytest.mark.parametrize("name", NESTS)
def test_ten_thousand_levels_are_refused(pagoda, write, name, tier):
    done = pagoda("run", "--tier", tier, write("deep.ruff", NESTS[name]))
    assert done.returncode == 3, done.stderr[:500]
    assert "error[RUF" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 5_000


LINES = {
    "string": ('print(len("' + "a" * 8_000 + '"))', 0, "8000\n"),
    "prints": ("print(1);" * 100_000, 0, "1\n" * 100_000),
    "broken": ("x := ( " * 140_000, 3, ""),
    "array": ("x := [" + "1, " * 4_000 + "1]; print(len(x)); " + " " * 1_000_000, 0, "4001\n"),
    "too long": ("x := 1; " * 140_000, 3, ""),
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("tier", ["walk", "vm"])
@pytest.mark.parametrize("name", LINES)
def test_a_line_of_a_megabyte(pagoda, write, name, tier):
    text, code, output = LINES[name]
    done = pagoda("run", "--tier", tier, write("long.ruff", text), timeout=200)
    assert "Traceback" not in done.stderr
    if done.returncode == 1:  # a function that is too large for the machine says so
        assert "too" in done.stderr
        return
    assert (done.returncode, done.stdout) == (code, output), done.stderr[:500]


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"print(\"\xc3\")", b"\0", b"", b"\xef\xbb\xbfprint(1)", b"print(1)\r\rprint(2)"])
@pytest.mark.parametrize("tier", ["walk", "vm"])
def test_bytes_that_are_no_text(pagoda, tmp_path, raw, tier):
    path = tmp_path / "raw.ruff"
    path.write_bytes(raw)
    done = pagoda("run", "--tier", tier, path)
    assert done.returncode in (0, 3)
    assert "Traceback" not in done.stderr
