"""The process of a conformance case on a storey that compiles: a ``pagoda run`` whose failed compilations are counted.

Must hold: the program does and shows what it would without; of what goes to the standard error only the trace of promotion is
kept back (docs/opt.md). There is a line in the report for each failure, however the process ends.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TextIO, cast

EVENT, FAILED = "tier: ", "tier: failed "


class WithoutTrace:
    """A stream without the trace's events, each of which is written at once. ``report``: the file that gets the failures."""

    def __init__(self, stream: TextIO, report: Path) -> None:
        self._stream, self._report = stream, report

    def write(self, text: str) -> int:
        if not (text.startswith(EVENT) and text.endswith("\n")):
            return self._stream.write(text)
        if text.startswith(FAILED):
            with self._report.open("a", encoding="utf-8") as file:
                file.write(text)
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def failures(report: Path) -> list[str]:
    """The events of a report that nobody writes to any more."""
    return report.read_text(encoding="utf-8").splitlines() if report.exists() else []


def main() -> None:
    """The entry of the process: the report's file, then the words of a ``pagoda run``."""
    from pagoda import __main__ as pagoda

    report, *words = sys.argv[1:]
    sys.argv[1:] = [words[0], "--trace", "tier", *words[1:]]
    sys.stderr = cast("TextIO", WithoutTrace(sys.stderr, Path(report)))
    pagoda.main()
