"""How a builtin fails, and what happens when the library it needs is not installed.

What must hold: a builtin raises nothing but these; a :class:`BuiltinFailure` is the script's own failure, a
:class:`MissingPackage` says nothing about the script.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class BuiltinFailure(Exception):
    """The builtin has no result for these arguments. ``message`` is one line for a person."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnliftingFailure(BuiltinFailure):
    """An argument is not of the kind that the builtin takes. Found before the cost is known, so nothing is spent."""


class MissingPackage(Exception):
    """A builtin needs a package that is not installed. ``package`` is its name on PyPI."""

    def __init__(self, package: str, needed_for: str) -> None:
        super().__init__(f"{needed_for} needs the package {package}: pip install 'pagoda[uplc]'")
        self.package = package


def library(module: str, package: str, needed_for: str) -> Any:
    """The module ``module`` of the package ``package``, imported now. Raises :class:`MissingPackage`."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise MissingPackage(package, needed_for) from None
