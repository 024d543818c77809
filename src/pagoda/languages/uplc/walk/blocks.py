"""Straight-line code for the fast machine: what a body computes strictly, in order, and what that costs.

A :class:`Block` is the body of a function, a delayed term or a branch. What no ``lam``, ``delay`` or branch in it
holds back is computed exactly once when the body is entered, so its steps and the builtins of constant cost are summed up here
and charged at entry. A block is compiled when it is first entered; until then its code is one ``COMPILE`` instruction.

Instructions are pairs ``(operation, operand)``. The machine has an accumulator, a stack of operands, an environment, frames.
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
    from collections.abc import Callable, Sequence
    from typing import Any

    from pagoda.languages.uplc.terms import Term
    from pagoda.languages.uplc.walk.linkage import Linkage

# Operations, the frequent ones first within each half of the machine's dispatch.
(
    VAR_0, VAR_1, VAR_2, VAR, PUSH, CONST, CALL_1, CALL_2, CLOSURE, APPLY_VAR, APPLY_CONST, APPLY_CLOSURE, BIND,
    UNBIND, FORCE, APPLY, TAIL_FORCE, TAIL_APPLY_VAR, TAIL_APPLY_CONST, TAIL_APPLY_CLOSURE, TAIL_APPLY, PRICED_1,
    PRICED_2, CHOOSE, TAIL_CHOOSE, CALL_3, CALL_MANY, PRICED_MANY, CONSTR, CASE, TAIL_CASE, APPLY_TO, TAIL_APPLY_TO,
    MAKE_PARTIAL, COMPILE, BIND_MANY, ERROR,
) = range(37)  # fmt: skip

_TAIL = {
    FORCE: TAIL_FORCE, APPLY: TAIL_APPLY, APPLY_VAR: TAIL_APPLY_VAR, APPLY_CONST: TAIL_APPLY_CONST,
    APPLY_CLOSURE: TAIL_APPLY_CLOSURE, CHOOSE: TAIL_CHOOSE, CASE: TAIL_CASE,
}  # fmt: skip

_NOT_COMPILED = ((COMPILE, None),)

#: No builtin is forced more often; longer chains of forces are not looked through.
_MOST_FORCES = 2

# What the compiler's tasks are: tuples are instructions to be put down, everything else is a term.
_PUSH = PUSH, None
_FORCE = FORCE, None
_APPLY = APPLY, None
_BIND = BIND, None
_VARIABLES = ((VAR_0, None), (VAR_1, None), (VAR_2, None))


class Block:
    """The code of one body: ``start`` is what a closure over it is made of (a ``Lam`` or ``Delay``), ``body`` what it computes.

    ``inner``: where the body of a function is a function itself, the block of that one; then entering is only making a closure.
    ``bound``: how many functions were passed by on the way in, their arguments bound, their steps still to be charged.
    """

    __slots__ = ("body", "bound", "code", "cpu", "inner", "kind", "mem", "start")

    def __init__(self, start: Term | None, body: Term, bound: int = 0, kind: int = LAMBDA) -> None:
        self.start, self.body, self.bound, self.kind = start, body, bound, kind
        self.cpu = self.mem = 0
        self.code: Sequence[tuple[int, Any]] = _NOT_COMPILED
        self.inner: Block | None = None


class Branch:
    """A branch of a ``case``: its block, and, it being a function of ``arity`` arguments, the block with these bound."""

    __slots__ = ("arity", "block", "direct")

    def __init__(self, term: Term) -> None:
        self.block = Block(None, term)
        arity = 0
        while isinstance(term, Lam):
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
    steps = [0] * 9
    steps[budget.LAM] = block.bound
    body: Any = block.body
    code: list[tuple[int, Any]] = []
    cpu = mem = 0
    if body.__class__ is Lam and block.start.__class__ is Lam:
        block.inner = Block(body, body.body)
        steps[budget.LAM] += 1
        code.append((CLOSURE, block.inner))
    else:
        tasks: list[Any] = [body]
        while tasks:
            task = tasks.pop()
            if task.__class__ is tuple:
                code.append(task)
                continue
            instruction = _simple(task, steps)
            if instruction is not None:
                code.append(instruction)
                continue
            shape = task.__class__
            if shape is Apply:
                parts, cost = _application(task, steps, linkage)
            else:
                parts, cost = _other(task, steps, linkage)
            if cost is not None:
                cpu += cost[0]
                mem += cost[1]
            parts.reverse()
            tasks += parts
        _end(code)
    costs = linkage.step_costs
    for kind, count in enumerate(steps):
        if count:
            step_cpu, step_mem = costs[kind]
            cpu += step_cpu * count
            mem += step_mem * count
    block.cpu, block.mem, block.code = cpu, mem, code


def _end(code: list[tuple[int, Any]]) -> None:
    """Makes the last instruction a leaving one. Nobody looks at the environment after it."""
    while code and code[-1][0] == UNBIND:
        code.pop()
    if code and code[-1][0] in _TAIL:
        code[-1] = _TAIL[code[-1][0]], code[-1][1]


def _simple(term: Any, steps: list[int]) -> tuple[int, Any] | None:
    """The instruction for a term that is one step."""
    shape = term.__class__
    if shape is Var:
        steps[budget.VAR] += 1
        index = term.index
        return _VARIABLES[index - 1] if 0 < index < 4 else (VAR, getter(index))
    if shape is Lam:
        steps[budget.LAM] += 1
        return CLOSURE, Block(term, term.body)
    if shape is Delay:
        steps[budget.DELAY] += 1
        return CLOSURE, Block(term, term.body, 0, DELAYED)
    if shape is Const:
        steps[budget.CONST] += 1
        return CONST, term.constant
    if shape is Builtin:
        steps[budget.BUILTIN] += 1
        return CONST, (PARTIAL, term.number, 0, ())
    return None


def _other(term: Any, steps: list[int], linkage: Linkage) -> tuple[list[Any], tuple[int, int] | None]:
    """The parts of a term that is no application, and the cost of the builtins in it."""
    shape = term.__class__
    if shape is Force:
        return _force(term, steps, linkage)
    if shape is Case:
        steps[budget.CASE] += 1
        return [term.scrutinee, (CASE, tuple([Branch(branch) for branch in term.branches]))], None
    if shape is Constr:
        steps[budget.CONSTR] += 1
        parts: list[Any] = []
        for field in term.fields:
            parts += [field, _PUSH]
        parts.append((CONSTR, (term.tag, len(term.fields))))
        return parts, None
    return [(ERROR, None)], None


def _force(term: Any, steps: list[int], linkage: Linkage) -> tuple[list[Any], tuple[int, int] | None]:
    known = _instantiated(term, linkage)
    if known is not None:
        number, forces = known
        steps[budget.FORCE] += forces
        steps[budget.BUILTIN] += 1
        return [(CONST, (PARTIAL, number, forces, ()))], None
    steps[budget.FORCE] += 1
    inside: Any = term.body
    if inside.__class__ is Delay:
        steps[budget.DELAY] += 1
        return [inside.body], None
    if inside.__class__ is Apply and inside.argument.__class__ is Delay:
        chosen = _choice(inside, steps, linkage)
        if chosen is not None:
            return chosen
    return [inside, _FORCE], None


def _instantiated(term: Any, linkage: Linkage) -> tuple[int, int] | None:
    """The number of a builtin and how often it is forced, of a term that is just that and may be."""
    forces = 0
    while term.__class__ is Force and forces <= _MOST_FORCES:
        term = term.body
        forces += 1
    if term.__class__ is Builtin and forces <= linkage.forces[term.number]:
        return term.number, forces
    return None


def _choice(term: Any, steps: list[int], linkage: Linkage) -> tuple[list[Any], tuple[int, int] | None] | None:
    """Parts for ``force`` of a builtin that chooses one of its arguments, all of them delayed terms; ``None``: it is not."""
    arguments: list[Any] = []
    while term.__class__ is Apply and term.argument.__class__ is Delay:
        arguments.append(term.argument)
        term = term.function
    if term.__class__ is not Apply:
        return None
    known = _instantiated(term.function, linkage)
    if known is None:
        return None
    number, forces = known
    constant = linkage.constant_costs[number]
    whole = forces == linkage.forces[number] and len(arguments) + 1 == linkage.arities[number]
    if not whole or constant is None or number not in linkage.choosers:
        return None
    arguments.reverse()
    steps[budget.APPLY] += len(arguments) + 1
    steps[budget.DELAY] += len(arguments)
    steps[budget.FORCE] += forces
    steps[budget.BUILTIN] += 1
    blocks = tuple([Block(argument, argument.body, 0, DELAYED) for argument in arguments])
    return [term.argument, (CHOOSE, (linkage.direct[number], blocks))], constant


def _application(term: Any, steps: list[int], linkage: Linkage) -> tuple[list[Any], tuple[int, int] | None]:
    arguments: list[Any] = []
    while term.__class__ is Apply:
        arguments.append(term.argument)
        term = term.function
    arguments.reverse()
    count = len(arguments)
    steps[budget.APPLY] += count
    shape = term.__class__
    if shape is Lam:
        parts, used = _binding(term, arguments, steps)
        cost = None
    else:
        known = _instantiated(term, linkage) if shape is Force or shape is Builtin else None
        if known is not None and known[1] == linkage.forces[known[0]]:
            number, forces = known
            steps[budget.FORCE] += forces
            steps[budget.BUILTIN] += 1
            used = min(count, linkage.arities[number])
            parts = [arguments[0]]
            for argument in arguments[1:used]:
                parts += [_PUSH, argument]
            instruction, cost = _call(number, forces, used, linkage)
            parts.append(instruction)
        else:
            parts, used, cost = [term], 0, None
    for argument in arguments[used:] if used else arguments:
        shape = argument.__class__
        if shape is Var:
            steps[budget.VAR] += 1
            parts.append((APPLY_VAR, getter(argument.index)))
        elif shape is Const:
            steps[budget.CONST] += 1
            parts.append((APPLY_CONST, argument.constant))
        elif shape is Lam:
            steps[budget.LAM] += 1
            parts.append((APPLY_CLOSURE, Block(argument, argument.body)))
        elif shape is Delay:
            steps[budget.DELAY] += 1
            parts.append((APPLY_CLOSURE, Block(argument, argument.body, 0, DELAYED)))
        else:
            parts += [_PUSH, argument, _APPLY]
    return parts, cost


def _binding(function: Any, arguments: list[Any], steps: list[int]) -> tuple[list[Any], int]:
    """Parts for functions applied where they stand, and how many arguments they take up: values are bound, and no closure made.

    Evaluating all arguments before anything is bound changes nothing: between them the machine only makes closures.
    """
    parts: list[Any] = []
    used = 0
    for argument in arguments:
        if function.__class__ is not Lam:
            break
        if used:
            parts.append(_PUSH)
        parts.append(argument)
        function = function.body
        used += 1
    steps[budget.LAM] += used
    parts += [_BIND if used == 1 else (BIND_MANY, used), function, (UNBIND, used)]
    return parts, used


def _call(number: int, forces: int, given: int, linkage: Linkage) -> tuple[tuple[int, Any], tuple[int, int] | None]:
    """The instruction that runs a builtin on the operands ``given``, all but the last on the stack, and its constant cost."""
    if given < linkage.arities[number]:
        return (MAKE_PARTIAL, (number, forces, given)), None
    constant = linkage.constant_costs[number]
    if constant is None:
        priced = linkage.priced[number]
        if given <= 2:
            return (PRICED_1 if given == 1 else PRICED_2, priced), None
        return (PRICED_MANY, (priced, given)), None
    direct = linkage.direct[number]
    if given <= 3:
        return ((CALL_1, CALL_2, CALL_3)[given - 1], direct), constant
    return (CALL_MANY, (direct, given)), constant
