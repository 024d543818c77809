"""Data, the type of what the ledger gives to scripts: ``Constr``, ``Map``, ``List``, ``I`` and ``B``.

An object here is a thin cover of a value as the language has it (:mod:`pagoda.languages.uplc.types`); its parts are covered
when they are asked for. What must hold: data is never changed; nothing is walked by recursion, for data may be nested a
million deep.

Where data is expected, plain Python values will do: ``int`` stands for ``I``, bytes for ``B``, a list or tuple for ``List``, a
dict for ``Map``. ``bool``, ``str`` and ``None`` stand for nothing, for compilers do not agree on what they should be.
"""

from __future__ import annotations

from pagoda.languages.uplc.encoding.data_cbor import read_data, write_data
from pagoda.languages.uplc.encoding.errors import MalformedScript as BytesProblem
from pagoda.languages.uplc.terms_scope import same_value
from pagoda.languages.uplc.types import BYTES, CONSTR, DATA_TYPE, INTEGER, LIST, MAP, Constant, linked, unlinked
from pagoda.uplc.errors import MalformedScript, public

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    #: A value of :mod:`pagoda.languages.uplc.types` of type data.
    Raw: TypeAlias = Any


class Data:
    """What the five kinds have in common. Two are equal when they hold the same, however they were made."""

    __slots__ = ("_raw",)

    _raw: Raw

    @staticmethod
    def of(value: Any) -> Data:
        """The data that a Python value stands for. Raises :class:`TypeError` for one that stands for none."""
        return cover(raw_data(value))

    @staticmethod
    def from_cbor(data: bytes | str) -> Data:
        """The data that CBOR bytes, or their hexadecimal digits, stand for. Raises :class:`MalformedScript`."""
        return cover(raw_of_cbor(data))

    def to_cbor(self) -> bytes:
        """The CBOR bytes, as ``serialiseData`` writes them."""
        return write_data(self._raw)

    def to_text(self) -> str:
        """The text, as it stands in ``(con data (...))``."""
        from pagoda.languages.uplc.syntax.printer import constant_text

        return constant_text(Constant(DATA_TYPE, self._raw))[1:-1]

    def __eq__(self, other: object) -> bool:
        return same_value(self._raw, other._raw) if isinstance(other, Data) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.to_cbor())

    def __repr__(self) -> str:
        text = self.to_text()
        return f"<data {text if len(text) <= 200 else text[:197] + '...'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Data.from_cbor, (self.to_cbor(),)


class I(Data):  # noqa: E742  the name that the language has
    """An integer, ``value``."""

    __slots__ = ()

    def __init__(self, value: int) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"I takes an int, not {type(value).__name__}")
        self._raw = (INTEGER, value)

    @property
    def value(self) -> int:
        """The integer."""
        number: int = self._raw[1]
        return number


class B(Data):
    """A bytestring, ``value``."""

    __slots__ = ()

    def __init__(self, value: bytes) -> None:
        if not isinstance(value, bytes | bytearray | memoryview):
            raise TypeError(f"B takes bytes, not {type(value).__name__}")
        self._raw = (BYTES, bytes(value))

    @property
    def value(self) -> bytes:
        """The bytes."""
        payload: bytes = self._raw[1]
        return payload


class List(Data):
    """A list; ``items`` are data."""

    __slots__ = ()

    def __init__(self, items: Iterable[Any] = ()) -> None:
        self._raw = raw_data(list(items))

    @property
    def items(self) -> list[Data]:
        """The items in order."""
        return [cover(item) for item in unlinked(self._raw[1])]

    def __iter__(self) -> Iterator[Data]:
        return map(cover, unlinked(self._raw[1]))


