"""The verifier against execution: compiled programs are damaged, and what the verifier still accepts must run cleanly.

A crash ends the test process; a reference lost or given away twice shows as a number.
"""

from __future__ import annotations

import random

import pytest
from machine import counted as c
from machine.programs import program
from machine.test_assembler import rules
from machine.test_ownership import Run, owns, passes

from pagoda.machine.context import OK, SUSPEND
from pagoda.machine.function import Function
from pagoda.machine.linker import TooLarge
from pagoda.machine.ownership import labels_of
from pagoda.machine.verifier import VerifyError, verify


def mutate(f: Function, chance: random.Random) -> None:
    """Removes, swaps or changes an instruction, moves a label, or gives a handler another register."""
    at = chance.randrange(len(f.instructions))
    instruction = f.instructions[at]
    how = chance.randrange(6)
    if how == 0:
        del f.instructions[at]
        for label in labels_of(f):
            label.position -= label.position > at
    elif how == 1:
        other = chance.randrange(len(f.instructions))
        f.instructions[at], f.instructions[other] = f.instructions[other], instruction
    elif how == 2 and labels_of(f):
        chance.choice(labels_of(f)).position = chance.randrange(len(f.instructions))
    elif how == 3 and f.handlers:
        chance.choice(f.handlers).register = chance.randrange(f.registers)
    elif instruction.arguments:
        which = chance.randrange(len(instruction.arguments))
        argument = instruction.arguments[which]
        if isinstance(argument, tuple):
            letter = chance.choice("RTRTKI" + argument[0] * 3)
            instruction.arguments[which] = letter, max(0, argument[1] + chance.choice((0, 0, 1, -1, 2)))
        elif isinstance(argument, int):
            instruction.arguments[which] = max(0, argument + chance.choice((1, -1, 2, -2)))


def finish(run: Run) -> bool:
    """Runs to the end; whether there was one within some suspensions."""
    status = run.machine.run(run.linked[0], run.world_box(3))
    for _ in range(400):
        if status != SUSPEND:
            break
        run.taken()
        status = run.machine.resume()
    else:
        return False
    if status == OK:
        run.taken()
    run.world.error()
    return True


@pytest.mark.parametrize("part", range(4))
def test_accepted_mutants_run_cleanly(part):
    ran = refused = 0
    for seed in range(part * 400, part * 400 + 400):
        chance = random.Random(seed)
        functions = program([chance.randrange(256) for _ in range(chance.choice((30, 80, 160)))])
        for f in functions:
            passes(f)
            if chance.random() < 0.5:
                for _ in range(chance.choice((1, 1, 2))):
                    if f.instructions:
                        mutate(f, chance)
        try:
            for f in functions:
                verify(f, c.TABLE, c.MODEL, owns, rules)
        except (VerifyError, TooLarge):
            refused += 1
            continue
        run = Run(functions)
        if finish(run):
            assert run.left() == 0, f"seed {seed}"
            ran += 1
    assert ran > 50
    assert refused > 50
