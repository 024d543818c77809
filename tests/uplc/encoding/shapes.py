"""Small terms as texts that tests compare."""

from __future__ import annotations

from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Var


def show(term) -> str:
    """The shape of a term. By recursion: for small ones only."""
    match term:
        case Var():
            return f"(var {term.index})"
        case Lam():
            return f"(lam {show(term.body)})"
        case Delay():
            return f"(delay {show(term.body)})"
        case Force():
            return f"(force {show(term.body)})"
        case Apply():
            return f"(apply {show(term.function)} {show(term.argument)})"
        case Const():
            return f"(con {term.constant.type!r} {term.constant.value!r})"
        case Builtin():
            return f"(builtin {term.number})"
        case Error():
            return "error"
        case Constr():
            return f"(constr {' '.join([str(term.tag), *map(show, term.fields)])})"
        case Case():
            return f"(case {' '.join(map(show, (term.scrutinee, *term.branches)))})"
    raise TypeError(term)
