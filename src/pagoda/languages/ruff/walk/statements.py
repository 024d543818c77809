"""Closures for statements: control flow, declarations, definitions. Assignments are in ``places``."""

from __future__ import annotations

from collections.abc import Iterable

from pagoda.languages.ruff.display import float_text
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.library.iterators import items_of
from pagoda.languages.ruff.operators import iteration_items, truthy
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import CONTAINERS, Handle, ResultValue, StructDefinition, Tagged, Value
from pagoda.languages.ruff.walk.expressions import binary_operands
from pagoda.languages.ruff.walk.functions import function
from pagoda.languages.ruff.walk.shapes import COMPARISONS, test_factory
from pagoda.languages.ruff.walk.state import BASE, BREAK, CONTINUE, NORMAL, Closure, Frame, error_value
from pagoda.languages.ruff.walk.translator import STATEMENTS, Translator, own_code, sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ENUM_OF_TAG = {"Ok": "Result", "Err": "Result", "Some": "Option", "None": "Option"}


def expression_statement(translator: Translator, node: tree.ExpressionStatement) -> Closure:
    """An expression for its effect."""
    inner = translator.expression(node.value)

    def run(frame: Frame) -> Value:
        inner(frame)
        return NORMAL

    return run


def block(translator: Translator, node: tree.Block) -> Closure:
    """Statements in a scope of their own; the resolver has given their variables slots."""
    return translator.block(node.statements)


def return_statement(translator: Translator, node: tree.Return) -> Closure:
    """``return e``: the value itself is the signal."""
    if node.value is None:
        return lambda frame: None
    if isinstance(node.value, tree.Name) and node.value.binding.kind == "local":
        return translator.expression(node.value)  # its only place dies with the frame
    return translator.owned(node.value)


def break_statement(translator: Translator, node: tree.Break) -> Closure:
    """``break``."""
    return lambda frame: BREAK


def continue_statement(translator: Translator, node: tree.Continue) -> Closure:
    """``continue``."""
    return lambda frame: CONTINUE


def if_statement(translator: Translator, node: tree.If) -> Closure:
    """``if``/``else``."""
    otherwise = None if node.otherwise is None else translator.statement(node.otherwise)
    if is_test(node):
        return _test(translator, node, "alone" if otherwise is None else "else", otherwise)
    then = translator.statement(node.then)
    condition = translator.expression(node.condition)
    if otherwise is None:

        def run_if(frame: Frame) -> Value:
            value = condition(frame)
            if value if value.__class__ is bool else truthy(value):
                return then(frame)
            return NORMAL

        return run_if

    def run_if_else(frame: Frame) -> Value:
        value = condition(frame)
        if value if value.__class__ is bool else truthy(value):
            return then(frame)
        return otherwise(frame)

    return run_if_else


def is_test(node: Any) -> bool:
    """Whether the statement is an ``if`` on a comparison."""
    return isinstance(node, tree.If) and isinstance(node.condition, tree.Binary) and node.condition.operator in COMPARISONS


def _test(translator: Translator, node: Any, form: str, other: Closure | None) -> Closure:
    shapes, operands = binary_operands(translator, node.condition)
    then = translator.statement(node.then)
    make = test_factory(node.condition.operator, *shapes, form)
    return make(*operands, truthy, then, other)  # type: ignore[no-any-return]


def statement_list(translator: Translator, nodes: list[Any], nested: int = 0) -> Closure:
    """The statements of a block. An early ``if`` on a comparison takes the rest of its block with it: one call less."""
    closures: list[Closure] = []
    for position, node in enumerate(nodes):
        if is_test(node) and node.otherwise is None and position + 1 < len(nodes) and nested < 4:
            rest = statement_list(translator, nodes[position + 1 :], nested + 1)
            closures.append(own_code(_test(translator, node, "rest", rest)))
            break
        closures.append(translator.statement(node))
    return own_code(sequence(tuple(closures)))


