"""The bridge to Python: values as Python objects and back, calls of the host, and calls of guest functions from Python.

Scalars and strings travel as Python's own; arrays and dicts as the walker's classes, so that one library serves every
storey; structs,
tags and functions through two Python callables of the context. What must hold: the GIL is held; every function answers
a new reference
or null; no Python exception is left set.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.ruff.ops.entries import RECORD, code_of, room_above, run_entry
from pagoda.languages.ruff.ops.model import (
    DEPTH,
    HOST,
    NESTING,
    STOPPED,
    RuffContext,
    failure,
    out_of_memory,
    raise_error,
)  # fmt: skip
from pagoda.machine.context import Code
from pagoda.machine.frames import frame_code
from pagoda.native import cold, extern, f64, i32, i64, native, ptr, u8
from pagoda.native.intrinsics import address, call_address, float_from_bits, is_null, literal, null, offset, pointer
from pagoda.runtime.arrays import array_new, array_push
from pagoda.runtime.heap import told_to_stop
from pagoda.runtime.layouts import Array, Dict, Shape, Struct, Tagged, array_load, struct_values, tagged_values
from pagoda.runtime.maps import dict_key, dict_key_at, dict_new, dict_next, dict_set, dict_value_at
from pagoda.runtime.pairs import (
    ARRAY,
    BOOL,
    BUILTIN,
    CLOSURE,
    DICT,
    FLOAT,
    FUNCTION,
    GENERATOR,
    HOLE,
    INT,
    NULL,
    OBJECT,
    STRING,
    STRUCT,
    TAGGED,
    Object,
    Value,
    from_bool,
    from_float,
    from_int,
)  # fmt: skip
from pagoda.runtime.references import release, release_object, retain, retain_object, sweep_closures
from pagoda.runtime.structs import struct_new, tagged_new

# Places in RuffContext.types.
TYPE_INT: Final = 0
TYPE_FLOAT: Final = 1
TYPE_STR: Final = 2
TYPE_ARRAY: Final = 3
TYPE_DICT: Final = 4
TYPE_PACKED: Final = 5  # first of the types that go through pack and unpack
PACKED_COUNT: Final = 6

# What pack makes, and what unpack answers.
PACK_STRUCT: Final = 0
PACK_TAGGED: Final = 1
PACK_FUNCTION: Final = 2
PACK_CLOSURE: Final = 3
PACK_BUILTIN: Final = 4
PACK_GENERATOR: Final = 5

DEEPEST: Final = 1_200_000
ITEMS: Final = (1 << 16) - 1  # items of one array, likewise
CROSSINGS: Final = (1 << 12) - 1  # containers that cross between two looks whether to stop



@extern("PyLong_FromLongLong", "python")
def py_long(number: i64) -> Object:
    raise NotImplementedError


@extern("PyLong_AsLongLong", "python")
def py_as_long(item: Object) -> i64:
    raise NotImplementedError


@extern("PyFloat_FromDouble", "python")
def py_float(number: f64) -> Object:
    raise NotImplementedError


@extern("PyFloat_AsDouble", "python")
def py_as_double(item: Object) -> f64:
    raise NotImplementedError


@extern("PyList_New", "python")
def py_list_new(size: i64) -> Object:
    raise NotImplementedError


@extern("PyList_SetItem", "python")
def py_list_set(items: Object, index: i64, item: Object) -> i32:
    raise NotImplementedError


@extern("PyList_Size", "python")
def py_list_size(items: Object) -> i64:
    raise NotImplementedError


@extern("PyList_GetItem", "python")
def py_list_get(items: Object, index: i64) -> Object:
    raise NotImplementedError


@extern("PyDict_New", "python")
def py_dict_new() -> Object:
    raise NotImplementedError


@extern("PyDict_SetItem", "python")
def py_dict_set(items: Object, key: Object, item: Object) -> i32:
    raise NotImplementedError


@extern("PyDict_Items", "python")
def py_dict_items(items: Object) -> Object:
    raise NotImplementedError


@extern("PyTuple_New", "python")
def py_tuple_new(size: i64) -> Object:
    raise NotImplementedError


@extern("PyTuple_SetItem", "python")
def py_tuple_set(items: Object, index: i64, item: Object) -> i32:
    raise NotImplementedError


@extern("PyTuple_GetItem", "python")
def py_tuple_get(items: Object, index: i64) -> Object:
    raise NotImplementedError


@extern("PyObject_Call", "python")
def py_call(called: Object, args: Object, keywords: Object) -> Object:
    raise NotImplementedError


@extern("PyObject_GetAttrString", "python")
def py_attribute(item: Object, name: ptr[u8]) -> Object:
    raise NotImplementedError


@extern("PyErr_Clear", "python")
def py_clear() -> None:
    raise NotImplementedError


@native
def let_go(ctx: RuffContext, item: Object) -> None:
    """Gives back a reference to a Python object."""
    release_object(ctx.heap, OBJECT, item)


@native
def type_address(item: Object) -> i64:
    """The address of a Python object's type."""
    return pointer(ptr[i64], address(item))[1]


