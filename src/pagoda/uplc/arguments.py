"""Arguments of scripts: what a caller may give for one, and the term that it stands for.

=================================== ============================================================================
given                               stands for
=================================== ============================================================================
``bytes``                           data in CBOR
``str``                             data in CBOR as hexadecimal digits, else the text of a term or program
:class:`~pagoda.uplc.data.Data`     that data
``int``, ``list``, ``tuple``,       data (:mod:`pagoda.uplc.data`); bytes inside a list or dict stand for ``B``
``dict``
an object with ``to_cbor()``        the data in the bytes that it gives
a constant, a term, a program       itself, of a program its term; it must be closed
=================================== ============================================================================
"""

from __future__ import annotations

from pagoda.languages.uplc.terms import Const, Node
from pagoda.languages.uplc.types import DATA_TYPE, Constant
from pagoda.machine.source import DiagnosticError, Source
from pagoda.uplc.data import Data, raw_data, raw_of_cbor
from pagoda.uplc.errors import MalformedScript, public

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.terms import Term

_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def argument_term(value: Any, name: str = "argument") -> Term:
    """The closed term that an argument stands for. ``name``: what messages call it. Raises :class:`MalformedScript` for bytes
    or a text that is none, :class:`TypeError` for any other thing that is none."""
    if isinstance(value, Data):
        return _data(value._raw)
    if isinstance(value, bytes | bytearray | memoryview):
        return _data(raw_of_cbor(bytes(value)))
    if isinstance(value, Node):
        return closed(value, name)  # type: ignore[arg-type]
    if isinstance(value, Constant):
        return Const(value)
    if isinstance(value, str):
        return _from_text(value, name)
    from pagoda.uplc.program import Program

    if isinstance(value, Program):
        return value.term
    return _data(raw_data(value))


def closed(term: Term, name: str) -> Term:
    """The term itself. Raises :class:`MalformedScript` where it has a variable that nothing binds."""
    from pagoda.languages.uplc.terms_scope import check_scope

    free = check_scope(term)
    if free is not None:
        raise MalformedScript(f"the {name} is open: nothing binds a variable of index {free.index}")
    return term


def is_hexadecimal(text: str) -> bool:
    """Whether a text is read as hexadecimal digits."""
    return bool(text) and _HEXADECIMAL.issuperset(text)


def _data(raw: Any) -> Const:
    return Const(Constant(DATA_TYPE, raw))


def _from_text(text: str, name: str) -> Term:
    if is_hexadecimal(text):
        return _data(raw_of_cbor(text))
    from pagoda.languages.uplc.syntax.parser import parse_program, parse_term

    try:
        if text.lstrip().startswith("(program"):
            return parse_program(Source(name, text)).term
        return parse_term(Source(name, text))
    except DiagnosticError as problem:
        raise public(problem) from None
