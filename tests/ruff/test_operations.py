"""What is remembered of the operations says what the definitions say, and becomes them when they are imported."""

from __future__ import annotations

import marshal
import subprocess
import sys

import pytest

from pagoda.languages.ruff import operations
from pagoda.languages.ruff.ops import control, model
from pagoda.languages.ruff.ops.table import MODEL, TABLE
from pagoda.machine.context import Code
from pagoda.machine.function import field_names
from pagoda.machine.recall import Recall, remember
from pagoda.native.types import layout_of


@pytest.fixture
def remembered():
    facts = remember(MODEL, TABLE, operations._MODULES, (model.RuffContext, Code))
    return Recall(marshal.loads(marshal.dumps(facts)))


def test_opcodes_and_layouts_are_those_of_the_table(remembered):
    for variant in TABLE.variants:
        found = remembered.table.variant(variant.op, variant.letters)
        assert (found.opcode, found.layout.fields, found.layout.words) == (
            variant.opcode, variant.layout.fields, variant.layout.words,
        )  # fmt: skip
    assert [variant.name for variant in remembered.table.variants] == [variant.name for variant in TABLE.variants]
    with pytest.raises(KeyError):
        remembered.table.variant(control.jump, "K")


def test_constants_and_structs(remembered):
    assert remembered.module("model").HOST == model.HOST
    assert remembered.module("context").TRACE_FRAMES > 0
    assert remembered.slot_size == MODEL.slot_size
    size, offsets = remembered.layouts["RuffContext"]
    layout = layout_of(model.RuffContext)
    assert size == layout.size
    assert offsets == {name: offset for name, (_, offset) in layout.fields.items()}


def test_imported_definitions_are_used_as_they_are(remembered):
    assert remembered.module("control").jump is control.jump
    assert remembered.module("control").op is control.op  # not remembered: asked of the module


CHILD = """
import sys
sys.path[:] = PATH
from pagoda.languages.ruff.operations import control as recalled
early = recalled.call
assert "pagoda.languages.ruff.ops.control" not in sys.modules
before = [(p.name, p.kind) for p in early.parameters], early.result, early.calls, early.ends
assert early.function.inlined                # imports the definition
from pagoda.languages.ruff.ops import control
from pagoda.languages.ruff.ops.table import TABLE
assert control.call is early is TABLE.ops["call"] is recalled.call
assert before == ([(p.name, p.kind) for p in early.parameters], early.result, early.calls, early.ends)
assert early.parameters[0].type is not None
try:
    early.nonsense
except AttributeError:
    print("one object")
"""


def test_a_recalled_operation_becomes_its_definition():
    operations.recall()  # stored from here on
    done = subprocess.run(
        [sys.executable, "-I", "-c", CHILD.replace("PATH", repr(sys.path))], capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.stdout == "one object\n", done.stderr


def test_every_operation_remembers_what_compilers_ask(remembered):
    for number, operation in enumerate(TABLE.ops.values()):
        attributes, rows = remembered._facts["ops"][number]
        for name in ("name", "ends", "calls", "scalar", "raises", "copies", "leaves", "drops", "fills", "only"):
            assert attributes[name] == getattr(operation, name)
        assert attributes["_result"] == operation.result
        encoded = [name for name, kind, _ in rows if kind not in ("State", "Cache")]
        assert field_names(operation)[-len(encoded) :] == encoded or not encoded
