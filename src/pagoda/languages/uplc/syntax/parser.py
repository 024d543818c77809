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
    from typing import NoReturn, TypeAlias

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
_BUILTIN = re.compile(r"([A-Za-z0-9_']++)" + SPACE)
_TAG = re.compile(r"([0-9]++)" + SPACE)
_CLOSING = re.compile(r"\)" + SPACE)
_VERSION = re.compile(r"([0-9]++)\.([0-9]++)\.([0-9]++)(?![0-9.])" + SPACE)

_LAM, _DELAY, _FORCE, _APPLY, _CONSTR, _CASE = range(6)
_KINDS = {"lam": _LAM, "delay": _DELAY, "force": _FORCE, "constr": _CONSTR, "case": _CASE}
_OPENERS = ("(lam", "(delay", "(force", "[", "(constr", "(case")

# Words of other languages, and of this one in the wrong place.
_WORDS = {
    "lambda": "a function is written '(lam x body)'", "fun": "a function is written '(lam x body)'",
    "abs": "a function is written '(lam x body)'", "var": "a variable is written as its name alone",
    "apply": "an application is written '[f x]'", "app": "an application is written '[f x]'",
    "let": "there is no let: write '[(lam x body) value]'", "if": "write '[(force (builtin ifThenElse)) condition yes no]'",
    "program": "a program holds one term, not a program", "error": "write '(error)'",
    "True": "write '(con bool True)'", "False": "write '(con bool False)'",
    "integer": "constants begin with 'con': '(con integer 1)'",
}  # fmt: skip


class _Frame:
    """A term that is open: its kind, where it begins, and what it has so far."""

    __slots__ = ("before", "function", "items", "key", "kind", "name", "start", "tag")

    def __init__(self, kind: int, start: int) -> None:
        self.kind, self.start = kind, start
        self.items: list[Term] = []
        self.function: Term | None = None
        #: Of a lambda its name, the key that this is known by and what the key meant before; of a constr the tag.
        self.name = self.key = ""
        self.before: int | None = None
        self.tag = 0


def parse_program(source: Source) -> Program:
    """The program that a text is. Raises :class:`DiagnosticError`."""
    unbound: list[Diagnostic] = []
    try:
        reader = Reader(source)
        at = reader.past("(", reader.skip(0), "'(program'", "a program is written '(program 1.0.0 term)'")
        at = reader.past("program", at, "'program'", "a program is written '(program 1.0.0 term)'")
        found = _VERSION.match(reader.text, at)
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
    unbound: list[Diagnostic] = []
    try:
        reader = Reader(source)
        term, at = _Parser(reader, version, unbound).term(reader.skip(0))
        _end(reader, at, "term")
    except ParseFailure as failure:
        raise DiagnosticError([*unbound, failure.diagnostic], source) from None
    if unbound:
        raise DiagnosticError(unbound, source)
    return term


def parse_constant(source: Source) -> Constant:
    """The constant that a text is: a type and a value, as behind ``con``. Raises :class:`DiagnosticError`."""
    try:
        reader = Reader(source)
        constant, at = read_constant(reader, reader.skip(0))
        _end(reader, at, "constant")
    except ParseFailure as failure:
        raise DiagnosticError([failure.diagnostic], source) from None
    return constant


def _end(reader: Reader, at: int, what: str) -> None:
    if at < len(reader.text):
        reader.expected("the end of the text", at, f"a {what} ends before this", code="UPLPARSE011")


