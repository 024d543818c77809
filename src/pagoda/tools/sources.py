"""Reads a program from a file and finds its language. What cannot be read is the user's to know, in one line."""

from __future__ import annotations

from pagoda.languages import registry
from pagoda.machine.source import Source
from pagoda.tools.exits import UsageProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.protocol import Language


#: No language takes a source this large; a device or a pipe without end must not fill the memory first.
_LARGEST = 64 * 1024 * 1024


class Undecodable(Exception):
    """The file is not a text of bearable size. Unlike a missing file this is malformed input; the message is for the user."""


def read(path: str) -> Source:
    """The program at ``path``: a text, or bytes where the suffix says so. Its name is the path as the user wrote it."""
    try:
        with open(path, "rb") as file:
            raw = file.read(_LARGEST + 1)
    except OSError as problem:
        raise UsageProblem(f"cannot read '{path}': {(problem.strerror or str(problem)).lower()}") from None
    except ValueError:
        raise UsageProblem("cannot read a file whose name contains a NUL character") from None
    if len(raw) > _LARGEST:
        raise Undecodable(f"{path}: larger than {_LARGEST >> 20} MiB")
    if registry.is_binary(path):
        from pagoda.languages.binary import BinarySource

        return BinarySource(path, raw)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Undecodable(f"{path}: not UTF-8 text (byte {problem.start} is 0x{raw[problem.start]:02x})") from None
    return Source(path, text)


def language_of(path: str, named: object) -> Language:
    """The language called ``named``, else the one the file's suffix tells."""
    try:
        return registry.load(named if isinstance(named, str) else registry.name_for_file(path))
    except registry.UnknownLanguage as problem:
        raise UsageProblem(str(problem)) from None
