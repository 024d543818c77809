"""Calling builtins by their number, and applying and forcing those that still lack arguments.

What must hold: the GIL is held; arguments lie in ``ctx.arguments`` and what is charged in advance has been charged when
:func:`call_builtin` is called; no Python exception is left set.
"""

from __future__ import annotations

from typing import Final

from pagoda.languages.uplc.natives.arena import allocate, arena
from pagoda.languages.uplc.natives.values import ATOM, FAILED, FIRST_BUILTIN, OBJECT, PARTIAL, fields, kind_of
from pagoda.languages.uplc.ops.model import SIGNATURE_BYTES, UplcContext, Value
from pagoda.native import cold, extern, i64, inline, native, ptr, u8
from pagoda.native.intrinsics import call_address, cast, field_pointer, is_null

COUNT_SHIFT: Final = 16  # in what a PARTIAL's header has above its kind
FORCES_SHIFT: Final = 8


@extern("PyLong_FromLongLong", "python")
def py_long(number: i64) -> ptr[u8]:
    raise NotImplementedError


@extern("PyObject_CallOneArg", "python")
def py_call(called: ptr[u8], argument: ptr[u8]) -> ptr[u8]:
    raise NotImplementedError


@extern("Py_DecRef", "python")
def py_release(item: ptr[u8]) -> None:
    raise NotImplementedError


@extern("PyErr_Clear", "python")
def py_clear() -> None:
    raise NotImplementedError


@cold
def ask_host(ctx: UplcContext, number: i64) -> i64:
    """Has the host run a builtin: the word of the result, FAILED where it failed or raised."""
    ctx.ready = FAILED
    argument = py_long(number)
    if is_null(argument):
        py_clear()
        return FAILED
    answer = py_call(ctx.host, argument)
    py_release(argument)
    if is_null(answer):
        py_clear()
        return FAILED
    py_release(answer)
    return ctx.ready


@native
def call_builtin(ctx: UplcContext, number: i64) -> i64:
    """The result of a builtin whose arguments lie ready, or FAILED."""
    body = ctx.natives[number]
    if body != 0:
        return call_address(i64, body, ctx)
    return ask_host(ctx, number)


@inline
def arguments(ctx: UplcContext) -> ptr[i64]:
    """Where the arguments of a builtin lie."""
    return cast(ptr[i64], field_pointer(ctx, "arguments"))


@native
def general_1(ctx: UplcContext, number: i64, a: Value) -> Value:
    """Calls a builtin of one argument by its number."""
    arguments(ctx)[0] = a.word
    return Value(call_builtin(ctx, number))


@native
def general_2(ctx: UplcContext, number: i64, a: Value, b: Value) -> Value:
    """Calls a builtin of two arguments by its number."""
    arguments(ctx)[0] = a.word
    arguments(ctx)[1] = b.word
    return Value(call_builtin(ctx, number))


@native
def general_3(ctx: UplcContext, number: i64, a: Value, b: Value, c: Value) -> Value:
    """Calls a builtin of three arguments by its number."""
    arguments(ctx)[0] = a.word
    arguments(ctx)[1] = b.word
    arguments(ctx)[2] = c.word
    return Value(call_builtin(ctx, number))


@inline
def arity_of(ctx: UplcContext, number: i64) -> i64:
    return i64(ctx.signatures[number * SIGNATURE_BYTES])


@inline
def forces_of(ctx: UplcContext, number: i64) -> i64:
    return i64(ctx.signatures[number * SIGNATURE_BYTES + 1])


@inline
def is_builtin(word: i64) -> bool:
    """Whether a word is a builtin without arguments."""
    return (word & 7) == ATOM and (word >> 3) >= FIRST_BUILTIN


@inline
def atom_number(word: i64) -> i64:
    """The number of the builtin that an atom is."""
    return ((word >> 3) - FIRST_BUILTIN) >> 2


@inline
def atom_forces(word: i64) -> i64:
    """How often the builtin that an atom is has been forced."""
    return (word >> 3) & 3


@native
def apply_builtin(ctx: UplcContext, callee: i64, argument: i64) -> i64:
    """Applies a builtin, or a partial application of one, to one more argument. With its last argument it is charged for and
    called. FAILED for any other callee, and for a builtin that is still to be forced."""
    number: i64 = 0
    count: i64 = 0
    if is_builtin(callee):
        number = atom_number(callee)
        if atom_forces(callee) != forces_of(ctx, number):
            return FAILED
    elif kind_of(callee) == PARTIAL:
        what = fields(callee)[0] >> 8
        number = what & 255
        count = what >> COUNT_SHIFT
    else:
        return FAILED
    if count + 1 == arity_of(ctx, number):
        given = arguments(ctx)
        for i in range(count):
            given[i] = fields(callee)[1 + i]
        given[count] = argument
        ctx.cpu -= ctx.charged[2 * number]
        ctx.mem -= ctx.charged[2 * number + 1]
        return call_builtin(ctx, number)
    at = allocate(arena(ctx), (count + 2) * 8)
    if at == 0:
        return FAILED
    made = at + OBJECT
    fields(made)[0] = PARTIAL | (number | forces_of(ctx, number) << FORCES_SHIFT | (count + 1) << COUNT_SHIFT) << 8
    for i in range(count):
        fields(made)[1 + i] = fields(callee)[1 + i]
    fields(made)[count + 1] = argument
    return made


@native
def force_builtin(ctx: UplcContext, callee: i64) -> i64:
    """Forces a builtin. FAILED for any other word, and for a builtin that is not to be forced any more: one that has arguments
    is not, for forces come first."""
    if not is_builtin(callee) or atom_forces(callee) == forces_of(ctx, atom_number(callee)):
        return FAILED
    return callee + 8
