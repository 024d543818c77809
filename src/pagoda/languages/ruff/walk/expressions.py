"""Closures for expressions, calls apart (:mod:`pagoda.languages.ruff.walk.functions` has those)."""

from __future__ import annotations

from collections.abc import Callable

from pagoda.languages.ruff.display import assert_text, display
from pagoda.languages.ruff.errors import RuffError, Span
from pagoda.languages.ruff.operators import (
    BINARY,
    OVERLOADS,
    UNARY_OVERLOADS,
    dict_key,
    field,
    index,
    invert,
    negate,
    truthy,
)
from pagoda.languages.ruff.syntax import tree
from pagoda.languages.ruff.values import Array, Dict, Promise, ResultValue, Struct, Tagged, Value
from pagoda.languages.ruff.walk.shapes import binary_factory
from pagoda.languages.ruff.walk.state import BASE, Closure, EarlyReturn, Frame, State
from pagoda.languages.ruff.walk.translator import EXPRESSIONS, Translator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LARGE = 1_000_000
"""Strings longer than this are checked against the memory limit before they are made."""

_RESULT_ENUMS = {"Result": ("Ok", "Err"), "Option": ("Some", "None")}


def placed(error: RuffError, span: Span) -> RuffError:
    """The error with its place, unless it has one already."""
    if error.span is None:
        error.span = span
    return error


def constant(translator: Translator, node: tree.IntLiteral) -> Closure:
    """A literal."""
    value = node.value
    return lambda frame: value


def null(translator: Translator, node: tree.NullLiteral) -> Closure:
    """``null``."""
    return lambda frame: None


def interpolation(translator: Translator, node: tree.Interpolation) -> Closure:
    """``"a ${b} c"``."""
    parts = [translator.expression(part) for part in node.parts]
    state = translator.state

    def join(frame: Frame) -> str:
        texts = []
        for part in parts:
            value = part(frame)
            texts.append(value if value.__class__ is str else display(value))
        if sum(map(len, texts)) > LARGE:
            state.allocate(sum(map(len, texts)))
        return "".join(texts)

    return join


def name(translator: Translator, node: tree.Name) -> Closure:
    """A variable."""
    return translator.read(node.binding, node.span)


def array(translator: Translator, node: tree.ArrayLiteral) -> Closure:
    """``[a, b, ...c]``."""
    span = node.span
    if not any(isinstance(item, tree.Spread) for item in node.items):
        items = [translator.owned(item) for item in node.items]

        def plain(frame: Frame) -> Array:
            return Array([item(frame) for item in items], False)

        return plain
    pieces = [
        (isinstance(item, tree.Spread), translator.owned(item.value if isinstance(item, tree.Spread) else item))
        for item in node.items
    ]

    def spread(frame: Frame) -> Array:
        values: list[Value] = []
        for is_spread, piece in pieces:
            value = piece(frame)
            if not is_spread:
                values.append(value)
            elif value.__class__ is Array:
                value.loose = True
                values.extend(value.items)
            else:
                raise RuffError("Array spread requires an array", span)
        return Array(values)

    return spread


def dictionary(translator: Translator, node: tree.DictLiteral) -> Closure:
    """``{"a": 1, ...d}``: keys are checked when the entries up to the next spread have been evaluated."""
    pieces = [(None if key is None else translator.owned(key), translator.owned(value)) for key, value in node.entries]
    loose = any(key is None for key, _ in pieces)
    span = node.span

    def enter(entries: dict[int | str, Value], run: list[tuple[Value, Value]]) -> None:
        for key, value in run:
            try:
                entries[dict_key(key)] = value
            except RuffError as error:
                raise placed(error, span) from None

    def make(frame: Frame) -> Dict:
        entries: dict[int | str, Value] = {}
        run: list[tuple[Value, Value]] = []
        for key_of, value_of in pieces:
            if key_of is not None:
                run.append((key_of(frame), value_of(frame)))
                continue
            enter(entries, run)
            run = []
            value = value_of(frame)
            if value.__class__ is not Dict:
                raise RuffError("Dict spread requires a dict", span)
            value.loose = True
            entries.update(value.entries)
        enter(entries, run)
        return Dict(entries, loose)

    return make


def struct(translator: Translator, node: tree.StructLiteral) -> Closure:
    """``P { x: 1 }``: any name, any fields."""
    struct_name = node.name
    fields = [(field_name, translator.owned(value)) for field_name, value in node.fields]

    def make(frame: Frame) -> Struct:
        return Struct(struct_name, {field_name: value(frame) for field_name, value in fields}, False)

    return make


