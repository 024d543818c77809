"""Programs in the flat encoding, into nodes: what ``encoding/flat.py`` reads, with the same meaning.

What must hold: bytes that this reader accepts are accepted there; whatever it finds amiss, or has no word for, is left to
walk, where the other reader says what is wrong. No subtree is waited for: it is enough to count how many have begun and are
not done, apart for each list of parts, whose length nobody knows before.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.compile.build import DONE, LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.read.constants import read_constant
from pagoda.languages.uplc.read.integers import read_natural
from pagoda.languages.uplc.read.links import TAG, link
from pagoda.languages.uplc.read.nodes import APPLY, BUILTIN, CASE, CONST, CONSTR, DELAY, ERROR, FORCE, LAM, VAR
from pagoda.languages.uplc.read.reader import ANY_VERSION, SPARE, VERSION_1_0_0, VERSION_1_1_0, Reader, own_copy, window
from pagoda.native import i64, inline, native, ptr, u8
from pagoda.native.intrinsics import likely, pointer, unlikely, wrap_i64, wrap_u8

MOST_INDEX: Final = (1 << 55) - 1
MOST_GROUPS: Final = 10  # of a number of 64 bits
LAST_TAG: Final = 44  # how far into a window a tag may stand to be looked at together with the byte after it
_NESTS = 1 << DELAY | 1 << LAM | 1 << APPLY | 1 << FORCE

# A frame of parts: where the one around it stands (0: nowhere), the node, how many parts have begun, how many subtrees are
# open around it.
FRAME: Final = 32


@native
def read_program(reader: Reader, data: ptr[u8], length: i64) -> i64:
    """Reads a whole program: its version, nodes, constants. The answer is the status; ``data`` is not needed afterwards."""
    reader.no_data = 0
    bottom = reader.stack
    start = own_copy(reader, data, length)
    if start == 0:
        reader.status = ROOM_FULL
        return ROOM_FULL
    own = pointer(ptr[u8], start)
    end = length << 3
    at = read_version(reader, own, end)
    if at >= 0:
        modern = reader.major > 1 or (reader.major == 1 and reader.minor >= 1)
        at = read_term(reader, own, at, end, modern)
    if at >= 0:
        at = skip_filler(own, at, end)
    reader.stack = bottom
    if at >= 0:
        if reader.stack_end - bottom < 8 * (reader.node_count + 1):
            at = -ROOM_FULL
    if at < 0:
        reader.status = -at
        return -at
    link(reader.nodes, reader.node_count, pointer(ptr[i64], bottom))
    reader.status = DONE
    return DONE


@native
def read_version(reader: Reader, data: ptr[u8], end: i64) -> i64:
    """The position after the version, which must be one that is accepted."""
    at, major = read_natural(data, 0, end, end)
    if at < 0:
        return at
    at, minor = read_natural(data, at, end, end)
    if at < 0:
        return at
    at, patch = read_natural(data, at, end, end)
    if at < 0:
        return at
    if ((major | minor | patch) >> 63) != 0:
        return -LEFT_TO_WALK
    reader.major = wrap_i64(major)
    reader.minor = wrap_i64(minor)
    reader.patch = wrap_i64(patch)
    known = 0
    if major == 1 and patch == 0:
        if minor == 0:
            known = VERSION_1_0_0
        if minor == 1:
            known = VERSION_1_1_0
    return at if (reader.versions & (known | ANY_VERSION)) != 0 else -LEFT_TO_WALK


@native
def skip_filler(data: ptr[u8], at: i64, end: i64) -> i64:
    """The end, if nothing but zeros and then the last bit of the last byte is left."""
    if at >= end:
        return -LEFT_TO_WALK
    last = (end >> 3) - 1
    byte = at >> 3
    rest = data[byte] & wrap_u8(255 >> (at & 7))
    while byte < last:
        if rest != 0:
            return -LEFT_TO_WALK
        byte += 1
        rest = data[byte]
    return end if rest == 1 else -LEFT_TO_WALK


@native
def read_term(reader: Reader, data: ptr[u8], at: i64, end: i64, modern: bool) -> i64:
    """The position after a term. Its nodes are complete but for their links."""
    nodes = reader.nodes
    most = reader.node_capacity - SPARE
    count = 0
    open_terms = 1
    frame = 0
    while True:
        if unlikely(at >= end):
            return -LEFT_TO_WALK
        if unlikely(count > most):
            return -ROOM_FULL
        bits = window(data, at)
        tag = wrap_i64(bits >> 60)
        last = at + LAST_TAG
        # Most nodes only begin with their first part: as many of them as there are in the window.
        while likely(((_NESTS >> tag) & 1) != 0):
            nodes[count].head = tag
            count += 1
            open_terms += 1 if tag == APPLY else 0
            at += 4
            bits = bits << 4
            tag = wrap_i64(bits >> 60)
            if at > last:
                break
        if unlikely(at > last):
            continue
        node = nodes[count]
        count += 1
        at += 4
        if tag == VAR:
            index = wrap_i64((bits >> 52) & 255)
            at += 8
            if unlikely(index >= 128):
                at, wide = read_natural(data, at - 8, end, MOST_GROUPS)
                if at < 0:
                    return at
                if wide > MOST_INDEX:
                    return -LEFT_TO_WALK
                index = wrap_i64(wide)
            node.head = index << 8
        elif tag == BUILTIN:
            number = wrap_i64((bits >> 53) & 127)
            at += 7
            if unlikely(not is_available(reader, number)):
                return -LEFT_TO_WALK
            node.head = BUILTIN | number << 8
        elif tag == CONST:
            at = read_constant(reader, data, at, end)
            if unlikely(at < 0):
                return at
            node.head = CONST
            node.next = reader.word
        elif tag == ERROR:
            node.head = ERROR
        else:
            if unlikely(tag > CASE):
                return -LEFT_TO_WALK
            if unlikely(not modern):
                return -LEFT_TO_WALK
            node.head = tag
            began = 0
            opened = True
            if tag == CONSTR:
                at, number_of_constr = read_natural(data, at, end, MOST_GROUPS)
                if at < 0:
                    return at
                if at >= end:
                    return -LEFT_TO_WALK
                payload = nodes[count]
                payload.head = TAG
                payload.next = wrap_i64(number_of_constr)
                count += 1
                opened = (window(data, at) >> 63) != 0
                at += 1
                began = 1
            if opened:
                inner = reader.stack
                if unlikely(inner + FRAME > reader.stack_end):
                    return -ROOM_FULL
                reader.stack = inner + FRAME
                words = pointer(ptr[i64], inner)
                words[0] = frame
                words[1] = count - 1 if tag == CASE else count - 2
                words[2] = began
                words[3] = open_terms
                frame = inner
                open_terms = 1
                continue
        # A term without parts to come is done, and with it perhaps what it is part of.
        open_terms -= 1
        while open_terms == 0:
            if frame == 0:
                reader.node_count = count
                return at
            if unlikely(at >= end):
                return -LEFT_TO_WALK
            words = pointer(ptr[i64], frame)
            more = (window(data, at) >> 63) != 0
            at += 1
            if more:
                words[2] = words[2] + 1
                open_terms = 1
            else:
                row = nodes[words[1]]
                if row.head == CONSTR:
                    if words[2] > reader.most_fields:
                        return -LEFT_TO_WALK
                row.head = row.head | (words[2] << 8)
                open_terms = words[3] - 1
                reader.stack = frame
                frame = words[0]


@inline
def is_available(reader: Reader, number: i64) -> bool:
    """Whether a builtin is one that is accepted."""
    bits = reader.builtins if number < 64 else reader.more_builtins
    return ((bits >> (number & 63)) & 1) != 0
