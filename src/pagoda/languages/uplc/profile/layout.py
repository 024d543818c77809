"""What can be said of a script's terms before it runs: their numbers, and which function each belongs to.

A term belongs to the function whose body it stands in. Some ``lam`` and ``delay`` count as part of the body around them, for
a person sees no call there: a function applied where it stands (a ``let``), the leading ``lam`` of a branch of ``case``, a
``delay`` that the ``force`` around it is meant for (the branches of an ``if``). A function of several arguments is one.
What must hold: no part of a script stands in it twice, as is so for what is read from a file; nothing recurses.
"""

from __future__ import annotations

from pagoda.languages.uplc.profile.tree import ROOT
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Force, Lam, Var
from pagoda.languages.uplc.walk import budget
from pagoda.languages.uplc.walk.readback import children

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.terms import Term

#: The kind of a term whose computation is no step: ``(error)``.
NO_STEP = -1
_KINDS: dict[type, int] = {
    Const: budget.CONST, Var: budget.VAR, Lam: budget.LAM, Apply: budget.APPLY, Delay: budget.DELAY, Force: budget.FORCE,
    Builtin: budget.BUILTIN, Constr: budget.CONSTR, Case: budget.CASE,
}  # fmt: skip

# What computing a term means for the stack of calls: nothing, a body is entered, or a function has got one more argument.
_NO_CALL, _OF_DELAY, _OF_LAM, _PART = range(4)


class Layout:
    """The terms of a script in the order they are written, the outermost first, by number.

    ``number`` gives a term's number by its identity. ``end[n]`` is the number behind the last term within term ``n``.
    ``kind[n]`` is its step. ``owner[n]`` is the number of the ``lam`` or ``delay`` whose body it belongs to, ``ROOT`` outside
    all. ``starts[n]`` is not 0 where computing term ``n`` means that its owner has been entered; :meth:`is_call` says whether
    it has all its arguments then. ``hints``: by the number of a function the name of the variable that it is bound to.
    """

    __slots__ = ("_inline", "_names", "end", "hints", "kind", "number", "owner", "starts", "terms")

    def __init__(self, script: Term) -> None:
        self.terms: list[Any] = []
        self.number: dict[int, int] = {}
        self.end: list[int] = []
        self.kind: list[int] = []
        self.owner: list[int] = []
        self.starts = bytearray()
        self.hints: dict[int, str] = {}
        # Both by identity, of terms that are not reached yet.
        self._inline: set[int] = set()
        self._names: dict[int, str] = {}
        self._read(script)

    def _read(self, script: Term) -> None:
        # What is to be read: a term with its owner and what it starts, or the number of a term that ends.
        tasks: list[Any] = [(script, ROOT, _NO_CALL)]
        spine: Any = None  # the application whose function comes next
        while tasks:
            task = tasks.pop()
            if task.__class__ is int:
                self.end[task] = len(self.terms)
                continue
            term, owner, starts = task
            number = len(self.terms)
            self.terms.append(term)
            self.number[id(term)] = number
            self.end.append(number + 1)
            shape = term.__class__
            self.kind.append(_KINDS.get(shape, NO_STEP))
            self.owner.append(owner)
            self.starts.append(_PART if starts == _OF_LAM and shape is Lam else starts)
            tasks.append(number)
            if shape is Lam or shape is Delay:
                tasks.append(self._body(term, number, owner, starts))
                continue
            if shape is Apply:
                if term is not spine:
                    self._application(term)
                spine = term.function
            elif shape is Force:
                self._forced(term.body)
            elif shape is Case:
                for branch in term.branches:
                    while branch.__class__ is Lam:
                        self._inline.add(id(branch))
                        branch = branch.body
            tasks.extend((part, owner, _NO_CALL) for part in reversed(children(term)))

    def is_call(self, number: int) -> bool:
        """Whether computing a term means that a function has been called with all its arguments, or a delayed term forced."""
        return self.starts[number] in (_OF_DELAY, _OF_LAM)

    def _body(self, term: Any, number: int, owner: int, starts: int) -> tuple[Any, int, int]:
        """The task for the body of a ``lam`` or ``delay``."""
        if id(term) in self._inline:
            return term.body, owner, _NO_CALL
        if term.__class__ is Delay:
            starts = _OF_DELAY
        elif starts == _OF_LAM:  # one more argument of the same function
            return term.body, owner, _OF_LAM
        else:
            starts = _OF_LAM
        name = self._names.get(id(term))
        if name:
            self.hints[number] = name
        return term.body, number, starts

    def _application(self, term: Any) -> None:
        """Looks at a function with all its arguments: what is applied where it stands, what gets a name by that."""
        arguments: list[Any] = []
        while term.__class__ is Apply:
            arguments.append(term.argument)
            term = term.function
        while arguments and term.__class__ is Lam:
            self._inline.add(id(term))
            self._named(arguments.pop(), term.name)
            term = term.body

    def _named(self, term: Any, name: str) -> None:
        """Notes that a variable stands for a term: for a function, or for one that another function makes of it."""
        while term.__class__ is Force:
            term = term.body
        while term.__class__ is Apply:
            if term.argument.__class__ is Lam:
                self._names[id(term.argument)] = name
            term = term.function
        if term.__class__ is Lam or term.__class__ is Delay:
            self._names[id(term)] = name

    def _forced(self, term: Any) -> None:
        """Finds the delayed terms that a ``force`` is meant for."""
        if term.__class__ is Case:
            candidates = list(term.branches)
        else:
            candidates = []
            while term.__class__ is Apply:
                candidates.append(term.argument)
                term = term.function
            candidates.append(term)
        for found in candidates:
            while found.__class__ is Lam and term.__class__ is Case:
                found = found.body
            if found.__class__ is Delay:
                self._inline.add(id(found))
