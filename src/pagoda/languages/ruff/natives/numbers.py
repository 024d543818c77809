"""Mathematics, out of libm as CPython's is, and bit operations."""

from __future__ import annotations

from pagoda.languages.ruff.natives.base import ask_library
from pagoda.languages.ruff.ops.model import RuffContext
from pagoda.native import extern, f64, i64, inline, native, ptr
from pagoda.native.intrinsics import (
    absolute,
    ceil,
    float_from_bits,
    floor,
    round_half_away,
    square_root,
    wrap_i64,
    wrap_u64,
)  # fmt: skip
from pagoda.runtime.pairs import INT, Value, from_float, from_int, is_number, number_of

INFINITY_BITS = 0x7FF0000000000000


@extern("sin")
def c_sin(x: f64) -> f64:
    raise NotImplementedError


@extern("cos")
def c_cos(x: f64) -> f64:
    raise NotImplementedError


@extern("tan")
def c_tan(x: f64) -> f64:
    raise NotImplementedError


@extern("log")
def c_log(x: f64) -> f64:
    raise NotImplementedError


@extern("exp")
def c_exp(x: f64) -> f64:
    raise NotImplementedError


@extern("pow")
def c_pow(x: f64, y: f64) -> f64:
    raise NotImplementedError


@inline
def one_number(row: ptr[Value], count: i64) -> bool:
    return count == 1 and is_number(row[0])


@inline
def two_numbers(row: ptr[Value], count: i64) -> bool:
    return count == 2 and is_number(row[0]) and is_number(row[1])


@inline
def two_ints(row: ptr[Value], count: i64) -> bool:
    return count == 2 and row[0].tag == INT and row[1].tag == INT


# ---------------------------------------------------------------- one number


@native
def native_abs(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(absolute(number_of(row[0])))
    return ask_library(ctx, row, count)


@native
def native_sqrt(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        x = number_of(row[0])
        if not x < 0.0:  # NaN is none of the library's errors
            return from_float(square_root(x))
    return ask_library(ctx, row, count)


@native
def native_floor(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(floor(number_of(row[0])) + 0.0)  # the library goes by way of an int, which has no negative zero
    return ask_library(ctx, row, count)


@native
def native_ceil(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(ceil(number_of(row[0])) + 0.0)
    return ask_library(ctx, row, count)


@native
def native_round(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(round_half_away(number_of(row[0])))
    return ask_library(ctx, row, count)


@native
def native_sin(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(c_sin(number_of(row[0])))
    return ask_library(ctx, row, count)


@native
def native_cos(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(c_cos(number_of(row[0])))
    return ask_library(ctx, row, count)


@native
def native_tan(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(c_tan(number_of(row[0])))
    return ask_library(ctx, row, count)


@native
def native_log(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        x = number_of(row[0])
        if not x <= 0.0:
            return from_float(c_log(x))
    return ask_library(ctx, row, count)


@native
def native_exp(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if one_number(row, count):
        return from_float(c_exp(number_of(row[0])))
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- two numbers


@native
def native_pow(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_numbers(row, count):
        x = number_of(row[0])
        result = c_pow(x, number_of(row[1]))
        if x == 0.0 and result < 0.0:
            result = float_from_bits(INFINITY_BITS)  # C has -inf for negative zero to an odd negative power
        return from_float(result)
    return ask_library(ctx, row, count)


@native
def native_min(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_numbers(row, count):
        a, b = number_of(row[0]), number_of(row[1])
        return from_float(b if a != a or b < a else a)
    return ask_library(ctx, row, count)


@native
def native_max(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_numbers(row, count):
        a, b = number_of(row[0]), number_of(row[1])
        return from_float(b if a != a or b > a else a)
    return ask_library(ctx, row, count)


# ---------------------------------------------------------------- bits


@native
def native_bit_and(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_ints(row, count):
        return from_int(row[0].payload & row[1].payload)
    return ask_library(ctx, row, count)


@native
def native_bit_or(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_ints(row, count):
        return from_int(row[0].payload | row[1].payload)
    return ask_library(ctx, row, count)


@native
def native_bit_xor(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_ints(row, count):
        return from_int(row[0].payload ^ row[1].payload)
    return ask_library(ctx, row, count)


@native
def native_bit_not(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if count == 1 and row[0].tag == INT:
        return from_int(row[0].payload ^ -1)
    return ask_library(ctx, row, count)


@native
def native_bit_shl(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_ints(row, count):
        distance = row[1].payload
        if distance >= 0 and distance <= 63:
            return from_int(wrap_i64(wrap_u64(row[0].payload) << wrap_u64(distance)))
    return ask_library(ctx, row, count)


@native
def native_bit_shr(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    if two_ints(row, count):
        distance = row[1].payload
        if distance >= 0 and distance <= 63:
            return from_int(row[0].payload >> distance)
    return ask_library(ctx, row, count)
