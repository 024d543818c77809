"""``pagoda explain``: every part of what becomes of a function, for functions, methods and lambdas; and what it refuses."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from pagoda.tools import exits
from pagoda.tools.explain import code

PROGRAM = """struct Point {
    x: int
    func scaled(self, k) { return self.x * k }
}

func half(n) {
    return n / 2.0
}

func outer(n) {
    return half(n) + 1.5
}

func never(a) { return a }

twice := func(n) { return n * 2 }
p := Point { x: 3 }
total := 0.0
for i in 50 { total := total + outer(i + 0.5) + twice(i) + p.scaled(i) }
print("seen by nobody", total)
"""


@pytest.fixture
def explain(pagoda, write):
    """Runs ``pagoda explain`` on the program, each function compiled at its fourth call."""
    write("a.ruff", PROGRAM)

    def run(function="", *words, **environment):
        return pagoda("explain", f"a.ruff{function}", "--tier-threshold", "4", *words, **environment)

    return run


def sections(text):
    """The parts of the only function shown, by name."""
    title, *parts = text.split("\n-- ")
    return {"title": title.strip(), **dict(part.split("\n", 1) for part in parts)}


def test_all_parts_of_a_function(explain):
    done = explain(":outer")
    assert (done.returncode, done.stderr) == (0, "")
    assert "seen by nobody" not in done.stdout
    shown = sections(done.stdout)
    assert list(shown) == ["title", "source", "bytecode", "assumptions", "ir", "assembly"]
    assert shown["title"] == "== outer (a.ruff:10): compiled"
    assert shown["source"].splitlines()[:3] == ["  10 | func outer(n) {", "  11 |     return half(n) + 1.5", "  12 | }"]
    assert re.search(r"^ +\d+  add\S* .*noted: float$", shown["bytecode"], re.MULTILINE)
    assumed = shown["assumptions"].splitlines()
    assert "parameter n: float" in assumed
    assert any(re.fullmatch(r"call at \d+: enters half", line) for line in assumed)
    assert "compiled together with: half" in assumed
    assert re.search(r'^define .*code\.0\.outer"\(', shown["ir"], re.MULTILINE)
    assert "half(n)" in shown["ir"]  # the comments say which line a block is of
    assert "code.1.half" not in re.findall(r"^define .*", shown["ir"], re.MULTILINE)
    assert re.search(r"^\t(ret|b|jmp)", shown["assembly"], re.MULTILINE)
    assert ".loc" not in shown["assembly"]
    assert "\t# " in shown["assembly"]


def test_all_that_is_hot(explain):
    done = explain("", "--show", "assumptions")
    titles = re.findall(r"^== (.*)", done.stdout, re.MULTILINE)
    assert sorted(titles) == [
        "<lambda> (a.ruff:16): compiled",
        "Point.scaled (a.ruff:3): compiled",
        "half (a.ruff:6): compiled together with outer",
        "outer (a.ruff:10): compiled",
    ]
    assert "-- source" not in done.stdout


@pytest.mark.parametrize(
    ("function", "title"),
    [
        (":Point.scaled", "Point.scaled (a.ruff:3): compiled"),
        (":scaled", "Point.scaled (a.ruff:3): compiled"),
        (":lambda", "<lambda> (a.ruff:16): compiled"),
        (":<lambda>:16", "<lambda> (a.ruff:16): compiled"),
        (":16", "<lambda> (a.ruff:16): compiled"),
        (":never", "never (a.ruff:14): was not hot; what it would be compiled to now"),
    ],
)
def test_ways_to_name_a_function(explain, function, title):
    done = explain(function, "--show", "source,ir")
    assert done.returncode == 0, done.stderr
    shown = sections(done.stdout)
    assert list(shown) == ["title", "source", "ir"]
    assert shown["title"] == f"== {title}"
    assert "define " in shown["ir"]


def test_optimised_text(explain):
    raw, optimised = (sections(explain(":outer", "--show", "ir", "--ir", stage).stdout)["ir"] for stage in ("raw", "optimised"))
    assert "local_unnamed_addr" in optimised
    assert "local_unnamed_addr" not in raw
    assert "!dbg" not in optimised


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([":ouster"], "no function 'ouster' in a.ruff; did you mean 'outer'?"),
        ([":scaled:99"], "no function 'scaled:99'"),
        ([":q"], "there is: <lambda>, <main>, Point.scaled, half, never, outer"),
        (["", "--show", "everything"], "--show knows no 'everything'"),
        (["", "--ir", "best"], "'best' is not one of raw, optimised"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage(explain, words, said):
    done = explain(*words)
    assert done.returncode == exits.USAGE
    assert said in done.stderr
    assert done.stdout == ""


def test_a_program_that_fails_or_does_not_end(pagoda, write):
    write("bad.ruff", 'func f(n) { if n > 20 { throw("no") }\n return n }\nfor i in 100 { f(i) }\n')
    done = pagoda("explain", "bad.ruff:f", "--show", "assumptions", "--tier-threshold", "4")
    assert done.returncode == exits.GUEST_ERROR
    assert "parameter n: int" in done.stdout
    assert "Runtime Error: no" in done.stderr
    write("endless.ruff", "func f(n) { return n }\nwhile true { f(1) }\n")
    done = pagoda("explain", "endless.ruff:f", "--show", "assumptions", "--fuel", "1000", "--tier-threshold", "4")
    assert done.returncode == 0
    assert "parameter n: int" in done.stdout
    assert "Fuel limit" in done.stderr
    write("malformed.ruff", "x := (\n")
    assert pagoda("explain", "malformed.ruff").returncode == exits.MALFORMED


def test_arguments_go_to_the_program(pagoda, write):
    write("a.ruff", "func f(n) { return n }\nfor i in parse_int(args()[0]) { f(i) }\n")
    hot = pagoda("explain", "a.ruff", "--tier-threshold", "4", "--show", "assumptions", "20")
    assert "f (a.ruff:1): compiled" in hot.stdout
    cold = pagoda("explain", "a.ruff", "--tier-threshold", "4", "--show", "assumptions", "2")
    assert cold.stdout.startswith("No function was hot")


def test_where_code_was_left(pagoda, write):
    write("a.ruff", "func f(row) { return row[0] + 1 }\nfor i in 50 { f([0.5]) }\nfor i in 70 { f([1]) }\n")
    shown = sections(pagoda("explain", "a.ruff:f", "--tier-threshold", "4", "--show", "bytecode,assumptions").stdout)
    assert re.search(r"^result of \d+ \(index_get\): float$", shown["assumptions"], re.MULTILINE)
    assert shown["bytecode"].count(", left 70 times") == 1


def test_a_language_that_opt_does_not_compile(pagoda, root):
    done = pagoda("explain", root / "examples/uplc/primes.uplc")
    assert done.returncode == 0, done.stderr
    shown = sections(done.stdout)
    assert list(shown) == ["title", "source", "bytecode"]
    assert shown["title"].endswith("uplc, which opt does not compile")
    assert shown["source"].startswith("(program 1.1.0")
    done = pagoda("explain", f"{root / 'examples/uplc/primes.uplc'}:prime")
    assert done.returncode == exits.USAGE


def test_nothing_of_it_is_cached(write, tmp_path):
    write("a.ruff", PROGRAM)
    script = (
        "import sys; from pagoda.machine.promotion import jobs; from pagoda.__main__ import execute\n"
        "jobs.Cache = lambda: print('the cache is asked')\n"
        "sys.exit(execute(['explain', 'a.ruff:half', '--tier-threshold', '4', '--show', 'source']))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert done.stdout.startswith("== half (a.ruff:6): compiled")
    assert "the cache is asked" not in done.stdout


def test_line_numbers_change_no_code():
    text = 'define i64 @"f"(i64 %a) {\nentry:\n  br label %at3.\nat3.:\n  %b = add i64 %a, 1\n  ret i64 %b\n}\n'
    told = code.with_lines(text, ["f"])
    assert re.search(r"%b = add i64 %a, 1, !dbg !(\d+)", told)
    assert "column: 4" in told

    def instructions(made):
        return re.findall(r"^\t[a-z]\w+\b.*", code._assembled(made, 2), re.MULTILINE)

    assert instructions(told) == instructions(text)
