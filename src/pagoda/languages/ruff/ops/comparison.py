"""Comparisons: as values, and fused with the branch that uses them.

Orderings are defined between numbers and between strings; equality between everything. A fused branch comes in two senses,
because ``!(a < b)`` is not ``a >= b`` where a NaN is about.
"""

from __future__ import annotations

from pagoda.languages.ruff.ops.model import Ctx, Read, Reg, RuffContext, To, Where, number_of
from pagoda.languages.ruff.ops.slow import (
    BINARY_GE,
    BINARY_GT,
    BINARY_LE,
    BINARY_LT,
    compare_slow,
    equal_slow,
    equality_value,
    inequality_value,
    ordering_value,
    truthy,
    unequal_slow,
)  # fmt: skip
from pagoda.machine.ops import op
from pagoda.machine.verbs import slow
from pagoda.native import i64, inline, native
from pagoda.native.intrinsics import unlikely
from pagoda.runtime.pairs import (
    BOOL,
    INT,
    NULL,
    STRING,
    STRUCT,
    Value,
    float_of,
    from_bool,
    int_of,
    is_float,
    is_int,
    is_number,
)


@native
def not_compare_slow(ctx: RuffContext, service: i64, a: Value, b: Value) -> i64:
    """The opposite of :func:`compare_slow`; -1 on failure."""
    answer = compare_slow(ctx, service, a, b)
    return answer if answer < 0 else 1 - answer


@native
def not_equal_slow(ctx: RuffContext, a: Value, b: Value) -> i64:
    """The opposite of :func:`equal_slow`; -1 on failure."""
    answer = equal_slow(ctx, a, b)
    return answer if answer < 0 else 1 - answer


@native
def not_unequal_slow(ctx: RuffContext, a: Value, b: Value) -> i64:
    """The opposite of :func:`unequal_slow`; -1 on failure."""
    answer = unequal_slow(ctx, a, b)
    return answer if answer < 0 else 1 - answer


@inline
def is_plain(v: Value) -> bool:
    """Whether equality with another such value is that of the words: null, bools, ints."""
    return v.tag == NULL or v.tag == BOOL or v.tag == INT


@inline
def is_not_null(ctx: RuffContext, a: Value, b: Value) -> bool:
    """Whether ``b`` is null and ``a`` a struct that no overload compares with it."""
    return b.tag == NULL and a.tag == STRUCT and ctx.overloads == 0


# What the orderings and equality mean where no call is needed: whether that decides it, and the answer. The operations below,
# and those of loops.py, are made of these.


@inline
def less(a: Value, b: Value) -> tuple[bool, bool]:
    """``a < b`` of two numbers."""
    if is_int(a) and is_int(b):
        return True, int_of(a) < int_of(b)
    if is_float(a) and is_float(b):
        return True, float_of(a) < float_of(b)
    if unlikely(is_number(a) and is_number(b)):
        return True, number_of(a) < number_of(b)
    return False, False


@inline
def at_most(a: Value, b: Value) -> tuple[bool, bool]:
    """``a <= b`` of two numbers."""
    if is_int(a) and is_int(b):
        return True, int_of(a) <= int_of(b)
    if is_float(a) and is_float(b):
        return True, float_of(a) <= float_of(b)
    if unlikely(is_number(a) and is_number(b)):
        return True, number_of(a) <= number_of(b)
    return False, False


@inline
def greater(a: Value, b: Value) -> tuple[bool, bool]:
    """``a > b`` of two numbers."""
    if is_int(a) and is_int(b):
        return True, int_of(a) > int_of(b)
    if is_float(a) and is_float(b):
        return True, float_of(a) > float_of(b)
    if unlikely(is_number(a) and is_number(b)):
        return True, number_of(a) > number_of(b)
    return False, False


@inline
def at_least(a: Value, b: Value) -> tuple[bool, bool]:
    """``a >= b`` of two numbers."""
    if is_int(a) and is_int(b):
        return True, int_of(a) >= int_of(b)
    if is_float(a) and is_float(b):
        return True, float_of(a) >= float_of(b)
    if unlikely(is_number(a) and is_number(b)):
        return True, number_of(a) >= number_of(b)
    return False, False


@inline
def same(ctx: RuffContext, a: Value, b: Value) -> tuple[bool, bool]:
    """``a == b`` of nulls, bools and ints, and of a struct and null."""
    if is_int(a) and is_int(b):
        return True, int_of(a) == int_of(b)
    if is_plain(a) and is_plain(b):
        return True, a.tag == b.tag and a.payload == b.payload
    if is_not_null(ctx, a, b):
        return True, False
    return False, False


@op
def lt(ctx: Ctx, a: Reg, b: Read) -> Value:
    """Whether ``a`` is less than ``b``."""
    decided, holds = less(a, b)
    if decided:
        return from_bool(holds)
    return slow(ordering_value, ctx, BINARY_LT, a, b)


