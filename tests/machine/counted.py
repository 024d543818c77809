"""A test language whose values are counted, so that a reference lost or given away twice shows as a number.

A value is a tag and a payload. A *box* is the address of two words, its count and its number; boxes come from a row in the
context and are never reused, so that a count below zero is a double release for sure. A *closure* is a box around a function.
Integers and plain functions own nothing.
"""

from __future__ import annotations

import sys
from typing import Annotated, Final

from pagoda.machine.context import Code, Context
from pagoda.machine.operands import ConstantWord, Count, Immediate, Operand, Place, State, Target, Wide, Window
from pagoda.machine.ops import OpTable, op
from pagoda.machine.values import PlaceMode, ValueModel
from pagoda.machine.verbs import charge, enter, fail, leave, poll, slow, suspend
from pagoda.native import cold, i64, inline, native, ptr, struct, value
from pagoda.native.intrinsics import address, offset, pointer, remainder_truncated, unlikely, wrapping_add

FAILED: Final = -2
EMPTY: Final = -1
INT: Final = 0
FUNCTION: Final = 1
BOX: Final = 8
CLOSURE: Final = 9


@value
class Value:
    """What a register holds."""

    tag: i64
    payload: i64


@struct
class CountedContext(Context):
    """``boxes``: rows of (count, number); ``made``: how many there are; ``broken``: releases of what was not held."""

    result: Value
    error: Value
    boxes: ptr[i64]
    made: i64
    limit: i64
    broken: i64
    globals: ptr[Value]


@inline
def from_immediate(number: i64) -> Value:
    return Value(INT, number)


@inline
def empty() -> Value:
    return Value(EMPTY, 0)


@inline
def failed(v: Value) -> bool:
    return v.tag == FAILED


@inline
def release_lightly(v: Value) -> bool:
    """The last reference to a box is left to the cold handler."""
    if v.tag < BOX:
        return True
    cell = pointer(ptr[i64], v.payload)
    if cell[0] > 1:
        cell[0] -= 1
        return True
    return False


@inline
def retain(v: Value) -> None:
    if v.tag >= BOX:
        cell = pointer(ptr[i64], v.payload)
        cell[0] += 1


@inline
def release(ctx: CountedContext, v: Value) -> None:
    if v.tag >= BOX:
        cell = pointer(ptr[i64], v.payload)
        cell[0] -= 1
        if unlikely(cell[0] < 0):
            ctx.broken += 1


@inline
def catch(ctx: CountedContext) -> Value:
    v = ctx.error
    ctx.error = Value(EMPTY, 0)
    return v


@inline
def locate_global(ctx: CountedContext, registers: ptr[Value], number: i64) -> ptr[Value]:
    return offset(ctx.globals, number << 4)


@native
def set_error(ctx: CountedContext, v: Value) -> None:
    """The context takes over the reference."""
    release(ctx, ctx.error)
    ctx.error = v


@cold
def overflow(ctx: CountedContext, code: Code) -> None:
    set_error(ctx, Value(INT, -1000))


@native
def new_box(ctx: CountedContext, number: i64) -> Value:
    """A box with one reference, or error -7 where there are too many."""
    return new_object(ctx, BOX, number)


@inline
def new_object(ctx: CountedContext, tag: i64, number: i64) -> Value:
    if ctx.made >= ctx.limit:
        set_error(ctx, Value(INT, -7))
        return Value(FAILED, 0)
    cell = offset(ctx.boxes, ctx.made << 4)
    ctx.made += 1
    cell[0] = 1
    cell[1] = number
    return Value(tag, address(cell))


@native
def new_closure(ctx: CountedContext, v: Value) -> Value:
    """A closure of a function; of anything else, a box."""
    if v.tag == FUNCTION:
        return new_object(ctx, CLOSURE, v.payload)
    return new_object(ctx, BOX, number_of(v))


@inline
def number_of(v: Value) -> i64:
    if v.tag == BOX:
        return pointer(ptr[i64], v.payload)[1]
    if v.tag == INT:
        return v.payload
    return 1


@native
def complain(ctx: CountedContext, number: i64) -> Value:
    """Raises a box as the error."""
    v = new_box(ctx, number)
    if v.tag == BOX:
        set_error(ctx, v)
    return Value(FAILED, 0)


@native
def complain_word(ctx: CountedContext, number: i64) -> i64:
    complain(ctx, number)
    return -1


Read = Annotated[Value, Operand("RTKI")]
Owned = Annotated[Value, Operand("RTKI", owned=True)]
Register = Annotated[Value, Operand("RT")]
OwnedRegister = Annotated[Value, Operand("RT", owned=True)]
Slot = Annotated[ptr[Value], Place("RG")]
Global = Annotated[ptr[Value], Place("G")]
Ctx = Annotated[CountedContext, State("context")]
To = Annotated[i64, Target()]
Far = Annotated[i64, Target(wide=True)]
Args = Annotated[ptr[Value], Window()]
ArgCount = Annotated[i64, Count()]
Small = Annotated[i64, Immediate()]
Large = Annotated[i64, Wide()]
Payload = Annotated[i64, ConstantWord()]
Here = Annotated[Code, State("code")]


@op(copies=True, raises=False)
def move(a: Owned) -> Value:
    """The value itself."""
    return a


@op(raises=False, drops=True)
def drop(a: Register) -> None:
    """Gives the value up."""
    return


@op
def box(ctx: Ctx, a: Read) -> Value:
    """A new box of the number."""
    return slow(new_box, ctx, number_of(a))


@op
def close(ctx: Ctx, a: Read) -> Value:
    """A closure of a function."""
    return slow(new_closure, ctx, a)