@native
def call_with(ctx: RuffContext, called: Object, args: Object) -> Object:
    """Calls a Python callable with a tuple, which is consumed; null where it raised."""
    answer = py_call(called, args, null(Object))
    let_go(ctx, args)
    if is_null(answer):
        py_clear()
    return answer


@native
def packed(ctx: RuffContext, kind: i64, identity: i64, parts: Object) -> Object:
    """What the ``pack`` callable makes of (kind, identity, parts); consumes ``parts``."""
    args = py_tuple_new(3)
    py_tuple_set(args, 0, py_long(kind))
    py_tuple_set(args, 1, py_long(identity))
    py_tuple_set(args, 2, parts)
    return call_with(ctx, ctx.pack, args)


@native
def list_of(ctx: RuffContext, values: ptr[Value], count: i64, depth: i64) -> Object:
    """A Python list of values, which are borrowed; null on failure."""
    items = py_list_new(count)
    for i in range(count):
        item = to_python(ctx, values[i], depth)
        if is_null(item):
            let_go(ctx, items)
            return null(Object)
        py_list_set(items, i, item)
    return items


@native
def known(at: i64) -> Object:
    """A new reference to an object at an address."""
    item = pointer(Object, at)
    retain_object(item)
    return item


@native
def interrupted(ctx: RuffContext) -> bool:
    """Whether the program is to stop; asked for every value that crosses, and looked at for few of them."""
    ctx.crossed += 1
    return (ctx.crossed & CROSSINGS) == 0 and told_to_stop(ctx.heap)


@native
def to_python(ctx: RuffContext, v: Value, depth: i64) -> Object:
    """A value as a Python object; null where it is nested too deeply, or the program is to stop."""
    tag = v.tag
    if tag == INT:
        return py_long(v.payload)
    if tag == FLOAT:
        return py_float(float_from_bits(v.payload))
    if tag == STRING or tag == OBJECT:
        return known(v.payload)
    if tag == BOOL:
        return known(ctx.true if v.payload != 0 else ctx.false)
    if tag == NULL or tag == HOLE:
        return known(ctx.none)
    if depth > DEEPEST or interrupted(ctx):
        return null(Object)
    if tag == ARRAY:
        return array_to_python(ctx, pointer(Array, v.payload), depth + 1)
    if tag == DICT:
        return dict_to_python(ctx, pointer(Dict, v.payload), depth + 1)
    if tag == STRUCT:
        s = pointer(Struct, v.payload)
        fields = list_of(ctx, struct_values(s), s.shape.count, depth + 1)
        return null(Object) if is_null(fields) else packed(ctx, PACK_STRUCT, address(s.shape), fields)
    if tag == TAGGED:
        t = pointer(Tagged, v.payload)
        values = list_of(ctx, tagged_values(t), t.count, depth + 1)
        return null(Object) if is_null(values) else packed(ctx, PACK_TAGGED, (t.enum << 32) | t.name, values)
    if tag == FUNCTION:
        return packed(ctx, PACK_FUNCTION, v.payload, known(ctx.none))
    if tag == CLOSURE:
        retain(v)
        return packed(ctx, PACK_CLOSURE, v.payload, known(ctx.none))
    if tag == GENERATOR:
        retain(v)
        return packed(ctx, PACK_GENERATOR, v.payload, known(ctx.none))
    return packed(ctx, PACK_BUILTIN, v.payload, known(ctx.none))


