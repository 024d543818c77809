"""Every operation of Ruff in every variant, unlowered and on the machine: results, errors, places, references, fuel."""

from __future__ import annotations

import gc
import sys

import pytest

from pagoda.languages.ruff.ops import comparison, control, data, generators
from pagoda.languages.ruff.ops.table import TABLE
from pagoda.machine.optest import cases, check_table, run_lowered

from .kit import RuffKit

OPERATIONS = list(TABLE.ops.values())
GROUPS = [OPERATIONS[start : start + 6] for start in range(0, len(OPERATIONS), 6)]
ENDINGS = {
    "call": {"value", "raised"}, "call_global": {"value", "raised"}, "call_method": {"value", "raised"},
    "call_builtin": {"value", "raised"}, "call_len": {"value", "raised"}, "call_sqrt": {"value", "raised"},
    "add": {"value", "raised"}, "index_get": {"value", "raised"},
    "index_set": {"nothing", "raised"}, "field_get": {"value", "raised"}, "path_set": {"nothing", "raised"},
    "jump_lt": {"branch", "raised"}, "jump_eq": {"branch", "raised"}, "next_item": {"branch"}, "load": {"value", "raised"},
}  # fmt: skip
"""How operations end, among their cases: samples that only ever fail would say little."""


def names(group):
    return f"{group[0].name}-{group[-1].name}"


@pytest.mark.parametrize("group", GROUPS, ids=names)
def test_every_variant(group):
    """The report also names variants that no case exercises."""
    report = check_table(RuffKit(), group)
    assert not report.problems, report.text()
    for name, endings in report.endings.items():
        assert endings >= ENDINGS.get(name, set()), f"{name} only ended so: {endings}"


def test_structs_without_overloads():
    kit = RuffKit(overloads=False)
    kit.most_cases = 60
    report = check_table(kit, [comparison.eq, comparison.jump_not_eq, comparison.ne, comparison.jump_ne])
    assert not report.problems, report.text()


@pytest.mark.parametrize("fuel", [0, 1])
def test_fuel_ends(fuel):
    """Nothing has happened yet where the fuel ends: the places are as they were."""
    kit = RuffKit()
    kit.fuel, kit.most_cases = fuel, 20
    polling = [o for o in OPERATIONS if o.polls] + [control.call, control.call_global, control.call_method]
    report = check_table(kit, polling)
    assert not report.problems, report.text()
    if not fuel:
        free = (control.poll_now, generators.produce)  # a poll alone costs nothing, nor does handing out a value
        assert all("raised" in report.endings[o.name] for o in polling if o not in free)


@pytest.mark.parametrize("slots", [0, 4])
def test_the_stack_is_full(slots):
    kit = RuffKit()
    kit.spare_slots = slots
    report = check_table(kit, [control.call, control.call_global, control.call_method])
    assert not report.problems, report.text()


@pytest.mark.parametrize("room", [0, 48, 160])
def test_memory_ends(room):
    """Whichever allocation fails: the program stops, and nothing is lost or given back twice."""
    kit = RuffKit(room=room)
    kit.most_cases = 4
    kit.native_only = {
        o.name: "the native bodies of builtins take other memory than the library's functions, which stand for them"
        for o in (control.call, control.call_global, control.call_builtin)
    }
    report = check_table(kit, [o for o in OPERATIONS if o.raises])
    assert not report.problems, report.text()
    assert room or report.endings["array_literal"] == {"raised"}


@pytest.mark.parametrize("group", GROUPS, ids=names)
@pytest.mark.usefixtures("little_to_collect")
def test_python_objects_are_given_back(group):
    """Strings that an operation makes are CPython's and not in the heap's count: many runs must not leave many blocks."""
    kit = RuffKit()
    kit.most_cases = 3
    for case in cases(kit, group):
        run_lowered(kit, case)
        if blocks_left(kit, case, 3) >= 3:  # may be a cache that fills: then not in the long run
            assert min(blocks_left(kit, case, times) // times for times in (30, 100)) < 1, str(case)


def blocks_left(kit, case, times):
    """How many of CPython's blocks so many runs of a case leave behind."""
    gc.collect()  # ctypes' array types are in cycles
    before = sys.getallocatedblocks()
    for _ in range(times):
        run_lowered(kit, case)
    gc.collect()
    return sys.getallocatedblocks() - before


@pytest.fixture
def little_to_collect():
    """Makes collections quick: what is there already is not looked at."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def test_a_difference_is_found(monkeypatch):
    """The harness compares what it says it compares."""
    kit = RuffKit()
    kit.most_cases = 5
    monkeypatch.setattr(comparison.jump_null.function, "_unlowered", lambda a, target: True)
    assert check_table(kit, [comparison.jump_null]).problems
    monkeypatch.setattr(data.move.function, "_unlowered", lambda a: kit.model.empty())
    assert check_table(kit, [data.move]).problems
