"""``pagoda test``: folders of cases and programs with test blocks, and what it says about each outcome."""

from __future__ import annotations

import json

import pytest

from pagoda.tools import exits


@pytest.fixture
def suite(write):
    """A folder with one case of every kind."""
    write("s/good.ruff", 'print("fine")\n')
    write("s/good.out", "fine")
    write("s/deep/neighbour.txt", "text")
    write("s/deep/writes.ruff", 'print(1)\n')
    write("s/deep/writes.out", "1")
    write("s/bad.ruff", "print(1 + 1)\n")
    write("s/bad.out", "3")
    write("s/fails.ruff", "print(1)\nprint(nope)\n")
    write("s/fails.out", "1\n[RUFVM001] [vm] Runtime Error: Undefined variable: nope\n  --> 0:0")
    write("s/no_expectation.ruff", "print(1)\n")
    return "s"


def test_a_folder(pagoda, suite):
    done = pagoda("test", suite, "--tier", "walk")
    assert done.returncode == exits.GUEST_ERROR
    assert done.stdout.splitlines()[-1] == "walk: 3 passed, 1 failed, 0 skipped"
    assert "FAILED walk bad\n    @@" in done.stdout
    assert "    -3\n    +2\n" in done.stdout


def test_json(pagoda, suite):
    done = pagoda("test", suite, "--tier", "walk", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["case"], row["storey"], row["status"]) for row in rows] == [
        ("bad", "walk", "failed"),
        ("deep/writes", "walk", "passed"),
        ("fails", "walk", "passed"),
        ("good", "walk", "passed"),
    ]
    assert done.stderr == "walk: 3 passed, 1 failed, 0 skipped\n"


def test_deviations(pagoda, suite, write):
    write("d.toml", '[cases]\nbad = "arithmetic differs"\n"good@walk" = "no longer"\n"gone" = "?"\n')
    done = pagoda("test", suite, "--tier", "walk", "--deviations", "d.toml")
    assert done.returncode == 0
    assert "SKIPPED walk bad (arithmetic differs)" in done.stdout
    assert "PASSED walk good (stale deviation, it passes now: no longer)" in done.stdout
    assert done.stdout.splitlines()[-1] == "walk: 3 passed, 0 failed, 1 skipped"
    assert "case that does not exist: gone" in done.stderr


@pytest.mark.parametrize("text", ["not toml", "x = 1", "[cases]\na = 1\n", '[cases]\na = " "\n'])
def test_bad_deviations(pagoda, suite, write, text):
    write("d.toml", text)
    done = pagoda("test", suite, "--tier", "walk", "--deviations", "d.toml")
    assert done.returncode == exits.USAGE
    assert "d.toml" in done.stderr


def test_a_case_that_does_not_end(pagoda, write):
    write("s/endless.ruff", "while true { }\n")
    write("s/endless.out", "never")
    done = pagoda("test", "s", "--tier", "walk", "--timeout", "1")
    assert done.returncode == exits.GUEST_ERROR
    assert "still running after 1 s" in done.stdout


def test_capabilities_hold_for_each_case(pagoda, write):
    write("s/beside/note.txt", "here")
    home = 'func home() { try { return env("HOME") } except e { return "no" } }\n'
    write("s/beside/reads.ruff", f'{home}print(read_file("note.txt"))\nprint(home())\n')
    write("s/beside/reads.out", "here\nno")
    assert pagoda("test", "s", "--tier", "walk", "--untrusted", "--allow-fs-read=.").returncode == exits.OK
    assert pagoda("test", "s", "--tier", "walk", "--deny-env-read", "--allow-all").returncode == exits.OK
    done = pagoda("test", "s", "--tier", "walk", "--untrusted", "--allow-fs-read=elsewhere")
    assert done.returncode == exits.GUEST_ERROR
    assert "Capability denied: filesystem-read" in done.stdout
    assert "walk: 0 passed, 1 failed" in pagoda("test", "s", "--tier", "walk").stdout  # the environment is read


def test_capabilities_need_a_program(pagoda):
    done = pagoda("test", "--untrusted")
    assert done.returncode == exits.USAGE
    assert "pagoda test FILE --untrusted" in done.stderr


def test_originals_are_safe(pagoda, write, tmp_path):
    write("s/a.ruff", "print(1)\n")
    write("s/a.out", "1")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "s").iterdir()}
    assert pagoda("test", "s", "--tier", "walk").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "s").iterdir()} == before


BLOCKS = """
func double(x) { return x * 2 }
print("the top level does not run")
test_setup { base := 20 }
test_teardown { nonsense_that_is_ignored() }
test "sees functions and the setup" { assert_equal(double(base), 40) }
test_group "group" {
    test "fails" { assert_equal(double(1), 3) }
}
"""


def test_blocks(pagoda, write):
    write("a.ruff", BLOCKS)
    done = pagoda("test", "a.ruff", "--tier", "walk")
    assert "the top level does not run" not in done.stdout
    assert "FAILED walk fails" in done.stdout
    assert "Assertion failed" in done.stdout
    assert done.stdout.splitlines()[-1] == "walk: 1 passed, 1 failed, 0 skipped"
    assert done.returncode == exits.GUEST_ERROR


def test_the_example_tests_itself(pagoda, root):
    done = pagoda("test", root / "examples/ruff/bank.ruff", "--tier", "walk")
    assert done.stdout == "walk: 2 passed, 0 failed, 0 skipped\n"
