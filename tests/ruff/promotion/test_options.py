"""``--tier opt``, ``--trace tier`` and ``--tier-threshold`` on the command line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pagoda.tools.arguments import parse

LINE = re.compile(r"tier: (hot|compiled|failed|exits|widen|regroup|evict|mistake|end) \S+ ms=\d+\.\d( [a-z]+=\S+)*")
FIB = "func fib(n) { if n < 2 { return n }\n return fib(n - 1) + fib(n - 2) }\nprint(fib(15))\n"


def run(words: list[str], capsys: Any) -> tuple[int, str, str]:
    """A command's exit code, output and error output."""
    from importlib import import_module

    from pagoda.tools import exits

    parsed = parse(words)
    assert parsed is not None
    command, values = parsed
    module, _, name = command.handler.partition(":")
    try:
        code = getattr(import_module(f"pagoda.tools.{module}"), name)(values)
    except exits.UsageProblem as problem:
        return 2, "", str(problem)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "p.ruff"
    path.write_text(FIB)
    return str(path)


@pytest.mark.parametrize("tier", ["vm", "opt"])
def test_every_storey_prints_the_same(program, capsys, tier):
    assert run(["run", "--tier", tier, program], capsys)[:2] == (0, "610\n")


def test_the_trace_is_lines_to_search(program, capsys):
    code, out, err = run(["run", "--tier", "opt", "--trace", "tier", program], capsys)
    assert (code, out) == (0, "610\n")
    lines = err.splitlines()
    assert all(LINE.fullmatch(line) for line in lines), err
    assert any(line.startswith("tier: hot fib ") and " line=1 " in line for line in lines)
    assert any(line.startswith("tier: compiled fib ") and " bytes=" in line and " took=" in line for line in lines)
    assert lines[-1].startswith("tier: end - ")


def test_the_threshold_can_be_chosen(program, capsys):
    err = run(["run", "--tier", "opt", "--tier-threshold", "50", "--trace", "tier", program], capsys)[2]
    assert "tier: hot fib" in err
    assert " heat=50 " in err
    err = run(["run", "--tier", "opt", "--tier-threshold", "1000000", "--trace", "tier", program], capsys)[2]
    assert "tier: hot fib" not in err


def test_memory_that_is_limited_is_the_programs(program, capsys):
    assert run(["run", "--tier", "opt", "--memory", "8MB", program], capsys)[:2] == (0, "610\n")


def test_the_interpreter_alone_traces_nothing(program, capsys):
    assert run(["run", "--tier", "vm", "--trace", "tier", program], capsys) == (0, "610\n", "")


def test_what_another_language_lacks_is_said(tmp_path, capsys):
    script = tmp_path / "p.uplc"
    script.write_text("(program 1.0.0 (con integer 1))")
    assert run(["run", "--tier", "opt", str(script)], capsys)[0::2] == (2, "uplc has no storey 'opt' here (there is: walk, vm)")
    assert run(["run", "--trace", "tier", str(script)], capsys)[0::2] == (2, "uplc has no --trace")
    assert run(["run", "--tier-threshold", "3", str(script)], capsys)[0::2] == (2, "uplc has no --tier-threshold")


def test_a_session_on_opt():
    from pagoda.languages.protocol import RunRequest
    from pagoda.languages.ruff.language import LANGUAGE

    output: list[str] = []
    session = LANGUAGE.open_session(RunRequest(output=output.append, error_output=output.append, tier="opt"))
    try:
        assert session.storey == "opt"
        session.evaluate("func f(n) { return n * 2 }")
        for _ in range(4):
            value = session.evaluate("f(21)").value
            assert value is not None
            assert value.text == "42"
        session.evaluate("func f(n) { return n * 3 }")
        value = session.evaluate("f(21)").value
        assert value is not None
        assert value.text == "63"
    finally:
        session.close()
