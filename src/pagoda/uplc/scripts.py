"""What a caller may give for a script, and the programs kept of those met last.

============================= =======================================================================================
given                         read as
============================= =======================================================================================
``Program``                   itself
``bytes``                     flat, wrapped in CBOR once or twice, those as hexadecimal digits, or a text envelope
``str``                       a program's text, a text envelope, or the hexadecimal digits of bytes of any kind
``pathlib.Path``              the file of that name: a text where it ends in ``.uplc``, else bytes of any kind
============================= =======================================================================================

A ``str`` never is the name of a file. What must hold: what is kept is bounded in number and size, and files are read each time.
"""

from __future__ import annotations

import os

from pagoda.uplc.data import bytes_of_hex
from pagoda.uplc.program import Program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: How many scripts are kept, and how long the longest of them is, in bytes or characters.
_MOST_KEPT = 64
_LONGEST_KEPT = 1 << 18

_kept: dict[tuple[Any, str | None], Program] = {}


def program_of(script: Any, language: str | None = None) -> Program:
    """The program that a caller gave. ``language``: the ledger's; it decides whether bytes may follow a script.

    Flat bytes are not decoded yet. Raises :class:`~pagoda.uplc.errors.MalformedScript`; :class:`TypeError` for what can be no
    script; :class:`OSError`.
    """
    if isinstance(script, Program):
        return script
    if isinstance(script, os.PathLike):
        return Program.from_file(script, language)
    if isinstance(script, bytearray | memoryview):
        script = bytes(script)
    if not isinstance(script, bytes | str):
        raise TypeError(f"a script is a Program, bytes, a str or a Path, not {type(script).__name__}")
    key = script, language
    program = _kept.pop(key, None)
    if program is None:
        program = Program._of_bytes(script, language) if isinstance(script, bytes) else _from_str(script, language)
    if len(script) <= _LONGEST_KEPT:
        _kept[key] = program  # as the last one: the first ones are dropped
        while len(_kept) > _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
    return program


def forget() -> None:
    """Drops the programs kept."""
    _kept.clear()


def _from_str(text: str, language: str | None) -> Program:
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "{" and not text.lstrip().startswith("{-"):
        return Program._of_bytes(text.encode(), language)
    if start and start in "0123456789abcdefABCDEF":
        return Program._of_bytes(bytes_of_hex(text), language)
    return Program.from_text(text)
