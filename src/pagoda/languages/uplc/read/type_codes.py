"""Types of constants: from the flat encoding to the codes of ``natives/values.py``.

The encoding says an application before what it applies; without those, its tags in prefix order are the code.
"""

from __future__ import annotations

from pagoda.languages.uplc.compile.build import LEFT_TO_WALK
from pagoda.languages.uplc.natives.values import MOST_TYPE_NODES, T_ARRAY, T_LIST, T_PAIR, T_VALUE
from pagoda.languages.uplc.read.reader import Reader, window
from pagoda.native import i64, inline, native, ptr, u8
from pagoda.native.intrinsics import unlikely, wrap_i64

_APPLY = 7


@native
def read_type(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after a type, whose code is in ``word``. Left to walk if it has none."""
    code = 0
    nodes = 0
    tags = 0
    open_parts = 1  # types that must still come
    applied = 0  # applications that no list, array or pair has been seen for
    while True:
        if unlikely(at >= end):
            return -LEFT_TO_WALK
        step = wrap_i64(window(data, at) >> 59)
        if step < 16:
            break
        tag = step & 15
        at += 5
        tags += 1
        if open_parts == 0:
            return -LEFT_TO_WALK
        if tag == _APPLY:
            applied += 1
            continue
        wanted = 0
        if tag == T_PAIR:
            wanted = 2
            open_parts += 1
        elif is_row(tag):
            wanted = 1
        else:
            open_parts -= 1
        if applied != wanted:
            return -LEFT_TO_WALK
        if tag > T_VALUE:
            return -LEFT_TO_WALK
        if nodes == MOST_TYPE_NODES:
            return -LEFT_TO_WALK
        applied = 0
        code = code | (tag << (4 * nodes))
        nodes += 1
    if open_parts != 0:
        return -LEFT_TO_WALK
    if tags > reader.most_type_tags:
        return -LEFT_TO_WALK
    reader.word = code
    return at + 1


@inline
def is_row(kind: i64) -> bool:
    """Whether a type is that of a list or an array."""
    tag = kind & 15
    return tag == T_LIST or tag == T_ARRAY  # "in" does not lower


@native
def first_size(codes: i64) -> i64:
    """How many bits of codes in a row are the first one."""
    size = 0
    open_parts = 1
    while open_parts > 0:
        tag = (codes >> size) & 15
        size += 4
        if tag == T_PAIR:
            open_parts += 1
        elif not is_row(tag):
            open_parts -= 1
    return size


@inline
def first_part(code: i64) -> i64:
    """The code of the first part of a pair's type."""
    parts = code >> 4
    return parts & ((1 << first_size(parts)) - 1)


@inline
def second_part(code: i64) -> i64:
    """The code of the second part of a pair's type."""
    parts = code >> 4
    return parts >> first_size(parts)
