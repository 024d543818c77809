"""What a resolved program does with its variables: who declares, reads and writes each. The checks draw their conclusions here.

A variable is known by its key: the function and slot it lives in, or its name for a global. Keys come from the resolver's
bindings, so that a check can never disagree with a run about what a name means.
"""

from __future__ import annotations

from pagoda.languages.ruff.check.exports import Exports, module_exports
from pagoda.languages.ruff.check.nodes import children
from pagoda.languages.ruff.library.registry import builtin_names
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.syntax.toplevel import TopLevel, pattern_names
from pagoda.languages.ruff.syntax.tree import Binding, Span
from pagoda.machine.source import Diagnostic, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

Key: TypeAlias = tuple[int, int] | str


class Variable:
    """A variable: where it is declared (more than once where that is an error), how it is declared, what it is given.

    ``kind`` is ``variable``, ``function``, ``import``, or ``bound`` for what a construct binds by itself: parameters, loop
    variables, errors, payloads. ``value`` is the only expression it is ever given by its declaration, where it has one.
    """

    __slots__ = ("annotation", "exported", "function", "kind", "mutability", "name", "reads", "spans", "value", "writes")

    def __init__(self, name: str, kind: str) -> None:
        self.name = name
        self.kind = kind
        self.mutability = "mut"
        self.spans: list[Span] = []
        self.value: tree.Expression | None = None
        self.annotation: tree.TypeAnnotation | None = None
        self.function: tree.Function | None = None
        self.exported = False
        self.reads: list[Span] = []
        self.writes: list[Span] = []

    @property
    def settled(self) -> bool:
        """Whether the variable has its first value for good."""
        return len(self.spans) == 1 and not self.writes


