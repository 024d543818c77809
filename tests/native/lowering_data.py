"""Native functions, one per kind of value, memory access and number that lowering must get right."""

# ruff: noqa: SIM201  # the clumsy form is what is tested

from __future__ import annotations

from pagoda.native import array, f64, i8, i32, i64, native, ptr, struct, u8, u16, u64, value
from pagoda.native.intrinsics import (
    absolute,
    address,
    atomic_store,
    big_endian,
    cast,
    ceil,
    checked_add,
    checked_mul,
    checked_sub,
    copy_memory,
    copy_sign,
    divide_truncated,
    field_pointer,
    fill_memory,
    float_bits,
    float_from_bits,
    float_remainder,
    floor,
    i64_of_float,
    is_null,
    literal,
    move_memory,
    null,
    offset,
    pointer,
    remainder_truncated,
    round_half_away,
    sizeof,
    square_root,
    trap,
    truncate,
    volatile_load,
    wrap_i8,
    wrap_i16,
    wrap_i32,
    wrap_i64,
    wrap_u8,
    wrap_u16,
    wrap_u32,
    wrap_u64,
    wrapping_add,
)  # fmt: skip

INT, FLOAT = 1, 2
TABLE = (3, 5, 7)
LIMIT = u8(200)
MASK = 0xFFFFFFFFFFFFFFFF


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


@value
class Wide:
    first: Value
    second: Value


@struct
class Base:
    count: i64
    kind: u8
    open: bool


@struct
class Node(Base):
    next: Node
    value: Value
    bytes: array[u8, 5]  # type: ignore[type-arg,valid-type]
    small: Small
    rate: f64
    data: ptr[i32]


# -- value classes


@native
def wide_passes(a: Wide) -> Value:
    w = Wide(a.second, Value(a.first.payload, a.first.tag))
    return Value(w.first.payload, w.second.tag)


@native
def deep_value(n: u8, r: f64) -> Small:
    d = Deep(Small(n > 5, n), r)
    if d.inner.flag and d.rate > 1.0:
        d = Deep(Small(False, wrapping_add(d.inner.number, 1)), -d.rate)
    return Small(d.rate < 0.0, d.inner.number)


@native
def tag_stays_known(a: Value, c: bool) -> Value:
    v = Value(INT, a.payload)
    if c:
        v = Value(INT, wrapping_add(a.payload, 1))
    if v.tag == INT:
        return v
    trap()
    return a


@native
def float_and_tag(x: f64, tag: i64) -> Value:
    return Value(tag, float_bits(x))


# -- memory


@native
def fields(n: Node) -> i64:
    n.count = 5
    n.kind = 255
    n.open = True
    n.count += i64(n.kind)
    n.value = Value(n.count, 3)
    n.small = Small(n.open, n.kind - 1)
    n.rate = 0.25
    n.rate *= 8.0
    return n.value.tag + i64(n.small.number) + i64_of_float(n.rate) + i64(n.small.flag)


@native
def chained(n: Node) -> i64:
    n.next = cast(Node, offset(n, 128))
    n.next.next = n
    n.next.next.next.count = 77
    n.next.bytes[2] = 9
    n.next.bytes[2] += 1
    n.data = cast(ptr[i32], field_pointer(n.next, "bytes"))
    n.next.next.data[1] = -5
    n.next.value = n.value
    return n.next.count + i64(n.next.bytes[2]) + i64(n.data[1])


@native
def upcast(n: Node) -> bool:
    b: Base = n
    other: Base = b if n.open else cast(Base, offset(n, 128))
    other.count = 1
    return other == n or n == b


@native
def bool_byte(p: ptr[u8]) -> i64:
    flags = cast(ptr[bool], p)
    p[0] = 2
    p[1] = 0
    flags[2] = p[0] > 1
    flags[3] = flags[1]
    flags[4] = not flags[0]
    return i64(flags[0]) + 2 * i64(flags[1]) + 4 * i64(flags[2])


@native
def negative_index(p: ptr[u16], i: i8) -> u16:
    q = cast(ptr[u16], offset(p, 100))
    q[-1] = 4
    q[i & 7] = 5
    return q[-2] + q[-1]


@native
def values_in_memory(p: ptr[Value]) -> i64:
    p[1] = Value(7, 8)
    p[0] = p[1]
    if p[0].tag == 7:
        p[2] = Value(p[0].payload, p[1].tag)
    return p[2].tag * 10 + p[2].payload


@native
def structs_in_row(p: ptr[Base]) -> i64:
    for i in range(4):
        p[i].count = i * 5
        p[i].kind = wrap_u8(i)
        p[i].open = i == 2
    total = 0
    for i in range(4):
        if p[i].open:
            total += p[i].count + i64(p[i].kind)
    return total + sizeof(Base)


@native
def pointers_in_memory(p: ptr[ptr[i64]]) -> i64:
    p[0] = cast(ptr[i64], offset(p, 64))
    p[0][0] = 11
    p[0][1] = p[0][0] + 1
    p[1] = null(ptr[i64])
    if is_null(p[1]) and p[1] != p[0] and p[1] == null(ptr[i64]):
        return p[0][1]
    return 0


