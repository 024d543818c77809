"""Regular expressions. An invalid pattern is no error: nothing matches, and nothing is replaced.

A pattern means what Rust's ``regex`` crate means by it. What must hold: no pattern, on no text, keeps the program from
stopping. Matching begins in the ``regex`` module, which tries alternatives one after the other; what takes it long is done
aside, and what takes it too long is done by RE2, which is linear, where that is installed and knows all of the pattern. Else
it is given up.
"""

from __future__ import annotations

import time
from functools import lru_cache

from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.library.waiting import aside
from pagoda.languages.ruff.values import Array, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.ruff.library.pattern_parser import Pattern

AT_ONCE = 0.03
"""Seconds that matching may take on the program's own thread, where nothing polls meanwhile."""
PATIENCE = 0.3
"""Seconds for one match until RE2 is tried."""
GIVE_UP = 5.0
"""Seconds for one match that RE2 cannot do."""


class _Compiled:
    """A valid pattern for both engines; RE2's form is made when it is needed."""

    def __init__(self, pattern: Pattern) -> None:
        import regex

        from pagoda.languages.ruff.library.pattern_spelling import Spelling

        self.pattern = pattern
        self.names = pattern.names
        self.usual: Any = regex.compile(Spelling().inner(pattern.tree), regex.VERSION1)
        self._linear: dict[bool, Any] = {}

    def linear(self, text: str) -> Any:
        """The pattern for RE2, or ``None`` where that is not possible."""
        ascii = text.isascii()
        if ascii not in self._linear:
            self._linear[ascii] = self._make_linear(ascii)
        return self._linear[ascii]

    def _make_linear(self, ascii: bool) -> Any:
        from pagoda.languages.ruff.library.pattern_spelling import LinearSpelling, Unsupported

        try:
            import re2  # type: ignore[import-untyped, import-not-found, unused-ignore]
        except ImportError:
            return None
        options = re2.Options()
        options.log_errors = False
        options.max_mem = 64 << 20
        try:
            return re2.compile(LinearSpelling(ascii).inner(self.pattern.tree), options)
        except (Unsupported, re2.error):
            return None


@lru_cache(maxsize=256)
def _compiled(text: str) -> _Compiled | None:
    import regex

    from pagoda.languages.ruff.library.pattern_parser import PatternError, read

    try:
        return _Compiled(read(text))
    except (PatternError, regex.error, RecursionError, OverflowError):
        return None


class _Slow(Exception):
    """Matching takes longer than it was given."""


class _Scan:
    """All matches on a text, or the first few, found one by one; another engine can go on where one has stopped.

    An empty match right behind the match before does not count.
    """

    def __init__(self, text: str, most: int) -> None:
        self.text = text
        self.most = most
        self.matches: list[Any] = []
        self.position = 0
        self.end = -1
        self.stopped = False

    def add(self, match: Any) -> bool:
        """Takes a match; whether more are wanted."""
        start, after = match.span()
        if after == start == self.end:
            self.position = after + 1
        else:
            self.matches.append(match)
            self.position = self.end = after
        return len(self.matches) < self.most and self.position <= len(self.text) and not self.stopped

    def run(self, engine: Any, patience: float, concurrent: bool) -> None:
        """With the ``regex`` module: raises :class:`_Slow` after that long, for each match or (not ``concurrent``) all."""
        search, text, now = engine.search, self.text, time.monotonic
        until = now() + patience
        try:
            while True:
                match = search(text, self.position, concurrent=concurrent, timeout=patience)
                if match is None or not self.add(match):
                    return
                if not concurrent and now() > until:
                    raise _Slow
        except TimeoutError:
            raise _Slow from None

    def run_linear(self, engine: Any) -> None:
        """With RE2."""
        for match in engine.finditer(self.text, self.position):
            if not self.add(match):
                return


