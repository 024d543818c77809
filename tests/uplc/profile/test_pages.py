"""Each code has a page; its wrong example yields the code and the output that is shown, its right example neither."""

from __future__ import annotations

import re
import sys

import pytest

from pagoda.__main__ import execute
from pagoda.languages.uplc.pages import entries, explanation, pages

ENTRIES = list(entries().values())


def test_every_code_of_the_sources_has_a_page(root):
    emitted = set()
    for path in (root / "src/pagoda/languages/uplc").rglob("*.py"):
        if not path.name.startswith("page"):
            emitted |= set(re.findall(r'"(UPL[A-Z]+\d{3})"', path.read_text(encoding="utf-8")))
    assert emitted == set(entries())


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    """Runs an entry's command over a script; gives the exit code and all that was said."""
    monkeypatch.chdir(tmp_path)

    def go(entry, script):
        raw = bytes.fromhex(script) if entry.file.endswith(".flat") else script.encode()
        (tmp_path / entry.file).write_bytes(raw)
        # On the storey that every machine has.
        name, *rest = entry.command
        code = execute([name, "--tier", "walk", *rest] if name == "run" else [name, *rest])
        seen = capsys.readouterr()
        return code, (seen.out + seen.err).rstrip("\n")

    return go


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_the_wrong_example(entry, said, monkeypatch):
    if entry.without:
        monkeypatch.setitem(sys.modules, entry.without, None)
    code, output = said(entry, entry.wrong)
    assert output == entry.shown.replace(" [vm] ", " [walk] ")
    assert code != 0
    assert re.findall(r"UPL[A-Z]+\d{3}", output) == [entry.code]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_the_right_example(entry, said, monkeypatch):
    if entry.code == "UPLPARSE007":
        pytest.importorskip("pyblst")
    if entry.without:
        monkeypatch.setitem(sys.modules, entry.without, None)
    code, output = said(entry, entry.right)
    assert (code, "UPL" in output) == (0, False)


def test_the_pages_are_those_of_the_entries(root):
    """They are written by ``python -m pagoda.languages.uplc.pages docs/diagnostics``."""
    folder = root / "docs/diagnostics"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.glob("UPL*.md")} == pages()


def test_explaining(capsys):
    assert explanation("UPLCHK999") is None
    assert execute(["check", "--explain", "uplparse003"]) == 0
    assert capsys.readouterr().out.startswith("# UPLPARSE003: Unknown builtin\n")