@native
def moved(p: ptr[u8]) -> u8:
    copy_memory(offset(p, 40), p, 20)
    move_memory(offset(p, 1), p, 10)
    fill_memory(offset(p, 30), 7, 5)
    text = literal(b"a\"\\\x00z")
    return p[45] ^ text[0] ^ text[4] ^ text[5]


@native
def shared(p: ptr[i64], q: ptr[bool], n: Node) -> i64:
    atomic_store(p, volatile_load(p) & 0xFF)
    atomic_store(q, not volatile_load(q))
    n.next = n
    return volatile_load(p) + i64(volatile_load(q)) + i64(address(volatile_load(field_pointer(n, "next"))) == address(n))


@native
def addresses(p: ptr[i32], i: i64) -> i64:
    q = pointer(ptr[i32], address(p) + 4 * (i & 7))
    return address(q) - address(p)


@native
def unaligned(p: ptr[u8], i: i64) -> i64:
    return cast(ptr[i64], offset(p, i & 3))[0]


@native
def big_endian_words(p: ptr[u8], i: i64) -> u64:
    return big_endian(offset(p, i & 15)) if i < 100 else big_endian(null(ptr[u8]))


@native
def null_access(i: i64) -> i64:
    return pointer(ptr[i64], i & 0xFF8)[0] if i < 5 else 0


# -- numbers


@native
def float_constants(n: i64) -> f64:
    if n == 0:
        return -0.0
    if n == 1:
        return 1e400
    if n == -1:
        return -1e400
    if n == 5:
        return 1e400 - 1e400
    if n == 100:
        return 5e-324
    return 0.1 + 0.2


@native
def float_compares(a: f64, b: f64) -> i64:
    return (i64(a < b) + 2 * i64(a <= b) + 4 * i64(a > b) + 8 * i64(a >= b) + 16 * i64(a == b) + 32 * i64(a != b)
            + 64 * i64(not a < b) + 128 * i64(not a == b))  # fmt: skip


@native
def float_minus_zero_fact(a: f64) -> f64:
    if a == 0.0:
        return a
    return 1.0


@native
def float_arithmetic(a: f64, b: f64) -> f64:
    return (a + b) * 2 - a / b + 1 / a - -b


@native
def float_functions(a: f64, b: f64) -> f64:
    return floor(a) + ceil(b) * truncate(a) - round_half_away(a) + absolute(b) * copy_sign(a, b)


@native
def float_root(a: f64) -> f64:
    return square_root(a)


@native
def float_rest(a: f64, b: f64) -> f64:
    return float_remainder(a, b)


@native
def float_rounded(a: f64) -> i64:
    return i64_of_float(a)


@native
def float_through_bits(a: f64) -> f64:
    return float_from_bits(float_bits(a) ^ (1 << 62))


@native
def folded_floats() -> f64:
    x = 2.0
    zero = 0.0
    y = square_root(x * 8.0) + floor(-0.5) + copy_sign(1.0, -zero)
    return y + round_half_away(2.5) + x / zero - float_remainder(7.5, x)


@native
def least() -> i64:
    return -9223372036854775808


@native
def most() -> u64:
    return 18446744073709551615


@native
def large_unsigned(x: u64) -> u64:
    if x > 9223372036854775808:
        return x & 18446744073709551614
    return x | 9223372036854775808


@native
def large_unsigned_stored(p: ptr[u64]) -> bool:
    p[0] = MASK
    p[1] = 1 << 63
    return p[0] > p[1]


@native
def compile_time(x: i64) -> i64:
    return x & (2 * INT + FLOAT * (7 // 2) + 100 % 7) if LIMIT == 200 and TABLE[1] == 5 else 0


@native
def table_unpacked(x: i64) -> i64:
    a, b, c = TABLE
    return wrapping_add(x, a * b + c)


@native
def wraps(x: i64) -> i64:
    return wrapping_add(
        wrapping_add(wrapping_add(i64(wrap_u8(x)), i64(wrap_u16(x))), wrapping_add(i64(wrap_u32(x)), wrap_i64(wrap_u64(x)))),
        wrapping_add(i64(wrap_i32(x)), i64(wrap_i16(x)) + i64(wrap_i8(x))),
    )


@native
def checked_parts(x: i32, y: i32) -> i32:
    a, over = checked_add(x, y)
    if over:
        b, over = checked_sub(x, y)
        if over:
            return -1
        return b
    c, over = checked_mul(a, x)
    return a if over else c


@native
def folded_checks() -> i64:
    big: u8 = 200
    a, over = checked_add(big, 100)
    b, under = checked_sub(big, 201)
    c, fine = checked_mul(big, 1)
    return i64(a) * 10 + i64(over) + i64(b) * 1000 + i64(under) * 100000 + i64(c) + i64(fine)


@native
def impossible_fold(x: i64) -> i64:
    top: i64 = 9223372036854775807
    if x == 100:
        return top + x
    if x == 5:
        return top << (x * 20)
    if x == -7:
        return i64(u8(x))
    return x


@native
def divides(a: i64, b: i64) -> i64:
    return wrapping_add(divide_truncated(a, b), remainder_truncated(a, b))


@native
def divides_narrow(a: i8, b: i8) -> i8:
    return wrapping_add(divide_truncated(a, b), remainder_truncated(a, b))


@native
def divides_unsigned(a: u64, b: u64) -> u64:
    return divide_truncated(a, b) ^ remainder_truncated(a, b)
