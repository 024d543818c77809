"""Values as a session shows them: near to how they would be written, so that ``"1"``, ``1`` and ``1.0`` differ; long ones cut.

What must hold: any value, however large or deeply nested, gives a short text in little time, on one line and without control
characters. :mod:`.display` has the texts that programs see.
"""

from __future__ import annotations

from pagoda.languages.ruff.display import display, float_text, type_name
from pagoda.languages.ruff.values import (
    Array,
    Builtin,
    Bytes,
    Dict,
    GuestFunction,
    Promise,
    Queue,
    ResultValue,
    Set,
    Stack,
    Struct,
    StructDefinition,
    Tagged,
    Value,
    sorted_keys,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    #: How a function of the guest is called: ``f(a, b)``.
    Signature = Callable[[GuestFunction], str]

LENGTH = 1_000
"""Characters of a text after which no further item is shown."""
ITEMS = 100
"""Items of one container that are shown."""
DEPTH = 12
"""Containers inside each other that are shown."""

_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", '"': '\\"'}


def inspect(value: Value, signature: Signature, length: int = LENGTH) -> str:
    """The text of a value, hardly longer than ``length`` characters."""
    return _Inspector(signature, length).text(value, 0)


def quoted(text: str, length: int = LENGTH) -> str:
    """A string as it would be written, cut after ``length`` characters."""
    shown = "".join([_ESCAPES.get(char) or _visible(char) for char in text[:length]]).replace("${", "\\${")
    if len(text) <= length:
        return f'"{shown}"'
    return f'"{shown}"... ({len(text)} characters)'


def _visible(char: str) -> str:
    return char if char.isprintable() else f"\\u{{{ord(char):x}}}"


def builtin_signature(builtin: Builtin) -> str:
    """How a builtin is called; ``?`` marks an argument that may be left out, ``...`` any number of them."""
    code = builtin.call.__code__
    count, variadic = code.co_argcount, bool(code.co_flags & 4)
    names = list(code.co_varnames[: count + variadic])
    if builtin.needs_context:
        del names[0]
    shown = []
    for position, name in enumerate(names):
        if variadic and position == len(names) - 1:
            name += "..."
        elif position >= builtin.low:
            name += "?"
        shown.append(name)
    return f"{builtin.name}({', '.join(shown)})"


class _Inspector:
    """One text in the making: ``left`` is how many characters it may still grow by."""

    def __init__(self, signature: Signature, length: int) -> None:
        self.signature = signature
        self.left = length

    def text(self, value: Value, depth: int) -> str:
        made = self._container(value, depth)
        if made is None:
            made = self._leaf(value)
            self.left -= len(made)
        return made

    def _leaf(self, value: Value) -> str:
        kind = value.__class__
        if kind is str:
            return quoted(value, max(self.left, 8))
        if kind is float:
            text = float_text(value)
            return text + ".0" if text.lstrip("-").isdigit() else text
        if kind is Bytes:
            return f"bytes({list(value.data[:ITEMS])})" if len(value.data) <= ITEMS else f"<bytes: {len(value.data)}>"
        if kind is Builtin:
            return f"<builtin {builtin_signature(value)}>"
        if kind is StructDefinition:
            return f"<struct {value.name}>"
        if isinstance(value, GuestFunction):
            return f"<function {self.signature(value)}>"
        if kind is Promise:
            return "<promise>"
        if kind in (int, bool, type(None)):
            return display(value)
        return f"<{type_name(value)}>"

    def _container(self, value: Value, depth: int) -> str | None:
        """The text of a container, ``None`` for anything else."""
        kind = value.__class__
        if kind is Array:
            return self._row("[", [("", item) for item in value.items[:ITEMS]], len(value.items), "]", depth)
        if kind is Dict:
            keys = sorted_keys(value.entries)
            rows = [(quoted(str(key), 80) + ": ", value.entries[key]) for key in keys[:ITEMS]]
            return self._row("{", rows, len(keys), "}", depth)
        if kind is Struct:
            names = sorted(value.fields)
            rows = [(f"{name}: ", value.fields[name]) for name in names[:ITEMS]]
            return self._row(
                f"{value.name} {{ " if names else f"{value.name} {{", rows, len(names), " }" if names else "}", depth
            )
        if kind is ResultValue:
            return "None" if value.tag == "None" else self._row(f"{value.tag}(", [("", value.value)], 1, ")", depth)
        if kind is Tagged:
            head = f"{value.enum}::{value.tag}"
            rows = [("", item) for item in value.payload[:ITEMS]]
            return self._row(f"{head}(", rows, len(value.payload), ")", depth) if rows else head
        if kind is Set or kind is Queue or kind is Stack:
            items = list(value.members.values()) if kind is Set else list(value.items)
            rows = [("", item) for item in items[:ITEMS]]
            return self._row(f"{kind.__name__}([", rows, len(items), "])", depth)
        return None

    def _row(self, opening: str, rows: Iterable[tuple[str, Value]], count: int, closing: str, depth: int) -> str:
        self.left -= len(opening) + len(closing)
        parts: list[str] = []
        if depth < DEPTH:
            for label, item in rows:
                if self.left <= 0 and parts:
                    break
                self.left -= len(label) + 2
                parts.append(label + self.text(item, depth + 1))
        if len(parts) < count:
            hidden = count - len(parts)
            parts.append(f"... {hidden} more" if len(parts) else f"... {hidden}")
        return opening + ", ".join(parts) + closing
