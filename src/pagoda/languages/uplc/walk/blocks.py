"""Straight-line code for the fast machine: what a body computes strictly, in order, and what that costs.

A :class:`Block` is the body of a function, a delayed term or a branch. Everything in a body that no ``lam``, ``delay`` or branch
holds back is computed exactly once when the body is entered, so its steps and the builtins of constant cost are summed up here
and charged at entry. A block is compiled when it is first entered; until then its code is one ``COMPILE`` instruction.

Instructions are pairs ``(operation, operand)``. The machine has an accumulator, a stack of operands, an environment and frames.
Forms that the reference machine would go through at length are recognised: builtins with all their arguments, functions applied
where they stand, ``force`` of ``delay``, choices among delayed terms. What must hold: on success the charge and the result are
the reference's; whatever may fail is left to fail at run time.
"""

from __future__ import annotations

from pagoda.languages.uplc.terms import Apply, Builtin, Case, Const, Constr, Delay, Force, Lam, Var
from pagoda.languages.uplc.walk import budget
from pagoda.languages.uplc.walk.values import DELAYED, LAMBDA, PARTIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.walk.linkage import Linkage

# Operations, the frequent ones first within each half of the machine's dispatch.
(
    VAR_0, VAR_1, VAR_2, VAR, PUSH, CONST, CALL_1, CALL_2, CLOSURE, APPLY_VAR, APPLY_CONST, BIND, UNBIND, FORCE, APPLY, TAIL_FORCE,
    TAIL_APPLY_VAR, TAIL_APPLY_CONST, TAIL_APPLY, PRICED_1, PRICED_2, CHOOSE, TAIL_CHOOSE, CALL_3, CALL_MANY, PRICED_MANY, CONSTR,
    CASE, TAIL_CASE, APPLY_TO, TAIL_APPLY_TO, MAKE_PARTIAL, COMPILE, BIND_MANY, ERROR,
) = range(35)  # fmt: skip

_TAIL = {
    FORCE: TAIL_FORCE, APPLY: TAIL_APPLY, APPLY_VAR: TAIL_APPLY_VAR, APPLY_CONST: TAIL_APPLY_CONST, CHOOSE: TAIL_CHOOSE,
    CASE: TAIL_CASE,
}  # fmt: skip

# Tasks of the compiler, last first: emit a term's code, or an instruction.
_TERM, _EMIT = True, False


class Block:
    """The code of one body: ``start`` is what a closure over it is made of (a ``Lam`` or ``Delay``), ``body`` what it computes.

    ``inner``: where the body of a function is a function itself, the block of that one; then entering is only making a closure.
    ``bound``: how many functions were passed by on the way in, their arguments bound, their steps still to be charged.
    """

    __slots__ = ("body", "bound", "code", "cpu", "inner", "kind", "mem", "start")

    def __init__(self, start: Term | None, body: Term, bound: int = 0) -> None:
        self.start, self.body, self.bound = start, body, bound
        self.kind = DELAYED if start.__class__ is Delay else LAMBDA
        self.cpu = self.mem = 0
        self.code: tuple[tuple[int, Any], ...] = ((COMPILE, self),)
        self.inner: Block | None = None


class Branch:
    """A branch of a ``case``: its block; where it is a function of ``arity`` arguments, the block that starts with them bound."""

    __slots__ = ("arity", "block", "direct")

    def __init__(self, term: Term) -> None:
        self.block = Block(None, term)
        arity = 0
        while term.__class__ is Lam:
            term = term.body
            arity += 1
        self.arity = arity
        self.direct = Block(None, term, arity)


_getters: dict[int, Callable[[Any], Any]] = {}
_LONGEST_GETTER = 40


def getter(index: int) -> Callable[[Any], Any]:
    """What fetches the variable ``index`` (from 1) from an environment; raises ``IndexError`` where there is none."""
    found = _getters.get(index)
    if found is None:
        if index <= 0:
            found = _unbound
        elif index <= _LONGEST_GETTER:
            found = eval(f"lambda e: e{'[1]' * (index - 1)}[0]")
        else:
            found = _far(index)
        if len(_getters) < 5000:
            _getters[index] = found
    return found


