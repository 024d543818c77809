"""Text envelopes: JSON files in which tools of Cardano keep a script, its bytes as hexadecimal text in ``cborHex``."""

from __future__ import annotations

from pagoda.languages.uplc.encoding.errors import MalformedScript

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KIND = "PlutusScript"
_MARK = b"\xef\xbb\xbf"  # of UTF-8, which some editors put before a text


def is_envelope(data: bytes) -> bool:
    """Whether bytes are to be read as an envelope: a script does not begin as a JSON object does."""
    return data.removeprefix(_MARK).lstrip(b" \t\r\n")[:1] == b"{"


def read_envelope(data: bytes) -> tuple[bytes, str | None]:
    """The bytes in an envelope, and its language (``"V2"``), ``None`` where it names none. Raises :class:`MalformedScript`."""
    import json

    text = data.removeprefix(_MARK)
    mark = len(data) - len(text)
    try:
        fields: Any = json.loads(text.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise MalformedScript("the envelope is not UTF-8", mark + problem.start, "byte") from None
    except json.JSONDecodeError as problem:
        offset = mark + len(problem.doc[: problem.pos].encode())
        raise MalformedScript(f"the envelope is not JSON: {problem.msg}", offset, "byte") from None
    except (ValueError, RecursionError):  # numbers too long and arrays too deep for the JSON reader
        raise MalformedScript("the envelope is not JSON that can be read") from None
    if not isinstance(fields, dict) or not isinstance(fields.get("cborHex"), str):
        raise MalformedScript('the envelope has no field "cborHex" with a text in it')
    kind = fields.get("type")
    language = None
    if isinstance(kind, str) and kind.startswith(_KIND):
        language = kind.removeprefix(_KIND)
    elif kind is not None:
        raise MalformedScript(f'the envelope does not hold a Plutus script: its field "type" is {json.dumps(kind)[:60]}')
    return read_hexadecimal(fields["cborHex"]), language


def write_envelope(data: bytes, language: str, description: str = "") -> str:
    """An envelope for bytes, which should be wrapped twice, as a text of several lines."""
    import json

    return json.dumps({"type": _KIND + language, "description": description, "cborHex": data.hex()}, indent=4) + "\n"


def is_hexadecimal(data: bytes) -> bool:
    """Whether bytes are to be read as hexadecimal text: neither a program of this age nor one that is wrapped begins so."""
    text = data.strip()
    return text[:1] in (b"0", b"4", b"5") and not text.strip(b"0123456789abcdefABCDEF")


def read_hexadecimal(text: str) -> bytes:
    """The bytes that hexadecimal digits stand for. Raises :class:`MalformedScript`."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise MalformedScript("the hexadecimal text of the script has an odd number of digits or other characters") from None
