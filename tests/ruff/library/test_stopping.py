"""Builtins over many items, and those that wait, notice that the program is to stop; and none makes too much."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from pagoda.languages.ruff.errors import LimitError
from pagoda.languages.ruff.library import registry, sorting
from pagoda.languages.ruff.values import Array, Dict
from pagoda.languages.ruff.walk.limits import Limits
from pagoda.languages.ruff.walk.run import make_state

MANY = 300_000
NUMBERS = list(range(MANY))
TEXT = "ab, \n" * MANY


def many() -> Array:
    return Array(NUMBERS, False)


LONG = {
    "sort": lambda: [many()],
    "contains": lambda: [many(), -1],
    "index_of": lambda: [many(), -1],
    "remove": lambda: [many(), -1],
    "unique": lambda: [many()],
    "sum": lambda: [many()],
    "chunk": lambda: [many(), 1],
    "flatten": lambda: [many()],
    "zip": lambda: [many(), many()],
    "enumerate": lambda: [many()],
    "windows": lambda: [many(), 2],
    "range": lambda: [10 * MANY],
    "join": lambda: [many(), ","],
    "split": lambda: [TEXT, ","],
    "words": lambda: [TEXT],
    "lines": lambda: [TEXT],
    "slugify": lambda: [TEXT],
    "to_snake_case": lambda: [TEXT],
    "keys": lambda: [Dict(dict.fromkeys(NUMBERS))],
    "invert": lambda: [Dict({f"k{number}": number for number in NUMBERS})],
    "Set": lambda: [many()],
    "bytes": lambda: [Array([1] * MANY, False)],
    "assert_contains": lambda: [many(), -1],
    "to_json": lambda: [many()],
    "to_yaml": lambda: [many()],
    "to_toml": lambda: [Dict({"a": many()})],
    "parse_csv": lambda: [TEXT],
    "regex_find_all": lambda: [TEXT, "b"],
    "random_id": lambda: [900_000],
    "sleep": lambda: [60_000],
    "execute": lambda: ["sleep 60"],
    "pipe_commands": lambda: [Array([Array(["yes"]), Array(["sleep", "60"])])],
}


@pytest.mark.parametrize("name", LONG)
def test_it_stops(name: str) -> None:
    state = make_state(lambda text: None, Limits())
    state.interrupt()
    with pytest.raises(LimitError, match="Interrupted"):
        state.call_builtin(registry.get(name), LONG[name](), state.frame, (0, 0))


def test_reading_a_pipe_that_nobody_writes_to_stops(tmp_path) -> None:
    path = str(tmp_path / "pipe")
    os.mkfifo(path)
    state = make_state(lambda text: None, Limits(timeout=0.1))
    with pytest.raises(LimitError, match="Time limit"):
        state.call_builtin(registry.get("read_file"), [path], state.frame, (0, 0))
    os.close(os.open(path, os.O_WRONLY))  # lets the reader go


def test_a_statement_stops() -> None:
    state = make_state(lambda text: None, Limits(timeout=0.1))
    database = state.call_builtin(registry.get("db_connect"), ["sqlite", ":memory:"], state.frame, (0, 0))
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS c FROM n"
    with pytest.raises(LimitError, match="Time limit"):
        state.call_builtin(registry.get("db_query"), [database, endless], state.frame, (0, 0))


@pytest.mark.parametrize("tier", ["walk", "vm"])
def test_waiting_for_a_line_stops(write, tier: str) -> None:
    program = write("a.ruff", 'print(input("first? "))\nprint(input())\nprint("no")')
    command = [sys.executable, "-I", "-c", "from pagoda.__main__ import main; main()"]
    with subprocess.Popen(
        [*command, "run", "--tier", tier, "--timeout", "3", str(program)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        child.stdin.write("one\r\ntw")
        child.stdin.flush()
        assert child.wait(60) == 4
        assert child.stdout.read() == "first? one\n"


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("repeat", ("", 2**63 - 1), ""),
        ("repeat", ("ab", 2**62), "!repeat() result is too large"),
        ("repeat", ("ab", -1), ""),
        ("pad_left", ("a", 2**62, "x"), "!pad_left() result is too large"),
        ("pad_right", ("a", 2**62, ""), "a"),
        ("range", (2**62,), "!range() result is too large"),
        ("range", (-(2**63), 2**63 - 1, 2**62), "[-9223372036854775808, -4611686018427387904, 0, 4611686018427387904]"),
        ("random_id", (2**40,), "!random_id() length out of range"),
        ("replace", ("a" * 70_000_000, "a", "b" * 20), "!replace() result is too large"),
        ("take", ([1, 2], 2**62), "[1, 2]"),
        ("skip", ([1, 2], -(2**63)), "[1, 2]"),
        ("chunk", ([1, 2], 2**62), "[[1, 2]]"),
        ("windows", ([1, 2], 2**62), "[]"),
        ("truncate", ("abc", -5, ".."), ""),
        ("ssg_build_output_paths", ("d", 2**40), "!ssg_build_output_paths() count must be between 0 and 1000000"),
    ],
)
def test_sizes_are_bounded(shown, name: str, arguments: tuple[object, ...], expected: str) -> None:
    assert shown(name, *arguments) == expected


def test_windows_over_many_items_are_bounded(shown) -> None:
    assert shown("windows", NUMBERS, MANY // 2) == "!windows() result is too large"


def test_yaml_that_stands_for_more_than_it_says(shown) -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]" for number in range(1, 9)]
    assert shown("parse_yaml", "\n".join(rows)) == "!YAML parse error: more than 1000000 values"
    assert shown("parse_yaml", "&a [*a]") == "!YAML parse error: nesting exceeds 128"


def test_sorting_in_pieces_is_one_stable_sort(monkeypatch: pytest.MonkeyPatch) -> None:
    import random

    monkeypatch.setattr(sorting, "PIECE", 16)
    state = make_state(lambda text: None, Limits())
    numbers = random.Random(5)
    for _ in range(60):
        spread = numbers.choice([3, 40, 10**6])
        items = [numbers.choice([int, float])(numbers.randrange(spread)) for _ in range(numbers.randrange(400))]
        found = sorting.in_order(state, items)
        assert [(type(item), item) for item in found] == [(type(item), item) for item in sorted(items)]
