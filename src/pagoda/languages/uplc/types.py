"""The types of constants, constants, and how their values are kept.

========== =====================================================================================================
type       value
========== =====================================================================================================
integer    ``int``, of any size
bytestring ``bytes``
string     ``str`` (no surrogates)
unit       ``None``
bool       ``bool``
list       a linked list: ``()`` for the empty one, else the pair ``(head, tail)``, so that a tail costs nothing
array      a ``tuple`` of values
pair       a ``tuple`` of two values
data       a tuple that begins with a kind: ``(CONSTR, tag, list)``, ``(MAP, list of pairs)``, ``(LIST, list)``,
           ``(INTEGER, int)``, ``(BYTES, bytes)``; the lists are linked as those of constants are, for builtins
           turn one into the other
G1, G2, ml a point or a Miller loop's result as the curve library has it (:mod:`pagoda.languages.uplc.builtins.curves`)
value      ``dict[bytes, dict[bytes, int]]`` in canonical form: keys ascending, nothing empty, nothing zero
========== =====================================================================================================

What must hold: values are never changed; a type is made once (:func:`list_of`, :func:`pair_of`, :func:`array_of` give the same
object for the same parts), so types are compared by ``is``. Nesting has no bound: whoever walks through a value does so without
recursion.
"""

from __future__ import annotations

from weakref import WeakValueDictionary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

# The kinds of data.
CONSTR, MAP, LIST, INTEGER, BYTES = range(5)


class Type:
    """A type: its name and, for lists, arrays and pairs, the types of its parts. Made by the functions below only."""

    __slots__ = ("__weakref__", "name", "parts")

    def __init__(self, name: str, parts: tuple[Type, ...] = ()) -> None:
        self.name, self.parts = name, parts

    def __repr__(self) -> str:
        written: list[str] = []
        waiting: list[Type | str] = [self]
        while waiting:
            part = waiting.pop()
            if isinstance(part, str):
                written.append(part)
            elif not part.parts:
                written.append(part.name)
            else:
                written.append(f"({part.name}")
                waiting.append(")")
                for inner in reversed(part.parts):
                    waiting += (inner, " ")
        return "".join(written)


INTEGER_TYPE = Type("integer")
BYTESTRING_TYPE = Type("bytestring")
STRING_TYPE = Type("string")
UNIT_TYPE = Type("unit")
BOOL_TYPE = Type("bool")
DATA_TYPE = Type("data")
G1_TYPE = Type("bls12_381_G1_element")
G2_TYPE = Type("bls12_381_G2_element")
ML_TYPE = Type("bls12_381_mlresult")
VALUE_TYPE = Type("value")

SIMPLE_TYPES = {
    kind.name: kind
    for kind in (
        INTEGER_TYPE, BYTESTRING_TYPE, STRING_TYPE, UNIT_TYPE, BOOL_TYPE, DATA_TYPE, G1_TYPE, G2_TYPE, ML_TYPE, VALUE_TYPE,
    )
}  # fmt: skip
"""The types without parts, by name."""

#: Compound types that somebody uses: a script with ever new types leaves nothing behind.
_made: WeakValueDictionary[tuple[str, tuple[Type, ...]], Type] = WeakValueDictionary()


def _compound(name: str, *parts: Type) -> Type:
    key = name, parts
    found = _made.get(key)
    if found is None:
        found = _made[key] = Type(name, parts)
    return found


def list_of(item: Type) -> Type:
    """The type of lists of ``item``."""
    return _compound("list", item)


def array_of(item: Type) -> Type:
    """The type of arrays of ``item``."""
    return _compound("array", item)


def pair_of(first: Type, second: Type) -> Type:
    """The type of pairs."""
    return _compound("pair", first, second)


class Constant:
    """A value with its type."""

    __slots__ = ("type", "value")

    def __init__(self, type: Type, value: Any) -> None:
        self.type, self.value = type, value

    def __repr__(self) -> str:
        return f"<constant of {self.type!r}>"


def linked(items: Iterable[Any]) -> Any:
    """A linked list of items in order."""
    made: Any = ()
    for item in reversed(list(items)):
        made = (item, made)
    return made


def unlinked(items: Any) -> Iterator[Any]:
    """The items of a linked list."""
    while items:
        head, items = items
        yield head
