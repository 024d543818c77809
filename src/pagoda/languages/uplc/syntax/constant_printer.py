"""Types and constants as text: what the parser reads back as the same.

What must hold: nothing is walked by recursion. A result of a Miller loop has no text that can be read; it is shown as
``<opaque>``.
"""

from __future__ import annotations

from pagoda.languages.uplc.syntax.digits import digits_of
from pagoda.languages.uplc.syntax.layout import CLOSE, HEADED_LIST, LIST, PAIR, Opening, one_line
from pagoda.languages.uplc.syntax.literals import ASCII_NAMES
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTES,
    BYTESTRING_TYPE,
    CONSTR,
    DATA_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER,
    INTEGER_TYPE,
    MAP,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    VALUE_TYPE,
    Constant,
    Type,
    pair_of,
    unlinked,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.syntax.layout import Piece

_OPEN_LIST = Opening("[", LIST)
_OPEN_PAIR = Opening("(", PAIR)
_DATA_PAIR = pair_of(DATA_TYPE, DATA_TYPE)

_ESCAPES = {ord(char): "\\" + letter for char, letter in zip('\a\b\f\n\r\t\v\\"', 'abfnrtv\\"', strict=True)}
# SO is left to its number, for SOH begins with the same letters.
_ESCAPES |= {
    ord(char): "\\" + name for name, char in ASCII_NAMES.items() if name not in ("SP", "SO") and ord(char) not in _ESCAPES
}


def type_text(kind: Type) -> str:
    """A type as it is written."""
    return repr(kind)


def constant_text(constant: Constant) -> str:
    """A constant's value on one line, as it stands behind its type: data in parentheses."""
    text = one_line(constant_pieces(constant.type, constant.value))
    return f"({text})" if constant.type is DATA_TYPE else text


def string_text(value: str) -> str:
    """A string between double quotes, what cannot be shown escaped."""
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    out = ['"']
    numbered = False  # behind a number a digit would belong to it, so it is written as a number too
    for char in value:
        if numbered and char in "0123456789":
            out.append(f"\\{ord(char)}")
            continue
        numbered = False
        escape = _ESCAPES.get(ord(char))
        if escape is not None:
            out.append(escape)
        elif char == " " or char.isprintable():
            out.append(char)
        else:
            out.append(f"\\{ord(char)}")
            numbered = True
    out.append('"')
    return "".join(out)


def constant_pieces(kind: Type, value: Any) -> list[Piece]:
    """A value of a type as pieces to lay out: data without parentheses."""
    out: list[Piece] = []
    #: What is still to be written, the next last; None closes a group.
    todo: list[tuple[Type, Any] | None] = [(kind, value)]
    while todo:
        item = todo.pop()
        if item is None:
            out.append(CLOSE)
            continue
        kind, value = item
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            out.append(scalar(value))
            continue
        if kind is DATA_TYPE:
            data = value[0]
            if data == INTEGER:
                out.append("I " + digits_of(value[1]))
                continue
            if data == BYTES:
                out.append(f"B #{value[1].hex()}")
                continue
            if data == CONSTR:
                opening, inner, items = f"Constr {digits_of(value[1])} [", DATA_TYPE, list(unlinked(value[2]))
            elif data == MAP:
                opening, inner, items = "Map [", _DATA_PAIR, list(unlinked(value[1]))
            else:
                opening, inner, items = "List [", DATA_TYPE, list(unlinked(value[1]))
            if not items:
                out.append(opening + "]")
                continue
            out.append(Opening(opening, HEADED_LIST))
        elif kind.name == "pair":
            out.append(_OPEN_PAIR)
            todo += (None, (kind.parts[1], value[1]), (kind.parts[0], value[0]))
            continue
        else:
            items = list(value if kind.name == "array" else unlinked(value))
            if not items:
                out.append("[]")
                continue
            inner = kind.parts[0]
            out.append(_OPEN_LIST)
        todo.append(None)
        todo.extend((inner, part) for part in reversed(items))
    return out


def _point_text(point: Any) -> str:
    from pagoda.languages.uplc.builtins.curves import compress

    return "0x" + compress(point).hex()


def _value_text(value: dict[bytes, dict[bytes, int]]) -> str:
    currencies = []
    for currency, tokens in value.items():
        held = ", ".join(f"(#{token.hex()}, {digits_of(quantity)})" for token, quantity in tokens.items())
        currencies.append(f"(#{currency.hex()}, [{held}])")
    return f"[{', '.join(currencies)}]"


_SCALARS: dict[Type, Callable[[Any], str]] = {
    INTEGER_TYPE: digits_of,
    BYTESTRING_TYPE: lambda value: "#" + value.hex(),
    STRING_TYPE: string_text,
    UNIT_TYPE: lambda value: "()",
    BOOL_TYPE: lambda value: "True" if value else "False",
    G1_TYPE: _point_text,
    G2_TYPE: _point_text,
    ML_TYPE: lambda value: "<opaque>",
    VALUE_TYPE: _value_text,
}
