"""Control: jumps, loops, calls, returns, errors, iteration, taking results and enum values apart."""

from __future__ import annotations

from typing import Final

from pagoda.languages.ruff.methods import METHOD_STEP, SHAPE_STEP
from pagoda.languages.ruff.ops.generators import generator_next
from pagoda.languages.ruff.ops.model import (
    THROWN,
    ArgCount,
    Args,
    CodeWord,
    Ctx,
    Far,
    Global,
    Index,
    Number,
    Owned,
    OwnedReg,
    Read,
    Reg,
    Replaced,
    RuffContext,
    Slot,
    Sum,
    To,
    Word,
    note_callee,
    note_tag,
    out_of_memory,
    raise_error,
    release,
)  # fmt: skip
from pagoda.languages.ruff.ops.slow import (
    CASE,
    ITERATE,
    NEXT,
    RANGE_BOUND,
    TRY,
    arity_error,
    ask1,
    ask2,
    call_builtin_slow,
    call_other,
    method_code,
    method_slow,
    truth_of,
)  # fmt: skip
from pagoda.machine.context import Code
from pagoda.machine.ops import op
from pagoda.machine.polling import poll_slow
from pagoda.machine.verbs import call as call_verb
from pagoda.machine.verbs import charge, enter, fail, leave, poll, slow
from pagoda.native import i64, native, ptr
from pagoda.native.intrinsics import address, field_pointer, i64_of_float, is_null, likely, pointer, square_root, volatile_load
from pagoda.runtime.layouts import Array, Closure, Dict, Generator, Struct, Tagged, array_load
from pagoda.runtime.maps import dict_key_at, dict_next
from pagoda.runtime.pairs import (
    ARRAY,
    CLOSURE,
    DICT,
    FLOAT,
    FUNCTION,
    GENERATOR,
    INT,
    NULL,
    OBJECT,
    STRING,
    STRUCT,
    TAGGED,
    Object,
    Value,
    float_of,
    from_float,
    is_number,
    number_of,
)  # fmt: skip
from pagoda.runtime.references import retain
from pagoda.runtime.strings import string_char_at, string_from_int, string_length
from pagoda.runtime.structs import tagged_field, tagged_new

# Symbols that every program has, in this order (vm/symbols.py).
SYMBOL_RESULT: Final = 1
SYMBOL_OPTION: Final = 2
SYMBOL_OK: Final = 3
SYMBOL_ERR: Final = 4
SYMBOL_SOME: Final = 5
SYMBOL_NONE: Final = 6

# ---------------------------------------------------------------- jumps and loops


@op(ends=True, raises=False)
def jump(target: Far) -> bool:
    """Goes to ``target``."""
    return True


@op
def loop() -> None:
    """The start of a loop's iteration: one unit of fuel, and a poll."""
    charge(1)
    poll()


# ---------------------------------------------------------------- calls


@op(calls=True)
def call(ctx: Ctx, window: Args, count: ArgCount, callee: Word, spare: Word) -> Value:
    """Calls the window's first value with the arguments behind the header."""
    called = window[0]
    if likely(called.tag == FUNCTION):
        code = pointer(Code, called.payload)
        if likely(code.parameters == count):
            note_callee(callee, address(code))
            return enter(code, window)
        return slow(arity_error, ctx, code, count)
    if called.tag == CLOSURE:
        made = pointer(Code, pointer(Closure, called.payload).code)
        if likely(made.parameters == count):
            note_callee(callee, address(made))
            return enter(made, window)
        return slow(arity_error, ctx, made, count)
    return slow(call_other, ctx, window, count)


@op(calls=True, fills=True)
def call_global(ctx: Ctx, window: Args, count: ArgCount, place: Global, spare: Word) -> Value:
    """Calls a global with the arguments behind the header."""
    callee = place[0]
    if likely(callee.tag == FUNCTION):
        code = pointer(Code, callee.payload)
        if likely(code.parameters == count):
            window[0] = callee
            return enter(code, window)
        return slow(arity_error, ctx, code, count)
    return slow(call_global_other, ctx, window, count, place)


