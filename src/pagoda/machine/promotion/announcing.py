"""From the interpreter to compiled code: who is told that a function or a loop became hot.

A ``Code`` counts its calls from minus its threshold up to 0; the call that would make it 0 is announced before it is made. A
loop is announced whenever a poll in it finds that the program is asked to look up, which the ticker does every few
milliseconds: so loops are sampled, and cost nothing more. Where compiled code that was entered in a loop has left for the
interpreter, the poll word is set, so that the loop is announced at once and entered again. What must hold: whoever
is told may compile and install code at once, or note it for later; what announced it then goes to whatever storey there is.
"""

from __future__ import annotations

from pagoda.machine.context import HEADER_CODE, Code, Context
from pagoda.native import cold, i64, ptr
from pagoda.native.intrinsics import address, call_address


@cold
def announce_hot(ctx: Context, code: Code, registers: ptr[i64]) -> None:
    """Tells of a function that is about to be called; its arguments are in ``registers``."""
    if ctx.hot_listener != 0:
        call_address(i64, ctx.hot_listener, ctx, address(code), registers)


@cold
def announce_loop(ctx: Context, pc: ptr[i64], registers: ptr[i64]) -> i64:
    """Tells of a loop that runs at an instruction. The address of compiled code that goes on there, or 0.

    Such code is called with the context, the frame's code and its registers. It returns ``OK`` where the function is done, with
    the result in the context; ``RAISE`` where it failed and the frame is gone; ``RESUME`` where the frame is as the interpreter
    left it, to go on at ``resume_pc``.
    """
    if ctx.loop_listener == 0:
        return 0
    return call_address(i64, ctx.loop_listener, ctx, -registers[HEADER_CODE], address(pc), registers)
