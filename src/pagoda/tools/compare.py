"""Compares a program's output with the expected output of a conformance case.

The expected text is trimmed stdout, then, if there is any, a line end and trimmed stderr. Two engines say the same thing about
a failure in different words around the message, so on *both* sides the diagnostic's tag is replaced and its place block (arrow,
source line and caret, hints, call stack) dropped; what is left, message text included, must be equal to the letter.
Must hold: only lines that belong to a diagnostic are dropped. A program's own output is never touched, except for the two
things the reference's test runner removes as well: optimizer remarks and ``(took ~12ms)`` fragments.
"""

from __future__ import annotations

import difflib
import re

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_REMARKS = re.compile(r"^Compiler optimization:.*\n?", re.MULTILINE)
_TOOK = re.compile(r" \(took ~[0-9.]+ ?ms\)")

#: A headline, its message (which may have several lines) up to the arrow, then the place block in the order it is written.
_DIAGNOSTIC = re.compile(
    r"""
    ^\[RUF[A-Z]+\d{3}\]\ \[[a-z]+\]\ (?P<message>[^\n]*(?:\n(?!\ *-->|\[RUF)[^\n]*)*?)
    \n\ *-->\ [^\n]*                               # the place
    (?:\n\ *\d*\ \|[^\n]*)*                        # source line and caret
    (?:\n\ *=\ (?:hint|help|note):\ [^\n]*)*       # advice
    (?:\n*\nCall\ stack:(?:\n\ +(?:\d+\ at\ |\.\.\.)[^\n]*)*)?
    $""",
    re.MULTILINE | re.VERBOSE,
)


def normalise(text: str) -> str:
    """The text as it is compared."""
    text = text.replace("\r\n", "\n")
    text = _TOOK.sub("", _REMARKS.sub("", _ESCAPES.sub("", text)))
    return _DIAGNOSTIC.sub(lambda found: f"[diagnostic] {found['message']}", text).strip()


def combine(stdout: str, stderr: str) -> str:
    """Both streams as the expected files hold them."""
    return "\n".join(part for part in (stdout.strip(), stderr.strip()) if part)


def difference(expected: str, stdout: str, stderr: str) -> str | None:
    """``None`` when the output is as expected, else what differs first, for a person."""
    wanted = normalise(expected)
    got = normalise(combine(stdout, stderr))
    if wanted == got:
        return None
    changes = difflib.unified_diff(wanted.splitlines(), got.splitlines(), "expected", "got", lineterm="", n=1)
    shown = [line for line in changes if not line.startswith(("---", "+++"))]
    if not shown:
        return f"line ends differ: expected {wanted!r}, got {got!r}"
    return "\n".join([*shown[:12], *(["..."] if len(shown) > 12 else [])])
