"""Calls of guest functions from native code: operator overloads, methods with captures, and builtins that take a function.

Such a call is a native entry of its own, on top of the running frame. What must hold: the native code that called was itself
called by a handler and fails when the call fails, for the frames of the failed call come first in the error's stack.
"""

from __future__ import annotations

from pagoda.languages.ruff.ops.entries import RECORD, code_of, room_above, run_entry
from pagoda.languages.ruff.ops.model import ARITY, DEPTH, RuffContext, failure, raise_error
from pagoda.machine.frames import frame_code
from pagoda.machine.polling import poll_slow
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import address, field_pointer, offset, pointer, unlikely, volatile_load
from pagoda.runtime.pairs import INT, NULL, Value
from pagoda.runtime.references import release, retain


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
    return outcome(ctx, run_entry(ctx, code, before, record, frames))


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
    return outcome(ctx, run_entry(ctx, code, before, record, frames))


@inline
def outcome(ctx: RuffContext, status: i64) -> Value:
    """The result of a native entry by its status; the frames of one that failed come first in the error's stack."""
    if unlikely(status != 0):
        ctx.trace_kept = ctx.trace_count
        return failure()
    result = ctx.result
    ctx.result = Value(NULL, 0)
    return result
