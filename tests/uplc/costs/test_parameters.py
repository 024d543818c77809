"""The chain's lists of parameters."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.builtins.table import by_name
from pagoda.languages.uplc.costs.model import MOST, STEP_NAMES, default_model
from pagoda.languages.uplc.costs.parameters import model_from_parameters, names_of_parameters


def cost(model, name, *arguments):
    return model.cost_of[by_name(name).number](*arguments)


@pytest.mark.parametrize(
    ("language", "count", "at"),
    [
        (
            "V1",
            332,
            {
                0: "addInteger-cpu-arguments-intercept",
                14: "blake2b_256-cpu-arguments-intercept",
                17: "cekApplyCost-exBudgetCPU",
                165: "verifyEd25519Signature-memory-arguments",
                166: "serialiseData-cpu-arguments-intercept",
                175: "cekConstrCost-exBudgetCPU",
                179: "bls12_381_G1_add-cpu-arguments",
                223: "integerToByteString-cpu-arguments-c0",
                233: "andByteString-cpu-arguments-intercept",
                279: "expModInteger-cpu-arguments-coefficient00",
                331: "scaleValue-memory-arguments-slope",
            },
        ),
        (
            "V2",
            332,
            {
                174: "verifySchnorrSecp256k1Signature-memory-arguments",
                175: "integerToByteString-cpu-arguments-c0",
                184: "byteStringToInteger-memory-arguments-slope",
                185: "cekConstrCost-exBudgetCPU",
                233: "andByteString-cpu-arguments-intercept",
                279: "expModInteger-cpu-arguments-coefficient00",
            },
        ),
        (
            "V3",
            350,
            {
                0: "addInteger-cpu-arguments-intercept",
                193: "cekConstrCost-exBudgetCPU",
                250: "byteStringToInteger-memory-arguments-slope",
                251: "andByteString-cpu-arguments-intercept",
                296: "ripemd_160-memory-arguments",
                297: "expModInteger-cpu-arguments-coefficient00",
                302: "dropList-cpu-arguments-intercept",
                327: "unionValue-cpu-arguments-c10",
                328: "unionValue-cpu-arguments-c01",
                332: "valueContains-cpu-arguments-constant",
                349: "scaleValue-memory-arguments-slope",
            },
        ),
    ],
)
def test_order_of_names(language, count, at):
    names = names_of_parameters(language)
    assert len(set(names)) == len(names)
    assert {place: names[place] for place in at} == at
    assert all(name.startswith("multiIndexArray") for name in names[count:])


def test_unknown_language():
    with pytest.raises(ValueError, match="no ledger language 'V9'"):
        names_of_parameters("V9")


def default_figures(language, variant):
    """The list that says what the default figures say."""
    figures = {}
    model = default_model(variant)
    from pagoda.languages.uplc.costs.shapes import parameter_names

    def flat(form):
        if isinstance(form, int):
            yield form
        else:
            for part in form[1:]:
                yield from flat(part)

    for name, pair in model.forms.items():
        for form, kind in zip(pair, ("cpu", "memory"), strict=True):
            figures |= zip(parameter_names(form, f"{name}-{kind}-arguments"), flat(form), strict=True)
    for name, pair in zip((*STEP_NAMES, "Startup"), (*model.step_costs, model.startup), strict=True):
        figures |= zip((f"cek{name}Cost-exBudgetCPU", f"cek{name}Cost-exBudgetMemory"), pair, strict=True)
    return [figures[name] for name in names_of_parameters(language)]


@pytest.mark.parametrize(
    ("language", "protocol", "variant"),
    [("V1", 7, "A"), ("V2", 8, "A"), ("V1", 10, "B"), ("V3", 10, "C"), ("V2", 11, "D"), ("V3", 11, "E"), ("V4", 12, "E")],
)
def test_the_defaults_come_back(language, protocol, variant):
    figures = default_figures(language, variant)
    model = model_from_parameters(language, protocol, figures)
    default = default_model(variant)
    assert model.variant == variant
    assert model.forms == default.forms
    assert (model.step_costs, model.startup) == (default.step_costs, default.startup)
    assert model_from_parameters(language, protocol, [*figures, 1, 2, 3]).forms == default.forms
    named = dict(zip(names_of_parameters(language), figures, strict=True))
    assert model_from_parameters(language, protocol, named).forms == default.forms


def test_what_a_short_list_leaves_out_cannot_be_afforded():
    figures = default_figures("V3", "C")[:251]
    model = model_from_parameters("V3", 10, figures)
    assert cost(model, "addInteger", 1, 2) == (101_208, 2)
    assert cost(model, "readBit", b"", 0) == (MOST, MOST)
    assert cost(model, "andByteString", True, b"", b"") == (MOST, MOST)
    assert model.uniform_step == (16_000, 100)
    old = model_from_parameters("V1", 7, default_figures("V1", "A")[:166])
    assert old.step_costs[STEP_NAMES.index("Case")] == (MOST, MOST)
    assert old.uniform_step is None


def test_other_figures():
    figures = default_figures("V3", "E")
    figures[names_of_parameters("V3").index("addInteger-cpu-arguments-slope")] = 1000
    figures[names_of_parameters("V3").index("cekVarCost-exBudgetMemory")] = 7
    model = model_from_parameters("V3", 11, figures)
    assert cost(model, "addInteger", 1, 2) == (101_788, 2)
    assert model.step_costs[STEP_NAMES.index("Var")] == (16_000, 7)


@pytest.mark.parametrize("wrong", [2**63, "1", 1.5, None, True])
def test_a_figure_that_is_none(wrong):
    with pytest.raises(ValueError, match="addInteger-cpu-arguments-intercept is no integer of 64 bits"):
        model_from_parameters("V3", 11, [wrong])


def test_a_name_that_there_is_not():
    with pytest.raises(ValueError, match="'addInteger'"):
        model_from_parameters("V3", 11, {"addInteger": 1})
