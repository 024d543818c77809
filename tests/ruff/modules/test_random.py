"""Random programs as modules: every storey shows the same, whoever runs them and however they fail."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ..differential.programs import program
from ..storeys import Seen
from .conftest import Folder

DEFINITION = re.compile(r"^(?=func|async func|struct |let |const |mut )", re.MULTILINE)
OTHERS = 50_000  # seeds of the second module


@pytest.mark.parametrize("seed", range(24))
def test_random_modules(folder: Folder, see: Callable[..., Seen], seed: int) -> None:
    module = DEFINITION.sub("export ", program(seed))
    folder.write(m=module, n="import m\n" + program(OTHERS + seed))
    calls = "\n".join(
        f"try {{ print({call}) }} except e {{ print(e.message, e.stack) }}"
        for name in re.findall(r"^export func (\w+)\(", module, re.MULTILINE)[:4]
        for call in (f"{name}()", f"m.{name}(1, 2)")
    )
    see(f"try {{ import m }} except e {{ print(e.message, e.stack) }}\n{calls}\nfunc go() {{ import n }}\ngo()\n{calls}", fuel=300_000)
