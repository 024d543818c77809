"""Values of constants as bits, by type. A constant is its type, then its value.

Points of curves and results of Miller loops have no bits: such a constant is neither read nor written.
"""

from __future__ import annotations

from pagoda.languages.uplc.encoding.bits import integer_digits, put_bytes, read_bit, read_bytes, read_integer
from pagoda.languages.uplc.encoding.constant_types import read_type, type_digits
from pagoda.languages.uplc.encoding.data_cbor import read_leading_data, write_data
from pagoda.languages.uplc.encoding.errors import MalformedScript, Unencodable
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
    Constant,
    Type,
    unlinked,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from pagoda.languages.uplc.encoding.bits import BitSink, BitSource

KEY_BYTES = 32
"""How long the key of a value may be."""
QUANTITY_BOUND = 1 << 127
"""Quantities in values are from minus it to below it."""


def read_constant(source: BitSource, position: int, type_bound: int | None = None) -> tuple[Constant, int]:
    """The constant at a position, and the next position. ``type_bound``: how many tags its type may have at most."""
    kind, position = read_type(source, position, type_bound)
    read = _READERS.get(kind)
    if read is not None:
        value, position = read(source, position)
    else:
        value, position = _read_compound(source, position, kind)
    return Constant(kind, value), position


def _read_compound(source: BitSource, position: int, kind: Type) -> tuple[Any, int]:
    # What is begun and not yet done: a type and, for lists and arrays, the items so far, for pairs what was first.
    begun: list[tuple[Type, list[Any]]] = []
    while True:
        read = _READERS.get(kind)
        if read is not None:
            value, position = read(source, position)
        elif kind.name == "pair":
            begun.append((kind, []))
            kind = kind.parts[0]
            continue
        else:
            position += 1
            if read_bit(source, position - 1):
                begun.append((kind, []))
                kind = kind.parts[0]
                continue
            value = ()
        while begun:
            outer, items = begun[-1]
            items.append(value)
            if outer.name == "pair":
                if len(items) == 1:
                    kind = outer.parts[1]
                    break
                value = items[0], value
            else:
                position += 1
                if read_bit(source, position - 1):
                    kind = outer.parts[0]
                    break
                if outer.name == "array":
                    value = tuple(items)
                else:
                    value = ()
                    for item in reversed(items):
                        value = (item, value)
            begun.pop()
        else:
            return value, position


def _read_string(source: BitSource, position: int) -> tuple[str, int]:
    data, after = read_bytes(source, position)
    try:
        return data.decode("utf-8"), after
    except UnicodeDecodeError as problem:
        raise MalformedScript(f"a string is not UTF-8, from its byte {problem.start} on", position) from None


def _read_unit(source: BitSource, position: int) -> tuple[None, int]:
    return None, position


def _read_bool(source: BitSource, position: int) -> tuple[bool, int]:
    return bool(read_bit(source, position)), position + 1


def _read_data(source: BitSource, position: int) -> tuple[Any, int]:
    data, after = read_bytes(source, position)
    try:
        # What follows the data in its bytes is left alone, as the ledger does.
        return read_leading_data(data)[0], after
    except MalformedScript as problem:
        where = "" if problem.offset is None else f" (byte {problem.offset} of the constant)"
        raise MalformedScript(f"{problem.message}{where}", position) from None


def _read_value(source: BitSource, position: int) -> tuple[dict[bytes, dict[bytes, int]], int]:
    made: dict[bytes, dict[bytes, int]] = {}
    last_currency: bytes | None = None
    while read_bit(source, position):
        currency, position = _read_key(source, position + 1, last_currency)
        last_currency = currency
        tokens: dict[bytes, int] = {}
        last_token: bytes | None = None
        while read_bit(source, position):
            token, at = _read_key(source, position + 1, last_token)
            last_token = token
            quantity, position = read_integer(source, at)
            if position > source.end:
                raise source.ended()
            if not quantity or not -QUANTITY_BOUND <= quantity < QUANTITY_BOUND:
                raise MalformedScript(f"a quantity in a value {'does not fit in 128 bits' if quantity else 'is zero'}", at)
            tokens[token] = quantity
        if not tokens:
            raise MalformedScript("a currency in a value has no tokens", position)
        position += 1
        made[currency] = tokens
    return made, position + 1


