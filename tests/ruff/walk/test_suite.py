"""The programs that others wrote, with the output they expect, on the walker.

What differs on purpose is listed here with the reason.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from unittest import mock

from pagoda.languages.ruff.errors import ExitRequest, RuffError
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import make_state, run_program
from pagoda.machine.source import DiagnosticError, Source

DEVIATIONS = {
    "tests/test_generators.ruff": "the snapshot keeps a defect: a yield inside a loop ends the generator after one value",
    "tests/test_operator_overloading.ruff": "the snapshot keeps a defect: comparison overloads are ignored",
    "tests/test_stdlib_random.ruff": "prints random numbers",
    "tests/test_stdlib_paths.ruff": "looks for files of the reference's own checkout",
    "tests/stdlib_test.ruff": "needs bcrypt, and prints the size of a zip file",
}


def _normal(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().split("\n") if not line.startswith("Compiler optimization:")]
    joined = re.sub(r"\n  --> .*", "", "\n".join(lines))
    return re.sub(r" \(took ~[^)]*ms\)", "", joined).strip()


def _output(path: Path) -> str:
    printed: list[str] = []
    source = Source(str(path), path.read_text(encoding="utf-8"))
    state = make_state(printed.append, Limits(timeout=20))
    state.input = lambda prompt: printed.append(prompt) or ""
    try:
        program = parse(source)
        resolve(program, builtins=registry.builtin_names())
        run_program(program, source, output=printed.append, state=state)
    except DiagnosticError as error:
        printed.append(str(error))
    except RuffError as error:
        printed.append(f"\n[RUFVM001] [vm] Runtime Error: {error.message}")
    except ExitRequest:
        pass
    return "".join(printed)


def test_programs_of_others(suites: Path, tmp_path: Path, monkeypatch) -> None:
    shutil.copytree(suites / "ruff", tmp_path / "ruff")
    failed: list[str] = []
    for path in sorted((tmp_path / "ruff").rglob("*.ruff")):
        expected = path.with_suffix(".out")
        name = path.relative_to(tmp_path / "ruff").as_posix()
        if not expected.exists() or name in DEVIATIONS:
            continue
        monkeypatch.chdir(tmp_path)
        with mock.patch.dict(os.environ):
            if _normal(_output(path)) != _normal(expected.read_text(encoding="utf-8")):
                failed.append(name)
    assert not failed
