"""Test blocks: turns each ``test "..." {}`` of a source into a program of its own, which any storey can run.

Such a program is the *declarations* (functions, structs, enums, imports; other code does not run) of the file and of the groups
around the test, then the setup, the test's body, and the teardown. As the language has it: of several setups or teardowns the
last counts, wherever it stands; a failing test skips the teardown, and an error in the teardown is ignored. What must hold:
``return`` in a test ends the test, not the program, so the teardown still runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.machine.source import Source

_DECLARATIONS = (tree.FunctionStatement, tree.StructStatement, tree.EnumStatement, tree.Import)


def titles(program: tree.Program) -> list[str]:
    """The names of all test blocks, groups flattened, in order."""
    return [test.title for test, _ in _tests(program.main.body.statements, "test")]


def single(source: Source, index: int) -> tree.Program:
    """An unresolved program that runs the test block number ``index`` and nothing else.

    Parsed anew each time: resolving a tree writes into it, so two programs must not share parts of one.
    """
    program = parse(source)
    statements = program.main.body.statements
    test, groups = list(_tests(statements, "test"))[index]
    setups = [setup for setup, _ in _tests(statements, "test_setup")]
    teardowns = [teardown for teardown, _ in _tests(statements, "test_teardown")]
    around = [*statements, *(member for group in groups for member in group.members)]
    body: list[tree.Statement] = [statement for statement in around if _is_declaration(statement)]
    if setups:
        body += setups[-1].function.body.statements  # not a block of its own: the test sees what the setup defines
    body.append(_call(test) if _leaves(test.function.body) else test.function.body)
    if teardowns:
        teardown = teardowns[-1].function.body
        end = (teardown.span[1], teardown.span[1])
        body.append(tree.TryExcept(teardown.span, teardown, tree.NamePattern(end, "_"), tree.Block(end, [])))
    statements[:] = body
    return program


def _call(test: tree.Test) -> tree.Statement:
    test.function.name = test.title
    return tree.ExpressionStatement(test.span, tree.Call(test.span, test.function, []))


def _leaves(node: object) -> bool:
    """Whether a ``return`` or a ``?`` in the node ends the test."""
    if isinstance(node, (tree.Return, tree.Try)):
        return True
    if isinstance(node, (list, tuple)):
        return any(_leaves(item) for item in node)
    if not isinstance(node, tree.Node) or isinstance(node, tree.Function):
        return False
    return any(_leaves(getattr(node, field)) for field in node.__fields__)


def _is_declaration(statement: tree.Statement) -> bool:
    if isinstance(statement, tree.Export):
        return _is_declaration(statement.statement)
    return isinstance(statement, _DECLARATIONS)


def _tests(
    statements: list[tree.Statement], kind: str, groups: tuple[tree.Test, ...] = ()
) -> Iterator[tuple[tree.Test, tuple[tree.Test, ...]]]:
    """The blocks of a kind, each with the groups around it, outermost first."""
    for statement in statements:
        if isinstance(statement, tree.Test):
            if statement.kind == kind:
                yield statement, groups
            yield from _tests(statement.members, kind, (*groups, statement))
