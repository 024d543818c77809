"""Random closed terms, mostly well-typed, that go somewhere: calls in every arity, loops that end, choices, constructors.

``Terms(seed).closed()`` is always the same term for the same seed. Every seed has its own share of terms of a wrong type and of
``error``; about two thirds of the seeds have neither.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Error, Force, Lam, Var
from pagoda.languages.uplc.types import (
    BOOL_TYPE,
    BYTESTRING_TYPE,
    DATA_TYPE,
    G1_TYPE,
    G2_TYPE,
    INTEGER_TYPE,
    ML_TYPE,
    STRING_TYPE,
    UNIT_TYPE,
    Constant,
    Type,
    list_of,
    pair_of,
)

from .literals import constant, has_literals
from .signatures import POINTS, Kind, random_type, signatures

_LONGEST_LOOP = 7
#: What a variable is that only loops may use.
_SELF: Any = ("self",)


def saturated(name: str, *arguments: Any) -> Any:
    """A builtin with its forces and some arguments."""
    found = by_name(name)
    assert found is not None
    return spine(found.number, found.forces, *arguments)


def spine(number: int, forces: int, *arguments: Any) -> Any:
    """A builtin, forced and applied."""
    made: Any = Builtin(number)
    for _ in range(forces):
        made = Force(made)
    return applied(made, *arguments)


def applied(function: Any, *arguments: Any) -> Any:
    """A function applied to arguments, one after the other."""
    for argument in arguments:
        function = Apply(function, argument)
    return function


def integer(number: int) -> Const:
    """A constant integer."""
    return Const(Constant(INTEGER_TYPE, number))


class Terms:
    """Makes terms. ``scope`` is the kinds of the variables, the outermost first."""

    def __init__(self, seed: int) -> None:
        self.rng = rng = Random(seed)
        self.scope: list[Kind] = []
        self.wrong = rng.choice((0, 0, 0, 0, 0.01, 0.1))
        self.error = rng.choice((0, 0, 0, 0.005, 0.03))
        self.size = rng.choice((6, 12, 25, 50) * 5 + (200,))
        forms: dict[Callable[[Kind, int], Any], int] = {
            self._builtin: 10, self._let: 4, self._call: 5, self._choice: 4, self._forced: 2, self._case: 4,
            self._case_of_constant: 3, self._count: 2, self._fold: 2, self._partial: 2, self._leaf: 2,
            self._ragged: 1,
        }  # fmt: skip
        self.forms, self.weights = list(forms), list(forms.values())

    def closed(self) -> Any:
        """A whole term."""
        return self.term(self._kind(1), self.size)

    def applied_script(self) -> tuple[Any, tuple[Constant, ...]]:
        """A whole term and constants, mostly data, that it is to be applied to: none for most seeds."""
        count = self.rng.choice((0, 0, 0, 0, 0, 1, 2, 3))
        kinds = [DATA_TYPE if self.rng.random() < 0.9 else random_type(self.rng) for _ in range(count)]
        whole = self._kind(1)
        for kind in reversed(kinds):
            whole = "->", kind, whole
        term = self.term(whole, self.size)
        return term, tuple(constant(self.rng, kind) for kind in kinds)

    def term(self, kind: Kind, fuel: int) -> Any:
        """A term of a kind in the scope. ``fuel`` bounds its size roughly."""
        chance = self.rng.random()
        if chance < self.error:
            return Error()
        if chance < self.error + self.wrong:
            kind = self._kind(1)
        if fuel <= 0:
            return self._leaf(kind, 0)
        if isinstance(kind, tuple) and self.rng.random() < 0.4:
            return self._introduction(kind, fuel - 1)
        return self.rng.choices(self.forms, self.weights)[0](kind, fuel - 1)

    def under(self, kinds: tuple[Kind, ...], make: Callable[[], Any]) -> Any:
        """What ``make`` gives, under binders of these kinds."""
        self.scope += kinds
        made = make()
        del self.scope[len(self.scope) - len(kinds) :]
        for _ in kinds:
            made = Lam(made)
        return made

    def _kind(self, depth: int) -> Kind:
        form = self.rng.random()
        if form < 0.01:
            return self.rng.choice(POINTS)
        if form < 0.7 or not depth:
            return random_type(self.rng)
        if form < 0.8:
            return "->", self._kind(depth - 1), self._kind(depth - 1)
        if form < 0.87:
            return "delay", self._kind(depth - 1)
        return "sum", tuple(
            tuple(self._kind(depth - 1) for _ in range(self.rng.randint(0, 4))) for _ in range(self.rng.randint(1, 3))
        )

    def _variable(self, kind: Kind) -> Any:
        found = [len(self.scope) - at for at, there in enumerate(self.scope) if there == kind]
        return Var(self.rng.choice(found)) if found else None

    def _leaf(self, kind: Kind, fuel: int) -> Any:
        if self.rng.random() < 0.8:
            variable = self._variable(kind)
            if variable is not None:
                return variable
        if isinstance(kind, tuple):
            return self._introduction(kind, 0)
        if has_literals(kind):
            return Const(constant(self.rng, kind))
        if kind is ML_TYPE:
            return saturated("bls12_381_millerLoop", self._leaf(G1_TYPE, 0), self._leaf(G2_TYPE, 0))
        seeds = self._leaf(BYTESTRING_TYPE, 0), Const(constant(self.rng, BYTESTRING_TYPE))
        return saturated(f"bls12_381_G{1 if kind is G1_TYPE else 2}_hashToGroup", *seeds)

    def _introduction(self, kind: tuple[Any, ...], fuel: int) -> Any:
        if kind[0] == "->":
            return self.under((kind[1],), lambda: self.term(kind[2], fuel))
        if kind[0] == "delay":
            return Delay(self.term(kind[1], fuel))
        tag = self.rng.randrange(len(kind[1]))
        return Constr(tag, tuple(self.term(field, fuel // 3) for field in kind[1][tag]))

    def _builtin(self, kind: Kind, fuel: int) -> Any:
        number, kinds = self.rng.choice(list(signatures(self.rng, kind)))
        forces = BUILTINS[number].forces
        if self.rng.random() < self.wrong:
            forces = self.rng.randint(0, 3)
        return spine(number, forces, *(self.term(argument, fuel // len(kinds)) for argument in kinds))

    def _partial(self, kind: Kind, fuel: int) -> Any:
        """A builtin with some of its arguments is bound, and given the rest."""
        number, kinds = self.rng.choice(list(signatures(self.rng, kind)))
        given = self.rng.randrange(len(kinds))
        share = fuel // (len(kinds) + 1)
        first = spine(number, BUILTINS[number].forces, *(self.term(argument, share) for argument in kinds[:given]))

        self.scope.append(_SELF)
        body = applied(Var(1), *(self.term(argument, share) for argument in kinds[given:]))
        self.scope.pop()
        if self.rng.random() < 0.3:
            body = saturated("trace", Const(constant(self.rng, STRING_TYPE)), body)
        return Apply(Lam(body), first)

    def _let(self, kind: Kind, fuel: int) -> Any:
        bound = self._kind(2)
        return Apply(self.under((bound,), lambda: self.term(kind, fuel // 2)), self.term(bound, fuel // 2))

    def _call(self, kind: Kind, fuel: int) -> Any:
        """A function of several arguments, applied to all at once, or bound and applied bit by bit."""
        kinds = tuple(self._kind(1) for _ in range(self.rng.randint(1, 5)))
        share = fuel // (len(kinds) + 1)
        form = self.rng.random()
        if form < 0.3:
            whole = kind
            for argument in reversed(kinds):
                whole = "->", argument, whole
            function = self.term(whole, share)
        else:
            function = self.under(kinds, lambda: self.term(kind, share))
        arguments = [self.term(argument, share) for argument in kinds]
        if form < 0.65:
            return applied(function, *arguments)
        some = self.rng.randint(0, len(kinds))
        self.scope.append(_SELF)
        late = [self.term(argument, share) for argument in kinds[some:]]
        self.scope.pop()
        return Apply(Lam(applied(Var(1), *late)), applied(function, *arguments[:some]))

    def _choice(self, kind: Kind, fuel: int) -> Any:
        """A choice between delayed terms, forced."""
        share = fuel // 3
        form = self.rng.random()
        if form < 0.6:
            name, subject, count = "ifThenElse", self.term(BOOL_TYPE, share), 2
        elif form < 0.8:
            name, subject, count = "chooseList", self.term(list_of(random_type(self.rng, 1)), share), 2
        else:
            name, subject, count = "chooseData", self.term(DATA_TYPE, share), 5
        branches = [Delay(self.term(kind, share)) for _ in range(count)]
        if self.rng.random() < 0.2:  # one of them comes from elsewhere
            branches[0] = self.term(("delay", kind), share)
        return Force(saturated(name, subject, *branches))

    def _forced(self, kind: Kind, fuel: int) -> Any:
        return Force(self.term(("delay", kind), fuel))

    def _case(self, kind: Kind, fuel: int) -> Any:
        """A case over a constructor; a branch may be a function in other ways than by its own binders."""
        tags = tuple(tuple(self._kind(1) for _ in range(self.rng.randint(0, 4))) for _ in range(self.rng.randint(1, 4)))
        share = fuel // (len(tags) + 1)
        branches = [self._branch(fields, kind, share) for fields in tags]
        scrutinee = self.term(("sum", tags), share)
        if self.rng.random() < self.wrong:
            del branches[-1]
        return Case(scrutinee, tuple(branches))

    def _branch(self, fields: tuple[Kind, ...], kind: Kind, fuel: int) -> Any:
        own = len(fields) if self.rng.random() < 0.7 else self.rng.randint(0, len(fields))
        for field in reversed(fields[own:]):
            kind = "->", field, kind
        return self.under(fields[:own], lambda: self.term(kind, fuel))

    def _case_of_constant(self, kind: Kind, fuel: int) -> Any:
        share = fuel // 3
        form = self.rng.randint(0, 4)
        item, other = random_type(self.rng, 1), random_type(self.rng, 1)
        shapes: tuple[tuple[Type, tuple[tuple[Kind, ...], ...]], ...] = (
            (BOOL_TYPE, ((), ())),
            (INTEGER_TYPE, ((),) * self.rng.randint(1, 6)),
            (UNIT_TYPE, ((),)),
            (list_of(item), ((item, list_of(item)), ())),
            (pair_of(item, other), ((item, other),)),
        )
        subject, tags = shapes[form]
        tags = tags[: len(tags) - (self.rng.random() < self.wrong)]
        scrutinee = self.term(subject, share)
        if subject is INTEGER_TYPE and self.rng.random() < 0.8:
            scrutinee = saturated("modInteger", scrutinee, integer(len(tags)))
        return Case(scrutinee, tuple(self._branch(fields, kind, share) for fields in tags))

    def _ragged(self, kind: Kind, fuel: int) -> Any:
        """One case meets constructors of one tag and several numbers of fields; what comes of them is bound, and not used."""
        share = fuel // 4
        counts = [self.rng.randint(0, 3) for _ in range(self.rng.randint(2, 4))]
        own = self.rng.choice(counts)
        fields = (INTEGER_TYPE,) * own
        self.scope.append(_SELF)
        branch = self.under(fields, lambda: self.term(("->", INTEGER_TYPE, ("->", INTEGER_TYPE, kind)), share))
        self.scope.pop()
        self.scope.append(_SELF)
        values = [Constr(0, tuple(self.term(INTEGER_TYPE, share // 3) for _ in range(count))) for count in counts]
        body: Any = self.under((_SELF,) * len(counts), lambda: self.term(kind, share))
        self.scope.pop()
        return Apply(Lam(applied(body, *(Apply(Var(1), value) for value in values))), Lam(Case(Var(1), (branch,))))

    def _count(self, kind: Kind, fuel: int) -> Any:
        """A loop that counts down by giving itself to itself."""
        share = fuel // 3
        self.scope += (_SELF, INTEGER_TYPE, kind)
        step = self.term(kind, share)
        less = saturated("subtractInteger", Var(2), integer(1))
        again = applied(Var(3), Var(3), less, step)
        done = saturated("lessThanEqualsInteger", Var(2), integer(0))
        form = self.rng.random()
        if form < 0.5:
            body: Any = Force(saturated("ifThenElse", done, Delay(Var(1)), Delay(again)))
        else:
            body = Case(done, (again, Var(1)))
        del self.scope[-3:]
        start = self.term(kind, share)
        loop: Any = Lam(Lam(Lam(body)))
        count = integer(self.rng.randint(0, _LONGEST_LOOP))
        if form < 0.25 or form > 0.75:
            self.scope.append(_SELF)
            start = self.term(kind, share)
            self.scope.pop()
            return Apply(Lam(applied(Var(1), Var(1), count, start)), loop)
        return applied(loop, loop, count, start)

    def _fold(self, kind: Kind, fuel: int) -> Any:
        """A loop over a list, by chooseList or by case."""
        share = fuel // 3
        item = random_type(self.rng, 1)
        items = list_of(item)
        by_case = self.rng.random() < 0.5
        scope: tuple[Kind, ...] = (_SELF, items, kind, *((item, items) if by_case else ()))
        self.scope += scope
        step = self.term(kind, share)
        if by_case:
            body: Any = Case(Var(2), (Lam(Lam(applied(Var(5), Var(5), Var(1), step))), Var(1)))
        else:
            head = saturated("headList", Var(2))
            step = Apply(self._using(item, kind, share), head) if self.rng.random() < 0.5 else step
            again = applied(Var(3), Var(3), saturated("tailList", Var(2)), step)
            body = Force(saturated("chooseList", Var(2), Delay(Var(1)), Delay(again)))
        del self.scope[len(self.scope) - len(scope) :]
        loop = Lam(Lam(Lam(body)))
        return applied(loop, loop, self.term(items, share), self.term(kind, share))

    def _using(self, item: Kind, kind: Kind, fuel: int) -> Any:
        return self.under((item,), lambda: self.term(kind, fuel))
