"""Tables of costs for native code: what they hold, and where reckoning is left to others."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.builtins.kinds import VARIANTS
from pagoda.languages.uplc.builtins.table import BUILTINS, by_name
from pagoda.languages.uplc.costs.model import CostModel, default_model
from pagoda.languages.uplc.natives import prices, pricing, values
from pagoda.languages.uplc.natives.builtins import NATIVES
from uplc.natives.running import PLENTY, Native

ADD = by_name("addInteger").number
DROP = by_name("dropList").number


def with_form(name, *forms):
    """The default model with other forms for one builtin."""
    model = default_model("E")
    return CostModel("E", {**model.forms, name: forms}, model.step_costs, model.startup)


@pytest.mark.parametrize("variant", VARIANTS)
def test_default_models(variant):
    model = default_model(variant)
    assert pricing.ok(model)
    assert pricing.native_numbers(model) == set(NATIVES)
    rows = pricing.price_rows(model)
    assert len(rows) == prices.PRICE_WORDS * len(BUILTINS)
    assert all(-(1 << 63) <= word < 1 << 63 for word in rows)


def test_what_is_charged_in_advance():
    model = default_model("E")
    row = pricing.charged_rows(model)
    for builtin in BUILTINS:
        found = tuple(row[2 * builtin.number : 2 * builtin.number + 2])
        if builtin.number in pricing.CHARGED_AS_SMALL:
            assert found == model.cost_of[builtin.number](1, 1)
            assert builtin.result.name in ("integer", "bool")
        else:
            assert found == (model.constant_cost[builtin.number] or (0, 0))


def test_signatures():
    rows = pricing.signature_rows()
    assert len(rows) == pricing.SIGNATURE_BYTES * len(BUILTINS)
    for builtin in BUILTINS:
        at = pricing.SIGNATURE_BYTES * builtin.number
        assert tuple(rows[at : at + 3]) == (builtin.arity, builtin.forces, 0)


def test_a_form_that_a_body_does_not_know_is_left_to_the_host():
    assert by_name("equalsData").number not in pricing.native_numbers(with_form("equalsData", ("max_size", 1, 1), 1))
    assert ADD not in pricing.native_numbers(with_form("addInteger", ("multiplied_sizes", 1, 1), 1))
    assert ADD in pricing.native_numbers(with_form("addInteger", ("max_size", 7, 9), ("max_size", 3, 4)))


def test_costs_that_are_too_large():
    assert not pricing.ok(with_form("headList", 1 << 40, 1))
    assert not pricing.ok(with_form("headList", -1, 1))
    assert ADD not in pricing.native_numbers(with_form("addInteger", ("max_size", 1 << 62, 1), ("max_size", 1, 1)))


@pytest.mark.parametrize("number", range(len(BUILTINS)), ids=lambda number: BUILTINS[number].name)
def test_reckoning_stays_in_range_up_to_the_limit(number):
    """Of what the limit promises, the greatest numbers are tried: all sizes at the limit, or one of them small."""
    for variant in VARIANTS:
        row = pricing.price_rows(default_model(variant))[prices.PRICE_WORDS * number :][: prices.PRICE_WORDS]
        limit = row[prices.LIMIT]
        for way in range(2 if limit >= 0 else 0):
            figures = row[prices.FIGURES + way * prices.MOST_FIGURES :]
            text = prices.EXPRESSIONS[row[prices.EXPRESSION + way]]
            for small in (None, *prices.SIZES):
                sizes = {size: 0 if size == small else limit for size in prices.SIZES}
                assert abs(eval(text, {"max": max, "p": figures, **sizes})) <= prices.MOST_COST


def test_a_budget_that_is_used_up_stops_the_builtin():
    native = Native(default_model("E"))
    cpu, mem = native.model.cost_of[ADD](1 << 100, 1)
    for left, fits in (((cpu, mem), True), ((cpu - 1, mem), False), ((cpu, mem - 1), False)):
        native.reset(*left)
        word = native.words(ADD, [native.memory.integer(1 << 100), native.memory.integer(1)])
        assert (word != values.FAILED) == fits
        assert not fits or (native.get("cpu"), native.get("mem")) == (0, 0)


def test_a_size_beyond_the_limit_is_left_to_others():
    native = Native(default_model("E"))
    limit = pricing.price_rows(native.model)[prices.PRICE_WORDS * DROP]
    for count, fits in ((5, True), (limit, True), (-limit, True), (limit + 1, False), (-limit - 1, False)):
        native.reset()
        nothing = native.memory.put(values.NIL)
        found = native.words(DROP, [native.memory.integer(count), nothing])
        assert found == (nothing if fits else values.FAILED)
        assert fits or (native.get("cpu"), native.get("mem")) == (PLENTY, PLENTY)
