"""Native entries: running guest code from native code, on top of the frame that runs.

An entry lies in the register stack: a record (who made the entry, and the record before), the callee, two header words, the
registers. What must hold: ``ctx.outer`` is the record of the innermost entry, by which an error finds the frames around it, and
``ctx.frame`` is the frame that runs; both are as before once the entry is over.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.ruff.ops.model import RuffContext
from pagoda.machine.context import Code
from pagoda.machine.frames import count_frames
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import address, call_address, pointer
from pagoda.runtime.layouts import Closure
from pagoda.runtime.pairs import FUNCTION, INT, Value

RECORD: Final = 32  # bytes of an entry's record, below its window
HEADER_BYTES: Final = 32  # of the callee and the header words, before a frame's registers


@inline
def code_of(function: Value) -> Code:
    """The code of a FUNCTION or CLOSURE."""
    if function.tag == FUNCTION:
        return pointer(Code, function.payload)
    return pointer(Code, pointer(Closure, function.payload).code)


@native
def room_above(ctx: RuffContext, frame: i64, end: i64) -> i64:
    """The depth that a native entry on top of ``frame`` adds, or -1 where its own frame, up to ``end``, has no room."""
    frames: i64 = 1  # such an entry counts as one call, unless calls are counted exactly: few of them fill the native stack
    limit = ctx.stack_end
    if ctx.exact_end != 0:
        frames = count_frames(frame, HEADER_BYTES)
        limit = ctx.exact_end
    if end + RECORD + HEADER_BYTES > limit or ctx.depth + frames > ctx.max_depth:
        return -1
    return frames


@inline
def note_entry(ctx: RuffContext, frame: i64, record: ptr[Value]) -> None:
    """Writes the record of an entry on top of ``frame``."""
    record[0] = Value(INT, frame)
    record[1] = Value(INT, ctx.outer)
    ctx.outer = address(record)


@inline
def forget_entry(ctx: RuffContext, record: ptr[Value]) -> None:
    """The entry is over; the frame that made it runs again."""
    ctx.frame = record[0].payload
    ctx.outer = record[1].payload


@inline
def registers_of(record: ptr[Value]) -> ptr[i64]:
    """Where the registers of the entry's first frame lie."""
    return pointer(ptr[i64], address(record) + RECORD + HEADER_BYTES)


@inline
def run_entry(ctx: RuffContext, code: Code, frame: i64, record: ptr[Value], frames: i64) -> i64:
    """Runs the function whose window lies behind ``record``, above ``frame``; its status. ``frames``: see room_above."""
    note_entry(ctx, frame, record)
    ctx.depth += frames
    status = call_address(i64, ctx.run_entry, ctx, code, registers_of(record))
    ctx.depth -= frames
    forget_entry(ctx, record)
    return status


@inline
def resume_entry(ctx: RuffContext, at: i64, frame: i64, record: ptr[Value], frames: i64) -> i64:
    """As :func:`run_entry`, for a frame that goes on at the instruction ``at``."""
    note_entry(ctx, frame, record)
    ctx.depth += frames
    status = call_address(i64, ctx.resume_entry, ctx, at, registers_of(record))
    ctx.depth -= frames
    forget_entry(ctx, record)
    return status
