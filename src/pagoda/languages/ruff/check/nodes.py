"""Going over a syntax tree whatever its nodes are: children in the order of the text, and the names each block declares."""

from __future__ import annotations

from collections.abc import Iterator

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.toplevel import pattern_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def children(node: tree.Node) -> Iterator[tree.Node]:
    """The nodes directly below a node."""
    for field in node.__fields__:
        yield from _nodes_in(getattr(node, field))


def _nodes_in(value: Any) -> Iterator[tree.Node]:
    if isinstance(value, tree.Node):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _nodes_in(item)


def every_node(root: tree.Node) -> Iterator[tree.Node]:
    """The node and all below it, each before its children. Needs no recursion, however deep the tree is."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))


def path_to(root: tree.Node, offset: int, end: int | None = None) -> list[tree.Node]:
    """The nodes around a place, from ``root`` to the innermost."""
    path = [root]
    last = offset if end is None else end
    while True:
        for child in children(path[-1]):
            if child.span[0] <= offset and last <= child.span[1]:
                path.append(child)
                break
        else:
            return path


def declared(statement: tree.Node) -> Iterator[tuple[str, tree.Span]]:
    """The names a statement declares in the block it stands in, with their places; assignments that declare count.

    The tree must be resolved.
    """
    if isinstance(statement, tree.Export):
        yield from declared(statement.statement)
    elif isinstance(statement, tree.Declaration):
        for name in pattern_names(statement.pattern):
            yield name.name, name.span
    elif isinstance(statement, tree.AssignName):
        if statement.declares:
            yield statement.name, statement.name_span
    elif isinstance(statement, tree.FunctionStatement):
        yield statement.function.name, statement.span
    elif isinstance(statement, tree.Import):
        for imported in statement.names if statement.names is not None else statement.module[-1:]:
            yield imported, statement.span


def visible_names(program: tree.Program, offset: int) -> set[str]:
    """The variables that a place in a resolved program can see, builtins apart.

    Functions, structs, enums and variables of the top level count wherever they are declared.
    """
    found = set(program.globals)
    top = program.main.body
    for node in path_to(program, offset):
        if isinstance(node, tree.Function):
            found.update(parameter.name for parameter in node.parameters)
            if node.name:
                found.add(node.name)
        elif isinstance(node, tree.For | tree.TryExcept):
            found.add(node.name.name)
        elif isinstance(node, tree.Match):
            found.update(case.payload for case, body in node.cases if case.payload and body.span[0] <= offset <= body.span[1])
        statements = node.statements if isinstance(node, tree.Block) else node.members if isinstance(node, tree.Test) else ()
        for statement in statements:
            if statement.span[0] < offset or node is top:
                found.update(name for name, _ in declared(statement))
    found.discard("_")
    return found


def declarations(program: tree.Program) -> dict[str, list[tree.Span]]:
    """Where each name is declared, in whatever block, in the order of the text. The tree must be resolved."""
    places: dict[str, list[tree.Span]] = {}
    for node in every_node(program):
        for statement in node.statements if isinstance(node, tree.Block) else ():
            for name, span in declared(statement):
                places.setdefault(name, []).append(span)
    return places


def declared_elsewhere(places: list[tree.Span], offset: int) -> tree.Span | None:
    """Of the declarations of a name that a place cannot see, the one to show: the last before it, else the first."""
    before = [span for span in places if span[1] <= offset]
    if before:
        return max(before)
    return min(places, default=None)
