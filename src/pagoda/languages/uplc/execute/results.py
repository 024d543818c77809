"""What an evaluation gives, as terms and texts."""

from __future__ import annotations

from pagoda.languages.uplc.execute.from_native import constant_of, text_of, word_at
from pagoda.languages.uplc.execute.recalled import values
from pagoda.languages.uplc.terms import Const, Constr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pagoda.languages.uplc.terms import Term

_WORD = (1 << 64) - 1
OBJECT = values.OBJECT


def _is_constr(word: int) -> bool:
    return word & 7 == OBJECT and word & 3 != 1 and word_at(word - OBJECT) & 255 == values.CONSTR


def term_of(word: int, points: Sequence[Any]) -> Term:
    """The term of a value that is a constant or a constructor's value of such. Raises ``NoForm`` for any other."""
    if not _is_constr(word):
        return Const(constant_of(word, points))
    known: dict[int, Term] = {}
    waiting = [word]
    while waiting:
        at = waiting[-1] - OBJECT
        parts, missing = [], []
        for place in range(at + 16, at + 16 + 8 * (word_at(at) >> 8), 8):
            field = word_at(place)
            part = known.get(field)
            if part is None:
                if _is_constr(field):
                    missing.append(field)
                    continue
                part = known[field] = Const(constant_of(field, points))
            parts.append(part)
        if missing:
            waiting += missing
        else:
            known[waiting.pop()] = Constr(word_at(at + 8) & _WORD, tuple(parts))
    return known[word]


def logs_of(newest: int) -> tuple[str, ...]:
    """The texts traced, oldest first, from the address of the newest entry."""
    texts = []
    while newest:
        texts.append(text_of(word_at(newest) - OBJECT))
        newest = word_at(newest + 8)
    texts.reverse()
    return tuple(texts)
