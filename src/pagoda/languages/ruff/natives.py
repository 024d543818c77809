"""Native bodies of hot builtins. A body gets a row of owned values and their count, and answers an owned value.

What must hold: a body that does not know its arguments asks the host, which has the builtin's definition; so every message and
every rare kind has one home. What a body leaves in the row is released by its caller.
"""

from __future__ import annotations

from typing import Any

from pagoda.languages.ruff.bridge import host_call
from pagoda.languages.ruff.ops.data import text_of
from pagoda.languages.ruff.ops.model import RuffContext, out_of_memory
from pagoda.languages.ruff.ops.slow import CALL_BUILTIN
from pagoda.native import f64, i64, native, ptr
from pagoda.native.functions import NativeFunction
from pagoda.native.intrinsics import address, is_null, pointer
from pagoda.runtime.arrays import array_push, array_unique
from pagoda.runtime.layouts import Array, Dict
from pagoda.runtime.pairs import ARRAY, DICT, FLOAT, INT, NULL, STRING, Object, Value, from_float, from_int
from pagoda.runtime.strings import string_length


@native
def native_len(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """``len(x)``."""
    if count == 1:
        v = row[0]
        if v.tag == ARRAY:
            return from_int(pointer(Array, v.payload).length)
        if v.tag == STRING:
            return from_int(string_length(pointer(Object, v.payload)))
        if v.tag == DICT:
            return from_int(pointer(Dict, v.payload).length)
    return host_call(ctx, CALL_BUILTIN + (ctx.asked << 8), row, count)


@native
def native_push(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """``push(a, x)``: in place if nobody else holds the array."""
    if count == 2 and row[0].tag == ARRAY:
        mine = array_unique(ctx.heap, pointer(Array, row[0].payload))
        if is_null(mine):
            return out_of_memory(ctx)
        row[0] = Value(ARRAY, address(mine))
        if not array_push(ctx.heap, mine, row[1]):
            return out_of_memory(ctx)
        row[0] = Value(NULL, 0)
        row[1] = Value(NULL, 0)
        return Value(ARRAY, address(mine))
    return host_call(ctx, CALL_BUILTIN + (ctx.asked << 8), row, count)


@native
def native_to_string(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """``to_string(x)``."""
    if count == 1:
        return text_of(ctx, row[0])
    return host_call(ctx, CALL_BUILTIN + (ctx.asked << 8), row, count)


@native
def native_to_float(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """``to_float(x)`` of a number."""
    if count == 1:
        v = row[0]
        if v.tag == FLOAT:
            return v
        if v.tag == INT:
            return from_float(f64(v.payload))
    return host_call(ctx, CALL_BUILTIN + (ctx.asked << 8), row, count)


NATIVES: dict[str, NativeFunction[Any, Any]] = {
    "len": native_len, "push": native_push, "append": native_push, "to_string": native_to_string, "str": native_to_string,
    "to_float": native_to_float,
}  # fmt: skip
