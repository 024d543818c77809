"""What promotion goes by: thresholds, bounds and effort, as one record.

What must hold: no setting changes what a program does, only when its code is compiled and how well.
"""

from __future__ import annotations

from pagoda.native.emit import LIGHT_PASSES
from pagoda.records import Record


class Settings(Record, frozen=True):
    """``wait``: the program waits for each compilation; else it goes on meanwhile. ``apart``: compilation happens in a process
    of its own, which LLVM may take down without harm.

    A function is hot at its ``threshold``-th call, and is looked at ``samples`` times on the way, for the kinds of its
    arguments. A loop is hot once it was found running ``ticks`` times (a tick comes every 2 ms); ``later`` times, where the
    whole function is being compiled or is compiled already. The next call of a function with a hot loop makes the function hot.
    ``exits``: how often installed code may leave for the interpreter before it is compiled anew with wider kinds,
    ``recompilations`` times at most; for a loop's a tenth of that, as it is entered by way of Python. ``strays``: how often it
    may be entered with arguments of other kinds. A group of functions that call one another has at
    most ``group`` functions and ``group_words`` words of bytecode; all compiled code together has at most ``code_bytes``.
    ``waiting``: functions that may wait for their compilation. ``level``, ``passes`` and ``codegen`` are LLVM's effort; for a
    group of ``large`` words or more the passes are ``light``: half of the time, and code that is nearly as good.
    ``cached``: code is kept on disk.
    """

    wait: bool = False
    apart: bool = True
    threshold: int = 400
    samples: int = 4
    ticks: int = 1
    later: int = 8
    exits: int = 200
    strays: int = 200
    recompilations: int = 3
    group: int = 8
    group_words: int = 4_000
    function_words: int = 30_000
    code_bytes: int = 64 << 20
    waiting: int = 64
    level: int = 2
    passes: tuple[str, ...] | None = None
    codegen: int | None = None
    large: int = 1_500
    light: tuple[str, ...] = ("always-inline", *LIGHT_PASSES)
    cached: bool = True

    def most_exits(self, start: int | None) -> int:
        """How often code may leave for the interpreter; ``start``: the instruction of the loop that it begins at, if any."""
        return self.exits if start is None else max(self.exits // 10, 1)

    @property
    def first_look(self) -> int:
        """Calls of a function before it is looked at."""
        return max(self.threshold // self.samples, 1)


AT_ONCE = Settings(wait=True, apart=False, threshold=2, samples=1)
"""The program waits. A function runs once before it is compiled, so that the kinds of its results are known."""
