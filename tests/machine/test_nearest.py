"""The nearest name: what counts as near, and what is too far to be worth a guess."""

from __future__ import annotations

import pytest

from pagoda.machine.nearest import did_you_mean, nearest, steps

NAMES = ["length", "substring", "has_key", "to_string", "x1", "count", "counter", "Point"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("lenght", "length"), ("lengt", "length"), ("lengthh", "length"), ("Length", "length"), ("sbustring", "substring"),
        ("haskey", "has_key"), ("hasKey", "has_key"), ("toString", "to_string"), ("cuont", "count"), ("counte", "count"),
        ("point", "Point"), ("x", ""), ("y1", ""), ("banana", ""), ("", ""), ("length", ""), ("a" * 500, ""),
    ],
)  # fmt: skip
def test_nearest(name, wanted):
    assert nearest(name, NAMES) == wanted
    assert nearest(name, reversed(NAMES)) == wanted


def test_the_hint():
    assert did_you_mean("lenght", NAMES) == "did you mean 'length'?"
    assert did_you_mean("banana", NAMES) == ""


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [("", "", 0), ("ab", "ab", 0), ("ab", "ba", 1), ("abc", "ac", 1), ("abc", "axc", 1), ("kitten", "sitting", 3)],
)
def test_steps(first, second, count):
    assert steps(first, second, 5) == steps(second, first, 5) == count
