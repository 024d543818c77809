"""The programs in ``examples`` print what they should on every storey, are laid out by ``pagoda fmt``, and have no warnings.

So are the programs of the guide's pages on modules and tasks.
"""

from __future__ import annotations

import re

import pytest

STOREYS = ["walk", "vm"]
TEXT = "The cat sat.\nThe dog — the old dog — didn't.\n\nÉté, été!\n"


@pytest.fixture
def folder(root):
    """The examples of Ruff."""
    return root / "examples" / "ruff"


def test_expected_outputs(pagoda, folder):
    done = pagoda("test", folder, "--timeout", "60", "--jobs", "1", timeout=300)
    programs = {path.stem for path in folder.glob("*.ruff")}
    with_output = {path.stem for path in folder.glob("*.out")}
    assert programs - with_output == {"statistics", "word_count"}  # a module; a program that needs arguments
    count = len(with_output)
    counts = [f"{storey}: {count} passed, 0 failed, 0 skipped" for storey in STOREYS]
    assert (done.stdout.splitlines(), done.returncode) == (counts, 0)


def test_layout_and_warnings(pagoda, folder):
    assert pagoda("fmt", "--check", "--diff", folder).stdout == ""
    for program in folder.glob("*.ruff"):
        done = pagoda("check", "--strict", program)
        assert (done.returncode, done.stderr) == (0, ""), program.name


@pytest.mark.parametrize("name", ["bank", "calculator"])
def test_blocks(pagoda, folder, name):
    assert pagoda("test", folder / f"{name}.ruff", "--untrusted").returncode == 0


@pytest.mark.parametrize("storey", STOREYS)
def test_counting_words(pagoda, write, folder, storey):
    write("a.txt", TEXT)
    run = ["run", "--tier", storey, "--untrusted", "--allow-fs-read=a.txt", folder / "word_count.ruff"]
    done = pagoda(*run, "a.txt", "3")
    counted = ["4 lines, 11 words, 7 different", "     3 the", "     2 dog", "     2 été"]
    assert (done.stdout.splitlines(), done.returncode) == (counted, 0)
    assert len(pagoda(*run, "a.txt").stdout.splitlines()) == 8
    for arguments, code, message in (
        ((), 2, "usage: "),
        (("a.txt", "1", "2"), 2, "usage: "),
        (("a.txt", "x"), 1, "word_count: Cannot parse 'x'"),
        (("b.txt",), 1, "word_count: Capability denied: filesystem-read"),
    ):
        done = pagoda(*run, *arguments)
        assert (done.returncode, done.stdout) == (code, "")
        assert done.stderr.startswith(message)


@pytest.mark.parametrize("storey", STOREYS)
@pytest.mark.parametrize("page", ["modules", "concurrency"])
def test_programs_of_the_guide(pagoda, root, write, page, storey):
    text = (root / "docs" / "guide" / f"{page}.md").read_text(encoding="utf-8")
    for number, block in enumerate(re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)):
        if block.startswith("["):  # an error as it is shown
            continue
        named = re.match(r"# (\w+\.ruff)\n", block)
        program = write(named[1] if named else f"{page}{number}.ruff", block)
        comments = re.findall(r"^ *print\(.*\) +# (.*)$", block, re.MULTILINE)
        expected = [re.split(r", after \d+ ms$", comment)[0] for comment in comments]
        done = pagoda("run", "--tier", storey, program.name)
        assert (done.stdout.splitlines(), done.stderr) == (expected, ""), block
