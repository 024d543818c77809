"""Strings: CPython's own ``str`` objects, through its C API and, where that is hot, through their header.

The header's places (length, cached hash, state) are the same in CPython 3.11 to 3.13; the bit that says "compact ASCII", the
bits of the width of a character and where ASCII text begins are asked of the running CPython when this module is imported,
which refuses to load if the answers make no sense. Compiled units contain those answers: their cache key must contain
CPython's version.

What must hold: a string is an exact ``str`` and never changed once anybody else can see it. Every function here lends its
arguments, except ``string_append``, and answers a new reference, or null where CPython has no memory; no Python exception is
left pending.
"""

from __future__ import annotations

import ctypes
import sys

from pagoda.native import extern, i32, i64, inline, native, ptr, struct, u8, u32, u64
from pagoda.native.intrinsics import (
    address,
    cast,
    checked_mul,
    checked_sub,
    copy_memory,
    divide_truncated,
    is_null,
    null,
    offset,
    pointer,
    remainder_truncated,
    wrap_u64,
    wrapping_sub,
)
from pagoda.runtime.heap import free, malloc
from pagoda.runtime.pairs import Object
from pagoda.runtime.references import drop_reference, python_dealloc


@struct
class Text:
    """The header of a ``str``. ``length`` is in code points; ``hash`` is -1 until somebody asks for it."""

    refcount: i64
    type: i64
    length: i64
    hash: i64
    state: u32


def _ask_cpython() -> tuple[int, int, int]:
    """The state's ASCII bit, its low byte for a fresh ASCII string, and where such a string's text begins.

    Raises ``ImportError`` where they are not found.
    """
    plain, accented = "".join(["pa", "goda"]), "".join(["pag\xf6", "da"])
    hash(plain)
    words = [(ctypes.c_int64 * 5).from_address(id(text)) for text in (plain, accented)]
    mask = (words[0][4] ^ words[1][4]) & 0xFF  # the higher bits are not used, nor set to anything
    begin = sys.getsizeof("") - 1
    fits = (
        words[0][2] == 6 and words[0][3] == hash(plain) and words[1][2] == 6 and mask.bit_count() == 1 and words[0][4] & mask
        and ctypes.string_at(id(plain) + begin, 7) == b"pagoda\0"
    )  # fmt: skip
    if not fits:
        raise ImportError("this Python lays out its strings in a way that Pagoda does not know")
    return mask, words[0][4] & 0xFF, begin


def _ask_width() -> int:
    """Where the state has the bytes of a character: 1, 2 or 4. Raises ``ImportError`` where they are not found."""
    states = [(ctypes.c_int64 * 5).from_address(id(text))[4] & 0xFF for text in ("pa\xf6", "pa\u0111", "pa\U0001f600")]
    shift = ((states[0] ^ states[1]) & -(states[0] ^ states[1])).bit_length() - 1
    if shift < 0 or [state >> shift & 7 for state in states] != [1, 2, 4]:
        raise ImportError("this Python lays out its strings in a way that Pagoda does not know")
    return shift


ASCII_BIT, PLAIN_STATE, ASCII_DATA = _ask_cpython()
WIDTH_SHIFT = _ask_width()
NO_HASH = -1
LONGEST_NUMBER = 20  # characters of the least i64


@extern("PyErr_Clear", library="python")
def python_clear_error() -> None:
    raise NotImplementedError


@extern("PyUnicode_Append", library="python")
def python_append(place: ptr[i64], right: Object) -> None:
    raise NotImplementedError


@extern("PyObject_Realloc", library="python")
def python_realloc(block: ptr[u8], size: i64) -> ptr[u8]:
    raise NotImplementedError


@extern("PyUnicode_Concat", library="python")
def python_concat(left: Object, right: Object) -> Object:
    raise NotImplementedError


@extern("PyUnicode_Substring", library="python")
def python_substring(text: Object, start: i64, end: i64) -> Object:
    raise NotImplementedError


@extern("PyUnicode_FromOrdinal", library="python")
def python_from_ordinal(code: i32) -> Object:
    raise NotImplementedError


@extern("PyUnicode_ReadChar", library="python")
def python_read_char(text: Object, index: i64) -> u32:
    raise NotImplementedError


@extern("PyUnicode_New", library="python")
def python_new(length: i64, most: u32) -> Object:
    raise NotImplementedError


@extern("PyUnicode_Compare", library="python")
def python_compare(left: Object, right: Object) -> i32:
    raise NotImplementedError


