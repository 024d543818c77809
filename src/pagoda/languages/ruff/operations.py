"""Ruff's operations as the compiler and the loader name them: ``from pagoda.languages.ruff.operations import control, data``.

The names are those of the modules in ``ops``, where the operations are defined; what stands for a module here was
remembered from it
(:mod:`pagoda.machine.recall`), so that a run does not import the definitions. Remembering costs what importing does, once per
version of the sources; where nothing can be stored, it is done each time.
"""

from __future__ import annotations

import marshal

from pagoda.languages.ruff.execute.machine_code import state
from pagoda.machine.recall import Recall
from pagoda.native.cache import Cache, make_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.ruff.ops import arithmetic, comparison, control, data, generators, loops, model, slow
    from pagoda.machine import context

#: The modules that can be named, and where their definitions are.
_DEFINED = ("arithmetic", "comparison", "control", "data", "generators", "loops", "model", "slow")
_MODULES = {name: f"pagoda.languages.ruff.ops.{name}" for name in _DEFINED}
_MODULES["context"] = "pagoda.machine.context"

_recall: list[Recall] = []


def recall() -> Recall:
    """What is remembered of the operations."""
    if not _recall:
        cache, key = Cache(), make_key(["operations of ruff", state()])
        entry = cache.get(key)
        if entry is None:
            facts = _remember()
            cache.put(key, marshal.dumps(facts))
        else:
            facts = marshal.loads(entry.object)
        _recall.append(Recall(facts))
    return _recall[0]


def _remember() -> dict[str, Any]:
    from pagoda.languages.ruff.ops.model import RuffContext
    from pagoda.languages.ruff.ops.table import MODEL, TABLE
    from pagoda.machine.context import Code
    from pagoda.machine.recall import remember
    from pagoda.runtime.heap import Heap
    from pagoda.runtime.structs import Shape

    return remember(MODEL, TABLE, _MODULES, (RuffContext, Code, Heap, Shape))


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return recall().module(name)


__all__ = ["arithmetic", "comparison", "context", "control", "data", "generators", "loops", "model", "recall", "slow"]
