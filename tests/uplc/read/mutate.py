"""Damaged bytes, read by the native and the Python readers, in child processes: a crash, a hang or growth ends a child.

As a script, ``python -m uplc.read.mutate COUNT [FIRST]`` (with ``src`` and ``tests`` on the path) prints one line, after what
was bad; its status is 1 if anything was.
"""

from __future__ import annotations

import mmap
import os
import pickle
import random
import resource
import signal
import sys
import time
from collections import Counter

from pagoda.languages.uplc.encoding.flat import write_program
from pagoda.languages.uplc.encoding.ledger import LANGUAGES, bounds_of

from .programs import Maker
from .reading import Readers, compare_data, compare_program, image

BATCH = 5_000  # inputs of one child
SLOW = 10  # seconds that one input may take
ROOM = 192 << 20  # bytes by which a child may grow
PIECES = (
    b"\x00", b"\x01", b"\x7f", b"\x80", b"\xff", b"\xff" * 9, b"\x9b" + b"\xff" * 8, b"\xbb" + b"\x7f" * 8,
    b"\x5b" + b"\xff" * 8, b"\x5f\x58\x40", b"\xd8\x66\x82", b"\xd8\x66\x9f", b"\xc2\x5f", b"\xc3\x40", b"\x9f" * 9,
    b"\x81" * 9, b"\xd8\x79\x9f", b"\xff\xff", b"\x11" * 9, b"\x33" * 9, b"\x88\x01\x88\x01", b"\xed\xa0\x80",
)  # fmt: skip


def originals() -> tuple[list[bytes], list[bytes]]:
    """Programs and data to be damaged, most of them small."""
    makers = [Maker(seed) for seed in range(400)]
    programs = [write_program(maker.program(number % 24)) for number, maker in enumerate(makers)]
    datas = [maker.cbor(maker.data(number % 30)) for number, maker in enumerate(makers)]
    programs = [program for program in programs if len(program) < 800]
    return programs, [data for data in datas if len(data) < 500]


def mutant(chance: random.Random, pool: list[bytes]) -> bytes:
    """One of a pool, damaged."""
    made = bytearray(chance.choice(pool))
    for _ in range(chance.choice((1, 1, 1, 1, 2, 4))):
        at = chance.randrange(len(made) + 1)
        kind = chance.randrange(8)
        if kind <= 2 and at < len(made):
            made[at] ^= 1 << chance.randrange(8)
        elif kind == 3 and at < len(made):
            made[at] = chance.randrange(256)
        elif kind == 4:
            del made[at : at + chance.choice((1, 1, 2, 8, 64))]
        elif kind == 5:
            made[at:at] = made[at : at + chance.choice((1, 2, 8))] * chance.choice((1, 2, 9))
        elif kind == 6:
            made[at : at + chance.choice((0, 1, 2))] = chance.choice(PIECES)
        else:
            other = chance.choice(pool)
            made[at:] = other[chance.randrange(len(other)) :]
    return bytes(made)


def case(seed: int, pools: tuple[list[bytes], list[bytes]]) -> tuple[bytes, bool]:
    """The input of a seed, and whether it is to be read as data."""
    chance = random.Random(seed)
    as_data = chance.random() < 0.4
    return mutant(chance, pools[as_data]), as_data


def run_batch(first: int, count: int, pools: tuple[list[bytes], list[bytes]], say) -> None:
    """Reads so many inputs in this process. ``say`` is told the seed before each, and in the end what came out."""
    readers = Readers()
    bounds = [*[None] * 8, *(bounds_of(language, protocol) for language in LANGUAGES for protocol in (9, 11))]
    kinds: Counter[str] = Counter()
    bad = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(first, first + count):
        if seed % 64 == 0:
            signal.alarm(SLOW)
        say(seed)
        data, as_data = case(seed, pools)
        try:
            if as_data:
                kinds["data " + compare_data(readers, data)] += 1
            else:
                kinds["program " + compare_program(readers, data, bounds[seed % len(bounds)])] += 1
        except Exception as problem:
            kinds["bad"] += 1
            bad.append(f"{seed}: {type(problem).__name__}: {str(problem)[:200]}: {data.hex()[:400]}")
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    if growth > ROOM:
        bad.append(f"{first} to {first + count - 1}: grown by {growth >> 20} MB")
    say((kinds, bad))


def in_child(first: int, count: int, pools: tuple[list[bytes], list[bytes]]) -> tuple[Counter[str], list[str], int]:
    """What came out of a batch in a child, what was bad, and the first seed that was not reached."""
    source, sink = os.pipe()
    # Where the child stands, seen by both without a call.
    shared = mmap.mmap(-1, 8)
    place = memoryview(shared).cast("q")
    place[0] = first
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(source)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)

            def say(what) -> None:
                if type(what) is int:
                    place[0] = what
                else:
                    with os.fdopen(sink, "wb") as out:
                        pickle.dump(what, out)

            run_batch(first, count, pools, say)
            status = 0
        finally:
            os._exit(status)
    os.close(sink)
    with os.fdopen(source, "rb") as incoming:
        content = incoming.read()
    _, status = os.waitpid(child, 0)
    reached = place[0]
    if status == 0:
        kinds, bad = pickle.loads(content)
        return kinds, bad, first + count
    how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"
    data = case(reached, pools)[0]
    return Counter({"bad": 1}), [f"{reached}: the child ended with {how}: {data.hex()[:400]}"], reached + 1


def run_mutants(count: int, first: int = 0) -> tuple[Counter[str], list[str]]:
    """Reads so many damaged inputs; gives how many there were of which kind, and in words what was bad."""
    image()  # built once, for all children
    pools = originals()
    kinds: Counter[str] = Counter()
    bad: list[str] = []
    end = first + count
    while first < end:
        found, wrong, first = in_child(first, min(BATCH, end - first), pools)
        kinds += found
        bad += wrong
    return kinds, bad


def main(arguments: list[str]) -> int:
    begun = time.monotonic()
    kinds, bad = run_mutants(*([int(word) for word in arguments] or [10_000]))
    for line in bad[:20]:
        print(line)
    shown = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    print(f"{kinds.total()} inputs ({shown}), {len(bad)} bad, {time.monotonic() - begun:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
