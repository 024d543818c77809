"""Every operation of the test languages, unlowered and on the machine, over all kinds of operands."""

from __future__ import annotations

import pytest
from machine import counted
from machine.harness import build, entry
from machine.kits import CountedKit, TinyKit

from pagoda.machine.ops import OpTable, op
from pagoda.machine.optest import Mismatch, cases, check_table, run_case
from pagoda.records import changed


def test_every_operation_of_the_tiny_language():
    report = check_table(TinyKit())
    assert not report.problems, report.text()
    assert report.endings["add"] == {"value", "raised"}
    assert report.endings["call"] == {"value", "raised"}
    assert report.endings["pause"] == {"suspended"}


def test_every_operation_of_the_counted_language():
    report = check_table(CountedKit())
    assert not report.problems, report.text()
    assert report.endings["call_global"] == {"value", "raised"}
    assert report.endings["jump_checked"] == {"branch", "raised"}
    assert report.endings["check"] == {"nothing", "raised"}


@pytest.mark.parametrize("kind", [TinyKit, CountedKit])
def test_a_full_stack_and_no_fuel(kind):
    kit = kind()
    calls = [o for o in kit.table.ops.values() if o.calls]
    kit.spare_slots = 0
    full = check_table(kit, calls)
    assert not full.problems, full.text()
    kit.spare_slots, kit.fuel = 256, 0
    spent = check_table(kit, calls)
    assert not spent.problems, spent.text()
    assert all("raised" in report.endings["call"] for report in (full, spent))


def test_an_operation_without_a_case_is_reported():
    class Poor(TinyKit):
        def rows_for(self, operation):
            return []

    report = check_table(Poor())
    assert report.problems == ["call: no case exercises it"]


def test_a_lost_reference_is_found():
    class Leaky(CountedKit):
        def samples_for(self, operation, parameter):
            return self.samples[:1]

    kit = Leaky()
    kit.model = changed(kit.model, retain=None)  # the unlowered run forgets what the handler does
    case = next(c for c in cases(kit) if c.variant.name == "move.r")
    with pytest.raises(Mismatch, match="references"):
        run_case(kit, case)


def test_a_wrong_handler_is_found():
    """The machine code of a table where ``number`` means something else."""

    @op(scalar=True, raises=False)
    def number(a: counted.Read) -> counted.Value:
        """One more than it should be."""
        return counted.Value(counted.INT, counted.wrapping_add(counted.number_of(a), 1))

    wrong = OpTable([number if o.name == "number" else o for o in counted.TABLE.ops.values()])
    kit = CountedKit()
    kit.run = entry(build(counted.MODEL, wrong, counted.overflow, "machine.counted"), "counted.run")
    report = check_table(kit, [counted.number])
    assert len(report.problems) == sum(report.counts.values()) > 10
