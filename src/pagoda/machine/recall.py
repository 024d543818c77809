"""Recalling operations: what compiling and loading need of a language's operations, without importing their definitions.

Definitions are typed Python over the whole runtime; importing them takes longer than most programs run. :func:`remember` writes
down what follows from them (names, operands, flags, opcodes, constants of their modules, layouts of structs) as plain data that
:mod:`marshal` stores; :class:`Recall` gives it back. The data is made from the definitions and is kept under a key that covers
their sources, so there is one definition still.

What must hold: a recalled operation *is* the operation. When its module is imported later, the definition fills the object that
was recalled; and what was not remembered (the body, for one) is read from the definition, which is imported then.
"""

from __future__ import annotations

import sys
from importlib import import_module

from pagoda.machine import operands
from pagoda.machine.ops import Op, OpTable, Parameter, Variant, recalled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from pagoda.machine.values import ValueModel

_PLAIN = (bool, int, float, str, frozenset, type(None))


def remember(model: ValueModel, table: OpTable, modules: Mapping[str, str], structs: Iterable[type]) -> dict[str, Any]:
    """What a :class:`Recall` needs. ``modules``: those it shall stand for, by short name. ``structs``: those with layouts."""
    from pagoda.native.types import layout_of

    numbers = {id(operation): number for number, operation in enumerate(table.ops.values())}
    spaces = {}
    for short, dotted in modules.items():
        space: dict[str, tuple[str, Any]] = {}
        for name, item in vars(import_module(dotted)).items():
            if id(item) in numbers:
                space[name] = "op", numbers[id(item)]
            elif isinstance(item, _PLAIN) and not name.startswith("_"):
                space[name] = "constant", item
        spaces[short] = dotted, space
    layouts = {}
    for struct in structs:
        layout = layout_of(struct)
        layouts[struct.__name__] = layout.size, {name: offset for name, (_, offset) in layout.fields.items()}
    return {
        "modules": spaces, "layouts": layouts, "slot_size": model.slot_size,
        "ops": [_remember_op(operation) for operation in table.ops.values()],
        "variants": {variant.name: variant.opcode for variant in table.variants},
    }  # fmt: skip


def _remember_op(operation: Op) -> tuple[dict[str, Any], list[Any]]:
    parameters = []
    for parameter in operation.parameters:
        kind = parameter.kind
        parameters.append((parameter.name, type(kind).__name__, tuple(getattr(kind, field) for field in kind.__fields__)))
    return {name: item for name, item in vars(operation).items() if isinstance(item, _PLAIN) and name != "__doc__"}, parameters


class Recall:
    """What was remembered of one language. ``layouts``: of each struct by name, its size and its fields' offsets."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self._facts = facts
        self._ops: dict[int, Op] = {}
        self._modules: dict[str, RecalledModule] = {}
        self.layouts: dict[str, tuple[int, dict[str, int]]] = facts["layouts"]
        self.slot_size: int = facts["slot_size"]
        self.table = RecalledTable(self)

    def module(self, name: str) -> RecalledModule:
        """What stands for the module of that short name."""
        found = self._modules.get(name)
        if found is None:
            found = self._modules[name] = RecalledModule(self, *self._facts["modules"][name])
        return found

    def operation(self, number: int) -> Op:
        """The operation of that number in the order of the table."""
        found = self._ops.get(number)
        if found is None:
            attributes, rows = self._facts["ops"][number]
            module, name = attributes["__module__"], attributes["name"]
            if module in sys.modules:
                found = getattr(import_module(module), name)
            else:
                found = recalled[module, name] = Op.__new__(Op)
                vars(found).update(attributes)
                found._parameters = [Parameter(name, getattr(operands, kind)(*fields), None) for name, kind, fields in rows]
            self._ops[number] = found
        return found

    def operations(self) -> list[Op]:
        """All of them."""
        return [self.operation(number) for number in range(len(self._facts["ops"]))]

    def opcode(self, variant: str) -> int:
        """Raises ``KeyError`` where there is no such variant."""
        number: int = self._facts["variants"][variant]
        return number


class RecalledModule:
    """Stands for a module of definitions: has its operations and constants as attributes, and the rest when asked for it."""

    def __init__(self, recall: Recall, dotted: str, space: dict[str, tuple[str, Any]]) -> None:
        self._recall, self._dotted, self._space = recall, dotted, space

    def __repr__(self) -> str:
        return f"<recalled module {self._dotted}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        kind, item = self._space.get(name, ("", None))
        if kind == "op":
            item = self._recall.operation(item)
        elif kind == "":
            item = getattr(import_module(self._dotted), name)
        setattr(self, name, item)
        return item


class RecalledTable(OpTable):
    """A table whose variants are made as they are asked for; its lists, which are for tools, are made whole."""

    def __init__(self, recall: Recall) -> None:
        self._recall = recall
        self._made: dict[str, Variant] = {}

    def variant(self, operation: Op, letters: str) -> Variant:
        name = f"{operation.name}.{letters.lower()}" if letters else operation.name
        found = self._made.get(name)
        if found is None:
            opcode = self._recall.opcode(name)
            found = self._made[name] = Variant(operation, letters)
            found.opcode = opcode
        return found

    def __getattr__(self, name: str) -> Any:
        if name not in ("ops", "variants", "by_name"):
            raise AttributeError(name)
        super().__init__(self._recall.operations())
        return vars(self)[name]
