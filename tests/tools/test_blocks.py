"""``pagoda test FILE``: test blocks with setup, teardown and groups, on every storey: what they see, print, and report."""

from __future__ import annotations

import json

import pytest

from pagoda.tools import exits

BLOCKS = """
func double(x) { return x * 2 }
struct P { x: int func get(self) { return self.x } }
enum E { A }
mut ignored := 1
print("top level")
test_setup { x := 1; let base := [1, 2]; func helper() { return "h" } }
test_teardown { print("down", x) }
test "sees" { assert_equal(double(x), 2); assert_equal(base[1], 2); print(helper(), (P { x: 3 }).get(), E::A); x := 7 }
test "is fresh" { assert_equal(x, 1) }
test "fails" {
    assert_equal(1, 2)
}
test "returns" { if x == 1 { return } assert(false) }
test "leaves" { Err(1)?; assert(false) }
test "does not see" { print(ignored) }
test_group "group" {
    func inner() { return "inner" }
    test "in a group" { print(inner()) }
    test_group "deeper" { test "deep" { func inner() { return "own" } print(inner(), double(4)) } }
}
test "not in the group" { print(inner()) }
"""

PRINTED = ["h 3 E::A", "down 7", "down 1", "down 1", "down 1", "inner", "down 1", "own 8", "down 1"]
"""What the blocks print: the teardown runs after those that pass, ``return`` or not."""

FAILED = {
    "fails": "Assertion failed: expected Int(2), got Int(1)",
    "does not see": "Undefined variable: ignored",
    "not in the group": "Undefined variable: inner",
}
PASSED = ["sees", "is fresh", "returns", "leaves", "in a group", "deep"]


@pytest.mark.parametrize("storey", ["walk", "vm"])
def test_text(pagoda, write, storey):
    write("a.ruff", BLOCKS)
    done = pagoda("test", "a.ruff", "--tier", storey)
    lines = done.stdout.splitlines()
    assert lines[: len(PRINTED)] == PRINTED
    assert [line for line in lines if line.startswith("FAILED")] == [f"FAILED {storey} {name}" for name in FAILED]
    for message in FAILED.values():
        assert f"    [RUFRUN001] [{storey}] Runtime Error: {message}" in lines
    assert any(line.endswith("--> a.ruff:12:5") for line in lines)
    assert lines[-1] == f"{storey}: 6 passed, 3 failed, 0 skipped"
    assert (done.returncode, done.stderr) == (exits.GUEST_ERROR, "")


@pytest.mark.parametrize("storey", ["walk", "vm"])
def test_json(pagoda, write, storey):
    write("a.ruff", BLOCKS)
    done = pagoda("test", "a.ruff", "--tier", storey, "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(row["case"] for row in rows if row["status"] == "passed") == sorted(PASSED)
    assert [row["case"] for row in rows if row["status"] == "failed"] == list(FAILED)
    for row in rows:
        assert row["storey"] == storey
        assert FAILED.get(row["case"], "") in row["reason"]
        assert bool(row["reason"]) == (row["status"] == "failed")
    # JSON has stdout to itself.
    assert done.stderr.splitlines() == [*PRINTED, f"{storey}: 6 passed, 3 failed, 0 skipped"]


def test_every_storey_when_none_is_named(pagoda, write):
    write("a.ruff", 'test "t" { assert(1 == 1) }')
    done = pagoda("test", "a.ruff")
    assert done.stdout.splitlines() == ["walk: 1 passed, 0 failed, 0 skipped", "vm: 1 passed, 0 failed, 0 skipped"]
    assert done.returncode == exits.OK


@pytest.mark.parametrize("storey", ["walk", "vm"])
@pytest.mark.parametrize(
    ("text", "counts", "reason"),
    [
        ('test_setup { a := 1 } test_setup { a := 2 } test "t" { assert_equal(a, 2) }', "1 passed, 0 failed", ""),
        ('test_teardown { print("must not be seen") } test_teardown { throw("x") } test "t" { }', "1 passed, 0 failed", ""),
        ('test_setup { throw("in setup") } test "t" { print("must not be seen") }', "0 passed, 1 failed", "in setup"),
        ('test "t" { throw("x") } test_teardown { print("must not be seen") }', "0 passed, 1 failed", "Runtime Error: x"),
        ('test "t" { exit(0) }', "0 passed, 1 failed", "ended with exit 0"),
        ('test "t" { exit(3) }', "0 passed, 1 failed", "ended with exit 3"),
        ('test "same" { } test "same" { throw("second") }', "1 passed, 1 failed", "second"),
        ('test "t" { let x := 1; x := 2 }', "0 passed, 1 failed", "Cannot reassign immutable let binding: x"),
        ('test "t" { while true { } }', "0 passed, 1 failed", "exceeded"),
        ('test "" { } test "é😀" { }', "2 passed, 0 failed", ""),
        ("test_setup { mut n := 0; func up() { n += 1; return n } } test \"t\" { up(); assert_equal([up(), n], [2, 2]) }",
         "1 passed, 0 failed", ""),
    ],
)  # fmt: skip
def test_rules(pagoda, write, storey, text, counts, reason):
    write("a.ruff", text)
    done = pagoda("test", "a.ruff", "--tier", storey, "--timeout", "2")
    assert done.stdout.splitlines()[-1] == f"{storey}: {counts}, 0 skipped"
    assert reason in done.stdout
    assert "must not be seen" not in done.stdout.splitlines()


def test_a_test_uses_the_files_beside_it(pagoda, write):
    write("m.ruff", "export func three() { return 3 }")
    write("a.ruff", 'import m\ntest "t" { assert_equal(three(), 3) }')
    done = pagoda("test", "a.ruff", "--tier", "walk")
    assert done.stdout == "walk: 1 passed, 0 failed, 0 skipped\n"


def test_what_is_not_a_test_file(pagoda, write):
    write("none.ruff", "print(1)\ntest_setup { }")
    done = pagoda("test", "none.ruff")
    assert done.returncode == exits.USAGE
    assert "no test blocks" in done.stderr
    write("broken.ruff", 'test "t" { let }')
    done = pagoda("test", "broken.ruff")
    assert done.returncode == exits.MALFORMED
    assert "broken.ruff:1:" in done.stderr


@pytest.mark.parametrize("storey", ["walk", "vm"])
@pytest.mark.parametrize(
    ("flags", "passed"),
    [
        ([], 2),
        (["--untrusted"], 0),
        (["--untrusted", "--allow-fs-read=data"], 1),
        (["--allow-fs-read", "--allow-env-read"], 2),
        (["--deny-env-read"], 1),
    ],
)
def test_capabilities(pagoda, write, storey, flags, passed):
    write("data/note.txt", "x")
    write("a.ruff", 'test "reads" { assert_equal(read_file("data/note.txt"), "x") }\ntest "asks" { env("HOME") }')
    done = pagoda("test", "a.ruff", "--tier", storey, *flags)
    assert done.stdout.splitlines()[-1] == f"{storey}: {passed} passed, {2 - passed} failed, 0 skipped"
    assert done.stdout.count("Capability denied") == 2 - passed


def test_run_leaves_test_blocks_alone(pagoda, write):
    blocks = 'test_setup { print("no") } test "t" { print("no") } test_group "g" { test "u" { print("no") } }'
    write("a.ruff", f'{blocks} print("yes")')
    for storey in ("walk", "vm"):
        assert pagoda("run", "--tier", storey, "a.ruff").stdout == "yes\n"
