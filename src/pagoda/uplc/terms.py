"""Terms, for those who build or look through them.

The classes are those of the language: ``Var(index)``, ``Lam(body)``, ``Apply(function, argument)``, ``Delay(body)``,
``Force(body)``, ``Const(constant)``, ``Builtin(number)``, ``Error()``, ``Constr(tag, fields)``, ``Case(scrutinee, branches)``.
Variables are de Bruijn indices, 1 for the innermost binder. Terms must not be changed once made; who walks through one must
not do so by recursion.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Node, Var
from pagoda.languages.uplc.terms_scope import alpha_equal
from pagoda.languages.uplc.types import Constant
from pagoda.machine.source import DiagnosticError, Source
from pagoda.uplc.errors import UplcError, public

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.terms import Term

__all__ = [
    "Apply", "Builtin", "Case", "Const", "Constant", "Constr", "Delay", "Error", "Force", "Lam", "Node", "Var", "alpha_equal",
    "builtin", "term", "term_text",
]  # fmt: skip

#: A term of more nodes is not printed: it is small in memory only because its parts are shared.
_MOST_PRINTED = 20_000_000


def term(text: str) -> Term:
    """The closed term that a text is. Raises :class:`~pagoda.uplc.errors.MalformedScript`."""
    from pagoda.languages.uplc.syntax.parser import parse_term

    try:
        return parse_term(Source("term", text))
    except DiagnosticError as problem:
        raise public(problem) from None


def builtin(name: str) -> Builtin:
    """The builtin of that name, without the forces that it may need. Raises :class:`ValueError` when there is none."""
    found = by_name(name)
    if found is None:
        raise ValueError(f"there is no builtin {name!r}")
    return Builtin(found.number)


def term_text(term: Term, width: int | None = None) -> str:
    """A term as text, on one line or in lines of about ``width`` characters. Raises :class:`UplcError` where it would have
    more than some millions of nodes because its parts are shared."""
    from pagoda.languages.uplc.syntax import printer

    check_printable(term)
    return printer.term_text(term, width)


def check_printable(term: Term) -> None:
    """Raises :class:`UplcError` for a term that has too many nodes when each is counted wherever it stands."""
    from pagoda.languages.uplc.walk.readback import printed_size

    size = printed_size(term)
    if size > _MOST_PRINTED:
        raise UplcError(f"a term of {size} nodes is too large to be printed")
