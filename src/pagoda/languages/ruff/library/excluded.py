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

REASONS: dict[str, str] = {
    "gif_to_webp": _IMAGES,
    "load_image": _IMAGES,
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
