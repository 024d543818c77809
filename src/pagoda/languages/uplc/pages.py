"""The pages of the diagnostic codes: what each means, what it looks like, how to mend it. ``pagoda check --explain CODE``.

Written out by ``python -m pagoda.languages.uplc.pages docs/diagnostics``. A code is for good: it may go out of use but never
means something else.
"""

from __future__ import annotations

import os
import sys

from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTH = 110
_INDEX = """# Diagnostics of UPLC

A page for each code. `pagoda check --explain CODE` prints the same. The pages are written from
`src/pagoda/languages/uplc/page_entries.py`, by `python -m pagoda.languages.uplc.pages docs/diagnostics`; a test compares them,
and runs the examples.

| code | |
|---|---|
"""


class Entry(Record, frozen=True):
    """One code.

    ``wrong`` and ``right`` are scripts: texts, or bytes in hexadecimal where ``file`` ends in ``.flat``. ``shown`` is what
    ``pagoda`` with the words of ``command`` says to the wrong one, which lies in ``file``. ``without`` is a module that must be
    missing for that.
    """

    code: str
    title: str
    text: str
    wrong: str
    right: str
    shown: str
    command: tuple[str, ...] = ("check", "script.uplc")
    without: str = ""

    @property
    def file(self) -> str:
        """The name of the script's file."""
        return next(word for word in self.command if word.startswith("script."))


def entries() -> Mapping[str, Entry]:
    """All codes, in order."""
    from pagoda.languages.uplc.page_entries import ENTRIES

    return {entry.code: entry for entry in ENTRIES}


def explanation(code: str) -> str | None:
    """The page of a code, as Markdown that reads well as plain text; ``None`` for no code of UPLC's. Case does not matter."""
    entry = entries().get(code.upper())
    return None if entry is None else page(entry)


def page(entry: Entry) -> str:
    """An entry as a page, with a line end at its end."""
    import textwrap

    words = " ".join(f"'{word}'" if " " in word else word for word in entry.command)
    lines = [f"# {entry.code}: {entry.title}", "", "Severity: error.", ""]
    for paragraph in entry.text.split("\n\n"):
        lines += [*textwrap.wrap(paragraph, _WIDTH, break_on_hyphens=False), ""]
    lines += ["Wrong:", "", "```", entry.wrong, "```", "", "```", f"$ pagoda {words}", *entry.shown.split("\n"), "```", ""]
    lines += ["Right:", "", "```", entry.right, "```", ""]
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """The text of every file, by its name."""
    found = {f"{entry.code}.md": page(entry) for entry in entries().values()}
    rows = [f"| [{entry.code}]({entry.code}.md) | {entry.title} |\n" for entry in entries().values()]
    found["UPLC.md"] = _INDEX + "".join(rows)
    return found


def write(folder: str) -> None:
    """Writes all pages into a folder."""
    os.makedirs(folder, exist_ok=True)
    for name, text in pages().items():
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


if __name__ == "__main__":
    write(sys.argv[1] if len(sys.argv) > 1 else "docs/diagnostics")
