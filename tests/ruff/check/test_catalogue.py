"""Each code has a page; its wrong example yields the code and nothing else, and its right example nothing at all."""

from __future__ import annotations

import re

import pytest

from pagoda.languages.ruff.check.catalogue import entries, explanation
from pagoda.languages.ruff.check.pages import pages

ENTRIES = list(entries().values())


def test_every_code_of_the_sources_is_in_the_catalogue(root):
    emitted = set()
    for path in (root / "src/pagoda/languages/ruff").rglob("*.py"):
        if not path.name.startswith("catalogue"):
            emitted |= set(re.findall(r'"(RUF[A-Z]+\d{3})"', path.read_text(encoding="utf-8")))
    assert emitted == set(entries())


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_the_examples(entry, codes, failure, write):
    write("shapes.ruff", "export func area(side) { return side * side }\nexport func volume(side) { return side * area(side) }\n")

    def outcome(example: str) -> list[str]:
        text = entry.program(example)
        found = codes(text)
        if not found and entry.code in ("RUFRUN001", "RUFLIM001"):
            failed = failure(text, fuel=1000)
            found = [] if failed is None else [failed.code]
        return found

    assert outcome(entry.wrong) == [entry.code]
    assert outcome(entry.right) == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_a_warning_is_about_what_fails_or_is_of_no_use(entry, found):
    assert {diagnostic.severity for diagnostic in found(entry.program(entry.wrong))} <= {entry.severity}


def test_the_pages_are_those_of_the_catalogue(root):
    """They are written by ``python -m pagoda.languages.ruff.check.pages docs/diagnostics``."""
    folder = root / "docs/diagnostics"
    own = [path for path in folder.iterdir() if not path.name.startswith("UPL")]
    assert {path.name: path.read_text(encoding="utf-8") for path in own} == pages()


def test_explaining():
    assert (explanation("rufchk001") or "").startswith("# RUFCHK001: Undefined variable\n")
    assert explanation("RUFCHK999") is None