@native
def array_to_python(ctx: RuffContext, a: Array, depth: i64) -> Object:
    """An array as the walker's ``Array``."""
    items = py_list_new(a.length)
    for i in range(a.length):
        item = to_python(ctx, array_load(a, i), depth)
        if is_null(item):
            let_go(ctx, items)
            return null(Object)
        py_list_set(items, i, item)
        if (i & ITEMS) == ITEMS and told_to_stop(ctx.heap):
            let_go(ctx, items)
            return null(Object)
    args = py_tuple_new(1)
    py_tuple_set(args, 0, items)
    return call_with(ctx, pointer(Object, ctx.types[TYPE_ARRAY]), args)


@native
def dict_to_python(ctx: RuffContext, d: Dict, depth: i64) -> Object:
    """A dict as the walker's ``Dict``."""
    entries = py_dict_new()
    i = dict_next(d, 0)
    while i >= 0:
        key = to_python(ctx, dict_key_at(d, i), depth)
        item = to_python(ctx, dict_value_at(d, i), depth)
        if is_null(item):
            let_go(ctx, key)
            let_go(ctx, entries)
            return null(Object)
        py_dict_set(entries, key, item)
        let_go(ctx, key)
        let_go(ctx, item)
        i = dict_next(d, i + 1)
    args = py_tuple_new(1)
    py_tuple_set(args, 0, entries)
    return call_with(ctx, pointer(Object, ctx.types[TYPE_DICT]), args)


@native
def from_python(ctx: RuffContext, item: Object, depth: i64) -> Value:
    """A Python object as an owned value; failure where memory ran out. Unknown classes travel as they are."""
    at = address(item)
    if at == ctx.none:
        return Value(NULL, 0)
    if at == ctx.true:
        return from_bool(True)
    if at == ctx.false:
        return from_bool(False)
    kind = type_address(item)
    if kind == ctx.types[TYPE_INT]:
        return from_int(py_as_long(item))
    if kind == ctx.types[TYPE_FLOAT]:
        return from_float(py_as_double(item))
    if kind == ctx.types[TYPE_STR]:
        retain_object(item)
        return Value(STRING, at)
    if depth > DEEPEST:
        return out_of_memory(ctx)
    if kind == ctx.types[TYPE_ARRAY]:
        return array_from_python(ctx, item, depth + 1)
    if kind == ctx.types[TYPE_DICT]:
        return dict_from_python(ctx, item, depth + 1)
    for i in range(PACKED_COUNT):
        if kind == ctx.types[TYPE_PACKED + i]:
            return unpacked(ctx, item, depth + 1)
    retain_object(item)
    return Value(OBJECT, at)


@native
def array_from_list(ctx: RuffContext, items: Object, depth: i64) -> Value:
    """A new array of a Python list's items."""
    count = py_list_size(items)
    a = array_new(ctx.heap, count)
    if is_null(a):
        return out_of_memory(ctx)
    for i in range(count):
        v = from_python(ctx, py_list_get(items, i), depth)
        if v.tag < 0:
            release_object(ctx.heap, ARRAY, a)
            return v
        if not array_push(ctx.heap, a, v):
            release(ctx.heap, v)
            release_object(ctx.heap, ARRAY, a)
            return out_of_memory(ctx)
        if (i & ITEMS) == ITEMS and told_to_stop(ctx.heap):
            release_object(ctx.heap, ARRAY, a)
            return out_of_memory(ctx)
    return Value(ARRAY, address(a))


@native
def array_from_python(ctx: RuffContext, item: Object, depth: i64) -> Value:
    """The walker's ``Array`` as a value."""
    items = py_attribute(item, literal(b"items"))
    answer = array_from_list(ctx, items, depth)
    let_go(ctx, items)
    return answer


