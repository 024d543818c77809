"""An operation is defined once: what follows adds one to the tiny language and finds it everywhere, with no other edit.

The two places are its definition here, and the line of a compiler that emits it (here, a line of a test).
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest
from machine import counted, tiny
from machine.harness import Machine, build, entry
from machine.kits import TinyKit

import pagoda.languages
from pagoda.machine.assembler import assemble, same_function
from pagoda.machine.context import OK, RAISE
from pagoda.machine.decoder import decode
from pagoda.machine.disassembler import disassemble
from pagoda.machine.function import Function
from pagoda.machine.ops import OpTable, op
from pagoda.machine.optest import check_table
from pagoda.machine.ownership import insert_drops, mark_last_uses
from pagoda.machine.reference import reference
from pagoda.machine.verbs import slow
from pagoda.machine.verifier import VerifyError, verify
from pagoda.native.intrinsics import checked_mul, unlikely

PACKAGE = Path(pagoda.__file__).parent


@op
def triple(ctx: tiny.Ctx, a: tiny.Read) -> tiny.Number:
    """Three times ``a``, or error 1."""
    product, over = checked_mul(a.word, 3)
    if unlikely(over):
        return slow(tiny.range_error, ctx)
    return tiny.Number(product)


TABLE = OpTable([*tiny.TABLE.ops.values(), triple])


@pytest.fixture(scope="module")
def image():
    return build(tiny.MODEL, TABLE, tiny.overflow, "machine.tiny")


def owns(constant):
    return False


def nine_times():
    f = Function("nine_times", 1, 2)
    f.emit(triple, 1, ("R", 0))
    f.emit(triple, 0, ("R", 1))
    f.emit(tiny.give, ("R", 0))
    mark_last_uses(f, tiny.MODEL.header_slots)
    insert_drops(f, tiny.MODEL.header_slots, tiny.drop, owns)
    return f


def test_opcodes_and_encoding():
    added = [v for v in TABLE.variants if v.op is triple]
    assert [v.name for v in added] == ["triple.r", "triple.t", "triple.k", "triple.i"]
    assert [v.opcode for v in added] == list(range(len(tiny.TABLE.variants), len(TABLE.variants)))
    assert added[0].layout.fields == {"dst": (0, 16, 16), "a": (0, 32, 16)}


def test_verifier():
    verify(nine_times(), TABLE, tiny.MODEL, owns)
    wrong = nine_times()
    wrong.instructions[0].arguments[1] = ("R", 5)
    with pytest.raises(VerifyError, match="operand a is out of bounds"):
        verify(wrong, TABLE, tiny.MODEL, owns)
    with pytest.raises(VerifyError, match="not an operation of this table"):
        verify(nine_times(), tiny.TABLE, tiny.MODEL, owns)


def test_text():
    text = disassemble(nine_times(), TABLE)
    assert "triple.t  r1, take r0" in text
    assert same_function(assemble(text, TABLE), nine_times())


def test_the_reference_page():
    page = reference(TABLE)
    assert "## triple\n\n`triple dst, a`\n\nThree times ``a``, or error 1.\n" in page
    assert "`triple.i`" in page


def test_the_handler(image):
    machine = Machine(tiny, image=image, table=TABLE)
    linked = machine.link(nine_times())
    assert same_function(decode(list(linked.words), [], nine_times(), TABLE, tiny.MODEL), nine_times())
    assert machine.run(linked, tiny.Number(5)) == OK
    assert machine.context.result == tiny.Number(45)
    assert machine.run(linked, tiny.Number(1 << 60)) == RAISE
    assert machine.context.error == 1


def test_the_op_harness(image):
    kit = TinyKit()
    kit.table, kit.run = TABLE, entry(image, "tiny.run")
    report = check_table(kit, [triple])
    assert not report.problems, report.text()
    assert report.counts == {"triple.r": 8, "triple.t": 8, "triple.k": 8, "triple.i": 5}
    assert report.endings["triple"] == {"value", "raised"}


def test_every_operation_has_a_page():
    for table in tables():
        page = reference(table)
        for operation in table.ops.values():
            assert f"\n## {operation.name}\n" in page
            assert (operation.__doc__ or "").strip(), f"{operation.name} does not say what it does"


# ---------------------------------------------------------------- no second mention


def tables():
    """The operation tables of the languages that have one."""
    found = [tiny.TABLE, counted.TABLE]
    for language in pkgutil.iter_modules(pagoda.languages.__path__):
        name = f"pagoda.languages.{language.name}.ops.table"
        if (PACKAGE / "languages" / language.name / "ops" / "table.py").exists():
            found.append(importlib.import_module(name).TABLE)
    return found


def other_modules():
    """All modules but those that define operations and those that emit them."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if not (parts[0] == "languages" and len(parts) > 2 and parts[2] in ("ops", "compile")):
            yield path


@pytest.mark.parametrize("path", list(other_modules()), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_second_mention(path):
    """Nobody else picks an operation out of a table by name, or imports one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and isinstance(node.slice, ast.Constant):
            chosen = node.value.attr in ("by_name", "ops") and isinstance(node.slice.value, str)
            assert not chosen, f"line {node.lineno} picks an operation by name"
        if isinstance(node, ast.ImportFrom) and ".ops" in (node.module or "") and "languages" in (node.module or ""):
            module = importlib.import_module(node.module or "")
            for alias in node.names:
                taken = type(getattr(module, alias.name, None)).__name__
                assert taken != "Op", f"line {node.lineno} imports the operation {alias.name}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "machine").glob("*.py")), ids=lambda p: p.name)
def test_the_machine_knows_no_operation(path):
    """No text in ``machine/`` is the name of a variant of any language's operation, or asks a table for one."""
    names = {name for table in tables() for name in table.by_name if "." in name}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert node.value not in names, f"line {node.lineno} names the operation {node.value}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Attribute):
            if node.func.value.attr in ("by_name", "ops") and node.args:
                assert not isinstance(node.args[0], ast.Constant), f"line {node.lineno} picks an operation by name"
