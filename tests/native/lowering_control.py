"""Native functions, one per construct of control that lowering must get right; test_lowering.py runs each every way."""

# ruff: noqa: B007, RET504, SIM103  # the clumsy form is what is tested

from __future__ import annotations

from typing import Any

from pagoda.native import cold, f64, i8, i64, inline, native, ptr, u8, u16, u32, u64, value
from pagoda.native.intrinsics import (
    count_ones,
    i64_of_float,
    leading_zeros,
    likely,
    trailing_zeros,
    trap,
    unlikely,
    wrap_u64,
    wrapping_add,
    wrapping_mul,
    wrapping_sub,
)  # fmt: skip

INT, FLOAT = 1, 2
TABLE = (3, 5, 7)


@value
class Value:
    tag: i64
    payload: i64


@value
class Small:
    flag: bool
    number: u8


@value
class Deep:
    inner: Small
    rate: f64


# -- facts and joins


@native
def fact_does_not_pass_join(x: i64) -> i64:
    if x == 3:
        y = x
    else:
        y = 4
    return x * 10 + y


@native
def fact_in_value_of_and(x: i64, y: i64) -> i64:
    both = x == 1 and y == 2
    if both:
        return x + y
    return wrapping_sub(x, y)


@native
def fact_in_value_of_known_part(x: i64) -> i64:
    flag = x != 3 and True
    other = False or x == 5
    return wrapping_add(wrapping_mul(x, 10), i64(flag) + 2 * i64(other))


@native
def fact_in_test_of_conditional(x: i64, y: i64) -> i64:
    z = 5 if x == 1 and y == 2 else 7
    return wrapping_add(wrapping_mul(x, 3), wrapping_add(y, z))


@native
def fact_after_or(x: i64, y: i64) -> i64:
    if x == 1 or y == 2:
        return wrapping_add(x, y)
    return wrapping_sub(x, y)


@native
def fact_after_not_equal(x: u8) -> u8:
    if x != 7:
        return wrapping_add(x, 1)
    return ~x


@native
def fact_keeps_width(x: u8) -> u8:
    if x == 250:
        return wrapping_add(x, 10)
    if x == 5:
        return ~x
    if x == 1:
        return leading_zeros(x)
    return x


@native
def fact_through_cast(x: i64) -> i64:
    y = wrap_u64(x)
    if y == 0xFFFFFFFFFFFFFFFF:
        return x
    if y == 0x8000000000000000:
        return x + 1
    return 0


@native
def fact_in_loop(x: i64) -> i64:
    total = 0
    for i in range(5):
        if x == 3:
            total = total + x + i
        x = wrapping_add(x, 1)
    return total


@native
def fact_of_loop_value(n: i64) -> i64:
    i = 0
    while i != 5:
        if i == n:
            return i * 100
        i += 1
    return i


@native
def fact_at_break(n: u8) -> i64:
    k = 0
    while True:
        if n == 9:
            break
        if k == 3:
            break
        k += 1
    return k * 1000 + i64(n)


@native
def fact_on_early_return(x: i64) -> i64:
    if x != 6:
        return wrapping_mul(x, 2)
    return x * 3


@inline
def is_six(x: i64) -> bool:
    if x != 6:
        return False
    return True


@native
def fact_out_of_inlined(x: i64) -> i64:
    if is_six(x):
        return x * 7
    return wrapping_add(x, 1)


@native
def fact_of_bool(x: bool, y: bool) -> i64:
    if x:
        if y == x:
            return 1
        return 2
    if not y:
        return 3 if not x else 4
    return 5


@native
def constants_join(x: bool) -> u8:
    y = u8(5) if x else u8(6)
    return y + 1


@native
def constant_kept_over_join(x: i64) -> i64:
    k = 4
    if x > 0:
        x = x - 1
    if k == 4:
        return x
    return trap_now()


@native
def narrow_constants_wrap() -> u8:
    a: u8 = 200
    b = wrapping_add(a, 100)
    return wrapping_sub(b, 255)


@native
def narrow_constant_bits() -> u16:
    a = u16(1)
    return leading_zeros(a) + count_ones(~a) + trailing_zeros(a << 9)


@native
def shifts_of_constants() -> i64:
    x = 1
    return (x << 63) >> 63


@native
def declared_again(x: bool) -> u8:
    y: u8 = 1
    if x:
        y = 2
    else:
        y = y + 3
    for i in range(3):
        y = 7
    y += 1
    return y


@native
def parameter_assigned(x: u8, y: f64) -> f64:
    x = 3
    y = 4
    return y + f64(x)


@native
def swapped(x: u32, y: u32) -> u32:
    x, y = y, x
    return wrapping_sub(x, y)


@native
def plain_takes_width(x: u16) -> u16:
    return 1 + (x & 0xFF)


