"""Programs and terms in the flat encoding: bits, most significant first, in prefix order, a term's tag being four of them.

A program is its version, three natural numbers, and its term; a filler ends it at the end of its last byte. Whether the term is
closed is not asked here: that is known only once arguments are applied. What must hold: every byte of the input counts, nothing
may follow the filler; terms of any depth are read and written.
"""

from __future__ import annotations

from pagoda.languages.uplc.encoding.bits import (
    BitSink,
    BitSource,
    natural_digits,
    read_bit,
    read_natural,
    read_word,
    skip_filler,
    word_digits,
)
from pagoda.languages.uplc.encoding.constants import put_constant, read_constant
from pagoda.languages.uplc.encoding.errors import MalformedScript, Unencodable
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Program, Var

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.encoding.ledger import Bounds
    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.types import Constant

BUILTIN_COUNT = 104
"""Builtins have numbers below it."""
CONSTRUCTORS_SINCE = (1, 1, 0)
"""The version of programs from which on ``constr`` and ``case`` are terms."""

_VAR, _CONST, _ERROR, _BUILTIN, _CONSTR, _CASE = 0, 4, 6, 7, 8, 9

# The classes of terms that begin with one of their parts and nothing before it; they make up most of a script. `_FIRST` has
# those that a byte begins with: two, one or, as None, none.
_NESTS: dict[int, type] = {1: Delay, 2: Lam, 3: Apply, 5: Force}
_FIRST: list[tuple[type, ...] | None] = [None] * 256
for _tag, _kind in _NESTS.items():
    for _next in range(16):
        _FIRST[_tag << 4 | _next] = (_kind, _NESTS[_next]) if _next in _NESTS else (_kind,)


def read_program(data: bytes, bounds: Bounds | None = None) -> Program:
    """The program that bytes stand for, all of them.

    ``bounds``: what a ledger accepts (:func:`~pagoda.languages.uplc.encoding.ledger.bounds_of`); ``None`` accepts all there is.
    Raises :class:`MalformedScript`, with an offset in bits.
    """
    program: Program = _whole(data, lambda source: _read_program(source, bounds))
    return program


def read_term(data: bytes, version: tuple[int, int, int] = CONSTRUCTORS_SINCE, bounds: Bounds | None = None) -> Term:
    """The term that bytes stand for, all of them, as it would stand in a program of a version. Raises as ``read_program``."""
    term: Term = _whole(data, lambda source: _read_term(source, 0, version, bounds))
    return term


def read_flat_constant(data: bytes) -> Constant:
    """The constant, type and value, that bytes stand for, all of them. Raises as :func:`read_program`."""
    constant: Constant = _whole(data, lambda source: read_constant(source, 0))
    return constant


def write_program(program: Program) -> bytes:
    """The bytes of a program. Raises :class:`Unencodable`."""
    sink = BitSink()
    sink.pieces += [natural_digits(part) for part in program.version]
    _put_term(sink, program.term, program.version)
    return sink.finish()


def write_term(term: Term, version: tuple[int, int, int] = CONSTRUCTORS_SINCE) -> bytes:
    """The bytes of a term, as it would stand in a program of a version. Raises :class:`Unencodable`."""
    sink = BitSink()
    _put_term(sink, term, version)
    return sink.finish()


def write_constant(constant: Constant) -> bytes:
    """The bytes of a constant, type and value. Raises :class:`Unencodable`."""
    sink = BitSink()
    put_constant(sink, constant)
    return sink.finish()


def _whole(data: bytes, read: Callable[[BitSource], tuple[Any, int]]) -> Any:
    """What ``read`` finds in bytes, which must end with a filler right after it."""
    source = BitSource(data)
    try:
        found, position = read(source)
        end = skip_filler(source, position)
    except IndexError:
        raise source.ended() from None
    except MalformedScript as problem:
        if problem.offset is not None and problem.offset >= source.end:  # it was found in what lies behind the end
            raise source.ended() from None
        raise
    if end > source.end:
        raise source.ended()
    if end & 7:
        raise MalformedScript("the filler at the end does not end with its byte", position)
    if end < source.end:
        raise MalformedScript("bytes are left over after the end of the script", end)
    return found


def _read_program(source: BitSource, bounds: Bounds | None) -> tuple[Program, int]:
    major, position = read_natural(source, 0)
    minor, position = read_natural(source, position)
    patch, position = read_natural(source, position)
    version = major, minor, patch
    if bounds is not None and version not in bounds.versions:
        raise MalformedScript(f"programs of version {bounds.shown_version(version)} are not accepted by {bounds.where}", 0)
    term, position = _read_term(source, position, version, bounds)
    return Program(version, term), position


