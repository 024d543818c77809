"""Importing the builtins and their costs brings in nothing that a script may not need."""

from __future__ import annotations

import subprocess
import sys

UNWANTED = ("coincurve", "nacl", "pyblst", "Crypto", "hashlib", "dataclasses", "enum", "inspect", "re", "typing", "functools")


def test_importing_is_cheap():
    program = (
        "import sys; import pagoda.languages.uplc.builtins.semantics, pagoda.languages.uplc.costs.model;"
        "from pagoda.languages.uplc.costs.model import default_model; default_model('E').cost_of[0];"
        f"print([name for name in {UNWANTED!r} if name in sys.modules])"
    )
    # Without site, whose .pth files may import much of their own accord.
    found = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {program}"], capture_output=True, text=True
    )
    assert (found.stdout, found.stderr) == ("[]\n", "")