@op
def add(ctx: Ctx, a: Register, b: Read) -> Value:
    """The sum: a box if ``a`` is one. Multiples of 7 are an error."""
    total = wrapping_add(number_of(a), number_of(b))
    if remainder_truncated(total, 7) == 0:
        return slow(complain, ctx, total)
    if a.tag == BOX:
        return slow(new_box, ctx, total)
    return Value(INT, total)


@op(raises=False)
def keep(a: OwnedRegister, b: Register) -> Value:
    """``a``, having looked at ``b``: takes the one and borrows the other."""
    if b.tag == BOX and number_of(b) < 0:
        return a
    return a


@op(scalar=True, raises=False)
def outlive(ctx: Ctx, a: Register, b: OwnedRegister) -> Value:
    """Gives up ``b`` and then looks at ``a``, which must still be there."""
    release(ctx, b)
    if a.tag >= BOX:
        if pointer(ptr[i64], a.payload)[0] < 1:
            ctx.broken += 1
    return Value(INT, number_of(a))


@op(scalar=True, raises=False)
def number(a: Read) -> Value:
    """The number, which owns nothing."""
    return Value(INT, number_of(a))


@op(scalar=True, raises=False)
def constant_word(a: Payload, b: Small, c: Large) -> Value:
    """A constant's payload, and numbers from the instruction."""
    return Value(INT, wrapping_add(a, wrapping_add(b, c)))


@op(scalar=True, raises=False)
def parameters(code: Here) -> Value:
    """How many parameters this function has."""
    return Value(INT, code.parameters)


@op
def check(ctx: Ctx, a: Read) -> None:
    """Multiples of 3 are an error."""
    if remainder_truncated(number_of(a), 3) == 0:
        slow(complain_word, ctx, number_of(a))


@op(raises=False)
def jump_less(a: Register, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` is less than ``b``."""
    return number_of(a) < number_of(b)


@op
def jump_checked(ctx: Ctx, a: Read, target: To) -> bool:
    """Goes to ``target`` if the number is even; multiples of 5 are an error."""
    if remainder_truncated(number_of(a), 5) == 0:
        return slow(complain_word, ctx, number_of(a))
    return number_of(a) & 1 == 0


@op(ends=True, raises=False)
def jump(target: Far) -> bool:
    """Goes to ``target``."""
    return True


@op
def loop() -> None:
    """The head of a loop: one unit of fuel, and a poll."""
    charge(1)
    poll()


@op(raises=False)
def put(ctx: Ctx, place: Slot, a: Owned) -> None:
    """Puts a value into a place."""
    old = place[0]
    place[0] = a
    release(ctx, old)


@op
def exchange(ctx: Ctx, place: Slot, a: Owned) -> Value:
    """Puts a value into a place and gives what was there. Multiples of 11 are an error."""
    if remainder_truncated(number_of(a), 11) == 0:
        return slow(complain, ctx, number_of(a))
    old = place[0]
    place[0] = a
    if old.tag < 0:
        return Value(INT, 0)
    return old


@op(raises=False)
def get(place: Global) -> Value:
    """The value of a place."""
    v = place[0]
    if v.tag < 0:
        return Value(INT, 0)
    retain(v)
    return v


@native
def total_of(ctx: CountedContext, window: ptr[Value], count: i64) -> Value:
    """A box of the sum; the window's values are given up. Multiples of 4 are an error."""
    total: i64 = 0
    for i in range(count):
        total = wrapping_add(total, number_of(window[i]))
    if remainder_truncated(total, 4) == 0:
        return complain(ctx, total)
    made = new_box(ctx, total)
    if made.tag == BOX:
        for i in range(count):
            release(ctx, window[i])
            window[i] = empty()
    return made


@op
def pack(ctx: Ctx, window: Args, count: ArgCount) -> Value:
    """A box of the sum of the window's values."""
    return slow(total_of, ctx, window, count)


@op(calls=True)
def call(window: Args, count: ArgCount, ctx: Ctx, spare: Large) -> Value:
    """Calls the window's first value; error -2 if that is no function of so many parameters."""
    callee = window[0]
    if callee.tag == FUNCTION:
        code = pointer(Code, callee.payload)
        if code.parameters == count:
            return enter(code, window)
    if callee.tag == CLOSURE:
        made = pointer(Code, pointer(ptr[i64], callee.payload)[1])
        if made.parameters == count:
            return enter(made, window)
    return slow(complain, ctx, -2)


@op(calls=True, fills=True)
def call_global(window: Args, count: ArgCount, ctx: Ctx, place: Global, spare: Small) -> Value:
    """Calls a global, which the window has room for."""
    callee = place[0]
    if callee.tag == FUNCTION:
        code = pointer(Code, callee.payload)
        if code.parameters == count:
            window[0] = callee
            return enter(code, window)
    return slow(complain, ctx, -3)


@op(leaves=True, raises=False)
def give(a: Owned) -> Value:
    """Returns ``a``."""
    return leave(a)


@op(ends=True)
def throw(ctx: Ctx, a: Read) -> None:
    """Raises ``a``. The operand stays the register's: what fails gives nothing away."""
    retain(a)
    set_error(ctx, a)
    return fail()


@op
def pause(a: Owned) -> None:
    """Suspends the frame with the value ``a``."""
    return suspend(a)


MODEL = ValueModel(
    name="counted", value=Value, context=CountedContext, from_immediate=from_immediate, empty=empty, failed=failed,
    retain=retain, release=release, catch=catch,
    places={"G": PlaceMode("G", locate_global, "global")}, constant=lambda words: words, release_lightly=release_lightly,
)  # fmt: skip
TABLE = OpTable.of_modules([sys.modules[__name__]])
