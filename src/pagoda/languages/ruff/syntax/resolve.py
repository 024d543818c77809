"""Which variable each name means: fills the bindings of a tree, and the errors that reaching a statement must raise.

Scopes are lexical and read in the order of the text: a name is visible after its declaration, to the end of its block. What
no scope declares is a global, looked up when reached. Variables of the top level become slots of ``main`` where nothing but
the top level's own statements, after the declaration, can see them; otherwise they are globals.

Redeclaring or reassigning wrongly is a run-time error of the language, in order with the program's output. So nothing is
raised here: the message is left in the node's ``error``.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.depth import allow_recursion
from pagoda.languages.ruff.syntax.scopes import Frame, Scope
from pagoda.languages.ruff.syntax.toplevel import TopLevel, assigned_names, mutability_of, pattern_names, root_name
from pagoda.languages.ruff.syntax.tree import Binding
from pagoda.machine.source import Diagnostic
from pagoda.records import Record, fresh

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def resolve(program: tree.Program, *, builtins: frozenset[str] | set[str], interactive: bool = False) -> list[Diagnostic]:
    """Fill the bindings of a program; returns warnings.

    ``builtins`` are the names that exist before the program starts. ``interactive`` makes every top-level variable a global
    that later inputs see, and lets declarations replace ``builtins``, to which the caller adds the names of earlier inputs.
    """
    allow_recursion()
    _Resolver(program, frozenset(builtins), interactive).run()
    return []


_Target = tree.Name | tree.AssignName | tree.NamePattern | tree.FunctionStatement


class _TopVariable(Record):
    """A variable of the top level and the nodes of the top level that mean it, until it is known where it lives."""

    mutability: str
    nodes: list[_Target] = fresh(factory=list)


class _Resolver:
    def __init__(self, program: tree.Program, builtins: frozenset[str], interactive: bool) -> None:
        self.program = program
        self.top = TopLevel(program.main.body.statements, builtins, interactive)
        self.variables: dict[str, _TopVariable] = {}
        self.shared: set[str] = set(self.top.fixed)  # names that must be globals
        self.reached: set[str] = set()  # structs, enums and imports of the top level so far
        self.main = Frame(program.main, None)
        self.frame = self.main
        self.setup: Frame | None = None  # the test_setup being resolved: its own variables are globals

    def run(self) -> None:
        self.statements(self.program.main.body.statements)
        self._place_variables()
        self.main.finish()

    def _place_variables(self) -> None:
        local: set[str] = set()
        for name, variable in self.variables.items():
            if self.top.interactive or name in self.shared or name in self.top.builtins or name in self.top.setup:
                continue
            local.add(name)
            binding = self.main.new_slot(name, variable.mutability)
            for node in variable.nodes:
                node.binding = binding
        self.program.globals = {name: how for name, how in self.top.defined.items() if name not in local}

    # ------------------------------------------------------------ names

    def at_top(self) -> bool:
        """Whether statements here stand directly at the top level."""
        return self.frame is self.main and not self.main.scopes

    def global_binding(self, name: str) -> Binding:
        return Binding("global", name, -1, self.top.mutability(name))

    def read(self, name: str, node: tree.Name) -> Binding:
        """What a name means where it is read."""
        binding = self.frame.lookup(name)
        if binding is not None:
            if binding.kind == "field":
                self.shared.add(name)  # a receiver without that field falls back to the global
            return binding
        if self.frame is self.main:
            variable = self.variables.get(name)
            if variable is not None:
                variable.nodes.append(node)
            else:
                self.shared.add(name)  # read before its declaration, if there is one: an import may have brought it
            return self.global_binding(name)
        self.shared.add(name)
        if self.frame.fields is not None and not self.top.knows(name):
            return Binding("field", name)
        return self.global_binding(name)

    def assign(self, node: tree.AssignName) -> None:
        """What a bare name means where it is assigned, after its value was resolved."""
        name = node.name
        node.declares = False
        binding = self.frame.lookup(name)
        if binding is not None and binding.kind != "self_function":
            node.binding = binding
        elif self.frame is self.main and name in self.variables:
            self.variables[name].nodes.append(node)
            node.binding = self.global_binding(name)
        elif self._assigns_global(name):
            self.shared.add(name)
            node.binding = self.global_binding(name)
        else:
            node.declares = True
            node.binding = self.declare(name, "mut", node)[0]
        node.error = None if node.declares else _reassigned(node.binding)

    def _assigns_global(self, name: str) -> bool:
        if self.frame is not self.main:
            return self.top.knows(name) and not (self.setup is self.frame and name in self.top.setup)
        # The top level runs in the order of the text: what it declares further down does not exist yet.
        return name in self.top.builtins or name in self.top.hoisted or name in self.reached

    def declare(self, name: str, mutability: str, node: _Target) -> tuple[Binding, str | None]:
        """A new variable in the innermost scope, or the one that is there already and the error that this is."""
        if self.at_top():
            variable = self.variables.get(name)
            if variable is None and name not in self.top.hoisted and not self.top.is_builtin(name):
                self.variables[name] = _TopVariable(mutability, [node])
                return self.global_binding(name), None
            if variable is not None:
                variable.nodes.append(node)
            return self.global_binding(name), _duplicate(name)
        scope = self.frame.scopes[-1]
        known = scope.names.get(name)
        if known is not None:
            return known, _duplicate(name)
        if self.setup is self.frame and len(self.frame.scopes) == 1:
            binding = Binding("global", name, -1, mutability)
            scope.names[name] = binding
            return binding, None
        return self.frame.declare(name, mutability), None

    # ------------------------------------------------------------ statements

    def statements(self, statements: list[tree.Statement]) -> None:
        for statement in statements:
            _STATEMENTS[type(statement)](self, statement)

    def block(self, block: tree.Block, scope: Scope | None = None) -> None:
        """A block in a scope of its own."""
        self.frame.scopes.append(scope or Scope())
        self.statements(block.statements)
        self.frame.scopes.pop()

    def bound_block(self, name: tree.NamePattern, block: tree.Block) -> None:
        """A block that begins with a name bound: a loop's or a handler's. The name has a scope around the block's own."""
        self.frame.scopes.append(Scope())
        if name.name != "_":
            name.binding = self.frame.declare(name.name, "mut")
        self.block(block)
        self.frame.scopes.pop()

    def declaration(self, node: tree.Declaration) -> None:
        self.expression(node.value)
        node.error = None
        for name in pattern_names(node.pattern):
            name.binding, error = self.declare(name.name, mutability_of(node.keyword), name)
            node.error = node.error or error

    def assign_name(self, node: tree.AssignName) -> None:
        self.expression(node.value)
        self.assign(node)

    def assign_place(self, node: tree.AssignPlace) -> None:
        self.expression(node.target)
        self.expression(node.value)
        root = root_name(node.target)
        node.error = _mutated(root.binding) if root is not None else None

    def function_statement(self, node: tree.FunctionStatement) -> None:
        name = node.function.name
        if self.at_top():
            node.binding = self.global_binding(name)  # hoisted; it replaces a function or builtin of its name
            self.function(node.function)
            return
        in_setup = self.setup is self.frame and len(self.frame.scopes) == 1
        self.function(node.function, own_name="" if in_setup else name)
        node.binding, error = self.declare(name, "mut", node)
        node.error = error if node.binding.mutability != "mut" else None  # one function may follow another, as at the top

    def enum_statement(self, node: tree.EnumStatement) -> None:
        self._reach(node.name)

    def struct_statement(self, node: tree.StructStatement) -> None:
        self._reach(node.name)
        fields = frozenset(name for name, _ in node.fields)
        for method in node.methods:
            self.function(method, fields=None if method.has_self else fields)

    def import_statement(self, node: tree.Import) -> None:
        if node.names is None:
            # What the module exports is known only when it runs; it may mean any variable that exists by then.
            self.shared.update(self.variables)
            self._reach(node.module[-1])
            return
        for name in node.names:
            self._reach(name)

    def _reach(self, name: str) -> None:
        self.shared.add(name)
        if self.at_top():
            self.reached.add(name)

    def export(self, node: tree.Export) -> None:
        self.statements([node.statement])

    def expression_statement(self, node: tree.ExpressionStatement | tree.Return) -> None:
        if node.value is not None:
            self.expression(node.value)

    def nothing(self, node: tree.Node) -> None:
        """A node without names."""

    def if_statement(self, node: tree.If) -> None:
        step: tree.If | tree.Block | None = node
        while isinstance(step, tree.If):
            self.expression(step.condition)
            self.block(step.then)
            step = step.otherwise
        if step is not None:
            self.block(step)

    def while_statement(self, node: tree.While) -> None:
        if node.condition is not None:
            self.expression(node.condition)
        self.block(node.body)

    def for_statement(self, node: tree.For) -> None:
        self.expression(node.iterable)
        self.bound_block(node.name, node.body)

    def match_statement(self, node: tree.Match) -> None:
        self.expression(node.subject)
        for pattern, body in node.cases:
            self.frame.scopes.append(Scope(pattern))
            pattern.payload_bindings = []
            if pattern.payload is not None and pattern.payload != "_":
                pattern.payload_bindings.append((0, self.frame.declare(pattern.payload, "mut")))
            self.block(body)
            self.frame.scopes.pop()
        if node.default is not None:
            self.block(node.default)

    def try_statement(self, node: tree.TryExcept) -> None:
        self.block(node.body)
        self.bound_block(node.name, node.handler)

    def spawn_statement(self, node: tree.Spawn) -> None:
        self.function(node.function)

    def test_statement(self, node: tree.Test) -> None:
        self.function(node.function, setup=node.kind == "test_setup")
        if node.members:
            self.block(tree.Block(node.span, node.members))

    # ------------------------------------------------------------ functions

    def function(
        self, node: tree.Function, own_name: str = "", fields: frozenset[str] | None = None, setup: bool = False
    ) -> None:
        """A function's parameters and body, in a frame of its own."""
        outer, outer_setup = self.frame, self.setup
        frame = self.frame = Frame(node, outer, fields)
        if own_name:
            frame.scopes.append(Scope())
            frame.scopes[-1].names[own_name] = Binding("self_function", own_name)
        if setup:
            self.setup = frame
        else:
            frame.scopes.append(Scope())
            if node.is_method and not node.has_self:
                frame.declare("self", "mut")
            for parameter in node.parameters:
                frame.declare(parameter.name, "mut")
        copies = self._copies_of_fields(node, fields) if fields else []
        self.block(node.body)
        node.body.statements[:0] = copies
        frame.finish()
        self.frame, self.setup = outer, outer_setup

    def _copies_of_fields(self, node: tree.Function, fields: frozenset[str]) -> list[tree.Statement]:
        """In a method without ``self``: fields that the body assigns become locals, which begin with the field's value.

        Each copy is a statement for the start of the body, so that it holds whichever way the body takes. Their spans are
        empty, by which those of an earlier run are known.
        """
        place = (node.body.span[0], node.body.span[0])
        body = node.body.statements
        while body and body[0].span == place:
            del body[0]
        parameters = {parameter.name for parameter in node.parameters}
        copies: list[tree.Statement] = []
        for name in dict.fromkeys(assigned_names(body)):
            if name in fields and name not in parameters:
                value = tree.Name(place, name, Binding("field", name))
                local = self.frame.declare(name, "mut")
                copies.append(tree.AssignName(place, name, value, place, local, declares=True))
                self.shared.add(name)
        return copies

    # ------------------------------------------------------------ expressions

    def expression(self, node: tree.Expression) -> None:
        _EXPRESSIONS[type(node)](self, node)

    def name(self, node: tree.Name) -> None:
        node.binding = self.read(node.name, node)

    def items(self, node: tree.ArrayLiteral) -> None:
        for item in node.items:
            self.expression(item)

    def parts(self, node: tree.Interpolation) -> None:
        for part in node.parts:
            self.expression(part)

    def entries(self, node: tree.DictLiteral) -> None:
        for key, value in node.entries:
            if key is not None:
                self.expression(key)
            self.expression(value)

    def struct_fields(self, node: tree.StructLiteral) -> None:
        for _, value in node.fields:
            self.expression(value)

    def unary(self, node: tree.Unary | tree.Try) -> None:
        self.expression(node.operand)

    def binary(self, node: tree.Binary | tree.Logical) -> None:
        self.expression(node.left)
        self.expression(node.right)

    def call(self, node: tree.Call) -> None:
        # A piped value is evaluated before the callee, but neither declares anything, so the order is of no matter here.
        self.expression(node.callee)
        for argument in node.args:
            self.expression(argument)

    def method_call(self, node: tree.MethodCall) -> None:
        self.expression(node.receiver)
        for argument in node.args:
            self.expression(argument)

    def field_get(self, node: tree.FieldGet) -> None:
        self.expression(node.receiver)

    def index_get(self, node: tree.IndexGet) -> None:
        self.expression(node.receiver)
        self.expression(node.index)

    def enum_value(self, node: tree.EnumValue) -> None:
        for argument in node.args or ():
            self.expression(argument)

    def value(self, node: tree.Spread | tree.ResultValue | tree.Throw | tree.Yield | tree.Await) -> None:
        if node.value is not None:
            self.expression(node.value)


