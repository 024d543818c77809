"""How an error looks: the call stack, folded and cut, and the same as JSON."""

from __future__ import annotations

import json

import pytest

from pagoda.languages.protocol import Failure, Frame, Place, RunOutcome
from pagoda.machine.source import Diagnostic, Source
from pagoda.tools import exits, report
from pagoda.tools.compare import normalise

SOURCE = Source("a.ruff", "func f(n) {\n    return f(n - 1)\n}\nf(3)\n")
INNER, OUTER = Place(SOURCE, 23, 31), Place(SOURCE, 34, 38)


def stack_text(*frames: Frame) -> list[str]:
    failure = Failure("RUFRUN001", "walk", "Runtime Error", "oh", INNER, frames)
    text = report.failure_text(failure)
    assert normalise(text) == "[diagnostic] Runtime Error: oh"  # the comparator knows the whole shape
    return text.partition("Call stack:\n")[2].splitlines()


def test_a_failure_with_everything():
    failure = Failure("RUFRUN001", "vm", "Runtime Error", "Oh no", INNER, (Frame("f", INNER), Frame("<main>", OUTER)), "look")
    assert report.failure_text(failure).splitlines() == [
        "[RUFRUN001] [vm] Runtime Error: Oh no",
        " --> a.ruff:2:12",
        "  |",
        "2 |     return f(n - 1)",
        "  |            ^^^^^^^^",
        "  = hint: look",
        "",
        "Call stack:",
        "  0 at f (a.ruff:2:12)      f(n - 1)",
        "  1 at <main> (a.ruff:4:1)  f(3)",
    ]


def test_recursion_is_folded():
    lines = stack_text(*[Frame("f", INNER)] * 600, Frame("<main>", OUTER))
    assert lines == [
        "  0 at f (a.ruff:2:12)        f(n - 1)",
        "  ... this call repeats 599 more times ...",
        "  600 at <main> (a.ruff:4:1)  f(3)",
    ]


def test_functions_that_call_each_other_are_folded():
    even, odd = Frame("even", INNER), Frame("odd", OUTER)
    lines = stack_text(Frame("g"), *[even, odd] * 50, even, Frame("<main>", OUTER))
    assert [line.split("(")[0].strip() for line in lines] == [
        "0 at g", "1 at even", "2 at odd", "... these 2 calls repeat 49 more times ...", "101 at even", "102 at <main>",
    ]  # fmt: skip


def test_two_of_a_kind_are_shown():
    assert len(stack_text(Frame("f", INNER), Frame("f", INNER), Frame("<main>", OUTER))) == 3


def test_a_long_stack_is_cut_in_the_middle():
    lines = stack_text(*(Frame(f"f{number}", INNER) for number in range(100)))
    assert len(lines) == 17
    assert lines[7].startswith("  7 at f7 ")
    assert lines[8] == "  ... 84 more ..."
    assert lines[9].startswith("  92 at f92 ")


@pytest.mark.parametrize("count", [1, 15, 16, 17])
def test_a_stack_that_fits_is_whole(count):
    assert len(stack_text(*(Frame(f"f{number}", INNER) for number in range(count)))) == count


def test_code_beside_a_frame_is_one_short_line():
    source = Source("b.ruff", "f(\n    1,\t2 \x07" + "x" * 200 + ")")
    (line,) = stack_text(Frame("f", Place(source, 0, len(source.text))))
    assert line == "  0 at f (b.ruff:1:1)  f( 1, 2 ?" + "x" * 48 + "..."


def test_a_stack_without_places():
    assert stack_text(Frame("f"), Frame("g")) == ["  0 at f", "  1 at g"]


def test_a_failure_as_json(capsys):
    stack = (Frame("f", INNER), Frame("g"), Frame("<main>", OUTER))
    failure = Failure("RUFRUN001", "vm", "Runtime Error", "Oh", INNER, stack, "look")
    assert report.finish(RunOutcome("error", "vm", failure), SOURCE, as_json=True) == exits.GUEST_ERROR
    printed = capsys.readouterr()
    assert printed.out == ""
    assert json.loads(printed.err) == {
        "code": "RUFRUN001", "severity": "error", "subsystem": "vm", "message": "Oh", "file": "a.ruff", "line": 2, "column": 12,
        "help": "look", "kind": "Runtime Error", "exit_code": 1,
        "call_stack": [
            {"function": "f", "file": "a.ruff", "line": 2, "column": 12},
            {"function": "g", "file": None, "line": None, "column": None},
            {"function": "<main>", "file": "a.ruff", "line": 4, "column": 1},
        ],
    }  # fmt: skip


def test_diagnostics_as_json(capsys):
    found = [
        Diagnostic("RUFPARSE001", "error", "Expected", (0, 4), "", ["a note"]),
        Diagnostic("RUFLEX001", "error", "No", (5, 6), "x"),
    ]
    assert report.finish(RunOutcome("malformed", "vm", diagnostics=found), SOURCE, as_json=True) == exits.MALFORMED
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first == {
        "code": "RUFPARSE001", "severity": "error", "subsystem": "parser", "message": "Expected", "file": "a.ruff", "line": 1,
        "column": 1, "end_line": 1, "end_column": 5, "help": None, "notes": ["a note"], "call_stack": [], "exit_code": 3,
    }  # fmt: skip
    assert (second["subsystem"], second["help"]) == ("lexer", "x")


def test_an_interrupt_as_json(capsys):
    assert report.finish(RunOutcome("interrupt", "vm"), SOURCE, as_json=True) == exits.INTERRUPTED
    assert json.loads(capsys.readouterr().err)["message"] == "interrupted"


def test_a_run_that_ends_well_says_nothing(capsys):
    assert report.finish(RunOutcome("ok", "vm"), SOURCE, as_json=True) == exits.OK
    assert capsys.readouterr().err == ""
