"""Output and input: print, eprint, input, debug, format."""

from __future__ import annotations

from pagoda.languages.ruff.display import debug_text, display, float_text
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.arguments import text_of
from pagoda.languages.ruff.library.registry import builtin
from pagoda.languages.ruff.values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@builtin("print", 0, -1, also=("println",), needs_context=True)
def print_values(context: Any, *values: Value) -> None:
    """The display forms, separated by spaces, and a newline."""
    context.write(" ".join([display(value) for value in values]) + "\n")


@builtin("eprint", 0, -1, needs_context=True)
def eprint(context: Any, *values: Value) -> None:
    """As print, to the error stream."""
    text = " ".join([display(value) for value in values]) + "\n"
    if context.error_output is not None:
        context.error_output(text)
        return
    import sys

    sys.stderr.write(text)


@builtin("input", 0, 1, needs_context=True)
def read_input(context: Any, prompt: Value = "") -> str:
    """A line from the standard input without its newline; empty at its end."""
    text = display(prompt)
    if context.input is not None:
        return str(context.input(text))
    import sys

    from pagoda.languages.ruff.library.standard_input import read_line

    if text:
        context.write(text)
    if sys.stdout is not None:
        sys.stdout.flush()  # what was printed so far tells what to type
    return read_line(context)


@builtin("debug", 0, -1, needs_context=True)
def debug(context: Any, *values: Value) -> None:
    """The debug forms, after ``[DEBUG]``."""
    context.write("[DEBUG] " + " ".join([debug_text(value) for value in values]) + "\n")


@builtin("format", 1, -1)
def format_text(template: Value, *values: Value) -> str:
    """``%s``, ``%d``, ``%f`` and ``%%``; nothing else is special."""
    text = text_of("format", template)
    pieces: list[str] = []
    position, used, size = 0, 0, len(text)
    while position < size:
        char = text[position]
        follower = text[position + 1] if position + 1 < size else ""
        if char != "%" or follower not in ("s", "d", "f", "%") or not follower:
            pieces.append(char)
            position += 1
            continue
        position += 2
        if follower == "%":
            pieces.append("%")
            continue
        if used >= len(values):
            raise RuffError("format() has more placeholders than arguments")
        pieces.append(_placeholder(follower, values[used]))
        used += 1
    return "".join(pieces)


def _placeholder(kind: str, value: Value) -> str:
    if kind == "s":
        return display(value)
    if value.__class__ is int:
        return str(value)
    if value.__class__ is float:
        return str(int(value)) if kind == "d" and abs(value) < 1e300 and value == value else float_text(value)
    raise RuffError(f"format() %{kind} requires a number")
