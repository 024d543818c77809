"""UPLC's table of operations and its value model: what builds the interpreter, and what the compiler emits."""

from __future__ import annotations

from types import ModuleType

from pagoda.languages.uplc.builtins.table import BUILTINS
from pagoda.languages.uplc.natives.numbering import name_of
from pagoda.languages.uplc.natives.polls import look
from pagoda.languages.uplc.ops import (
    builtins_branches,
    builtins_bytes,
    builtins_choices,
    builtins_data,
    builtins_integers,
    builtins_lists,
    control,
    stubs,
)  # fmt: skip
from pagoda.languages.uplc.ops.model import (
    UplcCode,
    UplcContext,
    Value,
    charge_entry,
    constants_of,
    empty,
    exhausted,
    failed,
    from_immediate,
    locate_any,
)  # fmt: skip
from pagoda.machine.ops import OpTable
from pagoda.machine.values import PlaceMode, ValueModel

MODEL = ValueModel(
    name="uplc", value=Value, context=UplcContext, from_immediate=from_immediate, empty=empty, failed=failed,
    places={"X": PlaceMode("X", locate_any, "operand")}, code=UplcCode, charge_entry=charge_entry, exhausted=exhausted,
    constants=constants_of, traces=False, look=look,
)  # fmt: skip
THEMES: tuple[ModuleType, ...] = (
    builtins_integers, builtins_bytes, builtins_lists, builtins_data, builtins_choices, builtins_branches,
)  # fmt: skip
TABLE = OpTable.of_modules([control, stubs, *THEMES])


def opcode(name: str) -> int:
    """The opcode of an operation, all of whose operands are of the one form there is; 0xFFFF where there is none."""
    operation = TABLE.ops.get(name)
    if operation is None:
        return 0xFFFF
    (variant,) = operation.variants()
    return TABLE.by_name[variant.name].opcode


def opcode_row(prefix: str = "") -> bytes:
    """For each builtin the opcode of the operation named after it, behind a prefix: 16 bits each, the low ones first."""
    return b"".join(opcode(prefix + name_of(builtin.name)).to_bytes(2, "little") for builtin in BUILTINS)
