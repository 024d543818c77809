"""Arrays, and the builtins that arrays share with strings and dicts. Every result is a new array."""

from __future__ import annotations

from pagoda.languages.ruff.display import debug_text, type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of, int_of, text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import in_steps
from pagoda.languages.ruff.operators import dict_key, equal
from pagoda.languages.ruff.values import INT_MAX, INT_MIN, Array, Bytes, Dict, Queue, Set, Stack, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_ITEMS = 50_000_000
_ROW = 1 << 18  # numbers that are made between two polls


@builtin("len", 1)
def length(value: Value) -> int:
    """The number of characters, items, entries, bytes or members."""
    if value.__class__ is str:
        return len(value)
    if isinstance(value, (Array, Queue, Stack)):
        return len(value.items)
    if isinstance(value, Dict):
        return len(value.entries)
    if isinstance(value, Bytes):
        return len(value.data)
    if isinstance(value, Set):
        return len(value.members)
    raise RuffError("len() requires a string, array, dict, bytes, set, queue, or stack argument")


@builtin("contains", 2, needs_context=True, charge=(0,))
def contains(context: Any, container: Value, item: Value) -> Value:
    """Whether it is in there; for strings the answer is 1 or 0."""
    if isinstance(container, Array):
        return _position(context, container, item) >= 0
    if isinstance(container, Dict):
        return dict_key(item) in container.entries
    return 1 if text_of("contains", item) in text_of("contains", container) else 0


@builtin("index_of", 2, needs_context=True, charge=(0,))
def index_of(context: Any, container: Value, item: Value) -> int:
    """Where it first is, or -1."""
    if isinstance(container, Array):
        return _position(context, container, item)
    return text_of("index_of", container).find(text_of("index_of", item))


def _position(context: Any, array: Array, wanted: Value) -> int:
    position = 0
    for part in in_steps(context, array.items):
        for item in part:
            if equal(item, wanted):
                return position
            position += 1
    return -1


@builtin("push", 2, also=("append",), keeps=True)
def push(array: Value, item: Value) -> Array:
    """With the item at the end."""
    return Array([*array_of("push", array).items, item])


@builtin("pop", 1, keeps=True)
def pop(array: Value) -> Array:
    """``[array without its last item, last item]``; 0 for an empty one."""
    items = array_of("pop", array).items
    return Array([Array(items[:-1]), items[-1] if items else 0])


@builtin("insert", 3, keeps=True, charge=(0,))
def insert(array: Value, position: Value, item: Value) -> Array:
    """With the item at that position."""
    items = array_of("insert", array).items
    index = int_of("insert", position)
    if not 0 <= index <= len(items):
        raise RuffError(f"Index out of bounds: {index}")
    return Array([*items[:index], item, *items[index:]])


@builtin("remove", 2, needs_context=True, keeps=True, charge=(0,))
def remove(context: Any, container: Value, item: Value) -> Array:
    """An array without the first equal item; for a dict ``[dict without the key, its value or 0]``."""
    if isinstance(container, Dict):
        entries = dict(container.entries)
        return Array([Dict(entries), entries.pop(dict_key(item), 0)])
    array = array_of("remove", container)
    position = _position(context, array, item)
    items = array.items[:]
    if position >= 0:
        del items[position]
    return Array(items)


@builtin("remove_at", 2, keeps=True, charge=(0,))
def remove_at(array: Value, position: Value) -> Array:
    """``[array without that item, the item]``."""
    items = array_of("remove_at", array).items[:]
    index = int_of("remove_at", position)
    if not 0 <= index < len(items):
        raise RuffError(f"Index out of bounds: {index}")
    item = items.pop(index)
    return Array([Array(items), item])


@builtin("clear", 1)
def clear(container: Value) -> Value:
    """An empty array or dict."""
    if isinstance(container, Dict):
        return Dict({}, False)
    if isinstance(container, Set):
        return Set({})
    if isinstance(container, Queue):
        return Queue([])
    if isinstance(container, Stack):
        return Stack([])
    array_of("clear", container)
    return Array([], False)


@builtin("slice", 3, keeps=True, charge=(0,))
def slice_items(source: Value, start: Value, end: Value) -> Value:
    """The part from start up to end; negative positions count from the end."""
    whole = source.data if isinstance(source, Bytes) else array_of("slice", source).items
    size = len(whole)
    first, last = int_of("slice", start), int_of("slice", end)
    first = max(first + size, 0) if first < 0 else min(first, size)
    last = max(last + size, 0) if last < 0 else min(last, size)
    part = whole[first:last] if first < last else whole[:0]
    return Bytes(part) if isinstance(part, bytes) else Array(part)


@builtin("concat", 2, keeps=True, charge=(0, 1))
def concat(left: Value, right: Value) -> Array:
    """One after the other."""
    return Array(array_of("concat", left).items + array_of("concat", right).items)


@builtin("sort", 1, needs_context=True, keeps=True, charge=(0,))
def sort(context: Any, array: Value) -> Array:
    """Sorted, stable: numbers by size, strings by code point."""
    from pagoda.languages.ruff.library.sorting import in_order

    return Array(in_order(context, array_of("sort", array).items))


