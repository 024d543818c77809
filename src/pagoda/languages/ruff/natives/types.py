"""Questions about types, truth, and the assertions that hold."""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import ask_library, text_in
from pagoda.languages.ruff.natives.searching import DEEP, plain
from pagoda.languages.ruff.ops.control import SYMBOL_ERR, SYMBOL_NONE, SYMBOL_OK, SYMBOL_OPTION, SYMBOL_RESULT, SYMBOL_SOME
from pagoda.languages.ruff.ops.model import RuffContext, out_of_memory
from pagoda.languages.ruff.ops.slow import string_value, truthy
from pagoda.native import i64, inline, native, ptr, u8
from pagoda.native.intrinsics import address, is_null, literal, pointer
from pagoda.runtime.arrays import array_new, array_push
from pagoda.runtime.equality import EQUAL, values_equal
from pagoda.runtime.layouts import Tagged
from pagoda.runtime.pairs import (
    ARRAY,
    BOOL,
    BUILTIN,
    CLOSURE,
    DICT,
    FLOAT,
    FUNCTION,
    INT,
    NULL,
    OBJECT,
    STRING,
    STRUCT,
    TAGGED,
    Value,
    from_bool,
)  # fmt: skip
from pagoda.runtime.references import release_object
from pagoda.runtime.strings import ascii_data, string_from_ascii, string_is_ascii, string_length

# ---------------------------------------------------------------- names


@inline
def named(ctx: RuffContext, name: bytes, length: i64) -> Value:
    return string_value(ctx, string_from_ascii(literal(name), length))


@native
def native_type(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1:
        tag = row[0].tag
        if tag == INT:
            return named(ctx, b"int", 3)
        if tag == STRING:
            return named(ctx, b"string", 6)
        if tag == FLOAT:
            return named(ctx, b"float", 5)
        if tag == ARRAY:
            return named(ctx, b"array", 5)
        if tag == DICT:
            return named(ctx, b"dict", 4)
        if tag == BOOL:
            return named(ctx, b"bool", 4)
        if tag == NULL:
            return named(ctx, b"null", 4)
        if tag == STRUCT:
            return named(ctx, b"struct", 6)
        if tag == FUNCTION or tag == CLOSURE or tag == BUILTIN:
            return named(ctx, b"function", 8)
        if tag == TAGGED:
            return tagged_type(ctx, pointer(Tagged, row[0].payload))
    return ask_library(ctx, row, count)


@native
def tagged_type(ctx: RuffContext, t: Tagged) -> Value:
    """The type's name of an enum's value, of which results and options are two."""
    if t.enum == SYMBOL_RESULT and (t.name == SYMBOL_OK or t.name == SYMBOL_ERR):
        return named(ctx, b"result", 6)
    if t.enum == SYMBOL_OPTION and (t.name == SYMBOL_SOME or t.name == SYMBOL_NONE):
        return named(ctx, b"option", 6)
    return named(ctx, b"tagged", 6)


# ---------------------------------------------------------------- kinds


@inline
def has_tag(ctx: RuffContext, row: ptr[Value], count: i64, tag: i64) -> Value:
    if count == 1:
        return from_bool(row[0].tag == tag)
    return ask_library(ctx, row, count)


@native
def native_is_int(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return has_tag(ctx, row, count, INT)


@native
def native_is_float(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return has_tag(ctx, row, count, FLOAT)


@native
def native_is_string(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return has_tag(ctx, row, count, STRING)


@native
def native_is_bool(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return has_tag(ctx, row, count, BOOL)


@native
def native_is_array(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return has_tag(ctx, row, count, ARRAY)


@native
def native_is_dict(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return has_tag(ctx, row, count, DICT)


@native
def native_is_null(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    return has_tag(ctx, row, count, NULL)


@native
def native_is_function(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag != OBJECT:
        tag = row[0].tag
        return from_bool(tag == FUNCTION or tag == CLOSURE or tag == BUILTIN)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- truth


@native
def native_is_truthy(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag != OBJECT:
        return from_bool(truthy(row[0]))
    return ask_library(ctx, row, count)


@native
def native_to_bool(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag != OBJECT:
        if row[0].tag != STRING:
            return from_bool(truthy(row[0]))
        text = text_in(row[0])
        if string_is_ascii(text):
            data, length = ascii_data(text), string_length(text)
            if length == 0 or (length == 1 and data[0] == 48):
                return from_bool(False)
            if length != 5:
                return from_bool(True)
            return from_bool(not spells_false(data))
    return ask_library(ctx, row, count)


@native
def spells_false(data: ptr[u8]) -> bool:
    """Whether five bytes are ``false``, in whatever case."""
    name = literal(b"false")
    for i in range(5):  # noqa: SIM110  # native code has no generators
        if (data[i] | u8(32)) != name[i]:
            return False
    return True


@native
def native_assert(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if (count == 1 or count == 2) and row[0].tag != OBJECT and truthy(row[0]):
        return from_bool(True)
    return ask_library(ctx, row, count)


@native
def native_assert_true(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag == BOOL and row[0].payload != 0:
        return row[0]
    return ask_library(ctx, row, count)


@native
def native_assert_false(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag == BOOL and row[0].payload == 0:
        return from_bool(True)
    return ask_library(ctx, row, count)


@native
def native_assert_equal(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 2 and plain(ctx.heap, row[1], DEEP) and values_equal(ctx.heap, row[0], row[1]) == EQUAL:
        return from_bool(True)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- making


@native
def native_array(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """An array of the arguments."""
    made = array_new(ctx.heap, count)
    if is_null(made):
        return out_of_memory(ctx)
    for i in range(count):
        if not array_push(ctx.heap, made, row[i]):
            release_object(ctx.heap, ARRAY, made)
            return out_of_memory(ctx)
        row[i] = Value(NULL, 0)
    return Value(ARRAY, address(made))
