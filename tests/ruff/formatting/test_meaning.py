"""Whole programs, other people's and random ones, as they are and with their layout thrown about: nothing is lost."""

from __future__ import annotations

import random

import pytest

from pagoda.languages.ruff.syntax.lexer import tokenize
from pagoda.machine.source import Source

from ..differential.programs import program
from .promises import formatted, parses

GAPS = (
    " ", "  ", "\n", "\n\n\n", "\t", "\r\n", "\r", " // c\n", " # c\n", " /// c\n", "\n// own\n", "/* b */", " /* b */ ",
    "\n/* own */\n", "/* two\n lines */", "\n\n// x\n\n// y\n\n",
)  # fmt: skip


def scattered(text: str, chance: random.Random, rate: float) -> str:
    """The same tokens with other gaps between them, comments included."""
    parts: list[str] = []
    end = 0
    for token in tokenize(Source("x", text))[0]:
        gap = text[end : token.start]
        parts += [chance.choice(GAPS) if chance.random() < rate else gap, text[token.start : token.end]]
        end = token.end
    return "".join(parts)


def check_scattered(text: str, seed: int) -> None:
    chance = random.Random(seed)
    other = scattered(text, chance, chance.choice((0.03, 0.5)))
    if parses(other):
        formatted(other, chance.choice((1, 20, 40, 100)))


@pytest.mark.parametrize("part", range(8))
def test_other_people_s_programs(suites, part):
    """Needs the conformance suites; skipped where they are not."""
    paths = sorted((suites / "ruff").rglob("*.ruff"))
    assert paths
    for number, path in enumerate(paths):
        text = path.read_text(encoding="utf-8")
        if number % 8 != part or not parses(text):
            continue
        formatted(text)
        if len(text) < 5_000:
            check_scattered(text, number)


def test_the_examples(root):
    paths = sorted((root / "examples" / "ruff").rglob("*.ruff"))
    assert paths
    for path in paths:
        formatted(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", range(12))
def test_random_programs(seed):
    text = program(seed)
    formatted(text)
    formatted(text, 30)
    check_scattered(text, seed)


def test_deep_and_long_programs():
    formatted("x := " + "(" * 200 + "1" + ")" * 200)
    formatted("x := " + " + ".join(["a"] * 900))
    formatted("x := [" + ", ".join(map(str, range(4_000))) + "]")
    formatted("f := " + "func(x) { return " * 60 + "1" + " }" * 60)
    formatted("if a { " * 100 + "b()" + " }" * 100)
    formatted("x := " + "f(g, " * 100 + "1" + ")" * 100)
    formatted("if a { b() }" + " else if c { d() }" * 200)
    formatted("\n".join(f"call{i}({i}, [{i}])" for i in range(800)))


def test_line_ends_become_line_feeds():
    assert formatted("a()\r\n\r\nb()\rc()") == "a()\n\nb()\nc()\n"