class Facts:
    """All that the checks share. ``source`` and ``program`` belong together; the program is resolved."""

    def __init__(self, program: tree.Program, source: Source) -> None:
        self.program = program
        self.source = source
        self.builtins = builtin_names()
        self.top = TopLevel(program.main.body.statements, self.builtins, interactive=False)
        self.found: list[Diagnostic] = []
        self.variables: dict[Key, Variable] = {}
        #: Every node with the function it stands in, in the order of the text.
        self.nodes: list[tuple[tree.Node, tree.Function]] = []
        self.parents: dict[int, tree.Function] = {}
        self.structs: dict[str, list[tree.StructStatement]] = {}
        self.enums: dict[str, list[tree.EnumStatement]] = {}
        #: Names that stand where a struct or enum is meant: they may have been imported.
        self.type_names: set[str] = set()
        self.imports: list[tuple[tree.Import, Exports | None]] = []
        #: Variables that a function other than their own assigns.
        self.reached_from_inside: set[Key] = set()
        #: Functions in which a bare name may be a field of the receiver that no struct declares.
        self.fieldy: set[int] = set()
        self._exported: set[int] = set()
        self._visit()
        self._count()

    def warn(self, code: str, message: str, span: Span, hint: str = "", notes: list[str] | None = None) -> None:
        """Adds a warning."""
        self.found.append(Diagnostic(code, "warning", message, span, hint, notes or []))

    def line(self, span: Span) -> int:
        """The 1-based line on which a span begins."""
        return self.source.position(span[0])[0]

    # ------------------------------------------------------------ keys

    def key(self, binding: Binding, function: tree.Function) -> Key | None:
        """The variable that a binding in a function means; ``None`` for fields and the like."""
        while binding.kind == "capture":
            outer = self.parents.get(id(function))
            if outer is None:
                return None
            binding, function = function.captures[binding.index], outer
        if binding.kind == "local":
            return (id(function), binding.index)
        if binding.kind in ("global", "field"):
            return binding.name
        return None

    def variable(self, name: tree.Name, function: tree.Function) -> Variable | None:
        """The variable that a name means, where the program declares it."""
        if name.binding.kind == "field":
            return None
        key = self.key(name.binding, function)
        return self.variables.get(key) if key is not None else None

    @property
    def imports_unknown(self) -> bool:
        """Whether some import binds names that cannot be told."""
        return any(node.names is None and exports is None for node, exports in self.imports)

    def imported_names(self) -> set[str]:
        """Every name that an import binds, as far as it can be told."""
        names: set[str] = set()
        for node, exports in self.imports:
            names.update(node.names if node.names is not None else node.module[-1:])
            if node.names is None and exports is not None:
                names.update(exports.names)
        return names

    def is_builtin(self, name: tree.Name) -> bool:
        """Whether a name is a builtin for certain: nothing in the program gives it another value."""
        word = name.name
        return (
            name.binding.kind == "global"
            and word in self.builtins
            and word not in self.variables
            and not self.top.setup.get(word)
            and not self.imports_unknown
            and word not in self.imported_names()
        )

    # ------------------------------------------------------------ collecting

    def _visit(self) -> None:
        waiting: list[tuple[tree.Node, tree.Function]] = [(self.program.main, self.program.main)]
        while waiting:
            node, function = waiting.pop()
            self.nodes.append((node, function))
            inner = function
            if isinstance(node, tree.Function) and node is not function:
                self.parents[id(node)] = function
                inner = node
                if (node.is_method and not node.has_self) or id(function) in self.fieldy:
                    self.fieldy.add(id(node))
            elif isinstance(node, tree.Export):
                self._exported.add(id(node.statement))
            elif isinstance(node, tree.StructStatement):
                self.structs.setdefault(node.name, []).append(node)
            elif isinstance(node, tree.EnumStatement):
                self.enums.setdefault(node.name, []).append(node)
            elif isinstance(node, tree.Import):
                exports = module_exports(self.source, node.module)
                self.imports.append((node, exports))
            elif isinstance(node, tree.StructLiteral):
                self.type_names.add(node.name)
            elif isinstance(node, tree.EnumValue | tree.CasePattern):
                self.type_names.add(node.enum)
            waiting.extend((child, inner) for child in reversed(list(children(node))))

    def _count(self) -> None:
        for node, function in self.nodes:
            if isinstance(node, tree.Declaration):
                for name in pattern_names(node.pattern):
                    made = self._declare(name.binding, function, name.name, name.span, "variable", id(node) in self._exported)
                    if isinstance(node.pattern, tree.NamePattern):
                        made.value, made.annotation = node.value, node.annotation
                        made.function = node.value if isinstance(node.value, tree.Function) else None
                    made.mutability = node.keyword or "let"
            elif isinstance(node, tree.AssignName):
                self._assign(node, function)
            elif isinstance(node, tree.FunctionStatement):
                made = self._declare(
                    node.binding, function, node.function.name, node.span, "function", id(node) in self._exported
                )
                made.function = node.function
            elif isinstance(node, tree.For | tree.TryExcept):
                self._declare(node.name.binding, function, node.name.name, node.name.span, "bound")
            elif isinstance(node, tree.CasePattern):
                for _, binding in node.payload_bindings:
                    self._declare(binding, function, binding.name, node.span, "bound")
            elif isinstance(node, tree.Function):
                self._parameters(node)
        for node, function in self.nodes:
            if isinstance(node, tree.Name):
                key = self.key(node.binding, function)
                if key is not None and key in self.variables:
                    self.variables[key].reads.append(node.span)

    def _declare(
        self, binding: Binding, function: tree.Function, name: str, span: Span, kind: str, exported: bool = False
    ) -> Variable:
        key = self.key(binding, function)
        if key is None:  # a placeholder such as '_', which binds nothing
            return Variable(name, kind)
        made = self.variables.get(key)
        if made is None:
            made = self.variables[key] = Variable(name, kind)
        made.spans.append(span)
        made.exported = made.exported or exported
        return made

    def _assign(self, node: tree.AssignName, function: tree.Function) -> None:
        if node.span[0] == node.span[1]:  # the resolver's copy of a field
            self._declare(node.binding, function, node.name, node.span, "bound")
            return
        if node.declares:
            exported = id(node) in self._exported
            made = self._declare(node.binding, function, node.name, node.name_span, "variable", exported)
            made.value = node.value
            made.function = node.value if isinstance(node.value, tree.Function) else None
            return
        key = self.key(node.binding, function)
        if key is not None:
            made = self.variables.setdefault(key, Variable(node.name, "variable"))
            made.writes.append(node.name_span)
            if isinstance(key, str) and function is not self.program.main:
                self.reached_from_inside.add(key)

    def _parameters(self, function: tree.Function) -> None:
        first = 1 if function.is_method and not function.has_self else 0
        for index, parameter in enumerate(function.parameters):
            made = self.variables[(id(function), first + index)] = Variable(parameter.name, "bound")
            made.spans.append(parameter.span)
            made.annotation = parameter.annotation
