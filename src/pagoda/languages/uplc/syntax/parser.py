"""Texts to programs: terms, their names turned into de Bruijn indices on the way, spans on every node.

One expression recognises how a term begins; what is open is kept on a list of frames, so that time is linear in the text and no
depth matters. A keyword ends where its letters do, so ``(lamx x)`` is ``(lam x x)``. A name with a number behind it (``x-182``)
is known by that number alone, any other by its text. What must hold: whatever the text, the only exception is
:class:`DiagnosticError`; a term that is given has no free variable.
"""

from __future__ import annotations

import re

from pagoda.languages.uplc.syntax.constants import read_constant
from pagoda.languages.uplc.syntax.digits import integer_of
from pagoda.languages.uplc.syntax.names import builtin_numbers
from pagoda.languages.uplc.syntax.reader import SPACE, ParseFailure, Reader
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Program, Var
from pagoda.machine.nearest import did_you_mean
from pagoda.machine.source import Diagnostic, DiagnosticError, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.types import Constant

    Version: TypeAlias = tuple[int, int, int]

#: The first version whose programs may hold constr and case.
SUMS_VERSION = (1, 1, 0)
MAX_TAG = 2**64 - 1
_MAX_UNBOUND = 20  # free variables that are reported
_MAX_CANDIDATES = 500  # names in scope that a hint is looked for among

_KEYWORDS = ("builtin", "lam", "constr", "con", "delay", "force", "error", "case")  # constr before con, which begins it
_NAME = r"(?:([A-Za-z_][A-Za-z0-9_']*+)(?:-([0-9]++))?+(?![A-Za-z0-9_']|-(?!-))|`([!-_a-~]++)`(?:-([0-9]++))?+)"
_TERM = re.compile(rf"(?:\({SPACE}({'|'.join(_KEYWORDS)})|(\[)|{_NAME}){SPACE}")
_BINDER = re.compile(_NAME + SPACE)
_BAD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_'-]*")
_BUILTIN = re.compile(r"([A-Za-z0-9_']*+)" + SPACE)
_TAG = re.compile(r"([0-9]++)" + SPACE)
_CLOSING = re.compile(r"\)" + SPACE)
_VERSION = re.compile(r"([0-9]++)\.([0-9]++)\.([0-9]++)(?![0-9.])" + SPACE)

_LAM, _DELAY, _FORCE, _APPLY, _CONSTR, _CASE = range(6)
_OPENERS = ("(lam", "(delay", "(force", "[", "(constr", "(case")

# Words of other languages, and of this one in the wrong place.
_WORDS = {
    "lambda": "a function is written '(lam x body)'", "fun": "a function is written '(lam x body)'",
    "abs": "a function is written '(lam x body)'", "var": "a variable is written as its name alone",
    "apply": "an application is written '[f x]'", "app": "an application is written '[f x]'",
    "let": "there is no let: write '[(lam x body) value]'", "if": "write '[(force (builtin ifThenElse)) condition yes no]'",
    "program": "a program holds one term, not a program", "True": "write '(con bool True)'", "False": "write '(con bool False)'",
    "error": "write '(error)'", "integer": "constants begin with 'con': '(con integer 1)'",
}  # fmt: skip


class _Frame:
    """A term that is open: its kind, where it begins, and what it has so far."""

    __slots__ = ("extra", "function", "items", "kind", "start")

    def __init__(self, kind: int, start: int) -> None:
        self.kind, self.start = kind, start
        self.items: list[Term] = []
        self.function: Term | None = None
        #: Of a function its name, the key that it is bound under and what that key meant before; of a constr the tag.
        self.extra: tuple[str, str, int] | int = 0


def parse_program(source: Source) -> Program:
    """The program that a text is. Raises :class:`DiagnosticError`."""
    reader = Reader(source)
    unbound: list[Diagnostic] = []
    try:
        start = reader.skip(0)
        at = reader.past("(", start, "'(program'", "a program is written '(program 1.0.0 term)'")
        at = reader.past("program", at, "'program'", "a program is written '(program 1.0.0 term)'")
        found = _VERSION.match(source.text, at)
        if found is None:
            reader.expected("a version of three numbers", at, "as in '(program 1.0.0 term)'")
        version = integer_of(found[1]), integer_of(found[2]), integer_of(found[3])
        term, at = _Parser(reader, version, unbound).term(found.end())
        at = reader.past(")", at, "')' after the program's term", "a program holds one term; an application is written '[f x]'")
        _end(reader, at, "program")
    except ParseFailure as failure:
        raise DiagnosticError([*unbound, failure.diagnostic], source) from None
    if unbound:
        raise DiagnosticError(unbound, source)
    return Program(version, term)


def parse_term(source: Source, version: Version = SUMS_VERSION) -> Term:
    """The term that a text is, as it may stand in a program of a version. Raises :class:`DiagnosticError`."""
    reader = Reader(source)
    unbound: list[Diagnostic] = []
    try:
        term, at = _Parser(reader, version, unbound).term(0)
        _end(reader, at, "term")
    except ParseFailure as failure:
        raise DiagnosticError([*unbound, failure.diagnostic], source) from None
    if unbound:
        raise DiagnosticError(unbound, source)
    return term


def parse_constant(source: Source) -> Constant:
    """The constant that a text is: a type and a value, as behind ``con``. Raises :class:`DiagnosticError`."""
    reader = Reader(source)
    try:
        constant, at = read_constant(reader, 0)
        _end(reader, at, "constant")
    except ParseFailure as failure:
        raise DiagnosticError([failure.diagnostic], source) from None
    return constant


def _end(reader: Reader, at: int, what: str) -> None:
    at = reader.skip(at)
    if at < len(reader.text):
        reader.expected("the end of the text", at, f"a {what} ends before this", code="UPLPARSE011")


class _Parser:
    """Reads one term; ``unbound`` collects the findings about variables that nothing binds."""

    __slots__ = ("frames", "missing", "reader", "scope", "unbound", "version")

    def __init__(self, reader: Reader, version: Version, unbound: list[Diagnostic]) -> None:
        self.reader, self.version, self.unbound = reader, version, unbound
        self.frames: list[_Frame] = []
        #: What each name means now: how many binders were open when its own was opened.
        self.scope: dict[str, int] = {}
        self.missing: set[str] = set()

    def term(self, at: int) -> tuple[Term, int]:
        """The term at an offset, and the offset behind the space that follows it."""
        reader, frames, scope = self.reader, self.frames, self.scope
        text = reader.text
        begins = _TERM.match
        closing = _CLOSING.match
        depth = 0
        made: Term
        while True:
            found = begins(text, at)
            if found is None:
                found = self._begin(at)
            start = found.start()
            at = found.end()
            keyword, bracket, name, number, quoted, quoted_number = found.groups()
            if name is not None or quoted is not None:
                place = start, (found.end(4) if number else found.end(3)) if name else self._quoted_end(found)
                name = name or quoted
                key = _key(name, number or quoted_number)
                level = scope.get(key)
                if level is None:
                    self._unbound(name, key, place)
                    level = depth
                made = Var(depth - level, name, place)
            elif bracket:
                frames.append(_Frame(_APPLY, start))
                continue
            elif keyword == "con":
                constant, at = read_constant(reader, at)
                end = closing(text, at)
                at = end.end() if end else self._close_constant(at)
                made = Const(constant, (start, end.start() + 1 if end else self._closed))
            else:
                pass
