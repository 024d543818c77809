"""The comparator must see every real difference, and only overlook how a failure is decorated."""

from __future__ import annotations

import pytest

from pagoda.tools.compare import difference

EXPECTED = """Sum: 30
[1, 2, 3]
  = hint: not a diagnostic
[RUFVM001] [vm] Runtime Error: Undefined variable: calculat_sum
  --> 0:0"""

STDOUT = "Sum: 30\n[1, 2, 3]\n  = hint: not a diagnostic\n"

STDERR = """[RUFRUN001] [walk] Runtime Error: Undefined variable: calculat_sum
  --> simple.ruff:12:9
   |
12 | total := calculat_sum(1, 2)
   |          ^^^^^^^^^^^^
   = hint: did you mean calculate_sum?

Call stack:
  0 at inner (simple.ruff:12:9)
  1 at outer (simple.ruff:20:1)
"""


def test_the_same_failure_told_richly_is_equal():
    assert difference(EXPECTED, STDOUT, STDERR) is None


def test_the_same_failure_told_tersely_is_equal():
    assert difference(EXPECTED, STDOUT, "[RUFVM001] [vm] Runtime Error: Undefined variable: calculat_sum\n  --> 0:0\n") is None


@pytest.mark.parametrize(
    ("stdout", "stderr"),
    [
        (STDOUT.replace("30", "31"), STDERR),
        (STDOUT.replace("[1, 2, 3]", "[1, 2, 3, 4]"), STDERR),
        (STDOUT.replace("Sum: 30\n", ""), STDERR),
        (STDOUT + "extra\n", STDERR),
        (STDOUT.replace("Sum", "sum"), STDERR),
        (STDOUT.replace("  = hint: not a diagnostic\n", ""), STDERR),
        (STDOUT, ""),
        ("", STDERR),
        (STDOUT, STDERR.replace("Undefined variable: calculat_sum", "Undefined variable: calculat_sun")),
        (STDOUT, STDERR.replace("Runtime Error: ", "")),
        (STDOUT, STDERR + "and one more line\n"),
        (STDOUT, STDERR + STDERR),
        (STDERR, STDOUT),
        (STDOUT.replace("[1, 2, 3]\n", "") + "[1, 2, 3]\n", STDERR),
    ],
)
def test_wrong_output_is_found(stdout, stderr):
    assert difference(EXPECTED, stdout, stderr) is not None


def test_what_the_reference_runner_ignores_is_ignored():
    expected = "Compiler optimization: folded 3 constants\nbuilt 5 pages (took ~12ms)\ndone"
    assert difference(expected, "built 5 pages (took ~7.5ms)\ndone\n", "") is None
    assert difference(expected, "built 6 pages (took ~12ms)\ndone\n", "") is not None


def test_streams_are_trimmed_but_lines_are_not():
    assert difference("a\n  b", "\n\na\n  b\n\n", "") is None
    assert difference("a\n  b", "a\nb\n", "") is not None
    assert difference("a\nb", "a\n", "b\n") is None


def test_a_place_block_without_its_headline_counts():
    # A program that prints something that looks like a place has not failed.
    assert difference("x", "x\n  --> 0:0\n", "") is not None
    assert difference("x", "x\n\nCall stack:\n  0 at f\n", "") is not None


def test_a_message_of_several_lines_is_compared():
    expected = "[RUFVM001] [vm] Runtime Error: one\ntwo\n  --> 0:0"
    got = "[RUFRUN001] [walk] Runtime Error: one\ntwo\n --> f.ruff:1:1\n  |\n1 | throw(x)\n  | ^^^^^\n"
    assert difference(expected, "", got) is None
    assert difference(expected, "", got.replace("two", "three")) is not None
