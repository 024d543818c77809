"""The slow sides of operations: what the fast path of a body leaves to, natively where that is worth it, else through the host.

What must hold: a function here borrows its values, answers an owned one, and on failure answers a negative tag with the error
noted and nothing changed.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.ruff.bridge import host_call
from pagoda.languages.ruff.methods import LAST_EPOCH, METHOD_STEP, MOST_SHAPES, SHAPE_STEP
from pagoda.languages.ruff.ops.calling import call_function, call_row
from pagoda.languages.ruff.ops.model import (
    ARITY,
    UNDEFINED,
    RuffContext,
    failure,
    note_tag,
    number_of,
    out_of_memory,
    raise_error,
)  # fmt: skip
from pagoda.machine.context import Code
from pagoda.native import cold, i64, inline, native, ptr
from pagoda.native.intrinsics import address, call_address, cast, field_pointer, i64_of_float, is_null, pointer
from pagoda.runtime.arrays import (
    Array,
    array_load,
    array_new,
    array_push,
    array_store,
    array_unique,
)  # fmt: skip
from pagoda.runtime.equality import UNKNOWN, values_equal
from pagoda.runtime.layouts import Shape, Struct
from pagoda.runtime.maps import Dict, dict_find, dict_key, dict_new, dict_set, dict_unique, dict_value_at
from pagoda.runtime.pairs import (
    ARRAY,
    BOOL,
    BUILTIN,
    CLOSURE,
    DICT,
    FLOAT,
    FUNCTION,
    HOLE,
    INT,
    NULL,
    STRING,
    STRUCT,
    Object,
    Value,
    from_bool,
)  # fmt: skip
from pagoda.runtime.references import release, release_object, retain
from pagoda.runtime.strings import string_append, string_char_at, string_compare, string_concat, string_equal, string_length
from pagoda.runtime.structs import struct_field, struct_field_index, struct_store, struct_unique, struct_with_field

# What the host is asked to do; its table has these numbers as keys (vm/host.py).
CALL_BUILTIN: Final = 0
BINARY_ADD: Final = 1
BINARY_SUB: Final = 2
BINARY_MUL: Final = 3
BINARY_DIV: Final = 4
BINARY_MOD: Final = 5
BINARY_EQ: Final = 6
BINARY_NE: Final = 7
BINARY_LT: Final = 8
BINARY_LE: Final = 9
BINARY_GT: Final = 10
BINARY_GE: Final = 11
NEGATE: Final = 12
INVERT: Final = 13
INDEX: Final = 14
SET_INDEX: Final = 15
FIELD: Final = 16
SET_FIELD: Final = 17
DISPLAY: Final = 18
CATCH: Final = 19
NOT_CALLABLE: Final = 20
METHOD: Final = 21
ITERATE: Final = 22
CASE: Final = 23
TRY: Final = 24
SPREAD: Final = 25
DICT_KEY: Final = 26
RANGE_BOUND: Final = 27
CALL_VALUE: Final = 28
SPREAD_DICT: Final = 29
PATH: Final = 30
IMPORT: Final = 31
DESTRUCTURE: Final = 32
NEXT: Final = 33
AWAIT: Final = 34
DEFINE: Final = 35
PROMISE: Final = 36
SPAWN: Final = 37
WRITE: Final = 38


@inline
def ask1(ctx: RuffContext, service: i64, a: Value) -> Value:
    """Asks the host with one value."""
    row = cast(ptr[Value], field_pointer(ctx, "ask_a"))
    row[0] = a
    return host_call(ctx, service, row, 1)


@inline
def ask2(ctx: RuffContext, service: i64, a: Value, b: Value) -> Value:
    """Asks the host with two values."""
    row = cast(ptr[Value], field_pointer(ctx, "ask_a"))
    row[0] = a
    row[1] = b
    return host_call(ctx, service, row, 2)


@inline
def ask3(ctx: RuffContext, service: i64, a: Value, b: Value, c: Value) -> Value:
    """Asks the host with three values."""
    row = cast(ptr[Value], field_pointer(ctx, "ask_a"))
    row[0] = a
    row[1] = b
    row[2] = c
    return host_call(ctx, service, row, 3)


FIRST_OVERLOAD: Final = 6  # with a service's number: the symbol of the operator's method (compile/program.py)
LARGE_TEXT: Final = 1 << 20  # code points from which on the memory limit is asked before a string is made


@inline
def room_for_text(ctx: RuffContext, a: Object, b: Object) -> bool:
    """Whether two strings may be joined under the memory limit. Strings lie outside the heap, so only large ones are
    looked at here;
    the sum of the small ones is the watch's business (execute/run.py)."""
    count = string_length(a) + string_length(b)
    return count < LARGE_TEXT or count <= ctx.heap.bytes_limit - ctx.heap.bytes_used


