"""The catalogue of diagnostic codes: what each means, with an example that yields it and one that does not.

A code is for good: it may go out of use but never means something else. The pages under ``docs/diagnostics`` are written from
here (:mod:`.pages`), and ``pagoda check --explain CODE`` prints one.
"""

from __future__ import annotations

from pagoda.records import Record

_WIDTH = 110


class Entry(Record, frozen=True):
    """One code.

    ``severity`` is ``error`` or ``warning``; ``text`` is paragraphs with an empty line between them. ``wrong`` and ``right``
    are programs; in both, ``…`` stands for ``repeated[0]`` written ``repeated[1]`` times, where one would be too long to show.
    """

    code: str
    severity: str
    title: str
    text: str
    wrong: str
    right: str
    repeated: tuple[str, int] = ("", 0)

    def program(self, example: str) -> str:
        """An example as it is, with nothing left out."""
        piece, times = self.repeated
        return example.replace("…", piece * times) if piece else example


def entries() -> dict[str, Entry]:
    """All codes, in order."""
    from pagoda.languages.ruff.check.catalogue_check import ENTRIES as WARNINGS
    from pagoda.languages.ruff.check.catalogue_syntax import ENTRIES as ERRORS

    return {entry.code: entry for entry in (*ERRORS, *WARNINGS)}


def explanation(code: str) -> str | None:
    """The page of a code, as Markdown that reads well as plain text; ``None`` for no code of Ruff's. Case does not matter."""
    entry = entries().get(code.upper())
    return None if entry is None else page(entry)


def page(entry: Entry) -> str:
    """An entry as a page, with a line end at its end."""
    import textwrap

    lines = [f"# {entry.code}: {entry.title}", "", f"Severity: {entry.severity}.", ""]
    for paragraph in entry.text.split("\n\n"):
        lines += [*textwrap.wrap(paragraph, _WIDTH, break_on_hyphens=False), ""]
    if entry.repeated[0]:
        piece, times = entry.repeated
        shown = "a NUL character" if piece == "\0" else f"`{piece}`"
        lines += [f"In the examples, `…` stands for {shown}" + (f" written {times:,} times." if times > 1 else "."), ""]
    lines += ["Wrong:", "", "```", entry.wrong, "```", "", "Right:", "", "```", entry.right, "```", ""]
    return "\n".join(lines)
