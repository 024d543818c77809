"""Budgets: counting, restricting, tallying, watching; costs that the caller sets; the stepper."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc import outcome
from pagoda.languages.uplc.costs.model import CostModel, default_model
from pagoda.languages.uplc.walk.budget import MOST, Meter, OutOfBudget
from pagoda.languages.uplc.walk.linkage import Linkage
from pagoda.languages.uplc.walk.machine import Prepared, evaluate
from pagoda.languages.uplc.walk.stepper import Stepper
from pagoda.languages.uplc.walk.watch import Watch
from uplc.walk.running import evaluated, term

E = default_model("E")
ENDLESS = "[(lam x [x x]) (lam x [x x])]"
SOME = [
    "(con integer 1)",
    "[(builtin addInteger) (con integer 1) (con integer 2)]",
    "[(lam x [(builtin multiplyInteger) x x]) (con integer 1000000000000000000000000)]",
    "(case (constr 0 (con integer 1)) (lam x [(builtin addInteger) x]))",
    "(force [(force (builtin ifThenElse)) (con bool True) (delay (con integer 1)) (delay (error))])",
    '[(force (builtin trace)) (con string "t") (con unit ())]',
    "[(builtin sha2_256) (con bytestring #00112233)]",
]


def test_the_cost_of_a_program_is_the_sum_of_its_parts():
    found = evaluated("[(builtin addInteger) (con integer 1) (con integer 2)]")
    assert (found.cpu, found.mem) == (100 + 5 * 16000 + 100788 + 420, 100 + 5 * 100 + 2)


@pytest.mark.parametrize("text", SOME)
def test_a_budget_is_enough_exactly_from_the_total_on(text):
    total = evaluated(text)
    cpu, mem = total.cpu, total.mem
    for more in (0, 1):
        for budget in ((cpu + more, mem), (cpu, mem + more)):
            found = evaluated(text, budget)
            assert found.failure is None
            assert (found.cpu, found.mem) == (cpu, mem)
    for budget in ((cpu - 1, mem), (cpu, mem - 1), (cpu - 1, mem + 100), (0, 0)):
        found = evaluated(text, budget)
        assert found.failure.cause == outcome.OUT_OF_BUDGET
        assert found.failure.failure_class == outcome.BUDGET


def test_an_endless_script_ends_with_its_budget():
    found = evaluated(ENDLESS, (10_000_000, 10_000_000))
    assert found.failure.cause == outcome.OUT_OF_BUDGET
    assert found.cpu > 10_000_000


def test_values_cannot_outgrow_the_budget():
    text = "(con integer 3)"
    for _ in range(60):
        text = f"[(lam x [(builtin multiplyInteger) x x]) {text}]"
    found = evaluated(text, (10_000_000_000, 14_000_000), variant="C")
    assert found.failure.cause == outcome.OUT_OF_BUDGET


def test_an_endless_script_ends_with_its_time():
    for reference in (False, True):
        found = evaluate(term(ENDLESS), E, watch=Watch(timeout=0.05), reference=reference)
        assert found.failure.cause == outcome.OUT_OF_TIME
        assert found.cpu > 100


def test_a_greedy_script_ends_with_its_memory():
    greedy = "[(lam x [(builtin addInteger) [x x] (con integer 1)]) (lam x [(builtin addInteger) [x x] (con integer 1)])]"
    found = evaluate(term(greedy), E, watch=Watch(memory=20_000_000))
    assert found.failure.cause == outcome.OUT_OF_MEMORY


def test_tallies_add_up():
    found = evaluate(term("[(lam x [(builtin addInteger) x x]) (con integer 1)]"), E, tally=True)
    assert found.tallies["startup"] == (100, 100)
    assert found.tallies["var"] == (32000, 200)
    assert found.tallies["addInteger"] == (101208, 2)
    assert sum(cpu for cpu, _ in found.tallies.values()) == found.cpu
    assert sum(mem for _, mem in found.tallies.values()) == found.mem


def test_kinds_of_steps_may_cost_differently():
    costs = tuple((1000 * kind + 1, kind) for kind in range(9))
    model = CostModel("E", E.forms, costs, (7, 3))
    for text in SOME:
        prepared = Prepared(term(text), model)
        fast, exact = prepared.evaluate(), prepared.evaluate(reference=True)
        assert (fast.cpu, fast.mem) == (exact.cpu, exact.mem)


def test_steps_that_cost_nothing_are_counted_all_the_same():
    model = CostModel("E", E.forms, ((0, 0),) * 9, (0, 0))
    assert evaluate(term("(con integer 1)"), model).cpu == 0
    found = evaluate(term(ENDLESS), model, watch=Watch(timeout=0.05))
    assert found.failure.cause == outcome.OUT_OF_TIME


def test_spending_saturates():
    huge = f"[(force (builtin dropList)) (con integer {10**40}) (con (list integer) [1])]"
    found = evaluated(f"[(lam x {huge}) {huge}]")
    assert found.failure is None
    assert found.cpu == MOST


def test_a_prepared_script_gives_the_same_each_time():
    prepared = Prepared(term('[(force (builtin trace)) (con string "once") (con unit ())]'), E)
    first, second = prepared.evaluate(), prepared.evaluate()
    assert first.logs == second.logs == ("once",)
    assert (first.cpu, first.mem) == (second.cpu, second.mem)


def test_the_meter_spends_in_groups():
    meter = Meter(((10, 1),) * 9, (1999, 10_000))
    for _ in range(199):
        meter.step(0)
    assert meter.cpu == 0
    with pytest.raises(OutOfBudget):
        meter.step(0)
    assert meter.cpu == 2000


def test_the_stepper_shows_each_term_before_it_is_computed():
    whole = term("[(lam x (force x)) (delay (con integer 1))]")
    stepper = Stepper(whole, Linkage(E, True), Meter(E.step_costs))
    seen = []
    for _ in stepper.steps():
        seen.append((stepper.term.__class__.__name__, len(stepper.frames), len(stepper.environment)))
    assert seen == [
        ("Apply", 0, 0), ("Lam", 1, 0), ("Delay", 1, 0), ("Force", 0, 2), ("Var", 1, 2), ("Const", 0, 0),
    ]  # fmt: skip
    assert stepper.result is not None
    assert stepper.meter.steps == 6
