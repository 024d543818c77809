"""The operators of Ruff over values: arithmetic, comparison, truth, indexing, iteration, with their exact error texts.

These are the definitions. Storeys may take short cuts for common kinds but must agree with these functions. Operator
overloading is not here (it calls guest functions): a storey tries the overload of a struct operand first.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import ge, gt, le, lt

from pagoda.languages.ruff.attention import STEP, look
from pagoda.languages.ruff.display import float_text, operator_type_name
from pagoda.languages.ruff.errors import RuffError
from pagoda.languages.ruff.values import (
    INT_MAX,
    INT_MIN,
    Array,
    Builtin,
    Bytes,
    Dict,
    GuestFunction,
    Queue,
    ResultValue,
    Set,
    Stack,
    Struct,
    Tagged,
    Value,
    canonical_key,
)

TYPE_CHECKING = False  # typing takes long to import
if TYPE_CHECKING:
    from typing import Any

EPSILON = 2.220446049250313e-16

OVERLOADS = {
    "+": "op_add",
    "-": "op_sub",
    "*": "op_mul",
    "/": "op_div",
    "%": "op_mod",
    "==": "op_eq",
    "!=": "op_ne",
    "<": "op_lt",
    ">": "op_gt",
    "<=": "op_le",
    ">=": "op_ge",
}
UNARY_OVERLOADS = {"-": "op_neg", "!": "op_not"}


def invalid_binary(operator: str, left: Value, right: Value) -> RuffError:
    """The error for operand kinds that an operator does not take."""
    return RuffError(f"Invalid binary operation: {operator_type_name(left)} {operator} {operator_type_name(right)}")


def _is_number(value: Value) -> bool:
    return value.__class__ is int or value.__class__ is float


def checked(result: int, left: int, operator: str, right: int) -> int:
    """The int result, if it fits i64."""
    if INT_MIN <= result <= INT_MAX:
        return result
    raise RuffError(f"Integer overflow: {left} {operator} {right}")


def add(left: Value, right: Value) -> Value:
    """``left + right``: numbers, or two strings."""
    if left.__class__ is int and right.__class__ is int:
        return checked(left + right, left, "+", right)
    if _is_number(left) and _is_number(right):
        return float(left) + float(right)
    if left.__class__ is str and right.__class__ is str:
        return left + right
    raise invalid_binary("+", left, right)


def subtract(left: Value, right: Value) -> Value:
    """``left - right``."""
    if left.__class__ is int and right.__class__ is int:
        return checked(left - right, left, "-", right)
    if _is_number(left) and _is_number(right):
        return float(left) - float(right)
    raise invalid_binary("-", left, right)


def multiply(left: Value, right: Value) -> Value:
    """``left * right``."""
    if left.__class__ is int and right.__class__ is int:
        return checked(left * right, left, "*", right)
    if _is_number(left) and _is_number(right):
        return float(left) * float(right)
    raise invalid_binary("*", left, right)


def divide(left: Value, right: Value) -> Value:
    """``left / right``: ints truncate toward zero."""
    if left.__class__ is int and right.__class__ is int:
        if right == 0:
            raise RuffError("Division by zero")
        quotient = abs(left) // abs(right)
        return checked(quotient if (left < 0) == (right < 0) else -quotient, left, "/", right)
    if _is_number(left) and _is_number(right):
        if right == 0:
            raise RuffError("Division by zero")
        return float(left) / float(right)
    raise invalid_binary("/", left, right)


def modulo(left: Value, right: Value) -> Value:
    """``left % right``: the sign of the dividend."""
    if left.__class__ is int and right.__class__ is int:
        if right == 0:
            raise RuffError("Modulo by zero")
        if left == INT_MIN and right == -1:
            raise RuffError(f"Integer overflow: {left} % {right}")
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder
    if _is_number(left) and _is_number(right):
        if right == 0:
            raise RuffError("Modulo by zero")
        return math.nan if math.isinf(left) else math.fmod(left, right)
    raise invalid_binary("%", left, right)


def equal(left: Value, right: Value) -> bool:
    """``left == right``: deep, false across kinds except int and float; floats within an epsilon of each other are equal."""
    kind = left.__class__
    if kind is int or kind is float:
        other = right.__class__
        if kind is int and other is int:
            return bool(left == right)
        if other is int or other is float:
            a, b = float(left), float(right)
            return a == b or abs(a - b) < EPSILON
        return False
    if kind is not right.__class__:
        return False
    if left is right:
        # a NaN inside would differ from itself, but only containers can hold one, and those are walked
        if kind not in _PAIRS:
            return True
    if kind is str or kind is bool:
        return bool(left == right)
    if kind in _PAIRS:
        return _equal_deeply(left, right)
    return left is right or (isinstance(left, GuestFunction) and bool(left == right))  # one storey makes them anew


def _equal_deeply(left: Value, right: Value) -> bool:
    """Compares nested values of one kind without recursion, so any depth compares."""
    waiting = [(left, right)]
    steps = STEP
    while waiting:
        a, b = waiting.pop()
        steps -= 1
        if steps < 0:
            steps = STEP
            look()
        if a.__class__ is b.__class__ and a.__class__ in _PAIRS:
            pairs = _PAIRS[a.__class__](a, b)
            if pairs is None:
                return False
            waiting += pairs
        elif not equal(a, b):
            return False
    return True


def _list_pairs(left: list[Value], right: list[Value]) -> list[tuple[Any, Any]] | None:
    return list(zip(left, right, strict=True)) if len(left) == len(right) else None


def _map_pairs(left: dict[Any, Value], right: dict[Any, Value]) -> list[tuple[Any, Any]] | None:
    if left.keys() != right.keys():
        return None
    return [(value, right[key]) for key, value in left.items()]


def _when(condition: bool, pairs: list[tuple[Any, Any]] | None) -> list[tuple[Any, Any]] | None:
    return pairs if condition else None


_PAIRS: dict[type, Callable[[Any, Any], list[tuple[Any, Any]] | None]] = {
    Array: lambda a, b: _list_pairs(a.items, b.items),
    Dict: lambda a, b: _map_pairs(a.entries, b.entries),
    Struct: lambda a, b: _when(a.name == b.name, _map_pairs(a.fields, b.fields)),
    Tagged: lambda a, b: _when(a.enum == b.enum and a.tag == b.tag, _list_pairs(a.payload, b.payload)),
    ResultValue: lambda a, b: _when(a.tag == b.tag, [(a.value, b.value)]),
    Bytes: lambda a, b: _when(a.data == b.data, []),
    Set: lambda a, b: _when(a.members.keys() == b.members.keys(), []),
    Queue: lambda a, b: _list_pairs(a.items, b.items),
    Stack: lambda a, b: _list_pairs(a.items, b.items),
    Builtin: lambda a, b: _when(a.name == b.name, []),
}
"""For each nested kind: the pairs of parts that must be equal, or ``None`` where the values differ already."""


def not_equal(left: Value, right: Value) -> bool:
    """``left != right``: the complement of ``==``."""
    return not equal(left, right)


def _ordering(operator: str, compare: Callable[[Value, Value], bool]) -> Callable[[Value, Value], bool]:
    def order(left: Value, right: Value) -> bool:
        if _is_number(left) and _is_number(right):
            if left.__class__ is right.__class__:
                return compare(left, right)
            return compare(float(left), float(right))
        if left.__class__ is str and right.__class__ is str:
            return compare(left, right)
        raise invalid_binary(operator, left, right)

    return order


BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
    "==": equal,
    "!=": not_equal,
    "<": _ordering("<", lt),
    "<=": _ordering("<=", le),
    ">": _ordering(">", gt),
    ">=": _ordering(">=", ge),
}
"""The meaning of each binary operator, apart from overloads."""


def negate(value: Value) -> Value:
    """``-value``."""
    if value.__class__ is int:
        if value == INT_MIN:
            raise RuffError(f"Integer overflow: -({value})")
        return -value
    if value.__class__ is float:
        return -value
    raise RuffError(f"Invalid unary operation: - {operator_type_name(value)}")


def invert(value: Value) -> bool:
    """``!value``, for bools only."""
    if value.__class__ is bool:
        return not value
    raise RuffError(f"Invalid unary operation: ! {operator_type_name(value)}")


def truthy(value: Value) -> bool:
    """Whether a condition holds: false, null, zero, and empty strings, arrays and dicts do not."""
    kind = value.__class__
    if kind is Array:
        return bool(value.items)
    if kind is Dict:
        return bool(value.entries)
    if kind is bool or kind is int or kind is float or kind is str:
        return bool(value)
    return value is not None


def index(container: Value, key: Value) -> Value:
    """``container[key]``."""
    kind = container.__class__
    if kind is Array or kind is str:
        items = container.items if kind is Array else container
        if key.__class__ is int:
            position = key
        elif key.__class__ is float and math.isfinite(key):
            position = int(key)
        else:
            raise RuffError("Invalid index operation")
        size = len(items)
        if -size <= position < size:
            return items[position]
        raise RuffError(f"Index out of bounds: {position}")
    if kind is Dict:
        if key.__class__ is not str and key.__class__ is not int:
            raise RuffError("Invalid index operation")
        try:
            return container.entries[canonical_key(key)]
        except KeyError:
            raise missing_key(key) from None
    if kind is Bytes and key.__class__ is int:
        if -len(container.data) <= key < len(container.data):
            return container.data[key]
        raise RuffError(f"Index out of bounds: {key}")
    raise RuffError("Invalid index operation")


def missing_key(key: int | str) -> RuffError:
    """The error for a dict without that key."""
    return RuffError(f'Missing map key: "{key}"' if key.__class__ is str else f"Missing map key: {key}")


def set_index(container: Value, key: Value, value: Value) -> None:
    """``container[key] := value`` in place; the caller owns the container."""
    if container.__class__ is Array:
        if key.__class__ is float and math.isfinite(key):
            key = int(key)
        if key.__class__ is not int:
            raise RuffError("Invalid index assignment")
        size = len(container.items)
        if not -size <= key < size:
            raise RuffError(f"Index out of bounds: {key}")
        container.items[key] = value
    elif container.__class__ is Dict:
        container.entries[dict_key(key, "Invalid index assignment")] = value
    else:
        raise RuffError("Invalid index assignment")


def dict_key(key: Value, message: str = "Dict keys must be strings") -> int | str:
    """The canonical dict key for a guest value, or the error: strings, ints, and floats by their text."""
    if key.__class__ is str or key.__class__ is int:
        return canonical_key(key)
    if key.__class__ is float:
        return canonical_key(float_text(key))
    raise RuffError(message)


def field(receiver: Value, name: str) -> Value:
    """``receiver.name``: a struct's field, a dict's entry (null where missing), or ``$0`` of a payload."""
    kind = receiver.__class__
    if kind is Struct:
        try:
            return receiver.fields[name]
        except KeyError:
            raise RuffError(f"Field not found: {name}") from None
    if kind is Dict:
        return receiver.entries.get(name)
    raise RuffError(f"Cannot access field or method '{name}' on non-struct value")


def set_field(receiver: Value, name: str, value: Value) -> None:
    """``receiver.name := value`` in place; the caller owns the receiver."""
    if receiver.__class__ is Struct:
        receiver.fields[name] = value
    elif receiver.__class__ is Dict:
        receiver.entries[name] = value
    else:
        raise RuffError(f"Cannot access field or method '{name}' on non-struct value")


def iteration_items(value: Value) -> list[Value] | range | str | None:
    """What ``for`` walks over, as a snapshot; ``None`` for a value that is not one of the plain iterables."""
    kind = value.__class__
    if kind is Array:
        items: list[Value] = value.items[:]
        return items
    if kind is int:
        return range(value)
    if kind is float:
        return range(int(value)) if math.isfinite(value) else range(0)
    if kind is str:
        return str(value)
    if kind is Dict:
        return [str(key) for key in value.entries]
    if kind is Bytes:
        return list(value.data)
    if kind is Set:
        return list(value.members.values())
    return None
