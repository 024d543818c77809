"""Native bodies of the builtins on whole lists, arrays and data, and of ``trace`` and ``chooseData``.

Each function with a context only is the body of the builtin of its name, as :mod:`.builtins` tells.
"""

from __future__ import annotations

from pagoda.languages.uplc.natives import numbering
from pagoda.languages.uplc.natives.arena import allocate, arena
from pagoda.languages.uplc.natives.calling import arguments
from pagoda.languages.uplc.natives.choices import branch_of_data
from pagoda.languages.uplc.natives.costs import charge
from pagoda.languages.uplc.natives.numbers import int64_of
from pagoda.languages.uplc.natives.objects import is_data, is_list
from pagoda.languages.uplc.natives.serial import list_length, serialised
from pagoda.languages.uplc.natives.trees import MOST_SIZE, data_size, same_data, smaller_size
from pagoda.languages.uplc.natives.values import (
    ARRAY,
    CONS,
    FAILED,
    OBJECT,
    STRING,
    boolean,
    fields,
    is_small,
    kind_of,
    number_of,
    small,
)
from pagoda.languages.uplc.ops.model import UplcContext
from pagoda.native import i64, native, ptr
from pagoda.native.intrinsics import pointer


@native
def trace(ctx: UplcContext) -> i64:
    """Puts the first argument in front of the log."""
    a = arguments(ctx)[0]
    if kind_of(a) != STRING:
        return FAILED
    at = allocate(arena(ctx), 16)
    if at == 0:
        return FAILED
    place = pointer(ptr[i64], at)
    place[0] = a
    place[1] = ctx.logs
    ctx.logs = at
    ctx.log_count += 1
    return arguments(ctx)[1]


@native
def choose_data(ctx: UplcContext) -> i64:
    branch = branch_of_data(arguments(ctx)[0])
    if branch < 0:
        return FAILED
    return arguments(ctx)[1 + branch]


@native
def equals_data(ctx: UplcContext) -> i64:
    """Knows the smaller of the two sizes only, which is all that its costs need."""
    a = arguments(ctx)[0]
    b = arguments(ctx)[1]
    if not is_data(a) or not is_data(b):
        return FAILED
    same = same_data(ctx, a, b)
    size = same if same != 0 else smaller_size(ctx, a, b)
    if size < 0 or not charge(ctx, numbering.EQUALS_DATA, size, size, 0, 0):
        return FAILED
    return boolean(same != 0)


@native
def serialise_data(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    if not is_data(a):
        return FAILED
    size = data_size(ctx, a, MOST_SIZE, 0)
    if size < 0 or size > MOST_SIZE or not charge(ctx, numbering.SERIALISE_DATA, size, 0, 0, 0):
        return FAILED
    return serialised(ctx, a)


@native
def drop_list(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    rest = arguments(ctx)[1]
    if not is_small(a) or not is_list(rest):
        return FAILED
    count = number_of(a)
    if not charge(ctx, numbering.DROP_LIST, 0 - count if count < 0 else count, 0, 0, 0):
        return FAILED
    while count > 0 and kind_of(rest) == CONS:
        rest = fields(rest)[2]
        count -= 1
    return rest


@native
def list_to_array(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    if not is_list(a):
        return FAILED
    length = list_length(a)
    if not charge(ctx, numbering.LIST_TO_ARRAY, length, 0, 0, 0):
        return FAILED
    at = allocate(arena(ctx), length * 8 + 16)
    if at == 0:
        return FAILED
    place = pointer(ptr[i64], at)
    place[0] = (fields(a)[0] & ~255) | ARRAY
    place[1] = length
    for i in range(length):
        place[2 + i] = fields(a)[1]
        a = fields(a)[2]
    return at + OBJECT


@native
def length_of_array(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    if kind_of(a) != ARRAY:
        return FAILED
    return small(fields(a)[1])


@native
def index_array(ctx: UplcContext) -> i64:
    a = arguments(ctx)[0]
    fits, at = int64_of(arguments(ctx)[1])
    if not fits or kind_of(a) != ARRAY or at < 0 or at >= fields(a)[1]:
        return FAILED
    return fields(a)[2 + at]