class _Parser:
    """Reads one term; ``unbound`` collects the findings about variables that nothing binds."""

    __slots__ = ("frames", "missing", "reader", "scope", "unbound", "version")

    def __init__(self, reader: Reader, version: Version, unbound: list[Diagnostic]) -> None:
        self.reader, self.version, self.unbound = reader, version, unbound
        self.frames: list[_Frame] = []
        #: What each name means now: how many binders were open before its own.
        self.scope: dict[str, int] = {}
        self.missing: set[str] = set()

    def term(self, at: int) -> tuple[Term, int]:
        """The term at an offset, and the offset of the word behind it."""
        reader, frames, scope = self.reader, self.frames, self.scope
        text = reader.text
        depth = 0
        made: Term
        while True:
            found = _TERM.match(text, at)
            if found is None:
                self._no_term(at)
            start = at
            at = found.end()
            keyword = found[1]
            if keyword is None:
                if found[2]:
                    frames.append(_Frame(_APPLY, start))
                    continue
                name, key, end = _name(found, 3)
                level = scope.get(key)
                if level is None:
                    self._unbound(name, key, (start, end))
                    level = depth
                made = Var(depth - level, name, (start, end))
            elif keyword == "con":
                constant, at = read_constant(reader, at)
                end, at = self._close(at, "the constant")
                made = Const(constant, (start, end))
            elif keyword == "builtin":
                number, at = self._builtin(at)
                end, at = self._close(at, "the builtin's name")
                made = Builtin(number, (start, end))
            elif keyword == "error":
                end, at = self._close(at, "'error'")
                made = Error((start, end))
            else:
                frame = _Frame(_KINDS[keyword], start)
                if keyword == "lam":
                    bound = _BINDER.match(text, at)
                    if bound is None:
                        self._no_name(at)
                    name, key, end = _name(bound, 1)
                    frame.name, frame.key, frame.before = name, key, scope.get(key)
                    scope[key] = depth
                    depth += 1
                    at = bound.end()
                elif keyword == "constr":
                    frame.tag, at = self._tag(start, at)
                elif keyword == "case":
                    self._needs_sums(start, at, keyword)
                frames.append(frame)
                if keyword != "constr" or not text.startswith(")", at):
                    continue
                frames.pop()
                end, at = self._close(at, "")
                made = Constr(frame.tag, (), (start, end))
            # A term is made: it goes into what is open, which may close and be made by that.
            while frames:
                frame = frames[-1]
                kind = frame.kind
                if kind == _APPLY:
                    function = frame.function
                    closed = text.startswith("]", at)
                    if function is None:
                        if closed:
                            hint = "an application is '[f x]', with one argument or more"
                            reader.expected("an argument", at, hint, self._still_open())
                        frame.function = made
                        break
                    if not closed:
                        place = made.place
                        frame.function = Apply(function, made, (frame.start, place[1] if place else at))
                        break
                    made = Apply(function, made, (frame.start, at + 1))
                    at = reader.skip(at + 1)
                elif kind >= _CONSTR:
                    frame.items.append(made)
                    if not text.startswith(")", at):
                        break
                    place = frame.start, at + 1
                    if kind == _CONSTR:
                        made = Constr(frame.tag, tuple(frame.items), place)
                    else:
                        made = Case(frame.items[0], tuple(frame.items[1:]), place)
                    at = reader.skip(at + 1)
                else:
                    end, at = self._close(at, f"the body of '{_OPENERS[kind]}'")
                    place = frame.start, end
                    if kind == _LAM:
                        made = Lam(made, frame.name, place)
                        depth -= 1
                        if frame.before is None:
                            del scope[frame.key]
                        else:
                            scope[frame.key] = frame.before
                    else:
                        made = Delay(made, place) if kind == _DELAY else Force(made, place)
                frames.pop()
            else:
                return made, at

    def _close(self, at: int, what: str) -> tuple[int, int]:
        """The offset behind the parenthesis that must stand here, and that of the word behind it."""
        found = _CLOSING.match(self.reader.text, at)
        if found is None:
            self._no_close(at, what)
        return at + 1, found.end()

    def _builtin(self, at: int) -> tuple[int, int]:
        found = _BUILTIN.match(self.reader.text, at)
        if found is None:
            self.reader.expected("the name of a builtin", at, "as in '(builtin addInteger)'")
        numbers = builtin_numbers()
        number = numbers.get(found[1])
        if number is None:
            hint = did_you_mean(found[1], numbers)
            self.reader.fail("UPLPARSE003", f"Unknown builtin '{_short(found[1])}'", at, found.end(1), hint)
        return number, found.end()

    def _tag(self, start: int, at: int) -> tuple[int, int]:
        self._needs_sums(start, at, "constr")
        found = _TAG.match(self.reader.text, at)
        if found is None:
            self.reader.expected("the tag", at, "a tag is an integer without a sign, as in '(constr 0 (con unit ()))'")
        tag = integer_of(found[1])
        if tag > MAX_TAG:
            self.reader.fail("UPLPARSE009", "The tag is too large", at, found.end(1), f"the largest tag is {MAX_TAG}")
        return tag, found.end()

    def _needs_sums(self, start: int, at: int, keyword: str) -> None:
        if self.version < SUMS_VERSION:
            end = start + len(self.reader.text[start:at].rstrip())
            hint = "write '(program 1.1.0 ...)'"
            self.reader.fail("UPLPARSE008", f"'{keyword}' is not allowed before version 1.1.0", start, end, hint)

    def _unbound(self, name: str, key: str, span: tuple[int, int]) -> None:
        if key in self.missing or len(self.unbound) >= _MAX_UNBOUND:
            return
        self.missing.add(key)
        hint = _WORDS.get(name, "")
        if not hint and name in _KEYWORDS:
            hint = f"what begins with a keyword stands in parentheses: '({name} ...)'"
        if not hint and name in builtin_numbers():
            hint = f"a builtin is written '(builtin {name})'"
        if not hint and len(self.scope) <= _MAX_CANDIDATES:
            hint = did_you_mean(name, self.scope)
        message = f"The variable '{_short(self.reader.text[slice(*span)])}' is not bound"
        self.unbound.append(Diagnostic("UPLPARSE002", "error", message, span, hint))

    def _no_name(self, at: int) -> NoReturn:
        reader = self.reader
        bad = _BAD_NAME.match(reader.text, at)
        if bad is not None:
            hint = "a '-' in a name comes before a number that ends it; other names stand between backticks: `a-b`"
            reader.fail("UPLPARSE012", f"'{_short(bad[0])}' is not a name", at, bad.end(), hint)
        if reader.text.startswith("`", at):
            hint = "between backticks stand ASCII letters, digits and signs, without space"
            reader.fail("UPLPARSE012", "This is not a name", at, at + 1, hint)
        reader.expected("a name", at, "names are letters, digits, '_' and \"'\", and do not begin with a digit")

    def _no_term(self, at: int) -> NoReturn:
        """Says what is wrong where a term must begin, or what is open must end."""
        reader, text = self.reader, self.reader.text
        if text.startswith("`", at) or _BAD_NAME.match(text, at):
            self._no_name(at)
        if text.startswith("(", at):
            at = reader.skip(at + 1)
            word = _BUILTIN.match(text, at)
            name = word[1] if word else ""
            hint = _WORDS.get(name) or did_you_mean(name, _KEYWORDS)
            reader.expected(f"one of the words {', '.join(_KEYWORDS)}", at, hint)
        frame = self.frames[-1] if self.frames else None
        what = "a term"
        if frame is not None:
            if frame.kind == _APPLY and frame.function is not None:
                what = "a term or ']'"
            elif frame.kind == _CONSTR or frame.items:
                what = "a term or ')'"
        reader.expected(what, at, _start_hint(text, at), self._still_open())

    def _no_close(self, at: int, what: str) -> NoReturn:
        hint = ""
        frame = self.frames[-1] if self.frames else None
        if self.reader.text.startswith(".", at):
            hint = "numbers are integers; there are no fractions"
        elif frame is not None and frame.kind == _LAM and self.reader.text.startswith(frame.name, frame.start + 4):
            hint = f"the name here is '{_short(frame.name)}', for a keyword ends where its letters do; put a space behind it"
        elif what.startswith("the body"):
            hint = "an application of several terms is written '[f x y]'"
        self.reader.expected(f"')' after {what}", at, hint, self._still_open())

    def _still_open(self) -> list[str]:
        if not self.frames:
            return []
        frame = self.frames[-1]
        return [f"'{_OPENERS[frame.kind]}' of {self.reader.where(frame.start)} is open here"]


def _name(found: re.Match[str], group: int) -> tuple[str, str, int]:
    """The name that a match holds from a group on: its text, the key that it is known by, where it ends."""
    if found[group] is not None:
        name, number, end = found[group], found[group + 1], found.end(group)
    else:
        group += 2
        name, number, end = found[group], found[group + 1], found.end(group) + 1
    if number is None:
        return name, name, end
    return name, "-" + (number.lstrip("0") or "0"), found.end(group + 1)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "..."


def _start_hint(text: str, at: int) -> str:
    if text.startswith(("#", '"'), at) or text[at : at + 1].isdigit():
        return "constants have their type before them: '(con integer 1)', '(con bytestring #00)', '(con string \"text\")'"
    return ""
