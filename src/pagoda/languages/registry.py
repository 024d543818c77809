"""Finds a language by name or by a file's suffix, importing only the one that is asked for.

This is the one place below the tools that lists languages. Adding a language is adding a row.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.protocol import Language


class _Row:
    """A language: the module whose ``LANGUAGE`` implements the protocol, and what can be told of it without importing that.

    ``binary``: the suffixes of files that are bytes and not text. ``settings``: the options of a run beyond the usual ones
    that it takes, by their keys. ``formats``: whether it lays programs out.
    """

    __slots__ = ("binary", "formats", "module", "settings", "suffixes")

    def __init__(
        self,
        module: str,
        suffixes: tuple[str, ...],
        *,
        binary: tuple[str, ...] = (),
        settings: tuple[str, ...] = (),
        formats: bool = True,
    ) -> None:
        self.module, self.suffixes, self.binary, self.settings, self.formats = module, suffixes, binary, settings, formats


_LANGUAGES: dict[str, _Row] = {
    "ruff": _Row("pagoda.languages.ruff.language", (".ruff",), settings=("trace", "tier_threshold")),
    "uplc": _Row(
        "pagoda.languages.uplc.language",
        (".uplc", ".flat", ".cbor", ".plutus"),
        binary=(".flat", ".cbor", ".plutus"),
        settings=("budget", "ledger", "protocol"),
        formats=False,
    ),
}

SETTINGS = ("budget", "ledger", "protocol", "trace", "tier_threshold")
"""The keys of all options that only some languages take."""


class UnknownLanguage(Exception):
    """No language of that name, or none for that file. The message is for the user."""


def names(*, formatting: bool = False) -> list[str]:
    """All languages, in the order they are listed to users; with ``formatting`` those that lay programs out."""
    return [name for name, row in _LANGUAGES.items() if row.formats or not formatting]


def suffixes(name: str) -> tuple[str, ...]:
    """The file suffixes of a language."""
    return _LANGUAGES[name].suffixes


def settings(name: str) -> tuple[str, ...]:
    """The keys of the options that a language takes and not all do."""
    return _LANGUAGES[name].settings


def is_binary(path: str) -> bool:
    """Whether a file of that name is a program in bytes, not text."""
    return any(row.binary and path.endswith(row.binary) for row in _LANGUAGES.values())


def name_for_file(path: str) -> str:
    """The language of a file, by its suffix."""
    for name, row in _LANGUAGES.items():
        if path.endswith(row.suffixes):
            return name
    known = ", ".join(suffix for row in _LANGUAGES.values() for suffix in row.suffixes)
    raise UnknownLanguage(f"cannot tell the language of '{path}' (known suffixes: {known}); name it with --lang")


def load(name: str) -> Language:
    """The language called ``name``, imported on first use."""
    row = _LANGUAGES.get(name)
    if row is None:
        raise UnknownLanguage(f"no language called '{name}' (there is: {', '.join(_LANGUAGES)})")
    language: Language = importlib.import_module(row.module).LANGUAGE
    return language
