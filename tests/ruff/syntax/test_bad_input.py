"""Whatever the text is, parsing ends soon, with a tree or with diagnostics."""

from __future__ import annotations

import random
import sys
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pagoda.languages.ruff.syntax.parser import parse
from pagoda.languages.ruff.syntax.resolve import resolve
from pagoda.languages.ruff.syntax.tokens import KEYWORDS, PUNCTUATION
from pagoda.machine.source import Diagnostic, DiagnosticError, Source, render

PROGRAMS = [
    """struct P { x: int, y: int  func add(self, o) { return P { x: self.x + o.x, y: 0 } } func area() { return x * y } }
enum Color { Red, Green }
func* gen(n) { i := 0  loop { if i >= n { break }  yield i  i += 1 } }
for v in gen(3) { print("v ${v + "${v}"}") }
match Ok(1) { case Ok(x): { print(x) } case Color::Red(a): { a } default: { } }
""",
    """# comment
let [a, {b, ...r}, ...rest] := [1, {"b": 2, ...d}, ...xs] /* c */
export async func f(a: int, b: Result<int, Option<string>>) -> int { return await g(a) ?? b |> h(1) }
try { throw("x\\n${a}") } except e { print(e.message, a?.b, m[0][1]?) }
if !a && -b < 3.5 || c == null { m[0].x := func(q) { return q } } else if x { y() } else { spawn { z } }
test_group "g" { test_setup { s := 1 } test "t" { assert(s) } }
from a.b import c, d
""",
]


def check(text: str, seconds: float = 20) -> bool:
    """Parse and resolve; true if the text is a program. Diagnostics must be few, inside the text, and can be rendered."""
    source = Source("bad.ruff", text)
    started = time.monotonic()
    try:
        resolve(parse(source), builtins=frozenset({"print", "len"}))
        good = True
        found: list[Diagnostic] = []
    except DiagnosticError as error:
        good = False
        found = error.diagnostics
    assert time.monotonic() - started < seconds
    assert good or 1 <= len(found) <= 20
    assert len({item.span[0] for item in found}) == len(found)
    for item in found:
        assert 0 <= item.span[0] <= item.span[1] <= len(text)
        assert item.message
        assert max(map(len, render(item, source).split("\n"))) < 400
    return good


@pytest.mark.parametrize("program", PROGRAMS)
def test_whole_programs_are_good(program: str) -> None:
    assert check(program)


@pytest.mark.parametrize("program", PROGRAMS)
def test_cut_at_every_byte(program: str) -> None:
    for end in range(len(program)):
        check(program[:end])
        check(program[end:])


@pytest.mark.parametrize("seed", range(20))
def test_random_changes(seed: int) -> None:
    chance = random.Random(seed)
    pieces = [*KEYWORDS, *PUNCTUATION, '"', "${", "}", "\n", "\0", "\\", "x", "1", "'", "é", "\r", "/*"]
    for program in PROGRAMS:
        for _ in range(40):
            text = program
            for _ in range(chance.randint(1, 6)):
                place = chance.randrange(len(text))
                width = chance.choice([0, 0, 1, 5])
                text = text[:place] + chance.choice(pieces) + text[place + width :]
            check(text)


@pytest.mark.parametrize("seed", range(20))
def test_random_words(seed: int) -> None:
    chance = random.Random(seed)
    pieces = [*KEYWORDS, *PUNCTUATION, "x", "y", "1", '"s"', "2.5", "{", "}", "(", ")", "x", ":=", "\n"]
    for _ in range(20):
        check(" ".join(chance.choices(pieces, k=chance.randint(1, 300))))


@pytest.mark.filterwarnings("ignore:The recursion limit")  # the tool that makes the texts guards that limit too
@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text(text: str) -> None:
    check(text)


