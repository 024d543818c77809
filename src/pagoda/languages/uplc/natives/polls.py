"""What happens when a running evaluation looks up: every 2 ms the ticker asks it to.

An evaluation runs on the thread that asked for it, also on the main one, where Python's signal handlers run. What must hold:
Ctrl-C ends the evaluation at the next look; the exception that its handler raised then leaves the native call.
"""

from __future__ import annotations

from pagoda.machine import polling
from pagoda.machine.context import RAISE, STOP_INTERRUPT, Context
from pagoda.native import cold, extern, i32, i64


@extern("PyErr_CheckSignals", "python")
def check_signals() -> i32:
    """Runs the handlers of signals that have come, on the main thread; -1 where one raised."""
    raise NotImplementedError


@cold
def look(ctx: Context) -> i64:
    """Answers a poll: 0 to go on, ``RAISE`` to stop."""
    if ctx.holds_gil != 0 and check_signals() != 0:
        ctx.stop = STOP_INTERRUPT
        return RAISE
    return polling.poll_slow(ctx)
