"""A warm start imports what it needs and nothing else. Which modules those are decides what a start costs, so they are named.

Who fails this test by adding an import to a module of the warm path: import it in the function that needs it, or, where only
annotations need it, under ``if TYPE_CHECKING`` (docs/decisions/0005-start-up.md).
"""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Costly, and without use for a program that is compiled from bytecode files and runs on machine code from the cache.
NEVER = {
    "argparse", "ast", "click", "concurrent.futures", "contextlib", "dataclasses", "dis", "hashlib", "importlib.metadata",
    "importlib.util", "inspect", "json", "linecache", "llvmlite", "logging", "pathlib", "pickle", "pkgutil", "platform",
    "prompt_toolkit", "pygments", "random", "rich", "shutil", "subprocess", "tempfile", "textwrap", "threading", "tokenize",
    "traceback", "typing", "weakref",
}  # fmt: skip
#: The tree walker's own thread needs these.
WALKER_HAS = {"threading", "weakref"}

#: Definitions in typed Python, and what turns them into code.
UNREAD = (
    "pagoda.languages.ruff.bridge", "pagoda.languages.ruff.ops", "pagoda.machine.context", "pagoda.machine.frames",
    "pagoda.machine.interpreter", "pagoda.machine.values", "pagoda.machine.verbs", "pagoda.native.functions",
    "pagoda.native.intrinsics", "pagoda.native.lower", "pagoda.native.types", "pagoda.native.unit", "pagoda.runtime.heap",
    "pagoda.runtime.pairs", "pagoda.runtime.strings",
)  # fmt: skip

PROGRAM = """
struct Point { x: int, y: int
    func sum(self) { return self.x + self.y } }
func twice(n) { return n * 2 }
total := 0
for i in [1, 2, 3] { total := total + twice(i) }
p := Point { x: total, y: 1 }
try { throw("no") } except problem { total := 0 }
print("${p.sum()} ${total}")
"""

CHILD = """
from pagoda.__main__ import execute
code = execute(sys.argv[1:])
print("\\n", code, *sys.modules)
"""


def modules_of(*words: object) -> set[str]:
    """The modules in a fresh interpreter after a command line has run there."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{CHILD}", *map(str, words)],
        capture_output=True, encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    code, *names = done.stdout.splitlines()[-1].split()
    assert code == "0", done.stderr
    return set(names)


@pytest.fixture
def program(write):
    return write("a.ruff", PROGRAM)


def test_a_warm_run_imports_only_what_it_needs(program, pagoda):
    warming = pagoda("run", "--tier", "vm", program, timeout=300)
    assert (warming.returncode, warming.stdout) == (0, "13 0\n")
    names = modules_of("run", "--tier", "vm", program)
    assert not names & NEVER
    assert not [name for name in names if name.startswith(UNREAD)]


def test_the_walker_imports_only_what_it_needs(program):
    names = modules_of("run", "--tier", "walk", program)
    assert not names & (NEVER - WALKER_HAS)
    assert not [name for name in names if name.startswith((*UNREAD, "pagoda.native", "ctypes"))]


def test_the_version_needs_next_to_nothing():
    names = modules_of("--version")
    assert not names & (NEVER | {"re", "enum", "functools", "collections", "ctypes"})
    assert not [name for name in names if name.startswith(("pagoda.languages", "pagoda.machine", "pagoda.native"))]