DEEP = 10_000
NESTS = {
    "parentheses": ("x := " + "(" * DEEP + "1" + ")" * DEEP),
    "open parentheses": "(" * DEEP,
    "brackets": "x := " + "[" * DEEP + "]" * DEEP,
    "open brackets": "[" * DEEP,
    "braces": "{" * DEEP + "}" * DEEP,
    "dicts": "x := " + '{"a": ' * DEEP + "1" + "}" * DEEP,
    "struct literals": "x := " + "A { a: " * DEEP + "1" + "}" * DEEP,
    "calls": "x := " + "f(" * DEEP + ")" * DEEP,
    "call chain": "x := f" + "()" * DEEP,
    "indexes": "x := " + "a[" * DEEP + "0" + "]" * DEEP,
    "fields": "x := a" + ".b" * DEEP,
    "tries": "x := a" + "?" * DEEP,
    "minus": "x := " + "- " * DEEP + "1",
    "not": "x := " + "!" * DEEP + "a",
    "sum": "x := 1" + " + 1" * DEEP,
    "and": "x := a" + " && a" * DEEP,
    "pipe": "x := a" + " |> f" * DEEP,
    "blocks": "if a {" * DEEP + "}" * DEEP,
    "else if": "if a {}" + " else if a {}" * DEEP,
    "else": "if a {} else {" * DEEP + "}" * DEEP,
    "loops": "loop {" * DEEP + "}" * DEEP,
    "tries with blocks": "try {" * DEEP + "} except e {}" * DEEP,
    "matches": "match x { case a: {" * DEEP + "} }" * DEEP,
    "functions": "func f() {" * DEEP + "}" * DEEP,
    "function literals": "x := " + "func() { return " * DEEP + "1" + "}" * DEEP,
    "structs": "struct A { func f() {" * DEEP + "} }" * DEEP,
    "groups": 'test_group "a" {' * DEEP + "}" * DEEP,
    "spawns": "spawn {" * DEEP + "}" * DEEP,
    "interpolations": "x := " + '"${' * DEEP + "1" + '}"' * DEEP,
    "short interpolations": "x := " + '"${' * 1000 + "1" + '}"' * 1000,
    "await": "x := " + "await " * DEEP + "1",
    "yield": "func* f() { x := " + "yield " * DEEP + "1 }",
    "throw": "throw(" * DEEP,
    "results": "x := " + "Ok(" * DEEP + "1" + ")" * DEEP,
    "tags": "x := " + "A::B(" * DEEP + "1" + ")" * DEEP,
    "types": "let x: " + "Option<" * DEEP + "int" + ">" * DEEP + " := 1",
    "field types": "struct A { x: " + "A<" * DEEP,
    "patterns": "let " + "[" * DEEP + "]" * DEEP + " := 1",
    "exports": "export " * DEEP + "x := 1",
}


@pytest.mark.parametrize("name", NESTS)
def test_ten_thousand_levels(name: str) -> None:
    assert not check(NESTS[name])


@pytest.mark.parametrize(
    "text",
    [
        "x := " + "(" * 255 + "1" + ")" * 255,
        "x := " + "-" * 250 + "1",
        "x := 1" + " + 1" * 990,
        "if a {" * 128 + "}" * 128,
        "if a {}" + " else if a {}" * 250,
        "x := " + "f(1 |> 1 ?? 1 || 1 && 1 == 1 < 1 + 1 * " * 110 + "1" + ")" * 110,
        "x := " + "func() { return " * 127 + "1" + "}" * 127,
        "x := " + '"${' * 200 + "1" + '}"' * 200,
    ],
)
def test_what_the_limits_allow_is_good(text: str) -> None:
    assert check(text)


@pytest.mark.parametrize("text", [NESTS["functions"], "x := " + "(" * 255 + "1" + ")" * 255, PROGRAMS[0]])
def test_a_deep_caller_changes_nothing(text: str) -> None:
    def deeper(levels: int) -> bool:
        return check(text) if levels == 0 else deeper(levels - 1)

    assert deeper(sys.getrecursionlimit() - 300) == check(text)


def test_in_a_thread() -> None:
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(check("x := " + "(" * 255 + "1" + ")" * 255)))
    thread.start()
    thread.join()
    assert results == [True]


@pytest.mark.parametrize(
    "unit",
    [
        "x := 1; ",
        "f(x) ",
        "( ",
        "[ ",
        "{ ",
        "] ",
        "} ",
        '"a" ',
        '"',
        "/* ",
        "@ ",
        "1 + ",
        "if a { ",
        "let ",
        "x := [1] ",
        "elif ( ",
        "a.",
    ],
)
def test_a_line_of_a_megabyte(unit: str) -> None:
    check(unit * (1_048_576 // len(unit)), seconds=60)
