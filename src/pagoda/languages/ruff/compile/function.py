"""Functions and programs: the last room of the compiler, and the passes that finish a function."""

from __future__ import annotations

from pagoda.languages.ruff.compile.base import Session
from pagoda.languages.ruff.compile.program import CompiledProgram, ObjectRef, Options
from pagoda.languages.ruff.compile.statements import StatementCompiler
from pagoda.languages.ruff.compile.survey import survey
from pagoda.languages.ruff.operations import control, data
from pagoda.languages.ruff.syntax import tree
from pagoda.machine.function import Function
from pagoda.machine.ownership import insert_drops, mark_last_uses, remove_unreachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HEADER = 2
METHOD = 1  # a flag of functions whose first parameter is the receiver


class FunctionCompiler(StatementCompiler):
    """Compiles one function, and those inside it."""

    def compile_function(self, node: tree.Function) -> Any:
        if node.is_generator:
            raise self.unsupported("a generator", node)
        return compile_body(self.session, node, node.name or "<lambda>")

    def compile_method(self, node: tree.Function, name: str) -> Any:
        if node.is_generator:
            raise self.unsupported("a generator", node)
        function = compile_body(self.session, node, name)
        function.flags |= METHOD
        return function


def compile_body(session: Session, node: tree.Function, name: str) -> Function:
    """A function's instructions, finished."""
    compiler = FunctionCompiler(session, node, name)
    if node is session.main:
        hoist(compiler, node)
        compiler.statements([s for s in node.body.statements if not is_hoisted(s)])
    else:
        compiler.block(node.body)
    compiler.emit(control.give, compiler.literal(None))
    finish(compiler.function, session.options)
    session.program.functions.append(compiler.function)
    return compiler.function


def is_hoisted(node: tree.Statement) -> bool:
    """Whether a top-level statement takes effect before all others."""
    inner = node.statement if isinstance(node, tree.Export) else node
    return isinstance(inner, tree.FunctionStatement)


def hoist(compiler: FunctionCompiler, node: tree.Function) -> None:
    """Defines the top level's functions first."""
    for statement in node.body.statements:
        inner = statement.statement if isinstance(statement, tree.Export) else statement
        if isinstance(inner, tree.FunctionStatement):
            compiler.statement(inner)


def finish(function: Function, options: Options) -> None:
    """The passes every function goes through."""
    if options.unreachable:
        remove_unreachable(function, HEADER)
    mark_last_uses(function, HEADER, overwritten_only=not options.last_uses)
    insert_drops(function, HEADER, data.drop, owns)


def owns(constant: Any) -> bool:
    """Whether a constant's value is counted."""
    return isinstance(constant, str | ObjectRef)


def compile_program(program: tree.Program, builtins: dict[str, int], options: Options | None = None) -> CompiledProgram:
    """The whole program. ``builtins`` maps the library's names to their numbers. Raises ``Unsupported``."""
    made = CompiledProgram()
    functions: set[str] = set()
    for statement in program.main.body.statements:
        inner = statement.statement if isinstance(statement, tree.Export) else statement
        if isinstance(inner, tree.FunctionStatement) and inner.binding.kind == "global":
            functions.add(inner.function.name)
    found = survey(program)
    overwritten = found.changed | program.globals.keys()
    session = Session(
        made, options or Options(), builtins, frozenset(overwritten), frozenset(functions - found.changed),
        program.main, found.overloads
    )
    made.overloads = found.overloads
    made.main = compile_body(session, program.main, "<main>")
    return made