def _unbound(environment: Any) -> Any:
    raise IndexError


def _far(index: int) -> Callable[[Any], Any]:
    hops, rest = divmod(index - 1, 8)
    near = getter(rest + 1)

    def fetch(environment: Any) -> Any:
        for _ in range(hops):
            environment = environment[1][1][1][1][1][1][1][1]
        return near(environment)

    return fetch


def compile_block(block: Block, linkage: Linkage) -> None:
    """Fills in a block."""
    _Compiler(block, linkage).run()


class _Compiler:
    """Makes the code of one block."""

    def __init__(self, block: Block, linkage: Linkage) -> None:
        self.block = block
        self.linkage = linkage
        self.code: list[tuple[int, Any]] = []
        self.cpu = self.mem = 0
        self.tasks: list[tuple[Any, ...]] = []

    def run(self) -> None:
        block, tasks, code = self.block, self.tasks, self.code
        self.charge(budget.LAM, block.bound)
        body: Any = block.body
        if body.__class__ is Lam and block.start.__class__ is Lam:
            block.inner = Block(body, body.body)
            self.charge(budget.LAM)
            code.append((CLOSURE, block.inner))
        else:
            tasks.append((_TERM, body))
        while tasks:
            task = tasks.pop()
            if task[0]:
                self.term(task[1])
            else:
                code.append((task[1], task[2]))
        if code and code[-1][0] in _TAIL:
            code[-1] = _TAIL[code[-1][0]], code[-1][1]
        while code and code[-1][0] == UNBIND:  # nobody looks at the environment any more
            code.pop()
            if code and code[-1][0] in _TAIL:
                code[-1] = _TAIL[code[-1][0]], code[-1][1]
        block.cpu, block.mem, block.code = self.cpu, self.mem, tuple(code)

    def charge(self, kind: int, times: int = 1) -> None:
        cpu, mem = self.linkage.step_costs[kind]
        self.cpu += cpu * times
        self.mem += mem * times

    def later(self, *tasks: tuple[Any, ...]) -> None:
        """Tasks to be done next, in this order."""
        self.tasks.extend(reversed(tasks))

    def term(self, term: Any) -> None:
        shape = term.__class__
        if shape is Var:
            self.charge(budget.VAR)
            index = term.index
            if 1 <= index <= 3:
                self.code.append((VAR_0 + index - 1, None))
            else:
                self.code.append((VAR, getter(index)))
        elif shape is Const:
            self.charge(budget.CONST)
            self.code.append((CONST, term.constant))
        elif shape is Lam:
            self.charge(budget.LAM)
            self.code.append((CLOSURE, Block(term, term.body)))
        elif shape is Delay:
            self.charge(budget.DELAY)
            self.code.append((CLOSURE, Block(term, term.body)))
        elif shape is Apply:
            self.application(term)
        elif shape is Force:
            self.force(term)
        elif shape is Builtin:
            self.charge(budget.BUILTIN)
            self.code.append((CONST, (PARTIAL, term.number, 0, ())))
        elif shape is Case:
            self.charge(budget.CASE)
            branches = tuple([Branch(branch) for branch in term.branches])
            self.later((_TERM, term.scrutinee), (_EMIT, CASE, branches))
        elif shape is Constr:
            self.charge(budget.CONSTR)
            tasks: list[tuple[Any, ...]] = []
            for field in term.fields:
                tasks += [(_TERM, field), (_EMIT, PUSH, None)]
            self.later(*tasks, (_EMIT, CONSTR, (term.tag, len(term.fields))))
        else:
            self.code.append((ERROR, None))

    def force(self, term: Force) -> None:
        known = self.instantiated(term)
        if known is not None:
            number, forces = known
            self.charge(budget.FORCE, forces)
            self.charge(budget.BUILTIN)
            self.code.append((CONST, (PARTIAL, number, forces, ())))
            return
        self.charge(budget.FORCE)
        inside: Any = term.body
        if inside.__class__ is Delay:
            self.charge(budget.DELAY)
            self.later((_TERM, inside.body))
        elif inside.__class__ is not Apply or not self.choice(inside):
            self.later((_TERM, inside), (_EMIT, FORCE, None))

    def instantiated(self, term: Any) -> tuple[int, int] | None:
        """The number of a builtin and how often it is forced, of a term that is just that and may be."""
        forces = 0
        while term.__class__ is Force:
            term = term.body
            forces += 1
        if term.__class__ is Builtin and forces <= self.linkage.forces[term.number]:
            return term.number, forces
        return None

    def choice(self, term: Apply) -> bool:
        """Code for ``force`` of a builtin that chooses one of its arguments, all of them delayed terms. ``False``: it is not."""
        arguments: list[Any] = []
        head: Any = term
        while head.__class__ is Apply and head.argument.__class__ is Delay:
            arguments.append(head.argument)
            head = head.function
        if head.__class__ is not Apply:
            return False
        known = self.instantiated(head.function)
        if known is None:
            return False
        number, forces = known
        linkage = self.linkage
        constant = linkage.constant_costs[number]
        whole = forces == linkage.forces[number] and len(arguments) + 1 == linkage.arities[number]
        if not whole or constant is None or number not in linkage.choosers:
            return False
        arguments.reverse()
        self.charge(budget.APPLY, len(arguments) + 1)
        self.charge(budget.DELAY, len(arguments))
        self.charge(budget.FORCE, forces)
        self.charge(budget.BUILTIN)
        self.cpu += constant[0]
        self.mem += constant[1]
        blocks = tuple([Block(argument, argument.body) for argument in arguments])
        self.later((_TERM, head.argument), (_EMIT, CHOOSE, (linkage.direct[number], blocks)))
        return True

    def application(self, term: Apply) -> None:
        arguments: list[Any] = []
        head: Any = term
        while head.__class__ is Apply:
            arguments.append(head.argument)
            head = head.function
        arguments.reverse()
        self.charge(budget.APPLY, len(arguments))
        used = 0
        tasks: list[tuple[Any, ...]] = []
        known = self.instantiated(head)
        if known is not None and known[1] == self.linkage.forces[known[0]]:
            number, forces = known
            self.charge(budget.FORCE, forces)
            self.charge(budget.BUILTIN)
            used = min(len(arguments), self.linkage.arities[number])
            for position in range(used):
                tasks.append((_TERM, arguments[position]))
                if position < used - 1:
                    tasks.append((_EMIT, PUSH, None))
            tasks.append(self.call(number, forces, used))
        elif head.__class__ is Lam:
            while head.__class__ is Lam and used < len(arguments):
                self.charge(budget.LAM)
                head = head.body
                tasks.append((_TERM, arguments[used]))
                used += 1
                if head.__class__ is Lam and used < len(arguments):
                    tasks.append((_EMIT, PUSH, None))
            tasks.append((_EMIT, BIND, None) if used == 1 else (_EMIT, BIND_MANY, used))
            tasks += [(_TERM, head), (_EMIT, UNBIND, used)]
        else:
            tasks.append((_TERM, head))
        for argument in arguments[used:]:
            shape = argument.__class__
            if shape is Var:
                self.charge(budget.VAR)
                tasks.append((_EMIT, APPLY_VAR, getter(argument.index)))
            elif shape is Const:
                self.charge(budget.CONST)
                tasks.append((_EMIT, APPLY_CONST, argument.constant))
            else:
                tasks += [(_EMIT, PUSH, None), (_TERM, argument), (_EMIT, APPLY, None)]
        self.later(*tasks)

    def call(self, number: int, forces: int, given: int) -> tuple[Any, ...]:
        """The instruction that runs a builtin on the operands ``given``: all but the last on the stack."""
        linkage = self.linkage
        if given < linkage.arities[number]:
            return _EMIT, MAKE_PARTIAL, (number, forces, given)
        direct = linkage.direct[number]
        constant = linkage.constant_costs[number]
        if constant is None:
            priced = linkage.priced[number]
            if given <= 2:
                return _EMIT, PRICED_1 if given == 1 else PRICED_2, priced
            return _EMIT, PRICED_MANY, (priced, given)
        self.cpu += constant[0]
        self.mem += constant[1]
        if given <= 3:
            return _EMIT, (CALL_1, CALL_2, CALL_3)[given - 1], direct
        return _EMIT, CALL_MANY, (direct, given)
