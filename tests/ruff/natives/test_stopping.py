"""Builtins over many items stop when the program is to stop, and none makes too much; what is done in parts is the same as whole.

A program is interrupted by its own output, just before the call: no time is taken. Behind the call stands nothing that polls, so
that a body that does not look runs to its end, and the program with it. Nothing may be left alive, as ever.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pagoda.languages.ruff.library import registry

from ..storeys import Seen, load, machine_code, outcome, run_on_vm, run_on_walk  # absolute, "ruff" would be the linter

NUMBERS = "a := range(600000)"
VALUES = 'a := concat(["x", null], range(600000))'
FLOATS = "a := range(600000)\na := concat(map(a, to_float), [0.25])"
SHARED = f"{VALUES}\nb := [a]"
TEXTS = "a := map(range(140000), to_string)"
TEXT = 's := repeat("ab, cd\\r\\n", 100000)'
WIDE = 's := repeat("日é, cd\\n", 100000)'
BLANK = 's := repeat(" ", 600000)'
NAMED = 'd := {}\nfor i in range(70000) { d["k" + to_string(i)] := i }'
NUMBERED = "d := {}\nfor i in range(70000) { d[70000 - i] := i }"

CALLS = [
    ("", "range(3000000)"),
    (TEXT, 'split(s, ",")'), (TEXT, 'split(s, "d\\r")'), (TEXT, 'split(s, "no")'), (TEXT, 'split(s, "")'), (WIDE, 'split(s, ",")'),
    (TEXT, "words(s)"), (WIDE, "words(s)"), (TEXT, "lines(s)"),
    (NUMBERS, 'join(a, ", ")'), (TEXTS, 'join(a, "é")'),
    (TEXT, 'replace(s, ",", ";")'), (TEXT, 'replace(s, "cd", "")'), (TEXT, 'replace(s, "", "é")'), (TEXT, 'replace(s, "no", "yes")'),
    (TEXT, f'replace(s, "ab", "{"x" * 700}")'),
    (TEXT, "upper(s)"), (TEXT, "lower(s)"), (TEXT, "capitalize(s)"), (TEXT, "str_reverse(s)"), (TEXT, "reverse(s)"),
    ("", 'repeat("日本", 600000)'), ("", 'pad_left("a", 1000000, "é-")'), (TEXT, 'pad_right(s, 1000000, "ab")'),
    (BLANK, "trim(s)"), (BLANK, "trim_start(s)"), (BLANK, "trim_end(s)"),
    (TEXT, 'contains(s, "no")'), (WIDE, 'index_of(s, "no")'),
    (NUMBERS, "contains(a, -1)"), (NUMBERS, "index_of(a, -1)"), (VALUES, "index_of(a, 0.5)"), (VALUES, "remove(a, -1)"),
    (VALUES, "index_of([1], a)"),
    (NUMBERS, "unique(a)"), (TEXTS, "unique(a)"),
    (NUMBERS, "enumerate(a)"), (NUMBERS, "zip(a, a)"), (NUMBERS, "chunk(a, 1)"), (NUMBERS, "chunk(a, 1000)"),
    (NUMBERS, "windows(a, 2)"), ("a := range(5000)", "windows(a, 1000)"),
    (NUMBERS, "flatten(a)"), (f"{NUMBERS}\na := chunk(a, 30)", "flatten(a)"),
    (SHARED, "concat(a, a)"), (SHARED, "slice(a, 1, 500000)"), (SHARED, "take(a, 500000)"), (SHARED, "skip(a, 5)"),
    (SHARED, "push(a, 1)"), (SHARED, "pop(a)"), (SHARED, 'insert(a, 1, "x")'), (VALUES, 'insert(a, 1, "x")'), (NUMBERS, "insert(a, 1, 1)"),
    (SHARED, "remove_at(a, 1)"), (SHARED, "reverse(a)"), (NUMBERS, "reverse(range(600000))"),
    (NUMBERS, "sort(a)"), (TEXTS, "sort(a)"), (FLOATS, "sort(a)"), (f"{NUMBERS}\na := reverse(a)", "sort(a)"),
    (NUMBERS, "sum(a)"), (VALUES, "sum(a)"), (FLOATS, "sum(a)"),
    (NAMED, "keys(d)"), (NUMBERED, "keys(d)"), (NAMED, "values(d)"), (NUMBERED, "values(d)"), (NAMED, "items(d)"),
    (NUMBERED, "items(d)"), (NAMED, "merge({}, d)"), (f"{NAMED}\ne := [d]", 'remove(d, "k1")'),
    (NUMBERS, "map(a, to_string)"), (NUMBERS, "filter(a, is_string)"), (NUMBERS, "reduce(a, 0, max)"), (NUMBERS, "find(a, is_string)"),
    (NUMBERS, "any(a, is_string)"), (NUMBERS, "all(a, is_int)"), (VALUES, "assert_equal(a, a)"),
]  # fmt: skip


def interrupted_on_walk(text: str) -> Seen:
    from pagoda.languages.ruff.walk.limits import Limits
    from pagoda.languages.ruff.walk.run import make_state, run_program

    program, source = load(text)
    output: list[str] = []

    def write(piece: str) -> None:
        output.append(piece)
        state.interrupt()

    state = make_state(write, Limits(timeout=60))
    kind, message, *_ = outcome(lambda: run_program(program, source, output=write, state=state))
    return Seen(kind, "".join(output), message)


def interrupted_on_vm(text: str) -> Seen:
    from pagoda.languages.ruff.compile.function import compile_program
    from pagoda.languages.ruff.execute.program import LoadedProgram
    from pagoda.languages.ruff.execute.run import run_loaded
    from pagoda.languages.ruff.library.numbering import NUMBERS as BUILTINS
    from pagoda.languages.ruff.walk.limits import Limits

    tree, _ = load(text)
    output: list[str] = []

    def write(piece: str) -> None:
        output.append(piece)
        program.stop(3)

    program = LoadedProgram(compile_program(tree, BUILTINS, None), machine_code(), Limits(None, 60), write=write)
    left: list[int] = []
    kind, message, *_ = outcome(lambda: run_loaded(program, left.append))
    assert left == [0]
    return Seen(kind, "".join(output), message)


@pytest.mark.parametrize(("before", "call"), CALLS)
def test_it_stops(before: str, call: str) -> None:
    text = f'{before}\nprint("now")\nr := {call}\nprint("done")\n'
    expected = Seen("interrupt", "now\n", "Interrupted")
    assert interrupted_on_vm(text) == expected
    found = registry.get(call.partition("(")[0])
    assert found is not None
    if found.needs_context and "[1]" not in call and "5000)" not in before:  # else it is one call of Python's, or a short one
        assert interrupted_on_walk(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "range(50000000)", 'split(repeat("ab,", 20000000), ",")', 'words(repeat("ab ", 20000000))', 'lines(repeat("ab\\n", 20000000))',
        'join(range(50000000), ",")', "enumerate(range(50000000))", "chunk(range(50000000), 1)", "windows(range(10000000), 5)",
        "unique(range(50000000))",
    ],
)  # fmt: skip
def test_a_timeout_ends_it(see: Callable[..., Seen], text: str) -> None:
    seen = see(f"r := {text}\nfor i in range(10) {{ r := {text} }}", timeout=0.1, fuel=10**12)
    assert (seen.kind, seen.message) == ("timeout", "Time limit exceeded")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("windows(range(300000), 100000)", "windows() result is too large"),
        ("windows(range(300000), 9000000000000000000)", "[]"),
        ("range(50000001)", "range() result is too large"),
        ("range(-9000000000000000000, 9000000000000000000, 7)", "range() result is too large"),
        ('repeat("ab", 9000000000000000000)', "repeat() result is too large"),
        ('repeat("ab", 33554433)', "repeat() result is too large"),
        ('pad_left("a", 9000000000000000000, "x")', "pad_left() result is too large"),
        ('pad_right("a", 70000000, "ab")', "pad_right() result is too large"),
        ('replace(repeat("ab", 500000), "ab", repeat("x", 3000))', "replace() result is too large"),
        ('replace(repeat("ab", 500000), "", repeat("x", 3000))', "replace() result is too large"),
        ('replace(repeat("a", 1000000), "a", repeat("x", 2000))', "replace() result is too large"),
        ('len(replace(repeat("a", 999999) + "b", "b", repeat("x", 2000)))', "1001999"),
    ],
)
def test_sizes_are_bounded(out: Callable[..., list[str]], call: str, expected: str) -> None:
    assert out(f"try {{ print({call}) }} except e {{ print(e.message) }}") == [expected]


@pytest.mark.parametrize(
    "call",
    [
        'repeat("ab", 30000000)', 'pad_left("a", 60000000, "ab")', 'replace(s, "a", "bcdefghi")',
        'replace(s, "", "bcdefghijk")', 'replace(s, "aa", "bcdefghijklmnop")', "join(map(range(30), func (i) { return s }), s)",
        "range(40000000)", "enumerate(range(1000000))",
    ],
)  # fmt: skip
def test_the_memory_limit_holds_for_one_large_result(call: str) -> None:
    seen = run_on_vm(f's := repeat("a", 6000000)\nt := [s, {call}]\nprint(1)', memory=11_000_000)
    assert (seen.kind, seen.output) == ("memory", "")


SHOW = """
func show(x) { print(type(x), len(x), sha256(to_string(x))) }
t := repeat(unit, 600001 / len(unit)) + tail
for mark in marks { for new in ["", "-", "longer", "日"] { show(replace(t, mark, new)) } }
for mark in marks { if mark != "" { show(split(t, mark)) } }
show(words(t))
show(lines(t))
for mark in marks { show(join(slice(split(t, " "), 0, 30000), mark)) }
show(pad_left("x", 300003, unit))
show(pad_right(t, len(t) + 2, unit))
show(repeat(unit, 300007))
for part in ["zzz", tail] { print(index_of(t, part), contains(t, part)) }
show(upper(t))
show(str_reverse(t))
"""
UNITS = {
    '"a"': '["a", "aa", "aaa", "b", ""]',
    '"ab c\\r\\n"': '["b c", "\\r\\na", " ", "c\\r"]',
    '"é, 日\\n"': '["é", ", ", "日\\né", "\\n"]',
    '"          xyz"': '[" ", "  ", "   ", "zz"]',
}


@pytest.mark.parametrize("unit", UNITS)
def test_what_is_done_in_parts_is_the_same(unit: str) -> None:
    text = f'unit := {unit}\nmarks := {UNITS[unit]}\ntail := "zz 😀 end\\n"\n{SHOW}'
    walk = run_on_walk(text)
    assert walk.kind == "ok", walk
    assert run_on_vm(text) == walk


def test_long_arrays_are_copied_and_changed_in_parts() -> None:
    text = """
    func show(x) { print(len(x), x[0], x[1], x[len(x) - 1], sha256(to_string(slice(x, 65000, 66000))), sum(x)) }
    a := range(200000)
    g := concat(a, [0.5, "x"])
    for x in [a, g] {
        for y in [insert(x, 1, -5), remove_at(x, 1)[0], reverse(x), concat(x, x), concat(["y"], x), slice(x, 3, 190000), push(x, 1)] {
            show(y)
        }
        show(x)
    }
    d := {}
    for i in range(150000) { d["k" + to_string(i)] := i }
    e := merge(d, {"k7": -1})
    for i in range(150000) { e["n" + to_string(i)] := i }
    print(len(d), len(e), d["k7"], e["k7"], e["k149999"], e["n3"], sum(values(e)), sum(values(d)))
    """
    walk = run_on_walk(text, fuel=10**9)
    assert walk.kind == "ok", walk
    assert run_on_vm(text, fuel=10**9) == walk