@inline
def string_value(ctx: RuffContext, text: Object) -> Value:
    """An owned string as a value; null becomes the memory limit."""
    if is_null(text):
        return out_of_memory(ctx)
    return Value(STRING, address(text))


# ---------------------------------------------------------------- operators


@native
def overload(ctx: RuffContext, service: i64, a: Value) -> Value:
    """The method by which ``a`` answers an operator, borrowed; a hole if it has none."""
    if a.tag == STRUCT and ctx.overloads != 0:
        return find_method(ctx, pointer(Struct, a.payload).shape.name, FIRST_OVERLOAD + service)
    return Value(HOLE, 0)


@cold
def binary_slow(ctx: RuffContext, service: i64, a: Value, b: Value) -> Value:
    """Operands that a fast path does not take: overloads, and every error."""
    method = overload(ctx, service, a)
    if method.tag != HOLE:
        retain(a)
        retain(b)
        return call_function(ctx, method, 2, a, b)
    return ask2(ctx, service, a, b)


@cold
def unary_slow(ctx: RuffContext, service: i64, a: Value) -> Value:
    """The same for one operand."""
    method = overload(ctx, service, a)
    if method.tag != HOLE:
        retain(a)
        return call_function(ctx, method, 1, a, Value(NULL, 0))
    return ask1(ctx, service, a)


@native
def add_slow(ctx: RuffContext, a: Value, b: Value) -> Value:
    """Two strings, or what the host says."""
    if a.tag == STRING and b.tag == STRING:
        if not room_for_text(ctx, pointer(Object, a.payload), pointer(Object, b.payload)):
            return out_of_memory(ctx)
        return string_value(ctx, string_concat(pointer(Object, a.payload), pointer(Object, b.payload)))
    return binary_slow(ctx, BINARY_ADD, a, b)


@native
def append_to(ctx: RuffContext, place: ptr[Value], b: Value) -> i64:
    """``place := place + b`` where not both are numbers; a string with one reference grows in place."""
    a = place[0]
    if a.tag == STRING and b.tag == STRING:
        if not room_for_text(ctx, pointer(Object, a.payload), pointer(Object, b.payload)):
            out_of_memory(ctx)
            return -1
        grown = string_append(pointer(Object, a.payload), pointer(Object, b.payload))
        if is_null(grown):
            place[0] = Value(NULL, 0)
            out_of_memory(ctx)
            return -1
        place[0] = Value(STRING, address(grown))
        return 0
    if a.tag == HOLE:
        undefined(ctx, place)
        return -1
    result = binary_slow(ctx, BINARY_ADD, a, b)
    if result.tag < 0:
        return -1
    former = place[0]  # not always ``a``: an overload may have changed a global
    place[0] = result
    release(ctx.heap, former)
    return 0


@cold
def undefined(ctx: RuffContext, place: ptr[Value]) -> Value:
    """The error of a global that has no value yet; the hole carries the global's number."""
    return raise_error(ctx, UNDEFINED, Value(INT, place[0].payload), Value(NULL, 0))


