"""A compilation as plain data: what goes to whoever compiles, and what makes the code's key in the cache.

A job lists functions by numbers of its own, so that code compiled in one process fits another, where the same functions have
other numbers. What must hold: two jobs with the same key ask for the same code; nothing in a job is an address, for those
differ from run to run (a constant that is one is said by its kind alone, and compiled code loads it from the function's own
constants).
"""

from __future__ import annotations

import ctypes
import marshal

from pagoda.machine.flow import Flow
from pagoda.machine.function import Function
from pagoda.machine.linker import Linked
from pagoda.machine.operands import CALLEE, EMBEDDED, FEEDBACK
from pagoda.machine.operands import Cache as CacheWord
from pagoda.machine.ops import OpTable
from pagoda.machine.promotion.settings import Settings
from pagoda.machine.promotion.states import Candidate
from pagoda.native.cache import Cache, digest, make_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


LONGEST_FLOW = 4_000  # words of a function whose registers' lives are looked into
HEADER_SLOTS = 2  # of values of two words, the only ones that are compiled


class Job:
    """``members``: the functions, by their numbers in the job; the first is the one that is wanted. ``data`` is all that
    :mod:`pagoda.machine.promotion.building` is told, as tuples, lists and dicts of plain values."""

    __slots__ = ("candidate", "data", "key", "members")

    def __init__(self, candidate: Candidate, members: list[Linked], data: dict[str, Any], key: str) -> None:
        self.candidate, self.members, self.data, self.key = candidate, members, data, key

    @property
    def words(self) -> int:
        """The size of its bytecode."""
        return sum(len(linked.words) for linked in self.members)


class Snapshot:
    """A function as it is now: its words without what the interpreter wrote into them, the kinds that it saw, and what its
    inline caches hold. ``seen``: all kinds that were noted of an instruction, a bit each; ``unseen``: the instructions that
    never ran."""

    __slots__ = ("caches", "kinds", "seen", "unseen", "words")

    def __init__(self, linked: Linked, table: OpTable) -> None:
        words = (ctypes.c_int64 * len(linked.words)).from_buffer_copy(linked.words)
        self.kinds: dict[int, int] = {}
        self.seen: dict[int, int] = {}
        self.caches: dict[int, int] = {}
        self.unseen: list[int] = []
        starts = linked.starts
        for index, instruction in enumerate(linked.function.instructions):
            caches = _caches(instruction.op, table, instruction.letters)
            for name, place, unnoted in caches:
                at = starts[index] + place
                held = words[at]
                words[at] = 0
                if name == FEEDBACK:
                    if held > 0:
                        self.seen[index] = held
                    if held > 0 and held & (held - 1) == 0:
                        self.kinds[index] = held.bit_length() - 1
                    elif held == 0 and unnoted is not None:  # if it ran at all, its results were of the kind that is not noted
                        self.kinds[index] = unnoted
                    elif held == 0:
                        self.unseen.append(index)
                elif name != CALLEE and held:
                    self.caches[index] = held
        self.words = bytes(words)


_known: dict[tuple[int, str], tuple[Any, list[tuple[str, int, int | None]]]] = {}


def _caches(operation: Any, table: OpTable, letters: str) -> list[tuple[str, int, int | None]]:
    """The names and places of an instruction's cache words, and the kind that a word of feedback says nothing of."""
    key = id(operation), letters
    found = _known.get(key)
    if found is None:
        caches = {p.name: p.kind.unnoted for p in operation.parameters if isinstance(p.kind, CacheWord)}
        rows: list[tuple[str, int, int | None]] = []
        if caches:
            places = table.variant(operation, letters).layout.caches
            rows = [(name, places[name], unnoted) for name, unnoted in caches.items()]
        found = _known[key] = (operation, rows)  # the operation is kept, so that its id stays its own
    return found[1]


def constants_of(linked: Linked) -> list[tuple[bool, object, int, int]]:
    """Of each constant: whether code may contain it, the item then, its first word, and then its second."""
    rows: list[tuple[bool, object, int, int]] = []
    for number, item in enumerate(linked.function.constants):
        plain = type(item) in EMBEDDED
        tag, payload = linked.constants[2 * number], linked.constants[2 * number + 1]
        rows.append((plain, item if plain else None, tag, payload if plain else 0))
    return rows


