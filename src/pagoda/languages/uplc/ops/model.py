"""What the machine must know of UPLC: code, context, value model, kinds of operands.

What must hold: cpu and mem of the context are what is left to be spent; they only ever fall, and an evaluation whose total fits
ends with neither below zero. A native function that fails, or cannot decide, answers ``FAILED``; the whole evaluation is then
done again on ``walk``, which knows why. Where ``Context.stop`` says so it was a limit of time or memory, or an interrupt.
"""

from __future__ import annotations

from typing import Annotated, Final

from pagoda.languages.uplc.natives import values
from pagoda.machine.context import Code, Context
from pagoda.machine.operands import Count, Immediate, Operand, State, Target, Wide, Window
from pagoda.native import array, cold, i64, inline, ptr, struct, u8, u16, value
from pagoda.native.intrinsics import address, cast, offset, pointer, sizeof

ARGUMENTS: Final = 8  # no builtin takes more


@value
class Value:
    """A value: see ``natives/values.py``."""

    word: i64


@struct
class UplcCode:
    """The code of a function, a delayed term or a whole script: one line of a processor's cache; captures and words follow.

    ``parameters`` is its number of arguments, up to ``MOST_ARGUMENTS``; ``identity`` the number of its node; ``length`` counts
    words. ``cpu``, ``mem``: what entering it costs.
    """

    entry: ptr[i64]
    frame_bytes: i64
    cpu: i64
    mem: i64
    parameters: i64
    capture_count: i64
    identity: i64
    length: i64


@inline
def captures_of(code: UplcCode) -> ptr[u16]:
    """Where the values of a closure come from when it is made, as operands (see ``Any``)."""
    return cast(ptr[u16], offset(code, sizeof(UplcCode)))


@struct
class UplcContext(Context):
    """The state of one evaluation."""

    result: Value
    cpu: i64
    mem: i64
    arena_top: i64  # the first free byte; always a multiple of 8
    arena_end: i64
    constants: ptr[i64]  # of the running script
    stubs: array[i64, 4]  # type: ignore[type-arg,valid-type]  # code entered where a callee does not fit; by count of arguments
    over: array[i64, 8]  # type: ignore[type-arg,valid-type]  # code that applies k of n arguments, then the rest: at 4k + n - 5
    many: i64  # code entered to apply a function to more fields than it could take at once
    mains: array[i64, 4]  # type: ignore[type-arg,valid-type]  # code that runs a script and applies it; by count of arguments
    ready: i64
    logs: i64  # texts traced, newest first: 0, or the address of two words, the text and the address of the one before
    log_count: i64
    arguments: array[i64, 8]  # type: ignore[type-arg,valid-type]  # of a builtin that is called by its number
    host: ptr[u8]  # the Python callable that runs builtins which have no native body
    natives: ptr[i64]  # by number: the address of a builtin's native body, or 0
    charged: ptr[i64]  # by number: cpu and mem that compiled code has charged for a call in advance
    prices: ptr[i64]  # by number: PRICE_WORDS words, see natives/costs.py
    signatures: ptr[u8]  # by number: SIGNATURE_BYTES bytes: arity, forces, then zeros
    case_on_constants: i64
    lam_cpu: i64
    lam_mem: i64
    mismatch: i64  # one more than the node of a case's branch that was picked for another number of fields; 0 for none


SIGNATURE_BYTES: Final = 8
MOST_ARGUMENTS: Final = 3  # of a function that is entered at once


@inline
def from_immediate(number: i64) -> Value:
    return Value(values.small(number))


@inline
def empty() -> Value:
    return Value(values.UNIT)


@inline
def failed(v: Value) -> bool:
    return v.word == values.FAILED


@cold
def overflow(ctx: UplcContext, code: Code) -> None:
    """The register stack is full: the evaluation is to be decided by ``walk``."""


@inline
def locate_any(ctx: UplcContext, registers: ptr[Value], number: i64, constants: ptr[Value]) -> ptr[Value]:
    """An operand that says itself where it is: bits 0-1 are 0 for a register, 1 for a captured value, 2 for a constant; the
    rest is the offset in bytes. The running closure's address is the callee of the frame's header; its values follow its code.
    """
    where = number & 3
    base = registers
    if where == IN_CLOSURE:
        base = pointer(ptr[Value], registers[-3].word)
    if where == IN_CONSTANTS:
        base = constants
    return pointer(ptr[Value], address(base) + (number & ~7))


IN_REGISTERS: Final = 0
IN_CLOSURE: Final = 1
IN_CONSTANTS: Final = 2

# ---------------------------------------------------------------- operands

Any = Annotated[Value, Operand("X")]
Ctx = Annotated[UplcContext, State("context")]
Registers = Annotated[ptr[Value], State("registers")]
Args = Annotated[ptr[Value], Window()]
ArgCount = Annotated[i64, Count()]
Far = Annotated[i64, Target(wide=True)]
Number = Annotated[i64, Immediate()]
Big = Annotated[i64, Wide()]


@inline
def charge_entry(ctx: UplcContext, code: UplcCode) -> None:
    """Takes what the block costs that the code begins with."""
    ctx.cpu = ctx.cpu - code.cpu
    ctx.mem = ctx.mem - code.mem


@inline
def exhausted(ctx: UplcContext) -> i64:
    """Negative once cpu or mem is overspent."""
    return ctx.cpu | ctx.mem


@inline
def constants_of(ctx: UplcContext) -> ptr[i64]:
    """The constants of the running script."""
    return ctx.constants
