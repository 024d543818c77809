"""SHA-256 and BLAKE2b, as FIPS 180-4 and RFC 7693 have them. The free part of the arena holds the state meanwhile.

What must hold: the caller has made sure that there are ``STATE_BYTES`` free; where the digest goes, and the bytes that are
hashed, lie outside of it.
"""

from __future__ import annotations

from math import isqrt
from typing import Final

from pagoda.native import i64, inline, native, ptr, u8, u32, u64
from pagoda.native.intrinsics import copy_memory, fill_memory, literal, offset, pointer, wrap_u8, wrapping_add, wrapping_sub

_PRIMES: Final = [n for n in range(2, 312) if all(n % d for d in range(2, n))]


def _cube_root(number: int) -> int:
    """The cube root of a natural number, rounded down."""
    root = 1 << -(-number.bit_length() // 3)
    while True:
        better = (2 * root + number // (root * root)) // 3
        if better >= root:
            return root
        root = better


_ROOTS = [isqrt(prime << 128) & (1 << 64) - 1 for prime in _PRIMES[:8]]
#: The fractions of the square roots of the first primes: what both hashes begin with.
FIRST_64: Final = b"".join(root.to_bytes(8, "little") for root in _ROOTS)
FIRST_32: Final = b"".join((root >> 32).to_bytes(4, "little") for root in _ROOTS)
#: The fractions of the cube roots of the first 64 primes.
ROUNDS: Final = b"".join((_cube_root(prime << 96) & (1 << 32) - 1).to_bytes(4, "little") for prime in _PRIMES)
#: In which order the rounds of BLAKE2b take the words of a block.
ORDERS: Final = bytes(
    int(digit, 16)
    for digit in (
        "0123456789abcdefea489fd61c02b753"
        "b8c052fdae3671947931dcbe265a40f8"
        "905724afe1bc683d2c6a0b834d75fe19"
        "c51fed4a0763928bdb7ec13950f4862a"
        "6fe9b308c2d714a5a2847615fb9e3cd0"
    )
)
STATE_BYTES: Final = 32 + 2 * 256 + 128  # of SHA-256: state, two tables, the last blocks. BLAKE2b takes less


@inline
def turned_64(x: u64, count: i64) -> u64:
    """The bits moved towards the lower end, coming in again at the other."""
    return (x >> u64(count)) | (x << u64(64 - count))


@inline
def mix(v: ptr[u64], a: i64, b: i64, c: i64, d: i64, x: u64, y: u64) -> None:
    """The function G of BLAKE2b on four of the sixteen words."""
    va = wrapping_add(wrapping_add(v[a], v[b]), x)
    vd = turned_64(v[d] ^ va, 32)
    vc = wrapping_add(v[c], vd)
    vb = turned_64(v[b] ^ vc, 24)
    va = wrapping_add(wrapping_add(va, vb), y)
    vd = turned_64(vd ^ va, 16)
    vc = wrapping_add(vc, vd)
    v[a] = va
    v[b] = turned_64(vb ^ vc, 63)
    v[c] = vc
    v[d] = vd


@native
def blake2b_block(h: ptr[u64], total: i64, last: bool) -> None:
    """Takes in the block behind the state; ``total``: the bytes so far. Work is done behind the block."""
    m: ptr[u64] = offset(h, 64)
    v: ptr[u64] = offset(h, 192)
    copy_memory(v, h, 64)
    copy_memory(offset(v, 64), literal(FIRST_64), 64)
    v[12] = v[12] ^ u64(total)
    if last:
        v[14] = wrapping_sub(wrapping_sub(u64(0), v[14]), u64(1))  # every bit turned over
    orders = literal(ORDERS)
    for turn in range(12):
        order: ptr[u8] = offset(orders, (turn if turn < 10 else turn - 10) * 16)
        mix(v, 0, 4, 8, 12, m[i64(order[0])], m[i64(order[1])])
        mix(v, 1, 5, 9, 13, m[i64(order[2])], m[i64(order[3])])
        mix(v, 2, 6, 10, 14, m[i64(order[4])], m[i64(order[5])])
        mix(v, 3, 7, 11, 15, m[i64(order[6])], m[i64(order[7])])
        mix(v, 0, 5, 10, 15, m[i64(order[8])], m[i64(order[9])])
        mix(v, 1, 6, 11, 12, m[i64(order[10])], m[i64(order[11])])
        mix(v, 2, 7, 8, 13, m[i64(order[12])], m[i64(order[13])])
        mix(v, 3, 4, 9, 14, m[i64(order[14])], m[i64(order[15])])
    for i in range(8):
        h[i] = h[i] ^ v[i] ^ v[i + 8]


@native
def blake2b(free: i64, source: ptr[u8], length: i64, digest: ptr[u8], size: i64) -> None:
    """Writes the digest of so many bytes, ``size`` bytes of it, with the state at the address ``free``."""
    h = pointer(ptr[u64], free)
    block = pointer(ptr[u8], free + 64)
    copy_memory(h, literal(FIRST_64), 64)
    h[0] = h[0] ^ u64(0x01010000 + size)
    done = 0
    while length - done > 128:
        copy_memory(block, offset(source, done), 128)
        done += 128
        blake2b_block(h, done, False)
    fill_memory(block, u8(0), 128)
    copy_memory(block, offset(source, done), length - done)
    blake2b_block(h, length, True)
    copy_memory(digest, h, size)


@inline
def turned_32(x: u32, count: i64) -> u32:
    """The bits moved towards the lower end, coming in again at the other."""
    return (x >> u32(count)) | (x << u32(32 - count))


@native
def sha256_block(h: ptr[u32], rounds: ptr[u32], w: ptr[u32], block: ptr[u8]) -> None:
    """Takes in a block of 64 bytes. ``w`` has room for 64 words."""
    for i in range(16):
        at = i * 4
        high = (u32(block[at]) << 24) | (u32(block[at + 1]) << 16)
        w[i] = high | (u32(block[at + 2]) << 8) | u32(block[at + 3])
    for i in range(16, 64):
        x = w[i - 15]
        y = w[i - 2]
        low = turned_32(x, 7) ^ turned_32(x, 18) ^ (x >> 3)
        high = turned_32(y, 17) ^ turned_32(y, 19) ^ (y >> 10)
        w[i] = wrapping_add(wrapping_add(w[i - 16], low), wrapping_add(w[i - 7], high))
    a = h[0]
    b = h[1]
    c = h[2]
    d = h[3]
    e = h[4]
    f = h[5]
    g = h[6]
    k = h[7]
    for i in range(64):
        first = turned_32(e, 6) ^ turned_32(e, 11) ^ turned_32(e, 25)
        chosen = g ^ (e & (f ^ g))
        more = wrapping_add(wrapping_add(wrapping_add(k, first), wrapping_add(chosen, rounds[i])), w[i])
        second = turned_32(a, 2) ^ turned_32(a, 13) ^ turned_32(a, 22)
        most = (a & b) | (c & (a | b))
        k = g
        g = f
        f = e
        e = wrapping_add(d, more)
        d = c
        c = b
        b = a
        a = wrapping_add(more, wrapping_add(second, most))
    h[0] = wrapping_add(h[0], a)
    h[1] = wrapping_add(h[1], b)
    h[2] = wrapping_add(h[2], c)
    h[3] = wrapping_add(h[3], d)
    h[4] = wrapping_add(h[4], e)
    h[5] = wrapping_add(h[5], f)
    h[6] = wrapping_add(h[6], g)
    h[7] = wrapping_add(h[7], k)


@native
def sha256(free: i64, source: ptr[u8], length: i64, digest: ptr[u8]) -> None:
    """Writes the digest of so many bytes, 32 bytes, with the state at the address ``free``."""
    h = pointer(ptr[u32], free)
    rounds = pointer(ptr[u32], free + 32)
    w = pointer(ptr[u32], free + 32 + 256)
    tail = pointer(ptr[u8], free + 32 + 512)
    copy_memory(h, literal(FIRST_32), 32)
    copy_memory(rounds, literal(ROUNDS), 256)
    done = 0
    while length - done >= 64:
        sha256_block(h, rounds, w, offset(source, done))
        done += 64
    rest = length - done
    fill_memory(tail, u8(0), 128)
    copy_memory(tail, offset(source, done), rest)
    tail[rest] = u8(128)
    end = 64 if rest < 56 else 128
    for i in range(8):
        tail[end - 1 - i] = wrap_u8((length * 8) >> (i * 8))
    sha256_block(h, rounds, w, tail)
    if end == 128:
        sha256_block(h, rounds, w, offset(tail, 64))
    for i in range(32):
        digest[i] = wrap_u8(h[i >> 2] >> u32(24 - (i & 3) * 8))
