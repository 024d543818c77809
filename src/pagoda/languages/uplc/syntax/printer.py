"""Programs and terms as text that the parser reads back as the same, up to the names of variables.

A binder keeps its name where it has one that may be written and that no binder around it has; else a name is made from its
depth. A variable that nothing binds is shown as a name that no binder is ever given: ```#2``` is the second binder out of the
whole term. What must hold: nothing is walked by recursion.
"""

from __future__ import annotations

import re

from pagoda.languages.uplc.syntax.constant_printer import constant_pieces, constant_text, string_text, type_text
from pagoda.languages.uplc.syntax.digits import digits_of
from pagoda.languages.uplc.syntax.layout import APPLICATION, CLOSE, FORM, PAIR, Opening, laid_out
from pagoda.languages.uplc.syntax.names import builtin_names
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Var
from pagoda.languages.uplc.types import DATA_TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pagoda.languages.uplc.syntax.layout import Piece
    from pagoda.languages.uplc.terms import Program, Term

__all__ = ["constant_text", "program_text", "string_text", "term_text", "type_text"]

WIDTH = 100

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_']*")
_QUOTED_NAME = re.compile(r"[!-_a-~]+")
_OPEN_APPLICATION = Opening("[", APPLICATION)
_OPEN_DATA = Opening("(", PAIR)
_OPEN_DELAY = Opening("(delay", FORM)
_OPEN_FORCE = Opening("(force", FORM)
_OPEN_CASE = Opening("(case", FORM)
_LEAVE = object()  # the end of a binder's scope, on the list of what is to be written


def program_text(program: Program, width: int | None = WIDTH) -> str:
    """A program as text, without a line end behind it. ``width``: characters of a line, ``None`` for a single line."""
    version = ".".join(map(digits_of, program.version))
    return laid_out([Opening(f"(program {version}", FORM), *_pieces(program.term), CLOSE], width)


def term_text(term: Term, width: int | None = None) -> str:
    """A term as text, on a single line unless a width is given."""
    return laid_out(_pieces(term), width)


def _pieces(term: Term) -> list[Piece]:
    out: list[Piece] = []
    bound: list[str] = []  # the names of the binders around, the outermost first
    taken: set[str] = set()
    todo: list[Term | object] = [term]
    while todo:
        node = todo.pop()
        if node is CLOSE:
            out.append(CLOSE)
        elif isinstance(node, Var):
            index = node.index
            out.append(bound[-index] if 0 < index <= len(bound) else f"`#{max(0, index - len(bound))}`")
        elif isinstance(node, Apply):
            arguments = []
            function: Term = node
            while isinstance(function, Apply):
                arguments.append(function.argument)
                function = function.function
            out.append(_OPEN_APPLICATION)
            todo.append(CLOSE)
            todo += arguments
            todo.append(function)
        elif isinstance(node, Lam):
            name = _name(node.name, len(bound), taken)
            bound.append(name)
            taken.add(name)
            out.append(Opening(f"(lam {name}", FORM))
            todo += (_LEAVE, node.body)
        elif node is _LEAVE:
            taken.discard(bound.pop())
            out.append(CLOSE)
        elif isinstance(node, Const):
            _constant(node, out)
        elif isinstance(node, Builtin):
            out.append(f"(builtin {builtin_names()[node.number]})")
        elif isinstance(node, Delay | Force):
            out.append(_OPEN_DELAY if isinstance(node, Delay) else _OPEN_FORCE)
            todo += (CLOSE, node.body)
        elif isinstance(node, Error):
            out.append("(error)")
        elif isinstance(node, Constr):
            if not node.fields:
                out.append(f"(constr {node.tag})")
                continue
            out.append(Opening(f"(constr {node.tag}", FORM))
            todo.append(CLOSE)
            todo += reversed(node.fields)
        elif isinstance(node, Case):
            out.append(_OPEN_CASE)
            todo.append(CLOSE)
            todo += reversed(node.branches)
            todo.append(node.scrutinee)
    return out


def _constant(node: Const, out: list[Piece]) -> None:
    kind = node.constant.type
    pieces = constant_pieces(kind, node.constant.value)
    if len(pieces) == 1 and isinstance(pieces[0], str):
        text = f"({pieces[0]})" if kind is DATA_TYPE else pieces[0]
        out.append(f"(con {type_text(kind)} {text})")
        return
    out.append(Opening(f"(con {type_text(kind)}", FORM))
    if kind is DATA_TYPE:
        out += (_OPEN_DATA, *pieces, CLOSE)
    else:
        out += pieces
    out.append(CLOSE)


def _name(hint: str, depth: int, taken: set[str]) -> str:
    """A name for a binder under ``depth`` others, as it is written."""
    if hint and _PLAIN_NAME.fullmatch(hint):
        quote = ""
    elif hint and not hint.startswith("#") and _QUOTED_NAME.fullmatch(hint):
        quote = "`"
    else:
        hint, quote = f"v{depth}", ""
    name = quote + hint + quote
    while name in taken:
        hint = f"{hint}_{depth}"
        name = quote + hint + quote
    return name