def _duplicate(name: str) -> str:
    return f"Duplicate declaration in the same scope: {name}"


def _reassigned(binding: Binding) -> str | None:
    if binding.mutability == "let":
        return f"Cannot reassign immutable let binding: {binding.name}"
    return f"Cannot reassign const binding: {binding.name}" if binding.mutability == "const" else None


def _mutated(binding: Binding) -> str | None:
    if binding.mutability == "let":
        return f"Cannot mutate immutable let binding: {binding.name}"
    return f"Cannot mutate const binding: {binding.name}" if binding.mutability == "const" else None


# Each node type and what resolves it; the handlers take the node type of their key, which a table cannot express.
_STATEMENTS: dict[type[tree.Node], Callable[[_Resolver, Any], None]] = {
    tree.ExpressionStatement: _Resolver.expression_statement,
    tree.Declaration: _Resolver.declaration,
    tree.AssignName: _Resolver.assign_name,
    tree.AssignPlace: _Resolver.assign_place,
    tree.FunctionStatement: _Resolver.function_statement,
    tree.EnumStatement: _Resolver.enum_statement,
    tree.StructStatement: _Resolver.struct_statement,
    tree.Import: _Resolver.import_statement,
    tree.Export: _Resolver.export,
    tree.Return: _Resolver.expression_statement,
    tree.Break: _Resolver.nothing,
    tree.Continue: _Resolver.nothing,
    tree.If: _Resolver.if_statement,
    tree.While: _Resolver.while_statement,
    tree.For: _Resolver.for_statement,
    tree.Match: _Resolver.match_statement,
    tree.TryExcept: _Resolver.try_statement,
    tree.Spawn: _Resolver.spawn_statement,
    tree.Test: _Resolver.test_statement,
    tree.Block: _Resolver.block,
}