@native
def equal_slow(ctx: RuffContext, a: Value, b: Value) -> i64:
    """1 or 0 for operands that are not both ints; -1 on failure."""
    if a.tag == STRING and b.tag == STRING:
        return i64(string_equal(pointer(Object, a.payload), pointer(Object, b.payload)))
    if overload(ctx, BINARY_EQ, a).tag != HOLE:
        return truth_of(ctx, binary_slow(ctx, BINARY_EQ, a, b))
    return plain_equal(ctx, a, b)


@native
def plain_equal(ctx: RuffContext, a: Value, b: Value) -> i64:
    """Equality without overloads: 1 or 0; -1 on failure."""
    if a.tag == CLOSURE or a.tag == FUNCTION:
        return i64(a.tag == b.tag and a.payload == b.payload)
    answer = UNKNOWN if a.tag == 17 or b.tag == 17 else values_equal(ctx.heap, a, b)
    if answer == UNKNOWN:
        return truth_of(ctx, ask2(ctx, BINARY_EQ, a, b))
    if answer < 0:
        out_of_memory(ctx)
        return -1
    return answer


@native
def unequal_slow(ctx: RuffContext, a: Value, b: Value) -> i64:
    """The opposite of :func:`equal_slow`, but an overload of ``!=`` decides for itself."""
    if overload(ctx, BINARY_NE, a).tag != HOLE:
        return truth_of(ctx, binary_slow(ctx, BINARY_NE, a, b))
    answer = plain_equal(ctx, a, b)
    return answer if answer < 0 else 1 - answer


@native
def truth_of(ctx: RuffContext, v: Value) -> i64:
    """An owned answer as 1 or 0, consumed; -1 if it failed."""
    if v.tag < 0:
        return -1
    answer = i64(truthy(v))
    release(ctx.heap, v)
    return answer


@native
def compare_slow(ctx: RuffContext, service: i64, a: Value, b: Value) -> i64:
    """An ordering that is not between numbers: 1, 0, or -1 on failure."""
    if a.tag == STRING and b.tag == STRING:
        order = string_compare(pointer(Object, a.payload), pointer(Object, b.payload))
        if service == BINARY_LT:
            return i64(order < 0)
        if service == BINARY_LE:
            return i64(order <= 0)
        if service == BINARY_GT:
            return i64(order > 0)
        return i64(order >= 0)
    return truth_of(ctx, binary_slow(ctx, service, a, b))


@native
def equality_value(ctx: RuffContext, a: Value, b: Value) -> Value:
    """``a == b`` as a value."""
    if overload(ctx, BINARY_EQ, a).tag != HOLE:
        return binary_slow(ctx, BINARY_EQ, a, b)
    answer = plain_equal(ctx, a, b)
    return failure() if answer < 0 else from_bool(answer == 1)


@native
def inequality_value(ctx: RuffContext, a: Value, b: Value) -> Value:
    """``a != b`` as a value."""
    if overload(ctx, BINARY_NE, a).tag != HOLE:
        return binary_slow(ctx, BINARY_NE, a, b)
    answer = plain_equal(ctx, a, b)
    return failure() if answer < 0 else from_bool(answer == 0)


@native
def ordering_value(ctx: RuffContext, service: i64, a: Value, b: Value) -> Value:
    """An ordering as a value; an overload's result is returned as it is."""
    if a.tag == STRING and b.tag == STRING:
        return from_bool(compare_slow(ctx, service, a, b) == 1)
    return binary_slow(ctx, service, a, b)


@native
def truthy(v: Value) -> bool:
    """Falsy: false, null, 0, 0.0 and empty strings, arrays, dicts."""
    tag = v.tag
    if tag == BOOL or tag == INT:
        return v.payload != 0
    if tag == NULL:
        return False
    if tag == FLOAT:
        return number_of(v) != 0.0
    if tag == STRING:
        return string_length(pointer(Object, v.payload)) != 0
    if tag == ARRAY:
        return pointer(Array, v.payload).length != 0
    if tag == DICT:
        return pointer(Dict, v.payload).length != 0
    return True


