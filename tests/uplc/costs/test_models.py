"""Cost models: the default figures, saturation, and the suite's figures of every variant."""

from __future__ import annotations

import json
import random

import pytest

from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.costs import shapes
from pagoda.languages.uplc.costs.figures import UNIMPLEMENTED
from pagoda.languages.uplc.costs.model import MOST, STEP_NAMES, added, default_model
from pagoda.languages.uplc.costs.shapes import expression
from pagoda.languages.uplc.types import INTEGER_TYPE, Constant, linked, list_of

VARIANTS = "ABCDE"


def cost(name, *arguments, variant="E"):
    return default_model(variant).cost_of[by_name(name).number](*arguments)


def test_steps():
    for variant in VARIANTS:
        model = default_model(variant)
        assert model.uniform_step == ((23_000, 100) if variant == "A" else (16_000, 100))
        assert len(model.step_costs) == len(STEP_NAMES) == 9
        assert model.startup == (100, 100)


def test_unknown_variant():
    with pytest.raises(ValueError, match="no semantics variant 'F'"):
        default_model("F")


def test_the_same_object_each_time():
    assert default_model("D") is default_model("D")


def test_constant_costs_are_what_the_functions_give():
    model = default_model("E")
    for builtin in BUILTINS:
        constant = model.constant_cost[builtin.number]
        if constant is not None:
            assert model.cost_of[builtin.number](*[None] * builtin.arity) == constant
    assert model.constant_cost[by_name("policies").number] == (UNIMPLEMENTED, UNIMPLEMENTED)
    assert model.constant_cost[by_name("addInteger").number] is None
    assert model.constant_cost[by_name("ifThenElse").number] == (76_049, 1)


def test_sizes_reach_the_cost():
    assert cost("addInteger", 1, 2) == (101_208, 2)
    assert cost("addInteger", 2**64, 2) == (101_628, 3)
    assert cost("addInteger", 2**64 - 1, -(2**64) + 1) == (101_208, 2)
    assert cost("appendByteString", bytes(8), bytes(9)) == (1000 + 173 * 3, 3)
    assert cost("integerToByteString", True, 0, 2**64) == (1_293_828 + 28_716 * 2 + 63 * 4, 2)
    assert cost("integerToByteString", True, 100, 2**64)[1] == 13
    assert cost("listToArray", Constant(list_of(INTEGER_TYPE), linked([1, 2, 3]))) == (1000 + 24_838 * 3, 10)
    assert cost("consByteString", 2**70, b"", variant="B")[1] == 3
    assert cost("consByteString", 255, b"", variant="E")[1] == 2


def test_strings_are_measured_by_the_variant():
    text = "ä" * 8
    assert cost("encodeUtf8", text, variant="C")[1] == 4 + 2 * 8
    assert cost("encodeUtf8", text, variant="E")[1] == 4 + 2 * 4


def test_saturation():
    assert cost("dropList", 10**30, None) == (MOST, 4)
    assert cost("dropList", -(10**30), None) == (MOST, 4)
    assert cost("replicateByte", 10**30, 0) == (MOST, MOST)
    assert cost("shiftByteString", b"", 10**30, variant="C")[0] < 10**6
    assert added((MOST, 1), (1, 2)) == (MOST, 3)


def reckoned(model, sizes):
    """The cost by a file of the suite, read in the plainest way."""
    arguments, kind = model["arguments"], model["type"]
    if kind == "constant_cost":
        return arguments
    at = dict(zip("xyzu", sizes, strict=False))
    x, y, z = (at.get(name, 0) for name in "xyz")
    if kind.startswith("linear_in_") and kind[10:] in ("x", "y", "z", "u", "y2"):
        return arguments["intercept"] + arguments["slope"] * at[kind[10]]
    if kind.startswith("quadratic_in_") and len(kind) == 14:
        return sum(arguments[f"c{power}"] * at[kind[13]] ** power for power in range(3))
    simple = {
        "added_sizes": x + y, "multiplied_sizes": x * y, "min_size": min(x, y), "max_size": max(x, y),
        "linear_in_max_yz": max(y, z), "subtracted_sizes": max(arguments.get("minimum", 0), x - y),
    }  # fmt: skip
    if kind in simple:
        return arguments["intercept"] + arguments["slope"] * simple[kind]
    if kind in ("linear_in_x_and_y", "linear_in_y_and_z"):
        first, second = (x, y) if kind.endswith("x_and_y") else (y, z)
        return arguments["intercept"] + arguments["slope1"] * first + arguments["slope2"] * second
    if kind in ("quadratic_in_x_and_y", "with_interaction_in_x_and_y"):
        terms = [figure * x ** int(name[1]) * y ** int(name[2]) for name, figure in arguments.items() if name != "minimum"]
        return max(arguments.get("minimum", 0), sum(terms))
    if kind == "linear_on_diagonal":
        return arguments["intercept"] + arguments["slope"] * x if x == y else arguments["constant"]
    if kind == "const_above_diagonal":
        return arguments["constant"] if x < y else reckoned(arguments["model"], sizes)
    if kind == "above_and_below_diagonal":
        return reckoned(arguments["model"], (max(x, y), min(x, y)))
    if kind == "literal_in_y_or_linear_in_z":
        return y if y else arguments["intercept"] + arguments["slope"] * z
    assert kind == "exp_mod_cost", kind
    total = arguments["coefficient00"] + arguments["coefficient11"] * y * z + arguments["coefficient12"] * y * z * z
    return total + total // 2 if x > z else total


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_figures_are_those_of_the_suite(suites, variant):
    folder = suites / "uplc" / "cost-models"
    if not folder.is_dir():
        pytest.skip("the cost models of UPLC are not here; PAGODA_SUITES names the folder of suites")
    figures = json.loads((folder / f"builtinCostModel{variant}.json").read_text(encoding="utf-8"))
    model = default_model(variant)
    assert set(figures) == set(model.forms)
    chance = random.Random(1)
    for name, entry in figures.items():
        for form, kind in zip(model.forms[name], ("cpu", "memory"), strict=True):
            for _ in range(30):
                sizes = [chance.choice((0, 1, 2, 3, 7, 100, 5000)) for _ in range(by_name(name).arity)]
                text = expression(form, tuple(map(str, sizes)))
                assert eval(text, {**shapes.FUNCTIONS}) == reckoned(entry[kind], sizes), (name, kind, sizes)
    steps = json.loads((folder / f"cekMachineCosts{variant}.json").read_text(encoding="utf-8"))
    for name, pair in zip((*STEP_NAMES, "Startup"), (*model.step_costs, model.startup), strict=True):
        assert tuple(steps[f"cek{name}Cost"].values()) == pair
    assert len(steps) == 10