def enum_value(translator: Translator, node: tree.EnumValue) -> Closure:
    """``E::A(1, 2)``; ``Result::Ok(x)`` and its like are real results."""
    enum, tag = node.enum, node.tag
    args = [translator.owned(arg) for arg in node.args or []]
    if tag in _RESULT_ENUMS.get(enum, ()) and len(args) == (0 if tag == "None" else 1):
        if not args:
            return lambda frame: ResultValue(tag)
        only = args[0]
        return lambda frame: ResultValue(tag, only(frame))

    def make(frame: Frame) -> Tagged:
        return Tagged(enum, tag, [arg(frame) for arg in args])

    return make


def result_value(translator: Translator, node: tree.ResultValue) -> Closure:
    """``Ok(e)``, ``Err(e)``, ``Some(e)``, ``None``."""
    tag = node.tag
    if node.value is None:
        return lambda frame: ResultValue(tag)
    inner = translator.owned(node.value)
    return lambda frame: ResultValue(tag, inner(frame))


def _shape(node: tree.Node) -> str:
    if isinstance(node, tree.IntLiteral):
        return "int"
    if isinstance(node, tree.Name) and node.binding.kind == "local":
        return "slot"
    return "node"


def _operand(translator: Translator, shape: str, node: Any, later: list[Any]) -> Any:
    if shape == "int":
        return node.value
    if shape == "slot":
        return BASE + node.binding.index
    return translator.held(node, later)


def binary(translator: Translator, node: tree.Binary) -> Closure:
    """Arithmetic and comparison."""
    shapes, operands = binary_operands(translator, node)
    return binary_factory(node.operator, *shapes)(*operands)  # type: ignore[no-any-return]


def binary_operands(translator: Translator, node: tree.Binary) -> tuple[tuple[str, str], tuple[Any, Any, Any]]:
    """The shapes of both operands, and what a factory of :mod:`shapes` takes: both operands and the slow way."""
    left, right = _shape(node.left), _shape(node.right)
    return (left, right), (
        _operand(translator, left, node.left, [node.right]),
        _operand(translator, right, node.right, []),
        _slow_binary(translator.state, node.operator, node.span),
    )


def _slow_binary(state: State, operator: str, span: Span) -> Callable[[Value, Value, Frame], Value]:
    operate = BINARY[operator]
    overload = OVERLOADS[operator]

    def slow(left: Value, right: Value, frame: Frame) -> Value:
        if left.__class__ is Struct and state.has_method(left, overload):
            left.shared = True
            if right.__class__ is Struct:
                right.shared = True
            return state.call_method(left, overload, [right], frame, span)
        if left.__class__ is str and right.__class__ is str:
            if len(left) + len(right) > LARGE:
                state.allocate(len(left) + len(right))
        try:
            return operate(left, right)
        except RuffError as error:
            raise placed(error, span) from None

    return slow


def unary(translator: Translator, node: tree.Unary) -> Closure:
    """``-a`` and ``!a``."""
    operand = translator.expression(node.operand)
    state, span = translator.state, node.span
    overload = UNARY_OVERLOADS[node.operator]
    operate: Callable[[Value], Value] = negate if node.operator == "-" else invert

    def apply(frame: Frame) -> Value:
        value = operand(frame)
        if value.__class__ is Struct and state.has_method(value, overload):
            value.shared = True
            return state.call_method(value, overload, [], frame, span)
        try:
            return operate(value)
        except RuffError as error:
            raise placed(error, span) from None

    if node.operator == "!":

        def negation(frame: Frame) -> Value:
            value = operand(frame)
            if value.__class__ is bool:
                return not value
            if value.__class__ is Struct and state.has_method(value, overload):
                value.shared = True
                return state.call_method(value, overload, [], frame, span)
            try:
                return invert(value)
            except RuffError as error:
                raise placed(error, span) from None

        return negation
    return apply


def logical(translator: Translator, node: tree.Logical) -> Closure:
    """``&&`` and ``||`` give a bool; ``??`` gives the right side for null alone."""
    left, right = translator.expression(node.left), translator.expression(node.right)
    if node.operator == "??":

        def coalesce(frame: Frame) -> Value:
            value = left(frame)
            return right(frame) if value is None else value

        return coalesce
    if node.operator == "&&":

        def both(frame: Frame) -> bool:
            value = left(frame)
            if not (value if value.__class__ is bool else truthy(value)):
                return False
            value = right(frame)
            return value if value.__class__ is bool else truthy(value)

        return both

    def either(frame: Frame) -> bool:
        value = left(frame)
        if value if value.__class__ is bool else truthy(value):
            return True
        value = right(frame)
        return value if value.__class__ is bool else truthy(value)

    return either


