"""Constants as Python values, and back.

========== ==========================================================
type       Python
========== ==========================================================
integer    ``int``
bytestring ``bytes``
string     ``str``
unit       ``None``
bool       ``bool``
list       ``list``
array      ``list``
pair       ``tuple`` of two
data       :class:`pagoda.uplc.data.Data`
value      ``dict`` of currencies, each a ``dict`` of tokens, to ``int``
points     an object of the curve library
========== ==========================================================

What must hold: nothing is walked by recursion.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.builtins.failure import MissingPackage as NoPackage
from pagoda.languages.uplc.builtins.values import LARGEST_AMOUNT, LONGEST_KEY, SMALLEST_AMOUNT
from pagoda.languages.uplc.types import DATA_TYPE, G1_TYPE, G2_TYPE, VALUE_TYPE, Constant, linked, unlinked
from pagoda.machine.source import DiagnosticError, Source
from pagoda.uplc.data import Data, cover, raw_data
from pagoda.uplc.errors import public

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pagoda.languages.uplc.types import Type

_CLASSES: dict[str, tuple[type[Any], ...]] = {
    "integer": (int,), "bytestring": (bytes, bytearray, memoryview), "string": (str,), "unit": (type(None),), "bool": (bool,),
}  # fmt: skip


def python_value(constant: Constant) -> Any:
    """The Python value of a constant."""

    def parts(kind: Type, value: Any) -> tuple[Iterable[tuple[Type, Any]], Callable[[list[Any]], Any]] | None:
        name = kind.name
        if name == "list" or name == "array":
            items = unlinked(value) if name == "list" else value
            return ((kind.parts[0], item) for item in items), list
        if name == "pair":
            return zip(kind.parts, value, strict=True), tuple
        return None

    def leaf(kind: Type, value: Any) -> Any:
        if kind is DATA_TYPE:
            return cover(value)
        return {key: dict(tokens) for key, tokens in value.items()} if kind is VALUE_TYPE else value

    return _rebuilt(constant.type, constant.value, parts, leaf)


def constant(type_text: str, value: Any) -> Constant:
    """The constant of a type, as it is written (``"(list integer)"``), that has a value.

    Raises :class:`MalformedScript` for what is not a type, :class:`TypeError` and :class:`ValueError` for a value that is not
    of the type.
    """
    kind = read_type_text(type_text)
    return Constant(kind, _rebuilt(kind, value, _python_parts, _from_python))


def read_type_text(text: str) -> Type:
    """The type that is written so. Raises :class:`MalformedScript`."""
    from pagoda.languages.uplc.syntax.reader import ParseFailure, Reader
    from pagoda.languages.uplc.syntax.type_parser import read_type

    source = Source("type", text)
    try:
        reader = Reader(source)
        kind, at = read_type(reader, reader.skip(0))
        if at < len(text):
            reader.expected("the end of the text", at)
    except ParseFailure as failure:
        raise public(DiagnosticError([failure.diagnostic], source)) from None
    return kind


def _rebuilt(
    kind: Type,
    value: Any,
    parts: Callable[[Type, Any], tuple[Iterable[tuple[Type, Any]], Callable[[list[Any]], Any]] | None],
    leaf: Callable[[Type, Any], Any],
) -> Any:
    """A value with its parts, which ``parts`` names, rebuilt first; what has none goes through ``leaf``."""
    done: list[Any] = []
    rest: list[tuple[Type | None, Any]] = [(kind, value)]
    while rest:
        of, item = rest.pop()
        if of is None:
            make, count = item
            cut = len(done) - count
            made = make(done[cut:])
            del done[cut:]
            done.append(made)
            continue
        opened = parts(of, item)
        if opened is None:
            done.append(leaf(of, item))
            continue
        inner = list(opened[0])
        rest.append((None, (opened[1], len(inner))))
        inner.reverse()
        rest += inner
    return done[0]


def _python_parts(kind: Type, value: Any) -> tuple[Iterable[tuple[Type, Any]], Callable[[list[Any]], Any]] | None:
    name = kind.name
    if name not in ("list", "array", "pair"):
        return None
    if not isinstance(value, list | tuple):
        raise TypeError(f"a constant of type {kind!r} takes a list or tuple, not {type(value).__name__}")
    if name == "pair":
        if len(value) != 2:
            raise ValueError(f"a pair has two parts, not {len(value)}")
        return zip(kind.parts, value, strict=True), tuple
    return ((kind.parts[0], item) for item in value), linked if name == "list" else tuple


def _from_python(kind: Type, value: Any) -> Any:
    if kind is DATA_TYPE:
        return value._raw if isinstance(value, Data) else raw_data(value)
    if kind is VALUE_TYPE:
        return _canonical(value)
    classes = _CLASSES.get(kind.name)
    if classes is None:
        return _point(kind, value)
    if not isinstance(value, classes) or (kind.name == "integer" and isinstance(value, bool)):
        raise TypeError(f"a constant of type {kind.name} cannot be made of {type(value).__name__}")
    if kind.name == "string":
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("a string cannot hold half a surrogate pair") from None
    return bytes(value) if kind.name == "bytestring" else value


def _point(kind: Type, value: Any) -> Any:
    """A point of a curve from its compressed bytes, or an object that the curve library made."""
    if isinstance(value, bytes) and kind in (G1_TYPE, G2_TYPE):
        from pagoda.languages.uplc.builtins.curves import uncompress

        try:
            return uncompress(1 if kind is G1_TYPE else 2, value)
        except BuiltinFailure as problem:
            raise ValueError(problem.message) from None
        except NoPackage as problem:
            raise public(problem) from None
    if type(value).__module__.partition(".")[0] not in ("pyblst", "builtins") or not type(value).__name__.startswith("Blst"):
        raise TypeError(f"a constant of type {kind.name} cannot be made of {type(value).__name__}")
    return value


def _canonical(value: dict[bytes, dict[bytes, int]]) -> dict[bytes, dict[bytes, int]]:
    """An amount of tokens in canonical form: keys ascending, nothing empty, nothing zero."""
    made = {}
    for currency in sorted(value):
        tokens = {token: value[currency][token] for token in sorted(value[currency]) if value[currency][token]}
        if any(len(key) > LONGEST_KEY for key in (currency, *tokens)):
            raise ValueError(f"the name of a currency or token has more than {LONGEST_KEY} bytes")
        if not all(SMALLEST_AMOUNT <= amount <= LARGEST_AMOUNT for amount in tokens.values()):
            raise ValueError("an amount does not fit into a signed integer of 128 bits")
        if tokens:
            made[currency] = tokens
    return made
