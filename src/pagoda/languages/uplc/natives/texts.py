"""Bytes: comparison and joining of bytestrings and strings, their sizes, UTF-8."""

from __future__ import annotations

from pagoda.languages.uplc.natives.objects import bytes_of, length_of, text_object
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import extern, i32, i64, inline, native, ptr, u8
from pagoda.native.intrinsics import copy_memory, offset


@extern("memcmp")
def compare_memory(a: ptr[u8], b: ptr[u8], count: i64) -> i32:
    raise NotImplementedError


@inline
def size_of_bytes(length: i64) -> i64:
    """The size of so many bytes in words of 8, at least 1."""
    return 1 if length == 0 else (length + 7) >> 3


@native
def same_text(a: i64, b: i64) -> bool:
    """Whether two bytestrings, or two strings, are equal."""
    length = length_of(a)
    if length != length_of(b):
        return False
    return a == b or length == 0 or compare_memory(bytes_of(a), bytes_of(b), length) == 0


@native
def ordered(a: i64, b: i64) -> i64:
    """Below, at or above 0 as a bytestring comes before, with or after another in the order of a dictionary."""
    left = length_of(a)
    right = length_of(b)
    common = left if left < right else right
    if common > 0:
        order = i64(compare_memory(bytes_of(a), bytes_of(b), common))
        if order != 0:
            return order
    return left - right


@native
def joined(ctx: UplcContext, kind: i64, a: i64, b: i64) -> i64:
    """A new bytestring or string of two, one after the other."""
    left = length_of(a)
    right = length_of(b)
    made = text_object(ctx, kind, left + right)
    if made == 0:
        return 0
    place = bytes_of(made)
    copy_memory(place, bytes_of(a), left)
    copy_memory(offset(place, left), bytes_of(b), right)
    return made


@native
def characters(word: i64) -> i64:
    """How many characters a string has."""
    count = 0
    place = bytes_of(word)
    for i in range(length_of(word)):
        if (i64(place[i]) & 0xC0) != 0x80:
            count += 1
    return count


@native
def is_utf8(place: ptr[u8], length: i64) -> bool:
    """Whether bytes are UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF."""
    at = 0
    while at < length:
        first = i64(place[at])
        at += 1
        if first < 0x80:
            continue
        more = 1
        least = 0x80
        code = first & 0x1F
        if first >= 0xF0:
            more = 3
            least = 0x10000
            code = first & 0x07
        elif first >= 0xE0:
            more = 2
            least = 0x800
            code = first & 0x0F
        if first < 0xC0 or first > 0xF7 or at + more > length:
            return False
        for i in range(more):
            byte = i64(place[at + i])
            if (byte & 0xC0) != 0x80:
                return False
            code = (code << 6) | (byte & 0x3F)
        at += more
        if code < least or code > 0x10FFFF or (code >= 0xD800 and code <= 0xDFFF):
            return False
    return True
