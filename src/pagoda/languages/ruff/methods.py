"""What a call of a method notes in its cache: one number made of the receiver's shape, the table's epoch and the row's place.

What must hold: two notes are equal only where shape, epoch and place are; at the last epoch nothing is noted any more.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

METHOD_STEP: Final = 1 << 20  # of the epoch; the place of the method's code in the table lies below
SHAPE_STEP: Final = 1 << 40  # of the shape's number
MOST_SHAPES: Final = 1 << 22
LAST_EPOCH: Final = SHAPE_STEP - METHOD_STEP