# ---------------------------------------------------------------- indexing


@native
def place_in(a: Array, index: Value) -> i64:
    """The position that an index names: an int, or a float without its fraction; -1 if it names none."""
    i = index.payload
    if index.tag == FLOAT:
        number = number_of(index)
        if number != number:
            return -1
        i = i64_of_float(number)
    elif index.tag != INT:
        return -1
    if i < 0:
        i += a.length
    return i if i >= 0 and i < a.length else -1


@cold
def index_refused(ctx: RuffContext, service: i64, container: Value, index: Value, item: Value) -> Value:
    """The error of an index. It does not depend on what the container holds, which the host therefore never sees."""
    bare = container
    made = True
    if container.tag == ARRAY:
        bare = Value(ARRAY, address(array_new(ctx.heap, 0)))
    elif container.tag == DICT:
        bare = Value(DICT, address(dict_new(ctx.heap)))
    else:
        made = False
    if made and bare.payload == 0:
        return out_of_memory(ctx)
    answer = ask3(ctx, service, bare, index, item) if service == SET_INDEX else ask2(ctx, service, bare, index)
    if made:
        release(ctx.heap, bare)
    return answer


@native
def index_slow(ctx: RuffContext, container: Value, index: Value, seen: ptr[i64]) -> Value:
    """Everything but an int index in the range of an array; notes the kind of the result."""
    answer = index_other(ctx, container, index)
    if answer.tag >= 0:
        note_tag(seen, answer.tag)
    return answer


@native
def index_other(ctx: RuffContext, container: Value, index: Value) -> Value:
    """See :func:`index_slow`."""
    if container.tag == ARRAY:
        a = pointer(Array, container.payload)
        i = place_in(a, index)
        if i >= 0:
            found = array_load(a, i)
            retain(found)
            return found
    elif container.tag == DICT:
        key, valid = dict_key(index)
        if valid:
            d = pointer(Dict, container.payload)
            entry = dict_find(d, key)
            if entry >= 0:
                found = dict_value_at(d, entry)
                retain(found)
                return found
    elif container.tag == STRING and index.tag == INT:
        text = pointer(Object, container.payload)
        length = string_length(text)
        i = index.payload
        if i < 0:
            i += length
        if i >= 0 and i < length:
            return string_value(ctx, string_char_at(text, i))
    elif container.tag == HOLE:
        return raise_error(ctx, UNDEFINED, Value(INT, container.payload), Value(NULL, 0))
    return index_refused(ctx, INDEX, container, index, index)


@native
def index_store(ctx: RuffContext, place: ptr[Value], index: Value, item: Value) -> i64:
    """``place[index] := item``; consumes ``item`` on success."""
    container = place[0]
    if container.tag == ARRAY:
        a = pointer(Array, container.payload)
        i = place_in(a, index)
        if i >= 0:
            mine = array_unique(ctx.heap, a)
            if is_null(mine):
                out_of_memory(ctx)
                return -1
            place[0] = Value(ARRAY, address(mine))
            if not array_store(ctx.heap, mine, i, item):
                out_of_memory(ctx)
                return -1
            return 0
        return index_refused(ctx, SET_INDEX, container, index, Value(NULL, 0)).tag
    elif container.tag == DICT:
        key, valid = dict_key(index)
        if not valid and index.tag != FLOAT:
            return index_refused(ctx, SET_INDEX, container, index, Value(NULL, 0)).tag
        if valid:
            own = dict_unique(ctx.heap, pointer(Dict, container.payload))
            if is_null(own):
                out_of_memory(ctx)
                return -1
            place[0] = Value(DICT, address(own))
            retain(key)
            if not dict_set(ctx.heap, own, key, item):
                release(ctx.heap, key)
                out_of_memory(ctx)
                return -1
            return 0
    elif container.tag == HOLE:
        undefined(ctx, place)
        return -1
    answer = ask3(ctx, SET_INDEX, container, index, item)
    if answer.tag < 0:
        return -1
    release(ctx.heap, container)
    place[0] = answer
    release(ctx.heap, item)
    return 0


