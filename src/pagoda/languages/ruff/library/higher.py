"""Builtins that call a guest function for each item. Plain loops: a guest function may recurse through them."""

from __future__ import annotations

from pagoda.languages.ruff.library.arguments import array_of
from pagoda.languages.ruff.library.promises import settled
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.operators import truthy
from pagoda.languages.ruff.values import Array, Promise, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@builtin("map", 2, needs_context=True, keeps=True, charge=(0,))
def map_items(context: Any, array: Value, function: Value) -> Array:
    """What the function gives for each item."""
    results = []
    for item in array_of("map", array).items[:]:
        results.append(context.call(function, [item]))
    return Array(results)


@builtin("filter", 2, needs_context=True, keeps=True, charge=(0,))
def filter_items(context: Any, array: Value, function: Value) -> Array:
    """The items for which the function gives something true."""
    results = []
    for item in array_of("filter", array).items[:]:
        if truthy(context.call(function, [item])):
            results.append(item)
    return Array(results)


@builtin("reduce", 3, needs_context=True, keeps=True, returns_part=True, charge=(0,))
def reduce_items(context: Any, array: Value, initial: Value, function: Value) -> Value:
    """The accumulator after the function has taken it and each item in turn."""
    result = initial
    for item in array_of("reduce", array).items[:]:
        result = context.call(function, [result, item])
    return result


@builtin("find", 2, needs_context=True, keeps=True, returns_part=True, charge=(0,))
def find(context: Any, array: Value, function: Value) -> Value:
    """The first item for which the function gives something true, or 0."""
    for item in array_of("find", array).items[:]:
        if truthy(context.call(function, [item])):
            return item
    return 0


@builtin("any", 2, needs_context=True, charge=(0,))
def any_item(context: Any, array: Value, function: Value) -> bool:
    """Whether the function holds for some item."""
    for item in array_of("any", array).items[:]:  # noqa: SIM110  (guest code may recurse through here: no generators)
        if truthy(context.call(function, [item])):
            return True
    return False


@builtin("all", 2, needs_context=True, charge=(0,))
def all_items(context: Any, array: Value, function: Value) -> bool:
    """Whether the function holds for every item."""
    for item in array_of("all", array).items[:]:  # noqa: SIM110  (guest code may recurse through here: no generators)
        if not truthy(context.call(function, [item])):
            return False
    return True


@builtin("parallel_map", 2, 3, also=("par_map",), needs_context=True, keeps=True, charge=(0,))
def parallel_map(context: Any, array: Value, function: Value, limit: Value = None) -> Promise:
    """A promise of what the function gives for each item."""
    results = []
    for item in array_of("parallel_map", array).items[:]:
        results.append(settled(context, context.call(function, [item])))
    return Promise(Array(results))


@builtin("par_each", 2, 3, needs_context=True, charge=(0,))
def par_each(context: Any, array: Value, function: Value, limit: Value = None) -> Promise:
    """A promise of null, once the function has taken each item."""
    for item in array_of("par_each", array).items[:]:
        settled(context, context.call(function, [item]))
    return Promise(None)
