"""Moving values between registers, globals and captured cells; literals of arrays, dicts, structs, functions."""

from __future__ import annotations

from typing import Final

from pagoda.languages.ruff.ops.model import (
    ArgCount,
    Args,
    CodeWord,
    Container,
    Ctx,
    Global,
    Index,
    Kept,
    Key,
    Number,
    Owned,
    Read,
    Reg,
    Registers,
    Replaced,
    RuffContext,
    Slot,
    Word,
    note_tag,
    out_of_memory,
    release,
)  # fmt: skip
from pagoda.languages.ruff.ops.slow import (
    DEFINE,
    DESTRUCTURE,
    DICT_KEY,
    FIELD,
    SPREAD,
    SPREAD_DICT,
    ask1,
    ask2,
    ask3,
    field_slow,
    field_store_noted,
    index_slow,
    index_store,
    place_in,
    push_onto,
    release_row,
    set_along,
    symbol_text,
    undefined,
)  # fmt: skip
from pagoda.languages.ruff.ops.text import join_text
from pagoda.machine.ops import op
from pagoda.machine.verbs import call, slow
from pagoda.native import i64, native, ptr, u8
from pagoda.native.intrinsics import address, cast, field_pointer, is_null, likely, offset, pointer
from pagoda.runtime.arrays import array_extend, array_new, array_push, array_unique
from pagoda.runtime.layouts import BOOLS, FLOATS, GENERAL, INTS, Array, Shape, Struct, array_ints, array_load, array_values
from pagoda.runtime.maps import Dict, dict_find, dict_key, dict_look_up, dict_new, dict_set
from pagoda.runtime.pairs import (
    ARRAY,
    BOOL,
    CLOSURE,
    DICT,
    FLOAT,
    HOLE,
    INT,
    NULL,
    STRING,
    STRUCT,
    Object,
    Value,
    is_counted,
    is_int,
)  # fmt: skip
from pagoda.runtime.references import release_object, retain
from pagoda.runtime.structs import closure_field, closure_new, struct_field, struct_field_index, struct_made, struct_new

# ---------------------------------------------------------------- registers and places


@op(copies=True, raises=False)
def move(a: Owned) -> Value:
    """The value itself, with a reference of its own."""
    return a


@op(raises=False, drops=True)
def drop(ctx: Ctx, a: Reg) -> None:
    """Releases what the register owns; it is dead afterwards."""
    return


@op
def load(ctx: Ctx, place: Slot, seen: Word) -> Value:
    """The value of a global or captured variable."""
    v = place[0]
    if likely(v.tag != HOLE):
        note_tag(seen, v.tag)
        retain(v)
        return v
    return slow(undefined, ctx, place)


@op(raises=False)
def store(ctx: Ctx, place: Replaced, a: Owned) -> None:
    """Gives a global or captured variable a value."""
    old = place[0]
    place[0] = a
    release(ctx, old)


@op(raises=False)
def callee(registers: Registers) -> Value:
    """The function that runs."""
    v = registers[-2]
    retain(v)
    return v


@op
def load_own(ctx: Ctx, receiver: Reg, symbol: Index, place: Global) -> Value:
    """A bare name in a method: the receiver's field, or the global where it has none."""
    return call(own_field, ctx, receiver, symbol, place)


@native
def own_field(ctx: RuffContext, receiver: Value, symbol: i64, place: ptr[Value]) -> Value:
    """See :func:`load_own`."""
    if receiver.tag == STRUCT:
        s = pointer(Struct, receiver.payload)
        count = s.shape.count
        for i in range(count):
            if s.shape.symbols[i] == symbol:
                found = struct_field(s, i)[0]
                retain(found)
                return found
    v = place[0]
    if v.tag == HOLE:
        return undefined(ctx, place)
    retain(v)
    return v


# ---------------------------------------------------------------- elements and fields


@op
def index_get(ctx: Ctx, container: Container, index: Read, seen: Word) -> Value:
    """``container[index]``: an element, a dict's value, a character."""
    if likely(container.tag == ARRAY and is_int(index)):
        a = pointer(Array, container.payload)
        i = index.payload
        if likely(i >= 0 and i < a.length):
            if a.storage == INTS:
                note_tag(seen, INT)
                return Value(INT, array_ints(a)[i])
            if a.storage == FLOATS:
                note_tag(seen, FLOAT)
                return Value(FLOAT, array_ints(a)[i])
            if a.storage == BOOLS:
                note_tag(seen, BOOL)
                return Value(BOOL, i64(a.data[i]))
            v = array_values(a)[i]
            note_tag(seen, v.tag)
            retain(v)
            return v
    elif container.tag == DICT and (index.tag == INT or index.tag == STRING):
        d = pointer(Dict, container.payload)
        entry = dict_look_up(d, index)
        if likely(not is_null(entry)):
            v = entry.value
            note_tag(seen, v.tag)
            retain(v)
            return v
    return slow(index_slow, ctx, container, index, seen)


