"""Names and facts while a body is lowered, and how they join where control does.

What must hold: an environment belongs to one point of control. A branch copies it; a join makes a new one, in which a name
keeps its value where all paths agree and becomes a phi where they differ. Facts (``this word equals this constant``) hold from
the branch that tested them to the join that forgets them.
"""

from __future__ import annotations

from typing import Any

from pagoda.native import types
from pagoda.native.text import Block, FunctionText
from pagoda.native.values import Abstract, Known, Parts, Word, constant_text, default_type, same


class Environment:
    """``names`` maps a local to its value, ``facts`` an SSA name to the constant it is known to equal.

    ``facts`` may be shared between environments: a new fact goes into a :meth:`copy`.
    """

    __slots__ = ("facts", "names")

    def __init__(self, names: dict[str, Abstract], facts: dict[str, Any]) -> None:
        self.names, self.facts = names, facts

    def copy(self) -> Environment:
        return Environment(dict(self.names), dict(self.facts))


class Unjoinable(Exception):
    """Two paths bring values that no phi can join."""


Edge = tuple[Block, Environment]


def materialise(value: Abstract, kind: types.Type) -> str:
    """``value`` as one LLVM operand of a scalar ``kind``."""
    if isinstance(value, Known):
        return constant_text(kind, value.value)
    if isinstance(value, Word):
        if value.type.text != kind.text:
            raise TypeError(f"expected {kind.name}, got {value.type.name}")
        return value.text
    raise TypeError(f"expected {kind.name}, got {value.type.name}")


def common_type(values: list[Abstract], declared: types.Type | None) -> types.Type:
    """The type that a phi of ``values`` has. Raises :class:`Unjoinable`."""
    found: types.Type | None = declared
    for value in values:
        if isinstance(value, Known):
            continue
        if found is None:
            found = value.type
        elif not types.same_type(found, value.type):
            found = common_reference(found, value.type)
    if found is None:
        try:
            kinds = {kind.name: kind for kind in (default_type(v.value) for v in values if isinstance(v, Known))}
        except TypeError as problem:
            raise Unjoinable(str(problem)) from None
        if len(kinds) == 2 and types.I64.name in kinds:  # i64 constants take the width of the other
            other = next(kind for kind in kinds.values() if kind is not types.I64)
            if isinstance(other, types.Scalar) and not other.is_float:
                del kinds[types.I64.name]
        if len(kinds) != 1:
            raise Unjoinable(" and ".join(kinds))
        found = next(iter(kinds.values()))
    return found


def common_reference(a: types.Type, b: types.Type) -> types.Type:
    """The struct of two that the other extends. Raises :class:`Unjoinable`."""
    if isinstance(a, types.Reference) and isinstance(b, types.Reference):
        if issubclass(b.python, a.python):
            return a
        if issubclass(a.python, b.python):
            return b
    raise Unjoinable(f"{a.name} and {b.name}")


def common_facts(paths: list[dict[str, Any]]) -> dict[str, Any]:
    """What is known on every one of several paths that meet."""
    first = paths[0]
    if not first or all(facts is first for facts in paths):
        return first
    others = paths[1:]
    return {text: fact for text, fact in first.items() if all(text in facts and facts[text] == fact for facts in others)}


def join_values(
    out: FunctionText, block: Block, edges: list[tuple[Abstract, Block]], declared: types.Type | None = None
) -> Abstract:
    """One value for what several paths bring to ``block``. Constants that agree stay constants."""
    first = edges[0][0]
    if all(same(first, value) for value, _ in edges[1:]):
        return first
    aggregates = [value for value, _ in edges if isinstance(value, Parts)]
    if aggregates:
        shape = aggregates[0]
        items = []
        for index in range(len(shape.items)):
            column: list[tuple[Abstract, Block]] = []
            for value, source in edges:
                if not isinstance(value, Parts) or not types.same_type(value.type, shape.type):
                    raise Unjoinable(f"{shape.type.name} and {'a constant' if isinstance(value, Known) else value.type.name}")
                column.append((value.items[index], source))
            items.append(join_values(out, block, column, part_type(shape.type, index)))
        return Parts(shape.type, tuple(items))
    kind = common_type([value for value, _ in edges], declared)
    if isinstance(kind, types.Void):
        return first
    try:
        texts = [(materialise(value, kind), source) for value, source in edges]
    except (TypeError, OverflowError) as problem:
        raise Unjoinable(str(problem)) from None
    return Word(kind, out.phi(block, kind.text, texts))


def part_type(kind: types.Aggregate | types.Tuple, index: int) -> types.Type:
    if isinstance(kind, types.Aggregate):
        return kind.layout.kinds[index]
    return kind.items[index]


def join(out: FunctionText, block: Block, edges: list[Edge], declared: dict[str, types.Type]) -> Environment:
    """The environment at ``block``, reached by ``edges``. A name that one path lacks, or that cannot be joined, is gone."""
    if len(edges) == 1:
        return edges[0][1].copy()
    names: dict[str, Abstract] = {}
    others = [environment.names for _, environment in edges[1:]]
    for name, value in edges[0][1].names.items():
        for other in others:
            if other.get(name) is not value:
                break
        else:  # untouched on every path, as most names are
            names[name] = value
            continue
        if all(name in other for other in others):
            try:
                names[name] = join_values(out, block, [(e.names[name], source) for source, e in edges], declared.get(name))
            except Unjoinable:
                continue
    return Environment(names, common_facts([environment.facts for _, environment in edges]))