def _read_term(source: BitSource, position: int, version: tuple[int, int, int], bounds: Bounds | None) -> tuple[Term, int]:
    windows = source.windows
    # Terms that wait for one of their parts, innermost last. A class waits for its first part; a term is a function that
    # waits for its argument; a list holds the tag of a constructor, or the scrutinee of a case, and the parts so far.
    waiting: list[Any] = [None]
    wait = waiting.append
    resume = waiting.pop
    type_bound = field_bound = allowed = None
    if bounds is not None:
        type_bound, field_bound, allowed = bounds.type_parts, bounds.fields, bounds.builtins
    term: Any
    while True:
        window = windows[position >> 3] >> (12 - (position & 7)) & 4095  # a tag and the byte after it
        first = _FIRST[window >> 4]
        if first is not None:
            waiting += first
            position += 4 * len(first)
            continue
        tag = window >> 8
        if tag == _VAR:
            if window < 128:
                term = Var(window)
                position += 12
            else:
                index, position = read_word(source, position + 4)
                term = Var(index)
        elif tag == _BUILTIN:
            number = window >> 1 & 127
            if number >= BUILTIN_COUNT or (allowed is not None and number not in allowed):
                raise MalformedScript(_refused_builtin(number, bounds), position)
            term = Builtin(number)
            position += 11
        elif tag == _CONST:
            constant, position = read_constant(source, position + 4, type_bound)
            term = Const(constant)
        elif tag == _ERROR:
            term = Error()
            position += 4
        elif tag == _CONSTR:
            _check_version(version, "constr", position)
            number, position = read_word(source, position + 4)
            position += 1
            if read_bit(source, position - 1):
                wait([number])
                continue
            term = Constr(number, ())
        elif tag == _CASE:
            _check_version(version, "case", position)
            wait(Case)
            position += 4
            continue
        else:
            raise MalformedScript(f"no term begins with the tag {tag}", position)
        # A term is done: give it to what waits for it.
        while True:
            outer = resume()
            if outer is Apply:
                wait(term)
                break
            kind = outer.__class__
            if kind is type:
                if outer is not Case:
                    term = outer(term)
                    continue
                outer = [term]
            elif kind is list:
                outer.append(term)
                if field_bound is not None and len(outer) > field_bound + 1 and outer[0].__class__ is int:
                    raise MalformedScript(f"a constr has more than {field_bound} fields", position)
            elif outer is None:
                return term, position
            else:
                term = Apply(outer, term)
                continue
            position += 1
            if read_bit(source, position - 1):
                wait(outer)
                break
            parts = tuple(outer[1:])
            term = Constr(outer[0], parts) if outer[0].__class__ is int else Case(outer[0], parts)


def _check_version(version: tuple[int, int, int], word: str, position: int) -> None:
    if version < CONSTRUCTORS_SINCE:
        raise MalformedScript(f"{word} is a term from version 1.1.0 on", position)


def _refused_builtin(number: int, bounds: Bounds | None) -> str:
    if number >= BUILTIN_COUNT or bounds is None:
        return f"there is no builtin of number {number}"
    return f"{bounds.shown_builtin(number)} is not available in {bounds.where}"


def _put_term(sink: BitSink, term: Term, version: tuple[int, int, int]) -> None:
    put = sink.pieces.append
    if version < CONSTRUCTORS_SINCE:
        refused: tuple[type, ...] = (Constr, Case)
    else:
        refused = ()
    # What is still to be written, the next last: terms, and digits between them.
    rest: list[Term | str] = [term]
    while rest:
        node = rest.pop()
        if isinstance(node, str):
            put(node)
        elif isinstance(node, Apply):
            put("0011")
            rest.append(node.argument)
            rest.append(node.function)
        elif isinstance(node, Var):
            put("0000" + word_digits(node.index, "the index of a variable"))
        elif isinstance(node, Lam):
            put("0010")
            rest.append(node.body)
        elif isinstance(node, Force):
            put("0101")
            rest.append(node.body)
        elif isinstance(node, Delay):
            put("0001")
            rest.append(node.body)
        elif isinstance(node, Builtin):
            put("0111" + format(node.number, "07b"))
        elif isinstance(node, Const):
            put("0100")
            put_constant(sink, node.constant)
        elif isinstance(node, Error):
            put("0110")
        elif isinstance(node, refused):
            raise Unencodable("constr and case are terms from version 1.1.0 on")
        else:
            if isinstance(node, Constr):
                put("1000" + word_digits(node.tag, "the tag of a constr"))
                parts = node.fields
            else:
                put("1001")
                parts = node.branches
            rest.append("0")
            for part in reversed(parts):
                rest.append(part)
                rest.append("1")
            if isinstance(node, Case):
                rest.append(node.scrutinee)
