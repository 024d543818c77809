"""Lines, positions and how diagnostics look."""

from __future__ import annotations

import pytest

from pagoda.machine.source import Diagnostic, DiagnosticError, Source, render


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, (1, 1)), (1, (1, 2)), (2, (2, 1)), (5, (3, 1)), (7, (4, 1)), (8, (4, 2)), (99, (4, 2)), (-5, (1, 1))],
)
def test_every_line_ending_ends_a_line(offset: int, place: tuple[int, int]) -> None:
    assert Source("s", "a\nb\r\nc\rd").position(offset) == place


def test_line_text_has_no_ending() -> None:
    source = Source("s", "a\nbc\r\n\rd")
    assert [source.line_text(line) for line in range(1, source.line_count + 1)] == ["a", "bc", "", "d"]


def test_render_shows_line_marker_hint_and_notes() -> None:
    source = Source("f.ruff", "one\n\tx := 5 5\n")
    text = render(Diagnostic("E1", "error", "wrong", (10, 12), "try this", ["a fact"]), source)
    assert text.split("\n") == [
        "error[E1]: wrong",
        " --> f.ruff:2:7",
        "  |",
        "2 |     x := 5 5",
        "  |          ^^",
        "  = hint: try this",
        "  = note: a fact",
    ]


def test_tabs_inside_the_line_keep_the_marker_in_place() -> None:
    lines = render(Diagnostic("", "warning", "w", (3, 4)), Source("f", "a\tb@")).split("\n")
    assert lines[0] == "warning: w"
    assert lines[3].index("@") == lines[4].index("^")


@pytest.mark.parametrize("column", [0, 1, 50, 500, 999_990, 999_999, 1_000_000])
def test_long_lines_are_cut_around_the_marker(column: int) -> None:
    source = Source("f", "a" * column + "@" + "b" * (1_000_000 - column))
    lines = render(Diagnostic("E", "error", "m", (column, column + 5000)), source).split("\n")
    assert max(map(len, lines)) <= 125
    assert lines[3][lines[4].index("^")] == "@"


@pytest.mark.parametrize("span", [(0, 0), (5, 5), (5, 9), (-3, 99), (100, 200), (4, 2)])
@pytest.mark.parametrize("text", ["", "abcde", "ab\ncd", "\n", "\t\t\t", "a\u0301日本\u200b\x1b[31m", "\r\r\n"])
def test_any_span_of_any_text_can_be_rendered(span: tuple[int, int], text: str) -> None:
    picture = render(Diagnostic("E", "error", "m", span), Source("f", text))
    assert "^" in picture
    assert "\x1b" not in picture


def test_error_carries_all_diagnostics() -> None:
    source = Source("f", "x")
    error = DiagnosticError([Diagnostic("A", "error", "first", (0, 1)), Diagnostic("B", "error", "second", (0, 1))], source)
    assert str(error) == "f: first (and 1 more)"
    assert error.render().count("-->") == 2