@native
def dict_from_python(ctx: RuffContext, item: Object, depth: i64) -> Value:
    """The walker's ``Dict`` as a value."""
    entries = py_attribute(item, literal(b"entries"))
    pairs = py_dict_items(entries)
    let_go(ctx, entries)
    d = dict_new(ctx.heap)
    if is_null(d):
        let_go(ctx, pairs)
        return out_of_memory(ctx)
    for i in range(py_list_size(pairs)):
        pair = py_list_get(pairs, i)
        key = from_python(ctx, py_tuple_get(pair, 0), depth)
        v = from_python(ctx, py_tuple_get(pair, 1), depth)
        done = False
        if v.tag >= 0:
            canonical, _ = dict_key(key)
            retain(canonical)
            done = dict_set(ctx.heap, d, canonical, v)
            if not done:
                release(ctx.heap, canonical)
                release(ctx.heap, v)
        release(ctx.heap, key)
        if not done:
            let_go(ctx, pairs)
            release_object(ctx.heap, DICT, d)
            return out_of_memory(ctx)
    let_go(ctx, pairs)
    return Value(DICT, address(d))


@native
def unpacked(ctx: RuffContext, item: Object, depth: i64) -> Value:
    """A struct, tag or function that ``unpack`` takes apart as (kind, identity, list of parts)."""
    args = py_tuple_new(1)
    retain_object(item)
    py_tuple_set(args, 0, item)
    answer = call_with(ctx, ctx.unpack, args)
    if is_null(answer):
        return out_of_memory(ctx)
    kind = py_as_long(py_tuple_get(answer, 0))
    identity = py_as_long(py_tuple_get(answer, 1))
    result = failure()
    if kind == PACK_FUNCTION:
        result = Value(FUNCTION, identity)
    elif kind == PACK_BUILTIN:
        result = Value(BUILTIN, identity)
    elif kind == PACK_CLOSURE:
        result = Value(CLOSURE, identity)
        retain(result)
    elif kind == PACK_GENERATOR:
        result = Value(GENERATOR, identity)
        retain(result)
    else:
        parts = py_tuple_get(answer, 2)
        count = py_list_size(parts)
        place = null(ptr[Value])
        if kind == PACK_STRUCT:
            s = struct_new(ctx.heap, pointer(Shape, identity))
            if not is_null(s):
                result = Value(STRUCT, address(s))
                place = struct_values(s)
        else:
            t = tagged_new(ctx.heap, identity >> 32, identity & 4294967295, count)
            if not is_null(t):
                result = Value(TAGGED, address(t))
                place = tagged_values(t)
        if result.tag < 0:
            out_of_memory(ctx)
        else:
            for i in range(count):
                v = from_python(ctx, py_list_get(parts, i), depth)
                if v.tag < 0:
                    release(ctx.heap, result)
                    let_go(ctx, answer)
                    return v
                place[i] = v
    let_go(ctx, answer)
    return result


@cold
def too_deep(ctx: RuffContext) -> Value:
    """The error of a value that is nested too deeply to leave the machine, unless the program is to stop anyway."""
    if ctx.stop != 0:
        ctx.error_kind = STOPPED
        return failure()
    return raise_error(ctx, NESTING, Value(NULL, 0), Value(NULL, 0))


@native
def host_call(ctx: RuffContext, service: i64, args: ptr[Value], count: i64) -> Value:
    """Asks the host for a service over values, which are borrowed; answers an owned value, or failure with the error noted."""
    row = py_tuple_new(count + 1)
    py_tuple_set(row, 0, py_long(service))
    for i in range(count):
        item = to_python(ctx, args[i], 0)
        if is_null(item):
            let_go(ctx, row)
            return too_deep(ctx)
        py_tuple_set(row, i + 1, item)
    answer = call_with(ctx, ctx.host, row)
    if is_null(answer) or address(answer) == ctx.failed_answer:
        if not is_null(answer):
            let_go(ctx, answer)
        ctx.error_kind = HOST if ctx.stop == 0 else STOPPED
        return failure()
    result = from_python(ctx, answer, 0)
    let_go(ctx, answer)
    return result


