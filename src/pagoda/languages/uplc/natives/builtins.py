"""The native bodies of builtins, by number: ``f(ctx) -> word``, with the arguments in ``ctx.arguments``.

A body charges what its call costs beyond what is charged in advance (``ctx.charged``), and answers ``FAILED`` where the builtin
fails or native code cannot decide. Bodies that charge stand in the modules ``bodies_*`` under the builtin's name; those of
constant cost are made here of the functions that the operations consist of too. A builtin without a body is the host's.
"""

from __future__ import annotations

from typing import Any, Final

from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.natives import bodies_bits, bodies_bytes, bodies_integers, bodies_other, choices, data, lists
from pagoda.languages.uplc.natives.calling import arguments
from pagoda.languages.uplc.natives.numbering import name_of
from pagoda.languages.uplc.natives.values import FAILED
from pagoda.languages.uplc.ops.model import UplcContext, Value
from pagoda.native import i64, inline, native
from pagoda.native.functions import NativeFunction


@inline
def word_of(answer: tuple[bool, Value]) -> i64:
    """The word of a value, FAILED where there is none."""
    fits, found = answer
    return found.word if fits else FAILED


def _of_one(direct: Any) -> Any:
    @native
    def body(ctx: UplcContext) -> i64:
        return word_of(direct(ctx, Value(arguments(ctx)[0])))

    return body


def _of_two(direct: Any) -> Any:
    @native
    def body(ctx: UplcContext) -> i64:
        return word_of(direct(ctx, Value(arguments(ctx)[0]), Value(arguments(ctx)[1])))

    return body


def _of_three(direct: Any) -> Any:
    @native
    def body(ctx: UplcContext) -> i64:
        return word_of(direct(ctx, Value(arguments(ctx)[0]), Value(arguments(ctx)[1]), Value(arguments(ctx)[2])))

    return body


_MAKERS: Final = (_of_one, _of_two, _of_three)


def _made(name: str, direct: NativeFunction[..., Any], arity: int) -> NativeFunction[[UplcContext], int]:
    """The body of a builtin whose result is that of an inline function of its arguments."""
    body: NativeFunction[[UplcContext], int] = _MAKERS[arity - 1](direct)
    body.symbol = f"{__name__.removeprefix('pagoda.')}.{name}"
    body.__name__ = name
    body.__doc__ = direct.__doc__
    return body


def _bodies() -> dict[int, NativeFunction[[UplcContext], int]]:
    found = {}
    for builtin in BUILTINS:
        name = name_of(builtin.name)
        for module in (bodies_integers, bodies_bytes, bodies_bits, bodies_other):
            if name in vars(module):
                found[builtin.number] = vars(module)[name]
        for module in (choices, lists, data):
            if name in vars(module):
                found[builtin.number] = _made(name, vars(module)[name], builtin.arity)
    return found


NATIVES: Final = _bodies()
