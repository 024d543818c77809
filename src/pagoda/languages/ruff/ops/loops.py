"""Comparisons fused with the start of a loop's next iteration: where the condition holds, one unit of fuel, a poll, and on to
the body. Otherwise they are the branches of the same comparison.
"""

from __future__ import annotations

from pagoda.languages.ruff.ops.comparison import at_least, at_most, greater, less, same
from pagoda.languages.ruff.ops.model import Ctx, Read, Reg, RuffContext, To
from pagoda.languages.ruff.ops.slow import BINARY_GE, BINARY_GT, BINARY_LE, BINARY_LT, compare_slow, unequal_slow
from pagoda.machine.ops import op
from pagoda.machine.polling import poll_slow
from pagoda.machine.verbs import charge, poll, slow
from pagoda.native import i64, inline, native
from pagoda.native.intrinsics import field_pointer, volatile_load
from pagoda.runtime.pairs import Value


@inline
def again(holds: bool) -> bool:
    """Begins an iteration if the condition holds; answers whether it does."""
    if holds:
        charge(1)
        poll()
    return holds


@native
def again_slow(ctx: RuffContext, answer: i64) -> i64:
    """The same for the answer of a native function, which may be a failure."""
    if answer != 1:
        return answer
    ctx.fuel -= 1
    if (ctx.fuel < 0 or volatile_load(field_pointer(ctx, "poll_word")) != 0) and poll_slow(ctx) != 0:
        return -1
    return 1


@native
def order_slow(ctx: RuffContext, service: i64, a: Value, b: Value) -> i64:
    """An ordering that is not between numbers."""
    return again_slow(ctx, compare_slow(ctx, service, a, b))


@native
def difference_slow(ctx: RuffContext, a: Value, b: Value) -> i64:
    """``a != b`` that takes a call."""
    return again_slow(ctx, unequal_slow(ctx, a, b))


@op
def loop_lt(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Begins the next iteration at ``target`` if ``a`` is less than ``b``."""
    decided, holds = less(a, b)
    if decided:
        return again(holds)
    return slow(order_slow, ctx, BINARY_LT, a, b)


@op
def loop_le(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Begins the next iteration at ``target`` if ``a`` is at most ``b``."""
    decided, holds = at_most(a, b)
    if decided:
        return again(holds)
    return slow(order_slow, ctx, BINARY_LE, a, b)


@op
def loop_gt(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Begins the next iteration at ``target`` if ``a`` is greater than ``b``."""
    decided, holds = greater(a, b)
    if decided:
        return again(holds)
    return slow(order_slow, ctx, BINARY_GT, a, b)


@op
def loop_ge(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Begins the next iteration at ``target`` if ``a`` is at least ``b``."""
    decided, holds = at_least(a, b)
    if decided:
        return again(holds)
    return slow(order_slow, ctx, BINARY_GE, a, b)


@op
def loop_ne(ctx: Ctx, a: Reg, b: Read, target: To) -> bool:
    """Begins the next iteration at ``target`` if ``a`` differs from ``b``."""
    decided, holds = same(ctx, a, b)
    if decided:
        return again(not holds)
    return slow(difference_slow, ctx, a, b)
