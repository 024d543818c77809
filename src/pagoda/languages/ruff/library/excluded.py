"""Builtins of the reference that this implementation leaves out. Each is defined, and using it is a catchable error.

What must hold: every name that is left out has a reason in :data:`REASONS`, which ``pagoda doctor --builtins`` prints. Those
that do a part of their work have a module of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.registry import builtin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_IMAGES = "images are not part of this implementation"
_SERVERS = "a server and its routes can be described, but network servers are not part of this implementation"
_POOLS = "database pools are not part of this implementation; db_connect opens a single SQLite connection"

REASONS: dict[str, str] = {
    "http_server": _SERVERS,
    "http_listen": _SERVERS,
    "gif_to_webp": _IMAGES,
    "load_image": _IMAGES,
    "db_pool": _POOLS,
    "db_pool_acquire": _POOLS,
    "db_pool_release": _POOLS,
    "db_pool_stats": _POOLS,
    "db_pool_close": _POOLS,
}
"""Why each name is left out."""


def unavailable(name: str) -> RuffError:
    """The error of a builtin that is left out."""
    return RuffError(f"{name} is not available: {REASONS[name]}")


def _define(name: str, low: int, high: int) -> Callable[..., Any]:
    def refuse(*arguments: Any) -> None:
        raise unavailable(name)

    refuse.__module__ = __name__
    return builtin(name, low, high)(refuse)


_define("gif_to_webp", 2, 5)
_define("db_pool", 2, 3)
_define("db_pool_acquire", 1, 1)
_define("db_pool_release", 2, 2)
_define("db_pool_stats", 1, 1)
_define("db_pool_close", 1, 1)
