"""The fast machine: runs blocks (:mod:`.blocks`) in one loop over local variables.

What must hold: it gives the value and the exact totals of the reference machine, or raises :class:`Doubt` and then says nothing
more: the reference machine (:mod:`.stepper`) runs the script again and tells what happened. So nothing here words an error, and
budgets need only be looked at now and then: totals decide success, whatever the order of spending.
"""

from __future__ import annotations

from pagoda.languages.uplc.builtins.failure import BuiltinFailure
from pagoda.languages.uplc.types import Constant
from pagoda.languages.uplc.walk.blocks import (
    APPLY,
    APPLY_TO,
    BIND_MANY,
    CALL_3,
    CALL_MANY,
    CASE,
    CHOOSE,
    COMPILE,
    CONSTR,
    MAKE_PARTIAL,
    PRICED_1,
    PRICED_2,
    PRICED_MANY,
    TAIL_APPLY,
    TAIL_APPLY_CLOSURE,
    TAIL_APPLY_TO,
    TAIL_APPLY_VAR,
    TAIL_CASE,
    TAIL_CHOOSE,
    TAIL_FORCE,
    Block,
    compile_block,
)  # fmt: skip
from pagoda.languages.uplc.walk.budget import MOST
from pagoda.languages.uplc.walk.constant_case import branch_of_constant
from pagoda.languages.uplc.walk.values import CONSTRUCTED, DELAYED, LAMBDA, PARTIAL
from pagoda.languages.uplc.walk.watch import Stopped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.uplc.walk.blocks import Branch
    from pagoda.languages.uplc.walk.linkage import Linkage
    from pagoda.languages.uplc.walk.values import Value
    from pagoda.languages.uplc.walk.watch import Watch

#: So much cpu passes between two looks at limits and clock: some ten thousand steps.
_LOOK = 200_000_000
_NO_LIMIT = 1 << 200


class Doubt(Exception):
    """The script fails, or passes a limit, or does what this machine leaves to the reference machine."""


def run(entry: Block, linkage: Linkage, limits: tuple[int, int] | None, watch: Watch | None) -> tuple[Value, int, int]:
    """The value of a closed term, the cpu and the mem it took. ``watch`` may stop it.

    Texts traced are appended to ``linkage.logs``. Raises :class:`Doubt`, and
    :class:`~pagoda.languages.uplc.walk.watch.Stopped`.
    """
    try:
        value, cpu, mem = _run(entry, linkage, limits, watch)
    except (BuiltinFailure, IndexError) as problem:  # IndexError: a variable that nothing binds
        raise Doubt from problem
    cpu, mem = min(cpu, MOST), min(mem, MOST)
    if limits is not None and (cpu > limits[0] or mem > limits[1]):
        raise Doubt
    return value, cpu, mem


