"""Integers of any size: sizes, comparison, sums, products. Quotients are in :mod:`.division`.

An integer that does not fit 62 bits is a row of limbs, numbers of 64 bits without sign, least significant first. What must
hold: results are normal (no zero limb on top, nothing that fits 62 bits as limbs); whoever answers 0 found the arena full.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives.arena import allocate, arena
from pagoda.languages.uplc.natives.values import (
    BIG,
    LEAST_SMALL,
    MOST_SMALL,
    OBJECT,
    fields,
    is_small,
    kind_of,
    number_of,
    small,
)
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native, ptr, u64
from pagoda.native.intrinsics import (
    cast,
    offset,
    wrap_i64,
    wrap_u64,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)

MOST_PRODUCTS: Final = 1 << 14  # of limbs, in a product that is made here
LOW_HALF: Final = (1 << 32) - 1
TOP_BIT: Final = 1 << 63


@inline
def words_of(word: i64) -> i64:
    """The size of an integer in words of 64 bits, at least 1."""
    return 1 if is_small(word) else fields(word)[1]


@native
def int64_of(word: i64) -> tuple[bool, i64]:
    """Whether a value is an integer of 64 bits with sign, and the number."""
    if is_small(word):
        return True, number_of(word)
    if kind_of(word) != BIG or fields(word)[1] != 1:
        return False, 0
    limb = wrap_u64(fields(word)[2])
    if fields(word)[0] == BIG:
        return limb < TOP_BIT, wrap_i64(limb)
    return limb <= TOP_BIT, wrap_i64(wrapping_sub(u64(0), limb))


@inline
def limbs_of(word: i64) -> ptr[u64]:
    """The limbs of an integer in the form of an object."""
    return cast(ptr[u64], offset(fields(word), 16))


@inline
def is_negative(word: i64) -> bool:
    """Whether an integer in the form of an object is negative."""
    return fields(word)[0] != BIG


@native
def room_for(ctx: UplcContext, limbs: i64) -> i64:
    """A new object with room for so many limbs."""
    at = allocate(arena(ctx), limbs * 8 + 16)
    if at == 0:
        return 0
    return at + OBJECT


@native
def spread(ctx: UplcContext, word: i64) -> i64:
    """An integer in the form of an object, even if it is small; 0 has no limbs."""
    if not is_small(word):
        return word
    made = room_for(ctx, 1)
    if made == 0:
        return 0
    number = number_of(word)
    place = fields(made)
    place[0] = BIG | 256 if number < 0 else BIG
    place[1] = 0 if number == 0 else 1
    place[2] = 0 - number if number < 0 else number
    return made


@native
def settled(word: i64, count: i64, negative: bool) -> i64:
    """The integer of a new object whose limbs are written: gives it its header, or makes it small."""
    limbs = limbs_of(word)
    while count > 0 and limbs[count - 1] == 0:
        count -= 1
    if count == 0:
        return small(0)
    if count == 1:
        limb = limbs[0]
        if negative and limb <= 1 << 61:
            return small(0 - wrap_i64(limb))
        if not negative and limb <= MOST_SMALL:
            return small(wrap_i64(limb))
    place = fields(word)
    place[0] = BIG | 256 if negative else BIG
    place[1] = count
    return word


@native
def integer(ctx: UplcContext, number: i64) -> i64:
    """The integer of a number of 64 bits."""
    if number >= LEAST_SMALL and number <= MOST_SMALL:
        return small(number)
    made = room_for(ctx, 1)
    if made == 0:
        return 0
    magnitude = wrapping_sub(i64(0), number) if number < 0 else number
    limbs_of(made)[0] = wrap_u64(magnitude)
    return settled(made, 1, number < 0)


@native
def compared_magnitudes(a: i64, b: i64) -> i64:
    """-1, 0 or 1 as the magnitude of ``a`` is less than, equal to or greater than that of ``b``; both are objects."""
    count = fields(a)[1]
    other = fields(b)[1]
    if count != other:
        return -1 if count < other else 1
    left = limbs_of(a)
    right = limbs_of(b)
    at = count - 1
    while at >= 0:
        if left[at] != right[at]:
            return -1 if left[at] < right[at] else 1
        at -= 1
    return 0


@native
def compared(a: i64, b: i64) -> i64:
    """-1, 0 or 1 as ``a`` is less than, equal to or greater than ``b``; both are integers."""
    if is_small(a):
        if is_small(b):
            if a == b:
                return 0
            return -1 if a < b else 1
        return 1 if is_negative(b) else -1
    if is_small(b):
        return -1 if is_negative(a) else 1
    if is_negative(a) != is_negative(b):
        return -1 if is_negative(a) else 1
    order = compared_magnitudes(a, b)
    return 0 - order if is_negative(a) else order


@native
def sum_of_magnitudes(ctx: UplcContext, a: i64, b: i64, negative: bool) -> i64:
    """The sum of the magnitudes of two objects, with a sign."""
    if fields(a)[1] < fields(b)[1]:
        return sum_of_magnitudes(ctx, b, a, negative)
    count = fields(a)[1]
    common = fields(b)[1]
    made = room_for(ctx, count + 1)
    if made == 0:
        return 0
    left = limbs_of(a)
    right = limbs_of(b)
    place = limbs_of(made)
    carry = u64(0)
    for i in range(count):
        part = wrapping_add(left[i], carry)
        carry = u64(1) if part < carry else u64(0)
        if i < common:
            part = wrapping_add(part, right[i])
            if part < right[i]:
                carry = u64(1)
        place[i] = part
    place[count] = carry
    return settled(made, count + 1, negative)


@native
def difference_of_magnitudes(ctx: UplcContext, a: i64, b: i64, negative: bool) -> i64:
    """The magnitude of an object less that of another, which is not greater, with a sign."""
    count = fields(a)[1]
    common = fields(b)[1]
    made = room_for(ctx, count)
    if made == 0:
        return 0
    left = limbs_of(a)
    right = limbs_of(b)
    place = limbs_of(made)
    borrow = u64(0)
    for i in range(count):
        part = left[i]
        rest = wrapping_sub(part, borrow)
        borrow = u64(1) if rest > part else u64(0)
        if i < common:
            if rest < right[i]:
                borrow = u64(1)
            rest = wrapping_sub(rest, right[i])
        place[i] = rest
    return settled(made, count, negative)


@native
def added(ctx: UplcContext, a: i64, b: i64, minus: bool) -> i64:
    """The sum of two integers; with ``minus`` their difference."""
    if is_small(a) and is_small(b):
        return integer(ctx, number_of(a) - number_of(b) if minus else number_of(a) + number_of(b))
    left = spread(ctx, a)
    right = spread(ctx, b)
    if left == 0 or right == 0:
        return 0
    negative = is_negative(left)
    if negative == (is_negative(right) != minus):
        return sum_of_magnitudes(ctx, left, right, negative)
    if compared_magnitudes(left, right) >= 0:
        return difference_of_magnitudes(ctx, left, right, negative)
    return difference_of_magnitudes(ctx, right, left, not negative)


@inline
def wide_product(a: u64, b: u64) -> tuple[u64, u64]:
    """The product of two limbs: the low limb and the high one."""
    low_a = a & LOW_HALF
    high_a = a >> 32
    low_b = b & LOW_HALF
    high_b = b >> 32
    lowest = wrapping_mul(low_a, low_b)
    first = wrapping_add(wrapping_mul(high_a, low_b), lowest >> 32)
    second = wrapping_add(wrapping_mul(low_a, high_b), first & LOW_HALF)
    low = (second << 32) | (lowest & LOW_HALF)
    high = wrapping_add(wrapping_add(wrapping_mul(high_a, high_b), first >> 32), second >> 32)
    return low, high


@native
def multiplied(ctx: UplcContext, a: i64, b: i64) -> i64:
    """The product of two integers that are not too large (``MOST_PRODUCTS``)."""
    left = spread(ctx, a)
    right = spread(ctx, b)
    if left == 0 or right == 0:
        return 0
    count = fields(left)[1]
    other = fields(right)[1]
    made = room_for(ctx, count + other)
    if made == 0:
        return 0
    place = limbs_of(made)
    x = limbs_of(left)
    y = limbs_of(right)
    for i in range(count + other):
        place[i] = u64(0)
    for i in range(count):
        carry = u64(0)
        for j in range(other):
            low, high = wide_product(x[i], y[j])
            part = wrapping_add(place[i + j], low)
            if part < low:
                high = wrapping_add(high, u64(1))
            part = wrapping_add(part, carry)
            if part < carry:
                high = wrapping_add(high, u64(1))
            place[i + j] = part
            carry = high
        place[i + other] = carry
    return settled(made, count + other, is_negative(left) != is_negative(right))