_EXPRESSIONS: dict[type[tree.Node], Callable[[_Resolver, Any], None]] = {
    tree.IntLiteral: _Resolver.nothing,
    tree.FloatLiteral: _Resolver.nothing,
    tree.StringLiteral: _Resolver.nothing,
    tree.BoolLiteral: _Resolver.nothing,
    tree.NullLiteral: _Resolver.nothing,
    tree.Interpolation: _Resolver.parts,
    tree.Name: _Resolver.name,
    tree.ArrayLiteral: _Resolver.items,
    tree.DictLiteral: _Resolver.entries,
    tree.Spread: _Resolver.value,
    tree.StructLiteral: _Resolver.struct_fields,
    tree.Unary: _Resolver.unary,
    tree.Binary: _Resolver.binary,
    tree.Logical: _Resolver.binary,
    tree.Call: _Resolver.call,
    tree.MethodCall: _Resolver.method_call,
    tree.FieldGet: _Resolver.field_get,
    tree.IndexGet: _Resolver.index_get,
    tree.Try: _Resolver.unary,
    tree.EnumValue: _Resolver.enum_value,
    tree.ResultValue: _Resolver.value,
    tree.Throw: _Resolver.value,
    tree.Yield: _Resolver.value,
    tree.Await: _Resolver.value,
    tree.Function: _Resolver.function,
}
