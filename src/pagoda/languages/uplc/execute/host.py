"""The host: runs builtins that have no native body, for the evaluation of one machine.

Native code leaves the arguments in the context and calls with the builtin's number; the word of the result goes into the
context, ``FAILED`` where there is none. What must hold: no exception leaves, but for what is not the script's doing (Ctrl-C),
which is kept and stops the evaluation; a builtin runs only if the budget has room for its whole cost.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.failure import BuiltinFailure, MissingPackage
from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.execute.from_native import constant_of
from pagoda.languages.uplc.execute.recalled import context, recall, values
from pagoda.languages.uplc.execute.to_native import Writer
from pagoda.languages.uplc.execute.type_codes import NoForm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.execute.tariff import Tariff

_MOST_COST = 1 << 61


class Opaque:
    """An argument that its builtin takes whatever it is, and may give back."""

    __slots__ = ("word",)

    def __init__(self, word: int) -> None:
        self.word = word


class Host:
    """``words``: the context, as words. ``points``: the points that native values are numbers of. ``escaped``: what ended an
    evaluation that is not the script's doing."""

    def __init__(self, words: memoryview) -> None:
        self.words = words
        self.points: list[Any] = []
        self.tariff: Tariff | None = None
        self.escaped: BaseException | None = None
        places = recall().layouts["UplcContext"][1]
        self._cpu, self._mem, self._ready, self._stop, self._top, self._end, self._given = (
            places[name] >> 3 for name in ("cpu", "mem", "ready", "stop", "arena_top", "arena_end", "arguments")
        )

    def __call__(self, number: int) -> None:
        try:
            self.words[self._ready] = self._run(number)
        except (BuiltinFailure, NoForm, MissingPackage, MemoryError):
            self.words[self._ready] = values.FAILED
        except BaseException as error:
            self.escaped = error
            self.words[self._ready] = values.FAILED
            self.words[self._stop] = context.STOP_EXIT

    def _run(self, number: int) -> int:
        tariff, words = self.tariff, self.words
        assert tariff is not None
        kinds = BUILTINS[number].signature(tariff.costs.variant)
        given: list[Any] = []
        for place, kind in enumerate(kinds, self._given):
            word = words[place]
            given.append(Opaque(word) if kind.family == "any" else constant_of(word, self.points))
        unlifted = tariff.semantics.unlift[number](*given)
        cpu, mem = tariff.costs.cost_of[number](*unlifted)
        if cpu >= _MOST_COST or mem >= _MOST_COST:
            return values.FAILED
        cpu_left = words[self._cpu] + tariff.charged[2 * number] - cpu
        mem_left = words[self._mem] + tariff.charged[2 * number + 1] - mem
        if cpu_left < 0 or mem_left < 0:
            return values.FAILED
        words[self._cpu], words[self._mem] = cpu_left, mem_left
        result = tariff.semantics.run[number](*unlifted)
        if result.__class__ is Opaque:
            return int(result.word)
        writer = Writer(words[self._top], words[self._end], self.points)
        made = writer.constant(result)
        words[self._top] = writer.finish()
        return made
