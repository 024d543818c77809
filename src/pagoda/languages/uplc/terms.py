"""Terms: what a script is made of, whatever it was read from. Variables are de Bruijn indices, 1 for the innermost binder.

What must hold: terms are never changed once made, and nothing walks through them by recursion, for a script may be nested a
million deep. ``place`` is the pair of character offsets in the text that a term was read from, or ``None``; it takes no part
in equality.
"""

from __future__ import annotations

from pagoda.languages.uplc.types import Constant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Place: TypeAlias = tuple[int, int] | None


class Node:
    """What terms have in common."""

    __slots__ = ("place",)


class Var(Node):
    """A variable: ``index`` binders out, 1 for the innermost. ``name`` is only for reading and printing."""

    __slots__ = ("index", "name")

    def __init__(self, index: int, name: str = "", place: Place = None) -> None:
        self.index, self.name, self.place = index, name, place


class Lam(Node):
    """A function of one argument."""

    __slots__ = ("body", "name")

    def __init__(self, body: Term, name: str = "", place: Place = None) -> None:
        self.body, self.name, self.place = body, name, place


class Apply(Node):
    """A function applied to one argument."""

    __slots__ = ("argument", "function")

    def __init__(self, function: Term, argument: Term, place: Place = None) -> None:
        self.function, self.argument, self.place = function, argument, place


class Delay(Node):
    """A suspended term."""

    __slots__ = ("body",)

    def __init__(self, body: Term, place: Place = None) -> None:
        self.body, self.place = body, place


class Force(Node):
    """Runs what a delay suspends, or instantiates a builtin."""

    __slots__ = ("body",)

    def __init__(self, body: Term, place: Place = None) -> None:
        self.body, self.place = body, place


class Const(Node):
    """A constant."""

    __slots__ = ("constant",)

    def __init__(self, constant: Constant, place: Place = None) -> None:
        self.constant, self.place = constant, place


class Builtin(Node):
    """A builtin function, by its number: the tag of the flat encoding (specification 2.4)."""

    __slots__ = ("number",)

    def __init__(self, number: int, place: Place = None) -> None:
        self.number, self.place = number, place


class Error(Node):
    """Fails."""

    __slots__ = ()

    def __init__(self, place: Place = None) -> None:
        self.place = place


class Constr(Node):
    """A constructor's value: ``tag`` is a word of 64 bits. Programs from 1.1.0 on."""

    __slots__ = ("fields", "tag")

    def __init__(self, tag: int, fields: tuple[Term, ...], place: Place = None) -> None:
        self.tag, self.fields, self.place = tag, fields, place


class Case(Node):
    """Picks the branch that the scrutinee's tag names. Programs from 1.1.0 on."""

    __slots__ = ("branches", "scrutinee")

    def __init__(self, scrutinee: Term, branches: tuple[Term, ...], place: Place = None) -> None:
        self.scrutinee, self.branches, self.place = scrutinee, branches, place


if TYPE_CHECKING:
    Term: TypeAlias = Var | Lam | Apply | Delay | Force | Const | Builtin | Error | Constr | Case


class Program:
    """A version and a term."""

    __slots__ = ("term", "version")

    def __init__(self, version: tuple[int, int, int], term: Term) -> None:
        self.version, self.term = version, term
