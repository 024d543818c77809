"""A script in bytes that succeeds is run by machine code alone: what makes it is not imported, Python decodes nothing."""

from __future__ import annotations

import subprocess
import sys

from uplc.execute.both import flat

RUN = """
import sys
from pagoda.__main__ import execute
code = execute(sys.argv[1:])
prefix = "pagoda.languages.uplc."
unwanted = ("ops.model", "ops.table", "natives.values", "compile.compiler", "read.flat", "execute.entries", "walk.machine",
    "encoding.flat")
loaded = [name for name in unwanted if prefix + name in sys.modules]
loaded += [name for name in ("llvmlite", "pagoda.native.lower", "pagoda.machine.interpreter") if name in sys.modules]
print(code, *loaded)
"""


def test_a_warm_run_imports_no_definitions(tmp_path):
    (tmp_path / "s.flat").write_bytes(flat("(lam d [(lam x (con unit ())) [(builtin unIData) d]])"))
    for words in ([], ["--ledger", "V3"]):
        for _ in range(2):  # the first one may have to make the machine code
            command = [sys.executable, "-c", RUN, "run", "--tier", "vm", *words, str(tmp_path / "s.flat"), "182a"]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)
        assert (done.stdout, done.stderr) == ("(con unit ())\n0\n", "")
