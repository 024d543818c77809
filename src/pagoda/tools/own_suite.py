"""``./pagoda test`` without a path: the project's own suite, in a clone: pytest, mypy in strict mode, the ruff linter.

Must hold: the last line on stdout is ``N passed, N failed, N skipped``; mypy and the linter count as one check each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

from pagoda.tools import exits


class Counts(NamedTuple):
    """Outcomes of one part of the suite."""

    passed: int
    failed: int
    skipped: int


def clone_root() -> Path:
    """The clone this package is imported from."""
    root = Path(__file__).resolve().parents[3]
    if not ((root / "pyproject.toml").is_file() and (root / "tests").is_dir()):
        raise exits.UsageProblem("'test' without PATH runs the project's own suite and works in a clone only; name a PATH")
    return root


def run() -> int:
    """Runs all parts, shows each one's outcome, ends with the counts."""
    root = clone_root()
    parts = (("pytest", _pytest), ("mypy --strict", _mypy), ("ruff check", _linter))
    lines = []
    total = Counts(0, 0, 0)
    for name, part in parts:
        print(f"== {name}", flush=True)
        started = time.monotonic()
        counts = part(root)
        total = Counts(*(old + new for old, new in zip(total, counts, strict=True)))
        outcome = "FAILED" if counts.failed else "ok"
        lines.append(f"{name:<14} {outcome:<7} {_line(counts)} ({time.monotonic() - started:.1f} s)")
    print("==")
    for line in lines:
        print(line)
    print(_line(total), flush=True)
    return exits.GUEST_ERROR if total.failed else exits.OK


def _line(counts: Counts) -> str:
    return f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped"


def _module(root: Path, *words: str) -> int:
    """Runs a tool of this environment in the clone; its output is the user's to read."""
    command = [sys.executable, "-I", "-m", *words]
    return subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT).returncode


def _pytest(root: Path) -> Counts:
    with tempfile.TemporaryDirectory(prefix="pagoda-suite-") as place:
        report = Path(place) / "report.xml"
        words = ["pytest", "-q", f"--junitxml={report}", "-p", "no:cacheprovider"]
        if (os.cpu_count() or 1) > 1:
            words += ["-n", "2"]
        code = _module(root, *words)
        counts = _read_junit(report)
    if counts is None or (code != 0 and counts.failed == 0):
        # It did not get as far as a report, or stopped for a reason that is no test's: one failure, whatever the counts say.
        return (counts or Counts(0, 0, 0))._replace(failed=1)
    return counts


def _read_junit(report: Path) -> Counts | None:
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return None

    def total(name: str) -> int:
        return sum(int(suite.get(name, "0")) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    return Counts(total("tests") - failed - skipped, failed, skipped)


def _mypy(root: Path) -> Counts:
    return Counts(1, 0, 0) if _module(root, "mypy", "--strict") == 0 else Counts(0, 1, 0)


def _linter(root: Path) -> Counts:
    return Counts(1, 0, 0) if _module(root, "ruff", "check", "--no-cache", ".") == 0 else Counts(0, 1, 0)
