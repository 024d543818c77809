"""The constants and layouts of typed Python that this storey's Python side needs, without importing the definitions.

``from pagoda.languages.uplc.execute.recalled import values, build`` gives what stands for those modules
(:mod:`pagoda.machine.recall`): their constants, stored once per version of the sources. Where nothing can be stored they are
read from the definitions each time.
"""

from __future__ import annotations

import marshal

from pagoda.languages.uplc.execute.machine_code import state
from pagoda.machine.recall import Recall
from pagoda.native.cache import Cache, make_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.compile import build, stubs
    from pagoda.languages.uplc.natives import values
    from pagoda.languages.uplc.ops import model
    from pagoda.languages.uplc.read import nodes
    from pagoda.machine import context

_MODULES = {
    "values": "pagoda.languages.uplc.natives.values",
    "model": "pagoda.languages.uplc.ops.model",
    "nodes": "pagoda.languages.uplc.read.nodes",
    "build": "pagoda.languages.uplc.compile.build",
    "stubs": "pagoda.languages.uplc.compile.stubs",
    "context": "pagoda.machine.context",
}

_recall: list[Recall] = []


def remembered(name: str, make: Callable[[], Any]) -> Any:
    """What ``make`` gives, plain data that follows from the sources: made once per version of them, and stored."""
    cache, key = Cache(), make_key([f"{name} of uplc", state()])
    entry = cache.get(key)
    if entry is not None:
        return marshal.loads(entry.object)
    made = make()
    cache.put(key, marshal.dumps(made))
    return made


def recall() -> Recall:
    """What is remembered of the definitions: ``layouts`` has the structs that Python and native code share."""
    if not _recall:
        _recall.append(Recall(remembered("facts", _facts)))
    return _recall[0]


def _facts() -> dict[str, Any]:
    from pagoda.languages.uplc.execute.entries import STRUCTS
    from pagoda.languages.uplc.ops.table import MODEL, TABLE
    from pagoda.machine.recall import remember

    return remember(MODEL, TABLE, _MODULES, STRUCTS)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return recall().module(name)


__all__ = ["build", "context", "model", "nodes", "recall", "remembered", "stubs", "values"]