def _run(entry: Block, linkage: Linkage, limits: tuple[int, int] | None, watch: Watch | None) -> tuple[Value, int, int]:
    VAR_0, VAR_1, VAR_2, VAR, PUSH, CONST, CALL_1, CALL_2 = range(8)
    CLOSURE, APPLY_VAR, APPLY_CONST, APPLY_CLOSURE, BIND, UNBIND, FORCE = range(8, 15)
    cpu, mem = linkage.startup
    limit_cpu, limit_mem = (_NO_LIMIT, _NO_LIMIT) if limits is None else limits
    look = min(limit_cpu, cpu + _LOOK)
    value: Any = None
    environment: Any = ()
    frames: list[Any] = []
    stack: list[Any] = []
    push, pop = stack.append, stack.pop
    block = entry
    code = iter(entry.code)
    cpu += entry.cpu
    mem += entry.mem
    while True:
        for operation, operand in code:
            if operation < CLOSURE:
                if operation < PUSH:
                    if operation == VAR:
                        value = operand(environment)
                    elif operation == VAR_0:
                        value = environment[0]
                    elif operation == VAR_1:
                        value = environment[1][0]
                    else:
                        value = environment[1][1][0]
                elif operation == PUSH:
                    push(value)
                elif operation == CONST:
                    value = operand
                elif operation == CALL_1:
                    value = operand(value)
                else:
                    value = operand(pop(), value)
                continue
            if operation < TAIL_FORCE:
                if operation == CLOSURE:
                    value = operand.kind, operand, environment
                    continue
                if operation == BIND:
                    environment = value, environment
                    continue
                if operation == UNBIND:
                    for _ in range(operand):
                        environment = environment[1]
                    continue
                if operation == FORCE:
                    if value.__class__ is Constant or value[0] != DELAYED:
                        value = _force(value, linkage)
                        continue
                    frames.append((code, environment))
                    _, block, environment = value
                else:
                    if operation == APPLY_VAR:
                        function, value = value, operand(environment)
                    elif operation == APPLY:
                        function = pop()
                    elif operation == APPLY_CLOSURE:
                        function, value = value, (operand.kind, operand, environment)
                    else:
                        function, value = value, operand
                    if function.__class__ is Constant or function[0] != LAMBDA:
                        value, dearer, bigger = _apply(function, value, linkage)
                        cpu += dearer
                        mem += bigger
                        continue
                    _, block, outer = function
                    if block.inner is not None:
                        cpu += block.cpu
                        mem += block.mem
                        value = LAMBDA, block.inner, (value, outer)
                        continue
                    frames.append((code, environment))
                    environment = value, outer
            elif operation == TAIL_FORCE:
                if value.__class__ is Constant or value[0] != DELAYED:
                    value = _force(value, linkage)
                    continue
                _, block, environment = value
            elif operation < PRICED_1 or APPLY_TO <= operation <= TAIL_APPLY_TO:
                if operation == TAIL_APPLY:
                    function = pop()
                elif operation == TAIL_APPLY_VAR:
                    function, value = value, operand(environment)
                elif operation == TAIL_APPLY_CLOSURE:
                    function, value = value, (operand.kind, operand, environment)
                else:
                    function, value = value, operand
                if function.__class__ is Constant or function[0] != LAMBDA:
                    value, dearer, bigger = _apply(function, value, linkage)
                    cpu += dearer
                    mem += bigger
                    continue
                _, block, outer = function
                if operation == APPLY_TO:
                    frames.append((code, environment))
                environment = value, outer
            elif operation <= PRICED_2 or operation == PRICED_MANY:
                if operation == PRICED_1:
                    value, dearer, bigger = operand(value)
                elif operation == PRICED_2:
                    value, dearer, bigger = operand(pop(), value)
                else:
                    direct, count = operand
                    value, dearer, bigger = direct(*stack[1 - count :], value)
                    del stack[1 - count :]
                cpu += dearer
                mem += bigger
                if cpu > limit_cpu or mem > limit_mem:  # before values grow further
                    raise Doubt
                continue
            elif CHOOSE <= operation <= TAIL_CHOOSE:
                block = operand[0](value, *operand[1])
                if operation == CHOOSE:
                    frames.append((code, environment))
            elif operation == CALL_3:
                last = value
                value = pop()
                value = operand(pop(), value, last)
                continue
            elif operation == COMPILE:
                compile_block(block, linkage)
            elif CASE <= operation <= TAIL_CASE:
                if operation == CASE:
                    frames.append((code, environment))
                block, environment, pending = _branch(value, operand, environment, linkage)
                if pending is not None:
                    frames.append((pending, ()))
            elif operation == CONSTR:
                tag, count = operand
                if count:
                    value = CONSTRUCTED, tag, tuple(stack[-count:])
                    del stack[-count:]
                else:
                    value = CONSTRUCTED, tag, ()
                continue
            elif operation == BIND_MANY:
                for given in stack[1 - operand :]:
                    environment = given, environment
                del stack[1 - operand :]
                environment = value, environment
                continue
            elif operation == MAKE_PARTIAL:
                number, forces, count = operand
                value = PARTIAL, number, forces, (*stack[len(stack) + 1 - count :], value)
                del stack[len(stack) + 1 - count :]
                continue
            elif operation == CALL_MANY:
                direct, count = operand
                value = direct(*stack[1 - count :], value)
                del stack[1 - count :]
                continue
            else:
                raise Doubt
            # Into another block.
            cpu += block.cpu
            mem += block.mem
            if cpu > look:
                if cpu > limit_cpu or mem > limit_mem:
                    raise Doubt
                if watch is not None:
                    try:
                        watch.look()
                    except Stopped as stop:
                        stop.cpu, stop.mem = cpu, mem
                        raise
                look = min(limit_cpu, cpu + _LOOK)
            code = iter(block.code)
            break
        else:
            if not frames:
                return value, cpu, mem
            code, environment = frames.pop()


def _force(value: Any, linkage: Linkage) -> Value:
    """Forces what is no delayed term."""
    if value.__class__ is Constant or value[0] != PARTIAL or value[2] == linkage.forces[value[1]]:
        raise Doubt
    return PARTIAL, value[1], value[2] + 1, value[3]


def _apply(function: Any, argument: Value, linkage: Linkage) -> tuple[Value, int, int]:
    """Applies what is no function of the script: the value, and what it costs beyond the steps."""
    if function.__class__ is Constant or function[0] != PARTIAL:
        raise Doubt
    _, number, forces, arguments = function
    if forces != linkage.forces[number]:
        raise Doubt
    arguments = (*arguments, argument)
    if len(arguments) < linkage.arities[number]:
        return (PARTIAL, number, forces, arguments), 0, 0
    constant = linkage.constant_costs[number]
    if constant is None:
        priced: tuple[Value, int, int] = linkage.priced[number](*arguments)
        return priced
    return linkage.direct[number](*arguments), constant[0], constant[1]


def _branch(value: Any, branches: tuple[Branch, ...], environment: Any, linkage: Linkage) -> tuple[Block, Any, Any]:
    """The block to enter for a scrutinee, its environment, and the code that then applies its value, where that is needed."""
    if value.__class__ is Constant:
        if not linkage.case_on_constants:
            raise Doubt
        tag, linked, problem = branch_of_constant(value, len(branches))
        if problem:
            raise Doubt
        fields = []
        while linked:
            field, linked = linked
            fields.append(field)
    else:
        if value[0] != CONSTRUCTED:
            raise Doubt
        _, tag, fields = value
        if tag >= len(branches):
            raise Doubt
    branch = branches[tag]
    if branch.arity == len(fields):
        for field in fields:
            environment = field, environment
        return branch.direct, environment, None
    if not fields:
        return branch.block, environment, None
    pending: list[tuple[int, Any]] = [(APPLY_TO, field) for field in fields]
    pending[-1] = TAIL_APPLY_TO, fields[-1]
    return branch.block, environment, iter(pending)
