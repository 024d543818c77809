"""A third language, as lean as the machine allows: code of its own class, one table of constants, costs of its own, no traces.

Values are words; operands say themselves where they are. It exists to keep what such languages need of ``machine/`` tested
without any of the real ones. Its programs are encoded by hand.
"""

from __future__ import annotations

import sys
from typing import Annotated

from pagoda.machine.context import RAISE, Code, Context
from pagoda.machine.operands import Count, Immediate, Literal, Operand, State, Target, Window
from pagoda.machine.ops import OpTable, op
from pagoda.machine.values import PlaceMode, ValueModel
from pagoda.machine.verbs import become, enter, fail, leave
from pagoda.native import cold, i64, inline, ptr, struct, value
from pagoda.native.intrinsics import address, pointer

FAILED = -1


@value
class Word:
    """The language's only kind of value: a number that is not negative, or the address of code."""

    word: i64


@struct
class LeanCode:
    """What the machine looks at, and what entering costs."""

    entry: ptr[i64]
    frame_bytes: i64
    cost: i64


@struct
class LeanContext(Context):
    """The context: what is left to be spent, the one table of constants, how often the program looked up."""

    result: Word
    left: i64
    table: ptr[i64]
    looked: i64
    stop_at: i64
    counted: i64


@inline
def from_immediate(number: i64) -> Word:
    return Word(number)


@inline
def empty() -> Word:
    return Word(0)


@inline
def failed(v: Word) -> bool:
    return v.word == FAILED


@cold
def overflow(ctx: LeanContext, code: Code) -> None:
    """The register stack is full."""
    ctx.looked = -1


@inline
def locate(ctx: LeanContext, registers: ptr[Word], number: i64, constants: ptr[Word]) -> ptr[Word]:
    base = constants if (number & 1) != 0 else registers
    return pointer(ptr[Word], address(base) + (number & ~7))


@inline
def charge_entry(ctx: LeanContext, code: LeanCode) -> None:
    ctx.left = ctx.left - code.cost


@inline
def exhausted(ctx: LeanContext) -> i64:
    return ctx.left


@inline
def constants(ctx: LeanContext) -> ptr[i64]:
    return ctx.table


@cold
def look(ctx: LeanContext) -> i64:
    """Answers a poll: stops at a number of looks."""
    ctx.poll_word = 0
    ctx.looked = ctx.looked + 1
    return RAISE if ctx.looked == ctx.stop_at else 0


Any = Annotated[Word, Operand("X")]
Ctx = Annotated[LeanContext, State("context")]
Registers = Annotated[ptr[Word], State("registers")]
Args = Annotated[ptr[Word], Window()]
ArgCount = Annotated[i64, Count()]
Number = Annotated[i64, Immediate()]
Whole = Annotated[i64, Literal()]
Far = Annotated[i64, Target(wide=True)]


@op(raises=False)
def add(a: Any, b: Any) -> Word:
    """The sum."""
    return Word(a.word + b.word)


@op(raises=False)
def load(number: Whole) -> Word:
    """A number of 64 bits."""
    return Word(number)


@op(raises=False, ends=True)
def jump(target: Far) -> bool:
    """Goes to ``target``."""
    return True


@op(skips=True)
def switch(a: Any, count: Number) -> i64:
    """Picks one of the jumps behind it."""
    if a.word >= count:
        return fail()
    return a.word


@op(calls=True)
def call(window: Args, count: ArgCount, f: Any, a: Any) -> Word:
    """Enters ``f`` with an argument. The window is written only once that is settled, so ``f`` may be its first register."""
    return enter(pointer(LeanCode, f.word - 1), window, Word(0), a)


@op(leaves=True)
def tail_call(f: Any, a: Any) -> None:
    """Goes on as ``f`` with an argument."""
    return become(pointer(LeanCode, f.word - 1), f, a)


@op(leaves=True, raises=False)
def give(a: Any) -> None:
    """The result."""
    return leave(a)


@op(leaves=True, rare=True)
def count_down(ctx: Ctx, registers: Registers) -> None:
    """Takes one from the first register and enters the frame's callee again; gives 7 at 0. Does so after its effect."""
    ctx.counted = ctx.counted + 1
    registers[0] = Word(registers[0].word - 1)
    if registers[0].word == 0:
        return leave(Word(7))
    return become(pointer(LeanCode, registers[-3].word - 1), registers[-3])


MODEL = ValueModel(
    name="lean", value=Word, context=LeanContext, from_immediate=from_immediate, empty=empty, failed=failed,
    places={"X": PlaceMode("X", locate, "operand")}, code=LeanCode, charge_entry=charge_entry, exhausted=exhausted,
    constants=constants, traces=False, look=look,
)  # fmt: skip
TABLE = OpTable.of_modules([sys.modules[__name__]])
