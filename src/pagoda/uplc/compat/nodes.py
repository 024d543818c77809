"""Terms and programs as nodes whose variables have names, and constants as nodes of a class for each type.

The names and fields of the classes are those that users of PyPI's ``uplc`` know. Nodes may be changed, as there; unlike there
``==`` gives a ``bool``. What must hold: comparing and printing do not recurse.
"""

from __future__ import annotations

from enum import Enum

from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

_SHOWN = 200


class UPLCDialect(Enum):
    """How types and values of constants are written."""

    LegacyAiken = "legacy-aiken"
    Plutus = "plutus"


def _member(name: str) -> str:
    """The name that the enumeration has for a builtin: each of its words with a capital."""
    return "_".join(word[:1].upper() + word[1:] for word in name.split("_"))


if TYPE_CHECKING:

    class BuiltInFun(Enum):
        """The builtins."""

else:
    BuiltInFun = Enum("BuiltInFun", {_member(builtin.name): builtin.number for builtin in BUILTINS}, module=__name__)
    BuiltInFun.__doc__ = "The builtins; the values are their numbers."

BuiltInFunForceMap: dict[BuiltInFun, int] = {BuiltInFun(builtin.number): builtin.forces for builtin in BUILTINS}
"""How many forces each builtin takes."""


class AST(Record):
    """What all nodes have in common. ``_fields`` names the fields that hold nodes."""

    _fields: ClassVar[tuple[str, ...]] = ()

    def dumps(self, dialect: UPLCDialect = UPLCDialect.Plutus) -> str:
        """The node as text, on one line."""
        from pagoda.uplc.compat.dumping import text_of

        return text_of(self, dialect)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AST):
            return NotImplemented
        rest: list[tuple[Any, Any]] = [(self, other)]
        while rest:
            one, another = rest.pop()
            if one is another:
                continue
            if isinstance(one, AST):
                if one.__class__ is not another.__class__:
                    return False
                rest += [(getattr(one, field), getattr(another, field)) for field in one.__fields__]
            elif isinstance(one, list | tuple) and isinstance(another, list | tuple):
                if len(one) != len(another):
                    return False
                rest += zip(one, another, strict=True)
            elif one != another:
                return False
        return True

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        text = self.dumps()
        return f"<{type(self).__name__} {text if len(text) <= _SHOWN else text[: _SHOWN - 3] + '...'}>"


# ------------------------------------------------------------ terms


class Program(AST):
    """A version and a term."""

    version: tuple[int, int, int]
    term: AST
    _fields = ("term",)


class Variable(AST):
    """A variable."""

    name: str


class BoundStateLambda(AST):
    """A function; ``state`` holds what variables of its body stand for, besides its own."""

    var_name: str
    term: AST
    state: dict[str, AST] = fresh(factory=dict)
    _fields = ("term",)


class Lambda(BoundStateLambda):
    """A function."""


class BoundStateDelay(AST):
    """A suspended term; ``state`` holds what variables of it stand for."""

    term: AST
    state: dict[str, AST] = fresh(factory=dict)
    _fields = ("term",)


class Delay(BoundStateDelay):
    """A suspended term."""


class Force(AST):
    """Runs what a delay suspends, or instantiates a builtin."""

    term: AST
    _fields = ("term",)


class ForcedBuiltIn(AST):
    """A builtin with some forces and arguments."""

    builtin: BuiltInFun
    applied_forces: int = 0
    bound_arguments: list[AST] = fresh(factory=list)


class BuiltIn(ForcedBuiltIn):
    """A builtin."""


class Error(AST):
    """Fails."""


class Apply(AST):
    """A function ``f`` applied to an argument ``x``."""

    f: AST
    x: AST
    _fields = ("f", "x")


class Constr(AST):
    """A constructor's value."""

    tag: int
    fields: list[AST]
    _fields = ("fields",)


class Case(AST):
    """Picks the branch that the scrutinee's tag names."""

    scrutinee: AST
    branches: list[AST]
    _fields = ("scrutinee", "branches")


# ------------------------------------------------------------ constants