@extern("PyUnicode_Find", library="python")
def python_find(text: Object, part: Object, start: i64, end: i64, direction: i32) -> i64:
    raise NotImplementedError


@extern("PyObject_Hash", library="python")
def python_hash(item: Object) -> i64:
    raise NotImplementedError


@extern("memcmp")
def compare_memory(left: ptr[u8], right: ptr[u8], count: i64) -> i32:
    raise NotImplementedError


# ---------------------------------------------------------------- looking


@inline
def string_length(text: Object) -> i64:
    """How many code points the string has."""
    return cast(Text, text).length


@inline
def string_is_empty(text: Object) -> bool:
    return cast(Text, text).length == 0


@inline
def string_is_ascii(text: Object) -> bool:
    """Whether all its code points are below 128; then they lie at :func:`ascii_data`, a byte each."""
    return (cast(Text, text).state & ASCII_BIT) != 0


@inline
def ascii_data(text: Object) -> ptr[u8]:
    """The bytes of an ASCII string, followed by a zero."""
    return offset(cast(ptr[u8], text), ASCII_DATA)


@native
def string_range(text: Object) -> i64:
    """The greatest code point that a string of this one's make may have: 127, 255, 65535 or 1114111."""
    if string_is_ascii(text):
        return 127
    width = (cast(Text, text).state >> WIDTH_SHIFT) & 7
    if width == 1:
        return 255
    return 65535 if width == 2 else 1114111


@inline
def string_hash_known(text: Object) -> i64:
    """CPython's hash of the string, or ``NO_HASH`` where nobody has asked for it yet."""
    return cast(Text, text).hash


@inline
def string_hash(text: Object) -> i64:
    """CPython's hash of the string, never ``NO_HASH``."""
    known = string_hash_known(text)
    if known != NO_HASH:
        return known
    return python_hash(text)


@native
def string_code_at(text: Object, i: i64) -> i64:
    """Code point ``i``, which must be there."""
    if string_is_ascii(text):
        return i64(ascii_data(text)[i])
    return i64(python_read_char(text, i))


@native
def string_equal(left: Object, right: Object) -> bool:
    """Whether two strings have the same text."""
    if address(left) == address(right):
        return True
    length = string_length(left)
    if length != string_length(right) or string_is_ascii(left) != string_is_ascii(right):
        return False
    if string_is_ascii(left):
        return compare_memory(ascii_data(left), ascii_data(right), length) == 0
    return python_compare(left, right) == 0


@native
def string_compare(left: Object, right: Object) -> i64:
    """Below, at or above 0 as ``left`` stands before, at or after ``right`` by code points."""
    if not (string_is_ascii(left) and string_is_ascii(right)):
        return i64(python_compare(left, right))
    mine, other = string_length(left), string_length(right)
    found = i64(compare_memory(ascii_data(left), ascii_data(right), mine if mine < other else other))
    if found != 0:
        return found
    return mine - other


@native
def string_find(text: Object, part: Object, start: i64) -> i64:
    """Where ``part`` first begins at ``start`` or later; -1 for nowhere."""
    found = python_find(text, part, start, string_length(text), 1)
    if found < -1:
        python_clear_error()
        return -1
    return found


@native
def string_contains(text: Object, part: Object) -> bool:
    return string_find(text, part, 0) >= 0


# ---------------------------------------------------------------- making


@inline
def checked(made: Object) -> Object:
    """What CPython answered; its exception, if that is null, is forgotten."""
    if is_null(made):
        python_clear_error()
    return made


@native
def string_char_at(text: Object, i: i64) -> Object:
    """Code point ``i``, which must be there, as a string. CPython keeps those below 256 ready."""
    return checked(python_from_ordinal(i32(string_code_at(text, i))))


@native
def string_of_code(code: i64) -> Object:
    """A string of one code point."""
    return checked(python_from_ordinal(i32(code)))


@native
def string_substring(text: Object, start: i64, end: i64) -> Object:
    """The code points from ``start`` >= 0 up to ``end``, as far as they are there."""
    return checked(python_substring(text, start, end))


@native
def string_concat(left: Object, right: Object) -> Object:
    """The text of ``left``, then that of ``right``."""
    return checked(python_concat(left, right))


@inline
def growable(text: Object) -> bool:
    """Whether an ASCII string may be changed and moved: nobody else holds it, and nothing was derived from it yet."""
    header = cast(Text, text)
    if header.refcount != 1 or header.hash != -1 or (header.state & 255) != PLAIN_STATE:
        return False
    return ASCII_DATA == 40 or cast(ptr[i64], text)[5] == 0  # before 3.12, a copy in wide characters may hang here


