"""The machine code of Ruff's ``vm`` storey: the interpreter and all native functions it reaches, as one cached image."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import pagoda
from pagoda.languages.announcing import announce
from pagoda.native.cache import Cache
from pagoda.native.image import Image, cached_image

# What Python calls by name, beside what the interpreter imports.
ENTRIES = ("start", "call_guest", "show_value", "release_value", "release_globals", "start_task", "retain_row")


def texts() -> Sequence[Callable[[], str]]:
    """The LLVM texts of the image: the library of native functions, then the interpreter."""
    from pagoda.languages.ruff import bridge, natives
    from pagoda.languages.ruff.ops import generators, slow
    from pagoda.languages.ruff.ops.model import overflow
    from pagoda.languages.ruff.ops.table import MODEL, TABLE
    from pagoda.machine.interpreter import InterpreterBuilder
    from pagoda.native.unit import Unit
    from pagoda.runtime import heap, structs

    interpreter = InterpreterBuilder(MODEL, TABLE, overflow).build()
    library = Unit("ruff.library", whole=True)
    for function in interpreter.imports.values():
        library.define(function)
    for name in ENTRIES:
        library.define(getattr(bridge, name))
    for function in (generators.next_for_python, slow.release_row):
        library.define(function)
    for function in (heap.heap_new, heap.heap_destroy, structs.shape_find):
        library.define(function)
    for function in natives.NATIVES.values():
        library.define(function)
    return [library.render, interpreter.render]


def sources() -> list[str]:
    """Everything that shapes the code."""
    root = os.path.dirname(pagoda.__file__)
    ruff = os.path.join(root, "languages", "ruff")
    return [os.path.join(root, part) for part in ("native", "machine", "runtime")] + [
        *(os.path.join(ruff, part) for part in ("ops", "operations.py", "bridge.py", "natives")), __file__,
    ]  # fmt: skip


_state: list[str] = []


def state() -> str:
    """A hash of :func:`sources`, taken once."""
    if not _state:
        _state.append(Cache().source_hash(sources()))
    return _state[0]


def image() -> Image:
    """The loaded image; built first if this version of the sources has none yet."""
    return cached_image("ruff", state(), texts, announce=announce)
