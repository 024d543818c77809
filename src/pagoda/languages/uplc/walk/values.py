"""What terms evaluate to, in both machines of this storey.

A constant is a :class:`~pagoda.languages.uplc.types.Constant`; every other value is a tuple that begins with its kind:

==================================== ===========================================================================
``(LAMBDA, code, environment)``      a function; ``code`` is the ``Lam``, or what it was compiled to
``(DELAYED, code, environment)``     a suspended term; ``code`` is the ``Delay``, or what it was compiled to
``(PARTIAL, number, forces, args)``  a builtin that waits for more: how many forces it has had, its arguments so far
``(CONSTRUCTED, tag, fields)``       a constructor's value; ``fields`` is a tuple of values
==================================== ===========================================================================

An environment is ``()`` or the pair ``(value of the innermost variable, environment around it)``.
"""

from __future__ import annotations

LAMBDA, DELAYED, PARTIAL, CONSTRUCTED = range(4)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from pagoda.languages.uplc.types import Constant

    Value: TypeAlias = Constant | tuple[Any, ...]
    Environment: TypeAlias = tuple[Any, ...]


def lookup(environment: Environment, index: int) -> Value | None:
    """The value of a variable, ``None`` for one that nothing binds."""
    while environment:
        index -= 1
        if index == 0:
            found: Value = environment[0]
            return found
        environment = environment[1]
    return None
