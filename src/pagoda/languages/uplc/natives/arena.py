"""Rooms: memory that is only ever taken from its lower end, and given back as a whole."""

from __future__ import annotations

from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, struct
from pagoda.native.intrinsics import cast, field_pointer, unlikely


@struct
class Room:
    """Free memory from ``top`` to ``end``. ``top`` is a multiple of 8."""

    top: i64
    end: i64


@inline
def arena(ctx: UplcContext) -> Room:
    """The room of the running evaluation."""
    return cast(Room, field_pointer(ctx, "arena_top"))


@inline
def allocate(room: Room, size: i64) -> i64:
    """The address of ``size`` bytes, a multiple of 8; 0 where the room is full."""
    at = room.top
    if unlikely(size > room.end - at):
        return 0
    room.top = at + size
    return at