@native
def string_append(left: Object, right: Object) -> Object:
    """As :func:`string_concat`, but takes the reference to ``left`` over, even if it answers null, and lends only ``right``.

    If that reference was the only one, the string grows in place, or moves as a whole.
    """
    if address(left) == address(right) or not (growable(left) and string_is_ascii(right)):
        return append_any(left, right)
    have, more = string_length(left), string_length(right)
    moved = python_realloc(cast(ptr[u8], left), ASCII_DATA + have + more + 1)
    if is_null(moved):
        give_up(left)
        return null(Object)
    grown = cast(Object, moved)
    cast(Text, moved).length = have + more
    copy_memory(offset(ascii_data(grown), have), ascii_data(right), more + 1)  # with the zero
    return grown


@native
def append_any(left: Object, right: Object) -> Object:
    if left.refcount != 1 or address(left) == address(right):
        made = string_concat(left, right)
        give_up(left)
        return made
    place = malloc(8)  # CPython wants the address of a place that holds the string
    if is_null(place):
        give_up(left)
        return null(Object)
    cast(ptr[i64], place)[0] = address(left)
    python_append(cast(ptr[i64], place), right)
    made = pointer(Object, cast(ptr[i64], place)[0])
    free(place)
    return checked(made)


@native
def give_up(text: Object) -> None:
    """Releases a string."""
    if drop_reference(text):
        python_dealloc(text)


@native
def decimal_length(number: i64) -> i64:
    """How many characters :func:`write_decimal` writes for the number."""
    left = wrap_u64(number)
    count: i64 = 1
    if number < 0:
        left = wrapping_sub(u64(0), left)
        count = 2
    while left >= 10:
        left = divide_truncated(left, 10)
        count += 1
    return count


@native
def write_decimal(to: ptr[u8], number: i64, length: i64) -> None:
    """Writes the number's decimal digits, after a minus if it is below 0; ``length``: as :func:`decimal_length` counts them."""
    rest = wrap_u64(number)
    first: i64 = 0
    if number < 0:
        rest = wrapping_sub(u64(0), rest)
        to[0] = u8(45)
        first = 1
    at = length
    while at > first:
        at -= 1
        to[at] = u8(48 + remainder_truncated(rest, 10))
        rest = divide_truncated(rest, 10)


@native
def string_from_int(number: i64) -> Object:
    """The number's decimal digits."""
    length = decimal_length(number)
    if length == 1:
        return checked(python_from_ordinal(i32(48 + number)))
    made = python_new(length, u32(127))
    if is_null(made):
        return checked(made)
    write_decimal(ascii_data(made), number, length)
    return made


@native
def string_ascii_new(length: i64) -> Object:
    """A string of ``length`` ASCII characters, which the caller writes before anybody else sees it."""
    return checked(python_new(length, u32(127)))


@native
def string_from_ascii(data: ptr[u8], count: i64) -> Object:
    """A string of ``count`` bytes, all below 128."""
    made = python_new(count, u32(127))
    if is_null(made):
        return checked(made)
    copy_memory(ascii_data(made), data, count)
    return made


@inline
def string_looks_numeric(text: Object) -> bool:
    """Whether the text may be a number: a quick test of its first character, false for nearly all that are none."""
    if not string_is_ascii(text):
        return False
    first = ascii_data(text)[0]
    return first <= 57 and (first >= 48 or first == 45)


@native
def string_as_int(text: Object) -> tuple[i64, bool]:
    """The i64 whose canonical decimal text this is, and whether there is one: "5" and "-3", but not "05", "+5" or "-0"."""
    length = string_length(text)
    if not string_is_ascii(text) or length == 0 or length > LONGEST_NUMBER:
        return 0, False
    data = ascii_data(text)
    begin = i64(data[0] == 45)
    if length == begin or (data[begin] == 48 and length > 1):
        return 0, False
    negated: i64 = 0  # gathered below zero, where there is room for one more
    for i in range(begin, length):
        digit = i64(data[i]) - 48
        if digit < 0 or digit > 9:
            return 0, False
        tenfold, high = checked_mul(negated, 10)
        negated, low = checked_sub(tenfold, digit)
        if high or low:
            return 0, False
    if begin == 1:
        return negated, True
    number, over = checked_sub(0, negated)
    return number, not over
