"""The bits of a poll word, by which somebody outside asks for a program's attention.

What must hold: whoever sets one sets ``ASKED`` too. It is more than any fuel, so that compiled code makes one comparison of the
fuel with the word: it is less than the word where it has run out (the word is 0), and where somebody asks.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

ASKED: Final = 1 << 62
TICK: Final = ASKED | 1  # what the ticker sets
YIELD: Final = 2  # beside it: other Python threads are to run for a moment
