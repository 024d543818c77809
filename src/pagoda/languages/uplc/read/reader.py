"""What the native readers share: where they read to, and how they say that they stopped.

The readers look at bytes through words of 64 bits. What must hold: the bytes are copies with ``PADDING`` readable bytes after
the last one, and a position is compared with the end before anything is loaded from there. Nothing recurses: what is begun
and not yet done stands on ``stack``.

A reader that answers a position answers ``-LEFT_TO_WALK`` or ``-ROOM_FULL`` (see ``compile/build.py``) where there is none. The
word of what it has read is in ``word``; of bytes, the place is in ``start`` and ``size``.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives.arena import Room, allocate
from pagoda.languages.uplc.natives.values import OBJECT
from pagoda.languages.uplc.read.nodes import Node
from pagoda.native import i64, inline, native, ptr, struct, u8, u64
from pagoda.native.intrinsics import big_endian, copy_memory, fill_memory, offset, pointer, unlikely

PADDING: Final = 16

ANY_VERSION: Final = 1
VERSION_1_0_0: Final = 2
VERSION_1_1_0: Final = 4


@struct
class Reader(Room):
    """The state of one reading.

    Given: ``top`` to ``end``, where values go, and a copy of what is read; ``stack`` to ``stack_end``, free memory for what is
    begun, one word more than there are nodes at least; ``nodes``, room for ``node_capacity`` of them, ``SPARE`` more than are
    made. All are multiples of 8. What is accepted, set by ``limits.accept``: ``versions`` (``ANY_VERSION`` or some of
    ``VERSION_*``), builtins by the bits of two words, tags of a constant's type, fields of a ``constr``.

    Results: ``status``, how the reading ended (``DONE``, ``LEFT_TO_WALK`` or ``ROOM_FULL``); the version; ``node_count``; of
    data, ``word``. ``top`` is the first free byte. What is not done leaves ``top`` anywhere: who tries again sets it back.
    """

    stack: i64
    stack_end: i64
    nodes: ptr[Node]
    node_capacity: i64
    versions: i64
    builtins: u64
    more_builtins: u64
    most_type_tags: i64
    most_fields: i64
    status: i64
    major: i64
    minor: i64
    patch: i64
    node_count: i64
    word: i64
    start: i64
    size: i64
    no_data: i64  # the empty list of data, and of pairs of data: made once in a reading
    no_pairs: i64


SPARE: Final = 16


@inline
def window(data: ptr[u8], at: i64) -> u64:
    """At least 57 bits from a position on, the first one highest."""
    return big_endian(offset(data, at >> 3)) << (at & 7)


@native
def own_copy(reader: Reader, data: ptr[u8], length: i64) -> i64:
    """The address of a copy in the room, with its padding; 0 where the room is full."""
    at = allocate(reader, (length + PADDING + 7) & -8)
    if unlikely(at == 0):
        return 0
    copy_memory(pointer(ptr[u8], at), data, length)
    fill_memory(pointer(ptr[u8], at + length), 0, PADDING)
    return at


@native
def make_bytes(reader: Reader, kind: i64, start: i64, size: i64) -> i64:
    """The word of a new bytestring or string; 0 where the room is full."""
    at = allocate(reader, 24)
    if unlikely(at == 0):
        return 0
    words = pointer(ptr[i64], at)
    words[0] = kind
    words[1] = size
    words[2] = start
    return at + OBJECT
