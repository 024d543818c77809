"""Dicts. Keys come out as strings, sorted."""

from __future__ import annotations

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.library.arguments import dict_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import STEP, stepwise
from pagoda.languages.ruff.operators import dict_key
from pagoda.languages.ruff.values import Array, Dict, Value, canonical_key, sorted_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def _in_order(context: Any, entries: dict[int | str, Value]) -> Iterable[int | str]:
    """The keys as :func:`sorted_keys` has them; with polls if there are many."""
    if len(entries) <= STEP:
        return sorted_keys(entries)
    from pagoda.languages.ruff.library.sorting import in_order

    if all(key.__class__ is int for key in stepwise(context, entries)):
        return stepwise(context, in_order(context, list(entries)))
    texts = in_order(context, [str(key) for key in stepwise(context, entries)])
    return [canonical_key(text) for text in stepwise(context, texts)]


@builtin("keys", 1, needs_context=True, charge=(0,))
def keys(context: Any, value: Value) -> Array:
    """The keys, sorted."""
    return Array([str(key) for key in _in_order(context, dict_of("keys", value).entries)], False)


@builtin("values", 1, needs_context=True, keeps=True, charge=(0,))
def values(context: Any, value: Value) -> Array:
    """The values, in the order of the sorted keys."""
    entries = dict_of("values", value).entries
    return Array([entries[key] for key in _in_order(context, entries)])


@builtin("items", 1, needs_context=True, keeps=True, charge=(0,))
def items(context: Any, value: Value) -> Array:
    """``[key, value]`` pairs, sorted by key."""
    entries = dict_of("items", value).entries
    return Array([Array([str(key), entries[key]]) for key in _in_order(context, entries)])


@builtin("has_key", 2)
def has_key(value: Value, key: Value) -> int:
    """1 if the key is there, else 0."""
    return 1 if dict_key(key) in dict_of("has_key", value).entries else 0


@builtin("get", 2, 3, keeps=True, returns_part=True)
def get(value: Value, key: Value, default: Value = None) -> Value:
    """The value of the key, or the default."""
    return dict_of("get", value).entries.get(dict_key(key), default)


@builtin("get_default", 3, keeps=True, returns_part=True)
def get_default(value: Value, key: Value, default: Value) -> Value:
    """The value of the key, or the default."""
    return dict_of("get_default", value).entries.get(dict_key(key), default)


@builtin("merge", 2, also=("update",), keeps=True, charge=(0, 1))
def merge(left: Value, right: Value) -> Dict:
    """Both; the second one wins."""
    return Dict({**dict_of("merge", left).entries, **dict_of("merge", right).entries})


@builtin("invert", 1, needs_context=True, charge=(0,))
def invert(context: Any, value: Value) -> Dict:
    """Values as keys and keys as values."""
    entries = dict_of("invert", value).entries
    return Dict({canonical_key(display(entries[key])): str(key) for key in _in_order(context, entries)}, False)


@builtin("dict", 0)
def make_dict() -> Dict:
    """An empty dict."""
    return Dict({}, False)
