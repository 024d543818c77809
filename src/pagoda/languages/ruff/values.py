"""The values of Ruff as Python objects.

Ints, floats, strings, bools and null are Python's own (an ``int`` always fits i64). Everything else is one of the classes here.
Arrays, dicts and structs are *values* of the language: assigning one copies it. The copy is lazy. What must hold:

* a container that can be reached from two places has ``shared`` set, and is never changed in place;
* a container whose *children* may be reachable from elsewhere has ``loose`` set; before one of its children is changed in
  place, every child is marked shared (`own_child` callers go through :func:`tighten`).

Builtins never change their arguments; they build new containers with the helpers here, which start out ``loose``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Value: TypeAlias = Any
    """Any Ruff value."""
else:
    Value = object

INT_MIN = -(1 << 63)
INT_MAX = (1 << 63) - 1


class Array:
    """An array value."""

    __slots__ = ("items", "loose", "shared")

    def __init__(self, items: list[Value], loose: bool = True) -> None:
        self.items = items
        self.shared = False
        self.loose = loose

    def copy(self) -> Array:
        """A new unshared array of the same items; the items are shared between both from now on."""
        self.loose = True
        return Array(self.items[:])


class Dict:
    """A dict value: keys are canonical (see :func:`canonical_key`), in insertion order."""

    __slots__ = ("entries", "loose", "shared")

    def __init__(self, entries: dict[int | str, Value], loose: bool = True) -> None:
        self.entries = entries
        self.shared = False
        self.loose = loose

    def copy(self) -> Dict:
        """A new unshared dict of the same entries; the values are shared between both from now on."""
        self.loose = True
        return Dict(self.entries.copy())


class Struct:
    """An instance of a struct type: any name, any fields."""

    __slots__ = ("fields", "loose", "name", "shared")

    def __init__(self, name: str, fields: dict[str, Value], loose: bool = True) -> None:
        self.name = name
        self.fields = fields
        self.shared = False
        self.loose = loose

    def copy(self) -> Struct:
        """A new unshared struct of the same fields; the field values are shared between both from now on."""
        self.loose = True
        return Struct(self.name, self.fields.copy())


CONTAINERS: frozenset[Any] = frozenset({Array, Dict, Struct})
"""The classes whose instances are shared or owned."""


def share(value: Value) -> Value:
    """The value, marked as reachable from one more place."""
    if value.__class__ in CONTAINERS:
        value.shared = True
    return value


def tighten(container: Array | Dict | Struct) -> None:
    """Mark every child of a loose container shared, so that a child without the mark may be changed in place."""
    children: Iterable[Value]
    if isinstance(container, Array):
        children = container.items
    elif isinstance(container, Dict):
        children = container.entries.values()
    else:
        children = container.fields.values()
    for child in children:
        if child.__class__ in CONTAINERS:
            child.shared = True
    container.loose = False


class StructDefinition:
    """What a ``struct`` statement defines: a name, field names and methods by name."""

    __slots__ = ("fields", "methods", "name")

    def __init__(self, name: str, fields: list[str], methods: dict[str, Any]) -> None:
        self.name = name
        self.fields = fields
        self.methods = methods


class Tagged:
    """An enum value: ``Enum::Tag(payload)``."""

    __slots__ = ("enum", "payload", "tag")

    def __init__(self, enum: str, tag: str, payload: list[Value]) -> None:
        self.enum = enum
        self.tag = tag
        self.payload = payload


class ResultValue:
    """``Ok(v)``, ``Err(v)``, ``Some(v)`` or ``None`` (whose value is null)."""

    __slots__ = ("tag", "value")

    def __init__(self, tag: str, value: Value = None) -> None:
        self.tag = tag
        self.value = value

    @property
    def payload(self) -> list[Value]:
        """The payload as a list, as an enum value has it."""
        return [] if self.tag == "None" else [self.value]


class Bytes:
    """A byte string."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class Set:
    """A set: members by the key that says which values count as the same one, in insertion order. Never changed."""

    __slots__ = ("members",)

    def __init__(self, members: dict[str, Value]) -> None:
        self.members = members


class Queue:
    """A first-in first-out queue. Never changed once made."""

    __slots__ = ("items",)

    def __init__(self, items: list[Value]) -> None:
        self.items = items


class Stack:
    """A last-in first-out stack, top at the end. Never changed once made."""

    __slots__ = ("items",)

    def __init__(self, items: list[Value]) -> None:
        self.items = items


class Builtin:
    """A function of the library.

    ``call`` takes the guest arguments, after the context when ``needs_context``. ``low``/``high`` bound the number of
    arguments (``high`` is -1 for no bound). ``charge``: which arguments' lengths the call pays fuel for. ``keeps``: the
    result may hold children of the first argument, and the other arguments. ``returns_part``: the result may *be* a child
    of an argument. ``arity_text`` replaces the usual arity error.
    """

    __slots__ = ("arity_text", "call", "charge", "high", "keeps", "low", "name", "needs_context", "returns_part")

    def __init__(
        self,
        name: str,
        call: Callable[..., Value],
        low: int,
        high: int,
        needs_context: bool = False,
        charge: tuple[int, ...] = (),
        keeps: bool = False,
        returns_part: bool = False,
        arity_text: str = "",
    ) -> None:
        self.name = name
        self.call = call
        self.low = low
        self.high = high
        self.needs_context = needs_context
        self.charge = charge
        self.keeps = keeps
        self.returns_part = returns_part
        self.arity_text = arity_text


class Handle:
    """A value with identity whose methods the library implements: channel, iterator, argument parser, and such.

    ``methods`` maps a method's name to a function of (context, receiver, arguments).
    """

    __slots__ = ()
    type_name = "handle"
    methods: dict[str, Callable[[Any, Any, list[Value]], Value]] = {}


class GuestFunction:
    """What every storey's own function value derives from, so that the library can tell one."""

    __slots__ = ()


class Promise:
    """A result that is there or to come: a value, or the message of a failure.

    ``pending`` is what it waits for (:mod:`pagoda.languages.ruff.library.promises`), ``None`` once it is settled.
    """

    __slots__ = ("error", "pending", "value")

    def __init__(self, value: Value, error: str | None = None, pending: Any = None) -> None:
        self.value = value
        self.error = error
        self.pending = pending


def canonical_key(key: int | str) -> int | str:
    """The dict key for an int or a string: text that is exactly an i64's decimal form *is* that int."""
    if key.__class__ is int:
        return key
    text = str(key)
    if text and (text[0] in "123456789-" or text == "0") and len(text) <= 20:
        digits = text[1:] if text[0] == "-" else text
        if digits.isascii() and digits.isdigit() and (digits[0] != "0" or text == "0"):
            number = int(text)
            if INT_MIN <= number <= INT_MAX:
                return number
    return text


def sorted_keys(entries: dict[int | str, Value]) -> list[int | str]:
    """The keys in the order that printing and ``keys()`` use: numbers if all are, else by text."""
    if all(key.__class__ is int for key in entries):
        return sorted(entries)
    return sorted(entries, key=str)