@op
def jump_lt(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` is less than ``b``."""
    decided, holds = less(a, b)
    if decided:
        return holds
    return slow(compare_slow, ctx, BINARY_LT, a, b)


@op
def jump_not_lt(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` unless ``a`` is less than ``b``."""
    decided, holds = less(a, b)
    if decided:
        return not holds
    return slow(not_compare_slow, ctx, BINARY_LT, a, b)


@op
def le(ctx: Ctx, a: Reg, b: Read) -> Value:
    """Whether ``a`` is at most ``b``."""
    decided, holds = at_most(a, b)
    if decided:
        return from_bool(holds)
    return slow(ordering_value, ctx, BINARY_LE, a, b)


@op
def jump_le(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` is at most ``b``."""
    decided, holds = at_most(a, b)
    if decided:
        return holds
    return slow(compare_slow, ctx, BINARY_LE, a, b)


@op
def jump_not_le(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` unless ``a`` is at most ``b``."""
    decided, holds = at_most(a, b)
    if decided:
        return not holds
    return slow(not_compare_slow, ctx, BINARY_LE, a, b)


@op
def gt(ctx: Ctx, a: Reg, b: Read) -> Value:
    """Whether ``a`` is greater than ``b``."""
    decided, holds = greater(a, b)
    if decided:
        return from_bool(holds)
    return slow(ordering_value, ctx, BINARY_GT, a, b)


@op
def jump_gt(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` is greater than ``b``."""
    decided, holds = greater(a, b)
    if decided:
        return holds
    return slow(compare_slow, ctx, BINARY_GT, a, b)


@op
def jump_not_gt(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` unless ``a`` is greater than ``b``."""
    decided, holds = greater(a, b)
    if decided:
        return not holds
    return slow(not_compare_slow, ctx, BINARY_GT, a, b)


@op
def ge(ctx: Ctx, a: Reg, b: Read) -> Value:
    """Whether ``a`` is at least ``b``."""
    decided, holds = at_least(a, b)
    if decided:
        return from_bool(holds)
    return slow(ordering_value, ctx, BINARY_GE, a, b)


@op
def jump_ge(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` is at least ``b``."""
    decided, holds = at_least(a, b)
    if decided:
        return holds
    return slow(compare_slow, ctx, BINARY_GE, a, b)


@op
def jump_not_ge(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` unless ``a`` is at least ``b``."""
    decided, holds = at_least(a, b)
    if decided:
        return not holds
    return slow(not_compare_slow, ctx, BINARY_GE, a, b)


@op
def eq(ctx: Ctx, a: Reg, b: Read) -> Value:
    """Whether ``a`` equals ``b``."""
    decided, holds = same(ctx, a, b)
    if decided:
        return from_bool(holds)
    return slow(equality_value, ctx, a, b)


@op
def jump_eq(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` equals ``b``."""
    decided, holds = same(ctx, a, b)
    if decided:
        return holds
    return slow(equal_slow, ctx, a, b)


@op
def jump_not_eq(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` unless ``a`` equals ``b``."""
    decided, holds = same(ctx, a, b)
    if decided:
        return not holds
    return slow(not_equal_slow, ctx, a, b)


@op
def ne(ctx: Ctx, a: Reg, b: Read) -> Value:
    """Whether ``a`` differs from ``b``."""
    decided, holds = same(ctx, a, b)
    if decided:
        return from_bool(not holds)
    return slow(inequality_value, ctx, a, b)


@op
def jump_ne(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` if ``a`` differs from ``b``."""
    decided, holds = same(ctx, a, b)
    if decided:
        return not holds
    return slow(unequal_slow, ctx, a, b)


@op
def jump_not_ne(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Goes to ``target`` unless ``a`` differs from ``b``."""
    decided, holds = same(ctx, a, b)
    if decided:
        return holds
    return slow(not_unequal_slow, ctx, a, b)


@op(raises=False)
def jump_not_text(a: Where, target: To) -> bool:
    """Goes to ``target`` unless ``a`` is a string."""
    return a.tag != STRING


@op(raises=False, scalar=True)
def truth(a: Reg) -> Value:
    """``a`` as a bool: what a condition makes of it."""
    if a.tag == BOOL:
        return from_bool(a.payload != 0)
    return from_bool(truthy(a))


@op(raises=False)
def jump_true(a: Reg, target: To) -> bool:
    """Goes to ``target`` if ``a`` counts as true."""
    if a.tag == BOOL or a.tag == INT:
        return a.payload != 0
    if is_float(a):
        return float_of(a) != 0.0
    return truthy(a)


@op(raises=False)
def jump_false(a: Reg, target: To) -> bool:
    """Goes to ``target`` if ``a`` counts as false."""
    if a.tag == BOOL or a.tag == INT:
        return a.payload == 0
    if is_float(a):
        return float_of(a) == 0.0
    return not truthy(a)


@op(raises=False)
def jump_null(a: Reg, target: To) -> bool:
    """Goes to ``target`` if ``a`` is null."""
    return a.tag == 0


@op(raises=False)
def jump_not_null(a: Reg, target: To) -> bool:
    """Goes to ``target`` unless ``a`` is null."""
    return a.tag != 0
