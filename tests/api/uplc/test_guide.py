"""The guide's page and the example do what they say."""

from __future__ import annotations

import doctest
import subprocess
import sys


def test_the_guide(root):
    page = root / "docs" / "guide" / "uplc-python.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8", report=True)
    assert (failed, tried > 30) == (0, True)


def test_the_docstring_of_the_package():
    import pagoda.uplc

    assert doctest.testmod(pagoda.uplc) == (0, 2)


def test_the_example(root):
    done = subprocess.run(
        [sys.executable, root / "examples" / "uplc" / "vesting.py"], capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("script hash: ")
    assert lines[1].endswith(", having said too early")
    assert lines[2:] == [f"at {time}: paid out for 1526387 cpu, 5758 mem, 443 lovelace" for time in (1000, 2000)]
