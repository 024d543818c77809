"""Kinds: what a builtin takes as an argument, how the argument reaches the function, and how costs measure it.

A kind with a type takes constants of that type and hands over their *value*, in the form that
:mod:`pagoda.languages.uplc.types` tells. A kind without one is polymorphic and hands over what the machine has: a
:class:`~pagoda.languages.uplc.types.Constant` for the kinds of lists, arrays, pairs and of any constant, any value at all for
``ANY``. Bounds belong to kinds, and so does the difference between the semantics variants (specification 2.2): a
:class:`Varying` kind is another kind in each variant. The names of measures are those of
:mod:`pagoda.languages.uplc.costs.sizes`.
"""

from __future__ import annotations

from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    DATA_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER_TYPE,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Type,
    list_of,
    pair_of,
)

VARIANTS = "ABCDE"
"""The semantics variants."""


class Kind:
    """One kind. ``low`` and ``high`` bound an integer, ``longest`` the length of a bytestring; ``None`` is no bound.
    ``family`` names the types that a polymorphic kind takes: ``"list"``, ``"array"``, ``"pair"``, ``"constant"`` for any
    constant, ``"any"`` for any value."""

    __slots__ = ("family", "high", "longest", "low", "measure", "name", "type")

    def __init__(
        self,
        name: str,
        measure: str,
        *,
        type: Type | None = None,
        family: str = "",
        low: int | None = None,
        high: int | None = None,
        longest: int | None = None,
    ) -> None:
        self.name, self.measure, self.type, self.family = name, measure, type, family
        self.low, self.high, self.longest = low, high, longest

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def within(self, variant: str) -> Kind:
        """This kind in a semantics variant."""
        return self


class Varying:
    """A kind that depends on the semantics variant; ``kinds`` are those of the variants A to E."""

    __slots__ = ("kinds",)

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds

    def within(self, variant: str) -> Kind:
        """The kind in a semantics variant."""
        return self.kinds[VARIANTS.index(variant)]


def _since_bounds(early: Kind, late: Kind) -> Varying:
    """A kind that has another bound or measure in the variants D and E."""
    return Varying(early, early, early, late, late)


_LONGEST_INTEGER = 262143  # bits without the sign
_LONGEST_BYTES = 65536
_LONGEST_SCALAR = 4095


def _bounded(name: str, bits: int) -> Kind:
    return Kind(name, "words", type=INTEGER_TYPE, low=-(1 << bits), high=(1 << bits) - 1)


INTEGER = Kind("integer", "words", type=INTEGER_TYPE)
_BOUNDED_INTEGER = _bounded("integer", _LONGEST_INTEGER)
OPERAND = _since_bounds(INTEGER, _BOUNDED_INTEGER)
"""An operand of arithmetic."""
INT64 = Kind("integer of 64 bits", "one", type=INTEGER_TYPE, low=-(1 << 63), high=(1 << 63) - 1)
_WORD64 = Kind("unsigned integer of 64 bits", "one", type=INTEGER_TYPE, low=0, high=(1 << 64) - 1)
CONSTRUCTOR_TAG = _since_bounds(INTEGER, _WORD64)
BYTE = Kind("byte", "one", type=INTEGER_TYPE, low=0, high=255)
FIRST_BYTE = Varying(INTEGER, INTEGER, BYTE, _BOUNDED_INTEGER, BYTE)
"""What ``consByteString`` puts in front."""
MAGNITUDE = Kind("integer", "magnitude", type=INTEGER_TYPE)
"""An integer that is paid for by its magnitude."""
SHIFT = _since_bounds(MAGNITUDE, INT64)
WIDTH = Kind("integer", "words of bytes", type=INTEGER_TYPE)
"""A number of bytes, paid for as so many bytes would be."""
SCALAR = _since_bounds(INTEGER, _bounded("integer", _LONGEST_SCALAR))

BYTESTRING = Kind("bytestring", "bytes", type=BYTESTRING_TYPE)
BYTES = _since_bounds(BYTESTRING, Kind("bytestring", "bytes", type=BYTESTRING_TYPE, longest=_LONGEST_BYTES))
"""A bytestring that is worked on."""
WRITABLE_BYTES = _since_bounds(BYTESTRING, Kind("bytestring", "bytes", type=BYTESTRING_TYPE, longest=4096))

STRING = Kind("string", "characters", type=STRING_TYPE)
TEXT = _since_bounds(STRING, Kind("string", "quarters of utf-8", type=STRING_TYPE))
"""A string that is worked on."""

UNIT = Kind("unit", "one", type=UNIT_TYPE)
BOOL = Kind("bool", "one", type=BOOL_TYPE)
DATA = Kind("data", "data", type=DATA_TYPE)
DATA_BY_NODES = Kind("data", "nodes of data", type=DATA_TYPE)
G1 = Kind(G1_TYPE.name, "G1", type=G1_TYPE)
G2 = Kind(G2_TYPE.name, "G2", type=G2_TYPE)
ML_RESULT = Kind(ML_TYPE.name, "Miller loop result", type=ML_TYPE)
VALUE = Kind("value", "entries", type=VALUE_TYPE)
VALUE_BY_DEPTH = Kind("value", "depth", type=VALUE_TYPE)

LIST_DATA_TYPE = list_of(DATA_TYPE)
PAIR_DATA_TYPE = pair_of(DATA_TYPE, DATA_TYPE)
LIST_PAIR_DATA_TYPE = list_of(PAIR_DATA_TYPE)
INTEGERS = Kind("(list integer)", "length", type=list_of(INTEGER_TYPE))
G1_POINTS = Kind(f"(list {G1_TYPE.name})", "length", type=list_of(G1_TYPE))
G2_POINTS = Kind(f"(list {G2_TYPE.name})", "length", type=list_of(G2_TYPE))
DATA_LIST = Kind("(list data)", "length", type=LIST_DATA_TYPE)
DATA_PAIRS = Kind("(list (pair data data))", "length", type=LIST_PAIR_DATA_TYPE)

ANY = Kind("any value", "one", family="any")
CONSTANT = Kind("any constant", "one", family="constant")
LIST = Kind("list", "length of constant", family="list")
ARRAY = Kind("array", "length of array", family="array")
PAIR = Kind("pair", "endless", family="pair")
