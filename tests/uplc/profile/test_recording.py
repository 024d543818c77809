"""What a recording attributes is what the evaluation spends, to the unit, and it goes where it belongs."""

from __future__ import annotations

import pytest

from pagoda.languages.uplc.costs.model import CostModel, default_model
from pagoda.languages.uplc.profile.recording import Recording
from pagoda.languages.uplc.profile.tree import CUT, HEAD, NAMES, REST, ROOT, TAIL, CallTree
from pagoda.languages.uplc.scripts import read_closed
from pagoda.languages.uplc.syntax.parser import parse_program
from pagoda.languages.uplc.terms import Apply, Delay, Force, Lam, Var
from pagoda.languages.uplc.walk.budget import MOST
from pagoda.languages.uplc.walk.machine import evaluate
from pagoda.machine.source import DiagnosticError, Source
from uplc.walk.running import term

MODEL = default_model("E")
#: The sum of the numbers up to 1000, which the machine's stack holds all of.
SUM = """[(lam sum [sum sum (con integer %d)])
  (lam self (lam n (force [(force (builtin ifThenElse)) [(builtin lessThanInteger) n (con integer 1)]
    (delay (con integer 0))
    (delay [(builtin addInteger) n [self self [(builtin subtractInteger) n (con integer 1)]]])])))]"""
#: Counts down without the stack growing.
LOOP = """[(lam go [go go (con integer %d)])
  (lam self (lam n (force [(force (builtin ifThenElse)) [(builtin lessThanInteger) n (con integer 1)]
    (delay (con integer 0))
    (delay [self self [(builtin subtractInteger) n (con integer 1)]])])))]"""
TWICE = "[(lam inc (lam x [inc [inc x]])) (lam n [(builtin addInteger) n (con integer 1)]) (con integer 5)]"


def recorded(what, budget=None, model=MODEL, **options):
    """A recording, after all of its sums have been compared with each other and with a plain evaluation."""
    script = term(what) if isinstance(what, str) else what
    plain = evaluate(script, model, budget, reference=True)
    found = Recording(script, model, case_on_constants=True, **options)
    found.run(budget)
    spent = [plain.cpu + found.unreported[0], plain.mem + found.unreported[1]]
    assert [min(found.cpu, MOST), min(found.mem, MOST)] == [min(total, MOST) for total in spent]
    assert found.finished == (plain.failure is None)
    if found.finished:
        assert found.unreported == (0, 0)
    costs = (*found.step_costs, (0, 0))
    kinds = list(zip(found.layout.kind, found.steps, strict=True))
    for side, total, in_tree in ((0, found.cpu, found.tree.cpu), (1, found.mem, found.tree.mem)):
        steps = sum(costs[kind][side] * times for kind, times in kinds)
        assert steps + sum(row[1 + side] for row in found.builtins.values()) == total
        assert sum(in_tree) == total
        assert found.functions[ROOT][1 + side] == total
        by_term = (found.builtin_cpu, found.builtin_mem)[side]
        assert steps + sum(by_term.values()) + found.builtins["startup"][1 + side] == total
    return found


def functions(found):
    """Calls by the name of the variable that a function is bound to."""
    hints = found.layout.hints
    return {hints.get(number, number): row[0] for number, row in found.functions.items() if number != ROOT}


@pytest.mark.parametrize("what", [SUM % 30, LOOP % 30, TWICE, "(error)", "(lam x x)", "[(con integer 1) (con integer 2)]"])
def test_sums(what):
    recorded(what)


def test_a_step_goes_to_its_term_and_a_builtin_to_the_last_argument():
    found = recorded("[(builtin addInteger) (con integer 1) (con integer 2)]")
    assert found.steps == [1] * 5
    assert list(found.builtin_cpu) == [0]
    assert found.builtins["addInteger"][0] == 1


def test_calls_are_counted_when_all_arguments_are_there():
    assert functions(recorded(SUM % 30)) == {"sum": 31}
    assert functions(recorded(TWICE)) == {"inc": 2}


