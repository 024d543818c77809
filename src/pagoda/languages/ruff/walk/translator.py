"""From tree to closures: the common part of the evaluator.

Each node becomes one Python closure ``(frame) -> value``, once, when its function is translated; running is calling
closures. The node kinds register themselves in :data:`EXPRESSIONS` and :data:`STATEMENTS` from the sibling modules.

A statement's closure returns ``NORMAL``, ``BREAK``, ``CONTINUE``, or the value that the function returns.

Sharing (see :mod:`pagoda.languages.ruff.values`): :meth:`Translator.expression` gives the value for looking at;
:meth:`Translator.owned` gives it for storing in a new place, so it marks a container that already has a place.
"""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.errors import RuffError, Span
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import CONTAINERS, Value
from pagoda.languages.ruff.walk.state import BASE, FUNCTION, NORMAL, Closure, EarlyReturn, Frame, Function, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Store = Callable[[Frame, Value], None]

EXPRESSIONS: dict[type, Callable[[Translator, Any], Closure]] = {}
STATEMENTS: dict[type, Callable[[Translator, Any], Closure]] = {}

_FRESH = (
    tree.IntLiteral,
    tree.FloatLiteral,
    tree.StringLiteral,
    tree.BoolLiteral,
    tree.NullLiteral,
    tree.Interpolation,
    tree.ArrayLiteral,
    tree.DictLiteral,
    tree.StructLiteral,
    tree.Unary,
    tree.Binary,
    tree.Call,
    tree.EnumValue,
    tree.ResultValue,
    tree.Function,
)
"""Nodes whose value has no place yet (what a call returns has been marked on its way out)."""

_CONSTANT = (tree.IntLiteral, tree.FloatLiteral, tree.StringLiteral, tree.BoolLiteral, tree.NullLiteral)
_SIMPLE = (*_CONSTANT, tree.Name, tree.Function)


def cannot_fail(node: tree.Node) -> bool:
    """Whether evaluating the node does nothing but give a value."""
    return isinstance(node, _CONSTANT) or (isinstance(node, tree.Name) and node.binding.kind == "local")


def is_simple(node: tree.Node) -> bool:
    """Whether evaluating the node runs no guest function, overloads of arithmetic aside."""
    if isinstance(node, _SIMPLE):
        return True
    if isinstance(node, tree.Binary):
        return is_simple(node.left) and is_simple(node.right)
    if isinstance(node, tree.Unary):
        return is_simple(node.operand)
    if isinstance(node, tree.FieldGet):
        return is_simple(node.receiver)
    if isinstance(node, tree.IndexGet):
        return is_simple(node.receiver) and is_simple(node.index)
    return False


class Module:
    """What translating an imported module needs to know: its globals, and its source for the places of errors."""

    __slots__ = ("globals", "source")

    def __init__(self, source: Any) -> None:
        self.globals: dict[str, Value] = {}
        self.source = source