def function_data(linked: Linked, words: bytes) -> tuple[Any, ...]:
    """A function for :func:`pagoda.machine.promotion.building.function_of`."""
    function: Function = linked.function
    handlers = bytes(linked.handlers) if function.handlers else b""
    return (
        function.name, function.parameters, function.registers, function.flags, words, handlers, constants_of(linked)
    )  # fmt: skip


def identity_of(function: tuple[Any, ...]) -> str:
    """A hash of what :func:`function_data` gives."""
    return digest([repr((*function[:4], function[6])), function[4], function[5]])


def profile_key(identity: str, settings: Settings, state: str) -> str:
    """Where the profile of a function lies, by what the function is: see :mod:`pagoda.machine.promotion.profiles`."""
    return make_key(["profile", state, repr((settings.level, settings.passes, settings.codegen)), identity])


def living(loop: Candidate) -> list[int | None]:
    """The kinds of the registers that live where a loop is entered; what lies in others is chance."""
    start, kinds, linked = loop.start, loop.kinds, loop.linked
    if start is None or kinds is None or len(linked.words) > LONGEST_FLOW:
        return []
    flow = Flow(linked.function, HEADER_SLOTS)
    effect, after = flow.effects[start], flow.liveness()[start]
    used = effect.reads | effect.takes | effect.consumes | effect.modified
    live = used | (after & ~(effect.writes | effect.clobbers))
    return [kind if live >> register & 1 else None for register, kind in enumerate(kinds)]


def make_job(
    candidate: Candidate, others: Iterable[Candidate], callees: dict[int, dict[int, int]], table: OpTable,
    settings: Settings, state: str,
) -> Job:  # fmt: skip
    """The job of compiling a candidate together with ``others``, which are whole functions. ``callees``: by the address of a
    member's code, which instruction is expected to call which code. ``state``: a hash of the sources that shape code."""
    rows = [candidate, *others]
    linked = [row.linked for row in rows]
    numbers = {row.linked.address: number for number, row in enumerate(rows)}
    functions, expected = [], []
    for row in rows:
        snapshot = Snapshot(row.linked, table)
        functions.append(function_data(row.linked, snapshot.words))
        slow = sorted(row.slow)
        kinds = {} if row.generic else {index: kind for index, kind in snapshot.kinds.items() if index not in slow}
        caches = {} if row.generic else {index: held for index, held in snapshot.caches.items() if index not in slow}
        calls = {} if row.generic else callees.get(row.linked.address, {})
        expected.append({
            "parameters": [] if row.start is not None or row.generic else list(row.kinds or ()),
            "registers": living(row) if not row.generic else [],
            "kinds": sorted(kinds.items()), "slow": slow, "caches": sorted(caches.items()),
            # A program that waits has compiled before it has seen much.
            "unseen": [] if row.generic or settings.wait else [i for i in snapshot.unseen if i not in slow],
            "callees": sorted((index, numbers[code]) for index, code in calls.items() if code in numbers and index not in slow),
        })  # fmt: skip
    passes = settings.passes
    if passes is None and sum(len(one.words) for one in linked) >= settings.large:
        passes = settings.light
    effort = (settings.level, passes, settings.codegen)
    identities = [identity_of(function) for function in functions]
    key = make_key(["compiled", state, repr((candidate.start, effort, expected)), *identities])
    data = {"functions": functions, "expected": expected, "start": candidate.start, "effort": effort}
    data["key"], data["state"] = key if settings.cached else "", state
    noted = settings.cached and not settings.wait
    data["profile"] = (profile_key(identities[0], settings, state), identities) if noted else None
    return Job(candidate, linked, data, key)


def remembered(key: str) -> dict[str, Any] | None:
    """The product of the job with that key, if it was compiled before, perhaps by another process."""
    entry = Cache().get(key)
    if entry is None:
        return None
    try:
        product = marshal.loads(entry.object)
    except (ValueError, EOFError, TypeError):
        return None
    return product if isinstance(product, dict) else None


def remember(data: dict[str, Any], product: dict[str, Any]) -> None:
    """Keeps the product of a job, if the job says so."""
    if data["key"]:
        Cache().put(data["key"], marshal.dumps(product))
