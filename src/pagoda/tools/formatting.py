"""``pagoda fmt``: lays programs out, in place.

Must hold: a file is either as it was or whole and formatted, whatever happens meanwhile; a malformed one is left alone; nothing
is written before every FILE has been found.
"""

from __future__ import annotations

import difflib
import os
import sys
import tempfile

from pagoda.languages import registry
from pagoda.languages.protocol import Unavailable
from pagoda.machine.source import DiagnosticError, Source
from pagoda.tools import exits, sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pagoda.languages.protocol import Language

STDIN = "-"


def command(values: dict[str, Any]) -> int:
    """Formats every file named and gives the exit code: that of the worst thing met."""
    code = exits.OK
    for path in _found(values["file"], values["lang"]):
        try:
            result = _one(path, values)
        except sources.Undecodable as problem:
            print(f"pagoda: {problem}", file=sys.stderr)
            result = exits.MALFORMED
        except DiagnosticError as problem:
            print(problem.render(), file=sys.stderr)
            result = exits.MALFORMED
        except Unavailable as problem:
            raise exits.UsageProblem(str(problem)) from None
        code = max(code, result)
    return code


def _found(paths: tuple[str, ...], lang: str | None) -> list[str]:
    """The files meant, each once: a folder stands for all programs below it, hidden folders left out."""
    found: dict[str, None] = {}
    for path in paths:
        if os.path.isdir(path):
            found.update(dict.fromkeys(_programs_below(path, lang)))
        elif path == STDIN or os.path.exists(path):
            found[path] = None
        else:
            raise exits.UsageProblem(f"cannot find '{path}'")
    return list(found)


def _programs_below(folder: str, lang: str | None) -> Iterator[str]:
    try:
        names = [lang] if lang else registry.names(formatting=True)
        suffixes = tuple(end for name in names for end in registry.suffixes(name))
    except KeyError:
        raise exits.UsageProblem(f"no language called '{lang}' (there is: {', '.join(registry.names())})") from None
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(place, name) for name in sorted(files) if name.endswith(suffixes))


def _one(path: str, values: dict[str, Any]) -> int:
    source, language = _read(path, values["lang"])
    text = language.format(source, values["line_length"])
    changed = text != source.text
    if values["diff"] and changed:
        _show_difference(source, text)
    if values["check"]:
        if changed and not values["diff"]:
            print(source.name)
        return exits.GUEST_ERROR if changed else exits.OK
    if values["diff"]:
        return exits.OK
    if path == STDIN:
        sys.stdout.write(text)
    elif changed:
        _write(path, text)
        print(f"formatted {path}", file=sys.stderr)
    return exits.OK


def _read(path: str, lang: str | None) -> tuple[Source, Language]:
    if path != STDIN:
        return sources.read(path), sources.language_of(path, lang)
    names = registry.names(formatting=True)
    if lang is None and len(names) > 1:
        raise exits.UsageProblem(f"name the language of what stands on stdin with --lang (there is: {', '.join(names)})")
    language = sources.language_of(path, lang or names[0])
    raw = sys.stdin.buffer.read()
    try:
        return Source("<stdin>", raw.decode("utf-8-sig")), language
    except UnicodeDecodeError as problem:
        raise sources.Undecodable(f"<stdin>: not UTF-8 text (byte {problem.start} is 0x{raw[problem.start]:02x})") from None


def _show_difference(source: Source, text: str) -> None:
    before, after = _lines(source.text), _lines(text)
    for line in difflib.unified_diff(before, after, source.name, f"{source.name} (formatted)"):
        sys.stdout.write(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")


def _lines(text: str) -> list[str]:
    # Not splitlines: a string may hold characters that Python takes for line ends.
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _write(path: str, text: str) -> None:
    """Puts a new file into the place of the old one, through links, with its permissions."""
    target = os.path.realpath(path)
    temporary = ""
    try:
        with open(target, "r+b"):  # refused here if the file itself may not be written
            pass
        handle, temporary = tempfile.mkstemp(prefix=".pagoda-fmt-", dir=os.path.dirname(target))
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, os.stat(target).st_mode & 0o7777)
        os.replace(temporary, target)
    except OSError as problem:
        raise exits.UsageProblem(f"cannot write '{path}': {(problem.strerror or str(problem)).lower()}") from None
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
