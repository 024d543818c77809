"""Data as nodes: from and to what the language has, CBOR and JSON. Nothing here recurses but the JSON reader."""

from __future__ import annotations

from pagoda.languages.uplc.encoding.data_cbor import write_data
from pagoda.languages.uplc.types import BYTES, CONSTR, INTEGER, LIST, MAP, linked, unlinked
from pagoda.uplc.compat.nodes import (
    PlutusAtomic,
    PlutusByteString,
    PlutusConstr,
    PlutusData,
    PlutusInteger,
    PlutusList,
    PlutusMap,
)
from pagoda.uplc.data import raw_of_cbor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


def folded(whole: Any, parts: Callable[[Any], Iterable[Any]], make: Callable[[Any, list[Any]], Any]) -> Any:
    """What ``make`` gives for a thing and what it gave for the thing's parts, from the innermost parts outwards."""
    done: list[Any] = []
    rest: list[tuple[Any, int]] = [(whole, -1)]
    while rest:
        thing, count = rest.pop()
        if count < 0:
            inner = list(parts(thing))
            if inner:
                rest.append((thing, len(inner)))
                rest += [(part, -1) for part in reversed(inner)]
                continue
            count = 0
        cut = len(done) - count
        made = make(thing, done[cut:])
        del done[cut:]
        done.append(made)
    return done[0]


def _parts(node: PlutusData) -> list[PlutusData]:
    if isinstance(node, PlutusList):
        return node.value
    if isinstance(node, PlutusMap):
        return [part for pair in node.pairs for part in pair]
    return node.fields if isinstance(node, PlutusConstr) else []


def _raw(node: PlutusData, parts: list[Any]) -> Any:
    if isinstance(node, PlutusInteger):
        return INTEGER, node.value
    if isinstance(node, PlutusByteString):
        return BYTES, node.value
    if isinstance(node, PlutusList):
        return LIST, linked(parts)
    if isinstance(node, PlutusMap):
        return MAP, linked(zip(parts[::2], parts[1::2], strict=True))
    if isinstance(node, PlutusConstr):
        return CONSTR, node.constructor, linked(parts)
    raise TypeError(f"{type(node).__name__} is no data")


def raw_of(node: PlutusData) -> Any:
    """Data as the language has it. Raises :class:`TypeError` where a part is no data."""
    return folded(node, _parts, _raw)


def _raw_parts(raw: Any) -> Iterable[Any]:
    kind = raw[0]
    if kind == MAP:
        return [part for pair in unlinked(raw[1]) for part in pair]
    return () if kind in (INTEGER, BYTES) else unlinked(raw[-1])


def _node(raw: Any, parts: list[Any]) -> PlutusData:
    kind = raw[0]
    if kind == INTEGER:
        return PlutusInteger(raw[1])
    if kind == BYTES:
        return PlutusByteString(raw[1])
    if kind == LIST:
        return PlutusList(parts)
    if kind == MAP:
        return PlutusMap(zip(parts[::2], parts[1::2], strict=True))
    return PlutusConstr(raw[1], parts)


def node_of(raw: Any) -> PlutusData:
    """The node for data as the language has it."""
    node: PlutusData = folded(raw, _raw_parts, _node)
    return node


def plutus_cbor_dumps(node: PlutusData) -> bytes:
    """The CBOR bytes of data, as ``serialiseData`` writes them."""
    return write_data(raw_of(node))


def data_from_cbor(cbor: bytes) -> PlutusData:
    """The data in CBOR bytes. Raises :class:`pagoda.uplc.MalformedScript`, a :class:`ValueError`."""
    return node_of(raw_of_cbor(cbor))


def _json(node: PlutusData, parts: list[Any]) -> dict[str, Any]:
    if isinstance(node, PlutusAtomic):
        return {"int": node.value} if isinstance(node, PlutusInteger) else {"bytes": node.value.hex()}
    if isinstance(node, PlutusList):
        return {"list": parts}
    if isinstance(node, PlutusMap):
        return {"map": [{"k": key, "v": value} for key, value in zip(parts[::2], parts[1::2], strict=True)]}
    assert isinstance(node, PlutusConstr)
    return {"constructor": node.constructor, "fields": parts}


def json_of(node: PlutusData) -> dict[str, Any]:
    """What JSON can hold of data."""
    made: dict[str, Any] = folded(node, _parts, _json)
    return made


def plutus_json_dumps(node: PlutusData) -> str:
    """Data as JSON text."""
    import json

    return json.dumps(json_of(node))


_KEYS: dict[str, type[Any]] = {"int": int, "bytes": str, "list": list, "map": list, "constructor": int}


def _kind(document: Any) -> str:
    kind = next((key for key in _KEYS if key in document), None) if isinstance(document, dict) else None
    if kind is None:
        raise ValueError("data in JSON is an object with 'int', 'bytes', 'list', 'map', or 'constructor' and 'fields'")
    value = document[kind]
    if not isinstance(value, _KEYS[kind]) or isinstance(value, bool):
        raise ValueError(f"the field '{kind}' of data in JSON holds something else than {_KEYS[kind].__name__}")
    if kind == "constructor" and not isinstance(document.get("fields"), list):
        raise ValueError("data in JSON with 'constructor' has a list of 'fields'")
    if kind == "map" and not all(isinstance(pair, dict) and "k" in pair and "v" in pair for pair in value):
        raise ValueError("the entries of a map in JSON are objects with 'k' and 'v'")
    return kind


def _json_parts(document: Any) -> list[Any]:
    kind = _kind(document)
    if kind == "map":
        return [part for pair in document["map"] for part in (pair["k"], pair["v"])]
    parts: list[Any] = document["fields"] if kind == "constructor" else document["list"] if kind == "list" else []
    return parts


def _from_json(document: Any, parts: list[Any]) -> PlutusData:
    kind = _kind(document)
    value = document[kind]
    if kind == "int":
        return PlutusInteger(value)
    if kind == "bytes":
        return PlutusByteString(bytes.fromhex(value))
    if kind == "list":
        return PlutusList(parts)
    if kind == "map":
        return PlutusMap(zip(parts[::2], parts[1::2], strict=True))
    return PlutusConstr(value, parts)


def data_from_json_dict(document: dict[str, Any]) -> PlutusData:
    """The data that JSON, once read, stands for. Raises :class:`ValueError`."""
    node: PlutusData = folded(document, _json_parts, _from_json)
    return node


def data_from_json(text: str) -> PlutusData:
    """The data that JSON text stands for. Raises :class:`ValueError`."""
    import json

    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deep") from None
    return data_from_json_dict(document)
