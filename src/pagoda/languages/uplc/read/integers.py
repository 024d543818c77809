"""Numbers in the flat encoding, and integers of any size.

A natural number is groups of 7 bits, the lowest first, after a bit that says if more follow. What must hold: an integer that
fits 62 bits gets no object, and an object under construction is the last thing in its room.
"""

from __future__ import annotations

from pagoda.languages.uplc.compile.build import LEFT_TO_WALK, ROOM_FULL
from pagoda.languages.uplc.natives.arena import Room, allocate
from pagoda.languages.uplc.natives.values import BIG, FAILED, LEAST_SMALL, MOST_SMALL, OBJECT, small
from pagoda.languages.uplc.read.reader import Reader, window
from pagoda.native import cold, i64, inline, native, ptr, u8, u64
from pagoda.native.intrinsics import (
    big_endian,
    leading_zeros,
    likely,
    offset,
    pointer,
    unlikely,
    wrap_i64,
    wrap_u64,
    wrapping_add,
)


@inline
def group_at(data: ptr[u8], at: i64) -> u64:
    """The 8 bits at a position."""
    return window(data, at) >> 56


@native
def read_natural(data: ptr[u8], at: i64, end: i64, most: i64) -> tuple[i64, u64]:
    """The position after a natural number of at most ``most`` groups, and the number; left to walk beyond 64 bits."""
    value: u64 = 0
    shift = 0
    while at < end:
        group = group_at(data, at)
        at += 8
        most -= 1
        digits = group & 127
        if digits != 0:
            if shift > 63:
                return -LEFT_TO_WALK, value
            if (digits << shift) >> shift != digits:
                return -LEFT_TO_WALK, value
            value = value | (digits << shift)
        shift += 7
        if group < 128:
            return at, value
        if most == 0:
            return -LEFT_TO_WALK, value
    return -LEFT_TO_WALK, value


@native
def read_integer(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The position after an integer: 2n stands for n, 2n + 1 for -n - 1."""
    if unlikely(at >= end):
        return -LEFT_TO_WALK
    groups = window(data, at)
    last = ~groups & 0x8080808080808000
    if unlikely(last == 0):
        return read_long(reader, data, at, end)
    count = wrap_i64(leading_zeros(last)) >> 3
    value = (groups >> (56 - 8 * count)) & 127
    for i in range(count):
        value = (value << 7) | ((groups >> (64 - 8 * (count - i))) & 127)
    number = wrap_i64(value)
    reader.word = small((number >> 1) ^ -(number & 1))
    return at + 8 * count + 8


@cold
def read_long(reader: Reader, data: ptr[u8], at: i64, end: i64) -> i64:
    """The same for one of any number of groups."""
    after = at
    more = True
    while more:
        if after >= end:
            return -LEFT_TO_WALK
        more = group_at(data, after) >= 128
        after += 8
    bits = ((after - at) >> 3) * 7
    count = ((bits + 63) >> 6) + 1
    big = begin_big(reader, count)
    if big == 0:
        return -ROOM_FULL
    limbs = pointer(ptr[u64], big + 16)
    limb: u64 = 0
    filled = 0
    written = 0
    while at < after:
        digits = group_at(data, at) & 127
        at += 8
        limb = limb | (digits << filled)
        filled += 7
        if filled >= 64:
            limbs[written] = limb
            written += 1
            filled -= 64
            limb = digits >> (7 - filled)
    while written < count:
        limbs[written] = limb
        limb = 0
        written += 1
    negative = (limbs[0] & 1) != 0
    for i in range(count - 1):
        limbs[i] = (limbs[i] >> 1) | (limbs[i + 1] << 63)
    limbs[count - 1] = limbs[count - 1] >> 1
    if negative:
        increment(limbs)
    reader.word = finish_big(reader, big, negative, count)
    return after


@native
def begin_big(room: Room, count: i64) -> i64:
    """The address of a BIG with space for some limbs, from its third word on; 0 where the room is full."""
    return allocate(room, 16 + 8 * count)


@native
def increment(limbs: ptr[u64]) -> None:
    """Adds one. Some limb must be below its greatest value."""
    i = 0
    limbs[0] = wrapping_add(limbs[0], 1)
    while limbs[i] == 0:
        i += 1
        limbs[i] = wrapping_add(limbs[i], 1)


@native
def finish_big(room: Room, at: i64, negative: bool, count: i64) -> i64:
    """The word of what ``begin_big`` began, its limbs filled in; what it does not need of the room is given back."""
    words = pointer(ptr[i64], at)
    while count > 0:
        if words[1 + count] != 0:
            break
        count -= 1
    if count == 0:
        room.top = at
        return small(0)
    if count == 1:
        magnitude = words[2]
        if magnitude >= 0:
            if magnitude <= MOST_SMALL:
                room.top = at
                return small(-magnitude) if negative else small(magnitude)
            if negative:
                if magnitude == -LEAST_SMALL:
                    room.top = at
                    return small(LEAST_SMALL)
    words[0] = BIG | 256 if negative else BIG
    words[1] = count
    room.top = at + 16 + 8 * count
    return at + OBJECT


@native
def integer_of(room: Room, number: u64, negative: bool) -> i64:
    """The word of a number, or of minus one minus the number; ``FAILED`` where the room is full."""
    if likely(number <= MOST_SMALL):
        return small(-1 - i64(number)) if negative else small(i64(number))
    big = begin_big(room, 2)
    if big == 0:
        return FAILED
    limbs = pointer(ptr[u64], big + 16)
    limbs[0] = number
    limbs[1] = 0
    if negative:
        increment(limbs)
    return finish_big(room, big, negative, 2)


@native
def integer_of_bytes(room: Room, data: ptr[u8], size: i64, negative: bool) -> i64:
    """The word of the number that bytes spell, the highest first, or of minus one minus it; ``FAILED``: the room is full."""
    count = ((size + 7) >> 3) + 1
    big = begin_big(room, count)
    if big == 0:
        return FAILED
    limbs = pointer(ptr[u64], big + 16)
    whole = size >> 3
    for i in range(whole):
        limbs[i] = big_endian(offset(data, size - 8 * (i + 1)))
    rest: u64 = 0
    for j in range(size & 7):
        rest = (rest << 8) | wrap_u64(data[j])
    limbs[whole] = rest
    limbs[count - 1] = rest if count - 1 == whole else wrap_u64(0)
    if negative:
        increment(limbs)
    return finish_big(room, big, negative, count)