def while_statement(translator: Translator, node: tree.While) -> Closure:
    """``while``, ``loop while`` and ``loop``: an iteration costs one unit once its condition was true."""
    state = translator.state
    condition = None if node.condition is None else translator.expression(node.condition)
    body = translator.block(node.body.statements)

    def run(frame: Frame) -> Value:
        while True:
            if condition is not None:
                value = condition(frame)
                if not (value if value.__class__ is bool else truthy(value)):
                    return NORMAL
            state.left -= 1
            if state.left < 0:
                state.refill()
            result = body(frame)
            if result is not NORMAL:
                if result is BREAK:
                    return NORMAL
                if result is not CONTINUE:
                    return result

    return run


def for_statement(translator: Translator, node: tree.For) -> Closure:
    """``for x in it``: walks over a snapshot; an iteration costs one unit once its item is there."""
    state = translator.state
    iterable_of = translator.expression(node.iterable)
    store = translator.store(node.name.binding)
    slot = BASE + node.name.binding.index if node.name.binding.kind == "local" else -1
    body = translator.block(node.body.statements)
    span = node.iterable.span

    def run(frame: Frame) -> Value:
        for item in iterate(iterable_of(frame), state, span, frame):
            state.left -= 1
            if state.left < 0:
                state.refill()
            if item.__class__ in CONTAINERS:
                item.shared = True
            if slot >= 0:
                frame[slot] = item
            else:
                store(frame, item)
            result = body(frame)
            if result is not NORMAL:
                if result is BREAK:
                    break
                if result is not CONTINUE:
                    return result
        return NORMAL

    return run


def iterate(value: Value, state: Any, span: tree.Span, frame: Frame | None = None) -> Iterable[Value]:
    """What ``for`` walks over; ``frame`` is the one that the loop runs in, if the walker runs it."""
    items = iteration_items(value)
    if items is not None:
        return items
    if isinstance(value, Handle):
        stream = items_of(state, value, frame, span)
        if stream is not None:
            return stream
    raise RuffError("Cannot iterate over non-iterable type", span)


def match_statement(translator: Translator, node: tree.Match) -> Closure:
    """``match``: the first case whose pattern fits; then ``default``; else nothing."""
    subject_of = translator.owned(node.subject)
    cases = []
    for pattern, body in node.cases:
        stores = [(position, translator.store(binding)) for position, binding in pattern.payload_bindings]
        cases.append((pattern.enum, pattern.tag, stores, translator.block(body.statements)))
    default = None if node.default is None else translator.block(node.default.statements)

    def run(frame: Frame) -> Value:
        subject = subject_of(frame)
        for enum, tag, stores, body in cases:
            if fits(subject, enum, tag):
                if stores:
                    payload = subject.payload
                    for position, store in stores:
                        value: Value = payload[position] if position < len(payload) else None
                        if value.__class__ in CONTAINERS:
                            value.shared = True
                        store(frame, value)
                return body(frame)
        return NORMAL if default is None else default(frame)

    return run


def fits(subject: Value, enum: str, tag: str) -> bool:
    """Whether a case pattern ``enum::tag`` (or a bare ``tag``) fits the value."""
    kind = subject.__class__
    if kind is Tagged:
        if enum:
            return bool(subject.enum == enum and subject.tag == tag)
        return bool(subject.tag == tag)
    if kind is ResultValue:
        return bool(subject.tag == tag and enum in ("", _ENUM_OF_TAG[tag]))
    if kind is str or kind is float:
        text = f"{enum}::{tag}" if enum else tag
        return (subject if kind is str else float_text(subject)) == text
    return False


def try_statement(translator: Translator, node: tree.TryExcept) -> Closure:
    """``try``/``except``: every run-time error is caught; limits, exit and ``?`` pass through."""
    body = translator.block(node.body.statements)
    store = translator.store(node.name.binding)
    handler = translator.block(node.handler.statements)
    max_depth = translator.state.max_depth

    def run(frame: Frame) -> Value:
        try:
            return body(frame)
        except RuffError as error:
            caught = error
        except RecursionError:
            caught = RuffError(f"Maximum VM call stack depth of {max_depth} exceeded", node.span)
        store(frame, error_value(caught, frame))
        return handler(frame)

    return run