def _matches(context: Any, name: str, compiled: _Compiled, text: str, most: int = 1 << 62) -> list[Any]:
    """All matches, or the first few, each with ``group``, ``start`` and ``end``."""
    scan = _Scan(text, most)
    try:
        scan.run(compiled.usual, AT_ONCE, False)
        return scan.matches
    except _Slow:
        pass

    def work() -> list[Any]:
        try:
            scan.run(compiled.usual, PATIENCE, True)
        except _Slow:
            linear = compiled.linear(text)
            if linear is not None:
                scan.run_linear(linear)
                return scan.matches
            try:
                scan.run(compiled.usual, GIVE_UP, True)
            except _Slow:
                raise RuffError(f"{name}() gave up after {GIVE_UP:g} seconds: the pattern backtracks too much") from None
        return scan.matches

    try:
        return aside(context, work)
    except BaseException:
        scan.stopped = True  # the thread need not go on
        raise


@builtin("regex_match", 2, needs_context=True, charge=(0,))
def regex_match(context: Any, text: Value, pattern: Value) -> bool:
    """Whether the pattern matches somewhere."""
    source, compiled = text_of("regex_match", text), _compiled(text_of("regex_match", pattern))
    return compiled is not None and bool(_matches(context, "regex_match", compiled, source, 1))


@builtin("regex_find_all", 2, needs_context=True, charge=(0,))
def regex_find_all(context: Any, text: Value, pattern: Value) -> Array:
    """Every match, whole."""
    source, compiled = text_of("regex_find_all", text), _compiled(text_of("regex_find_all", pattern))
    if compiled is None:
        return Array([], False)
    return Array([match.group(0) for match in _matches(context, "regex_find_all", compiled, source)], False)


@builtin("regex_replace", 3, needs_context=True, charge=(0,))
def regex_replace(context: Any, text: Value, pattern: Value, replacement: Value) -> str:
    """Every match replaced; ``$1`` and ``${name}`` stand for groups, ``$$`` for a dollar sign."""
    source, compiled = text_of("regex_replace", text), _compiled(text_of("regex_replace", pattern))
    template = text_of("regex_replace", replacement)
    if compiled is None:
        return source
    parts = _template(template, compiled)
    pieces: list[str] = []
    position = 0
    for match in _matches(context, "regex_replace", compiled, source):
        pieces.append(source[position : match.start()])
        pieces += [part if isinstance(part, str) else match.group(part) or "" for part in parts]
        position = match.end()
    pieces.append(source[position:])
    return "".join(pieces)


def _template(template: str, compiled: _Compiled) -> list[str | int]:
    """A replacement as texts and numbers of groups. A group that the pattern does not have stands for nothing."""
    parts: list[str | int] = []
    position, size = 0, len(template)
    while position < size:
        dollar = template.find("$", position)
        if dollar < 0:
            parts.append(template[position:])
            break
        parts.append(template[position:dollar])
        position = dollar + 1
        if template.startswith("$", position):
            parts.append("$")
            position += 1
            continue
        end = template.find("}", position)
        if template.startswith("{", position) and end > 0:
            name, position = template[position + 1 : end], end + 1
        else:
            start = position
            while (
                position < size and template[position].isascii() and (template[position].isalnum() or template[position] == "_")
            ):
                position += 1
            name = template[start:position]
            if not name:
                parts.append("$")
                continue
        number = compiled.names.get(name, -1)
        if number < 0 and name.isascii() and name.isdigit() and len(name) < 10:
            number = int(name)
        if 0 <= number <= compiled.pattern.groups:
            parts.append(number)
    return parts


@builtin("regex_split", 2, needs_context=True, charge=(0,))
def regex_split(context: Any, text: Value, pattern: Value) -> Array:
    """The pieces between matches."""
    source, compiled = text_of("regex_split", text), _compiled(text_of("regex_split", pattern))
    if compiled is None:
        return Array([source], False)
    pieces: list[Value] = []
    position = 0
    for match in _matches(context, "regex_split", compiled, source):
        pieces.append(source[position : match.start()])
        position = match.end()
    pieces.append(source[position:])
    return Array(pieces, False)
