"""What the compiler is given and what it gives back."""

from __future__ import annotations

from typing import Final

from pagoda.native import i64, ptr, struct, u8

DONE: Final = 0
LEFT_TO_WALK: Final = 1  # open terms, too many registers, costs beyond 2**40, types without a code: walk decides
ROOM_FULL: Final = 2  # to be done again with more room


@struct
class Build:
    """One compilation. ``room_*`` is where code, constants and objects of the script go; ``scratch`` is free for stacks.

    ``steps``: cpu and mem of each of the nine kinds of steps, in the order of ``costs/model.py``. ``charged`` and
    ``signatures`` as in ``UplcContext``. ``apart``: for each node whether it is a branch of a case that is to be compiled as a
    function, for it was once picked for another number of fields than it binds; null for none.

    Results: ``start``, the word of a delayed term that is the whole script (see ``compile/stubs.py`` for how it is run);
    ``constants``, the table of constants that its code refers to.
    """

    room_top: i64
    room_end: i64
    scratch: i64
    scratch_end: i64
    steps: ptr[i64]
    charged: ptr[i64]
    signatures: ptr[u8]
    apart: ptr[u8]
    start: i64
    constants: i64