def function_statement(translator: Translator, node: tree.FunctionStatement) -> Closure:
    """A nested ``func``: defined when reached."""
    make = function(translator, node.function)
    store = translator.store(node.binding)
    error, span = failure(node), node.span

    def define(frame: Frame) -> Value:
        value = make(frame)
        if error is not None:
            raise RuffError(error, span)
        store(frame, value)
        return NORMAL

    return define


def failure(node: Any) -> str | None:
    """The message that the resolver left for the moment this statement is reached."""
    message: str | None = getattr(node, "error", None)
    return message


def enum_statement(translator: Translator, node: tree.EnumStatement) -> Closure:
    """Enum tags are checked by nobody: any tag name works."""
    return lambda frame: NORMAL


def struct_statement(translator: Translator, node: tree.StructStatement) -> Closure:
    """``struct``: its methods become known by the struct's name."""
    state, table = translator.state, translator.globals
    makers = {method.name: function(translator, method, f"{node.name}.{method.name}") for method in node.methods}
    generators = [method.name for method in node.methods if method.is_generator]
    fields = [name for name, _ in node.fields]
    struct_name = node.name
    span = node.span

    def define(frame: Frame) -> Value:
        if generators:
            raise RuffError(f"Generator methods are not supported for structs: {struct_name}.{generators[0]}", span)
        methods = {name: make(frame) for name, make in makers.items()}
        definition = StructDefinition(struct_name, fields, methods)
        state.structs[struct_name] = definition
        table.setdefault(struct_name, definition)
        return NORMAL

    return define


def export(translator: Translator, node: tree.Export) -> Closure:
    """``export``: the statement itself; the module loader reads which names are exported."""
    return translator.statement(node.statement)


def import_statement(translator: Translator, node: tree.Import) -> Closure:
    """``import``: asks the run's module loader."""
    from pagoda.languages.ruff.walk.modules import import_names, modules_of

    state, table, span = translator.state, translator.globals, node.span
    module, names = list(node.module), node.names
    importer = "" if translator.module is None else translator.module.source.name

    modules_of(state)  # before the program can change its folder

    def load(frame: Frame) -> Value:
        table.update(import_names(state, importer, module, names, frame, span))
        return NORMAL

    return load


def spawn(translator: Translator, node: tree.Spawn) -> Closure:
    """``spawn {...}``: a task that the run's scheduler takes."""
    state = translator.state
    make = function(translator, node.function, "<spawn>")

    def start(frame: Frame) -> Value:
        from pagoda.languages.ruff.tasks import scheduler_of

        scheduler_of(state).spawn(make(frame))
        return NORMAL

    return start


def test_statement(translator: Translator, node: tree.Test) -> Closure:
    """Tests run only when asked for."""
    return lambda frame: NORMAL


def hoisted(translator: Translator, statements: list[Any]) -> Closure:
    """Top-level statements: function definitions first, then the rest in order."""
    plain = [statement.statement if isinstance(statement, tree.Export) else statement for statement in statements]
    functions = [translator.statement(statement) for statement in plain if isinstance(statement, tree.FunctionStatement)]
    others = [translator.statement(statement) for statement in plain if not isinstance(statement, tree.FunctionStatement)]
    return sequence((*functions, *others))


STATEMENTS.update(
    {
        tree.ExpressionStatement: expression_statement,
        tree.Block: block,
        tree.Return: return_statement,
        tree.Break: break_statement,
        tree.Continue: continue_statement,
        tree.If: if_statement,
        tree.While: while_statement,
        tree.For: for_statement,
        tree.Match: match_statement,
        tree.TryExcept: try_statement,
        tree.FunctionStatement: function_statement,
        tree.EnumStatement: enum_statement,
        tree.StructStatement: struct_statement,
        tree.Export: export,
        tree.Import: import_statement,
        tree.Spawn: spawn,
        tree.Test: test_statement,
    }
)
