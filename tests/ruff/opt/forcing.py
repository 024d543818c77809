"""Exits where a test wants them: a stand-in for the storey's own ``forced``, which compiled code asks at every place.

It counts how often each place is reached, and how deep the native stack is there, and says yes at the visit that the plan
names, or by chance. ``polled``: the address of a word that is set at each exit, or 0. Places are numbered
as in ``Support.force``: ``(identity << 32) + 2 * instruction``, one more for after it. What must hold: the same plan gives
the same exits.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from pagoda.languages.ruff.ops.table import MODEL
from pagoda.machine.optimiser.middles import cached_object
from pagoda.native.image import Image
from pagoda.native.loader import load

ROWS = 1 << 17  # places that are told apart
NEVER = -1
ALWAYS = 1 << 31  # a chance
NAME = "forced"
OWN = f"{MODEL.name}.opt.forced"
TEXT = f"""@{NAME}.rows = global [{ROWS} x [3 x i64]] zeroinitializer
@{NAME}.bases = global [65536 x i64] zeroinitializer
@{NAME}.random = global [2 x i64] zeroinitializer
@{NAME}.stack = global [2 x i64] zeroinitializer
@{NAME}.polled = global ptr null

define dso_local i64 @{NAME}(i64 %site) nounwind cold {{
entry:
  %here = alloca i64
  %address = ptrtoint ptr %here to i64
  %lowest = load i64, ptr @{NAME}.stack
  %isless = icmp ult i64 %address, %lowest
  %newlow = select i1 %isless, i64 %address, i64 %lowest
  store i64 %newlow, ptr @{NAME}.stack
  %highat = getelementptr [2 x i64], ptr @{NAME}.stack, i64 0, i64 1
  %highest = load i64, ptr %highat
  %ismore = icmp ugt i64 %address, %highest
  %newhigh = select i1 %ismore, i64 %address, i64 %highest
  store i64 %newhigh, ptr %highat
  %identity = lshr i64 %site, 32
  %few = and i64 %identity, 65535
  %number = and i64 %site, 4294967295
  %baseat = getelementptr [65536 x i64], ptr @{NAME}.bases, i64 0, i64 %few
  %base = load i64, ptr %baseat
  %place = add i64 %base, %number
  %row = and i64 %place, {ROWS - 1}
  %visitsat = getelementptr [{ROWS} x [3 x i64]], ptr @{NAME}.rows, i64 0, i64 %row, i64 0
  %visits = load i64, ptr %visitsat
  %more = add i64 %visits, 1
  store i64 %more, ptr %visitsat
  %leftat = getelementptr [{ROWS} x [3 x i64]], ptr @{NAME}.rows, i64 0, i64 %row, i64 1
  %left = load i64, ptr %leftat
  %less = sub i64 %left, 1
  store i64 %less, ptr %leftat
  %planned = icmp eq i64 %left, 0
  %random = load i64, ptr @{NAME}.random
  %times = mul i64 %random, 6364136223846793005
  %now = add i64 %times, 1442695040888963407
  store i64 %now, ptr @{NAME}.random
  %high = lshr i64 %now, 33
  %chanceat = getelementptr [2 x i64], ptr @{NAME}.random, i64 0, i64 1
  %chance = load i64, ptr %chanceat
  %lucky = icmp ult i64 %high, %chance
  %yes = or i1 %planned, %lucky
  %answer = zext i1 %yes to i64
  %firedat = getelementptr [{ROWS} x [3 x i64]], ptr @{NAME}.rows, i64 0, i64 %row, i64 2
  %fired = load i64, ptr %firedat
  %sum = add i64 %fired, %answer
  store i64 %sum, ptr %firedat
  %polled = load ptr, ptr @{NAME}.polled
  %none = icmp eq ptr %polled, null
  %quiet = icmp eq i64 %answer, 0
  %skip = or i1 %none, %quiet
  br i1 %skip, label %done, label %ask
ask:
  store i64 1, ptr %polled
  br label %done
done:
  ret i64 %answer
}}"""


class Control:
    """The stand-in in memory; one per process, see :func:`control`."""

    def __init__(self) -> None:
        unit = load(cached_object(TEXT))
        self.entry = unit[NAME]
        self.rows: Any = (ctypes.c_int64 * (3 * ROWS)).from_address(unit[f"{NAME}.rows"])
        self.bases: Any = (ctypes.c_int64 * 65536).from_address(unit[f"{NAME}.bases"])
        self.random: Any = (ctypes.c_int64 * 2).from_address(unit[f"{NAME}.random"])
        self.stack: Any = (ctypes.c_int64 * 2).from_address(unit[f"{NAME}.stack"])
        self.polled = ctypes.c_int64.from_address(unit[f"{NAME}.polled"])
        self.used = ROWS

    def plan(
        self, sizes: Mapping[int, int], visits: Mapping[int, int] | None = None, *, seed: int = 0, chance: int = 0
    ) -> None:  # fmt: skip
        """Begins anew. ``sizes``: instructions of each function by identity; ``visits``: places, and how often each is passed
        before the exit; ``chance``: of an exit at any place, out of ``ALWAYS``."""
        for identity in range(len(self.bases)) if self.used == ROWS else ():
            self.bases[identity] = identity * 64  # of functions that nobody speaks of, places may share a row
        at = 0
        for identity, size in sizes.items():
            self.bases[identity & 65535] = at
            at += 2 * size + 2
        assert at <= ROWS, "too many places"
        for row in range(self.used):
            self.rows[3 * row : 3 * row + 3] = [0, NEVER, 0]
        self.used = at or ROWS
        for site, count in (visits or {}).items():
            self.rows[3 * self.row(site) + 1] = count
        self.random[0], self.random[1] = seed * 2 + 1, chance
        self.stack[0], self.stack[1] = -1, 0
        self.polled.value = 0

    def row(self, site: int) -> int:
        return int((self.bases[site >> 32 & 65535] + (site & 0xFFFFFFFF)) & ROWS - 1)

    @property
    def depth(self) -> int:
        """Bytes of native stack between the outermost place that was reached and the innermost; 0 if none was."""
        return max(self.stack[1] - self.stack[0], 0) if self.stack[1] else 0

    @property
    def exits(self) -> int:
        """How often there was an exit, anywhere."""
        return sum(self.rows[2 : 3 * self.used : 3])

    def visited(self, sites: Iterable[int]) -> list[int]:
        """Those of some places that were reached."""
        return [site for site in sites if self.rows[3 * self.row(site)]]

    def fired(self, sites: Iterable[int]) -> list[int]:
        """Those of some places where there was an exit."""
        return [site for site in sites if self.rows[3 * self.row(site) + 2]]


@contextmanager
def answering(control: Control | None, image: Image) -> Iterator[None]:
    """Code that is loaded meanwhile asks ``control``, if that is not ``None``, instead of the storey's own ``forced``."""
    before = image.symbols[OWN]
    if control is not None:
        image.symbols[OWN] = control.entry
    try:
        yield
    finally:
        image.symbols[OWN] = before


@cache
def control() -> Control:
    """The stand-in of this process."""
    return Control()
