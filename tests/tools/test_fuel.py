"""``pagoda test FOLDER --fuel``: that the same fuel is seen as the same, and any other as different, unless that is known."""

from __future__ import annotations

import json

import pytest

from pagoda.tools import conformance, exits, fuel

STOREYS = ("walk", "vm", "opt")


@pytest.fixture
def suite(write):
    write("s/loop.ruff", "func f(n) { return n + 1 }\nfor i in 300 { f(i) }\nprint(1)\n")
    write("s/loop.out", "1")
    write("s/deep/fails.ruff", 'while true { throw("no") }\n')
    write("s/deep/fails.out", "no")
    write("s/leaves.ruff", "for i in 5 { if i == 3 { exit(4) } }\n")
    write("s/leaves.out", "x")
    return "s"


def test_the_same_on_all_storeys(pagoda, suite):
    done = pagoda("test", suite, "--fuel")
    assert (done.returncode, done.stdout) == (exits.OK, "fuel: 3 programs, 3 storeys, 0 differ\n"), done.stderr
    done = pagoda("test", suite, "--fuel", "--tier", "vm,opt", "--tier-threshold", "1", "--json")
    assert done.stderr == "fuel: 3 programs, 2 storeys, 0 differ\n"
    rows = {row["case"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert set(rows) == {"deep/fails", "leaves", "loop"}
    assert rows["loop"]["fuel"]["vm"] == rows["loop"]["fuel"]["opt"] >= 600
    assert rows["leaves"]["fuel"]["vm"] >= 4


def test_what_differs_and_what_is_not_measured(monkeypatch, capsys):
    figures = {"a": (5, 5, 5), "b": (5, 6, 5), "c": (1, 2, 3), "d": (7, 7, 7), "e": (1, None, 1)}

    def measure(case, storey, *others):
        found = figures[case.name][STOREYS.index(storey)]
        return found, "" if found is not None else "still running after 1 s"

    monkeypatch.setattr(fuel, "_measure", measure)
    monkeypatch.setattr(conformance, "prepare", lambda *words: None)
    cases = [conformance.Case(name, None, None) for name in figures]
    known = {"c": "it asks for the time", "d": "it did once"}
    found = fuel.measure_suite(cases, STOREYS, "ruff", deviations=known, timeout=1, jobs=1)
    assert fuel.show(found, STOREYS, False) == exits.GUEST_ERROR
    assert capsys.readouterr().out.splitlines() == [
        "DIFFERS b: walk 5, vm 6, opt 5",
        "KNOWN c: walk 1, vm 2, opt 3 (it asks for the time)",
        "SAME d: walk 7, vm 7, opt 7 (stale deviation, it is the same now: it did once)",
        "UNMEASURED e: walk 1, vm ?, opt 1 (vm: still running after 1 s)",
        "fuel: 5 programs, 3 storeys, 1 differ, 1 known to differ, 1 not measured",
    ]


def test_deviations_of_fuel_are_their_own(pagoda, suite, write):
    write("d.toml", '[cases]\nloop = "another matter"\n[fuel]\ngone = "?"\n')
    done = pagoda("test", suite, "--fuel", "--tier", "walk,vm", "--deviations", "d.toml")
    assert done.returncode == exits.OK
    assert "case that does not exist: gone" in done.stderr


def test_a_case_that_does_not_end(pagoda, write):
    write("s/endless.ruff", "while true { }\n")
    write("s/endless.out", "never")
    done = pagoda("test", "s", "--fuel", "--tier", "vm", "--timeout", "1")
    assert done.returncode == exits.GUEST_ERROR
    assert "UNMEASURED endless: vm ? (vm: still running after 1 s)" in done.stdout


def test_capabilities_hold(pagoda, write):
    write("s/reads.ruff", 'try { x := env("HOME") } except e { for i in 100 { } }\n')
    write("s/reads.out", "")
    free, bound = (
        json.loads(pagoda("test", "s", "--fuel", "--tier", "vm", "--json", *words).stdout)["fuel"]["vm"]
        for words in ((), ("--untrusted",))
    )
    assert bound >= free + 100


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.ruff", "--fuel"], "are for folders"),
        (["a.ruff", "--tier-threshold", "1"], "are for folders"),
        (["--fuel"], "name it"),
        (["u", "--lang", "uplc", "--fuel"], "uplc counts no fuel"),
        (["u", "--lang", "uplc", "--tier-threshold", "1"], "uplc has no --tier-threshold"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage(pagoda, write, words, said):
    write("a.ruff", "print(1)\n")
    write("u/a.uplc", "(program 1.0.0 (con integer 1))\n")
    done = pagoda("test", *words)
    assert done.returncode == exits.USAGE
    assert said in done.stderr