@native
def push_onto(ctx: RuffContext, place: ptr[Value], item: Value) -> i64:
    """``place := push(place, item)``; consumes ``item`` on success."""
    container = place[0]
    if container.tag == ARRAY:
        mine = array_unique(ctx.heap, pointer(Array, container.payload))
        if is_null(mine):
            out_of_memory(ctx)
            return -1
        place[0] = Value(ARRAY, address(mine))
        if not array_push(ctx.heap, mine, item):
            out_of_memory(ctx)
            return -1
        return 0
    if container.tag == HOLE:
        undefined(ctx, place)
        return -1
    answer = ask2(ctx, CALL_BUILTIN + (ctx.push_number << 8), container, item)
    if answer.tag < 0:
        return -1
    release(ctx.heap, container)
    place[0] = answer
    release(ctx.heap, item)
    return 0


# ---------------------------------------------------------------- fields


@inline
def symbol_text(ctx: RuffContext, symbol: i64) -> Value:
    """A name as a string, borrowed: the key by which a dict knows a field."""
    return Value(STRING, pointer(ptr[i64], address(ctx.names))[symbol])


@native
def field_slow(ctx: RuffContext, receiver: Value, symbol: i64, cache: ptr[i64], seen: ptr[i64]) -> Value:
    """A field that the inline cache does not know; fills the cache and notes the kind of the result."""
    answer = field_other(ctx, receiver, symbol, cache)
    if answer.tag >= 0:
        note_tag(seen, answer.tag)
    return answer


@native
def field_other(ctx: RuffContext, receiver: Value, symbol: i64, cache: ptr[i64]) -> Value:
    """See :func:`field_slow`."""
    if receiver.tag == STRUCT:
        s = pointer(Struct, receiver.payload)
        i = struct_field_index(s.shape, symbol)
        if i >= 0:
            cache[0] = (s.shape.id << 16) + i
            found = struct_field(s, i)[0]
            retain(found)
            return found
    if receiver.tag == DICT:
        d = pointer(Dict, receiver.payload)
        entry = dict_find(d, symbol_text(ctx, symbol))
        v = Value(NULL, 0)
        if entry >= 0:
            v = dict_value_at(d, entry)
            retain(v)
        return v
    if receiver.tag == HOLE:
        return raise_error(ctx, UNDEFINED, Value(INT, receiver.payload), Value(NULL, 0))
    return ask2(ctx, FIELD, Value(NULL, 0) if receiver.tag == ARRAY else receiver, Value(INT, symbol))


@native
def field_store_noted(ctx: RuffContext, place: ptr[Value], symbol: i64, item: Value, cache: ptr[i64]) -> i64:
    """As :func:`field_store`; fills the cache."""
    if place[0].tag == STRUCT:
        shape = pointer(Struct, place[0].payload).shape
        i = struct_field_index(shape, symbol)
        if i >= 0:
            cache[0] = (shape.id << 16) + i
    return field_store(ctx, place, symbol, item)


@native
def field_store(ctx: RuffContext, place: ptr[Value], symbol: i64, item: Value) -> i64:
    """``place.symbol := item``; consumes ``item`` on success."""
    receiver = place[0]
    if receiver.tag == STRUCT:
        s = pointer(Struct, receiver.payload)
        i = struct_field_index(s.shape, symbol)
        if i >= 0:
            mine = struct_unique(ctx.heap, s)
            if is_null(mine):
                out_of_memory(ctx)
                return -1
            place[0] = Value(STRUCT, address(mine))
            struct_store(ctx.heap, mine, i, item)
            return 0
        grown = struct_with_field(ctx.heap, s, symbol, item)
        if is_null(grown):
            out_of_memory(ctx)
            return -1
        place[0] = Value(STRUCT, address(grown))
        return 0
    if receiver.tag == DICT:
        return index_store(ctx, place, symbol_text(ctx, symbol), item)
    if receiver.tag == HOLE:
        undefined(ctx, place)
        return -1
    answer = ask3(ctx, SET_FIELD, receiver, Value(INT, symbol), item)
    if answer.tag < 0:
        return -1
    release(ctx.heap, receiver)
    place[0] = answer
    release(ctx.heap, item)
    return 0


