"""The machine code of UPLC's ``vm`` storey: readers, compiler, native builtins and the interpreter, as one cached image."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import pagoda
from pagoda.languages.announcing import announce
from pagoda.native.cache import Cache
from pagoda.native.image import Image, cached_image

PREFIX = "languages.uplc."


def texts() -> Sequence[Callable[[], str]]:
    """The LLVM texts of the image: the library of native functions, then the interpreter."""
    from pagoda.languages.uplc.compile.compiler import compile_nodes
    from pagoda.languages.uplc.execute.entries import ENTRIES
    from pagoda.languages.uplc.natives.builtins import NATIVES
    from pagoda.languages.uplc.ops.model import overflow
    from pagoda.languages.uplc.ops.table import MODEL, TABLE
    from pagoda.languages.uplc.read.data import read_data
    from pagoda.languages.uplc.read.flat import read_program
    from pagoda.machine.interpreter import InterpreterBuilder
    from pagoda.native.unit import Unit

    interpreter = InterpreterBuilder(MODEL, TABLE, overflow).build()
    library = Unit("uplc.library", whole=True)
    for function in (*interpreter.imports.values(), *ENTRIES, compile_nodes, read_program, read_data, *NATIVES.values()):
        library.define(function)
    return [library.render, interpreter.render]


def sources() -> list[str]:
    """Everything that shapes the code."""
    root = os.path.dirname(pagoda.__file__)
    uplc = os.path.join(root, "languages", "uplc")
    shared = [os.path.join(root, room) for room in ("native", "machine")]
    own = ("ops", "natives", "read", "compile", "costs", "builtins", "encoding")
    execute = [os.path.join(uplc, "execute", name) for name in ("entries.py", "machine_code.py", "recalled.py")]
    constants = [os.path.join(uplc, name) for name in ("types.py", os.path.join("walk", "budget.py"))]
    return [*shared, *(os.path.join(uplc, room) for room in own), *constants, *execute]


_state: list[str] = []
_image: list[Image] = []


def state() -> str:
    """A hash of :func:`sources`, taken once."""
    if not _state:
        _state.append(Cache().source_hash(sources()))
    return _state[0]


def image() -> Image:
    """The loaded image; built first if this version of the sources has none yet. The same one each time."""
    if not _image:
        _image.append(cached_image("uplc", state(), texts, announce=announce))
    return _image[0]


def unavailable() -> str | None:
    """Why there is no machine code on this machine, ``None`` where there is."""
    from pagoda.native.loader import LoadError

    try:
        image()
    except (ImportError, LoadError, OSError) as problem:
        return str(problem)
    return None
