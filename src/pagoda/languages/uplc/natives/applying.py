"""Applications and forces of what is not exactly what is applied or forced: functions of more or fewer arguments, builtins.

A frame has been entered for a stub, with the callee in its header and the arguments in its registers. What must hold: nothing
here is done twice, for the operations that call it never begin anew.
"""

from __future__ import annotations

from pagoda.languages.uplc.natives import values
from pagoda.languages.uplc.natives.arena import allocate, arena
from pagoda.languages.uplc.natives.calling import apply_builtin, force_builtin, is_builtin
from pagoda.languages.uplc.ops.model import UplcCode, UplcContext, Value
from pagoda.native import cold, i64, inline, ptr
from pagoda.native.intrinsics import pointer

READY = 0  # the value is in ctx.ready
IMPOSSIBLE = -1


@inline
def _ready(ctx: UplcContext, word: i64) -> i64:
    ctx.ready = word
    return IMPOSSIBLE if word == values.FAILED else READY


@inline
def _is_builtin(word: i64) -> bool:
    """Whether a word is a builtin, with arguments or without."""
    return is_builtin(word) or values.kind_of(word) == values.PARTIAL


@cold
def apply_in_frame(ctx: UplcContext, registers: ptr[Value], count: i64) -> i64:
    """Applies a frame's callee to its first ``count`` registers.

    Gives the address of the code to go on with in this frame, ``READY`` with the value in the context, or ``IMPOSSIBLE``.
    """
    f = registers[-3].word
    if (f & 7) == values.FUNCTION:
        own = pointer(UplcCode, pointer(ptr[i64], f)[0])
        if own.parameters > count:
            return _hold(ctx, f, 0, registers, count)
        return _apply_first(ctx, registers, own.parameters, count)
    if values.kind_of(f) == values.APPLIED:
        held = values.fields(f)
        had = held[0] >> 8
        code = pointer(UplcCode, pointer(ptr[i64], held[1])[0])
        total = had + count
        if total < code.parameters:
            return _hold(ctx, f, had, registers, count)
        if total > code.parameters:
            return _apply_first(ctx, registers, code.parameters - had, count)
        for i in range(count):
            registers[total - 1 - i] = registers[count - 1 - i]
        for i in range(had):
            registers[i] = Value(held[i + 2])
        registers[-3] = Value(held[1])
        # Entering charges for all functions on the way in; those passed when the value was made have been paid.
        ctx.cpu = ctx.cpu + had * ctx.lam_cpu
        ctx.mem = ctx.mem + had * ctx.lam_mem
        return held_code(held[1])
    if _is_builtin(f):
        if count > 1:
            return _apply_first(ctx, registers, 1, count)
        return _ready(ctx, apply_builtin(ctx, f, registers[0].word))
    return IMPOSSIBLE


@inline
def held_code(function: i64) -> i64:
    """The address of a function's code."""
    return pointer(ptr[i64], function)[0]


@inline
def _hold(ctx: UplcContext, f: i64, had: i64, registers: ptr[Value], count: i64) -> i64:
    """Makes the value of a function with fewer arguments than it takes, ``had`` of which ``f`` holds already."""
    at = allocate(arena(ctx), ((had + count) << 3) + 16)
    if at == 0:
        return IMPOSSIBLE
    place = pointer(ptr[i64], at)
    place[0] = values.APPLIED | ((had + count) << 8)
    place[1] = f
    if had > 0:
        held = values.fields(f)
        for i in range(had + 1):
            place[i + 1] = held[i + 1]
    for i in range(count):
        place[had + 2 + i] = registers[i].word
    ctx.cpu = ctx.cpu - count * ctx.lam_cpu
    ctx.mem = ctx.mem - count * ctx.lam_mem
    return _ready(ctx, at + values.OBJECT)


@inline
def _apply_first(ctx: UplcContext, registers: ptr[Value], first: i64, count: i64) -> i64:
    """Goes on with the code that applies the callee to the ``first`` arguments, and what comes of it to the others."""
    for i in range(count):
        registers[count - i] = registers[count - 1 - i]
    registers[0] = registers[-3]
    code: i64 = ctx.over[first * 4 + count - 5]
    return code


@cold
def force_in_frame(ctx: UplcContext, registers: ptr[Value]) -> i64:
    """Forces a frame's callee, which is no delayed term: ``READY`` or ``IMPOSSIBLE``."""
    f = registers[-3].word
    return _ready(ctx, force_builtin(ctx, f)) if _is_builtin(f) else IMPOSSIBLE
