"""What native bodies share: the way to the library, fuel and stopping, positions among the arguments, and making small arrays.

What must hold: a body polls at least once in some thousand items, and answers failure soon after the program was told to stop.
"""

from __future__ import annotations

from pagoda.languages.ruff.bridge import host_call
from pagoda.languages.ruff.ops.model import STOPPED, RuffContext, out_of_memory
from pagoda.languages.ruff.ops.slow import CALL_BUILTIN, LARGE_TEXT
from pagoda.native import cold, i64, inline, native, ptr
from pagoda.native.intrinsics import absolute, address, i64_of_float, is_null, likely, null, pointer
from pagoda.runtime.arrays import array_new_stored, array_unique, storage_for
from pagoda.runtime.heap import Heap, told_to_stop
from pagoda.runtime.layouts import GENERAL, INTS, Array, array_ints, array_values
from pagoda.runtime.pairs import ARRAY, FLOAT, INT, STRING, Object, Value, float_of

FAR = 9.2e18  # floats nearer to zero fit an i64 with all their digits
ITEMS = (1 << 13) - 1  # items between two looks whether to stop, where each takes a while: it allocates, or is looked up
WORDS = 1 << 18  # numbers or characters, likewise, that are walked through in a row


@cold
def ask_library(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """The builtin's own definition: it knows every kind of argument, and the errors. It charges by itself. Not asked where a
    body found, on its way here, that the program is to stop."""
    if ctx.stop != 0:
        return out_of_memory(ctx)
    return host_call(ctx, CALL_BUILTIN + (ctx.asked << 8), row, count)


# ---------------------------------------------------------------- fuel


@inline
def pay(ctx: RuffContext, units: i64) -> bool:
    """Charges for walking through so many items: a unit for each 64. False where the fuel is used up; then the body fails."""
    if likely(units < 64):
        return True
    return pay_for_many(ctx, units >> 6)


@native
def pay_for_many(ctx: RuffContext, units: i64) -> bool:
    ctx.fuel -= units
    if ctx.fuel < 0:
        ctx.stop = 1
        ctx.error_kind = STOPPED
        return False
    return True


@inline
def stopped_at(heap: Heap, i: i64) -> bool:
    """Whether the program is to stop; a loop asks at every item, and one in some thousand is looked at."""
    return (i & ITEMS) == ITEMS and told_to_stop(heap)


@inline
def room_for_text(ctx: RuffContext, length: i64) -> bool:
    """Whether a string of so many characters may be made under the memory limit. Strings lie outside the heap, so only large
    ones are looked at here; the sum of the small ones is the watch's business (execute/run.py)."""
    return length < LARGE_TEXT or length <= ctx.heap.bytes_limit - ctx.heap.bytes_used


# ---------------------------------------------------------------- arguments


@inline
def position(v: Value) -> tuple[i64, bool]:
    """An int as the library takes one, a float being cut, and whether it is one. Floats near the ends of i64 are left out."""
    if likely(v.tag == INT):
        return v.payload, True
    if v.tag == FLOAT and absolute(float_of(v)) < FAR:
        return i64_of_float(float_of(v)), True
    return 0, False


@inline
def one_string(row: ptr[Value], count: i64) -> bool:
    return count == 1 and row[0].tag == STRING


@inline
def two_strings(row: ptr[Value], count: i64) -> bool:
    return count == 2 and row[0].tag == STRING and row[1].tag == STRING


@inline
def one_array(row: ptr[Value], count: i64) -> bool:
    return count == 1 and row[0].tag == ARRAY


@inline
def text_in(v: Value) -> Object:
    """The string in a STRING."""
    return pointer(Object, v.payload)


@inline
def array_in(v: Value) -> Array:
    """The array in an ARRAY."""
    return pointer(Array, v.payload)


@inline
def moved(row: ptr[Value], i: i64) -> Value:
    """Takes an argument out of the row."""
    v = row[i]
    row[i] = Value(0, 0)
    return v


@native
def own_array(ctx: RuffContext, row: ptr[Value]) -> Array:
    """The array that is the first argument, to be changed; it stays in the row. Null without memory."""
    mine = array_unique(ctx.heap, array_in(row[0]))
    if not is_null(mine):
        row[0] = Value(ARRAY, address(mine))
    return mine


# ---------------------------------------------------------------- small arrays


@native
def pair_new(heap: Heap, first: Value, second: Value) -> Array:
    """``[first, second]``, taking over both references unless it answers null: no memory."""
    storage = storage_for(first.tag)
    if storage != INTS or second.tag != INT:
        storage = GENERAL
    made = array_new_stored(heap, storage, 2)
    if is_null(made):
        return null(Array)
    if storage == INTS:
        array_ints(made)[0] = first.payload
        array_ints(made)[1] = second.payload
    else:
        array_values(made)[0] = first
        array_values(made)[1] = second
    made.length = 2
    return made
