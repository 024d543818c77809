"""Operations of terms: variables, closures, applications, forces, constructors, cases, charges.

What must hold: an operation charges nothing for the term it stands for, which its block has charged; entering a function or a
delayed term charges the block that its code begins with. A callee that does not fit is entered through a stub, so that nothing
but the exact call burdens the frequent operations (``ops/stubs.py``).
"""

from __future__ import annotations

from typing import Annotated

from pagoda.languages.uplc.natives import values
from pagoda.languages.uplc.natives.arena import allocate, arena
from pagoda.languages.uplc.natives.calling import call_builtin, general_1, general_2, general_3
from pagoda.languages.uplc.natives.cases import branch_of_constant, field_of, fields_in
from pagoda.languages.uplc.natives.choices import branch_of_data
from pagoda.languages.uplc.natives.values import fields, is_object
from pagoda.languages.uplc.ops.model import (
    MOST_ARGUMENTS,
    Any,
    ArgCount,
    Args,
    Big,
    Ctx,
    Far,
    Number,
    Registers,
    UplcCode,
    UplcContext,
    Value,
    captures_of,
    locate_any,
)  # fmt: skip
from pagoda.machine.operands import Literal
from pagoda.machine.ops import op
from pagoda.machine.verbs import become, enter, fail, leave, slow
from pagoda.native import i64, inline, native, ptr
from pagoda.native.intrinsics import likely, pointer, unlikely

CodeAddress = Annotated[i64, Literal()]
Whole = Annotated[i64, Literal()]


@op(raises=False)
def move(a: Any) -> Value:
    """The value itself."""
    return a


@op(raises=False, ends=True)
def jump(target: Far) -> bool:
    """Goes to ``target``."""
    return True


@op(raises=False)
def charge(ctx: Ctx, cpu: Big, mem: Big) -> None:
    """What a branch costs."""
    ctx.cpu = ctx.cpu - cpu
    ctx.mem = ctx.mem - mem


@op(ends=True)
def error() -> None:
    """The term ``error``."""
    return fail()


@inline
def _close(ctx: UplcContext, registers: ptr[Value], code: i64) -> i64:
    """The address of a new closure, 0 where the arena is full."""
    made = pointer(UplcCode, code)
    count = made.capture_count
    at = allocate(arena(ctx), (count << 3) + 8)
    if at != 0:
        place = pointer(ptr[i64], at)
        place[0] = code
        captures = captures_of(made)
        for i in range(count):
            place[i + 1] = locate_any(ctx, registers, i64(captures[i]), registers)[0].word
    return at


@op
def closure(ctx: Ctx, registers: Registers, code: CodeAddress) -> Value:
    """A function with the values it captures."""
    at = _close(ctx, registers, code)
    if unlikely(at == 0):
        return fail()
    return Value(at)


@op
def delay(ctx: Ctx, registers: Registers, code: CodeAddress) -> Value:
    """A delayed term with the values it captures."""
    at = _close(ctx, registers, code)
    if unlikely(at == 0):
        return fail()
    return Value(at + values.DELAYED)


# ---------------------------------------------------------------- applications


@inline
def _code(ctx: UplcContext, f: i64, count: i64) -> UplcCode:
    """The code to enter for ``f`` applied to ``count`` arguments."""
    if (f & 7) == values.FUNCTION:
        own = pointer(UplcCode, pointer(ptr[i64], f)[0])
        if own.parameters == count:
            return own
    return pointer(UplcCode, ctx.stubs[count])


@op(calls=True)
def apply_1(ctx: Ctx, window: Args, count: ArgCount, f: Any, a: Any, none: Number) -> Value:
    """``f`` applied to one argument."""
    return enter(_code(ctx, f.word, 1), window, f, a)


@op(calls=True)
def apply_2(ctx: Ctx, window: Args, count: ArgCount, f: Any, a: Any, b: Any) -> Value:
    """``f`` applied to two arguments, one after the other."""
    return enter(_code(ctx, f.word, 2), window, f, a, b)


@op(calls=True)
def apply_3(ctx: Ctx, window: Args, count: ArgCount, f: Any, a: Any, b: Any, c: Any) -> Value:
    """``f`` applied to three arguments, one after the other."""
    return enter(_code(ctx, f.word, 3), window, f, a, b, c)


@op(leaves=True)
def tail_apply_1(ctx: Ctx, f: Any, a: Any) -> None:
    """Goes on as ``f`` applied to one argument."""
    return become(_code(ctx, f.word, 1), f, a)


@op(leaves=True)
def tail_apply_2(ctx: Ctx, f: Any, a: Any, b: Any) -> None:
    """Goes on as ``f`` applied to two arguments."""
    return become(_code(ctx, f.word, 2), f, a, b)


@op(leaves=True)
def tail_apply_3(ctx: Ctx, f: Any, a: Any, b: Any, c: Any) -> None:
    """Goes on as ``f`` applied to three arguments."""
    return become(_code(ctx, f.word, 3), f, a, b, c)


@inline
def _delayed_code(ctx: UplcContext, f: i64) -> UplcCode:
    return pointer(UplcCode, pointer(ptr[i64], f - values.DELAYED)[0] if (f & 7) == values.DELAYED else ctx.stubs[0])


@inline
def _delayed_callee(f: i64) -> Value:
    """A delayed term's closure, where captured values are found; what is none is kept as it is."""
    return Value(f - values.DELAYED if (f & 7) == values.DELAYED else f)


