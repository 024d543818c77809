"""Functions and programs: the last room of the compiler, and the passes that finish a function."""

from __future__ import annotations

from pagoda.languages.ruff.compile.base import Session
from pagoda.languages.ruff.compile.program import CompiledProgram, ObjectRef, Options
from pagoda.languages.ruff.compile.statements import StatementCompiler
from pagoda.languages.ruff.compile.survey import Survey, survey
from pagoda.languages.ruff.operations import control, data, generators
from pagoda.languages.ruff.syntax import tree
from pagoda.machine.function import Function, Handler, Label
from pagoda.machine.ownership import insert_drops, mark_last_uses, remove_unreachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pagoda.languages.ruff.modules import Modules

HEADER = 2
METHOD = 1  # a flag of functions whose first parameter is the receiver


class FunctionCompiler(StatementCompiler):
    """Compiles one function, and those inside it."""

    def compile_function(self, node: tree.Function, name: str = "") -> Any:
        return compile_body(self.session, node, name or node.name or "<lambda>")

    def promising(self, body: tree.Block) -> None:
        """An async function's body: what it returns settles a promise, and an error breaks one."""
        start, end, caught = Label(), Label(), Label()
        error = self.temporary()
        self.place(start)
        self.guarded += 1
        self.block(body)
        self.leave(self.literal(None))
        self.guarded -= 1
        self.place(end)
        self.place(caught)
        if start.position < end.position:
            self.function.handlers.append(Handler(start, end, caught, error))
        made = self.temporary()
        self.emit(generators.promise, made, ("R", error), 1)
        self.emit(control.give, ("R", made))

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
        rest = [s for s in node.body.statements if not is_hoisted(s)]
        last = node.body.statements[-1] if rest and session.program.growing else None
        if isinstance(last, tree.ExpressionStatement):
            compiler.statements(rest[:-1])
            with compiler.at(last):
                compiler.leave(compiler.operand(last.value, "RTKI"))
        else:
            compiler.statements(rest)
        if session.program.growing:
            compiler.leave(compiler.no_answer())
    elif node.is_async:
        compiler.promising(node.body)
    else:
        if node.is_generator:
            compiler.emit(generators.begin_generator)
        compiler.block(node.body)
    compiler.leave(compiler.literal(None))
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


def compile_program(
    program: tree.Program, builtins: dict[str, int], options: Options | None = None, *, file: str | None = None,
    living: CompiledProgram | None = None, modules: Modules | None = None, path: str = "", name: str = "<main>",
    growing: bool = False, settled: frozenset[str] = frozenset(),
) -> CompiledProgram:  # fmt: skip
    """A whole program, or with ``living`` a module of it, which ``name`` and ``path`` are of. Raises ``Unsupported``.

    ``builtins`` maps the library's names to their numbers. ``file``, the program's own, or ``modules`` tells where to find
    what is imported; without either nothing is known of that beforehand, and anything may be overwritten.

    ``growing``: the program is an input of a session, ``living`` the input before. It has the same globals, takes nothing for
    granted that a later input may change, builtins excepted, and gives the value of its last statement, or ``NO_ANSWER``.
    ``settled``: globals of earlier inputs that the definition of a struct of that name leaves as they are.
    """
    made = CompiledProgram(path=path, modules=modules, options=options or (living.options if living else Options()))
    made.growing = growing
    if living is not None:
        made.names = living.names
        if growing:
            made.globals, made.relied, made.overwritten = living.globals, living.relied, living.overwritten
    functions: set[str] = set()
    for statement in program.main.body.statements:
        inner = statement.statement if isinstance(statement, tree.Export) else statement
        if isinstance(inner, tree.FunctionStatement) and inner.binding.kind == "global":
            functions.add(inner.function.name)
    hoisted = frozenset(functions) | settled
    found = survey(program)
    made.overloads, made.careful = found.overloads, found.overloads or growing
    foreseen, known = look_ahead(made, found, file)
    made.overwritten |= found.changed | program.globals.keys()
    overwritten = set(made.overwritten)
    functions -= found.changed
    if not known:
        overwritten |= builtins.keys()
    if growing or not known:
        functions.clear()
    session = Session(
        made, made.options, builtins, frozenset(overwritten), frozenset(functions), program.main, made.careful, foreseen,
        hoisted,
    )
    made.main = compile_body(session, program.main, name)
    return made


def look_ahead(made: CompiledProgram, found: Survey, file: str | None) -> tuple[dict[int, frozenset[str]], bool]:
    """Adds to a survey what imports bring; the names that each import statement binds, and whether all of them are known."""
    foreseen: dict[int, frozenset[str]] = {}
    if not found.imports:
        return foreseen, True
    from pagoda.languages.ruff.compile.foresight import Foresight
    from pagoda.languages.ruff.modules import Modules

    if made.modules is None and file is not None:
        made.modules = Modules(file)
    foresight = Foresight(made.modules, made.path)
    made.careful = made.careful or foresight.overloads(found)
    known = True
    for node in found.imports:
        names = foresight.names(node) if node.names is None else frozenset[str]()
        if names is None:
            known = False
        else:
            foreseen[id(node)] = names
            found.changed |= names
    return foreseen, known
