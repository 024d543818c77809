"""Telling a user who waits what is being prepared."""

from __future__ import annotations

import os
import sys


def announce(line: str) -> None:
    """Progress goes to a terminal's error stream only."""
    if sys.stderr.isatty() or os.environ.get("PAGODA_ANNOUNCE"):
        print(f"pagoda: {line}", file=sys.stderr)
