"""Division of integers of any size: both quotients and what they leave.

Digits are of 32 bits here, each in a word of its own. What must hold: as in :mod:`.numbers`; the divisor is never 0.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives.numbers import (
    LOW_HALF,
    added,
    compared_magnitudes,
    integer,
    is_negative,
    limbs_of,
    room_for,
    settled,
    spread,
)
from pagoda.languages.uplc.natives.values import fields, is_small, number_of, small
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, native, ptr, u64
from pagoda.native.intrinsics import (
    divide_truncated,
    leading_zeros,
    offset,
    remainder_truncated,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)

BASE: Final = 1 << 32


@native
def digits(ctx: UplcContext, word: i64, shift: u64) -> i64:
    """The digits of an object's magnitude, moved up by less than 32 bits, with one more on top: an object of digits, not an
    integer."""
    count = fields(word)[1]
    made = room_for(ctx, count * 2 + 1)
    if made == 0:
        return 0
    place = limbs_of(made)
    limbs = limbs_of(word)
    carry = u64(0)
    for i in range(count):
        low = ((limbs[i] & LOW_HALF) << shift) | carry
        high = ((limbs[i] >> 32) << shift) | (low >> 32)
        place[i * 2] = low & LOW_HALF
        place[i * 2 + 1] = high & LOW_HALF
        carry = high >> 32
    place[count * 2] = carry
    return made


@native
def reduce(u: ptr[u64], v: ptr[u64], count: i64) -> u64:
    """Takes from ``count`` + 1 digits of ``u`` as often as it goes the ``count`` digits of ``v``, two at least and the highest
    of them 2**31 or more: how often. The upper ``count`` digits of ``u`` are less than ``v``."""
    top = v[count - 1]
    first = (u[count] << 32) | u[count - 1]
    guess = divide_truncated(first, top)
    rest = remainder_truncated(first, top)
    while guess >= BASE or wrapping_mul(guess, v[count - 2]) > ((rest << 32) | u[count - 2]):
        guess = wrapping_sub(guess, u64(1))
        rest = wrapping_add(rest, top)
        if rest >= BASE:
            break
    carry = u64(0)
    borrow = u64(0)
    for i in range(count):
        part = wrapping_add(wrapping_mul(guess, v[i]), carry)
        carry = part >> 32
        taken = wrapping_add(part & LOW_HALF, borrow)
        borrow = u64(1) if u[i] < taken else u64(0)
        u[i] = wrapping_sub(u[i], taken) & LOW_HALF
    taken = wrapping_add(carry, borrow)
    short = u[count] < taken
    u[count] = wrapping_sub(u[count], taken) & LOW_HALF
    if short:  # the guess was one too many
        guess = wrapping_sub(guess, u64(1))
        carry = u64(0)
        for i in range(count):
            part = wrapping_add(wrapping_add(u[i], v[i]), carry)
            u[i] = part & LOW_HALF
            carry = part >> 32
        u[count] = wrapping_add(u[count], carry) & LOW_HALF
    return guess


@native
def by_digit(left: i64, by: u64, quotient: i64) -> u64:
    """Divides a magnitude by a number of one digit into the limbs of ``quotient``; gives what is left."""
    limbs = limbs_of(left)
    place = limbs_of(quotient)
    rest = u64(0)
    at = fields(left)[1] - 1
    while at >= 0:
        upper = (rest << 32) | (limbs[at] >> 32)
        digit = divide_truncated(upper, by)
        lower = (remainder_truncated(upper, by) << 32) | (limbs[at] & LOW_HALF)
        place[at] = (digit << 32) | divide_truncated(lower, by)
        rest = remainder_truncated(lower, by)
        at -= 1
    return rest


@native
def by_digits(ctx: UplcContext, left: i64, right: i64, quotient: i64) -> i64:
    """Divides a magnitude by one of two digits or more, which is not greater, into the limbs of ``quotient``; gives what is
    left, without a sign."""
    count = fields(right)[1] * 2
    if (limbs_of(right)[fields(right)[1] - 1] >> 32) == 0:
        count -= 1
    top = limbs_of(right)[(count - 1) >> 1]
    shift = leading_zeros(top if (count & 1) == 0 else top << 32)
    upper = digits(ctx, left, u64(shift))
    lower = digits(ctx, right, u64(shift))
    if upper == 0 or lower == 0:
        return 0
    u = limbs_of(upper)
    v = limbs_of(lower)
    place = limbs_of(quotient)
    at = fields(left)[1] * 2 - count
    while at >= 0:
        digit = reduce(offset(u, at * 8), v, count)
        place[at >> 1] = place[at >> 1] | (digit << u64((at & 1) * 32))
        at -= 1
    made = room_for(ctx, (count + 1) >> 1)
    if made == 0:
        return 0
    rest = limbs_of(made)
    for i in range((count + 1) >> 1):
        rest[i] = u64(0)
    for i in range(count):
        digit = ((u[i] >> u64(shift)) | (u[i + 1] << u64(32 - shift))) & LOW_HALF
        rest[i >> 1] = rest[i >> 1] | (digit << u64((i & 1) * 32))
    return settled(made, (count + 1) >> 1, False)


@native
def divided(ctx: UplcContext, a: i64, b: i64, wants_rest: bool, down: bool) -> i64:
    """The quotient of two integers, or with ``wants_rest`` what it leaves; rounded down, or else towards zero."""
    if is_small(a) and is_small(b):
        dividend = number_of(a)
        divisor = number_of(b)
        whole = divide_truncated(dividend, divisor)
        left_over = remainder_truncated(dividend, divisor)
        if down and left_over != 0 and (left_over < 0) != (divisor < 0):
            whole -= 1
            left_over += divisor
        return integer(ctx, left_over if wants_rest else whole)
    left = spread(ctx, a)
    right = spread(ctx, b)
    if left == 0 or right == 0:
        return 0
    count = fields(left)[1]
    quotient = room_for(ctx, count + 1)
    if quotient == 0:
        return 0
    place = limbs_of(quotient)
    for i in range(count + 1):
        place[i] = u64(0)
    differ = is_negative(left) != is_negative(right)
    rest = a
    if compared_magnitudes(left, right) >= 0:
        if fields(right)[1] == 1 and limbs_of(right)[0] < BASE:
            rest = small(i64(by_digit(left, limbs_of(right)[0], quotient)))
        else:
            rest = by_digits(ctx, left, right, quotient)
        if rest == 0:
            return 0
        if is_negative(left):
            rest = added(ctx, small(0), rest, True)
        if rest == 0:
            return 0
    if down and differ and rest != small(0):
        if wants_rest:
            return added(ctx, rest, b, False)
        at = 0
        while True:
            place[at] = wrapping_add(place[at], u64(1))
            if place[at] != 0:
                break
            at += 1
    if wants_rest:
        return rest
    return settled(quotient, count + 1, differ)