@native
def call_global_other(ctx: RuffContext, window: ptr[Value], count: i64, place: ptr[Value]) -> Value:
    """A global that is no plain function."""
    callee = place[0]
    retain(callee)
    window[0] = callee
    answer = call_other(ctx, window, count)
    if answer.tag < 0:  # the caller's window owns the arguments only
        window[0] = Value(NULL, 0)
        release(ctx, callee)
    return answer


@op(calls=True, fills=True)
def call_method(ctx: Ctx, window: Args, count: ArgCount, symbol: Index, cache: Word) -> Value:
    """Calls a method of the first argument, which is the receiver. ``cache``: the shape, the epoch and the place of the row."""
    receiver = window[2]
    if likely(receiver.tag == STRUCT):
        known = cache[0]
        row = known & (METHOD_STEP - 1)
        shape = pointer(Struct, receiver.payload).shape
        if likely(shape.id * SHAPE_STEP + ctx.method_epoch == known - row):
            code = pointer(Code, ctx.methods[row])
            window[0] = Value(FUNCTION, address(code))
            return enter(code, window)
        place = method_code(ctx, shape, symbol, count, cache)
        if likely(place >= 0):
            other = pointer(Code, ctx.methods[place])
            window[0] = Value(FUNCTION, address(other))
            return enter(other, window)
    return slow(method_slow, ctx, window, count, symbol)


@op
def call_builtin(ctx: Ctx, window: Args, count: ArgCount, number: Index, seen: Word) -> Value:
    """Calls a builtin with the window's values."""
    return call_verb(call_builtin_noted, ctx, number, window, count, seen)


@native
def call_builtin_noted(ctx: RuffContext, number: i64, row: ptr[Value], count: i64, seen: ptr[i64]) -> Value:
    """As :func:`call_builtin_slow`; notes the kind of the result."""
    answer = call_builtin_slow(ctx, number, row, count)
    if answer.tag >= 0:
        note_tag(seen, answer.tag)
    return answer


@op
def call_len(ctx: Ctx, window: Args, count: ArgCount, number: Index) -> Value:
    """Calls the builtin ``len``, which is ``number``."""
    a = window[0]
    if likely(a.tag == ARRAY and count == 1):
        length = pointer(Array, a.payload).length
        window[0] = Value(NULL, 0)
        release(ctx, a)
        return Value(INT, length)
    return slow(call_builtin_slow, ctx, number, window, count)


@op
def call_sqrt(ctx: Ctx, window: Args, count: ArgCount, number: Index) -> Value:
    """Calls the builtin ``sqrt``, which is ``number``."""
    if likely(is_number(window[0]) and count == 1):
        x = number_of(window[0])
        if likely(not x < 0.0):  # NaN is none of the library's errors
            window[0] = Value(NULL, 0)
            return from_float(square_root(x))
    return slow(call_builtin_slow, ctx, number, window, count)


@op(leaves=True, raises=False)
def give(a: Owned) -> Value:
    """Returns ``a`` from the function."""
    return leave(a)


# ---------------------------------------------------------------- errors and results


@op(ends=True)
def throw(ctx: Ctx, a: Read) -> None:
    """Raises ``a``."""
    raise_error(ctx, THROWN, a, Value(NULL, 0))
    return fail()


@op(ends=True)
def report(ctx: Ctx, kind: Number, a: Read) -> None:
    """Raises the error that the compiler found; ``kind`` says which, ``a`` is its value."""
    raise_error(ctx, kind, a, Value(NULL, 0))
    return fail()


@op
def wrap(ctx: Ctx, a: OwnedReg, symbol: Number) -> Value:
    """``Ok(a)``, ``Err(a)`` or ``Some(a)``."""
    return call_verb(make_wrapped, ctx, a, symbol)


@native
def make_wrapped(ctx: RuffContext, a: Value, symbol: i64) -> Value:
    """See :func:`wrap`."""
    enum = SYMBOL_RESULT
    if symbol == SYMBOL_SOME or symbol == SYMBOL_NONE:
        enum = SYMBOL_OPTION
    t = tagged_new(ctx.heap, enum, symbol, 1)
    if is_null(t):
        return out_of_memory(ctx)
    tagged_field(t, 0)[0] = a
    return Value(TAGGED, address(t))


