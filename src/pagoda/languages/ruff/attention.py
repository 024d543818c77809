"""Whether the program is to stop, asked by code that has no context: display, equality, and whatever walks through values.

Each thread that runs guest code registers its program's poll. What must hold: whoever walks through many values calls
:func:`look` every few thousand of them; it raises the limit that was hit, and does nothing on other threads.
"""

from __future__ import annotations

from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    T = TypeVar("T")

STEP = 4_096
"""Values to walk through between two looks."""

_polls: dict[int, Callable[[], None]] = {}


def attending(poll: Callable[[], None], action: Callable[[], T]) -> T:
    """Runs an action during which this thread's looks are ``poll``."""
    me = get_ident()
    before = _polls.get(me)
    _polls[me] = poll
    try:
        return action()
    finally:
        if before is None:
            del _polls[me]
        else:
            _polls[me] = before


def look() -> None:
    """Raises what ends the program, if it is to stop."""
    poll = _polls.get(get_ident())
    if poll is not None:
        poll()