def _read_key(source: BitSource, position: int, last: bytes | None) -> tuple[bytes, int]:
    key, after = read_bytes(source, position)
    if len(key) > KEY_BYTES:
        raise MalformedScript(f"a key in a value is longer than {KEY_BYTES} bytes", position)
    if last is not None and key <= last:
        raise MalformedScript("the keys in a value do not ascend", position)
    return key, after


def _read_point(source: BitSource, position: int) -> NoReturn:
    raise MalformedScript("constants of a type bls12_381_* have no encoding; a script uncompresses bytes instead", position)


_READERS: dict[Type, Callable[[BitSource, int], tuple[Any, int]]] = {
    INTEGER_TYPE: read_integer, BYTESTRING_TYPE: read_bytes, STRING_TYPE: _read_string, UNIT_TYPE: _read_unit,
    BOOL_TYPE: _read_bool, DATA_TYPE: _read_data, VALUE_TYPE: _read_value,
    G1_TYPE: _read_point, G2_TYPE: _read_point, ML_TYPE: _read_point,
}  # fmt: skip


def put_constant(sink: BitSink, constant: Constant) -> None:
    """Writes a constant. Raises :class:`Unencodable` for one that has no bits."""
    pieces = sink.pieces
    pieces.append(type_digits(constant.type))
    # What is still to be written, the next last: a value with its type, or digits.
    rest: list[tuple[Type, Any] | str] = [(constant.type, constant.value)]
    while rest:
        entry = rest.pop()
        if isinstance(entry, str):
            pieces.append(entry)
            continue
        kind, value = entry
        write = _WRITERS.get(kind)
        if write is not None:
            write(sink, value)
        elif kind.name == "pair":
            rest.append((kind.parts[1], value[1]))
            rest.append((kind.parts[0], value[0]))
        else:
            item_type = kind.parts[0]
            items = list(value if kind.name == "array" else unlinked(value))
            rest.append("0")
            for item in reversed(items):
                rest.append((item_type, item))
                rest.append("1")


def _put_integer(sink: BitSink, value: int) -> None:
    sink.pieces.append(integer_digits(value))


def _put_string(sink: BitSink, value: str) -> None:
    put_bytes(sink, value.encode("utf-8"))


def _put_unit(sink: BitSink, value: None) -> None:
    pass


def _put_bool(sink: BitSink, value: bool) -> None:
    sink.pieces.append("1" if value else "0")


def _put_data(sink: BitSink, value: Any) -> None:
    put_bytes(sink, write_data(value))


def _put_value(sink: BitSink, value: dict[bytes, dict[bytes, int]]) -> None:
    for currency, tokens in value.items():
        sink.pieces.append("1")
        put_bytes(sink, currency)
        for token, quantity in tokens.items():
            sink.pieces.append("1")
            put_bytes(sink, token)
            _put_integer(sink, quantity)
        sink.pieces.append("0")
    sink.pieces.append("0")


def _put_point(sink: BitSink, value: Any) -> NoReturn:
    raise Unencodable("a constant of a type bls12_381_* has no encoding")


_WRITERS: dict[Type, Callable[[BitSink, Any], None]] = {
    INTEGER_TYPE: _put_integer, BYTESTRING_TYPE: put_bytes, STRING_TYPE: _put_string, UNIT_TYPE: _put_unit,
    BOOL_TYPE: _put_bool, DATA_TYPE: _put_data, VALUE_TYPE: _put_value,
    G1_TYPE: _put_point, G2_TYPE: _put_point, ML_TYPE: _put_point,
}  # fmt: skip
