"""Cost models: the chain's lists and mappings, and the JSON of others."""

from __future__ import annotations

import json

import pytest

from pagoda.uplc import CostModel, OutOfBudget, evaluate

ADD = "(program 1.0.0 [(builtin addInteger) (con integer 1) (con integer 2)])"
PAIRS = [("V1", 7), ("V2", 10), ("V3", 10), ("V2", 11), ("V3", 11), ("V4", 12)]


@pytest.mark.parametrize(("language", "protocol"), PAIRS)
def test_the_defaults_come_back(language, protocol):
    model = CostModel.default(language, protocol)
    names = CostModel.parameter_names(language)
    assert list(model.to_mapping()) == names
    assert CostModel.from_list(language, protocol, model.to_list()) == model
    assert CostModel.from_mapping(language, protocol, model.to_mapping()) == model
    assert hash(CostModel.from_list(language, protocol, model.to_list())) == hash(model)
    values, mapping = model.to_list(), model.to_mapping()
    for document in (
        values, mapping, {f"Plutus{language}": values}, {"costModels": {f"Plutus{language}": values, "PlutusV0": []}},
        {"cost_models": {f"Plutus{language}": mapping}}, {f"plutus:{language.lower()}": values},
    ):  # fmt: skip
        assert CostModel.from_json(language, protocol, json.dumps(document)) == model
        assert CostModel.from_json(language, protocol, document) == model


@pytest.mark.parametrize(("language", "protocol"), PAIRS)
def test_the_files_of_plutus(suites, language, protocol):
    folder = suites / "uplc" / "cost-models"
    if not folder.is_dir():
        pytest.skip("the cost models of UPLC are not here")
    model = CostModel.default(language, protocol)
    files = [(folder / f"{name}{model.variant}.json").read_text() for name in ("builtinCostModel", "cekMachineCosts")]
    assert CostModel.from_json(language, protocol, *files) == model
    assert CostModel.from_json(language, protocol, *files).to_list() == model.to_list()


def costs(cost_model, **options):
    ended = evaluate(ADD, cost_model=cost_model, language=None, **options)
    return ended.cpu, ended.mem


def test_other_figures():
    figures = CostModel.default().to_mapping()
    assert costs(None) == costs(figures) == costs(list(figures.values())) == costs(CostModel.default()) == (181_308, 602)
    figures["addInteger-cpu-arguments-intercept"] += 1000
    figures["cekStartupCost-exBudgetMemory"] = 0
    for model in (figures, list(figures.values()), CostModel.from_list("V3", 11, list(figures.values()))):
        assert costs(model) == (182_308, 502)
    assert costs(tuple(figures.values())) == (182_308, 502)


def test_under_a_ledger():
    script = "(program 1.0.0 (lam a (lam b (con unit ()))))"
    values = CostModel.default("V2", 10).to_list()
    ended = evaluate(script, 1, 2, language="V2", protocol=10, cost_model=values)
    assert (ended.cpu, ended.mem) == (112_100, 800)
    with pytest.raises(ValueError, match="other builtin semantics"):
        evaluate(script, 1, 2, language="V2", protocol=10, cost_model=CostModel.default("V3", 11))


def test_what_a_short_list_leaves_out_cannot_be_afforded():
    short = CostModel.default("V3", 10).to_list()[:251]
    model = CostModel.from_list("V3", 10, short)
    assert costs(model) == (181_308, 602)
    ended = evaluate(
        "(program 1.0.0 [(builtin readBit) (con bytestring #00) (con integer 0)])",
        language=None, cost_model=model, limits=(10**10, 10**7),
    )  # fmt: skip
    assert isinstance(ended.error, OutOfBudget)


@pytest.mark.parametrize(
    ("document", "message"),
    [("{", "not JSON"), ("1", "neither a list nor a mapping"), ({"PlutusV3": "x"}, "neither"), ({"unknown": 1}, "'unknown'"),
     ([None], "64 bits"), ({"addInteger-cpu-arguments-slope": 1.5}, "64 bits"), ("[" * 100_000, "not JSON"),
     ({"PlutusV3": {"addInteger": 1}}, "'addInteger'")],
)  # fmt: skip
def test_what_is_no_cost_model(document, message):
    with pytest.raises(ValueError, match=message):
        CostModel.from_json("V3", 11, document)


def test_what_there_is_not():
    for make in (
        lambda: CostModel.default("V9"), lambda: CostModel.from_list("V9", 11, []), lambda: CostModel.parameter_names("V9"),
        lambda: evaluate(ADD, language=None, cost_model=[2**63]), lambda: evaluate(ADD, language=None, cost_model={"x": 1}),
    ):  # fmt: skip
        with pytest.raises(ValueError):
            make()


def test_it_is_known_what_it_is_for():
    model = CostModel.default("V2", 10)
    assert (model.language, model.protocol, model.variant) == ("V2", 10, "B")
    assert repr(model) == "<cost model of V2 at protocol version 10>"
    assert model != CostModel.default("V3", 10)
    assert model != 1
