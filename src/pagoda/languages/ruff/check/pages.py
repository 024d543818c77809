"""Writes the pages of the diagnostic codes: ``python -m pagoda.languages.ruff.check.pages FOLDER``."""

from __future__ import annotations

import os
import sys

from pagoda.languages.ruff.check.catalogue import entries, page

_INDEX = """# Diagnostics of Ruff

A page for each code. `pagoda check --explain CODE` prints the same. The pages are written from the catalogue in
`src/pagoda/languages/ruff/check/`, by `python -m pagoda.languages.ruff.check.pages docs/diagnostics`; a test compares them.

[Those of UPLC](UPLC.md) are on pages of their own.

| code | severity | |
|---|---|---|
"""


def pages() -> dict[str, str]:
    """The text of every file, by its name."""
    found = {f"{entry.code}.md": page(entry) for entry in entries().values()}
    rows = [f"| [{entry.code}]({entry.code}.md) | {entry.severity} | {entry.title} |\n" for entry in entries().values()]
    found["README.md"] = _INDEX + "".join(rows)
    return found


def write(folder: str) -> None:
    """Writes all pages into a folder."""
    os.makedirs(folder, exist_ok=True)
    for name, text in pages().items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else "docs/diagnostics")
