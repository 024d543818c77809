"""What the compiler must know of a whole program before it compiles the first function: which globals change, what
operators do."""

from __future__ import annotations

from pagoda.languages.ruff.operators import OVERLOADS, UNARY_OVERLOADS
from pagoda.languages.ruff.syntax import tree
from pagoda.records import Record, fresh

METHODS = frozenset((*OVERLOADS.values(), *UNARY_OVERLOADS.values()))
_PLAIN = (tree.Name, tree.IntLiteral, tree.StringLiteral, tree.FloatLiteral, tree.BoolLiteral, tree.NullLiteral, tree.Binding)


class Survey(Record):
    """``changed``: globals that something other than a hoisted function's definition gives a value. ``overloads``: whether a
    struct defines what an operator does with it. ``imports``: all import statements."""

    changed: set[str] = fresh(factory=set)
    overloads: bool = False
    imports: list[tree.Import] = fresh(factory=list)


def survey(program: tree.Program) -> Survey:
    """Looks at every node."""
    found = Survey()
    hoisted = set()
    for statement in program.main.body.statements:
        inner = statement.statement if isinstance(statement, tree.Export) else statement
        if isinstance(inner, tree.FunctionStatement):
            hoisted.add(id(inner))
    work: list[object] = [program.main.body]
    while work:
        node = work.pop()
        if isinstance(node, list | tuple):
            work.extend(node)
            continue
        if not isinstance(node, Record) or isinstance(node, _PLAIN):
            continue
        if isinstance(node, tree.StructStatement):
            found.changed.add(node.name)
            found.overloads |= any(method.name in METHODS for method in node.methods)
        elif isinstance(node, tree.Import):
            found.changed.update(node.module[-1:] if node.names is None else node.names)
            found.imports.append(node)
        elif isinstance(node, tree.CasePattern):
            for _, binding in node.payload_bindings:
                note(binding, found)
        elif isinstance(node, tree.NamePattern | tree.AssignName) or (
            isinstance(node, tree.FunctionStatement) and id(node) not in hoisted
        ):
            note(node.binding, found)
        elif isinstance(node, tree.AssignPlace):
            note_root(node.target, found)
        work.extend(getattr(node, name) for name in node.__fields__)
    return found


def note(binding: tree.Binding, found: Survey) -> None:
    """A variable is given a value."""
    if binding.kind in ("global", "field"):
        found.changed.add(binding.name)


def note_root(place: tree.Expression, found: Survey) -> None:
    """Part of a variable's value is changed."""
    while isinstance(place, tree.FieldGet | tree.IndexGet):
        place = place.receiver
    if isinstance(place, tree.Name):
        note(place.binding, found)