def test_a_function_within_itself_is_not_counted_twice():
    found = recorded(SUM % 30)
    (recursive,) = [number for number, hint in found.layout.hints.items() if hint == "sum"]
    assert found.functions[recursive][1] < found.cpu


def test_lets_branches_and_choices_are_no_calls():
    what = """[(lam x (lam y (case (constr 0 x y) (lam a (lam b
      (force [(force (builtin ifThenElse)) (con bool True) (delay a) (delay b)])))))) (con integer 1) (con integer 2)]"""
    found = recorded(what)
    assert found.tree.function == [ROOT]
    # The same `if` as a function of its own: calls of that one, and the delayed term still belongs to who wrote it.
    choose = "(lam c (lam t (lam e [(force (builtin ifThenElse)) c t e])))"
    found = recorded(f"[(lam if (force [if (con bool True) (delay (con integer 1)) (delay (error))])) {choose}]")
    assert functions(found) == {"if": 1}


def test_a_tail_call_leaves_its_caller_on_the_stack():
    what = """[(lam last [(lam first [first (con integer 1)]) (lam n [last n])]) (lam m [(builtin addInteger) m m])]"""
    found = recorded(what)
    hints = found.layout.hints
    stacks = []
    for node in range(len(found.tree.function)):
        stack = []
        while node:
            stack.append(hints[found.tree.function[node]])
            node = found.tree.parent[node]
        stacks.append(stack[::-1])
    assert stacks == [[], ["first"], ["first", "last"]]


def test_a_loop_does_not_grow_the_stack():
    assert len(recorded(LOOP % 500).tree.function) < 5


def test_deep_recursion_is_cut_in_the_middle():
    found = recorded(SUM % 1000)
    tree = found.tree
    depths = [0]
    for parent in tree.parent[1:]:
        depths.append(depths[parent] + 1)
    assert max(depths) == HEAD + TAIL
    assert CUT in tree.function


def test_a_full_tree_loses_nothing():
    what = SUM % 100
    assert len(recorded(what).tree.function) > 90
    found = recorded(what, most_nodes=10)
    assert len(found.tree.function) <= 11
    assert REST in found.tree.function


def test_the_rest_has_no_children():
    tree = CallTree(most=2)
    first = tree.child(0, 7)
    rest = tree.child(first, 8)
    assert [tree.function[node] for node in (first, rest)] == [7, REST]
    assert tree.child(rest, 9) == rest
    assert tree.child(first, 10) == rest
    assert set(NAMES) == {ROOT, CUT, REST}


def test_a_failing_script_is_recorded_up_to_its_failure():
    found = recorded("[(builtin addInteger) (con integer 1) (error)]")
    assert (found.cpu, found.unreported) == (100 + 4 * 16000, (4 * 16000, 400))
    full = recorded(SUM % 100)
    for share in (2, 3, 50):
        part = recorded(SUM % 100, budget=(full.cpu // share, MOST))
        assert not part.finished
        assert part.cpu < full.cpu


def test_costs_that_differ_by_kind_and_that_saturate():
    steps = tuple((100 * kind + 1, kind) for kind in range(9))
    recorded(SUM % 30, model=CostModel("E", MODEL.forms, steps, (7, 3)))
    recorded(SUM % 30, model=CostModel("E", MODEL.forms, ((MOST // 2, 1),) * 9, (7, 3)))


def test_depth():
    inner = Var(1)
    for _ in range(100_000):
        inner = Force(Delay(inner))
    found = Recording(Apply(Lam(inner), Lam(Var(1))), MODEL, case_on_constants=True)
    found.run()
    assert found.finished
    assert found.tree.function == [ROOT]


def test_the_suites(suites):
    texts = sorted((suites / "uplc" / "conformance").rglob("*.uplc"))[::4]
    count = 0
    for path in texts:
        try:
            script = parse_program(Source(path.name, path.read_text(encoding="utf-8"))).term
        except DiagnosticError:
            continue
        recorded(script)
        count += 1
    for path in sorted((suites / "uplc" / "validation").glob("*.flat"))[::10]:
        recorded(read_closed(path.read_bytes()).term)
        count += 1
    assert count > 100