class Translator:
    """Translates the nodes of one function."""

    def __init__(self, state: State, function: tree.Function, module: Module | None = None) -> None:
        self.state = state
        self.function = function
        self.module = module
        self.globals = state.globals if module is None else module.globals
        self.has_try = False

    def expression(self, node: tree.Node) -> Closure:
        """The closure for an expression."""
        return own_code(EXPRESSIONS[node.__class__](self, node))

    def statement(self, node: tree.Node) -> Closure:
        """The closure for a statement."""
        return own_code(STATEMENTS[node.__class__](self, node))

    def owned(self, node: tree.Node) -> Closure:
        """The closure for an expression whose value gets a new place."""
        inner = self.expression(node)
        if isinstance(node, _FRESH):
            return inner

        def shared(frame: Frame) -> Value:
            value = inner(frame)
            if value.__class__ in CONTAINERS:
                value.shared = True
            return value

        if isinstance(node, tree.Name) and node.binding.kind == "local":
            slot = BASE + node.binding.index

            def shared_local(frame: Frame) -> Value:
                value = frame[slot]
                if value.__class__ in CONTAINERS:
                    value.shared = True
                return value

            return shared_local
        return shared

    def held(self, node: tree.Node, later: list[Any]) -> Closure:
        """The closure for an operand that is only looked at, but after ``later`` operands have been evaluated.

        A function called meanwhile could change a global or captured container in place, so then the value is marked.
        """
        if all(is_simple(other) for other in later) or self._is_local(node):
            return self.expression(node)
        return self.owned(node)

    def _is_local(self, node: tree.Node) -> bool:
        while isinstance(node, (tree.FieldGet, tree.IndexGet)):
            node = node.receiver
        return isinstance(node, tree.Name) and node.binding.kind == "local"

    def block(self, statements: list[Any]) -> Closure:
        """The closure for statements in order."""
        from pagoda.languages.ruff.walk.statements import statement_list

        return statement_list(self, statements)

    def body(self, node: tree.Function) -> Closure:
        """The closure for this function's body: gives the value returned, or ``NORMAL``."""
        block = self.block(node.body.statements)
        if not self.has_try:
            return block

        def leaving(frame: Frame) -> Value:
            try:
                return block(frame)
            except EarlyReturn as leave:
                return leave.value

        return leaving

    # -- names -----------------------------------------------------------------------------------------------------

    def read(self, binding: tree.Binding, span: Span) -> Closure:
        """The closure that reads a name."""
        index = BASE + binding.index
        cell = binding.index
        name = binding.name
        if binding.kind == "local":
            return lambda frame: frame[index]
        if binding.kind == "capture":
            return lambda frame: frame[1].cells[cell]
        if binding.kind == "self_function":
            return lambda frame: frame[FUNCTION]
        table = self.globals
        define_builtin(self.globals, name)

        def read_global(frame: Frame) -> Value:
            try:
                return table[name]
            except KeyError:
                raise RuffError(f"Undefined variable: {name}", span) from None

        if binding.kind == "field":

            def read_field(frame: Frame) -> Value:
                fields = frame[BASE].fields
                return fields[name] if name in fields else read_global(frame)

            return read_field
        return read_global

    def store(self, binding: tree.Binding) -> Store:
        """The function that writes a name."""
        index = BASE + binding.index
        cell = binding.index
        name = binding.name
        if binding.kind == "local":

            def store_local(frame: Frame, value: Value) -> None:
                frame[index] = value

            return store_local
        if binding.kind == "capture":

            def store_cell(frame: Frame, value: Value) -> None:
                frame[1].cells[cell] = value

            return store_cell
        table = self.globals
        if binding.kind == "field":

            def store_field(frame: Frame, value: Value) -> None:
                receiver = frame[BASE]
                if name not in receiver.fields:
                    table[name] = value
                    return
                if receiver.shared:
                    receiver = frame[BASE] = receiver.copy()
                receiver.fields[name] = value

            return store_field
        if binding.kind == "unresolved":
            return lambda frame, value: None

        def store_global(frame: Frame, value: Value) -> None:
            table[name] = value

        return store_global


def own_code(closure: Closure) -> Closure:
    """The closure with a copy of its code object.

    CPython specialises code objects to what they meet. Closures of one factory share theirs, so that each call in it would see
    many callees and stay slow; with a copy each it sees one (a tenth to a third faster, for a few microseconds per node).
    """
    closure.__code__ = closure.__code__.replace()
    return closure


def define_builtin(table: dict[str, Value], name: str) -> None:
    """Put the builtin or constant of that name into the globals, if there is one and the name is still free."""
    if name not in table:
        from pagoda.languages.ruff.library import registry

        found = registry.lookup(name)
        if found is not registry.MISSING:
            table[name] = found


def sequence(closures: tuple[Closure, ...]) -> Closure:
    """One closure that runs statements until one of them leaves the block."""
    if not closures:
        return lambda frame: NORMAL
    if len(closures) == 1:
        return closures[0]
    if len(closures) == 2:
        first, second = closures

        def run_two(frame: Frame) -> Value:
            result = first(frame)
            if result is not NORMAL:
                return result
            return second(frame)

        return run_two
    if len(closures) == 3:
        first, second, third = closures

        def run_three(frame: Frame) -> Value:
            result = first(frame)
            if result is not NORMAL:
                return result
            result = second(frame)
            if result is not NORMAL:
                return result
            return third(frame)

        return run_three

    def run_all(frame: Frame) -> Value:
        for closure in closures:
            result = closure(frame)
            if result is not NORMAL:
                return result
        return NORMAL

    return run_all


def translate_function(translator: Translator, node: tree.Function, name: str) -> Callable[[list[Value]], Function]:
    """Translate a function once; the result makes the function value from its captured cells."""
    # The body is translated at the first evaluation, which lets mutually nested functions stay cheap to define.
    has_receiver = node.is_method
    explicit = [parameter for parameter in node.parameters if not (has_receiver and parameter.name == "self")]
    arity = len(explicit)
    pad: list[None] = [None] * (node.frame_size - arity - (1 if has_receiver else 0))
    source = None if translator.module is None else translator.module.source
    made: list[Closure] = []

    def make(cells: list[Value]) -> Function:
        if not made:
            from pagoda.languages.ruff.walk.functions import function_body

            made.append(function_body(translator, node))
        return Function(name, arity, made[0], pad, cells, node, source)

    return make
