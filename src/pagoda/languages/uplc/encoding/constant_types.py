"""Types of constants as bits: a list of tags in prefix order, an application before what it applies.

A list of integers is ``apply list integer``, a pair ``apply (apply pair a) b``.
"""

from __future__ import annotations

from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    DATA_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER_TYPE,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Type,
    array_of,
    list_of,
    pair_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pagoda.languages.uplc.encoding.bits import BitSource

LIST_TAG, PAIR_TAG, APPLY_TAG, ARRAY_TAG = 5, 6, 7, 12

SIMPLE_TAGS: dict[int, Type] = {
    0: INTEGER_TYPE, 1: BYTESTRING_TYPE, 2: STRING_TYPE, 3: UNIT_TYPE, 4: BOOL_TYPE, 8: DATA_TYPE,
    9: G1_TYPE, 10: G2_TYPE, 11: ML_TYPE, 13: VALUE_TYPE,
}  # fmt: skip
"""The types without parts, by tag."""

_TAGS = {kind: tag for tag, kind in SIMPLE_TAGS.items()}
_COMPOUND_TAGS = {"list": (APPLY_TAG, LIST_TAG), "array": (APPLY_TAG, ARRAY_TAG), "pair": (APPLY_TAG, APPLY_TAG, PAIR_TAG)}

#: The types of one tag by the six bits that write them: more, tag, no more.
_SHORT = {0b100000 | tag << 1: kind for tag, kind in SIMPLE_TAGS.items()}

#: Compound types by their tags, as read, if these are not too long; forgotten when there are many.
_known: dict[tuple[int, ...], Type] = {}
_MANY, _LONG = 1_000, 32


def read_type(source: BitSource, position: int, bound: int | None = None) -> tuple[Type, int]:
    """The type at a position, and the next position. ``bound``: how many tags it may have at most."""
    windows = source.windows
    window = windows[position >> 3] >> (18 - (position & 7)) & 63
    if window in _SHORT:
        return _SHORT[window], position + 6
    start = position
    tags = []
    while True:
        window = windows[position >> 3] >> (19 - (position & 7)) & 31
        if window < 16:
            break
        tags.append(window & 15)
        position += 5
        if bound is not None and len(tags) > bound:
            raise MalformedScript(f"the type of a constant has more than {bound} parts", start)
    key = tuple(tags)
    made = _known.get(key)
    if made is None:
        made = type_of_tags(key)
        if made is None:
            if position >= source.end:
                raise source.ended()
            raise MalformedScript(f"the tags {shown_tags(tags)} are not the type of a constant", start)
        if len(key) <= _LONG:
            if len(_known) > _MANY:
                _known.clear()
            _known[key] = made
    return made, position + 1


def shown_tags(tags: Sequence[int]) -> str:
    """Tags for a person to read, not too many of them."""
    return f"[{', '.join(map(str, tags[:12]))}{', ...' if len(tags) > 12 else ''}]"


def type_of_tags(tags: Sequence[int]) -> Type | None:
    """The type that tags stand for; ``None`` where they stand for none, or for more than one."""
    # From the end on: what an application applies is at hand when it is met. A number stands for a list, an array or a
    # pair without its parts, a tuple for a pair with its first one.
    done: list[Type | int | tuple[Type]] = []
    for tag in reversed(tags):
        if tag != APPLY_TAG:
            kind = SIMPLE_TAGS.get(tag)
            if kind is not None:
                done.append(kind)
            elif tag in (LIST_TAG, PAIR_TAG, ARRAY_TAG):
                done.append(tag)
            else:
                return None
            continue
        if len(done) < 2:
            return None
        function = done.pop()
        part = done.pop()
        if not isinstance(part, Type):
            return None
        if isinstance(function, tuple):
            done.append(pair_of(function[0], part))
        elif function == LIST_TAG:
            done.append(list_of(part))
        elif function == ARRAY_TAG:
            done.append(array_of(part))
        elif function == PAIR_TAG:
            done.append((part,))
        else:
            return None
    if len(done) == 1 and isinstance(done[0], Type):
        return done[0]
    return None


def type_tags(kind: Type) -> list[int]:
    """The tags of a type."""
    tags: list[int] = []
    stack = [kind]
    while stack:
        kind = stack.pop()
        if kind.parts:
            tags += _COMPOUND_TAGS[kind.name]
            stack.extend(reversed(kind.parts))
        else:
            tags.append(_TAGS[kind])
    return tags


def type_digits(kind: Type) -> str:
    """The bits of a type."""
    return "".join([format(tag | 16, "05b") for tag in type_tags(kind)]) + "0"