class Constant(AST):
    """What constants have in common. They must not be changed, for they can be keys."""

    def typestring(self, dialect: UPLCDialect = UPLCDialect.Plutus) -> str:
        """The type as text."""
        from pagoda.uplc.compat.dumping import type_of

        return type_of(self, dialect)

    def valuestring(self, dialect: UPLCDialect = UPLCDialect.Plutus) -> str:
        """The value as text, without parentheses around data."""
        from pagoda.uplc.compat.dumping import value_of

        return value_of(self, dialect)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash((type(self).__name__, self.valuestring()))


class BuiltinUnit(Constant):
    """The unit."""


class BuiltinBool(Constant):
    """A truth value."""

    value: bool


class BuiltinInteger(Constant):
    """An integer."""

    value: int


class BuiltinByteString(Constant):
    """A bytestring."""

    value: bytes


class BuiltinString(Constant):
    """A string."""

    value: str


class BuiltinBLS12381G1Element(Constant):
    """A point of the first group, as an object of the curve library."""

    value: Any


class BuiltinBLS12381G2Element(Constant):
    """A point of the second group."""

    value: Any


class BuiltinBLS12381Mlresult(Constant):
    """The result of a Miller loop."""

    value: Any


class BuiltinPair(Constant):
    """A pair of constants."""

    l_value: Constant
    r_value: Constant

    def __getitem__(self, place: int) -> Constant:
        if place not in (0, 1):
            raise ValueError("a pair has the places 0 and 1")
        return self.r_value if place else self.l_value


class BuiltinList(Constant):
    """A list of constants of one type; for an empty one ``sample_value`` is a constant of that type."""

    values: list[Constant]
    sample_value: Constant

    def __init__(self, values: Any, sample_value: Constant | None = None) -> None:
        self.values = list(values)
        if self.values:
            sample_value = self.values[0]
        if sample_value is None:
            raise AssertionError("an empty list needs a sample value, which tells its type")
        self.sample_value = sample_value

    def __getitem__(self, place: Any) -> Any:
        return BuiltinList(self.values[place], self.sample_value) if isinstance(place, slice) else self.values[place]


class BuiltinOther(Constant):
    """A constant of a type without a class of its own: arrays, values, and lists and pairs of them.

    ``constant``: a :class:`pagoda.uplc.Constant`.
    """

    constant: Any

    def __eq__(self, other: object) -> bool:
        from pagoda.languages.uplc.terms_scope import same_constant

        return isinstance(other, BuiltinOther) and same_constant(self.constant, other.constant)

    __hash__ = Constant.__hash__


class PlutusData(Constant):
    """What data has in common."""

    def to_cbor(self) -> bytes:
        """The CBOR bytes, as ``serialiseData`` writes them."""
        from pagoda.uplc.compat.data import plutus_cbor_dumps

        return plutus_cbor_dumps(self)

    def to_json(self) -> dict[str, Any]:
        """What JSON can hold of it, in the form that ``cardano-cli`` calls the detailed schema."""
        from pagoda.uplc.compat.data import json_of

        return json_of(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AST):
            return NotImplemented
        if not isinstance(other, PlutusData):
            return False
        from pagoda.languages.uplc.terms_scope import same_value
        from pagoda.uplc.compat.data import raw_of

        return same_value(raw_of(self), raw_of(other))

    __hash__ = Constant.__hash__


class PlutusAtomic(PlutusData):
    """Data without parts."""

    value: Any


class PlutusInteger(PlutusAtomic):
    """An integer."""


class PlutusByteString(PlutusAtomic):
    """A bytestring."""


class PlutusList(PlutusData):
    """A list."""

    value: list[PlutusData]

    def __init__(self, value: Any) -> None:
        self.value = list(value)


class PlutusMap(PlutusData):
    """A map. ``pairs`` are its keys and values in order; ``value`` is a dict of them, without those whose key comes again."""

    pairs: list[tuple[PlutusData, PlutusData]]

    def __init__(self, value: Any) -> None:
        self.pairs = [(key, item) for key, item in (value.items() if hasattr(value, "items") else value)]

    @property
    def value(self) -> dict[PlutusData, PlutusData]:
        """The map as a dict."""
        return dict(self.pairs)


class PlutusConstr(PlutusData):
    """A constructor's number and its fields."""

    constructor: int
    fields: list[PlutusData]

    def __init__(self, constructor: int, fields: Any) -> None:
        self.constructor, self.fields = constructor, list(fields)