@native
def shift_of_plain(x: u64) -> u64:
    return (1 << (x & 63)) >> 3


# -- booleans


@native
def nested_logic(a: bool, b: bool, c: bool, d: bool) -> i64:
    n = 0
    if (a and b) or (c and not d):
        n += 1
    if not (a or b) and (c or d):
        n += 2
    if not (not a and (not b or (c and d))):
        n += 4
    if a and (b or not (c and d)) or d:
        n += 8
    return n


@native
def known_parts(a: bool, b: bool) -> i64:
    yes, no = True, False
    n = 0
    if (a and no) or b:
        n += 1
    if (a or yes) and b:
        n += 2
    if (a and no) and b:
        n += 4
    if not (a or yes) or (b and no):
        n += 8
    if yes and (a or (no and b)):
        n += 16
    if (a or yes) and (b or yes):
        n += 32
    x = (a and no) or (b and yes)
    y = not ((a or no) and (b and yes))
    while (a and no) and b:
        n += 64
    return n * 4 + i64(x) * 2 + i64(y)


@native
def logic_as_value(x: i64, y: i64) -> bool:
    return x > 0 and (y > 0 or x == 5) and not (x == 1 and y == 1)


@native
def bool_operators(a: bool, b: bool) -> i64:
    return i64(a & b) + 2 * i64(a | b) + 4 * i64(a ^ b) + 8 * i64(a == b) + 16 * i64(a != b)


@native
def bool_to_float(a: bool) -> f64:
    return f64(a) + 0.5


@native
def likely_parts(a: i64, b: i64) -> i64:
    if likely(a == 1 and b == 2):
        return a + b
    if unlikely(a == 3 or b == 3):
        return wrapping_sub(a, b)
    if not likely(a != 4):
        return a
    return i64(likely(a == b))


@native
def chained_conditional(x: i64) -> i64:
    return 1 if x < 0 else 2 if x == 0 else 3 if x == 1 else x


# -- loops


@native
def while_true(n: i64) -> i64:
    i = 0
    while True:
        if i * i > n or i == 1000:
            break
        i += 1
    return i


@native
def while_true_return(n: u8) -> u8:
    while True:
        if n > 100:
            return n
        n = n + 50


@native
def break_and_continue(n: i64) -> i64:
    total = 0
    for i in range(20):
        if i & 1 == 1:
            continue
        if i == n:
            break
        j = 0
        while j < 5:
            j += 1
            if j == 2:
                continue
            if j == 4:
                break
            total += i
        total += j
    return total


@native
def same_name_twice(n: i64) -> i64:
    total = 0
    for i in range(3):
        for i in range(2):
            total += i + 1
        total += i * 100
    return total


@native
def counter_changed_in_body() -> i64:
    total = 0
    for i in range(10):
        total += i
        i = 100
    return total


@native
def counter_after_loop(n: i64) -> i64:
    i = -5
    for i in range(n & 7):
        pass
    return i


@native
def range_steps(a: i64, b: i64) -> i64:
    a, b = a & 31, b & 31
    n = 0
    for i in range(a, b, 3):
        n = n * 3 + i
        n = n & 0xFFFF
    for i in range(b, a, -2):
        n = n * 5 + i
        n = n & 0xFFFF
    return n


@native
def range_to_the_end() -> i64:
    n = 0
    for i in range(9223372036854775800, 9223372036854775807, 3):
        n += 1
    for i in range(-9223372036854775800, -9223372036854775808, -5):
        n += 10
    return n


@native
def range_unsigned(n: u8) -> i64:
    total = 0
    for i in range(n, 0, -1):
        total += i64(i)
    for i in range(n, u8(3), -7):
        total += i64(i)
    for i in range(250, n, 2):
        total += 1
    return total


@native
def range_narrow(n: i8) -> i64:
    total = 0
    for i in range(n):
        total += i64(i)
    for i in range(i8(-128), n, 100):
        total += 1000
    return total


@native
def range_evaluates_once(p: ptr[i64]) -> i64:
    p[0] = 3
    total = 0
    for i in range(p[0]):
        p[0] = 10
        total += i
    return total


@native
def loop_values(n: i64) -> i64:
    v = Value(INT, 0)
    seen = False
    rate = 0.5
    for i in range(n & 15):
        if v.tag == INT and i == 5:
            v = Value(FLOAT, v.payload)
            seen = True
        else:
            v = Value(v.tag, v.payload + i)
        rate = rate * 2.0
    return v.tag * 1000 + v.payload + i64(seen) * 5000 + i64_of_float(rate)


@native
def loop_tuple(n: i64) -> i64:
    pair = (0, 1)
    for _ in range(n & 31):
        pair = (pair[1], pair[0] + pair[1])
    a, b = pair
    return a * 3 + b