def field_get(translator: Translator, node: tree.FieldGet) -> Closure:
    """``a.b`` and ``a?.b``."""
    receiver = translator.expression(node.receiver)
    field_name, span, optional = node.name, node.span, node.optional

    def get(frame: Frame) -> Value:
        value = receiver(frame)
        if value.__class__ is Struct and field_name in value.fields:
            return value.fields[field_name]
        if optional and (value is None or value.__class__ is Struct):
            return None
        try:
            return field(value, field_name)
        except RuffError as error:
            raise placed(error, span) from None

    return get


def index_get(translator: Translator, node: tree.IndexGet) -> Closure:
    """``a[i]``."""
    receiver = translator.held(node.receiver, [node.index])
    key_of = translator.expression(node.index)
    span = node.span

    def get(frame: Frame) -> Value:
        container = receiver(frame)
        key = key_of(frame)
        if key.__class__ is int and container.__class__ is Array:
            items = container.items
            size = len(items)
            if -size <= key < size:
                return items[key]
        try:
            return index(container, key)
        except RuffError as error:
            raise placed(error, span) from None

    return get


def try_operator(translator: Translator, node: tree.Try) -> Closure:
    """``e?``: unwraps Ok and Some; Err and None leave the function."""
    translator.has_try = True
    operand = translator.expression(node.operand)
    span = node.span

    def unwrap(frame: Frame) -> Value:
        value = operand(frame)
        if value.__class__ is ResultValue:
            if value.tag == "Ok" or value.tag == "Some":
                return value.value
            raise EarlyReturn(value)
        raise RuffError("Try operator requires Result or Option", span)

    return unwrap


def thrown(value: Value, span: Span) -> RuffError:
    """The error that ``throw(value)`` raises."""
    error = RuffError("", span)
    if value.__class__ is str:
        error.message = value
    elif value.__class__ is Struct:
        message = value.fields.get("message")
        error.message = message if message.__class__ is str else f"{value.name} error"
        if "cause" in value.fields:
            error.cause = value.fields["cause"]
            error.has_cause = True
    else:
        error.message = assert_text(value)
    error.args = (error.message,)
    return error


def throw(translator: Translator, node: tree.Throw) -> Closure:
    """``throw(e)``."""
    inner = translator.owned(node.value)
    span = node.span

    def raise_error(frame: Frame) -> Value:
        raise thrown(inner(frame), span)

    return raise_error


def await_value(translator: Translator, node: tree.Await) -> Closure:
    """``await p``: the value of a promise; anything else as it is."""
    inner = translator.expression(node.value)
    state, span = translator.state, node.span

    def wait(frame: Frame) -> Value:
        value = inner(frame)
        if value.__class__ is not Promise:
            return value
        from pagoda.languages.ruff.library.promises import settled

        state.frame, state.span = frame, span
        try:
            return settled(state, value)
        except RuffError as error:
            if error.span is None:
                error.span = span
            raise

    return wait


def misplaced_yield(translator: Translator, node: tree.Yield) -> Closure:
    """``yield`` outside a generator function; inside one, :mod:`generators` takes it away."""
    span = node.span

    def fail(frame: Frame) -> Value:
        raise RuffError("yield can only be used inside a generator function", span)

    return fail


def misplaced_spread(translator: Translator, node: tree.Spread) -> Closure:
    """The parser lets ``...`` stand only in literals, which handle it."""
    raise AssertionError("spread outside a literal")


EXPRESSIONS.update(
    {
        tree.IntLiteral: constant,
        tree.FloatLiteral: constant,
        tree.StringLiteral: constant,
        tree.BoolLiteral: constant,
        tree.NullLiteral: null,
        tree.Interpolation: interpolation,
        tree.Name: name,
        tree.ArrayLiteral: array,
        tree.DictLiteral: dictionary,
        tree.Spread: misplaced_spread,
        tree.StructLiteral: struct,
        tree.EnumValue: enum_value,
        tree.ResultValue: result_value,
        tree.Binary: binary,
        tree.Unary: unary,
        tree.Logical: logical,
        tree.FieldGet: field_get,
        tree.IndexGet: index_get,
        tree.Try: try_operator,
        tree.Throw: throw,
        tree.Await: await_value,
        tree.Yield: misplaced_yield,
    }
)
