"""The command line as a user meets it: exit codes, complaints, suggestions; never a Python traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from pagoda.tools import exits

TIERS = ["walk", "auto"]


def no_traceback(done):
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    return done


def test_hello(pagoda, root):
    done = no_traceback(pagoda("run", root / "examples/ruff/hello.ruff", "Ada"))
    assert (done.stdout, done.stderr, done.returncode) == ("Hello, Ada!\n", "", 0)


def test_the_example_program_runs(pagoda, root):
    done = no_traceback(pagoda("run", root / "examples/ruff/bank.ruff"))
    assert done.returncode == 0, done.stderr
    assert "After 8 requests, 4 of them refused:" in done.stdout
    assert done.stdout.endswith("Largest balance: 270 of 400\n")


@pytest.mark.parametrize("tier", TIERS)
def test_a_runtime_error(pagoda, write, tier):
    write("a.ruff", "func half(x) {\n    return 10 / x\n}\nprint(1)\nprint(half(0))\n")
    done = no_traceback(pagoda("run", "--tier", tier, "a.ruff"))
    assert done.returncode == exits.GUEST_ERROR
    assert done.stdout == "1\n"
    lines = done.stderr.splitlines()
    assert lines[0].startswith("[RUFRUN001] [")
    assert lines[0].endswith("] Runtime Error: Division by zero")
    assert lines[1].strip() == "--> a.ruff:2:12"
    assert "2 |     return 10 / x" in done.stderr
    assert "Call stack:\n  0 at half (a.ruff:2:12)" in done.stderr


def test_a_syntax_error(pagoda, write):
    write("a.ruff", "print(1)\nx := (2\n")
    done = no_traceback(pagoda("run", "a.ruff"))
    assert done.returncode == exits.MALFORMED
    assert done.stdout == ""
    assert "a.ruff:" in done.stderr
    checked = no_traceback(pagoda("check", "a.ruff"))
    assert checked.returncode == exits.MALFORMED
    assert checked.stderr == done.stderr


def test_a_file_that_is_not_text(pagoda, tmp_path):
    (tmp_path / "a.ruff").write_bytes(b"print(1)\n\xff\xfe")
    done = no_traceback(pagoda("run", "a.ruff"))
    assert done.returncode == exits.MALFORMED
    assert "byte 9 is 0xff" in done.stderr


def test_a_file_without_end(pagoda):
    done = no_traceback(pagoda("run", "--lang", "ruff", "/dev/zero"))
    assert done.returncode == exits.MALFORMED
    assert "larger than 64 MiB" in done.stderr


def test_the_program_chooses_its_exit_code(pagoda, write):
    write("a.ruff", "print(1)\nexit(7)\nprint(2)\n")
    done = no_traceback(pagoda("run", "a.ruff"))
    assert (done.stdout, done.returncode) == ("1\n", 7)


@pytest.mark.parametrize(("option", "value"), [("--fuel", "1000"), ("--timeout", "200ms")])
def test_a_limit(pagoda, write, option, value):
    write("a.ruff", "print(1)\nwhile true {\n    try {\n        x := 1\n    } except e {\n    }\n}\n")
    done = no_traceback(pagoda("run", option, value, "a.ruff"))
    assert (done.stdout, done.returncode) == ("1\n", exits.LIMIT)
    assert done.stderr


def test_an_interrupt(write, tmp_path):
    write("a.ruff", 'print("started")\nwhile true { }\n')
    command = [sys.executable, "-u", "-I", "-c", "from pagoda.__main__ import main; main()", "run", "a.ruff"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == exits.INTERRUPTED
    assert said == "pagoda: interrupted\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu", "a.ruff"], "Did you mean run?"),
        (["a.ruff"], "To run a program: pagoda run a.ruff"),
        (["run"], "Missing argument"),
        (["run", "--teir", "walk", "a.ruff"], "--tier"),
        (["run", "--tier", "turbo", "a.ruff"], "'turbo' is not one of auto, walk, vm"),
        (["run", "missing.ruff"], "cannot read 'missing.ruff': no such file or directory"),
        (["run", "."], "cannot read '.': is a directory"),
        (["run", "a.txt"], "cannot tell the language of 'a.txt'"),
        (["run", "--lang", "rust", "a.ruff"], "no language called 'rust'"),
        (["test", "missing"], "cannot find 'missing'"),
        (["test", "."], "cannot tell the language"),
        (["test", "--lang", "ruff", "."], "no cases below '.'"),
        (["test", "a.ruff", "--tier", "walk"], "has no test blocks"),
        (["bench", "missing.ruff"], "cannot find 'missing.ruff'"),
        (["bench", "--only", "nothing"], "no benchmark 'nothing'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage(pagoda, write, words, said):
    if words[:2] != ["test", "."]:
        write("a.ruff", "print(1)\n")
    write("a.txt", "print(1)\n")
    done = no_traceback(pagoda(*words))
    assert done.returncode == exits.USAGE
    assert said in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["test", "--help"], ["--version"], []], ids=" ".join)
def test_help(pagoda, words):
    done = no_traceback(pagoda(*words))
    assert done.returncode == (0 if words else exits.USAGE)
    assert "pagoda" in done.stdout + done.stderr


def test_a_bug_is_one_line_and_a_hint(tmp_path):
    script = (
        "import sys; from pagoda.tools import run; from pagoda import __main__\n"
        "def broken(values): raise RuntimeError('first line\\nsecond line')\n"
        "run.command = broken; sys.exit(__main__.execute(['run', 'x.ruff']))\n"
    )

    def run(**environment):
        command = [sys.executable, "-I", "-c", script]
        return subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path)

    done = run()
    assert done.returncode == exits.INTERNAL
    assert done.stderr.startswith("pagoda: internal error: RuntimeError: first line\npagoda: this is a bug")
    assert "Traceback" not in done.stderr
    assert "Traceback" in run(PAGODA_DEBUG="1").stderr


def test_closed_output(write, tmp_path):
    write("a.ruff", 'i := 0\nwhile i < 200000 {\n    print("line ${i}")\n    i := i + 1\n}\n')
    command = [sys.executable, "-I", "-c", "from pagoda.__main__ import main; main()", "run", "a.ruff"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    _, said = process.communicate(timeout=30)
    assert process.returncode == exits.OUTPUT_CLOSED
    assert said == ""


def test_the_guide_lists_the_exit_codes(root):
    page = (root / "docs/exit-codes.md").read_text(encoding="utf-8")
    for code, meaning in exits.MEANINGS.items():
        assert f"| {code} | {meaning} |" in page


def test_starting_does_not_import_what_it_does_not_need(write, tmp_path):
    write("a.ruff", "print(1)\n")
    script = (
        "import sys; from pagoda.__main__ import execute; execute(['run', '--tier', 'walk', 'a.ruff'])\n"
        "print([name for name in ('click', 'llvmlite', 'json', 'subprocess', 'tomllib', 'rich') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "1\n[]\n"
