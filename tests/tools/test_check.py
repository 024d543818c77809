"""``pagoda check`` and the JSON of ``pagoda run``, as a user meets them."""

from __future__ import annotations

import json

import pytest

from pagoda.tools import exits

FINE = 'print("a")\n'
WARNED = "x := 1\nprint(y)\n"
BROKEN = "let 5\nprint(1\n"


@pytest.mark.parametrize(
    ("text", "words", "code", "said"),
    [
        (FINE, [], exits.OK, "a.ruff: no errors\n"), (FINE, ["--strict"], exits.OK, "a.ruff: no errors\n"),
        (WARNED, [], exits.OK, "a.ruff: no errors, 2 warnings\n"),
        (WARNED, ["--strict"], exits.GUEST_ERROR, "a.ruff: no errors, 2 warnings\n"),
        (BROKEN, [], exits.MALFORMED, ""), (BROKEN, ["--strict"], exits.MALFORMED, ""),
    ],
)  # fmt: skip
def test_exit_codes(pagoda, write, text, words, code, said):
    write("a.ruff", text)
    done = pagoda("check", *words, "a.ruff")
    assert (done.returncode, done.stdout) == (code, said)
    assert bool(done.stderr) == (text is not FINE)


def test_a_warning(pagoda, write):
    write("a.ruff", "count := 1\nprint(coutn + count)\n")
    assert pagoda("check", "a.ruff").stderr == (
        "warning[RUFCHK001]: Undefined variable: coutn\n --> a.ruff:2:7\n  |\n2 | print(coutn + count)\n  |       ^^^^^\n"
        "  = hint: did you mean 'count'?\n"
    )


def test_json(pagoda, write):
    write("a.ruff", WARNED)
    done = pagoda("check", "--json", "--strict", "a.ruff")
    assert (done.returncode, done.stderr) == (exits.GUEST_ERROR, "")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["code"], row["severity"], row["subsystem"], row["line"], row["column"]) for row in rows] == [
        ("RUFCHK002", "warning", "check", 1, 1), ("RUFCHK001", "warning", "check", 2, 7),
    ]  # fmt: skip


def test_explaining_a_code(pagoda, root):
    done = pagoda("check", "--explain", "rufchk004")
    assert (done.returncode, done.stderr) == (exits.OK, "")
    assert done.stdout == (root / "docs/diagnostics/RUFCHK004.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--explain", "RUFCHK999"], "no diagnostic has the code 'RUFCHK999'"),
        ([], "no program named"),
        (["--explian", "x"], "--explain"),
    ],
)
def test_usage(pagoda, words, said):
    done = pagoda("check", *words)
    assert (done.returncode, done.stdout) == (exits.USAGE, "")
    assert said in done.stderr


def test_a_run_reports_as_json_on_stderr(pagoda, write):
    write("a.ruff", "func f() { return 1 / 0 }\nprint(1)\nf()\n")
    done = pagoda("run", "--tier", "walk", "--json", "a.ruff")
    assert (done.returncode, done.stdout) == (exits.GUEST_ERROR, "1\n")
    row = json.loads(done.stderr)
    assert (row["code"], row["message"], row["line"], row["exit_code"]) == ("RUFRUN001", "Division by zero", 1, 1)
    assert [frame["function"] for frame in row["call_stack"]] == ["f", "<main>"]


def test_a_run_of_a_malformed_program_reports_all_of_it(pagoda, write):
    write("a.ruff", BROKEN)
    done = pagoda("run", "--json", "a.ruff")
    assert done.returncode == exits.MALFORMED
    assert [json.loads(line)["line"] for line in done.stderr.splitlines()] == [1, 3]


def test_a_program_that_runs_well_does_not_import_the_checks(write, tmp_path):
    import subprocess
    import sys

    write("a.ruff", FINE)
    script = (
        "import sys; from pagoda.__main__ import execute; execute(['run', '--tier', 'walk', 'a.ruff'])\n"
        "print([name for name in sys.modules if '.check' in name or name.endswith(('.nearest', '.advice', 'difflib'))])\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "a\n[]\n"
