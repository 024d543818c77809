"""What scripts come wrapped in, and their hash.

A chain keeps a script as CBOR bytes around the flat ones: its *serialised* form, which its hash is taken of. Most tools put
CBOR bytes around that once more, many as hexadecimal text or in a text envelope. V1 and V2 tolerate bytes after the CBOR item
of the serialised form, the others do not.
"""

from __future__ import annotations

from pagoda.languages.uplc.encoding.cbor import head, read_whole_bytes
from pagoda.languages.uplc.encoding.envelope import is_envelope, is_hexadecimal, read_envelope, read_hexadecimal, write_envelope
from pagoda.languages.uplc.encoding.errors import MalformedScript
from pagoda.languages.uplc.encoding.ledger import LANGUAGES, bounds_of, check_language
from pagoda.records import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.terms import Program


class Script(Record, frozen=True):
    """A script out of its wraps: the flat bytes, the serialised form they were in, the language that an envelope named."""

    flat: bytes
    serialised: bytes
    language: str | None = None


def open_script(data: bytes, language: str | None = None) -> Script:
    """A script, whatever it comes in: flat, wrapped once or twice, those as hexadecimal text, or a text envelope.

    ``language``: the language of the ledger (``"V1"`` to ``"V4"``); without it the one that an envelope names. It decides
    whether bytes may follow; where nobody names one they may not. The flat bytes themselves are not looked into.
    Raises :class:`MalformedScript`, ``ValueError`` for another language.
    """
    if language is not None:
        check_language(language)
    if is_envelope(data):
        data, named = read_envelope(data)
        if named is not None and named not in LANGUAGES:
            raise MalformedScript(f"the envelope holds a script of an unknown language, Plutus {named[:20]}")
        language = language or named
        if read_whole_bytes(data) is None:
            raise MalformedScript('the field "cborHex" of the envelope does not hold CBOR bytes')
    elif is_hexadecimal(data):
        data = read_hexadecimal(data.decode("ascii"))
    outer = read_whole_bytes(data)
    if outer is None:
        if data and data[0] >> 5 == 2:
            raise MalformedScript("the CBOR bytes around the script end too early, or have no stated length", 0, "byte")
        return Script(data, wrap(data), language)
    inner = read_whole_bytes(outer[0])
    # Flat bytes that begin as CBOR bytes do would be a program of version 64 or later.
    if inner is not None:
        if outer[1] != len(data):
            raise MalformedScript("bytes are left over after the outer CBOR item", outer[1], "byte")
        data, outer = outer[0], inner
    if outer[1] != len(data) and language not in ("V1", "V2"):
        raise MalformedScript("bytes are left over after the script's CBOR item", outer[1], "byte")
    return Script(outer[0], data, language)


def unwrap(data: bytes, language: str | None = None) -> bytes:
    """The flat bytes of a script, whatever it comes in. Parameters and errors as for :func:`open_script`."""
    return open_script(data, language).flat


def wrap(flat: bytes) -> bytes:
    """CBOR bytes around bytes: around flat ones the serialised form, around that the form of most tools."""
    return head(2, len(flat)) + flat


def text_envelope(flat: bytes, language: str, description: str = "") -> str:
    """The text envelope of a script. Raises ``ValueError`` for what is not a language."""
    check_language(language)
    return write_envelope(wrap(wrap(flat)), language, description)


def script_hash(flat: bytes, language: str) -> bytes:
    """The 28 bytes that name a script on a chain, from its flat bytes. Raises ``ValueError`` for what is not a language."""
    return serialised_hash(wrap(flat), language)


def serialised_hash(serialised: bytes, language: str) -> bytes:
    """The same from the serialised form, which may be wrapped otherwise than :func:`wrap` does or have bytes after it."""
    import hashlib

    check_language(language)
    number = 1 + LANGUAGES.index(language)
    return hashlib.blake2b(bytes((number,)) + serialised, digest_size=28).digest()


def read_serialised(serialised: bytes, language: str, protocol: int) -> Program:
    """The program in a serialised form, held to what a ledger accepts at a protocol version.

    Raises :class:`MalformedScript`, with an offset in the flat bytes where it counts bits; ``ValueError`` for another language.
    """
    from pagoda.languages.uplc.encoding.flat import read_program

    bounds = bounds_of(language, protocol)
    outer = read_whole_bytes(serialised)
    if outer is None:
        raise MalformedScript("the script is not wrapped in CBOR bytes of a stated length", 0, "byte")
    if outer[1] != len(serialised) and language not in ("V1", "V2"):
        raise MalformedScript("bytes are left over after the script's CBOR item", outer[1], "byte")
    return read_program(outer[0], bounds)
