"""The hand-written parser and click must agree: both are made from one table, and a test says so."""

from __future__ import annotations

import pytest

from pagoda.tools import arguments, cli, options

LINES = [
    ["run", "f.ruff"],
    ["run", "f.ruff", "a", "b"],
    ["run", "--tier", "walk", "f.ruff", "--tier", "vm", "x"],
    ["run", "f.ruff", "--tier", "walk", "2024", "--tier"],
    ["run", "f.ruff", "--tier=vm", "--fuel=1_000", "--verbose", "--fuel", "7"],
    ["run", "f.ruff", "--", "--tier", "walk"],
    ["run", "f.ruff", "a", "--", "b"],
    ["run", "--", "f.ruff", "--tier", "walk"],
    ["run", "--timeout", "500ms", "--memory", "64MB", "--max-depth", "50", "f.ruff"],
    ["run", "f.ruff", ""],
    ["run", "f.ruff", "-"],
    ["check", "f.ruff", "--json"],
    ["check", "--lang", "ruff", "--", "-f.ruff"],
    ["dis", "f.ruff"],
    ["ops"],
    ["ops", "--lang", "ruff"],
    ["test"],
    ["test", "folder", "--tier", "walk", "--json"],
    ["test", "--tier", "walk,vm", "--deviations", "d.toml", "folder", "--timeout", "2m"],
    ["bench", "--peers"],
    ["bench", "f.ruff", "--runs", "3"],
    ["doctor"],
]

WRONG = [
    ["run"],
    ["run", "--tier"],
    ["run", "--tier", "turbo", "f.ruff"],
    ["run", "--fuel", "0", "f.ruff"],
    ["run", "--fuel", "many", "f.ruff"],
    ["run", "--teir", "walk", "f.ruff"],
    ["run", "--memory", "64XB", "f.ruff"],
    ["run", "--timeout", "-1", "f.ruff"],
    ["run", "--timeout", "nan", "f.ruff"],
    ["check", "a", "b"],
    ["check", "--json=yes", "a"],
    ["test", "--tier", "fast", "x"],
    ["test", "--tier", ",", "x"],
    ["rnu", "f.ruff"],
    ["f.ruff"],
]


def through_click(words):
    seen = []

    def dispatch(command, values):
        seen.append((command.name, values))
        return 0

    return cli.main(words, dispatch), seen


@pytest.mark.parametrize("words", LINES, ids=" ".join)
def test_both_parsers_agree(words):
    quick = arguments.parse(words)
    assert quick is not None
    code, seen = through_click(words)
    assert code == 0
    assert seen == [(quick[0].name, quick[1])]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_mistakes_are_left_to_click_which_refuses_them(words, capsys):
    assert arguments.parse(words) is None
    code, seen = through_click(words)
    assert code == 2
    assert not seen
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("64KB", 64_000), ("64KiB", 65_536), ("64k", 65_536), ("1.5MB", 1_500_000), ("2GiB", 2 << 30), ("7B", 7)],
)
def test_sizes(text, value):
    assert options.size(text) == value


@pytest.mark.parametrize(("text", "value"), [("5", 5.0), ("0.5", 0.5), ("500ms", 0.5), ("2m", 120.0), ("3s", 3.0)])
def test_times(text, value):
    assert options.seconds(text) == value


@pytest.mark.parametrize("text", ["", "0", "-1", "inf", "nan", "MB", "1e400", "5 apples", "٣"])
def test_bad_amounts(text):
    for parse in (options.size, options.seconds, options.count):
        if text == "٣":
            continue  # other scripts' digits are digits
        with pytest.raises(ValueError, match=r"\w"):
            parse(text)
