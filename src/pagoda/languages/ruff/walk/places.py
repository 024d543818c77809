"""Closures for declarations and assignments: names, patterns, and places such as ``a.b[0].c``.

Mutation in place happens here alone. A container is changed only when it is not shared; on the way down a path, each level
that is shared is replaced by a copy of its own, so that no other place sees the change.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.operators import field, index, set_field, set_index
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import CONTAINERS, Array, Builtin, Dict, Value, share, tighten
from pagoda.languages.ruff.walk.expressions import placed
from pagoda.languages.ruff.walk.state import BASE, NORMAL, Closure, Frame
from pagoda.languages.ruff.walk.statements import failure
from pagoda.languages.ruff.walk.translator import STATEMENTS, Store, Translator, is_simple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def declaration(translator: Translator, node: tree.Declaration) -> Closure:
    """``let``, ``mut``, ``const`` and bare destructuring."""
    value_of = translator.owned(node.value)
    error, span = failure(node), node.span
    if error is not None:

        def fail(frame: Frame) -> Value:
            value_of(frame)
            raise RuffError(error, span)

        return fail
    if isinstance(node.pattern, tree.NamePattern) and node.pattern.binding.kind == "local":
        slot = BASE + node.pattern.binding.index

        def declare_local(frame: Frame) -> Value:
            frame[slot] = value_of(frame)
            return NORMAL

        return declare_local
    bind = pattern_store(translator, node.pattern)

    def declare(frame: Frame) -> Value:
        bind(frame, value_of(frame))
        return NORMAL

    return declare


def pattern_store(translator: Translator, pattern: tree.Pattern) -> Store:
    """The function that takes a value apart into a pattern's names. What is missing becomes null."""
    if isinstance(pattern, tree.NamePattern):
        if pattern.name == "_":
            return lambda frame, value: None
        return translator.store(pattern.binding)
    rest = None if pattern.rest is None else pattern_store(translator, pattern.rest)
    if isinstance(pattern, tree.ArrayPattern):
        stores = [pattern_store(translator, item) for item in pattern.items]
        span = pattern.span

        def take_array(frame: Frame, value: Value) -> None:
            if value.__class__ is not Array:
                raise RuffError("Array destructuring requires an array", span)
            items = value.items
            for position, store in enumerate(stores):
                store(frame, share(items[position]) if position < len(items) else None)
            if rest is not None:
                value.loose = True
                rest(frame, Array(items[len(stores) :]))

        return take_array
    names = [(name.name, pattern_store(translator, name)) for name in pattern.names]
    span = pattern.span

    def take_dict(frame: Frame, value: Value) -> None:
        if value.__class__ is not Dict:
            raise RuffError("Dict destructuring requires a dict", span)
        entries = value.entries
        for name, store in names:
            store(frame, share(entries.get(name)))
        if rest is not None:
            value.loose = True
            taken = {name for name, _ in names}
            rest(frame, Dict({key: entry for key, entry in entries.items() if key not in taken}))

    return take_dict


def assign_name(translator: Translator, node: tree.AssignName) -> Closure:
    """``x := v``."""
    error, span = failure(node), node.span
    value_of = translator.owned(node.value)
    if error is not None:

        def fail(frame: Frame) -> Value:
            value_of(frame)
            raise RuffError(error, span)

        return fail
    store = translator.store(node.binding)

    def assign(frame: Frame) -> Value:
        store(frame, value_of(frame))
        return NORMAL

    if node.binding.kind == "local":
        slot = BASE + node.binding.index

        def assign_local(frame: Frame) -> Value:
            frame[slot] = value_of(frame)
            return NORMAL

        assign = assign_local
    return _append(translator, node, assign, store) or assign


def _append(translator: Translator, node: tree.AssignName, assign: Closure, store: Store) -> Closure | None:
    """``a := push(a, x)``, if this is that: appends in place where nobody else can see the array."""
    call = node.value
    if not (isinstance(call, tree.Call) and isinstance(call.callee, tree.Name) and len(call.args) == 2):
        return None
    callee, (target, item) = call.callee, call.args
    if callee.name not in ("push", "append") or callee.binding.kind != "global" or not isinstance(target, tree.Name):
        return None
    here, there = node.binding, target.binding
    if (here.kind, here.index, here.name) != (there.kind, there.index, there.name) or here.kind == "field":
        return None
    if here.kind != "local" and not is_simple(item):
        return None
    table, name = translator.globals, callee.name
    read = translator.expression(target)
    item_of = translator.owned(item)

    def append(frame: Frame) -> Value:
        builtin = table.get(name)
        if builtin.__class__ is not Builtin or builtin.name not in ("push", "append"):
            return assign(frame)
        array = read(frame)
        if array.__class__ is not Array or array.shared:
            return assign(frame)
        value = item_of(frame)
        if _is_shared(array):  # meanwhile: the item holds the array itself
            store(frame, Array([*array.items, value]))
        else:
            array.items.append(value)
        return NORMAL

    return append


def _is_shared(array: Array) -> bool:
    return array.shared


class _Step:
    """One level of a place: how to read the next container from this one, and how to write it back."""

    __slots__ = ("get", "key_of", "put")

    def __init__(self, node: Any, translator: Translator) -> None:
        self.get: Callable[[Value, Any], Value] = index
        self.put: Callable[[Value, Any, Value], None] = set_index
        if isinstance(node, tree.FieldGet):
            name = node.name
            self.key_of: Closure = lambda frame: name
            self.get, self.put = field, set_field
        else:
            self.key_of = translator.expression(node.index)


def assign_place(translator: Translator, node: tree.AssignPlace) -> Closure:
    """``base.f[i].g := value``: the value first, then the indices from left to right, then the change."""
    value_of = translator.owned(node.value)
    error, span = failure(node), node.span
    if error is not None:

        def fail(frame: Frame) -> Value:
            value_of(frame)
            raise RuffError(error, span)

        return fail
    nodes: list[Any] = []
    base: Any = node.target
    while isinstance(base, (tree.FieldGet, tree.IndexGet)):
        nodes.append(base)
        base = base.receiver
    steps = [_Step(step, translator) for step in reversed(nodes)]
    target_span = node.target.span
    read = translator.expression(base)
    store = translator.store(base.binding)
    last = steps[-1]
    inner = steps[:-1]

    def assign_deep(frame: Frame) -> Value:
        value = value_of(frame)
        keys = [step.key_of(frame) for step in steps]
        container = _own_root(read, store, frame)
        try:
            for step, key in zip(inner, keys, strict=False):
                child = step.get(container, key)
                if container.__class__ in CONTAINERS and container.loose:
                    tighten(container)
                if child.__class__ in CONTAINERS and child.shared:
                    child = child.copy()
                    step.put(container, key, child)
                container = child
            last.put(container, keys[-1], value)
        except RuffError as failed:
            raise placed(failed, target_span) from None
        return NORMAL

    if inner:
        return assign_deep
    key_of, put = last.key_of, last.put

    def assign_one(frame: Frame) -> Value:
        value = value_of(frame)
        key = key_of(frame)
        container = _own_root(read, store, frame)
        try:
            put(container, key, value)
        except RuffError as failed:
            raise placed(failed, target_span) from None
        return NORMAL

    return assign_one


def _own_root(read: Closure, store: Store, frame: Frame) -> Value:
    container = read(frame)
    if container.__class__ in CONTAINERS and container.shared:
        container = container.copy()
        store(frame, container)
    return container


STATEMENTS.update({tree.Declaration: declaration, tree.AssignName: assign_name, tree.AssignPlace: assign_place})
