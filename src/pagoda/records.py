"""Records: plain data classes that cost next to nothing to define.

A class derived from :class:`Record` is written like a dataclass: annotated fields, defaults, ``fresh(factory=list)`` for a
default that is made anew each time. It gets slots, ``__init__`` (by position or keyword), ``==`` and a ``repr``.
``frozen=True`` promises that nobody assigns to its fields (the type checker holds us to it) and makes it hashable;
``eq=False`` keeps identity. A method that the class writes itself is left alone.

Why not :mod:`dataclasses`: importing it takes 6 ms and each class 0.3 ms, as most of its methods are compiled when the class
is made, used or not. Here ``__init__`` is compiled when the first object is made, once for all records that have as many
fields. What must hold: the functions of :mod:`dataclasses` (``fields``, ``replace``, ...) work on records.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, TypeVar, dataclass_transform

    T = TypeVar("T")
    R = TypeVar("R", bound="Record")
else:

    def dataclass_transform(**_options):
        """At run time a decorator that does nothing; importing :mod:`typing` for it would cost milliseconds."""
        return lambda thing: thing


class Fresh:
    """The default of a field that is made anew for each object."""

    __slots__ = ("factory",)

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.factory = factory


def fresh(*, factory: Callable[[], T]) -> T:
    """A field's default that is made by calling ``factory`` for each object."""
    return Fresh(factory)  # type: ignore[return-value]


@dataclass_transform(field_specifiers=(fresh,))
class RecordType(type):
    """The class of record classes."""

    __fields__: tuple[str, ...]
    __defaults__: dict[str, Any]

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, frozen: bool = False, eq: bool = True
    ) -> RecordType:
        fields: dict[str, None] = {}
        defaults: dict[str, Any] = {}
        for base in bases:
            if isinstance(base, RecordType):
                fields.update(dict.fromkeys(base.__fields__))
                defaults.update(base.__defaults__)
        annotations: dict[str, Any] = namespace.get("__annotations__", {})
        own = [field for field, kind in annotations.items() if field not in fields and not str(kind).startswith("ClassVar")]
        for field in own:
            fields[field] = None
            if field in namespace:
                defaults[field] = namespace.pop(field)
        namespace["__slots__"] = own
        namespace["__fields__"] = namespace["__match_args__"] = tuple(fields)
        namespace["__defaults__"] = defaults
        if not eq:
            namespace.update(__eq__=object.__eq__, __hash__=object.__hash__)
        elif frozen:
            namespace.setdefault("__hash__", _hash)
        written = "__init__" in namespace
        made = super().__new__(mcs, name, bases, namespace)
        if not written:
            made.__init__ = _first_init(made)  # type: ignore[misc]
        return made


def _first_init(made: RecordType) -> Callable[..., None]:
    """What stands for ``__init__`` until the first object is made; then it puts the compiled one in its own place."""

    def __init__(self: Any, *items: Any, **named: Any) -> None:
        compiled = made.__init__ = _compiled_init(made)  # type: ignore[misc]
        compiled(self, *items, **named)

    return __init__


#: ``__init__`` of a record with so many fields, under other names: its code is what such records share.
_shapes: dict[int, Any] = {}


def _compiled_init(made: RecordType) -> Any:
    fields, defaults = made.__fields__, made.__defaults__
    optional = [field for field in fields if field in defaults]
    if fields[len(fields) - len(optional) :] != tuple(optional):
        raise TypeError(f"record {made.__name__}: a field without a default follows one with a default")
    if any(isinstance(default, Fresh) for default in defaults.values()):
        found = _compile(fields, [field for field in optional if isinstance(defaults[field], Fresh)])
    else:
        shape = _shapes.get(len(fields))
        if shape is None:
            shape = _shapes[len(fields)] = _compile([f"f{number}" for number in range(len(fields))], [])
        # Names are data of a code object: with others in their place it is the code for these fields.
        code = shape.__code__.replace(co_varnames=("self", *fields), co_names=fields)
        found = type(shape)(code, {}, "__init__")
    found.__defaults__ = tuple(defaults[field] for field in optional)
    found.__qualname__ = f"{made.__qualname__}.__init__"
    return found


def _compile(fields: tuple[str, ...] | list[str], made_anew: list[str]) -> Any:
    lines = [f"def __init__({', '.join(('self', *fields))}):"]
    lines += [f" if {field}.__class__ is Fresh: {field} = {field}.factory()" for field in made_anew]
    lines += [f" self.{field} = {field}" for field in fields] or [" pass"]
    scope: dict[str, Any] = {"Fresh": Fresh}
    exec("\n".join(lines), scope)
    return scope["__init__"]


def _hash(self: Record) -> int:
    return hash(tuple([getattr(self, field) for field in self.__fields__]))


class _DataclassFields:
    """Lets :mod:`dataclasses` find the fields of a record, should somebody ask."""

    def __get__(self, instance: object, owner: type[Record]) -> dict[str, Any]:
        from dataclasses import make_dataclass

        like: Any = make_dataclass(owner.__name__, owner.__fields__)
        fields: dict[str, Any] = like.__dataclass_fields__
        return fields


class Record(metaclass=RecordType):
    """The base of all records."""

    if TYPE_CHECKING:
        __fields__: ClassVar[tuple[str, ...]]

    __dataclass_fields__ = _DataclassFields()

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(getattr(self, field) == getattr(other, field) for field in self.__fields__)

    def __repr__(self) -> str:
        shown = ", ".join(f"{field}={getattr(self, field)!r}" for field in self.__fields__)
        return f"{type(self).__qualname__}({shown})"


def changed(record: R, **changes: Any) -> R:
    """A copy of ``record`` with other values in some fields."""
    for field in record.__fields__:
        changes.setdefault(field, getattr(record, field))
    return type(record)(**changes)
