"""Calls of guest functions from native code: operator overloads, methods with captures, and builtins that take a function.

Such a call is a native entry of its own, on top of the running frame. What must hold: the native code that called was itself
called by a handler and fails when the call fails, for the frames of the failed call come first in the error's stack.
"""

from __future__ import annotations

from pagoda.languages.ruff.bridge import RECORD, forget_entry, note_entry, room_above
from pagoda.languages.ruff.ops.model import ARITY, DEPTH, RuffContext, failure, raise_error
from pagoda.machine.context import Code
from pagoda.machine.frames import frame_code
from pagoda.machine.polling import poll_slow
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import address, call_address, field_pointer, offset, pointer, unlikely, volatile_load
from pagoda.runtime.layouts import Closure
from pagoda.runtime.pairs import FUNCTION, INT, NULL, Value
from pagoda.runtime.references import release, retain

HEADER_BYTES = 32  # before a frame's registers


@inline
def code_of(function: Value) -> Code:
    """The code of a FUNCTION or CLOSURE."""
    if function.tag == FUNCTION:
        return pointer(Code, function.payload)
    return pointer(Code, pointer(Closure, function.payload).code)


@native
def call_function(ctx: RuffContext, function: Value, count: i64, a: Value, b: Value) -> Value:
    """What a FUNCTION or CLOSURE, borrowed, gives for one argument or two (``count``; ``b`` is null for one).

    Takes over the references to the arguments, also where it fails. Charges a unit and polls, as every call does.
    """
    code = code_of(function)
    if unlikely(code.parameters != count):
        release(ctx.heap, a)
        release(ctx.heap, b)
        return raise_error(ctx, ARITY, Value(INT, address(code)), Value(INT, count))
    before = ctx.frame
    top = before + frame_code(before).frame_bytes
    frames = room_above(ctx, before, top + RECORD + code.frame_bytes)
    if unlikely(frames < 0):
        release(ctx.heap, a)
        release(ctx.heap, b)
        return raise_error(ctx, DEPTH, Value(INT, address(code)), Value(NULL, 0))
    ctx.fuel -= 1
    if unlikely(ctx.fuel < 0 or volatile_load(field_pointer(ctx, "poll_word")) != 0):
        if poll_slow(ctx) != 0:
            release(ctx.heap, a)
            release(ctx.heap, b)
            return failure()
    record = pointer(ptr[Value], top)
    window = offset(record, RECORD)
    retain(function)
    window[0] = function
    window[1] = Value(NULL, 0)
    window[2] = a
    if count == 2:
        window[3] = b
    note_entry(ctx, before, record)
    return run_at(ctx, code, record, frames)


@native
def call_row(ctx: RuffContext, function: Value, row: ptr[Value], count: i64) -> Value:
    """As :func:`call_function` for a row of any length; the row is taken over and emptied once the function is entered."""
    code = code_of(function)
    if unlikely(code.parameters != count):
        return raise_error(ctx, ARITY, Value(INT, address(code)), Value(INT, count))
    before = ctx.frame
    top = before + frame_code(before).frame_bytes
    frames = room_above(ctx, before, top + RECORD + code.frame_bytes)
    if unlikely(frames < 0):
        return raise_error(ctx, DEPTH, Value(INT, address(code)), Value(NULL, 0))
    ctx.fuel -= 1
    if unlikely(ctx.fuel < 0 or volatile_load(field_pointer(ctx, "poll_word")) != 0):
        if poll_slow(ctx) != 0:
            return failure()
    record = pointer(ptr[Value], top)
    window = offset(record, RECORD)
    retain(function)
    window[0] = function
    window[1] = Value(NULL, 0)
    for i in range(count):
        window[i + 2] = row[i]
        row[i] = Value(NULL, 0)
    note_entry(ctx, before, record)
    return run_at(ctx, code, record, frames)


@inline
def run_at(ctx: RuffContext, code: Code, record: ptr[Value], frames: i64) -> Value:
    """Runs the function whose window lies behind ``record``; ``frames`` is the depth that this adds."""
    ctx.depth += frames
    status = call_address(i64, ctx.run_entry, ctx, code, pointer(ptr[i64], address(record) + RECORD + HEADER_BYTES))
    ctx.depth -= frames
    forget_entry(ctx, record)
    if unlikely(status != 0):
        ctx.trace_kept = ctx.trace_count
        return failure()
    result = ctx.result
    ctx.result = Value(NULL, 0)
    return result
