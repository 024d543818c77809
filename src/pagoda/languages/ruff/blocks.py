"""Test blocks: turns each ``test "..." {}`` of a source into a program of its own, which any storey can run.

Such a program is the file's top-level *declarations* (functions, structs, enums, imports; other top-level code does not run),
then the setup, the test's body, and the teardown. As the language has it: of several setups or teardowns the last counts, a
failing test skips the teardown, and an error in the teardown is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.parser import parse
from pagoda.machine.source import Source

_DECLARATIONS = (tree.FunctionStatement, tree.StructStatement, tree.EnumStatement, tree.Import)


def titles(program: tree.Program) -> list[str]:
    """The names of all test blocks, groups flattened, in order."""
    return [test.title for test in _tests(program.main.body.statements, "test")]


def single(source: Source, index: int) -> tree.Program:
    """An unresolved program that runs the test block number ``index`` and nothing else.

    Parsed anew each time: resolving a tree writes into it, so two programs must not share parts of one.
    """
    program = parse(source)
    statements = program.main.body.statements
    test = list(_tests(statements, "test"))[index]
    setups = list(_tests(statements, "test_setup"))
    teardowns = list(_tests(statements, "test_teardown"))
    body: list[tree.Statement] = [statement for statement in statements if _is_declaration(statement)]
    if setups:
        body += setups[-1].function.body.statements  # not a block of its own: the test sees what the setup defines
    body.append(test.function.body)
    if teardowns:
        teardown = teardowns[-1].function.body
        end = (teardown.span[1], teardown.span[1])
        body.append(tree.TryExcept(teardown.span, teardown, tree.NamePattern(end, "_"), tree.Block(end, [])))
    statements[:] = body
    return program


def _is_declaration(statement: tree.Statement) -> bool:
    if isinstance(statement, tree.Export):
        return _is_declaration(statement.statement)
    return isinstance(statement, _DECLARATIONS)


def _tests(statements: list[tree.Statement], kind: str) -> Iterator[tree.Test]:
    for statement in statements:
        if isinstance(statement, tree.Test):
            if statement.kind == kind:
                yield statement
            yield from _tests(statement.members, kind)
