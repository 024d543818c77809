"""Arithmetic of integers of many limbs: digits at their edges, where carries run and guesses of digits are wrong."""

from __future__ import annotations

import random

import pytest
from native.both_ways import child

from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant
from uplc.natives.running import Native, walked

ARITHMETIC = (
    "addInteger", "subtractInteger", "multiplyInteger", "divideInteger", "modInteger", "quotientInteger", "remainderInteger",
    "equalsInteger", "lessThanInteger", "lessThanEqualsInteger",
)  # fmt: skip
DIGITS = (0, 0, 1, 2, (1 << 31) - 1, 1 << 31, (1 << 31) + 1, (1 << 32) - 2, (1 << 32) - 1, (1 << 32) - 1)


def number(choice, most):
    """A number of so many digits of 32 bits at most."""
    made = 0
    for _ in range(choice.randint(1, most)):
        made = made << 32 | (choice.choice(DIGITS) if choice.random() < 0.8 else choice.getrandbits(32))
    return -made if choice.random() < 0.5 else made


def pairs(choice, count):
    for _ in range(count):
        a = number(choice, 12)
        chance = choice.random()
        if chance < 0.2:  # an exact multiple, or one off
            b = number(choice, 5)
            yield a * b + choice.randint(-1, 1), b
        elif chance < 0.4:  # near each other
            yield a, choice.choice((1, -1)) * (a + choice.randint(-2, 2))
        else:
            yield a, number(choice, 6)


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("name", ARITHMETIC)
def test_many_limbs(name, checked):
    native = Native(default_model("E"), checked=checked)
    builtin = by_name(name)

    def work():
        for a, b in pairs(random.Random(name), 800):
            constants = [Constant(INTEGER_TYPE, a), Constant(INTEGER_TYPE, b)]
            found, expected = native.call(builtin.number, constants), walked(native.model, builtin.number, constants)
            if found != expected:
                yield a, b, found, expected
        yield "done", native.asked

    assert child(work, 20) == ([("done", [])], 0)


@pytest.mark.parametrize("name", ARITHMETIC)
def test_what_is_too_long_is_left_to_others(name):
    """At most a failure, and of products and quotients the host is asked; never a wrong number."""
    native = Native(default_model("E"), checked=False)
    builtin = by_name(name)
    longest, long = (1 << 262143) - 1, 1 << 20_000
    for a, b in ((longest, longest), (longest + 1, 1), (-longest - 1, 1), (longest, 3), (long, 2 * long), (3, longest)):
        constants = [Constant(INTEGER_TYPE, a), Constant(INTEGER_TYPE, b)]
        found, expected = native.call(builtin.number, constants), walked(native.model, builtin.number, constants)
        assert found is None or found == expected
        assert found is not None or native.asked or max(abs(a), abs(b)) >> 262_000
