"""From the interpreter to compiled code: who is told that a function became hot.

A ``Code`` counts its calls from minus its threshold up to 0; the call that would make it 0 is announced, before it is made.
What must hold: the one who is told may compile and install code at once, or note the function for later; the call then goes to
whatever storey the function has.
"""

from __future__ import annotations

from pagoda.machine.context import Code, Context
from pagoda.native import cold, i64
from pagoda.native.intrinsics import address, call_address


@cold
def announce_hot(ctx: Context, code: Code) -> None:
    """Tells whoever listens."""
    if ctx.hot_listener != 0:
        call_address(i64, ctx.hot_listener, ctx, address(code))