@builtin("reverse", 1, keeps=True, charge=(0,))
def reverse(array: Value) -> Value:
    """Backwards."""
    if array.__class__ is str:
        return array[::-1]
    return Array(array_of("reverse", array).items[::-1])


@builtin("unique", 1, needs_context=True, keeps=True, charge=(0,))
def unique(context: Any, array: Value) -> Array:
    """Without repetitions, by debug text."""
    seen: dict[str, Value] = {}
    for part in in_steps(context, array_of("unique", array).items):
        for item in part:
            seen.setdefault(debug_text(item), item)
    return Array(list(seen.values()))


@builtin("sum", 1, needs_context=True, charge=(0,))
def total(context: Any, array: Value) -> Value:
    """The sum of the numbers; others are passed over."""
    whole, fraction, is_float = 0, 0.0, False
    for part in in_steps(context, array_of("sum", array).items):
        for item in part:
            if item.__class__ is int:
                whole += item
                fraction += item
                if not INT_MIN <= whole <= INT_MAX and not is_float:
                    raise RuffError(f"Integer overflow: {whole - item} + {item}")
            elif item.__class__ is float:
                fraction += item
                is_float = True
    return fraction if is_float else whole


@builtin("chunk", 2, needs_context=True, keeps=True, charge=(0,))
def chunk(context: Any, array: Value, size: Value) -> Array:
    """Arrays of so many items each."""
    items, step = array_of("chunk", array).items, int_of("chunk", size)
    if step <= 0:
        raise RuffError("chunk() size must be positive")
    made: list[Value] = []
    for starts in in_steps(context, range(0, len(items), step)):
        made += [Array(items[start : start + step]) for start in starts]
    return Array(made)


@builtin("flatten", 1, needs_context=True, keeps=True, charge=(0,))
def flatten(context: Any, array: Value) -> Array:
    """One level of nesting taken away."""
    found: list[Value] = []
    for part in in_steps(context, array_of("flatten", array).items):
        for item in part:
            if isinstance(item, Array):
                item.loose = True
                found.extend(item.items)
            else:
                found.append(item)
    return Array(found)


@builtin("zip", 2, needs_context=True, keeps=True, charge=(0, 1))
def zip_arrays(context: Any, left: Value, right: Value) -> Array:
    """Pairs, as many as the shorter one has items."""
    first, second = array_of("zip", left).items, array_of("zip", right).items
    made: list[Value] = []
    for places in in_steps(context, range(min(len(first), len(second)))):
        made += [Array([first[place], second[place]]) for place in places]
    return Array(made)


@builtin("enumerate", 1, needs_context=True, keeps=True, charge=(0,))
def enumerate_array(context: Any, array: Value) -> Array:
    """``[position, item]`` pairs."""
    items = array_of("enumerate", array).items
    made: list[Value] = []
    for places in in_steps(context, range(len(items))):
        made += [Array([place, items[place]]) for place in places]
    return Array(made)


@builtin("take", 2, keeps=True, charge=(0,))
def take(array: Value, count: Value) -> Array:
    """The first so many."""
    return Array(array_of("take", array).items[: max(int_of("take", count), 0)])


@builtin("skip", 2, keeps=True, charge=(0,))
def skip(array: Value, count: Value) -> Array:
    """Without the first so many."""
    return Array(array_of("skip", array).items[max(int_of("skip", count), 0) :])


@builtin("windows", 2, needs_context=True, keeps=True, charge=(0,))
def windows(context: Any, array: Value, size: Value) -> Array:
    """Every run of so many neighbours."""
    items, width = array_of("windows", array).items, int_of("windows", size)
    if width <= 0:
        raise RuffError("windows() size must be positive")
    count = max(len(items) - width + 1, 0)
    if count * width > MAX_ITEMS:
        raise RuffError("windows() result is too large")
    made: list[Value] = []
    for starts in in_steps(context, range(count), max((1 << 16) // width, 1)):
        made += [Array(items[start : start + width]) for start in starts]
    return Array(made)


@builtin("range", 1, 3, needs_context=True)
def make_range(context: Any, *bounds: Value) -> Array:
    """``range(stop)``, ``range(start, stop)`` or ``range(start, stop, step)`` as an array."""
    for bound in bounds:
        if bound.__class__ not in (int, float):
            raise RuffError(f"range() requires numeric arguments, got {type_name(bound)}")
        if not INT_MIN <= bound <= INT_MAX:
            raise RuffError("range() bounds must be ints")
    start = int(bounds[0]) if len(bounds) > 1 else 0
    stop = int(bounds[1]) if len(bounds) > 1 else int(bounds[0])
    step = int(bounds[2]) if len(bounds) > 2 else 1
    if step == 0:
        raise RuffError("range() step cannot be zero")
    numbers = range(start, stop, step)
    if abs(stop - start) // abs(step) > MAX_ITEMS:
        raise RuffError("range() result is too large")
    if len(numbers) >= 64:
        context.charge(len(numbers) >> 6)
    if len(numbers) <= _ROW:
        return Array(list(numbers), False)
    context.allocate(len(numbers) * 40)
    made: list[Value] = []
    for part in in_steps(context, numbers, _ROW):
        made += part
    return Array(made, False)