@op
def index_set(ctx: Ctx, place: Slot, index: Read, item: Owned) -> None:
    """``place[index] := item``, in place where nobody else holds the container."""
    container = place[0]
    if likely(container.tag == ARRAY and is_int(index)):
        a = pointer(Array, container.payload)
        i = index.payload
        if likely(i >= 0 and i < a.length and a.refcount == 1):
            if a.storage == INTS and item.tag == INT:
                array_ints(a)[i] = item.payload
                return
            if a.storage == FLOATS and item.tag == FLOAT:
                array_ints(a)[i] = item.payload
                return
            if a.storage == BOOLS and item.tag == BOOL:
                a.data[i] = u8(item.payload)
                return
            if a.storage == GENERAL and not is_counted(array_values(a)[i]):
                array_values(a)[i] = item
                return
    elif container.tag == DICT and (index.tag == INT or index.tag == STRING):
        d = pointer(Dict, container.payload)
        if likely(d.refcount == 1):
            entry = dict_look_up(d, index)
            if likely(not is_null(entry)) and not is_counted(entry.value):
                entry.value = item
                return
        return call(index_store, ctx, place, index, item)  # a new key is as ordinary as one that is there
    return slow(index_store, ctx, place, index, item)


@op
def push_to(ctx: Ctx, place: Slot, item: Owned) -> None:
    """``place := push(place, item)``, in place where nobody else holds the array."""
    container = place[0]
    if likely(container.tag == ARRAY):
        a = pointer(Array, container.payload)
        if likely(a.refcount == 1 and a.length < a.capacity):
            if a.storage == INTS and item.tag == INT:
                array_ints(a)[a.length] = item.payload
                a.length += 1
                return
            if a.storage == FLOATS and item.tag == FLOAT:
                array_ints(a)[a.length] = item.payload
                a.length += 1
                return
            if a.storage == BOOLS and item.tag == BOOL:
                a.data[a.length] = u8(item.payload)
                a.length += 1
                return
            if a.storage == GENERAL:
                array_values(a)[a.length] = item
                a.length += 1
                return
    return slow(push_onto, ctx, place, item)


@op
def field_get(ctx: Ctx, receiver: Container, symbol: Index, cache: Word, seen: Word) -> Value:
    """``receiver.symbol``."""
    if likely(receiver.tag == STRUCT):
        s = pointer(Struct, receiver.payload)
        known = cache[0]
        if likely(s.shape.id == known >> 16):
            v = struct_field(s, known & 65535)[0]
            note_tag(seen, v.tag)
            retain(v)
            return v
    return slow(field_slow, ctx, receiver, symbol, cache, seen)


@op
def field_if_any(ctx: Ctx, receiver: Reg, symbol: Index) -> Value:
    """``receiver?.symbol``: null where the receiver is null, or a struct without that field."""
    return call(field_or_null, ctx, receiver, symbol)


@native
def field_or_null(ctx: RuffContext, receiver: Value, symbol: i64) -> Value:
    """See :func:`field_if_any`."""
    if receiver.tag == NULL:
        return receiver
    if receiver.tag == STRUCT:
        s = pointer(Struct, receiver.payload)
        i = struct_field_index(s.shape, symbol)
        if i < 0:
            return Value(NULL, 0)
        found = struct_field(s, i)[0]
        retain(found)
        return found
    return ask2(ctx, FIELD, receiver, Value(INT, symbol))


@op
def field_set(ctx: Ctx, place: Slot, symbol: Index, item: Owned, cache: Word) -> None:
    """``place.symbol := item``, in place where nobody else holds the struct."""
    receiver = place[0]
    if likely(receiver.tag == STRUCT):
        s = pointer(Struct, receiver.payload)
        known = cache[0]
        if likely(s.shape.id == known >> 16 and s.refcount == 1):
            field = struct_field(s, known & 65535)
            if likely(not is_counted(field[0])):
                field[0] = item
                return
    return slow(field_store_noted, ctx, place, symbol, item, cache)


@op
def path_set(ctx: Ctx, place: Slot, window: Args, count: ArgCount, fields: CodeWord) -> None:
    """``place.a[i].b := v``: the window holds the keys, then the value."""
    return call(path_store, ctx, place, window, count, fields)


@native
def path_store(ctx: RuffContext, place: ptr[Value], row: ptr[Value], count: i64, fields: i64) -> i64:
    """See :func:`path_set`."""
    status = set_along(ctx, place, row, count, fields)
    if status >= 0:
        row[count - 1] = Value(NULL, 0)
        release_row(ctx, row, count - 1)
    return status