class Map(Data):
    """A map: pairs of data in the order given, in which a key may stand more than once."""

    __slots__ = ()

    def __init__(self, items: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = ()) -> None:
        pairs = items.items() if hasattr(items, "items") else items
        self._raw = (MAP, linked((raw_data(key), raw_data(value)) for key, value in pairs))

    @property
    def items(self) -> list[tuple[Data, Data]]:
        """The pairs in order."""
        return [(cover(key), cover(value)) for key, value in unlinked(self._raw[1])]

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of the first pair with that key, which may be a plain Python value."""
        wanted = raw_data(key)
        for found, value in unlinked(self._raw[1]):
            if same_value(found, wanted):
                return cover(value)
        return default


class Constr(Data):
    """A constructor's number, ``tag``, and its ``fields``."""

    __slots__ = ()

    def __init__(self, tag: int, fields: Iterable[Any] = ()) -> None:
        if not isinstance(tag, int) or isinstance(tag, bool):
            raise TypeError(f"the number of a constructor is an int, not {type(tag).__name__}")
        if not 0 <= tag < 1 << 64:
            raise ValueError("the number of a constructor has to be one of 64 bits")
        self._raw = (CONSTR, tag, raw_data(list(fields))[1])

    @property
    def tag(self) -> int:
        """The number of the constructor."""
        number: int = self._raw[1]
        return number

    @property
    def fields(self) -> list[Data]:
        """The fields in order."""
        return [cover(item) for item in unlinked(self._raw[2])]


_KINDS: dict[int, type[Data]] = {CONSTR: Constr, MAP: Map, LIST: List, INTEGER: I, BYTES: B}


def cover(raw: Raw) -> Data:
    """The object for data as the language has it."""
    made = object.__new__(_KINDS[raw[0]])
    made._raw = raw
    return made


def raw_of_cbor(data: bytes | str) -> Raw:
    """Data as the language has it from CBOR bytes or their hexadecimal digits. Raises :class:`MalformedScript`."""
    try:
        return read_data(bytes_of_hex(data) if isinstance(data, str) else bytes(data))
    except BytesProblem as problem:
        raise public(problem) from None


def bytes_of_hex(text: str) -> bytes:
    """The bytes that hexadecimal digits stand for. Raises :class:`MalformedScript`."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise MalformedScript("the text is not hexadecimal digits, two for each byte") from None


def raw_data(value: Any) -> Raw:
    """Data as the language has it from what stands for it: an object of this module, a plain value, or an object whose
    ``to_cbor()`` gives bytes. Raises :class:`TypeError` for what stands for none, :class:`ValueError` for what holds itself."""
    done: list[Raw] = []
    # What is still to be done, the next last: values, and behind those of a container its end.
    rest: list[Any] = [value]
    inside: set[int] = set()
    while rest:
        item = rest.pop()
        if item.__class__ is _End:
            inside.discard(id(item.container))
            cut = len(done) - item.count
            parts = done[cut:]
            del done[cut:]
            if isinstance(item.container, dict):
                done.append((MAP, linked(zip(parts[::2], parts[1::2], strict=True))))
            else:
                done.append((LIST, linked(parts)))
        elif isinstance(item, Data):
            done.append(item._raw)
        elif isinstance(item, int) and not isinstance(item, bool):
            done.append((INTEGER, int(item)))
        elif isinstance(item, bytes | bytearray | memoryview):
            done.append((BYTES, bytes(item)))
        elif isinstance(item, list | tuple | dict):
            if id(item) in inside:
                raise ValueError("a list or dict holds itself")
            inside.add(id(item))
            parts = [part for pair in item.items() for part in pair] if isinstance(item, dict) else list(item)
            rest.append(_End(item, len(parts)))
            parts.reverse()
            rest += parts
        else:
            done.append(_foreign(item))
    return done[0]


class _End:
    """Where the items of a container end."""

    __slots__ = ("container", "count")

    def __init__(self, container: Any, count: int) -> None:
        self.container, self.count = container, count


def _foreign(value: Any) -> Raw:
    writes = getattr(value, "to_cbor", None)
    written = writes() if callable(writes) else None
    if isinstance(written, bytes):
        return raw_of_cbor(written)
    hint = "; encode text as bytes" if isinstance(value, str) else ""
    raise TypeError(f"{type(value).__name__} does not stand for data{hint}")
