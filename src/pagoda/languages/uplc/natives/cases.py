"""What a ``case`` sees in a value: which branch it picks, and the fields that the branch is applied to (specification 1.1)."""

from __future__ import annotations

from pagoda.languages.uplc.natives.values import (
    CONS,
    CONSTR,
    FALSE,
    NIL,
    PAIR,
    TRUE,
    UNIT,
    fields,
    is_object,
    is_small,
    kind_of,
    number_of,
)  # fmt: skip
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, inline, native
from pagoda.native.intrinsics import likely


@native
def branch_of_constant(ctx: UplcContext, word: i64, count: i64) -> i64:
    """The branch, from 0, that a value other than a constructor's picks among ``count``; -1 if there is none."""
    if ctx.case_on_constants == 0:
        return -1
    if is_small(word):
        number = number_of(word)
        return number if number >= 0 and number < count else -1
    if word == FALSE:
        return 0 if count <= 2 and count > 0 else -1
    if word == TRUE:
        return 1 if count == 2 else -1
    if word == UNIT:
        return 0 if count == 1 else -1
    kind = kind_of(word)
    if kind == CONS:
        return 0 if count <= 2 and count > 0 else -1
    if kind == NIL:
        return 1 if count == 2 else -1
    if kind == PAIR:
        return 0 if count == 1 else -1
    return -1


@inline
def fields_in(word: i64) -> i64:
    """How many fields the picked branch is applied to."""
    if not is_object(word):
        return 0
    head = fields(word)[0]
    kind = head & 255
    if likely(kind == CONSTR):
        return head >> 8
    return 2 if kind == CONS or kind == PAIR else 0


@inline
def field_of(word: i64, index: i64) -> i64:
    """One of the fields, from 0."""
    place = fields(word)
    return place[index + 2] if (place[0] & 255) == CONSTR else place[index + 1]
