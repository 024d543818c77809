"""Native bodies of the builtins on bytestrings as rows of bits or digits.

Each function with a context only is the body of the builtin of its name, as :mod:`.builtins` tells.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.bytestrings import LONGEST_MADE
from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.natives.bodies_bytes import are_bytes, size_of
from pagoda.languages.uplc.natives.calling import arguments
from pagoda.languages.uplc.natives.costs import charge
from pagoda.languages.uplc.natives.numbers import int64_of, is_negative, limbs_of, room_for, settled, spread, words_of
from pagoda.languages.uplc.natives.objects import bytes_of, is_integer, length_of, text_object
from pagoda.languages.uplc.natives.values import BYTES, FAILED, FALSE, TRUE, boolean, fields, is_small, number_of, small
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native, u8, u64
from pagoda.native.intrinsics import copy_memory, count_ones, fill_memory, leading_zeros, offset, trailing_zeros, wrap_u8


@inline
def is_truth(word: i64) -> bool:
    return word == TRUE or word == FALSE


@inline
def combined(ctx: UplcContext, number: i64, either: bool, both: bool) -> i64:
    """Bytes combined bit by bit: a bit is set that is set in just one if ``either``, in two if ``both``."""
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    c = arguments(ctx)[2]
    if not is_truth(a) or not are_bytes(ctx, number, b) or not are_bytes(ctx, number, c):
        return FAILED
    if not charge(ctx, number, 1, size_of(b), size_of(c), 0):
        return FAILED
    shorter = b
    longer = c
    if length_of(c) < length_of(b):
        shorter = c
        longer = b
    common = length_of(shorter)
    length = length_of(longer) if a == TRUE else common
    made = text_object(ctx, BYTES, length)
    if made == 0:
        return FAILED
    place = bytes_of(made)
    left = bytes_of(shorter)
    right = bytes_of(longer)
    for i in range(common):
        if either and both:
            place[i] = left[i] | right[i]
        elif both:
            place[i] = left[i] & right[i]
        else:
            place[i] = left[i] ^ right[i]
    copy_memory(offset(place, common), offset(right, common), length - common)
    return made


@native
def and_byte_string(ctx: UplcContext) -> i64:
    return combined(ctx, numbering.AND_BYTE_STRING, False, True)


@native
def or_byte_string(ctx: UplcContext) -> i64:
    return combined(ctx, numbering.OR_BYTE_STRING, True, True)


@native
def xor_byte_string(ctx: UplcContext) -> i64:
    return combined(ctx, numbering.XOR_BYTE_STRING, True, False)


@native
def complement_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    number = numbering.COMPLEMENT_BYTE_STRING
    if not are_bytes(ctx, number, a) or not charge(ctx, number, size_of(a), 0, 0, 0):
        return FAILED
    length = length_of(a)
    made = text_object(ctx, BYTES, length)
    if made == 0:
        return FAILED
    place = bytes_of(made)
    source = bytes_of(a)
    for i in range(length):
        place[i] = source[i] ^ u8(255)
    return made


@native
def read_bit(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    fits, at = int64_of(arguments(ctx)[1])
    if not fits or not are_bytes(ctx, numbering.READ_BIT, a) or at < 0 or at >= length_of(a) * 8:
        return FAILED
    byte = i64(bytes_of(a)[length_of(a) - 1 - (at >> 3)])
    return boolean(((byte >> (at & 7)) & 1) != 0)


@native
def replicate_byte(ctx: UplcContext) -> i64:
    number = numbering.REPLICATE_BYTE
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not is_small(a) or not is_small(b):
        return FAILED
    length = number_of(a)
    byte = number_of(b)
    if length < 0 or length > LONGEST_MADE or byte < 0 or byte > 255:
        return FAILED
    if not charge(ctx, number, (length + 7) >> 3, 1, 0, 0):
        return FAILED
    made = text_object(ctx, BYTES, length)
    if made != 0:
        fill_memory(bytes_of(made), wrap_u8(byte), length)
    return made


@native
def count_set_bits(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    number = numbering.COUNT_SET_BITS
    if not are_bytes(ctx, number, a) or not charge(ctx, number, size_of(a), 0, 0, 0):
        return FAILED
    total = 0
    place = bytes_of(a)
    for i in range(length_of(a)):
        total += count_ones(i64(place[i]))
    return small(total)


@native
def find_first_set_bit(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    number = numbering.FIND_FIRST_SET_BIT
    if not are_bytes(ctx, number, a) or not charge(ctx, number, size_of(a), 0, 0, 0):
        return FAILED
    length = length_of(a)
    place = bytes_of(a)
    for i in range(length):
        byte = i64(place[length - 1 - i])
        if byte != 0:
            return small(i * 8 + trailing_zeros(byte))
    return small(-1)


@native
def byte_string_to_integer(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    number = numbering.BYTE_STRING_TO_INTEGER
    if not is_truth(a) or not are_bytes(ctx, number, b) or not charge(ctx, number, 1, size_of(b), 0, 0):
        return FAILED
    length = length_of(b)
    count = (length + 7) >> 3
    made = room_for(ctx, count)
    if made == 0:
        return FAILED
    place = bytes_of(b)
    limbs = limbs_of(made)
    for i in range(count):
        limbs[i] = u64(0)
    for i in range(length):
        byte = u64(place[length - 1 - i] if a == TRUE else place[i])
        limbs[i >> 3] = limbs[i >> 3] | (byte << u64((i & 7) * 8))
    return settled(made, count, False)


@native
def integer_to_byte_string(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    c = arguments(ctx)[2]
    if not is_truth(a) or not is_small(b) or not is_integer(c):
        return FAILED
    width = number_of(b)
    if width < 0 or width > LONGEST_MADE:
        return FAILED
    if not charge(ctx, numbering.INTEGER_TO_BYTE_STRING, 1, (width + 7) >> 3, words_of(c), 0):
        return FAILED
    number = spread(ctx, c)
    if number == 0 or is_negative(number):
        return FAILED
    count = fields(number)[1]
    limbs = limbs_of(number)
    needed = count * 8
    if count > 0:
        needed -= i64(leading_zeros(limbs[count - 1])) >> 3
    if needed > (LONGEST_MADE if width == 0 else width):
        return FAILED
    length = needed if width == 0 else width
    made = text_object(ctx, BYTES, length)
    if made == 0:
        return FAILED
    place = bytes_of(made)
    fill_memory(place, u8(0), length)
    for i in range(needed):
        byte = wrap_u8(limbs[i >> 3] >> u64((i & 7) * 8))
        if a == TRUE:
            place[length - 1 - i] = byte
        else:
            place[i] = byte
    return made
