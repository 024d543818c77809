"""Regular expressions. An invalid pattern is no error: nothing matches, and nothing is replaced."""

from __future__ import annotations

from functools import lru_cache

from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Array, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    import re

    text = pattern.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!").replace("\\z", "\\Z")
    try:
        return re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return None


@builtin("regex_match", 2, charge=(0,))
def regex_match(text: Value, pattern: Value) -> bool:
    """Whether the pattern matches somewhere."""
    compiled = _compiled(text_of("regex_match", pattern))
    return compiled is not None and compiled.search(text_of("regex_match", text)) is not None


@builtin("regex_find_all", 2, charge=(0,))
def regex_find_all(text: Value, pattern: Value) -> Array:
    """Every match, whole."""
    compiled = _compiled(text_of("regex_find_all", pattern))
    source = text_of("regex_find_all", text)
    return Array([] if compiled is None else [match.group(0) for match in compiled.finditer(source)], False)


@builtin("regex_replace", 3, charge=(0,))
def regex_replace(text: Value, pattern: Value, replacement: Value) -> str:
    """Every match replaced; ``$1`` and ``${name}`` stand for groups."""
    compiled = _compiled(text_of("regex_replace", pattern))
    source, template = text_of("regex_replace", text), text_of("regex_replace", replacement)
    if compiled is None:
        return source
    return compiled.sub(lambda match: _expand(match, template), source)


def _expand(match: re.Match[str], template: str) -> str:
    pieces: list[str] = []
    position, size = 0, len(template)
    while position < size:
        char = template[position]
        position += 1
        if char != "$" or position >= size:
            pieces.append(char)
            continue
        if template[position] == "$":
            pieces.append("$")
            position += 1
            continue
        if template[position] == "{" and "}" in template[position:]:
            end = template.index("}", position)
            name, position = template[position + 1 : end], end + 1
        else:
            start = position
            while position < size and (template[position].isalnum() or template[position] == "_"):
                position += 1
            name = template[start:position]
            if not name:
                pieces.append("$")
                continue
        try:
            pieces.append(match.group(int(name) if name.isdigit() else name) or "")
        except (IndexError, OverflowError):
            pass
    return "".join(pieces)


@builtin("regex_split", 2, charge=(0,))
def regex_split(text: Value, pattern: Value) -> Array:
    """The pieces between matches."""
    compiled = _compiled(text_of("regex_split", pattern))
    source = text_of("regex_split", text)
    if compiled is None:
        return Array([source], False)
    pieces: list[Value] = []
    position = 0
    for match in compiled.finditer(source):
        pieces.append(source[position : match.start()])
        position = match.end()
    pieces.append(source[position:])
    return Array(pieces, False)
