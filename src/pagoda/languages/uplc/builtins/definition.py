"""The definition of one builtin, and the decorator that makes it.

What must hold: the decorated function takes what its kinds hand over and raises nothing but
:class:`~pagoda.languages.uplc.builtins.failure.BuiltinFailure` (and ``MissingPackage``); it never changes its arguments and
does not walk through them by recursion. With a result type it returns the value of a constant of that type, without one it
returns what the machine calls a value.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from pagoda.languages.uplc.builtins.kinds import Kind, Varying
    from pagoda.languages.uplc.types import Type

    F = TypeVar("F", bound=Callable[..., Any])


class Builtin:
    """A builtin: ``number`` is its tag in the flat encoding, ``forces`` how often it is forced before its first argument,
    ``batch`` the group that came into use together (:func:`pagoda.languages.uplc.builtins.table.available`)."""

    __slots__ = ("arity", "batch", "forces", "function", "kinds", "name", "number", "result")

    def __init__(
        self,
        number: int,
        name: str,
        kinds: tuple[Kind | Varying, ...],
        result: Type | None,
        function: Callable[..., Any],
        forces: int,
        batch: str,
    ) -> None:
        self.number, self.name, self.kinds, self.result = number, name, kinds, result
        self.function, self.forces, self.batch = function, forces, batch
        self.arity = len(kinds)

    def __repr__(self) -> str:
        return f"<builtin {self.name}>"

    def signature(self, variant: str) -> tuple[Kind, ...]:
        """The kinds of the arguments in a semantics variant."""
        return tuple(kind.within(variant) for kind in self.kinds)


DEFINED: dict[int, Builtin] = {}
"""Every builtin whose area is imported, by number."""


def builtin(
    number: int, name: str, kinds: tuple[Kind | Varying, ...], result: Type | None, *, forces: int = 0, batch: str = "1"
) -> Callable[[F], F]:
    """Makes the decorated function the builtin ``name``; the function itself stays what it is."""

    def define(function: F) -> F:
        assert number not in DEFINED, f"two builtins have the number {number}"
        DEFINED[number] = Builtin(number, name, kinds, result, function, forces, batch)
        return function

    return define
