"""The intrinsics table of docs/native.md is the one that the docstrings make. ``PAGODA_WRITE_DOCS=1`` writes it."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

from pagoda.native import intrinsics
from pagoda.native.intrinsics import Intrinsic

PAGE = Path(__file__).resolve().parents[2] / "docs" / "native.md"
BEGIN, END = "<!-- intrinsics -->\n", "<!-- end -->"


def table() -> str:
    lines = ["| intrinsic | meaning |", "|---|---|"]
    for item in vars(intrinsics).values():
        if isinstance(item, Intrinsic):
            parameters = ", ".join(name.rstrip("_") for name in item.parameters) + (", ..." if item.starred else "")
            meaning = " ".join(inspect.cleandoc(item.__doc__ or "").split()).replace("``", "`").replace("|", "\\|")
            lines.append(f"| `{item.name}({parameters})` | {meaning} |")
    return "\n".join(lines) + "\n"


def test_every_intrinsic_says_what_it_means():
    silent = [item.name for item in vars(intrinsics).values() if isinstance(item, Intrinsic) and not item.__doc__]
    assert not silent


def test_table_is_current():
    page = PAGE.read_text(encoding="utf-8")
    start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
    if os.environ.get("PAGODA_WRITE_DOCS"):
        page = page[:start] + table() + page[end:]
        PAGE.write_text(page, encoding="utf-8")
        end = page.index(END)
    assert page[start:end] == table()
