"""A second, tiny language: one-word values, no reference counts, a dozen operations. It runs on ``machine/`` alone.

A value is an integer of 63 bits, shifted left by one, so a failed value can be the most negative word. The language exists to
keep the first one out of ``machine/``.
"""

from __future__ import annotations

import sys
from typing import Annotated

from pagoda.machine.context import Code, Context
from pagoda.machine.operands import Cache, Count, Operand, State, Target, Window
from pagoda.machine.ops import OpTable, op
from pagoda.machine.values import ValueModel
from pagoda.machine.verbs import charge, enter, fail, leave, poll, slow, suspend
from pagoda.native import cold, i64, inline, ptr, struct, value
from pagoda.native.intrinsics import checked_add, checked_mul, checked_sub, pointer, unlikely

FAILED = -(1 << 62)


@value
class Number:
    """The language's only kind of value."""

    word: i64


@struct
class TinyContext(Context):
    """The context, with the language's result and error."""

    result: Number
    error: i64


@inline
def from_immediate(number: i64) -> Number:
    return Number(number)


@inline
def empty() -> Number:
    return Number(0)


@inline
def failed(v: Number) -> bool:
    return v.word == FAILED


@inline
def catch(ctx: TinyContext) -> Number:
    return Number(ctx.error)


@cold
def overflow(ctx: TinyContext, code: Code) -> None:
    """The register stack is full."""
    ctx.error = 2


@cold
def range_error(ctx: TinyContext) -> Number:
    ctx.error = 1
    return Number(FAILED)


Read = Annotated[Number, Operand("RTKI")]
Register = Annotated[Number, Operand("RT")]
Ctx = Annotated[TinyContext, State("context")]
To = Annotated[i64, Target()]
Far = Annotated[i64, Target(wide=True)]
Args = Annotated[ptr[Number], Window()]
ArgCount = Annotated[i64, Count()]
Word = Annotated[ptr[i64], Cache()]


@op(copies=True, raises=False)
def move(a: Read) -> Number:
    """The value itself."""
    return a


@op
def add(ctx: Ctx, a: Register, b: Read) -> Number:
    """The sum, or error 1."""
    total, over = checked_add(a.word, b.word)
    if unlikely(over):
        return slow(range_error, ctx)
    return Number(total)


@op
def sub(ctx: Ctx, a: Register, b: Read) -> Number:
    """The difference, or error 1."""
    total, over = checked_sub(a.word, b.word)
    if unlikely(over):
        return slow(range_error, ctx)
    return Number(total)


@op
def mul(ctx: Ctx, a: Register, b: Read) -> Number:
    """The product, or error 1."""
    total, over = checked_mul(a.word, b.word)
    if unlikely(over):
        return slow(range_error, ctx)
    return Number(total)


@op(raises=False)
def jump_less(a: Register, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` is less than ``b``."""
    return a.word < b.word


@op(ends=True, raises=False)
def jump(target: Far) -> bool:
    """Goes to ``target``."""
    return True


@op
def loop() -> None:
    """The head of a loop: one unit of fuel, and a poll."""
    charge(1)
    poll()


@op(calls=True)
def call(window: Args, count: ArgCount, unused: Word) -> Number:
    """Calls the function whose code's address is the window's first value."""
    return enter(pointer(Code, window[0].word), window)


@op(leaves=True, raises=False)
def give(a: Read) -> Number:
    """Returns ``a``."""
    return leave(a)


@op(ends=True)
def throw(ctx: Ctx, a: Read) -> None:
    """Raises the error ``a``."""
    ctx.error = a.word
    return fail()


@op
def pause(a: Read) -> None:
    """Suspends the frame with the value ``a``."""
    return suspend(a)


@op(raises=False, drops=True)
def drop(a: Register) -> None:
    """Nothing to release."""


MODEL = ValueModel(
    name="tiny", value=Number, context=TinyContext, from_immediate=from_immediate, empty=empty, failed=failed, catch=catch,
    constant=lambda number: (number,),
)  # fmt: skip
TABLE = OpTable.of_modules([sys.modules[__name__]])
