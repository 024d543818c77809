"""What may complete the word a user is typing: keywords, what the session has defined, builtins, members of a value.

What must hold: suggesting runs no code of the guest. Modules of the library are imported for builtins that begin as the word
does, so an empty word offers no builtins.
"""

from __future__ import annotations

import re

from pagoda.languages.protocol import Suggestion
from pagoda.languages.ruff.display import type_name
from pagoda.languages.ruff.inspection import builtin_signature, inspect
from pagoda.languages.ruff.library import registry
from pagoda.languages.ruff.syntax.tokens import KEYWORDS
from pagoda.languages.ruff.values import Builtin, Dict, GuestFunction, Handle, Struct, StructDefinition, Value
from pagoda.records import changed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Protocol

    class Scope(Protocol):
        """What suggestions ask of a living program."""

        @property
        def globals(self) -> Mapping[str, Value]: ...
        def methods(self, value: Value) -> dict[str, GuestFunction]: ...
        def signature(self, function: GuestFunction) -> str: ...


_WORD = re.compile(r"(?:(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\.)?(?P<word>[A-Za-z_]\w*)?\Z")
_WORDS = {"Ok": "Ok(value)", "Err": "Err(value)", "Some": "Some(value)", "None": "None", "throw": "throw(value)"}
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")
_SHORT = 60
"""Characters of a value's text beside its name."""


def suggestions(text: str, scope: Scope) -> list[Suggestion]:
    """The names that may stand for the word at the end of ``text``, by name."""
    line = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]
    if _in_text(line):
        return []
    match = _WORD.search(line)
    if match is None:
        return []
    word = match["word"] or ""
    found = _members(match["path"].split("."), scope) if match["path"] else _names(word, scope)
    return sorted((item for item in found if item.name.startswith(word)), key=lambda item: item.name)


def _in_text(line: str) -> bool:
    """Whether a line ends inside a string or a comment, where no names are."""
    open_quotes: list[int] = []  # for each string that is open, how many braces are open in its interpolation
    position = 0
    while position < len(line):
        char = line[position]
        in_string = bool(open_quotes) and open_quotes[-1] == 0
        if in_string and char == "\\":
            position += 1
        elif in_string and line.startswith("${", position):
            open_quotes[-1] = 1
            position += 1
        elif char == '"':
            if in_string:
                open_quotes.pop()
            else:
                open_quotes.append(0)
        elif not in_string and (char == "#" or line.startswith("//", position)):
            return True
        elif open_quotes and not in_string and char in "{}":
            open_quotes[-1] += 1 if char == "{" else -1
        position += 1
    return bool(open_quotes) and open_quotes[-1] == 0


def _names(word: str, scope: Scope) -> Iterator[Suggestion]:
    own = scope.globals
    for name, value in own.items():
        if not is_of_library(name, value):
            yield describe(name, value, scope)
    for name in KEYWORDS:
        yield Suggestion(name, "keyword", name)
    for name, signature in _WORDS.items():
        yield Suggestion(name, "keyword", signature)
    if not word:
        return
    for name in registry.builtin_names():
        if name.startswith(word) and (name not in own or is_of_library(name, own[name])):
            yield describe(name, registry.lookup(name), scope)


def is_of_library(name: str, value: Value) -> bool:
    """Whether a global is a builtin or constant that no input has replaced."""
    return registry.lookup(name) is value


def describe(name: str, value: Value, scope: Scope, kind: str = "") -> Suggestion:
    """A name with what it stands for."""
    if value.__class__ is Builtin:
        text = (value.call.__doc__ or "").strip().partition("\n")[0].replace("``", "'")
        signature = builtin_signature(value)
        return Suggestion(name, kind or "builtin", name + signature[signature.index("(") :], text)
    if isinstance(value, GuestFunction):
        signature = scope.signature(value)
        return Suggestion(name, kind or "function", name + signature[signature.index("(") :])
    if value.__class__ is StructDefinition:
        return Suggestion(name, kind or "struct", f"{name} {{ {', '.join(value.fields)} }}")
    constant = name in registry.CONSTANTS and is_of_library(name, value)
    return Suggestion(name, kind or ("constant" if constant else "variable"), name, _summary(value, scope))


def _summary(value: Value, scope: Scope) -> str:
    return f"{type_name(value)}: {inspect(value, scope.signature, _SHORT)}"


def _members(path: list[str], scope: Scope) -> Iterator[Suggestion]:
    """What may follow the dot after a name, or after a field of one."""
    value: Value = scope.globals.get(path[0])
    for name in path[1:]:
        value = _parts(value).get(name)
    for key, part in _parts(value).items():
        if isinstance(key, str) and _IDENTIFIER.match(key) and key not in KEYWORDS:
            yield describe(key, part, scope, "member")
    if isinstance(value, Struct):
        for name, method in scope.methods(value).items():
            yield describe(name, method, scope, "member")
    elif isinstance(value, Handle):
        for name in value.methods:
            yield Suggestion(name, "member", f"{name}(...)")
    owner = ".".join(path) + "."
    for name in registry.builtin_names():
        if name.startswith(owner):
            found = describe(name, registry.lookup(name), scope, "builtin")
            yield changed(found, name=name[len(owner) :])


def _parts(value: Value) -> dict[int | str, Value]:
    parts: dict[int | str, Value] = {}
    if isinstance(value, Struct):
        parts.update(value.fields)
    elif isinstance(value, Dict):
        parts.update(value.entries)
    return parts