@native
def set_along(ctx: RuffContext, place: ptr[Value], keys: ptr[Value], count: i64, fields: i64) -> i64:
    """``place.a[i].b := v``: the keys are in ``keys``, the value is the last; bit ``k`` of ``fields`` says that key ``k`` is a
    field's symbol. Makes every container on the way unique. Consumes the value on success."""
    at = place
    for k in range(count - 2):
        holder = at[0]
        key = keys[k]
        if holder.tag == HOLE:
            undefined(ctx, at)
            return -1
        following = cast(ptr[Value], pointer(ptr[Value], 0))
        if (fields >> k) & 1 == 1:
            if holder.tag == STRUCT:
                s = struct_unique(ctx.heap, pointer(Struct, holder.payload))
                if is_null(s):
                    out_of_memory(ctx)
                    return -1
                at[0] = Value(STRUCT, address(s))
                i = struct_field_index(s.shape, key.payload)
                if i >= 0:
                    following = struct_field(s, i)
            elif holder.tag == DICT:
                key = symbol_text(ctx, key.payload)
        if (fields >> k) & 1 == 0 or holder.tag == DICT:
            if holder.tag == ARRAY and key.tag == INT:
                a = array_unique(ctx.heap, pointer(Array, holder.payload))
                if is_null(a):
                    out_of_memory(ctx)
                    return -1
                at[0] = Value(ARRAY, address(a))
                i = key.payload
                if i < 0:
                    i += a.length
                if i >= 0 and i < a.length and a.storage == 4:
                    following = cast(ptr[Value], a.data)
                    following = pointer(ptr[Value], address(following) + (i << 4))
            elif holder.tag == DICT:
                name, valid = dict_key(key)
                if valid:
                    d = dict_unique(ctx.heap, pointer(Dict, holder.payload))
                    if is_null(d):
                        out_of_memory(ctx)
                        return -1
                    at[0] = Value(DICT, address(d))
                    entry = dict_find(d, name)
                    if entry >= 0:
                        following = cast(ptr[Value], field_pointer(d.entries[entry], "value"))
        if is_null(following):
            return set_along_host(ctx, place, keys, count, fields)
        at = following
    last = keys[count - 2]
    if (fields >> (count - 2)) & 1 == 1:
        return field_store(ctx, at, last.payload, keys[count - 1])
    return index_store(ctx, at, last, keys[count - 1])


@cold
def set_along_host(ctx: RuffContext, place: ptr[Value], keys: ptr[Value], count: i64, fields: i64) -> i64:
    """The host goes the way, or says what is wrong with it."""
    row = array_new(ctx.heap, count)
    if is_null(row):
        out_of_memory(ctx)
        return -1
    for k in range(count):
        retain(keys[k])
        if not array_push(ctx.heap, row, keys[k]):
            release(ctx.heap, keys[k])
            release_object(ctx.heap, ARRAY, row)
            out_of_memory(ctx)
            return -1
    answer = ask3(ctx, PATH, place[0], Value(INT, fields), Value(ARRAY, address(row)))
    release_object(ctx.heap, ARRAY, row)
    if answer.tag < 0:
        return -1
    release(ctx.heap, place[0])
    place[0] = answer
    release(ctx.heap, keys[count - 1])
    return 0


# ---------------------------------------------------------------- calls


@native
def release_row(ctx: RuffContext, row: ptr[Value], count: i64) -> None:
    """Releases what a window still owns; its registers are dead afterwards."""
    for i in range(count):
        v = row[i]
        row[i] = Value(NULL, 0)
        release(ctx.heap, v)