@native
def call_guest(ctx: RuffContext, tag: i64, payload: i64, args: Object) -> Object:
    """Runs a guest function from Python with a list of arguments; null where it failed, with the error noted in the context."""
    callee = Value(tag, payload)
    code = code_of(callee)
    count = py_list_size(args)
    before = ctx.frame
    top = before + frame_code(before).frame_bytes
    ctx.trace_count = 0  # what fails here has no frame of its own
    frames = room_above(ctx, before, top + RECORD + (count << 4) + code.frame_bytes)
    if frames < 0:
        raise_error(ctx, DEPTH, Value(INT, address(code)), Value(NULL, 0))
        return null(Object)
    record = pointer(ptr[Value], top)
    window = offset(record, RECORD)
    retain(callee)
    window[0] = callee
    window[1] = Value(NULL, 0)
    for i in range(count):
        v = from_python(ctx, py_list_get(args, i), 0)
        if v.tag < 0:
            for j in range(i + 2):
                old = window[j]
                window[j] = Value(NULL, 0)
                release(ctx.heap, old)
            return null(Object)
        window[i + 2] = v
    ctx.fuel -= 1
    if ctx.fuel < 0:
        ctx.stop = 1
        ctx.error_kind = STOPPED
        for j in range(count + 2):
            held = window[j]
            window[j] = Value(NULL, 0)
            release(ctx.heap, held)
        return null(Object)
    return result_for_python(ctx, run_entry(ctx, code, before, record, frames))


@native
def result_for_python(ctx: RuffContext, status: i64) -> Object:
    """What a native entry left in the context, by its status; null where it failed."""
    if status != 0:
        return null(Object)
    result = ctx.result
    ctx.result = Value(NULL, 0)
    answer = to_python(ctx, result, 0)
    release(ctx.heap, result)
    if is_null(answer):
        too_deep(ctx)
    return answer


@native
def start_task(ctx: RuffContext, tag: i64, payload: i64) -> Object:
    """Runs a function without parameters at the bottom of an empty stack; null where it failed."""
    ctx.trace_count = 0
    ctx.fuel -= 1
    if ctx.fuel < 0:
        ctx.stop = 1
        ctx.error_kind = STOPPED
        return null(Object)
    callee = Value(tag, payload)
    code = code_of(callee)
    retain(callee)
    window = pointer(ptr[Value], ctx.stack_start)
    window[0] = callee
    window[1] = Value(NULL, 0)
    status = call_address(i64, ctx.run_entry, ctx, code, pointer(ptr[i64], ctx.stack_start + 32))
    return result_for_python(ctx, status)


@native
def retain_row(row: ptr[Value], count: i64) -> None:
    """One more reference to each of a row of values."""
    for i in range(count):
        retain(row[i])


@native
def release_value(ctx: RuffContext, tag: i64, payload: i64) -> None:
    """Gives back a reference that Python held."""
    release(ctx.heap, Value(tag, payload))


@native
def show_value(ctx: RuffContext, tag: i64, payload: i64) -> None:
    """Shows the host a value that the context holds (service 255)."""
    row = py_tuple_new(2)
    py_tuple_set(row, 0, py_long(255))
    item = to_python(ctx, Value(tag, payload), 0)
    if is_null(item):
        item = known(ctx.none)
    py_tuple_set(row, 1, item)
    let_go(ctx, call_with(ctx, ctx.host, row))


@native
def start(ctx: RuffContext, code: Code) -> i64:
    """Runs a program's main function; its status."""
    window = pointer(ptr[Value], ctx.stack_start)
    window[0] = Value(FUNCTION, address(code))
    window[1] = Value(NULL, 0)
    return call_address(i64, ctx.run_entry, ctx, code, pointer(ptr[i64], ctx.stack_start + 32))


@native
def release_globals(ctx: RuffContext, count: i64) -> None:
    """Releases every global, at the program's end."""
    for i in range(count):
        v = ctx.globals[i]
        ctx.globals[i] = Value(HOLE, i)
        release(ctx.heap, v)
    release(ctx.heap, ctx.result)
    ctx.result = Value(NULL, 0)
    release(ctx.heap, ctx.error_a)
    ctx.error_a = Value(NULL, 0)
    release(ctx.heap, ctx.error_b)
    ctx.error_b = Value(NULL, 0)
    sweep_closures(ctx.heap)