# ---------------------------------------------------------------- changing a part in place

ARRAY_PART: Final = ARRAY  # what ``detach_item`` and ``detach_field`` take out, as the compiler names it
TEXT_PART: Final = STRING


@op(raises=False)
def detach_item(held: Kept, place: Slot, index: Key, tag: Number) -> None:
    """Begins ``place[index] := push(place[index], x)``: takes the element out, if it is ``held`` and of a kind, so that it
    changes in place. It is back before anything can fail."""
    detach_from(held, place, index, tag)


@op(raises=False)
def detach_field(ctx: Ctx, held: Kept, place: Slot, symbol: Index, tag: Number) -> None:
    """The same for ``place.symbol``."""
    container = place[0]
    if container.tag == STRUCT:
        s = pointer(Struct, container.payload)
        i = struct_field_index(s.shape, symbol)
        if i >= 0 and s.refcount == 1:
            take_out(held, struct_field(s, i), tag)
    elif container.tag == DICT:
        detach_from(held, place, symbol_text(ctx, symbol), tag)


@native
def detach_from(held: Value, place: ptr[Value], index: Value, tag: i64) -> None:
    """See :func:`detach_item`."""
    container = place[0]
    if container.tag == ARRAY:
        a = pointer(Array, container.payload)
        i = place_in(a, index)
        if i >= 0 and a.refcount == 1 and a.storage == GENERAL:
            take_out(held, offset(array_values(a), i << 4), tag)
    elif container.tag == DICT:
        d = pointer(Dict, container.payload)
        key, valid = dict_key(index)
        if valid and d.refcount == 1:
            entry = dict_find(d, key)
            if entry >= 0:
                take_out(held, cast(ptr[Value], field_pointer(d.entries[entry], "value")), tag)


@native
def take_out(held: Value, part: ptr[Value], tag: i64) -> None:
    """Leaves null in ``part`` where that is ``held`` and nobody else has it; ``held`` is then the only one."""
    if held.tag == tag and part[0].tag == tag and part[0].payload == held.payload:
        item = pointer(Object, held.payload)
        if item.refcount == 2:
            part[0] = Value(NULL, 0)
            item.refcount = 1


# ---------------------------------------------------------------- literals


@op
def array_literal(ctx: Ctx, window: Args, count: ArgCount) -> Value:
    """An array of the window's values."""
    return call(make_array, ctx, window, count)