@native
def call_builtin_slow(ctx: RuffContext, number: i64, row: ptr[Value], count: i64) -> Value:
    """Runs a builtin over a row of owned values: its native body if it has one, else the host's. Empties the row on success."""
    body = ctx.natives[number]
    if body != 0:
        ctx.asked = number
        answer = call_address(Value, body, ctx, row, count)
    else:
        answer = host_call(ctx, CALL_BUILTIN + (number << 8), row, count)
    if answer.tag >= 0:
        release_row(ctx, row, count)
    return answer


@cold
def arity_error(ctx: RuffContext, code: Code, given: i64) -> Value:
    """The error of a call with the wrong number of arguments."""
    return raise_error(ctx, ARITY, Value(INT, address(code)), Value(INT, given))


@native
def call_other(ctx: RuffContext, window: ptr[Value], count: i64) -> Value:
    """A call of something that is no guest function: a builtin's value, or an error."""
    callee = window[0]
    row = pointer(ptr[Value], address(window) + 32)
    if callee.tag == BUILTIN:
        return call_builtin_slow(ctx, callee.payload, row, count)
    if callee.tag == HOLE:
        return raise_error(ctx, UNDEFINED, Value(INT, callee.payload), Value(NULL, 0))
    if callee.tag == 17:
        row[-1] = callee
        answer = host_call(ctx, CALL_VALUE, pointer(ptr[Value], address(row) - 16), count + 1)
        row[-1] = Value(NULL, 0)
        if answer.tag >= 0:
            release_row(ctx, row, count)
            release_row(ctx, window, 1)
        return answer
    return ask1(ctx, NOT_CALLABLE, callee)


@native
def method_slow(ctx: RuffContext, window: ptr[Value], count: i64, symbol: i64) -> Value:
    """A method call that no plain function answers: a method with captures, or what the host knows."""
    row = pointer(ptr[Value], address(window) + 32)
    if row[0].tag == STRUCT:
        found = find_method(ctx, pointer(Struct, row[0].payload).shape.name, symbol)
        if found.tag == FUNCTION:  # it would have been entered, were it not for the number of arguments
            return arity_error(ctx, pointer(Code, found.payload), count)
        if found.tag == CLOSURE:
            return call_row(ctx, found, row, count)
    answer = host_call(ctx, METHOD + (symbol << 8), row, count)
    if answer.tag >= 0:
        release_row(ctx, row, count)
    return answer


@native
def find_method(ctx: RuffContext, name: i64, symbol: i64) -> Value:
    """The method ``symbol`` of the struct type ``name``, borrowed; a hole if there is none."""
    row = method_row(ctx, name, symbol)
    if row < 0:
        return Value(HOLE, 0)
    return Value(ctx.methods[row + 2], ctx.methods[row + 3])


@native
def method_row(ctx: RuffContext, name: i64, symbol: i64) -> i64:
    """Where the row of a method lies in the table; -1 if there is none."""
    mask = ctx.method_mask
    i = (name * 31 + symbol) & mask
    while True:
        row = i * 4
        if ctx.methods[row] == 0:
            return -1
        if ctx.methods[row] == name and ctx.methods[row + 1] == symbol:
            return row
        i = (i + 1) & mask


@native
def method_code(ctx: RuffContext, shape: Shape, symbol: i64, count: i64, cache: ptr[i64]) -> i64:
    """Where the table holds the code of a method that is a plain function of so many parameters, and is noted in ``cache``
    for the next call; -1 if it is no such function."""
    row = method_row(ctx, shape.name, symbol)
    if row < 0 or ctx.methods[row + 2] != FUNCTION:
        return -1
    place = row + 3
    if pointer(Code, ctx.methods[place]).parameters != count:
        return -1
    if place < METHOD_STEP and shape.id < MOST_SHAPES and ctx.method_epoch < LAST_EPOCH:
        cache[0] = shape.id * SHAPE_STEP + ctx.method_epoch + place
    return place