@op
def tagged(ctx: Ctx, window: Args, count: ArgCount, names: CodeWord) -> Value:
    """An enum's value; ``names`` holds the symbols of the enum and of the tag."""
    return call_verb(make_tagged, ctx, window, count, names)


@native
def make_tagged(ctx: RuffContext, row: ptr[Value], count: i64, names: i64) -> Value:
    """See :func:`tagged`."""
    t = tagged_new(ctx.heap, names >> 32, names & 4294967295, count)
    if is_null(t):
        return out_of_memory(ctx)
    for i in range(count):
        tagged_field(t, i)[0] = row[i]
        row[i] = Value(NULL, 0)
    return Value(TAGGED, address(t))


@op
def jump_ok(ctx: Ctx, a: Reg, target: To) -> bool:
    """Goes to ``target`` if ``a`` is Ok or Some; falls through for Err and None; fails for anything else."""
    if likely(a.tag == TAGGED):
        t = pointer(Tagged, a.payload)
        if t.enum == SYMBOL_RESULT or t.enum == SYMBOL_OPTION:
            return t.name == SYMBOL_OK or t.name == SYMBOL_SOME
    return slow(try_error, ctx, a)


@native
def try_error(ctx: RuffContext, a: Value) -> i64:
    """``?`` on something that is neither a Result nor an Option."""
    return truth_of(ctx, ask1(ctx, TRY, a))


@op
def payload(ctx: Ctx, a: Reg, index: Number) -> Value:
    """Value ``index`` that a tag carries; null where there is none."""
    return call_verb(payload_of, ctx, a, index)


@native
def payload_of(ctx: RuffContext, a: Value, index: i64) -> Value:
    """See :func:`payload`."""
    if a.tag == TAGGED:
        t = pointer(Tagged, a.payload)
        if index >= 0 and index < t.count:
            v = tagged_field(t, index)[0]
            retain(v)
            return v
    return Value(NULL, 0)  # a string or float fits the pattern whose text it is, and carries nothing


@op
def jump_not_case(ctx: Ctx, a: Reg, names: CodeWord, target: To) -> bool:
    """Goes to ``target`` unless ``a`` matches a pattern, given by the symbols of enum and tag."""
    if likely(a.tag == TAGGED):
        t = pointer(Tagged, a.payload)
        return t.name != names & 4294967295 or (names >> 32 != 0 and t.enum != names >> 32)
    return slow(case_slow, ctx, a, names)


@native
def case_slow(ctx: RuffContext, a: Value, names: i64) -> i64:
    """The pattern against a value that is not tagged."""
    answer = truth_of(ctx, ask2(ctx, CASE, a, Value(INT, names)))
    return answer if answer < 0 else 1 - answer


# ---------------------------------------------------------------- iteration


@op
def iterate(ctx: Ctx, a: OwnedReg) -> Value:
    """What a ``for`` goes over: arrays, strings, dicts, generators as they are, numbers as ints, else what the host gives."""
    if likely(a.tag == ARRAY or a.tag == INT or a.tag == STRING or a.tag == DICT or a.tag == GENERATOR):
        return a
    return slow(iterate_slow, ctx, a)


@native
def iterate_slow(ctx: RuffContext, a: Value) -> Value:
    """See :func:`iterate`; consumes ``a`` on success."""
    if a.tag == FLOAT:
        number = float_of(a)
        return Value(INT, i64_of_float(number) if number - number == 0.0 else 0)  # an infinity is no number of times
    answer = ask1(ctx, ITERATE, a)
    if answer.tag >= 0:
        release(ctx, a)
    return answer


MOST_RANGE: Final = 50_000_000  # items, as in the library
LEAST: Final = -(1 << 63)


@op
def range_bound(ctx: Ctx, a: Read) -> Value:
    """A bound of ``range``: an int, or a float without its fraction."""
    if likely(a.tag == INT):
        return a
    return slow(range_bound_slow, ctx, a)


@native
def range_bound_slow(ctx: RuffContext, a: Value) -> Value:
    """See :func:`range_bound`."""
    return ask1(ctx, RANGE_BOUND, a)


