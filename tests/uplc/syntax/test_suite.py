"""The conformance suite: every text is read or refused as its expectation says; what is read is printed and read back."""

from __future__ import annotations

from pathlib import Path

from pagoda.languages.uplc.syntax.printer import program_text
from pagoda.languages.uplc.terms_scope import same_program

from . import reading

REFUSED = "parse/decode error"


def test_every_text_is_read_or_refused(suites: Path):
    count = 0
    for path in sorted((suites / "uplc" / "conformance").rglob("*.uplc")):
        expected = path.with_name(path.name + ".expected").read_text(encoding="utf-8").strip()
        text = path.read_text(encoding="utf-8")
        found = reading.findings(text)
        assert bool(found) == (expected == REFUSED), f"{path.name}: {found}"
        if not found:
            program = reading.program(text)
            for width in (None, 30, 100):
                assert same_program(program, reading.program(program_text(program, width))), path.name
        count += 1
    assert count > 700


def test_every_expected_program_is_read_and_printed(suites: Path):
    count = 0
    for path in sorted((suites / "uplc" / "conformance").rglob("*.uplc.expected")):
        text = path.read_text(encoding="utf-8")
        if not text.startswith("(program"):
            continue
        program = reading.program(text)
        assert same_program(program, reading.program(program_text(program))), path.name
        count += 1
    assert count > 400
