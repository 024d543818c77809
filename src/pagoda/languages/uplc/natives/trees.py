"""Data as trees: sizes and equality, without recursion. The free part of the arena serves as a stack.

What must hold: work is bounded by what the caller pays for, shared parts or not; whoever answers -1 found the stack or its
bound too small, and the evaluation is left to ``walk``.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives.numbers import compared, words_of
from pagoda.languages.uplc.natives.objects import length_of
from pagoda.languages.uplc.natives.texts import same_text, size_of_bytes
from pagoda.languages.uplc.natives.values import (
    CONS,
    DATA_B,
    DATA_CONSTR,
    DATA_I,
    DATA_LIST,
    DATA_MAP,
    NIL,
    PAIR,
    fields,
    kind_of,
)
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import pointer

NODE_SIZE: Final = 4  # of a node of data, without what it holds
FIRST_BOUND: Final = 256
MOST_SIZE: Final = 1 << 24


@inline
def stack_words(ctx: UplcContext) -> i64:
    """How many words the stack has room for."""
    return (ctx.arena_end - ctx.arena_top) >> 3


@inline
def is_empty(word: i64) -> bool:
    """Whether what may be an object is an empty list: nothing that had to be visited."""
    return kind_of(word) == NIL


@native
def data_size(ctx: UplcContext, word: i64, bound: i64, used: i64) -> i64:
    """The size of data, or something above ``bound`` where it is above. ``used``: so many words are on the stack already."""
    waiting = pointer(ptr[i64], ctx.arena_top)
    room = stack_words(ctx)
    depth = used
    total = 0
    here = word
    while True:
        place = fields(here)
        kind = place[0] & 255
        here = 0
        if kind == CONS or kind == PAIR:
            if not is_empty(place[2]):
                if depth >= room:
                    return -1
                waiting[depth] = place[2]
                depth += 1
            here = place[1]
        elif kind == DATA_CONSTR:
            total += NODE_SIZE
            here = place[2]
        elif kind == DATA_LIST or kind == DATA_MAP:
            total += NODE_SIZE
            here = place[1]
        elif kind == DATA_I:
            total += NODE_SIZE + words_of(place[1])
        elif kind == DATA_B:
            total += NODE_SIZE + size_of_bytes(length_of(place[1]))
        if total > bound:
            return total
        if here == 0:
            if depth == used:
                return total
            depth -= 1
            here = waiting[depth]


@native
def smaller_size(ctx: UplcContext, a: i64, b: i64) -> i64:
    """The smaller of the sizes of two data, found in time proportional to it."""
    bound = FIRST_BOUND
    while bound <= MOST_SIZE:
        left = data_size(ctx, a, bound, 0)
        right = data_size(ctx, b, bound, 0)
        if left < 0 or right < 0:
            return -1
        if left <= bound or right <= bound:
            return left if left < right else right
        bound *= 4
    return -1


@native
def same_data(ctx: UplcContext, a: i64, b: i64) -> i64:
    """The size of two data that are the same in all parts; 0 if they are not."""
    waiting = pointer(ptr[i64], ctx.arena_top)
    room = stack_words(ctx) - 1
    depth = 0
    total = 0
    while True:
        if a == b:
            shared = data_size(ctx, a, MOST_SIZE, depth)
            if shared < 0:
                return -1
            total += shared
        else:
            left = fields(a)
            right = fields(b)
            kind = left[0] & 255
            if kind != (right[0] & 255):
                return 0
            if kind == CONS or kind == PAIR:
                if depth >= room:
                    return -1
                waiting[depth] = left[2]
                waiting[depth + 1] = right[2]
                depth += 2
                a = left[1]
                b = right[1]
                continue
            if kind == DATA_CONSTR:
                if compared(left[1], right[1]) != 0:
                    return 0
                total += NODE_SIZE
                a = left[2]
                b = right[2]
                continue
            if kind == DATA_LIST or kind == DATA_MAP:
                total += NODE_SIZE
                a = left[1]
                b = right[1]
                continue
            if kind == DATA_I:
                if compared(left[1], right[1]) != 0:
                    return 0
                total += NODE_SIZE + words_of(left[1])
            elif kind == DATA_B:
                if not same_text(left[1], right[1]):
                    return 0
                total += NODE_SIZE + size_of_bytes(length_of(left[1]))
        if total > MOST_SIZE:
            return -1
        if depth == 0:
            return total
        depth -= 2
        a = waiting[depth]
        b = waiting[depth + 1]