@op
def range_charge(ctx: Ctx, start: Read, stop: Read) -> None:
    """The fuel of a ``range`` that is never built: one unit for 64 items."""
    half = (stop.payload >> 1) - (start.payload >> 1)
    if half > MOST_RANGE or half < -MOST_RANGE or start.payload == LEAST or stop.payload == LEAST:
        return slow(range_refused, ctx, start, stop)
    count = stop.payload - start.payload
    if count > MOST_RANGE or count < -MOST_RANGE:
        return slow(range_refused, ctx, start, stop)
    charge(count >> 6 if count > 0 else 0)
    poll()


@native
def range_refused(ctx: RuffContext, start: Value, stop: Value) -> i64:
    """The library says what is wrong with a range."""
    return i64(ask2(ctx, RANGE_BOUND, start, stop).tag)


@op
def next_item(ctx: Ctx, item: Replaced, items: Reg, index: Slot, target: To, seen: Sum) -> bool:
    """Puts the next of ``items`` into ``item`` and goes to ``target``; falls through at the end. Charges one unit and polls."""
    i = index[0].payload
    tag = items.tag
    if tag == INT:
        if i < items.payload:
            charge(1)
            poll()
            index[0] = Value(INT, i + 1)
            release(ctx, item[0])
            item[0] = Value(INT, i)
            return True
        return False
    if tag == ARRAY:
        a = pointer(Array, items.payload)
        if i < a.length:
            charge(1)
            poll()
            index[0] = Value(INT, i + 1)
            old = item[0]
            found = array_load(a, i)
            note_tag(seen, found.tag)
            retain(found)
            item[0] = found
            release(ctx, old)
            return True
        return False
    return call_verb(next_other, ctx, item, items, index, seen)


@native
def next_other(ctx: RuffContext, item: ptr[Value], items: Value, index: ptr[Value], seen: ptr[i64]) -> i64:
    """The next character of a string, key of a dict, value of a generator or of an iterator of the library's; charges and
    polls as :func:`next_item` does."""
    i = index[0].payload
    found = Value(NULL, 0)
    if items.tag == STRING:
        text = pointer(Object, items.payload)
        if i >= string_length(text):
            return 0
        made = string_char_at(text, i)
        if is_null(made):
            out_of_memory(ctx)
            return -1
        found = Value(STRING, address(made))
    elif items.tag == DICT:
        d = pointer(Dict, items.payload)
        i = dict_next(d, i)
        if i < 0:
            return 0
        key = shown_key(ctx, dict_key_at(d, i))
        if key.tag < 0:
            return -1
        found = key
    elif items.tag == GENERATOR:
        more = generator_next(ctx, pointer(Generator, items.payload))
        if more <= 0:
            if more < 0:
                ctx.trace_kept = ctx.trace_count  # the generator's frames come first in the error's stack
            return more
        found = ctx.result
        ctx.result = Value(NULL, 0)
    elif items.tag == OBJECT:
        answer = ask1(ctx, NEXT, items)
        if answer.tag < 0:
            return -1
        if answer.tag == OBJECT and answer.payload == ctx.end_answer:
            release(ctx, answer)
            return 0
        found = answer
    else:
        return 0
    ctx.fuel -= 1
    if (ctx.fuel < 0 or volatile_load(field_pointer(ctx, "poll_word")) != 0) and poll_slow(ctx) != 0:
        release(ctx, found)
        return -1
    index[0] = Value(INT, i + 1)
    note_tag(seen, found.tag)
    old = item[0]
    item[0] = found
    release(ctx, old)
    return 1


@native
def shown_key(ctx: RuffContext, key: Value) -> Value:
    """A key as a program sees it: a string."""
    if key.tag == INT:
        return key_text(ctx, key.payload)
    retain(key)
    return key


@native
def key_text(ctx: RuffContext, number: i64) -> Value:
    """An int key as its decimal text."""
    made = string_from_int(number)
    if is_null(made):
        return out_of_memory(ctx)
    return Value(STRING, address(made))


@op
def poll_now() -> None:
    """A poll without fuel: after something that may have taken long."""
    poll()
