"""Closures for function values, calls and method calls."""

from __future__ import annotations

from pagoda.languages.ruff.errors import RuffError, Span
from pagoda.languages.ruff.library.iterators import iterator_over
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import CONTAINERS, Dict, GuestFunction, Handle, Promise, Struct, Value
from pagoda.languages.ruff.walk.expressions import binary_operands
from pagoda.languages.ruff.walk.shapes import call_factory
from pagoda.languages.ruff.walk.state import NORMAL, Closure, Frame, Function, State, arity_error, depth_error
from pagoda.languages.ruff.walk.translator import EXPRESSIONS, Translator, cannot_fail, define_builtin, translate_function

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ITERATOR_METHODS = frozenset({"map", "filter", "take", "collect", "next"})


def function_body(translator: Translator, node: tree.Function) -> Closure:
    """The closure that runs a function: its body, wrapped for generators and async functions."""
    inner = Translator(translator.state, node, translator.module)
    if node.is_generator:
        from pagoda.languages.ruff.walk.generators import generator_body

        return generator_body(inner, node)
    body = inner.body(node)
    if not node.is_async:
        return body

    def run(frame: Frame) -> Promise:
        try:
            result = body(frame)
        except RuffError as error:
            return Promise(None, error.message)
        return Promise(None if result is NORMAL else result)

    return run


def function(translator: Translator, node: tree.Function, name: str = "") -> Closure:
    """A function value: captures are copied into its cells now."""
    make = translate_function(translator, node, name or node.name or "<lambda>")
    readers = [translator.read(binding, node.span) for binding in node.captures]
    if not readers:
        return lambda frame: make([])

    def capture(frame: Frame) -> Function:
        cells = []
        for reader in readers:
            value = reader(frame)
            if value.__class__ in CONTAINERS:
                value.shared = True
            cells.append(value)
        return make(cells)

    return capture


def _too_deep(limit: int, name: str, span: Span) -> RuffError:
    error = depth_error(limit, name)
    error.span = span
    return error


def call(translator: Translator, node: tree.Call) -> Closure:
    """``f(a, b)``: the callee is evaluated first, then the arguments in order."""
    state, span = translator.state, node.span
    if node.piped and not cannot_fail(node.args[0]):
        return _piped(translator, node)
    shapes = tuple(_argument_shape(arg) for arg in node.args)
    owned = [
        translator.owned(arg) if shape == "node" else _step(translator, arg)
        for shape, arg in zip(shapes, node.args, strict=True)
    ]
    plain = [translator.held(arg, node.args[position + 1 :]) for position, arg in enumerate(node.args)]

    def other(callee: Value, arguments: list[Value], frame: Frame, span: Span) -> Value:
        return state.apply(callee, arguments, frame, span)

    callee: Any
    is_global = isinstance(node.callee, tree.Name) and node.callee.binding.kind == "global"
    if isinstance(node.callee, tree.Name) and is_global:
        callee = node.callee.name
        define_builtin(translator.globals, callee)
        # the error for an undefined callee points at the name
    else:
        callee = translator.expression(node.callee)
    make = call_factory(shapes, is_global)
    return make(callee, node.callee.span, translator.globals, owned, plain, state, span, other, _too_deep)  # type: ignore[no-any-return]


def _piped(translator: Translator, node: tree.Call) -> Closure:
    """``x |> f(y)``: first ``x``, then ``f``, then ``y``."""
    state, span = translator.state, node.span
    first = translator.owned(node.args[0])
    callee = translator.expression(node.callee)
    others = [translator.owned(arg) for arg in node.args[1:]]

    def call(frame: Frame) -> Value:
        value = first(frame)
        called = callee(frame)
        return state.apply(called, [value, *[other(frame) for other in others]], frame, span)

    return call


def _argument_shape(node: tree.Node) -> str:
    """``+`` or ``-`` for a local with a constant int added or taken away, which the call does on its own."""
    if isinstance(node, tree.Binary) and node.operator in ("+", "-"):
        left = node.left
        if isinstance(left, tree.Name) and left.binding.kind == "local" and isinstance(node.right, tree.IntLiteral):
            return node.operator
    return "node"


def _step(translator: Translator, node: Any) -> tuple[int, int, Any]:
    _, operands = binary_operands(translator, node)
    return operands


def method_call(translator: Translator, node: tree.MethodCall) -> Closure:
    """``receiver.name(args)``: a struct's method, else a function in a field, else a method of the library."""
    state, span, name = translator.state, node.span, node.name
    receiver_of = translator.owned(node.receiver)
    args = [translator.owned(arg) for arg in node.args]
    count = len(args)
    structs = state.structs

    def invoke(frame: Frame) -> Value:
        receiver = receiver_of(frame)
        if receiver.__class__ is Struct:
            definition = structs.get(receiver.name)
            method = None if definition is None else definition.methods.get(name)
            if method is not None:
                arguments = [arg(frame) for arg in args]
                if method.arity != count:
                    raise _placed(arity_error(method.name, method.arity, count), span)
                return state.enter(method, [receiver, *arguments], frame, span)
        arguments = [arg(frame) for arg in args]
        return dynamic_method(state, receiver, name, arguments, frame, span)

    return invoke


def dynamic_method(state: State, receiver: Value, name: str, arguments: list[Value], frame: Frame, span: Span) -> Value:
    """A method call whose receiver is no struct with that method."""
    if isinstance(receiver, (Struct, Dict)):
        members: dict[Any, Value] = receiver.fields if isinstance(receiver, Struct) else receiver.entries
        if name in members:
            return state.apply(members[name], arguments, frame, span)
    state.frame, state.span = frame, span
    try:
        if isinstance(receiver, Handle):
            method = receiver.methods.get(name)
            if method is None:
                raise RuffError(f"{_title(receiver)} has no method '{name}'")
            return method(state, receiver, arguments)
        if name in ITERATOR_METHODS:
            iterator = iterator_over(state, receiver)
            if iterator is not None:
                return iterator.methods[name](state, iterator, arguments)
    except RuffError as error:
        if error.span is None:
            error.span = span
            error.from_builtin = True
        raise
    if receiver.__class__ is Struct:
        raise RuffError(f"Unknown method: {name}", span)
    raise RuffError(f"Cannot access field or method '{name}' on non-struct value", span)


def _title(handle: Handle) -> str:
    return handle.type_name[:1].upper() + handle.type_name[1:]


def _placed(error: RuffError, span: Span) -> RuffError:
    error.span = span
    return error


def is_callable(value: Value) -> bool:
    """Whether a value is a function of the guest."""
    return isinstance(value, GuestFunction)


EXPRESSIONS.update({tree.Function: function, tree.Call: call, tree.MethodCall: method_call})