@op(calls=True)
def force(ctx: Ctx, window: Args, count: ArgCount, f: Any, none: Number) -> Value:
    """Runs a delayed term."""
    return enter(_delayed_code(ctx, f.word), window, _delayed_callee(f.word))


@op(leaves=True)
def tail_force(ctx: Ctx, f: Any) -> None:
    """Goes on as a delayed term."""
    return become(_delayed_code(ctx, f.word), _delayed_callee(f.word))


@op(leaves=True, raises=False)
def give(a: Any) -> None:
    """The value of the running code."""
    return leave(a)


# ---------------------------------------------------------------- builtins without an operation of their own


@native
def general_row(ctx: UplcContext, number: i64, row: ptr[Value], count: i64) -> Value:
    """Calls a builtin by its number, with the arguments in a row."""
    for i in range(count):
        ctx.arguments[i] = row[i].word
    return Value(call_builtin(ctx, number))


@op
def builtin_1(ctx: Ctx, number: Number, a: Any) -> Value:
    """The builtin ``number`` of one argument."""
    return slow(general_1, ctx, number, a)


@op
def builtin_2(ctx: Ctx, number: Number, a: Any, b: Any) -> Value:
    """The builtin ``number`` of two arguments."""
    return slow(general_2, ctx, number, a, b)


@op
def builtin_3(ctx: Ctx, number: Number, a: Any, b: Any, c: Any) -> Value:
    """The builtin ``number`` of three arguments."""
    return slow(general_3, ctx, number, a, b, c)


@op
def builtin_row(ctx: Ctx, window: Args, count: ArgCount, number: Number) -> Value:
    """The builtin ``number`` of the arguments in a row of registers."""
    return slow(general_row, ctx, number, window, count)


@op
def partial(ctx: Ctx, window: Args, count: ArgCount, number: Number, forces: Number) -> Value:
    """A builtin with less arguments than it takes, those in a row of registers."""
    at = allocate(arena(ctx), (count << 3) + 8)
    if unlikely(at == 0):
        return fail()
    place = pointer(ptr[i64], at)
    place[0] = values.PARTIAL | (number << 8) | (forces << 16) | (count << 24)
    for i in range(count):
        place[i + 1] = window[i].word
    return Value(at + values.OBJECT)


# ---------------------------------------------------------------- constructors and cases


@op
def constr(ctx: Ctx, window: Args, count: ArgCount, tag: Whole) -> Value:
    """A constructor's value, with the fields in a row of registers."""
    at = allocate(arena(ctx), (count << 3) + 16)
    if unlikely(at == 0):
        return fail()
    place = pointer(ptr[i64], at)
    place[0] = values.CONSTR | (count << 8)
    place[1] = tag
    for i in range(count):
        place[i + 2] = window[i].word
    return Value(at + values.OBJECT)


@op(skips=True)
def case_of(ctx: Ctx, a: Any, count: ArgCount) -> i64:
    """Which of ``count`` branches a value picks; as many jumps follow."""
    if likely(is_object(a.word)):
        place = fields(a.word)
        if likely((place[0] & 255) == values.CONSTR):
            if likely(place[1] >= 0 and place[1] < count):
                return place[1]
            return fail()
    return slow(branch_of_constant, ctx, a.word, count)


@op(skips=True)
def case_of_data(a: Any) -> i64:
    """Which of five branches data picks: constructor, map, list, integer, bytestring. As many jumps follow."""
    branch = branch_of_data(a.word)
    if unlikely(branch < 0):
        return fail()
    return branch


@op
def unpack(ctx: Ctx, window: Args, count: ArgCount, a: Any, node: Big) -> None:
    """Puts the ``count`` fields of what a case picked a branch for into a row of registers. Where there are more or less, the
    branch should have been compiled apart: fails and notes its ``node``."""
    if unlikely(fields_in(a.word) != count):
        ctx.mismatch = node + 1
        return fail()
    for i in range(count):
        window[i] = Value(field_of(a.word, i))


@inline
def _field_or_unit(word: i64, index: i64, count: i64) -> Value:
    return Value(field_of(word, index) if index < count else values.UNIT)


@op(calls=True)
def spread(ctx: Ctx, window: Args, count: ArgCount, f: Any, a: Any, none: Number) -> Value:
    """``f`` applied to the fields of ``a``, one after the other."""
    number = fields_in(a.word)
    if number == 0:
        return f
    if unlikely(number > MOST_ARGUMENTS):
        return enter(pointer(UplcCode, ctx.many), window, f, a)
    first = _field_or_unit(a.word, 0, number)
    second, third = _field_or_unit(a.word, 1, number), _field_or_unit(a.word, 2, number)
    return enter(_code(ctx, f.word, number), window, f, first, second, third)


@op(leaves=True)
def tail_spread(ctx: Ctx, f: Any, a: Any) -> None:
    """Goes on as ``f`` applied to the fields of ``a``."""
    count = fields_in(a.word)
    if count == 0:
        return leave(f)
    if unlikely(count > MOST_ARGUMENTS):
        return become(pointer(UplcCode, ctx.many), f, a)
    first, second, third = _field_or_unit(a.word, 0, count), _field_or_unit(a.word, 1, count), _field_or_unit(a.word, 2, count)
    return become(_code(ctx, f.word, count), f, first, second, third)
