"""Set, Queue and Stack. All functional: each operation gives a new collection."""

from __future__ import annotations

from pagoda.languages.ruff.display import debug_text, type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import array_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import stepwise
from pagoda.languages.ruff.values import Array, Queue, Set, Stack, Value, share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _initial(context: Any, name: str, source: Value) -> list[Value]:
    if source is None:
        return []
    return [share(item) for item in stepwise(context, array_of(name, source).items)]


def _set(name: str, value: Value) -> Set:
    if not isinstance(value, Set):
        raise RuffError(f"{name} expects a Set, got {type_name(value)}")
    return value


def _queue(name: str, value: Value) -> Queue:
    if not isinstance(value, Queue):
        raise RuffError(f"{name} expects a Queue, got {type_name(value)}")
    return value


def _stack(name: str, value: Value) -> Stack:
    if not isinstance(value, Stack):
        raise RuffError(f"{name} expects a Stack, got {type_name(value)}")
    return value


@builtin("Set", 0, 1, needs_context=True, charge=(0,))
def make_set(context: Any, source: Value = None) -> Set:
    """A set of an array's items."""
    members: dict[str, Value] = {}
    for item in stepwise(context, _initial(context, "Set", source)):
        members.setdefault(debug_text(item), item)
    return Set(members)


@builtin("set_add", 2, charge=(0,))
def set_add(value: Value, item: Value) -> Set:
    """With the item."""
    members = dict(_set("set_add", value).members)
    members.setdefault(debug_text(item), share(item))
    return Set(members)


@builtin("set_has", 2)
def set_has(value: Value, item: Value) -> bool:
    """Whether the item is in it."""
    return debug_text(item) in _set("set_has", value).members


@builtin("set_remove", 2, charge=(0,))
def set_remove(value: Value, item: Value) -> Set:
    """Without the item."""
    members = dict(_set("set_remove", value).members)
    members.pop(debug_text(item), None)
    return Set(members)


@builtin("set_union", 2, needs_context=True, charge=(0, 1))
def set_union(context: Any, left: Value, right: Value) -> Set:
    """Members of either."""
    members = dict(_set("set_union", left).members)
    for key, item in stepwise(context, _set("set_union", right).members.items()):
        members.setdefault(key, item)
    return Set(members)


@builtin("set_intersect", 2, needs_context=True, charge=(0, 1))
def set_intersect(context: Any, left: Value, right: Value) -> Set:
    """Members of both."""
    others = _set("set_intersect", right).members
    members = _set("set_intersect", left).members
    return Set({key: item for key, item in stepwise(context, members.items()) if key in others})


@builtin("set_difference", 2, needs_context=True, charge=(0, 1))
def set_difference(context: Any, left: Value, right: Value) -> Set:
    """Members of the first alone."""
    others = _set("set_difference", right).members
    members = _set("set_difference", left).members
    return Set({key: item for key, item in stepwise(context, members.items()) if key not in others})


@builtin("set_to_array", 1, needs_context=True, charge=(0,))
def set_to_array(context: Any, value: Value) -> Array:
    """The members as an array."""
    return Array([share(item) for item in stepwise(context, _set("set_to_array", value).members.values())])


@builtin("Queue", 0, 1, needs_context=True, charge=(0,))
def make_queue(context: Any, source: Value = None) -> Queue:
    """A queue of an array's items, the first one in front."""
    return Queue(_initial(context, "Queue", source))


@builtin("queue_enqueue", 2, charge=(0,))
def queue_enqueue(value: Value, item: Value) -> Queue:
    """With the item at the end."""
    return Queue([*_queue("queue_enqueue", value).items, share(item)])


@builtin("queue_dequeue", 1, charge=(0,))
def queue_dequeue(value: Value) -> Array:
    """``[the rest, the item in front or null]``."""
    items = _queue("queue_dequeue", value).items
    return Array([Queue(items[1:]), items[0] if items else None])


@builtin("queue_peek", 1)
def queue_peek(value: Value) -> Value:
    """The item in front, or null."""
    items = _queue("queue_peek", value).items
    return items[0] if items else None


@builtin("queue_size", 1)
def queue_size(value: Value) -> int:
    """How many there are."""
    return len(_queue("queue_size", value).items)


@builtin("queue_is_empty", 1)
def queue_is_empty(value: Value) -> bool:
    """Whether there are none."""
    return not _queue("queue_is_empty", value).items


@builtin("queue_to_array", 1, charge=(0,))
def queue_to_array(value: Value) -> Array:
    """The items, the one in front first."""
    return Array(_queue("queue_to_array", value).items[:])


@builtin("Stack", 0, 1, needs_context=True, charge=(0,))
def make_stack(context: Any, source: Value = None) -> Stack:
    """A stack of an array's items, the last one on top."""
    return Stack(_initial(context, "Stack", source))


@builtin("stack_push", 2, charge=(0,))
def stack_push(value: Value, item: Value) -> Stack:
    """With the item on top."""
    return Stack([*_stack("stack_push", value).items, share(item)])


@builtin("stack_pop", 1, charge=(0,))
def stack_pop(value: Value) -> Array:
    """``[the rest, the item on top or null]``."""
    items = _stack("stack_pop", value).items
    return Array([Stack(items[:-1]), items[-1] if items else None])


@builtin("stack_peek", 1)
def stack_peek(value: Value) -> Value:
    """The item on top, or null."""
    items = _stack("stack_peek", value).items
    return items[-1] if items else None


@builtin("stack_size", 1)
def stack_size(value: Value) -> int:
    """How many there are."""
    return len(_stack("stack_size", value).items)


@builtin("stack_is_empty", 1)
def stack_is_empty(value: Value) -> bool:
    """Whether there are none."""
    return not _stack("stack_is_empty", value).items


@builtin("stack_to_array", 1, charge=(0,))
def stack_to_array(value: Value) -> Array:
    """The items, the one on top last."""
    return Array(_stack("stack_to_array", value).items[:])
