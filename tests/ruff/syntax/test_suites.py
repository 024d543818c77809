"""The programs that other people wrote parse and resolve, unless their expected output is a syntax error."""

from __future__ import annotations

from pathlib import Path

from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.machine.source import DiagnosticError, Source


def test_programs_of_the_suites(suites: Path) -> None:
    failed: list[str] = []
    count = 0
    for path in sorted((suites / "ruff").rglob("*.ruff")):
        expected = path.with_suffix(".out")
        if not expected.exists():
            continue  # without an output nothing says that it is a program at all
        output = expected.read_text(encoding="utf-8")
        bad = "[RUFPARSE" in output or "[RUFLEX" in output
        count += 1
        try:
            with path.open(encoding="utf-8", newline="") as file:
                resolve(parse(Source(path.name, file.read())), builtins=frozenset())
        except DiagnosticError as error:
            if not bad:
                failed.append(error.render())
        else:
            if bad:
                failed.append(f"{path.name} should not parse")
    assert failed == []
    assert count > 0
