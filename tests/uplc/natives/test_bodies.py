"""Every native body against the builtin's definition: result, cpu and mem, over generated arguments."""

from __future__ import annotations

import random

import pytest
from native.both_ways import child

from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.costs.model import default_model
from pagoda.languages.uplc.natives.builtins import NATIVES
from pagoda.languages.uplc.natives.pricing import native_numbers
from pagoda.languages.uplc.types import INTEGER_TYPE
from uplc.natives import generated
from uplc.natives.running import Native, walked

CASES = 24  # of each builtin in a variant


#: Builtins whose native bodies leave large numbers to others.
SMALL_NUMBERS = ("consByteString", "dropList")


def mismatches(variant, checked, number):
    """What differs between native bodies and definitions, as text; at the end the count of cases that were decided."""
    native = Native(default_model(variant), checked=checked)
    builtin = BUILTINS[number]
    choice = random.Random(f"{variant} {builtin.name}")
    decided = 0
    for _ in range(CASES):
        constants = generated.arguments(choice, builtin, variant)
        expected = walked(native.model, number, constants)
        found = native.call(number, constants)
        decided += found is not None
        large = constants[0].type is INTEGER_TYPE and abs(constants[0].value) >> 40
        if found is None and large and builtin.name in SMALL_NUMBERS:
            continue
        if found != expected:
            yield f"{builtin.name} {[(c.type, c.value) for c in constants]}: {expected} is {found}"[:2000]
    yield decided


@pytest.mark.parametrize(("variant", "checked"), [*((variant, True) for variant in "ABCDE"), ("E", False)])
def test_every_body(variant, checked):
    def work():
        for number in sorted(native_numbers(default_model(variant))):
            for problem in mismatches(variant, checked, number):
                yield BUILTINS[number].name, problem

    found, status = child(work, 60)
    assert status == 0, found[-1:]
    assert [row for row in found if isinstance(row[1], str)] == []
    decided = {name: count for name, count in found if isinstance(count, int)}
    assert set(decided) == {BUILTINS[number].name for number in NATIVES}
    assert [name for name, count in decided.items() if not count] == []