@native
def make_array(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """See :func:`array_literal`."""
    a = array_new(ctx.heap, count)
    if is_null(a):
        return out_of_memory(ctx)
    for i in range(count):
        if not array_push(ctx.heap, a, row[i]):
            release_object(ctx.heap, ARRAY, a)
            return out_of_memory(ctx)
        row[i] = Value(NULL, 0)
    return Value(ARRAY, address(a))


@op
def extend(ctx: Ctx, place: Slot, items: Reg) -> None:
    """``[...place, ...items]``: adds the items of an array to the one in ``place``."""
    return call(extend_array, ctx, place, items)


@native
def extend_array(ctx: RuffContext, place: ptr[Value], items: Value) -> i64:
    """See :func:`extend`."""
    if items.tag != ARRAY:
        return i64(ask1(ctx, SPREAD, items).tag)
    mine = array_unique(ctx.heap, pointer(Array, place[0].payload))
    if is_null(mine):
        out_of_memory(ctx)
        return -1
    place[0] = Value(ARRAY, address(mine))
    if not array_extend(ctx.heap, mine, pointer(Array, items.payload)):
        out_of_memory(ctx)
        return -1
    return 0


@op
def dict_literal(ctx: Ctx, window: Args, count: ArgCount) -> Value:
    """A dict of the window's keys and values, in turn."""
    return call(make_dict, ctx, window, count)


@native
def make_dict(ctx: RuffContext, row: ptr[Value], count: i64) -> Value:
    """See :func:`dict_literal`. A key must be a string or an int."""
    d = dict_new(ctx.heap)
    if is_null(d):
        return out_of_memory(ctx)
    i: i64 = 0
    while i < count:
        key, valid = dict_key(row[i])
        if not valid:
            key = ask1(ctx, DICT_KEY, row[i])
            if key.tag < 0:
                release_object(ctx.heap, DICT, d)
                return key
        else:
            retain(key)
        if not dict_set(ctx.heap, d, key, row[i + 1]):
            release(ctx, key)
            release_object(ctx.heap, DICT, d)
            return out_of_memory(ctx)
        row[i + 1] = Value(NULL, 0)
        i += 2
    release_row(ctx, row, count)
    return Value(DICT, address(d))


@op
def extend_dict(ctx: Ctx, place: Slot, entries: Reg) -> None:
    """``{...place, ...entries}``: adds the entries of a dict to the one in ``place``."""
    return call(merge_dict, ctx, place, entries)


@native
def merge_dict(ctx: RuffContext, place: ptr[Value], entries: Value) -> i64:
    """See :func:`extend_dict`."""
    answer = ask2(ctx, SPREAD_DICT, place[0], entries)
    if answer.tag < 0:
        return -1
    release(ctx, place[0])
    place[0] = answer
    return 0


@op
def struct_literal(ctx: Ctx, window: Args, count: ArgCount, shape: CodeWord) -> Value:
    """A struct of a shape, with the window's values for its fields."""
    if likely(count <= 4):  # as most are; one field after the other, so that compiled code puts values straight into place
        s = struct_made(ctx.heap, pointer(Shape, shape), count)
        if likely(not is_null(s)):
            if count > 0:
                struct_field(s, 0)[0] = window[0]
                window[0] = Value(NULL, 0)
            if count > 1:
                struct_field(s, 1)[0] = window[1]
                window[1] = Value(NULL, 0)
            if count > 2:
                struct_field(s, 2)[0] = window[2]
                window[2] = Value(NULL, 0)
            if count > 3:
                struct_field(s, 3)[0] = window[3]
                window[3] = Value(NULL, 0)
            return Value(STRUCT, address(s))
    return call(make_struct, ctx, window, count, shape)


@native
def make_struct(ctx: RuffContext, row: ptr[Value], count: i64, shape: i64) -> Value:
    """See :func:`struct_literal`."""
    s = struct_new(ctx.heap, pointer(Shape, shape))
    if is_null(s):
        return out_of_memory(ctx)
    for i in range(count):
        struct_field(s, i)[0] = row[i]
        row[i] = Value(NULL, 0)
    return Value(STRUCT, address(s))


@op
def closure(ctx: Ctx, window: Args, count: ArgCount, code: CodeWord) -> Value:
    """A function with copies of what it captures."""
    return call(make_closure, ctx, window, count, code)


@native
def make_closure(ctx: RuffContext, row: ptr[Value], count: i64, code: i64) -> Value:
    """See :func:`closure`."""
    c = closure_new(ctx.heap, code, count)
    if is_null(c):
        return out_of_memory(ctx)
    for i in range(count):
        closure_field(c, i)[0] = row[i]
        row[i] = Value(NULL, 0)
    return Value(CLOSURE, address(c))


@op
def define_method(ctx: Ctx, names: CodeWord, a: Reg) -> None:
    """Makes the function ``a`` a method; ``names`` holds the symbols of the struct's type and of the method.

    Null instead of a function: the type begins anew, without methods.
    """
    return call(define, ctx, names, a)


@native
def define(ctx: RuffContext, names: i64, a: Value) -> i64:
    """See :func:`define_method`."""
    return i64(ask2(ctx, DEFINE, Value(INT, names), a).tag)


# ---------------------------------------------------------------- text


@op
def interpolate(ctx: Ctx, window: Args, count: ArgCount) -> Value:
    """The window's values as text, one after the other."""
    return call(join_text, ctx, window, count)


# ---------------------------------------------------------------- patterns


@op
def part(ctx: Ctx, a: Reg, index: Number) -> Value:
    """Item ``index`` of an array that is taken apart; null where there is none."""
    return call(array_part, ctx, a, index)


@native
def array_part(ctx: RuffContext, a: Value, index: i64) -> Value:
    """See :func:`part`."""
    if a.tag == ARRAY:
        row = pointer(Array, a.payload)
        if index >= 0 and index < row.length:
            v = array_load(row, index)
            retain(v)
            return v
        return Value(NULL, 0)
    return ask3(ctx, DESTRUCTURE, a, Value(INT, index), Value(INT, 0))


@op
def part_named(ctx: Ctx, a: Reg, key: Read) -> Value:
    """The value of a key of a dict that is taken apart; null where there is none."""
    return call(dict_part, ctx, a, key)


@native
def dict_part(ctx: RuffContext, a: Value, key: Value) -> Value:
    """See :func:`part_named`."""
    return ask3(ctx, DESTRUCTURE, a, key, Value(INT, 1))


@op
def rest(ctx: Ctx, a: Reg, keys: Read) -> Value:
    """What a pattern leaves over: the items from a number on, or the entries without the keys of an array."""
    return call(rest_of, ctx, a, keys)


@native
def rest_of(ctx: RuffContext, a: Value, keys: Value) -> Value:
    """See :func:`rest`."""
    return ask3(ctx, DESTRUCTURE, a, keys, Value(INT, 2))
