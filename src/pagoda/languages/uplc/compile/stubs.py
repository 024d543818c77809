"""Code that every evaluation needs, whatever its script: stubs for callees that do not fit, and the code that begins it all.

The code of ``mains[n]`` runs a script and applies what comes of it to ``n`` arguments: registers 0 to n - 1 hold the arguments,
register n the script (``Build.start``). The steps of these applications, one for each and one for each argument, are charged by
whoever starts it.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.state import fields_of, slot, word_of
from pagoda.languages.uplc.compile.terms import (
    APPLY_1,
    APPLY_2,
    APPLY_3,
    FORCE_OP,
    TAIL_APPLY_1,
    TAIL_APPLY_2,
    TAIL_APPLY_3,
    TAIL_FORCE,
)  # fmt: skip
from pagoda.languages.uplc.natives.arena import Room, allocate
from pagoda.languages.uplc.ops.model import MOST_ARGUMENTS, UplcCode, UplcContext
from pagoda.languages.uplc.ops.stubs import FIELDS, FUNCTION
from pagoda.languages.uplc.ops.table import opcode
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import fill_memory, pointer, sizeof

APPLY_OTHER: Final = opcode("apply_other")
FORCE_OTHER: Final = opcode("force_other")
REGISTERS: Final = 16
WORDS: Final = 10
STUB_BYTES: Final = 13 * 256  # more than all stubs take
BEGIN_FIELDS: Final = opcode("begin_fields")
NEXT_FIELDS: Final = opcode("next_fields")
JUMP: Final = opcode("jump")


@inline
def _stub(room: Room, parameters: i64, first: i64, second: i64, third: i64, fourth: i64) -> i64:
    """The address of new code, 0 where the room is full."""
    at = allocate(room, sizeof(UplcCode) + WORDS * 8)
    if at != 0:
        fill_memory(pointer(ptr[i64], at), 0, sizeof(UplcCode))
        code = pointer(UplcCode, at)
        words = pointer(ptr[i64], at + sizeof(UplcCode))
        fill_memory(words, 0, WORDS * 8)
        words[0] = first
        words[1] = second
        words[2] = third
        words[3] = fourth
        code.entry = words
        code.parameters = parameters
        code.frame_bytes = REGISTERS * 8
        code.length = WORDS
    return at


@inline
def _tail_apply(count: i64, f: i64, first: i64) -> tuple[i64, i64]:
    """The two words that apply a register to ``count`` registers in a row."""
    a, b, c = slot(first), slot(first + 1), slot(first + 2)
    if count == 1:
        return word_of(TAIL_APPLY_1, slot(f), a, 0), 0
    if count == 2:
        return word_of(TAIL_APPLY_2, slot(f), a, b), 0
    return word_of(TAIL_APPLY_3, slot(f), a, b), c


@native
def make_stubs(ctx: UplcContext, room: Room) -> bool:
    """Fills in ``stubs``, ``over``, ``many`` and ``mains`` of a context. The room must have ``STUB_BYTES``; else False."""
    ctx.stubs[0] = _stub(room, 0, FORCE_OTHER, 0, 0, 0)
    for count in range(1, 4):
        ctx.stubs[count] = _stub(room, count, word_of(APPLY_OTHER, count, 0, 0), 0, 0, 0)
    for count in range(2, 4):
        for first in range(1, count):
            # Register 0 is the callee, the arguments follow.
            window = count + 1
            applies: i64 = APPLY_1 if first == 1 else APPLY_2
            call = word_of(applies, slot(0), slot(window), first)
            operands = fields_of(slot(0), slot(1), slot(2) if first == 2 else 0, 0)
            rest, more = _tail_apply(count - first, 0, first + 1)
            ctx.over[first * 4 + count - 5] = _stub(room, count, call, operands, rest, more)
    ctx.many = _stub(room, 1, BEGIN_FIELDS, NEXT_FIELDS, 0, 0)
    if ctx.many != 0:
        words = pointer(UplcCode, ctx.many).entry
        window = FIELDS + MOST_ARGUMENTS
        words[2] = word_of(APPLY_3, slot(FUNCTION), slot(window), 3)
        words[3] = fields_of(slot(FUNCTION), slot(FIELDS), slot(FIELDS + 1), slot(FIELDS + 2))
        words[4] = JUMP | (-3 << 32)
        for count in range(1, 4):
            rest, more = _tail_apply(count, FUNCTION, FIELDS)
            words[4 + count] = rest
            words[5 + count] = more
    ctx.mains[0] = _stub(room, 0, word_of(TAIL_FORCE, slot(0), 0, 0), 0, 0, 0)
    for count in range(1, 4):
        run = word_of(FORCE_OP, slot(count), slot(count + 1), 0)
        apply, more = _tail_apply(count, count, 0)
        ctx.mains[count] = _stub(room, count, run, slot(count), apply, more)
    last: i64 = ctx.mains[3]
    return last != 0
