"""Types of constants as the numbers that native values carry, and back (``natives/values.py`` tells how they are written)."""

from __future__ import annotations

from pagoda.languages.uplc.encoding.constant_types import ARRAY_TAG, LIST_TAG, PAIR_TAG, SIMPLE_TAGS
from pagoda.languages.uplc.execute.recalled import values
from pagoda.languages.uplc.types import Type, array_of, list_of, pair_of

_TAGS = {kind: tag for tag, kind in SIMPLE_TAGS.items()}
_COMPOUND_TAGS = {"list": LIST_TAG, "pair": PAIR_TAG, "array": ARRAY_TAG}
_PARTS = {LIST_TAG: 1, ARRAY_TAG: 1, PAIR_TAG: 2}

#: Types that were met, by code; forgotten when there are many.
_known: dict[int, Type] = {}
_MANY = 1_000


class NoForm(Exception):
    """What has no native form, or none that Python has: the evaluation is left to ``walk``."""


def code_of(kind: Type) -> int:
    """The code of a type. Raises :class:`NoForm` for one of too many nodes."""
    code = shift = 0
    waiting = [kind]
    while waiting:
        kind = waiting.pop()
        if shift == 4 * values.MOST_TYPE_NODES:
            raise NoForm("a type of too many nodes")
        code |= (_COMPOUND_TAGS[kind.name] if kind.parts else _TAGS[kind]) << shift
        shift += 4
        waiting.extend(reversed(kind.parts))
    return code


def type_of(code: int) -> Type:
    """The type of a code."""
    found = _known.get(code)
    if found is None:
        if len(_known) > _MANY:
            _known.clear()
        found = _known[code] = _read(code)
    return found


def _read(code: int) -> Type:
    tags = []
    wanted = 1
    while wanted:
        tags.append(code & 15)
        wanted += _PARTS.get(code & 15, 0) - 1
        code >>= 4
    done: list[Type] = []
    for tag in reversed(tags):
        if tag == LIST_TAG:
            done.append(list_of(done.pop()))
        elif tag == ARRAY_TAG:
            done.append(array_of(done.pop()))
        elif tag == PAIR_TAG:
            first = done.pop()
            done.append(pair_of(first, done.pop()))
        else:
            done.append(SIMPLE_TAGS[tag])
    return done[0]
