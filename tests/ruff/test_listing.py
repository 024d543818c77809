"""``pagoda dis``: listings name globals, builtins, fields, methods, tags, shapes, imports and functions; nothing shows an address."""

from __future__ import annotations

import re

import pytest

PROGRAM = """
import helpers
from helpers import one, two
struct Point {
    x: int
    y: int
    func norm(self) { return self.x * self.x + self.y * self.y }
}
enum Shade { Dark, Light }
func* numbers(n) { for i in n { yield i } }
async func later(text) { await async_sleep(1)  return "é\\n" + text }
let ch := channel()
spawn { ch.send(Point { x: 1, y: 2 }) }
func counter(n) { return func() { n += 1  return n } }
mut board := {"k": [ch.receive()]}
board["k"][0].x := 5
print(board["k"][0].norm(), PI, 0.5, true, null)
match Shade::Light(3) { case Shade::Light(n): { print(n) } default: { print(Ok(2)) } }
for v in numbers(3) { print(await later("${v}")) }
"""


@pytest.fixture
def listing(pagoda, write):
    write("p.ruff", PROGRAM)
    done = pagoda("dis", "p.ruff")
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


NAMES = [
    "= import helpers",
    "= from helpers import one, two",
    "= definition of struct Point",
    "= struct Point { x, y }",
    "= function numbers",
    "= function <spawn>",
    "= code of <lambda>, which captures n",
    "c0 is n",
    '= "é\\n"',
    "= null",
    "is Shade::Light",
    "is Point.norm",
    "is norm",
    "is x",
    "is send",
    "is channel",
    "is async_sleep",
    "is ch",
    "is steps 2 by field",
    "function 'Point.norm'",
    "function '<lambda>'",
    ";   10 | func* numbers(n) { for i in n { yield i } }",
]


def test_things_have_names(listing):
    for name in NAMES:
        assert re.search(re.escape(name) + r"(?![\w])", listing), name


def test_nothing_shows_how_it_is_kept(listing):
    assert not re.search(r"0x[0-9a-f]{6}|Ref\(|object at|pagoda\.", listing)
    assert not re.search(r"\w  +@\d", re.sub(r"(?m)^ *\d+  \S+ +", "", listing))


def test_a_source_line_stands_once_for_its_function(listing):
    main = listing.split("\n\nfunction ")[0]
    assert len([line for line in main.splitlines() if line.startswith(";")]) == 13
    for part in listing.split("\n\nfunction ")[1:]:
        lines = [line for line in part.splitlines() if line.startswith(";")]
        assert len(lines) == len(set(lines)) >= 1, part