@native
def while_false(n: i64) -> i64:
    while False:
        n += 1
    while n == n + 0 and False:
        n += 1
    return n


@native
def nested_returns(n: i64) -> i64:
    for i in range(6):
        for j in range(6):
            if i * j == n:
                return i * 10 + j
            if j > i:
                break
        else_value = i
        if else_value == n:
            return -i
    return 99


@native
def infinite(n: i64) -> i64:
    if n < 100:
        return n
    if n < 0:
        spin()
    return 7


@native
def spin() -> i64:
    while True:
        pass


@inline
def spin_here(n: i64) -> i64:
    while True:
        if n > 3:
            trap()
        n += 1


# -- ends


@inline
def trap_now() -> i64:
    trap()
    return 1


@native
def trap_in_expression(x: i64) -> i64:
    y = 5
    if x == 77:
        y = 1 + trap_now()
    z = trap_now() if x == 78 else 3
    if x == 79 and trap_now() == 1:
        z = 4
    if x == 80 or (x == 81 and trap_now() == 0):
        z = 9
    if x == 82:
        return spin_here(x) * 2
    w = x == 83 and trap_now() == 1
    return y + z + i64(w)


@native
def after_trap(x: i64) -> i64:
    if x > 0:
        trap()
        x = 5
    elif x < -5:
        while trap_now() == 1:
            x = 6
    return x


@native
def asserts(x: i64) -> i64:
    assert x != 5
    assert x < 1000, "less"
    return x


@native
def nothing(p: ptr[u8]) -> None:
    """Stores one byte."""
    if p[0] == 3:
        return
    p[0] = 4


@native
def calls_nothing(p: ptr[u8]) -> u8:
    nothing(p)
    return p[0]


# -- inlining


@inline
def search(limit: i64, wanted: i64) -> i64:
    for i in range(limit):
        if i * 2 == wanted:
            return i
        if i == 7:
            break
        if i == 3:
            continue
    return -1


@native
def inlined_loop_returns(n: i64) -> i64:
    a = search(20, n & 15)
    total = a
    for i in range(3):
        total = total * 2 + search(i, a)
    return total


@inline
def minmax(a: i64, b: i64) -> tuple[i64, i64]:
    if a < b:
        return a, b
    return b, a


@native
def tuple_out(a: i64, b: i64) -> tuple[i64, i64]:
    low, high = minmax(a, b)
    return minmax(high, low)[0], high


@native
def mixed_tuple(a: i64, b: u8) -> tuple[u8, bool]:
    t = (b, a > 0)
    return t


@native
def with_tuple(a: i64) -> i64:
    n, flag = mixed_tuple(a, 9)
    return i64(n) + i64(flag)


@inline
def deep_tuple(a: i64) -> tuple[Value, tuple[i64, bool]]:
    return Value(a, wrapping_add(a, 1)), (wrapping_add(a, 2), a > 0)


@native
def deep_tuple_taken(a: i64) -> i64:
    v, (n, flag) = deep_tuple(a)
    return wrapping_add(wrapping_add(v.tag, v.payload), n if flag else 0)


@inline
def loose(a: Any, b: Any) -> Any:
    return a + b


@native
def loosely(x: u8, y: f64) -> f64:
    return f64(loose(x & 15, u8(3))) + loose(y, 1.5) + f64(loose(2, 3))


@inline
def choose(which: i64, a: i64, b: i64) -> i64:
    if which == 0:
        return a
    if which == 1:
        return b
    return TABLE[2]


@native
def specialised(a: i64, b: i64) -> i64:
    return wrapping_add(wrapping_mul(choose(0, a, b), 3), wrapping_add(choose(1, a, b), choose(2, a, b)))


@inline
def power(base: i64, exponent: i64) -> i64:
    if exponent == 0:
        return 1
    return wrapping_mul(base, power(base, exponent - 1))


@native
def compile_time_recursion(x: i64) -> i64:
    return power(x, 6)


@native
def fib(n: i64) -> i64:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@native
def fib_of(n: i64) -> i64:
    return fib(n & 15)


@native
def is_even(n: u8) -> bool:
    return True if n == 0 else is_odd(n - 1)


@native
def is_odd(n: u8) -> bool:
    return False if n == 0 else is_even(n - 1)


@native
def even_of(n: u8) -> bool:
    return is_even(n & 31)


@cold
def seldom(a: Value, b: Deep) -> Value:
    return Value(a.payload, wrapping_add(a.tag, i64(b.inner.number)))


@native
def by_name(x: i64) -> i64:
    v = seldom(b=Deep(rate=1.5, inner=Small(True, 9)), a=Value(payload=x, tag=4))
    return wrapping_sub(v.tag, v.payload)


CALLED_ONLY = {"fib", "is_even", "is_odd", "spin"}  # by others: recursion too deep or endless on edge values
