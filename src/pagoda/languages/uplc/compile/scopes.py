"""Variables: which operand one is in the function that is being compiled, and what functions capture.

A closure holds the values of the variables that are free in its body. A variable of a function further out is captured by every
function between, each from the one around it. What must hold: the captures of a function are numbered in the order in which
they were first asked for, and the function around it has all of them by the time its closure is made.
"""

from __future__ import annotations

from pagoda.languages.uplc.compile.state import MOST_CAPTURES, Binder, Capture, Compiler, give_up
from pagoda.languages.uplc.ops.model import IN_CLOSURE, IN_CONSTANTS
from pagoda.native import i64, inline, native
from pagoda.native.intrinsics import pointer, sizeof, unlikely


@inline
def bind(c: Compiler, operand: i64) -> None:
    """A new innermost variable of the running function, which is ``operand`` there."""
    binder = c.binders[c.binder_count]
    c.binder_count += 1
    binder.depth = c.depth
    binder.operand = operand
    binder.capture = 0


@inline
def captured(index: i64) -> i64:
    """The operand of a captured value; the closure's first word is its code."""
    return ((index + 1) << 3) | IN_CLOSURE


@inline
def variable(c: Compiler, index: i64) -> i64:
    """The operand of a variable. Gives up where it is free in the whole script; the operand has no meaning then."""
    level = c.binder_count - index
    if unlikely(index <= 0 or level < 0):
        give_up(c)
        return 0
    binder = c.binders[level]
    if binder.depth == c.depth or (binder.operand & 3) == IN_CONSTANTS:
        return binder.operand
    if binder.capture != 0:
        innermost = pointer(Capture, binder.capture)
        if innermost.depth == c.depth:
            return captured(innermost.index)
    return _capture(c, binder, level)


@native
def _capture(c: Compiler, binder: Binder, level: i64) -> i64:
    depth = binder.depth
    if binder.capture != 0:
        depth = pointer(Capture, binder.capture).depth
    while depth < c.depth:
        depth += 1
        function = c.opened[depth]
        at = c.captures_top
        if unlikely(at + sizeof(Capture) > c.captures_end or function.captures >= MOST_CAPTURES):
            give_up(c)
            return 0
        c.captures_top = at + sizeof(Capture)
        made = pointer(Capture, at)
        made.depth = depth
        made.index = function.captures
        made.level = level
        made.outer = binder.capture
        made.following = 0
        binder.capture = at
        if function.captures == 0:
            function.first = at
        else:
            pointer(Capture, function.last).following = at
        function.last = at
        function.captures += 1
    return captured(pointer(Capture, binder.capture).index)


@inline
def leave_capture(c: Compiler, capture: Capture) -> i64:
    """Forgets the capture of a function that is done; gives the operand by which the function around it has the value."""
    binder = c.binders[capture.level]
    binder.capture = capture.outer
    if capture.outer != 0:
        outer = pointer(Capture, capture.outer)
        if outer.depth == capture.depth - 1:
            return captured(outer.index)
    return binder.operand
