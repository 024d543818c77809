"""What every storey of every language agrees on in memory: the context of a running program, the code of a function, frames.

A frame is a row of register slots. The two words before its first register are its header, and before them lies one slot::

    word[-1]   the address of the call instruction that it returns to; minus that address where the frame is a native entry's
               outermost and compiled code calls it or is it; 0 where no frame called it
    word[-2]   minus the address of the frame's ``Code``
    the slot   the callee as the caller passed it (a closure reaches its captured values here)

Where a value takes two words, the header looks like one dead slot; so a call window is callee, header, arguments.

What must hold: word[-2] is negative, so that a dead header never looks like a counted value; every slot above the running
frame holds a value that owns nothing.
"""

from __future__ import annotations

from typing import Final

from pagoda.native import i64, ptr, struct

# Status words of every native entry and of every compiled function.
OK: Final = 0
RAISE: Final = 1
RESUME: Final = 2
SUSPEND: Final = 3

# Why a limit stopped the program (Context.stop).
STOP_NONE: Final = 0
STOP_FUEL: Final = 1
STOP_TIMEOUT: Final = 2
STOP_INTERRUPT: Final = 3
STOP_MEMORY: Final = 4
STOP_EXIT: Final = 5

HEADER_CODE: Final = -2
HEADER_RETURN: Final = -1
CALL_WORDS: Final = 2  # the length of call instructions where a language does not say another; all of a language have one, so
# that a return finds what follows
TRACE_FRAMES: Final = 256  # frames remembered of the stack at a raise


@struct
class Code:
    """A function as the machine runs it. ``registers`` counts slots; ``identity`` is the number of its ``Function``."""

    entry: ptr[i64]
    constants: i64
    parameters: i64
    registers: i64
    frame_bytes: i64
    calls: i64
    handlers: ptr[i64]
    handler_count: i64
    identity: i64
    compiled: i64
    length: i64
    flags: i64


@struct
class Context:
    """The state of one running program (or task). A language adds its own fields in a class derived from this one.

    ``fuel`` counts down, one unit per function entry and loop iteration; ``poll_word`` is set from outside when somebody wants
    the program's attention; ``stack_end`` bounds the register stack (where ``exact_end`` is set, that is its true end, and
    ``stack_end`` sends every call to count the depth first: ``depth`` frames of other native entries, and those of the running
    one, against ``max_depth``); ``frame`` is the frame that native code was called from. ``trace_kept``: frames of an inner
    native entry that the next trace begins with, for they failed first; -1 where the next trace is noted
    already. ``hot_listener``: the address of native code that is told of functions that became hot, or 0; ``loop_listener``
    likewise for loops (``promotion/announcing.py``).
    """

    fuel: i64
    poll_word: i64
    stack_end: i64
    frame: i64
    stop: i64
    raised: i64
    resume_pc: i64
    resume_registers: i64
    trace: ptr[i64]
    trace_count: i64
    trace_depth: i64
    trace_kept: i64
    depth: i64
    max_depth: i64
    stack_start: i64
    deadline: i64
    polls: i64
    entries: i64
    holds_gil: i64
    clock_seconds: i64
    clock_nanoseconds: i64
    exact_end: i64
    hot_listener: i64
    loop_listener: i64
