"""Finds a language by name or by a file's suffix, importing only the one that is asked for.

This is the one place below the tools that lists languages. Adding a language is adding a row.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.protocol import Language

#: name -> (module whose ``LANGUAGE`` implements the protocol, suffixes of its files)
_LANGUAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "ruff": ("pagoda.languages.ruff.language", (".ruff",)),
}


class UnknownLanguage(Exception):
    """No language of that name, or none for that file. The message is for the user."""


def names() -> list[str]:
    """All languages, in the order they are listed to users."""
    return list(_LANGUAGES)


def suffixes(name: str) -> tuple[str, ...]:
    """The file suffixes of a language."""
    return _LANGUAGES[name][1]


def name_for_file(path: str) -> str:
    """The language of a file, by its suffix."""
    for name, (_, its_suffixes) in _LANGUAGES.items():
        if path.endswith(its_suffixes):
            return name
    known = ", ".join(suffix for _, its_suffixes in _LANGUAGES.values() for suffix in its_suffixes)
    raise UnknownLanguage(f"cannot tell the language of '{path}' (known suffixes: {known}); name it with --lang")


def load(name: str) -> Language:
    """The language called ``name``, imported on first use."""
    entry = _LANGUAGES.get(name)
    if entry is None:
        raise UnknownLanguage(f"no language called '{name}' (there is: {', '.join(_LANGUAGES)})")
    language: Language = importlib.import_module(entry[0]).LANGUAGE
    return language
