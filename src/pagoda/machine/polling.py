"""The cold path of a poll: who wanted attention, and does the program go on?

A poll happens at every function entry and loop iteration; its hot path is in ``interpreter.py``. What must hold: guest code
runs with the GIL held, and a poll that was asked for by the ticker lets other Python threads run before it goes on.
"""

from __future__ import annotations

from pagoda.machine.asking import YIELD
from pagoda.machine.context import RAISE, STOP_FUEL, STOP_NONE, STOP_TIMEOUT, Context
from pagoda.native import cold, extern, i32, i64, native, ptr, struct, u8
from pagoda.native.intrinsics import atomic_store, cast, field_pointer, volatile_load

CLOCK_MONOTONIC = 1


@struct
class TimeSpec:
    """C's ``struct timespec``."""

    seconds: i64
    nanoseconds: i64


@extern("clock_gettime")
def clock_gettime(clock: i32, result: TimeSpec) -> i32:
    raise NotImplementedError


@extern("PyEval_SaveThread", "python")
def save_thread() -> ptr[u8]:
    raise NotImplementedError


@extern("PyEval_RestoreThread", "python")
def restore_thread(state: ptr[u8]) -> None: ...


@native
def monotonic_nanoseconds(ctx: Context) -> i64:
    """The monotonic clock."""
    now = cast(TimeSpec, field_pointer(ctx, "clock_seconds"))
    clock_gettime(CLOCK_MONOTONIC, now)
    return now.seconds * 1_000_000_000 + now.nanoseconds


@cold
def poll_slow(ctx: Context) -> i64:
    """Answers a poll: 0 to go on, ``RAISE`` with ``ctx.stop`` set to stop."""
    if ctx.stop != STOP_NONE:
        return RAISE
    if ctx.fuel < 0:
        ctx.stop = STOP_FUEL
        return RAISE
    asked = volatile_load(field_pointer(ctx, "poll_word"))
    atomic_store(field_pointer(ctx, "poll_word"), 0)
    ctx.polls += 1
    # Giving up the GIL at every tick would starve those who wait for it: they begin their wait anew each time.
    if ctx.holds_gil != 0 and (asked & YIELD) != 0:
        restore_thread(save_thread())
    if volatile_load(field_pointer(ctx, "stop")) != STOP_NONE:
        return RAISE
    if ctx.deadline != 0 and monotonic_nanoseconds(ctx) > ctx.deadline:
        ctx.stop = STOP_TIMEOUT
        return RAISE
    return 0
