"""Dicts. Keys come out as strings, sorted."""

from __future__ import annotations

from pagoda.languages.ruff.display import display
from pagoda.languages.ruff.library.arguments import dict_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.operators import dict_key
from pagoda.languages.ruff.values import Array, Dict, Value, canonical_key, sorted_keys


@builtin("keys", 1, charge=(0,))
def keys(value: Value) -> Array:
    """The keys, sorted."""
    return Array([str(key) for key in sorted_keys(dict_of("keys", value).entries)], False)


@builtin("values", 1, keeps=True, charge=(0,))
def values(value: Value) -> Array:
    """The values, in the order of the sorted keys."""
    entries = dict_of("values", value).entries
    return Array([entries[key] for key in sorted_keys(entries)])


@builtin("items", 1, keeps=True, charge=(0,))
def items(value: Value) -> Array:
    """``[key, value]`` pairs, sorted by key."""
    entries = dict_of("items", value).entries
    return Array([Array([str(key), entries[key]]) for key in sorted_keys(entries)])


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


@builtin("invert", 1, charge=(0,))
def invert(value: Value) -> Dict:
    """Values as keys and keys as values."""
    entries = dict_of("invert", value).entries
    return Dict({canonical_key(display(entries[key])): str(key) for key in sorted_keys(entries)}, False)


@builtin("dict", 0)
def make_dict() -> Dict:
    """An empty dict."""
    return Dict({}, False)
