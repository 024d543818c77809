"""Room for recursion: the front end recurses over the text, within the limits that :mod:`.tokens` names.

CPython stops Python recursion at a number of frames (1,000 by default) that the permitted nesting needs more than. Calls
between Python functions do not use the native stack, so raising that number is safe. It is never lowered again: another
thread may by then rely on it.
"""

from __future__ import annotations

import sys

# 256 levels of expressions at up to 14 frames, 128 of blocks at up to 6, trees of height 1,000 at up to 4: with room to spare.
FRAMES_NEEDED = 8_000


def allow_recursion(frames: int = FRAMES_NEEDED) -> None:
    """Make sure that the caller may go ``frames`` calls deeper than it is."""
    if sys.getrecursionlimit() - frames > 20_000:
        return  # plenty, wherever the caller is; counting frames would cost more than it tells
    depth = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        depth += 1
    if sys.getrecursionlimit() < depth + frames:
        sys.setrecursionlimit((depth + frames) // 5_000 * 5_000 + 5_000)  # in steps, so that it is seldom touched
